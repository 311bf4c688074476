"""A job summary in Markdown: files with their scores, findings with the gravest first, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from hypecheck.render import audit, category_name, count, excerpt, gravest_first, place, tally
from hypecheck.render.plain import visible
from hypecheck.types import NOTICE, SEVERITIES, Failure, Finding, Report, ToolLine

BUDGET = 1_000_000
"""Bytes. GitHub refuses a summary of more than 1,024 KiB for a step as a whole; the rest is for headings."""

_SHARES = {"failures": 0.1, "notes": 0.05, "files": 0.2, "findings": 0.6}
"""Of the budget. A run of ten thousand files must not push its findings out."""

_MARKUP = re.compile(r"[!#$)*+.:=@\[\\\]_`|~-]")
"""Characters that could begin an emphasis, a link (bare addresses too), an image, code, a formula, a cell, a block."""

_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def render(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, *, colour: bool = False) -> str:  # noqa: ARG001
    """GitHub-flavoured Markdown of at most BUDGET bytes; what had no room is counted. Foreign text stays text."""
    lines = ["## hypecheck", "", _escape(tally(reports, failures)), ""]
    if failures:
        lines += ["### Not analysed", ""]
        lines += _fit((f"- {_escape(visible(failure.message))}" for failure in failures), "failures", len(failures))
        lines.append("")
    if reports:
        lines += ["| Score | High | Medium | Low | File |", "| --: | --: | --: | --: | :-- |"]
        highest_first = sorted(reports, key=lambda report: -report.score)
        lines += _fit(map(_file_row, highest_first), "files", len(reports))
        lines.append("")
    lines += _findings(reports)
    notes = [f"- {_escape(f'{_path(report)}: {visible(note)}')}" for report in reports for note in report.notes]
    if notes:
        lines += ["### Notes", "", *_fit(notes, "notes", len(notes)), ""]
    lines += [_escape(audit(tool)), "", NOTICE]
    return "\n".join(lines) + "\n"


def _findings(reports: Sequence[Report]) -> Iterator[str]:
    pairs = gravest_first(reports)
    if not pairs:
        return
    yield "| Severity | Sure | Finding | Words | Place | Instead |"
    yield "| :-- | :-- | :-- | :-- | :-- | :-- |"
    yield from _fit((_finding_row(report, finding) for report, finding in pairs), "findings", len(pairs))
    yield ""


def _file_row(report: Report) -> str:
    counts = [sum(finding.severity == name for finding in report.findings) for name in reversed(SEVERITIES)]
    return f"| {report.score:.0f} | {counts[0]} | {counts[1]} | {counts[2]} | {_escape(_path(report))} |"


def _finding_row(report: Report, finding: Finding) -> str:
    cells = (
        finding.severity,
        "yes" if finding.gated else "worth a look",
        f"{category_name(finding.category)} ({finding.score:.2f})",
        f"“{excerpt(finding.text)}”",
        f"{_path(report)}:{finding.line}:{finding.column}",
        visible(finding.rewrite),
    )
    return f"| {' | '.join(_escape(cell) for cell in cells)} |"


def _path(report: Report) -> str:
    return visible(place(report.path))


def _fit(rows: Iterable[str], share: str, total: int) -> Iterator[str]:
    """The rows that have room, then how many have not. A table ends at the blank line."""
    room = BUDGET * _SHARES[share]
    for number, row in enumerate(rows):
        room -= len(row.encode("utf-8")) + 1
        if room < 0:
            yield ""
            yield f"{count(total - number, 'more row')} without room here."
            return
        yield row


def _escape(text: str) -> str:
    """A line of text as Markdown that shows it letter for letter, but for white space around it."""
    return _MARKUP.sub(r"\\\g<0>", re.sub("[&<>]", lambda match: _REFERENCES[match[0]], text.strip()))
