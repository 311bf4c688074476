"""GitLab Code Quality: a JSON array that a merge request shows beside the changed lines."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hypecheck.render import audit, category_name, excerpt, place
from hypecheck.render.plain import visible
from hypecheck.types import NOTICE, Failure, Finding, Report, ToolLine

_SEVERITY = {"low": "minor", "medium": "major", "high": "critical"}


def render(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, *, colour: bool = False) -> str:  # noqa: ARG001
    """An issue for each finding and each failure.

    Severity: high critical, medium major, low minor; not sure enough to fail a run info; a file that was
    not analysed blocker. GitLab compares issues by fingerprint and drops a second one with the same, so
    each holds the path, the finding's own fingerprint and a running number among equals: it outlives moved
    lines and is unique in the report. Lines and columns are 1-based, columns code points, the end
    exclusive. The format has no place for the audit line but in each issue's `content`.
    """
    content = {"body": f"{audit(tool)}; {NOTICE}"}
    issues = [issue for report in reports for issue in _issues(report)] + [_failure(failure) for failure in failures]
    seen: Counter[str] = Counter()
    for issue in issues:
        identity = issue["fingerprint"]
        issue["fingerprint"] = hashlib.sha256(f"{identity}\0{seen[identity]}".encode()).hexdigest()
        issue["content"] = content
        seen[identity] += 1
    return json.dumps(issues, allow_nan=False) + "\n"


def _issues(report: Report) -> Iterator[dict[str, Any]]:
    path = place(report.path)
    for finding in report.findings:
        yield {
            "type": "issue",
            "check_name": finding.category,
            "description": f"{category_name(finding.category)}: “{excerpt(finding.text)}”. {visible(finding.message)}",
            "categories": ["Clarity"],
            "severity": _SEVERITY[finding.severity] if finding.gated else "info",
            "fingerprint": f"{path}\0{finding.fingerprint}",
            "location": _location(path, finding),
        }


def _location(path: str, finding: Finding) -> dict[str, Any]:
    return {
        "path": path,
        "lines": {"begin": finding.line, "end": finding.end_line},
        "positions": {
            "begin": {"line": finding.line, "column": finding.column},
            "end": {"line": finding.end_line, "column": finding.end_column},
        },
    }


def _failure(failure: Failure) -> dict[str, Any]:
    path = place(failure.path)
    return {
        "type": "issue",
        "check_name": "not-analysed",
        "description": f"not analysed: {visible(failure.message)}",
        "categories": ["Clarity"],
        "severity": "blocker",
        "fingerprint": f"{path}\0not analysed",
        "location": {"path": path, "lines": {"begin": 1}, "positions": {"begin": {"line": 1, "column": 1}}},
    }
