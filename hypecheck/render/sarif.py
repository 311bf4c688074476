"""SARIF 2.1.0: one run, for code scanning and for every viewer of the format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from hypecheck.categories import Category, Standard, load_categories, load_standards
from hypecheck.render import Level, category_name, category_page, excerpt, level
from hypecheck.render.plain import visible
from hypecheck.types import NOTICE, Failure, Finding, Report, Severity, ToolLine

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

FINGERPRINT = "hypecheck/v1"
"""Key of a finding's own fingerprint, which holds no line, span or path."""

_NOTIFICATIONS = {
    "not-analysed": ("File not analysed.", "A file could not be read or judged, which is never a pass."),
    "file-note": ("Note on a file.", "What was passed over in a file, or a directive in it that has no effect."),
}
"""Identifier to a short and a full description; the validator of code scanning wants both."""

_DEFAULT_LEVEL: dict[Severity, Level] = {"low": "note", "medium": "warning", "high": "error"}

_PROBLEM: dict[Severity, str] = {"low": "recommendation", "medium": "warning", "high": "error"}
"""What code scanning calls the severity of a rule that is not about security."""


def render(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, *, colour: bool = False) -> str:  # noqa: ARG001
    """A log with one run, ASCII on one line.

    `level` is as `hypecheck.render.level` has it: a high finding that is sure enough to fail a run is an error,
    a medium one a warning, all others are notes. `rank` is the score times 100. Lines and columns are 1-based,
    columns code points, `endColumn` exclusive. Suppressed findings stand among the results with their suppression,
    and as notes, because some consumers count a suppressed error as an error. Where a baseline was asked, every
    result has its `baselineState`, and what the baseline knows stands among them, suppressed from outside.
    A file that was not analysed makes `executionSuccessful` false and is a notification; the notes of a report are
    notifications too. The audit line and the notice are properties of the run. Cleared phrases and the checklist
    are no results, because consumers would show them as alerts; the JSON format has them.
    """
    by_path = {report.path: report for report in reports}
    files = {path: number for number, path in enumerate(by_path)}
    rules = {category: number for number, category in enumerate(_rule_ids(reports))}
    run = {
        "tool": {"driver": _driver(tool, rules)},
        "invocations": [
            {
                "executionSuccessful": not failures,
                "toolExecutionNotifications": [*map(_failure, failures), *_notes(reports)],
            }
        ],
        "artifacts": [_artifact(report) for report in by_path.values()],
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [result for report in reports for result in _results(report, files[report.path], rules)],
        "properties": {"tool": tool.to_dict(), "notice": NOTICE},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, allow_nan=False) + "\n"


def artifact_uri(path: str) -> str:
    """The path as a URI reference: forward slashes, UTF-8 percent-encoded, relative unless the path is absolute."""
    if not path:
        return "text"
    pure = PurePath(path)
    try:
        # A byte of a file's name that is no UTF-8 reaches Python as a lone surrogate; this gives the byte again.
        data = pure.as_posix().encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = pure.as_posix().encode("utf-8", "surrogatepass")
    if pure.is_absolute():
        return "file:///" + quote(data.lstrip(b"/"), safe="/:")
    return quote(data, safe="/")


def _rule_ids(reports: Sequence[Report]) -> list[str]:
    found = (
        finding.category
        for report in reports
        for finding in (*report.findings, *report.suppressed, *(report.known or ()))
    )
    return list(dict.fromkeys([*load_categories(), *found]))


def _driver(tool: ToolLine, rules: Mapping[str, int]) -> dict[str, Any]:
    known = load_categories()
    return {
        "name": tool.name,
        "version": tool.version,
        "semanticVersion": tool.version,
        "rules": [_rule(known[category]) if category in known else {"id": category} for category in rules],
        "notifications": [_descriptor(id, short, full) for id, (short, full) in _NOTIFICATIONS.items()],
    }


def _descriptor(id: str, short: str, full: str) -> dict[str, Any]:
    name = "".join(word.capitalize() for word in id.split("-"))
    return {
        "id": id,
        "name": name,
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {"text": full},
    }


