"""One JSON object a line and a document, for corpora: lines can be cut, joined and searched one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypecheck.types import NOTICE, Failure, Report, ToolLine


def render(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, *, colour: bool = False) -> str:  # noqa: ARG001
    """A line for each report, then one for each failure, as docs/wire-schema.md tells; "" where there is neither.

    Each line has the audit line in it and is ASCII, since some readers take U+2028 for the end of a line.
    """
    head = {"version": 1, "tool": tool.to_dict(), "notice": NOTICE}
    lines: list[dict[str, Any]] = [{"kind": "report", **head, **report.to_dict()} for report in reports]
    lines += [{"kind": "error", **head, "path": failure.path, "message": failure.message} for failure in failures]
    return "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines)
