"""Outputs: a format is a module here and a row in RENDERERS; each is a pure function of reports.

Below the rows stands what several formats say alike: levels, paths, phrases, totals, the audit line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Literal

from hypecheck.render.plain import visible
from hypecheck.types import SEVERITIES, Failure, Finding, Report, ToolLine


def _render_text(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, colour: bool) -> str:
    from hypecheck.render import text

    return text.render(reports, failures, tool, colour=colour)


def _render_json(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, _colour: bool) -> str:
    from hypecheck.render import json

    return json.render(reports, failures, tool)


def _render_jsonl(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, _colour: bool) -> str:
    from hypecheck.render import jsonl

    return jsonl.render(reports, failures, tool)


def _render_sarif(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, _colour: bool) -> str:
    from hypecheck.render import sarif

    return sarif.render(reports, failures, tool)


def _render_github(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, _colour: bool) -> str:
    from hypecheck.render import github

    return github.render(reports, failures, tool)


def _render_summary(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, _colour: bool) -> str:
    from hypecheck.render import summary

    return summary.render(reports, failures, tool)


def _render_gitlab(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, _colour: bool) -> str:
    from hypecheck.render import gitlab

    return gitlab.render(reports, failures, tool)


def _render_rdjson(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, _colour: bool) -> str:
    from hypecheck.render import rdjson

    return rdjson.render(reports, failures, tool)


def _render_html(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, colour: bool) -> str:
    from hypecheck.render import html

    return html.render(reports, failures, tool, colour=colour)


RENDERERS: dict[str, Callable[[Sequence[Report], Sequence[Failure], ToolLine, bool], str]] = {
    "text": _render_text,
    "json": _render_json,
    "jsonl": _render_jsonl,
    "sarif": _render_sarif,
    "github": _render_github,
    "markdown": _render_summary,
    "gitlab": _render_gitlab,
    "rdjson": _render_rdjson,
    "html": _render_html,
}
"""Format name to a function of reports, failures, the audit line and whether colour may be used."""


Level = Literal["error", "warning", "note"]
LEVELS: tuple[Level, ...] = ("error", "warning", "note")
"""Gravest first."""

EXCERPT = 70
"""Characters shown of either end of a long phrase; a whole article may be one sentence."""


def level(finding: Finding) -> Level:
    """The level of a finding where a format has three of them.

    error: high and sure enough to fail a run, which is what fails one by default. warning: medium
    and sure enough, or a high finding about the document as a whole, which alone fails nothing.
    note: all others, whatever their severity, because they are "worth a look" and no more.
    """
    if not finding.gated or finding.severity == "low":
        return "note"
    return "error" if finding.severity == "high" and finding.subtype != "document" else "warning"


def gravest_first(reports: Sequence[Report]) -> list[tuple[Report, Finding]]:
    """All findings by level, severity and score; equal ones as they stand in the documents."""
    pairs = [(report, finding) for report in reports for finding in report.findings]
    return sorted(
        pairs, key=lambda pair: (LEVELS.index(level(pair[1])), -SEVERITIES.index(pair[1].severity), -pair[1].score)
    )


def place(path: str) -> str:
    """The path as annotations name a file: forward slashes, no "./" before it, "text" where there is none.

    A byte that was no UTF-8 (a lone surrogate) is written as an escape: strict readers of JSON refuse it raw.
    """
    return PurePath(path).as_posix().encode("utf-8", "backslashreplace").decode("utf-8") if path else "text"


def excerpt(text: str) -> str:
    """A phrase on one line and safe to show; a long one is cut in its middle."""
    line = " ".join(text.split())
    if len(line) > 2 * EXCERPT:
        line = f"{line[:EXCERPT]} … {line[-EXCERPT:]}"
    return visible(line)


def tally(reports: Sequence[Report], failures: Sequence[Failure]) -> str:
    """How many files, findings and failures there are, and the highest score."""
    gated = sum(finding.gated for report in reports for finding in report.findings)
    found = count(sum(len(report.findings) for report in reports), "finding")
    return ", ".join(
        [
            f"{count(len(reports), 'file')} checked",
            found + (f" ({gated} sure enough to fail a run)" if gated else ""),
            f"highest score {max((report.score for report in reports), default=0.0):.0f} of 100",
            *([f"{count(len(failures), 'file')} not analysed"] if failures else []),
        ]
    )


def audit(tool: ToolLine) -> str:
    """What judged the texts, on one line: version, digests and dates."""
    as_of, known = (day.isoformat() if day else "none" for day in (tool.as_of, tool.record_as_of))
    return (
        f"{tool.name} {tool.version}, model {visible(tool.model)} {tool.model_sha256[:12]}, "
        f"settings {tool.settings_sha256[:12]}, as of {as_of}, record as of {known}"
    )


def count(number: int, noun: str) -> str:
    """The number with its noun, in the plural where it wants one."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def category_name(category: str) -> str:
    """What people call a category; the id itself where it has no document."""
    from hypecheck.categories import load_categories

    known = load_categories().get(category)
    return known.name if known else visible(category)


def category_page(category: str) -> str | None:
    """A public page about the care that a category asks for: its first standard that addresses everyone
    and was read at an official address, else the first with an address, else None.
    """
    from hypecheck.categories import load_categories, load_standards

    known = load_categories().get(category)
    standards = [load_standards()[key] for key in known.standards] if known else []
    pages = [standard for standard in standards if standard.url]
    pages.sort(key=lambda standard: standard.binds != ("everyone",))
    return pages[0].url if pages else None
