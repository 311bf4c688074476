"""Reviewdog's diagnostic format: one JSON object, columns in UTF-8 bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from hypecheck.render import Level, audit, category_name, category_page, excerpt, level, place
from hypecheck.render.plain import visible
from hypecheck.types import NOTICE, Failure, Report, ToolLine

_SEVERITY: dict[Level, str] = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


def render(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, *, colour: bool = False) -> str:  # noqa: ARG001
    """A diagnostic for each finding and each failure; severities as `hypecheck.render.level` has them.

    Lines and columns are 1-based; a column counts UTF-8 bytes of its line (without a byte-order mark), the end
    is exclusive. Reviewdog refuses fields that it does not know, so the audit line stands in `original_output`.
    Nothing is suggested: a rewrite has places to fill in.
    """
    said = f"{audit(tool)}; {NOTICE}"
    diagnostics = [diagnostic for report in reports for diagnostic in _diagnostics(report, said)]
    diagnostics += [_failure(failure, said) for failure in failures]
    return json.dumps({"source": {"name": tool.name}, "diagnostics": diagnostics}, allow_nan=False) + "\n"


def _diagnostics(report: Report, said: str) -> Iterator[dict[str, Any]]:
    columns = byte_columns(report)
    path = place(report.path)
    for finding in report.findings:
        page = category_page(finding.category)
        yield {
            "message": f"{category_name(finding.category)} ({finding.score:.2f}): “{excerpt(finding.text)}”. "
            f"{visible(finding.message)} Instead: {visible(finding.rewrite)}",
            "location": {
                "path": path,
                "range": {
                    "start": {"line": finding.line, "column": columns[finding.start]},
                    "end": {"line": finding.end_line, "column": columns[finding.end]},
                },
            },
            "severity": _SEVERITY[level(finding)],
            "code": {"value": finding.category, **({"url": page} if page else {})},
            "original_output": said,
        }


def _failure(failure: Failure, said: str) -> dict[str, Any]:
    return {
        "message": f"not analysed: {visible(failure.message)}",
        "location": {"path": place(failure.path)},
        "severity": "ERROR",
        "code": {"value": "not-analysed"},
        "original_output": said,
    }


def byte_columns(report: Report) -> dict[int, int]:
    """The 1-based UTF-8 byte column of every place where a finding of the report starts or ends."""
    line_starts = {finding.start: finding.start - finding.column + 1 for finding in report.findings}
    line_starts |= {finding.end: finding.end - finding.end_column + 1 for finding in report.findings}
    columns: dict[int, int] = {}
    at, column = 0, 1
    # In order of position, so that each character is counted once: an article may be one line of megabytes.
    for position, line_start in sorted(line_starts.items()):
        if line_start > at:
            at, column = line_start, 1
        column += len(report.source[at:position].encode("utf-8", "surrogatepass"))
        at = position
        columns[position] = column
    return columns
