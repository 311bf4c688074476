"""`hypecheck check` and `hypecheck score`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypecheck.cli.baseline import new_findings
from hypecheck.cli.common import (
    Exit,
    as_of_option,
    complain,
    judging_options,
    model_option,
    print_lines,
    record_option,
    report_format_option,
)
from hypecheck.cli.files import check_paths
from hypecheck.gate import fails
from hypecheck.output import write_output
from hypecheck.types import FIELD_FORMATS, SEVERITIES, Report

if TYPE_CHECKING:
    from hypecheck.config import Settings


@click.command()
@click.argument("paths", nargs=-1)
@report_format_option
@click.option("--output", type=click.Path(dir_okay=False), help="Write the report to this file instead of stdout.")
@click.option(
    "--summary",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also append a Markdown summary to this file ($GITHUB_STEP_SUMMARY).",
)
@model_option
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    help="Exit 1 for a sure finding of this severity or a graver one.  [default: high]",
)
@click.option("--fail-score", type=click.FloatRange(0, 100), help="Exit 1 for a document of this score or more.")
@as_of_option
@record_option
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Leave out the findings that `hypecheck baseline` recorded here; only new ones are shown and fail.",
)
@click.option(
    "--diff-base",
    metavar="REF",
    help="Only findings on lines changed since the branch left this git ref; --fail-score judges whole documents.",
)
@click.option("--include", multiple=True, metavar="GLOB", help="In walked folders only what matches, as in .gitignore.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="In walked folders nothing that matches.")
@click.option("--field", multiple=True, metavar="NAME", help="The key or column to read of JSON, JSON Lines and CSV.")
@click.option("--field-format", type=click.Choice(FIELD_FORMATS), help="How its values are read.  [default: auto]")
@click.option("--stdin-filename", metavar="NAME", help="The name, and so the format, of what is read from stdin.")
@click.option("--allow-empty", is_flag=True, help="Exit 0 where no file matches.")
def check(
    paths: tuple[str, ...],
    output_format: str,
    output: str | None,
    summary: Path | None,
    model: str | None,
    fail_on: str | None,
    fail_score: float | None,
    as_of: str | None,
    record_file: Path | None,
    baseline: Path | None,
    diff_base: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    field: tuple[str, ...],
    field_format: str | None,
    stdin_filename: str | None,
    allow_empty: bool,
) -> None:
    """Check files, folders, or - for standard input.

    Settings files (see hypecheck config) say the rest. Exit status: 0 nothing to fail, 1 findings that fail,
    2 something could not be checked.
    """
    from math import isnan

    from hypecheck.render import RENDERERS

    if fail_score is not None and isnan(fail_score):
        raise click.BadParameter("nan is no score; no document would reach it", param_hint="--fail-score")
    options = {
        **judging_options(model, as_of, record_file),
        "fail-on": fail_on,
        "fail-score": fail_score,
        "include": include or None,
        "exclude": exclude or None,
        "field": field or None,
        "field-format": field_format,
    }
    checked = check_paths(paths, options, stdin_filename=stdin_filename, diff_base=diff_base)
    reports = checked.reports if baseline is None else new_findings(checked.reports, baseline)
    colour = output is None and _wants_colour()
    write_output(RENDERERS[output_format](reports, checked.failures, checked.tool, colour), output)
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(RENDERERS["markdown"](reports, checked.failures, checked.tool, False))
    complain(checked.failures)
    empty = checked.empty and not allow_empty
    if empty:
        click.echo("hypecheck: no file to check; name one, or pass --allow-empty", err=True)
    if checked.failures or empty:
        sys.exit(Exit.ERROR)
    if any(_fails(report, own, baseline) for report, own in zip(reports, checked.settings, strict=True)):
        sys.exit(Exit.FINDINGS)


@click.command()
@click.argument("paths", nargs=-1, required=True)
@model_option
def score(paths: tuple[str, ...], model: str | None) -> None:
    """Print a table of document scores, a row a file."""
    from hypecheck.render.plain import visible

    checked = check_paths(paths, judging_options(model, "none", None))
    lines = ["score  high  medium   low  path"]
    for report in checked.reports:
        counts = [sum(finding.severity == level for finding in report.findings) for level in reversed(SEVERITIES)]
        lines.append(f"{report.score:5.1f}{counts[0]:6d}{counts[1]:8d}{counts[2]:6d}  {visible(report.path)}")
    print_lines(lines)
    complain(checked.failures)
    if checked.empty:
        click.echo("hypecheck: no file to score", err=True)
    if checked.failures or checked.empty:
        sys.exit(Exit.ERROR)


def _fails(report: Report, settings: Settings, baseline: Path | None) -> bool:
    """Beside a baseline the score, which is the whole document's, fails only where something is new."""
    floor = settings.fail_score if baseline is None or report.findings else None
    return fails(report, settings.fail_on, floor, missing_risk_fails=settings.missing_risk_fails)


def _wants_colour() -> bool:
    stdout = sys.stdout
    return (
        stdout is not None and stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
