"""GitHub annotations: workflow commands that a run prints, one a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypecheck.render import LEVELS, Level, audit, category_name, count, excerpt, gravest_first, level, place, tally
from hypecheck.render.plain import visible
from hypecheck.types import NOTICE, Failure, Finding, Report, ToolLine

SHOWN = 10
"""Annotations of one level that GitHub keeps of a step; the others it drops without a word.
From "Limitations" in docs/problem-matchers.md of github.com/actions/toolkit, which adds 50 a job."""

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}


def render(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, *, colour: bool = False) -> str:  # noqa: ARG001
    """The gravest findings of each level (`hypecheck.render.level`), and a closing notice.

    At most SHOWN of a level, failures first among the errors; the notice tells how many are not shown, the totals
    and the audit line, and is itself one of the notices. Lines and columns are 1-based code points; columns stand
    only where a finding keeps to one line, as GitHub asks. A control or an invisible character in a path is written
    as an escape, and GitHub then shows the annotation beside the run and not in the file.
    """
    chosen: dict[Level, list[str]] = {name: [] for name in LEVELS}
    room: dict[Level, int] = {"error": SHOWN, "warning": SHOWN, "note": SHOWN - 1}
    for failure in failures[:SHOWN]:
        message = f"not analysed: {visible(failure.message)}"
        chosen["error"].append(_command("error", [("file", place(failure.path)), ("title", "not analysed")], message))
    hidden = max(0, len(failures) - SHOWN)
    for report, finding in gravest_first(reports):
        name = level(finding)
        if len(chosen[name]) < room[name]:
            chosen[name].append(_annotation(report, finding, name))
        else:
            hidden += 1
    lines = [line for name in LEVELS for line in chosen[name]]
    lines.append(_command("note", [("title", tool.name)], "\n".join(_closing(reports, failures, tool, hidden))))
    return "\n".join(lines) + "\n"


def _annotation(report: Report, finding: Finding, name: Level) -> str:
    values: list[tuple[str, object]] = [
        ("file", place(report.path)),
        ("line", finding.line),
        ("endLine", finding.end_line),
    ]
    if finding.line == finding.end_line:
        values += [("col", finding.column), ("endColumn", finding.end_column)]
    values.append(("title", f"{category_name(finding.category)} ({finding.score:.2f})"))
    return _command(
        name,
        values,
        f"“{excerpt(finding.text)}”: {visible(finding.message)}\nInstead: {visible(finding.rewrite)}",
    )


def _closing(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, hidden: int) -> Iterator[str]:
    yield tally(reports, failures)
    if hidden:
        yield f"{count(hidden, 'more annotation')}: GitHub shows {SHOWN} of a level for a step; the job summary has all"
    yield audit(tool)
    yield NOTICE


def _command(name: Level, properties: Sequence[tuple[str, object]], message: str) -> str:
    """A workflow command; each line of the message must be visible text."""
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties)
    return f"::{_COMMANDS[name]} {written}::{_data(message)}"


def _data(text: str) -> str:
    """Escaped as the runner reads the text behind the second pair of colons."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escaped as the runner reads a property; then controls too, since a terminal may show the line."""
    return visible(_data(text).replace(":", "%3A").replace(",", "%2C"))
