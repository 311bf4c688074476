"""Outputs: a format is a module here and a row in RENDERERS; each is a pure function of reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypecheck.types import Failure, Report, ToolLine


def _render_text(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, colour: bool) -> str:
    from hypecheck.render import text

    return text.render(reports, failures, tool, colour=colour)


def _render_json(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, _colour: bool) -> str:
    from hypecheck.render import json

    return json.render(reports, failures, tool)


RENDERERS: dict[str, Callable[[Sequence[Report], Sequence[Failure], ToolLine, bool], str]] = {
    "text": _render_text,
    "json": _render_json,
}
"""Format name to a function of reports, failures, the audit line and whether colour may be used."""
