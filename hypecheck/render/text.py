"""Findings for people: the words in their sentence, why, and what to write instead."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from hypecheck.categories import load_categories
from hypecheck.render import audit, tally
from hypecheck.render.plain import visible, width
from hypecheck.types import NOTICE, SEVERITIES, Evidence, Failure, Finding, Report, ToolLine

COLUMNS = 100
"""Longer lines are wrapped; a report is read in a pull request as often as on a wide screen."""

CONTEXT = 70
"""Characters of the text shown on either side of a phrase."""

SHOWN_CLEARED = 5
SHOWN_WORDS = 4
SHOWN_STANDARDS = 2

_SEVERITY_COLOUR = {"low": "36", "medium": "33", "high": "31"}


def render(reports: Sequence[Report], failures: Sequence[Failure], tool: ToolLine, *, colour: bool) -> str:
    """The reports one after the other, then a summary line and the audit line."""
    lines: list[str] = []
    for report in reports:
        lines += [*_report(report, colour), ""]
    for failure in failures:
        lines += [f"not analysed: {visible(failure.message)}", ""]
    lines += [tally(reports, failures), audit(tool)]
    lines.append(NOTICE)
    return "\n".join(lines) + "\n"


def _report(report: Report, colour: bool) -> Iterator[str]:
    counts = ", ".join(
        f"{sum(finding.severity == level for finding in report.findings)} {level}" for level in reversed(SEVERITIES)
    )
    path = visible(report.path) or "text"
    yield _paint(f"{path}: score {report.score:.0f} of 100 ({counts})", "1", colour)
    for note in report.notes:
        yield f"  note: {visible(note)}"
    gated = [finding for finding in report.findings if finding.gated]
    others = [finding for finding in report.findings if not finding.gated]
    explained: set[tuple[str, str | None]] = set()
    for title, findings in (("sure enough to fail a run", gated), ("worth a look", others)):
        if findings:
            yield ""
            yield _paint(f"  {title} ({len(findings)})", "1", colour)
            for finding in sorted(findings, key=lambda f: -SEVERITIES.index(f.severity)):
                yield ""
                kind = (finding.category, finding.subtype)
                yield from _finding(report, finding, path, colour, explain=kind not in explained)
                explained.add(kind)
    if report.cleared:
        yield ""
        yield "  cleared"
        for cleared in report.cleared[:SHOWN_CLEARED]:
            yield f"    {path}:{cleared.line}:{cleared.column}  “{visible(cleared.text)}”: {visible(cleared.reason)}"
        if len(report.cleared) > SHOWN_CLEARED:
            yield f"    and {len(report.cleared) - SHOWN_CLEARED} more"
    missing = [item.item for item in report.checklist if item.status == "absent"]
    if missing:
        yield ""
        yield f"  not spoken of: {', '.join(missing)} (a checklist, no part of the score)"


def _finding(report: Report, finding: Finding, path: str, colour: bool, *, explain: bool) -> Iterator[str]:
    """A finding; the advice of its category stands with the first of its kind only."""
    category = load_categories()[finding.category]
    kind = f"{finding.category}.{finding.subtype}" if finding.subtype else finding.category
    level = _paint(finding.severity, _SEVERITY_COLOUR[finding.severity], colour)
    yield f"  {path}:{finding.line}:{finding.column}  {level}  {category.name} [{kind}]  {finding.score:.2f}"
    before, phrase, after = _window(report.source, finding)
    if colour:
        yield f"    {before}\x1b[4;{_SEVERITY_COLOUR[finding.severity]}m{phrase}\x1b[0m{after}"
    else:
        yield f"    {before}{phrase}{after}"
        if width(phrase) <= COLUMNS:
            yield f"    {' ' * width(before)}{'^' * max(1, width(phrase))}"
    if explain:
        yield from _labelled("why", finding.message)
    words = _because(finding.evidence)
    if words and finding.category != "missing-risk":
        yield from _labelled("because", words)
    for row in finding.evidence:
        if row.kind == "note":
            yield from _labelled("note", row.text)
    if not explain:
        return
    yield from _labelled("instead", finding.rewrite)
    if finding.standards:
        yield from _labelled("standard", "; ".join(finding.standards[:SHOWN_STANDARDS]))


def _window(source: str, finding: Finding) -> tuple[str, str, str]:
    """The phrase between some words of its line; a long phrase is cut in the middle."""
    start, end = finding.start, finding.end
    # One character more than is shown tells whether there is more; a whole line may be the whole article.
    before = re.split("[\n\r]", source[max(0, start - CONTEXT - 1) : start])[-1]
    after = re.split("[\n\r]", source[end : end + CONTEXT + 1])[0]
    if len(before) > CONTEXT:
        before = "…" + before[-CONTEXT:].partition(" ")[2]
    if len(after) > CONTEXT:
        after = after[:CONTEXT].rpartition(" ")[0] + "…"
    phrase = " ".join(source[start:end].split()) if "\n" in source[start:end] else source[start:end]
    if len(phrase) > 2 * CONTEXT:
        phrase = f"{phrase[:CONTEXT]} … {phrase[-CONTEXT:]}"
    return visible(before), visible(phrase), visible(after)


def _because(evidence: Sequence[Evidence]) -> str:
    """The words that raised the score most; marks weigh too, and tell a reader nothing."""
    words = [row for row in evidence if row.kind == "word" and (row.weight or 0.0) >= 0.05 and row.text[:1].isalnum()]
    return ", ".join(f"“{visible(row.text)}” {row.weight:+.1f}" for row in words[:SHOWN_WORDS])


def _labelled(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        visible(" ".join(text.split())),
        COLUMNS,
        initial_indent=f"    {label + ':':<10}",
        subsequent_indent=" " * 14,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