def _rule(category: Category) -> dict[str, Any]:
    page = category_page(category.id)
    return {
        **_descriptor(category.id, f"{category.name}.", _message(category.definition)),
        **({"helpUri": page} if page else {}),
        "help": {"text": _message(" ".join(_help_text(category))), "markdown": "\n".join(_help_markdown(category))},
        "defaultConfiguration": {"level": _DEFAULT_LEVEL[category.severity]},
        "properties": {"tags": ["health", "overclaiming"], "problem.severity": _PROBLEM[category.severity]},
    }


def _help_text(category: Category) -> Iterator[str]:
    yield category.message
    yield category.why
    yield f"Instead: {category.rewrite}"
    yield from (f"{standard.citation}: {standard.note}" for standard in _standards(category))


def _help_markdown(category: Category) -> Iterator[str]:
    yield from (category.definition, "", category.why, "", f"**Instead:** {category.rewrite}", "")
    yield from ("Flagged:", "", *(f"- {text}" for text in category.flagged), "")
    yield from ("Left alone:", "", *(f"- {text} *({reason})*" for text, reason in category.left_alone), "")
    yield from ("Standards that ask for the same care; one may not bind the writer:", "")
    for standard in _standards(category):
        citation = f"[{standard.citation}]({standard.url})" if standard.url else standard.citation
        yield f"- {citation}: {standard.note}"
    yield from ("", f"*{NOTICE}*")


def _standards(category: Category) -> list[Standard]:
    known = load_standards()
    return [known[key] for key in category.standards]


def _artifact(report: Report) -> dict[str, Any]:
    return {
        "location": {"uri": artifact_uri(report.path)},
        "roles": ["analysisTarget"],
        "properties": {"score": round(report.score, 6), "written": report.written and report.written.isoformat()},
    }


def _results(report: Report, file: int, rules: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    uri = artifact_uri(report.path)
    compared = report.known is not None
    new = {"baselineState": "new"} if compared else {}
    for finding in report.findings:
        yield {**_result(finding, uri, file, rules), **new}
    for finding in report.known or ():
        yield {
            **_result(finding, uri, file, rules),
            "level": "note",
            "baselineState": "unchanged",
            "suppressions": [{"kind": "external", "justification": "known: the baseline records it"}],
        }
    # A baseline records no suppressed finding, so nothing is known of its past but that it is not new to the author.
    old = {"baselineState": "unchanged"} if compared else {}
    for finding in report.suppressed:
        yield {**_result(finding, uri, file, rules), **old, "level": "note", "suppressions": [_suppression(finding)]}


def _suppression(finding: Finding) -> dict[str, str]:
    """The last evidence of a suppressed finding is a note that says where and why, if there is one."""
    said = [row.text for row in finding.evidence[-1:] if row.kind == "note"]
    return {"kind": "inSource", **({"justification": visible(said[0])} if said else {})}


def _result(finding: Finding, uri: str, file: int, rules: Mapping[str, int]) -> dict[str, Any]:
    said = f"{category_name(finding.category)}: “{excerpt(finding.text)}”. {finding.message} Instead: {finding.rewrite}"
    return {
        "ruleId": finding.category,
        "ruleIndex": rules[finding.category],
        "level": level(finding),
        "rank": round(100 * finding.score, 4),
        "message": {"text": _message(said)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri, "index": file},
                    "region": {
                        "startLine": finding.line,
                        "startColumn": finding.column,
                        "endLine": finding.end_line,
                        "endColumn": finding.end_column,
                    },
                }
            }
        ],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {
            "subtype": finding.subtype,
            "severity": finding.severity,
            "gated": finding.gated,
            "standards": list(finding.standards),
        },
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return _notification("not-analysed", "error", failure.path, failure.message)


def _notes(reports: Sequence[Report]) -> Iterator[dict[str, Any]]:
    return (_notification("file-note", "note", report.path, note) for report in reports for note in report.notes)


def _notification(id: str, level: Level, path: str, text: str) -> dict[str, Any]:
    return {
        "descriptor": {"id": id, "index": list(_NOTIFICATIONS).index(id)},
        "level": level,
        "message": {"text": _message(text)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": artifact_uri(path)}}}],
    }


def _message(text: str) -> str:
    """The text as a message string, in which nothing from an article is a placeholder or a link.

    Braces are doubled (SARIF 2.1.0, 3.11.5), brackets escaped (3.11.6), and with them the backslashes before them.
    """
    escaped = re.sub(r"(\\*)([\[\]])", r"\1\1\\\2", visible(text))
    return escaped.replace("{", "{{").replace("}", "}}")
