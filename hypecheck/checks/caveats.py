"""missing-risk: a benefit is claimed and no concrete harm of the intervention is named.

Two classifiers of sentences decide, benefit claim and named harm. A heading about safety or a
reassurance is no caveat, because the harm classifier learnt from sentences that name one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypecheck.score.decoding import Reading, RiskRule, risk_features
from hypecheck.score.features import Line
from hypecheck.score.model import Model
from hypecheck.score.spans import logistic
from hypecheck.types import Document, Evidence, Severity

DOCUMENT_THRESHOLD = 0.5
"""Log-odds of zero: the side on which the fitted decision puts the document."""

SHORTEST = 40
"""Words. A shorter text (a headline, a caption) claims without room for a caveat."""

QUOTED = 90
"""Characters of a sentence that are quoted in evidence."""

CLAIM_ODDS = 1.0
"""Log-odds at which a sentence counts as a benefit claim of a passage (about three in four)."""

CAVEAT_ODDS = -1.5
"""Log-odds from which a sentence may name a harm or a limit; low, so that a doubt clears the passage."""

PASSAGE_CLAIMS = 3
"""The guidelines ask for two; with three a passage is a list of benefits and no passing remark."""

REACH = 3
"""Sentences on either side in which a harm or limit clears a passage, as the taxonomy has it."""


@dataclass(frozen=True, slots=True)
class RiskFinding:
    """A place where a caveat is missing: the line it is anchored on, and why."""

    subtype: str
    line: int
    score: float
    severity: Severity
    evidence: tuple[Evidence, ...]


def document_risk(model: Model, lines: Sequence[Line], reading: Reading) -> tuple[float, int]:
    """The probability that the document lacks a caveat, and the line of its strongest benefit claim."""
    if not lines:
        return 0.0, -1
    odds = reading.roles
    claim = max(range(len(lines)), key=lambda i: odds[i]["benefit-claim"])
    return logistic(model.decoding.risk.decision(*risk_features(odds))), claim


def claims_benefit(reading: Reading) -> bool:
    """Whether any sentence says that an intervention helps, more likely than not."""
    return any(row["benefit-claim"] >= 0 for row in reading.roles)


def find_missing_risk(document: Document, model: Model, lines: Sequence[Line], reading: Reading) -> list[RiskFinding]:
    """The document finding or, where a harm is named somewhere, the passages without one."""
    if sum(len(line.tokens) for line in lines) < SHORTEST:
        return []
    score, claim = document_risk(model, lines, reading)
    if score >= DOCUMENT_THRESHOLD:
        harm = max(range(len(lines)), key=lambda i: reading.roles[i]["risk-statement"])
        rule = model.decoding.risk
        evidence = (
            *model.explain_role(lines, reading, claim, "benefit-claim", rule.benefit, "in the benefit claim"),
            *model.explain_role(lines, reading, harm, "risk-statement", rule.harm, "in what comes nearest to a harm"),
            Evidence("context", "harms in all sentences together", rule.harms * risk_features(reading.roles)[2]),
            Evidence("intercept", "before any sentence is read", rule.intercept),
            *_bound(rule, risk_features(reading.roles)),
            Evidence("note", f"what comes nearest to a named harm: “{_opening(lines[harm])}”"),
        )
        return [RiskFinding("document", claim, score, "high", evidence)]
    return list(_find_passages(document, lines, reading.roles))


def _bound(rule: RiskRule, features: tuple[float, float, float]) -> tuple[Evidence, ...]:
    """What the bound takes away, so that the weights sum to the decision value."""
    taken = rule.decision(*features) - rule.sum(*features)
    return (Evidence("context", "no surer than the benefit claim", taken),) if taken else ()


def _opening(line: Line) -> str:
    text = line.sentence.text
    return text if len(text) <= QUOTED else text[:QUOTED].rpartition(" ")[0] + " …"


def _find_passages(
    document: Document, lines: Sequence[Line], odds: Sequence[dict[str, float]]
) -> Iterator[RiskFinding]:
    for first, last in _passages(document, lines):
        claims = [i for i in range(first, last + 1) if odds[i]["benefit-claim"] >= CLAIM_ODDS]
        near = odds[max(0, first - REACH) : last + 1 + REACH]
        caveat = max(max(row["risk-statement"], row["limitation"]) for row in near)
        if len(claims) >= PASSAGE_CLAIMS and caveat < CAVEAT_ODDS:
            anchor = max(claims, key=lambda i: odds[i]["benefit-claim"])
            score = logistic(odds[anchor]["benefit-claim"]) * (1 - logistic(caveat))
            note = f"{len(claims)} benefit claims and no harm or limit within {REACH} sentences"
            yield RiskFinding("passage", anchor, score, "medium", (Evidence("note", note),))


def _passages(document: Document, lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Lines of one paragraph, or of one run of list items under the same heading."""
    first = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or not _together(document, lines[i - 1], lines[i]):
            yield first, i - 1
            first = i


def _together(document: Document, one: Line, other: Line) -> bool:
    if one.sentence.block == other.sentence.block:
        return True
    a, b = document.blocks[one.sentence.block], document.blocks[other.sentence.block]
    return a.kind == b.kind == "item" and a.heading == b.heading
