"""`hypecheck baseline`: record today's findings, so that a check fails on new ones only."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from hypecheck.cli.common import Exit, as_of_option, complain, judging_options, model_option, record_option
from hypecheck.cli.files import STDIN, check_paths
from hypecheck.output import write_output
from hypecheck.types import Report

DEFAULT = ".hypecheck-baseline.json"


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(DEFAULT),
    show_default=True,
    help="The baseline; files that are not checked now stay in it as they are.",
)
@click.option("--prune", "pruning", is_flag=True, help="Only take out what no longer occurs; record nothing new.")
@as_of_option
@record_option
@model_option
def baseline(
    paths: tuple[str, ...], output: Path, pruning: bool, as_of: str | None, record_file: Path | None, model: str | None
) -> None:
    """Record the findings of files and folders as known.

    By path, category and sentence, without lines, scores or time: a moved text keeps its identity.
    """
    from hypecheck.baseline import format_baseline, make_baseline, prune, read_baseline, renew

    if STDIN in paths:
        raise click.UsageError("a baseline is of files; standard input has no path")
    checked = check_paths(paths, judging_options(model, as_of, record_file))
    complain(checked.failures)
    if checked.empty:
        click.echo("hypecheck: no file to record", err=True)
    if checked.failures or checked.empty:
        click.echo(f"hypecheck: {output} is left as it was", err=True)
        sys.exit(Exit.ERROR)
    if pruning:
        kept = prune(read_baseline(output), checked.reports)
    else:
        kept = (
            renew(read_baseline(output), checked.reports) if output.exists() else make_baseline(checked.reports, output)
        )
    write_output(format_baseline(kept), str(output))
    count = sum(sum(counts.values()) for counts in kept.known.values())
    click.echo(f"hypecheck: {count} findings in {len(kept.known)} files are known: {output}", err=True)


def new_findings(reports: Sequence[Report], file: Path) -> tuple[Report, ...]:
    """The reports with only what the baseline does not know, and a note on what was left out."""
    from hypecheck.baseline import compare, read_baseline

    parted = compare(reports, read_baseline(file))
    return tuple(
        replace(
            report,
            findings=comparison.new,
            known=comparison.known,
            notes=(*report.notes, *([f"{len(comparison.known)} known findings left out"] if comparison.known else [])),
        )
        for report, comparison in zip(reports, parted, strict=True)
    )
