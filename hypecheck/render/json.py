"""One JSON object for all reports, version 1."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypecheck.types import NOTICE, Failure, Report, ToolLine


def render(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine) -> str:
    """The object as UTF-8 text with a newline at its end; a lone surrogate is escaped."""
    body = {
        "version": 1,
        "tool": tool.to_dict(),
        "reports": [report.to_dict() for report in reports],
        "errors": [{"path": failure.path, "message": failure.message} for failure in failures],
        "notice": NOTICE,
    }
    written = json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in written)
