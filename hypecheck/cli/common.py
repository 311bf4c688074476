"""What the commands share: options, exit statuses, and what they say on either stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypecheck.output import write_output
from hypecheck.render import RENDERERS
from hypecheck.types import Failure, HypecheckError

if TYPE_CHECKING:
    from datetime import date

    from hypecheck.checker import Checker
    from hypecheck.record.record import Record


class Exit(IntEnum):
    """What a run means to the caller: nothing to fail, findings that fail, could not be judged."""

    OK = 0
    FINDINGS = 1
    ERROR = 2


model_option = click.option(
    "--model",
    metavar="NAME|FOLDER",
    default=None,
    help="contextual (the default), linear, or the folder of a trained model.",
)

format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)


report_format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(list(RENDERERS)),
    default="text",
    show_default=True,
    help="text and html for people, json and jsonl for programs, sarif, github, gitlab and rdjson for code review, "
    "markdown for a job summary.",
)

as_of_option = click.option(
    "--as-of", metavar="DATE|none", help="The day of judgement as YYYY-MM-DD; today, unless given."
)

record_option = click.option(
    "--record",
    "record_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Your own regulatory record (YAML); it adds to the shipped one and overrides it.",
)


def judging_options(model: str | None, as_of: str | None, record_file: Path | None) -> dict[str, Any]:
    """What a run has one of, as the command line says it, by the keys of settings files."""
    if as_of is not None:
        day_of_judgement(as_of)
    return {"model": model, "as-of": as_of, "record": str(record_file) if record_file else None}


def make_checker(model: str | None, as_of: date | None, record_file: Path | None = None) -> Checker:
    """A checker with the shipped record, the user's own, and what was imported."""
    from hypecheck.checker import Checker

    record = load_given_record(record_file) if record_file or store_path().is_file() else None
    return Checker(model=model, as_of=as_of, record=record)


def load_given_record(record_file: Path | None) -> Record:
    """The shipped record with the user's own file and the imported store, where there are such."""
    from hypecheck.record.record import load_record

    store = store_path()
    return load_record(record_file, store if store.is_file() else None)


def store_path() -> Path:
    """Where `hypecheck record import` keeps what it read: the user's data directory."""
    from platformdirs import user_data_path

    return user_data_path("hypecheck", appauthor=False) / "record.sqlite"


def day_of_judgement(given: str | None) -> date | None:
    """The day that an option names; today where it names none. Nothing below the command line reads the clock."""
    from datetime import date

    if given is None:
        return date.today()
    try:
        return None if given == "none" else date.fromisoformat(given)
    except ValueError:
        message = f"{given!r} is neither a date (YYYY-MM-DD) nor none"
        raise click.BadParameter(message, param_hint="--as-of") from None


def print_lines(lines: Iterable[str]) -> None:
    """Lines for stdout."""
    write_output("\n".join(lines) + "\n", None)


def complain(failures: Sequence[Failure]) -> None:
    """Say on stderr which files were not analysed, and why."""
    tell(f"hypecheck: {failure.message}" for failure in failures)


def tell(lines: Iterable[str]) -> None:
    """Lines for stderr; a path or an argument may hold what a terminal must not be sent."""
    from hypecheck.render.plain import visible

    for line in lines:
        click.echo(visible(line), err=True)


@contextmanager
def needing_extra(extra: str) -> Iterator[None]:
    """Turn a missing package of an extra into an error that names the remedy."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in {"sklearn", "nltk", "numpy", "scipy", "threadpoolctl", "torch", "transformers", "onnx"}:
            raise HypecheckError(f'{missing} is not installed: pip install "hypecheck[{extra}]"') from error
        raise
