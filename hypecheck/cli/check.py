"""`hypecheck check` and `hypecheck score`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from hypecheck.cli.common import (
    Exit,
    complain,
    day_of_judgement,
    format_option,
    make_checker,
    model_option,
    print_lines,
    record_option,
)
from hypecheck.gate import fails
from hypecheck.output import write_output
from hypecheck.types import SEVERITIES, Failure, HypecheckError, Report

if TYPE_CHECKING:
    from pathlib import Path

    from hypecheck.checker import Checker

STDIN = "-"


@click.command()
@click.argument("paths", nargs=-1)
@format_option
@click.option("--output", type=click.Path(dir_okay=False), help="Write the report to this file instead of stdout.")
@model_option
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="high",
    show_default=True,
    help="Exit 1 for a sure finding of this severity or a graver one.",
)
@click.option("--fail-score", type=click.FloatRange(0, 100), help="Exit 1 for a document of this score or more.")
@click.option("--as-of", metavar="DATE|none", help="The day of judgement as YYYY-MM-DD; today, unless given.")
@record_option
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
    record_file: Path | None,
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
    checker = make_checker(model, day_of_judgement(as_of), record_file)
    results, empty = _check_paths(checker, paths, stdin_filename)
    reports = [result for result in results if isinstance(result, Report)]
    failures = [result for result in results if isinstance(result, Failure)]
    written = RENDERERS[output_format](reports, failures, checker.tool, output is None and _wants_colour())
    write_output(written, output)
    complain(failures)
    if empty and not allow_empty:
        click.echo("hypecheck: no file to check; name one, or pass --allow-empty", err=True)
    if failures or (empty and not allow_empty):
        sys.exit(Exit.ERROR)
    if any(fails(report, fail_on, fail_score) for report in reports):
        sys.exit(Exit.FINDINGS)


@click.command()
@click.argument("paths", nargs=-1, required=True)
@model_option
def score(paths: tuple[str, ...], model: str | None) -> None:
    """Print a table of document scores, a row a file."""
    from hypecheck.render.plain import visible

    results, empty = _check_paths(make_checker(model, None), paths, None)
    rows = [result for result in results if isinstance(result, Report)]
    lines = ["score  high  medium   low  path"]
    for report in rows:
        counts = [sum(finding.severity == level for finding in report.findings) for level in reversed(SEVERITIES)]
        lines.append(f"{report.score:5.1f}{counts[0]:6d}{counts[1]:8d}{counts[2]:6d}  {visible(report.path)}")
    print_lines(lines)
    failures = [result for result in results if isinstance(result, Failure)]
    complain(failures)
    if empty:
        click.echo("hypecheck: no file to score", err=True)
    if failures or empty:
        sys.exit(Exit.ERROR)


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
