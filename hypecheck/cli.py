"""The command line. What a command needs is imported when it runs, so that --help and a small check start fast."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypecheck.gate import fails
from hypecheck.output import write_output
from hypecheck.types import SEVERITIES, CorpusError, Failure, HypecheckError, Report
from hypecheck.version import __version__

if TYPE_CHECKING:
    from datetime import date

    from hypecheck.checker import Checker

STDIN = "-"


class Exit(IntEnum):
    """What a run means to the caller: nothing to fail, findings that fail, could not be judged."""

    OK = 0
    FINDINGS = 1
    ERROR = 2


_model = click.option(
    "--model",
    metavar="NAME|FOLDER",
    default=None,
    help="contextual (the default), linear, or the folder of a trained model.",
)

_format = click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hypecheck")
def app() -> None:
    """Find overclaiming in health text: which words, which kind, how sure, what to write instead."""


@app.command()
@click.argument("paths", nargs=-1)
@_format
@click.option("--output", type=click.Path(dir_okay=False), help="Write the report to this file instead of stdout.")
@_model
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="high",
    show_default=True,
    help="Exit 1 for a sure finding of this severity or a graver one.",
)
@click.option("--fail-score", type=click.FloatRange(0, 100), help="Exit 1 for a document of this score or more.")
@click.option("--as-of", metavar="DATE|none", help="The day of judgement as YYYY-MM-DD; today, unless given.")
@click.option("--stdin-filename", metavar="NAME", help="The name, and so the format, of what is read from stdin.")
@click.option("--allow-empty", is_flag=True, help="Exit 0 where no file matches.")
def check(
    paths: tuple[str, ...],
    output_format: str,
    output: str | None,
    model: str | None,
    fail_on: str,
    fail_score: float | None,
    as_of: str | None,
    stdin_filename: str | None,
    allow_empty: bool,
) -> None:
    """Check files, folders, or - for standard input.

    Exit status: 0 nothing to fail, 1 findings that fail, 2 something could not be checked.
    """
    from math import isnan

    from hypecheck.render import RENDERERS

    if fail_score is not None and isnan(fail_score):
        raise click.BadParameter("nan is no score; no document would reach it", param_hint="--fail-score")
    checker = _checker(model, _day_of_judgement(as_of))
    results, empty = _check_paths(checker, paths, stdin_filename)
    reports = [result for result in results if isinstance(result, Report)]
    failures = [result for result in results if isinstance(result, Failure)]
    written = RENDERERS[output_format](reports, failures, checker.tool, output is None and _wants_colour())
    write_output(written, output)
    _complain(failures)
    if empty and not allow_empty:
        click.echo("hypecheck: no file to check; name one, or pass --allow-empty", err=True)
    if failures or (empty and not allow_empty):
        sys.exit(Exit.ERROR)
    if any(fails(report, fail_on, fail_score) for report in reports):
        sys.exit(Exit.FINDINGS)


@app.command()
@click.argument("paths", nargs=-1, required=True)
@_model
def score(paths: tuple[str, ...], model: str | None) -> None:
    """Print a table of document scores, a row a file."""
    from hypecheck.render.plain import visible

    results, empty = _check_paths(_checker(model, None), paths, None)
    rows = [result for result in results if isinstance(result, Report)]
    lines = ["score  high  medium   low  path"]
    for report in rows:
        counts = [sum(finding.severity == level for finding in report.findings) for level in reversed(SEVERITIES)]
        lines.append(f"{report.score:5.1f}{counts[0]:6d}{counts[1]:8d}{counts[2]:6d}  {visible(report.path)}")
    _print(lines)
    failures = [result for result in results if isinstance(result, Failure)]
    _complain(failures)
    if empty:
        click.echo("hypecheck: no file to score", err=True)
    if failures or empty:
        sys.exit(Exit.ERROR)


@app.command()
@click.argument("category", required=False)
def explain(category: str | None) -> None:
    """Explain a category: what it finds, what it leaves alone, what to write instead."""
    from difflib import get_close_matches

    from hypecheck.categories import load_categories, load_standards

    categories, standards = load_categories(), load_standards()
    if category is None:
        _print(f"{known.id:<24}{known.name}" for known in categories.values())
        return
    if category not in categories:
        close = get_close_matches(category, categories)
        hint = f"did you mean {' or '.join(close)}?" if close else "hypecheck explain lists them all"
        raise click.UsageError(f"there is no category {category!r}; {hint}")
    lines = [categories[category].body.rstrip(), "", "## Standards", ""]
    for key in categories[category].standards:
        standard = standards[key]
        lines.append(f"- {standard.citation}" + (f" <{standard.url}>" if standard.url else "") + f": {standard.note}")
    _print(lines)


@app.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--real",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the texts that the standoff labels of DIR/real belong to.",
)
@click.option(
    "--model",
    "kind",
    type=click.Choice(["linear", "contextual"]),
    default="linear",
    show_default=True,
    help="What to train.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that the model is written to; models/linear or models/contextual, unless given.",
)
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the encoder to tune, where its package is not installed. For contextual.",
)
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".training"),
    show_default=True,
    help="Where checkpoints are kept, so that a stopped run goes on. For contextual.",
)
def train(folder: Path, real: Path | None, kind: str, out: Path | None, base: Path | None, work: Path) -> None:
    """Train a model on the annotated documents of DIR."""
    import json

    def say(line: str) -> None:
        click.echo(line, err=True)

    out = out or Path("models") / kind
    if kind == "linear":
        with _needing_extra("train"):
            from hypecheck.train.fit import train as fit

            manifest = fit(folder, out, real=real, say=say)
    else:
        with _needing_extra("train-contextual"):
            from hypecheck.train.contextual import train_contextual

            manifest = train_contextual(folder, out, real=real, base=base, work=work, say=say)
    _print([json.dumps(manifest["metrics"], indent=1)])


@app.command()
@click.argument("gold")
@_model
@_format
def evaluate(gold: str, model: str | None, output_format: str) -> None:
    """Measure findings against annotated documents: GOLD is a pair's prefix or a folder of pairs."""
    import json

    checker = _checker(model, None)
    with _needing_extra("train"):
        from hypecheck.train.evaluate import evaluate as measure

        evaluation = measure(gold, checker)
    shown = json.dumps(evaluation.to_dict(), indent=1) + "\n" if output_format == "json" else evaluation.to_text()
    _print([shown.removesuffix("\n")])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every error of ours is one line on stderr and exit 2."""
    try:
        app.main(args=arguments, prog_name="hypecheck", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("hypecheck: interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        _tell(shown.getvalue().rstrip("\n").split("\n"))
        sys.exit(Exit.ERROR)
    except CorpusError as error:
        _tell(f"hypecheck: {line}" for line in str(error).split("\n"))
        sys.exit(Exit.ERROR)
    except (HypecheckError, OSError) as error:
        _tell([f"hypecheck: {error}"])
        sys.exit(Exit.ERROR)
    except Exception:
        from traceback import print_exc

        # Python itself would exit 1, which here means findings.
        print_exc()
        sys.exit(Exit.ERROR)


def _checker(model: str | None, as_of: date | None) -> Checker:
    from hypecheck.checker import Checker

    return Checker(model=model, as_of=as_of)


def _day_of_judgement(given: str | None) -> date | None:
    """The only place that reads the clock."""
    from datetime import date

    if given is None:
        return date.today()
    try:
        return None if given == "none" else date.fromisoformat(given)
    except ValueError:
        message = f"{given!r} is neither a date (YYYY-MM-DD) nor none"
        raise click.BadParameter(message, param_hint="--as-of") from None


def _check_paths(
    checker: Checker, paths: tuple[str, ...], stdin_filename: str | None
) -> tuple[list[Report | Failure], bool]:
    """A result a file, in order, and whether there was no file at all."""
    from hypecheck.read import FORMATS_BY_SUFFIX
    from hypecheck.walk import select_files

    if not paths:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError("name files or folders to check, or - for standard input")
        paths = (STDIN,)
    selection = select_files(paths, FORMATS_BY_SUFFIX)
    results: list[Report | Failure] = []
    for file in selection.files:
        results += [_check_stdin(checker, stdin_filename)] if file == STDIN else checker.check_files([file])
    if selection.passed_over:
        click.echo(f"hypecheck: {selection.passed_over} files of other kinds passed over", err=True)
    return results, not selection.files


def _check_stdin(checker: Checker, name: str | None) -> Report | Failure:
    path = name or "<stdin>"
    try:
        if sys.stdin is None:
            raise OSError("it is closed")
        data = sys.stdin.buffer.read(checker.settings.max_bytes + 1)
    except OSError as error:
        return Failure(path, f"{path}: cannot be read: {error.strerror or error}")
    try:
        return checker.check_bytes(data, path)
    except HypecheckError as error:
        return Failure(path, str(error))


def _wants_colour() -> bool:
    stdout = sys.stdout
    return (
        stdout is not None and stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def _print(lines: Iterable[str]) -> None:
    write_output("\n".join(lines) + "\n", None)


def _complain(failures: Sequence[Failure]) -> None:
    _tell(f"hypecheck: {failure.message}" for failure in failures)


def _tell(lines: Iterable[str]) -> None:
    """Lines for stderr; a path or an argument may hold what a terminal must not be sent."""
    from hypecheck.render.plain import visible

    for line in lines:
        click.echo(visible(line), err=True)


@contextmanager
def _needing_extra(extra: str) -> Iterator[None]:
    """Turn a missing package of an extra into an error that names the remedy."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in {"sklearn", "nltk", "numpy", "scipy", "threadpoolctl", "torch", "transformers", "onnx"}:
            raise HypecheckError(f'{missing} is not installed: pip install "hypecheck[{extra}]"') from error
        raise
