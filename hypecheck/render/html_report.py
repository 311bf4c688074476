"""What is said about one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypecheck.categories import load_categories
from hypecheck.offsets import LineIndex
from hypecheck.render.html_article import show_article
from hypecheck.render.html_elements import Html, clip, element, escape, fold, join, quote, table
from hypecheck.render.html_findings import cite, parts, render_findings
from hypecheck.render.html_marks import CODES
from hypecheck.types import SEVERITIES, Finding, Report, Severity

LEVELS: tuple[Severity, ...] = tuple(reversed(SEVERITIES))
"""The gravest first: what a reader looks for."""

_SIGNS = {"present": "✓", "absent": "✗", "not applicable": "–"}


def render_report(report: Report, number: int) -> Html:
    """The document as an article of the page; `number` counts from 1 and makes its ids."""
    return element(
        "article",
        element("h2", f"{number}. ", element("bdi", report.path or "text"), id=f"r{number}-name"),
        _headline(report),
        *(element("p", f"Note: {' '.join(note.split())}", class_="note") for note in report.notes),
        _reading(report, number),
        _score(report),
        _cleared(report),
        _checklist(report),
        _suppressed(report),
        id=f"r{number}",
        class_="report",
        aria_labelledby=f"r{number}-name",
    )


def count_levels(findings: Sequence[Finding]) -> str:
    """How many findings of each severity, the gravest first."""
    return ", ".join(f"{sum(f.severity == level for f in findings)} {level}" for level in LEVELS)


def _headline(report: Report) -> Html:
    sure = sum(finding.gated for finding in report.findings)
    written = report.written.isoformat() if report.written else "not stated"
    return join(
        [
            element(
                "p",
                element("strong", f"{report.score:.0f}"),
                " of 100 ",
                element("meter", min=0, max=100, value=f"{report.score:.1f}", aria_label="document score"),
                f" {count_levels(report.findings)}; {sure} sure enough to fail a run",
                class_="score",
            ),
            element("p", f"Written: {written}. 0 is careful, 100 is blatant.", class_="facts"),
        ]
    )


def _reading(report: Report, number: int) -> Html:
    shown = show_article(report, number) if report.source else element("p", "There is no text.")
    found = render_findings(report.findings, number) if report.findings else element("p", "Nothing was found.")
    return element(
        "div",
        element("div", element("h3", "The text"), shown, class_="text"),
        element("div", element("h3", f"Findings ({len(report.findings)})"), found, class_="found"),
        class_="reading",
    )


def _score(report: Report) -> Html:
    """A row a category: how many findings, what they add, and the highest probability in the document."""
    added: dict[str, float] = {}
    findings: dict[str, list[Finding]] = {}
    for finding, part in zip(report.findings, parts(report.findings), strict=True):
        added[finding.category] = added.get(finding.category, 0.0) + part
        findings.setdefault(finding.category, []).append(finding)
    rows = [
        (
            f"{CODES[category]} {load_categories()[category].name}",
            count_levels(findings[category]) if category in findings else "none",
            f"{added.get(category, 0.0):.2f}",
            f"{report.category_scores.get(category, 0.0):.2f}",
        )
        for category in CODES
        if category in findings or category in report.category_scores
    ]
    rows.append(("phrases too unsure to show", "", f"{report.faint:.2f}", ""))
    rows.append(("all", count_levels(report.findings), f"{sum(added.values()) + report.faint:.2f}", ""))
    return element(
        "section",
        element("h3", "The score and its parts"),
        element(
            "p",
            "A finding adds the weight of its severity (low 1, medium 2, high 4) times its probability; missing-risk "
            "counts once. Phrases too unsure to show add twice their probability. The score grows with the sum and "
            "shrinks with the sentences that have no finding.",
        ),
        table(
            ("Category", "Findings", "Added", "Highest probability"), rows, f"Score {report.score:.1f} of 100, in parts"
        ),
    )


def _cleared(report: Report) -> Html:
    if not report.cleared:
        return Html()
    rows = (
        element(
            "li", quote(item.text),
            f" (line {item.line}, column {item.column}, {load_categories()[item.category].name}): {fold(item.reason)}",
        )
        for item in report.cleared
    )  # fmt: skip
    return element("section", element("h3", f"Cleared ({len(report.cleared)})"), element("ul", *rows))


def _checklist(report: Report) -> Html:
    if not report.checklist:
        return Html()
    index = LineIndex(report.source)
    rows = []
    for item in report.checklist:
        place = "" if item.start is None else f" (line {index.place(item.start)[0]})"
        shown = join([quote(item.text), place]) if item.text else escape("")
        status = f"{_SIGNS[item.status]} {item.status}"
        rows.append((item.question, status, shown, join([cite(name) for name in item.standards], "; ")))
    return element(
        "section",
        element("h3", "Checklist"),
        table(("Question", "Spoken of", "Where", "Asked by"), rows, "No part of the score"),
    )


def _suppressed(report: Report) -> Html:
    if not report.suppressed:
        return Html()
    rows = (element("li", *_suppression(finding)) for finding in report.suppressed)
    return element("section", element("h3", f"Suppressed ({len(report.suppressed)})"), element("ul", *rows))


def _suppression(finding: Finding) -> Iterator[str]:
    yield quote(clip(finding.text))
    yield f" (line {finding.line}, column {finding.column}, {finding.severity}): "
    yield load_categories()[finding.category].name
    # The directive's line and reason are the last thing that is said of a suppressed finding.
    if finding.evidence and finding.evidence[-1].text.startswith("suppressed "):
        yield f"; {finding.evidence[-1].text}"
