"""From paths to reports: which files are meant, which settings hold for each, and what a checker says of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypecheck.cli.common import day_of_judgement, make_checker, tell
from hypecheck.cli.config import by_settings_file, run_settings
from hypecheck.types import Failure, HypecheckError, Report, ToolLine

if TYPE_CHECKING:
    from datetime import date

    from hypecheck.changes import Lines
    from hypecheck.checker import Checker
    from hypecheck.config import Settings
    from hypecheck.discovery import SettingsFinder

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Checked:
    """Reports, each with its settings, and failures, in the order of their files; `empty` where no file was meant."""

    reports: tuple[Report, ...]
    settings: tuple[Settings, ...]
    failures: tuple[Failure, ...]
    empty: bool
    tool: ToolLine


def check_paths(
    paths: tuple[str, ...],
    options: Mapping[str, Any],
    *,
    stdin_filename: str | None = None,
    diff_base: str | None = None,
) -> Checked:
    """Check what the paths mean, standard input where there are none.

    `options` are what the command line says, by the keys of settings files; they override those. With
    `diff_base` only files with changed lines are read, and only findings on those lines are kept.
    """
    from hypecheck.config import run_digest
    from hypecheck.discovery import SettingsFinder

    finder = SettingsFinder(options)
    files = _select(paths, finder)
    names = [stdin_filename or "." if file == STDIN else file for file in files]
    run = run_settings(finder, names)
    settings = [finder.effective(name)[0] for name in names]
    base = make_checker(run.model, _day(run.as_of), Path(run.record) if run.record else None)
    checkers: dict[Settings, Checker] = {each: base.with_settings(each) for each in settings}
    changed = _changed(files, diff_base)
    reports: list[tuple[Report, Settings]] = []
    failures: list[Failure] = []
    for file, own in zip(files, settings, strict=True):
        if changed is not None and not changed[file]:
            continue
        checker = checkers[own]
        results = [_check_stdin(checker, stdin_filename)] if file == STDIN else checker.check_files([file])
        for result in results:
            if isinstance(result, Failure):
                failures.append(result)
            else:
                reports.append((_on_changed_lines(result, changed), own))
    tool = replace(base.tool, settings_sha256=run_digest(checkers or [run]))
    return Checked(
        tuple(report for report, _ in reports), tuple(own for _, own in reports), tuple(failures), not files, tool
    )


def _select(paths: tuple[str, ...], finder: SettingsFinder) -> list[str]:
    from hypecheck.changes import ignored_paths
    from hypecheck.read import FORMATS_BY_SUFFIX, RECORD_SUFFIXES
    from hypecheck.walk import select_files

    if not paths:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError("name files or folders to check, or - for standard input")
        paths = (STDIN,)
    files: dict[str, None] = {}
    for folder, settings, group in by_settings_file(finder, paths):
        suffixes = [*FORMATS_BY_SUFFIX, *(RECORD_SUFFIXES if settings.field else ())]
        selection = select_files(
            group,
            suffixes,
            include=settings.include,
            exclude=settings.exclude,
            base=str(folder),
            ignored=ignored_paths,
        )
        files.update(dict.fromkeys(selection.files))
        tell(f"hypecheck: {note}" for note in (*selection.notes, selection.summary) if note)
    return list(files)


def _changed(files: list[str], diff_base: str | None) -> Mapping[str, Lines] | None:
    if diff_base is None or not files:
        return None
    from hypecheck.changes import changed_lines, describe_changes

    changed = changed_lines(".", diff_base, files)
    tell([f"hypecheck: {describe_changes(changed, diff_base)}"])
    return changed


def _on_changed_lines(report: Report, changed: Mapping[str, Lines] | None) -> Report:
    if changed is None:
        return report
    from hypecheck.changes import keep_changed

    return keep_changed(report, changed)


def _day(as_of: date | str | None) -> date | None:
    """The day of judgement as settings say it; where nobody names one, today."""
    return day_of_judgement(None if as_of is None else str(as_of))


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
