"""The explanation of each finding: why, on what evidence, by which standards, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hypecheck.categories import load_categories
from hypecheck.checks.findings import SEVERITY_WEIGHT
from hypecheck.render.html_elements import Html, element, fold, join, quote, table
from hypecheck.render.html_marks import CODES, card_id, look, tag_id
from hypecheck.types import Evidence, Finding

_CITATION = re.compile(r"(?s:(?P<name>.+)) <(?P<url>https?://[^\s<>\"']+)>")


def render_findings(findings: Sequence[Finding], report: int) -> Html:
    """A card a finding, in the order of the text."""
    added = parts(findings)
    return element(
        "ol",
        *(
            _card(finding, report, number, part)
            for number, (finding, part) in enumerate(zip(findings, added, strict=True), 1)
        ),
        class_="cards",
    )


def parts(findings: Sequence[Finding]) -> list[float]:
    """What each finding adds to the sum behind the document score: severity weight times score.

    missing-risk counts once, by its heaviest finding; its others add 0.
    """
    weights = [SEVERITY_WEIGHT[finding.severity] * finding.score for finding in findings]
    absent = [at for at, finding in enumerate(findings) if finding.category == "missing-risk"]
    heaviest = max(absent, key=lambda at: weights[at], default=None)
    for at in absent:
        if at != heaviest:
            weights[at] = 0.0
    return weights


def cite(standard: str) -> Html:
    """A citation as a link to its official page where it names one."""
    match = _CITATION.fullmatch(standard)
    if match is None:
        return join([standard])
    return element("a", match["name"], href=match["url"], rel="noreferrer noopener")


def _card(finding: Finding, report: int, number: int, part: float) -> Html:
    category = load_categories()[finding.category]
    kind = f"{finding.category}.{finding.subtype}" if finding.subtype else finding.category
    return element(
        "li",
        element(
            "h4",
            element("span", f"{number} {CODES[finding.category]}", class_=f"tag {look(finding)}"),
            f" {category.name}",
        ),
        element(
            "p",
            element("strong", finding.severity),
            f" severity, {'sure enough to fail a run' if finding.gated else 'worth a look'}, "
            f"probability {finding.score:.2f}, {kind}, ",
            element(
                "a", f"line {finding.line}, column {finding.column}",
                element("span", f": finding {number} in the text", class_="unseen"), href=f"#{tag_id(report, number)}",
            ),
            class_="facts",
        ),
        element("blockquote", quote(finding.text)),
        element("dl", *_explain(finding, part)),
        _weigh(finding.evidence, number),
        class_=f"card {look(finding)}",
        id=card_id(report, number),
        tabindex="-1",
        data_category=finding.category,
        data_severity=finding.severity,
        data_sure="yes" if finding.gated else "no",
    )  # fmt: skip


def _explain(finding: Finding, part: float) -> Iterator[Html]:
    yield from _entry("Why", finding.message)
    yield from _entry("Instead", finding.rewrite)
    for row in finding.evidence:
        if row.kind == "note":
            yield from _entry("Note", row.text)
    if finding.standards:
        yield from _entry("Standards", element("ul", *(element("li", cite(name)) for name in finding.standards)))
    weight = SEVERITY_WEIGHT[finding.severity]
    once = "" if part else " (missing-risk counts once, by its heaviest finding)"
    yield from _entry("Adds", f"{weight:.0f} for {finding.severity} × {finding.score:.3f} = {part:.2f}{once}")


def _entry(term: str, description: str) -> Iterator[Html]:
    yield element("dt", term)
    yield element("dd", description if isinstance(description, Html) else " ".join(description.split()))


def _weigh(evidence: Sequence[Evidence], number: int) -> Html:
    """The weights as a table that is closed at first, and their sum, the decision value."""
    weighed = [(row, row.weight) for row in evidence if row.weight is not None]
    if not weighed:
        return Html()
    rows: list[tuple[str, str]] = [(_name(row), _signed(weight)) for row, weight in weighed]
    rows.append(("sum", _signed(sum(weight for _, weight in weighed))))
    return element(
        "details",
        element("summary", f"Evidence of finding {number}"),
        table(("What was read", "Log-odds"), rows, f"What raised and lowered finding {number}"),
    )


def _name(row: Evidence) -> str:
    if row.kind == "word":
        return quote(row.text)
    return fold(row.text) or "before any word is read"


def _signed(weight: float) -> str:
    # Adding zero turns a rounded -0.0 into 0.0.
    return f"{round(weight, 2) + 0.0:+.2f}"
