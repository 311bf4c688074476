"""Makes findings: where they stand, what an editor is told, what identifies them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hypecheck.categories import Category, load_standards
from hypecheck.offsets import LineIndex
from hypecheck.score.features import Line
from hypecheck.types import Clearance, Document, Evidence, Finding, Severity

SEVERITY_WEIGHT: Mapping[Severity, float] = {"low": 1.0, "medium": 2.0, "high": 4.0}
"""One step doubles. Nothing was fitted here: the annotators' scale is ordinal."""

FAINTEST = 0.02
"""Probability from which a phrase counts for the document score, shown or not. Counting those below the threshold, the
score ranks unseen documents more like the annotators' grade: 0.60 to 0.69 (linear), 0.78 to 0.85 (contextual); from
0.05 on it is 0.69 and 0.83, from 0.01 on 0.69 and 0.85."""

SHOWN_WEIGHTS = 6
"""Words and contexts listed one by one; the rest is summed, so that the evidence still adds up."""

FINGERPRINT_VERSION = "hypecheck/1"


class Place(NamedTuple):
    """A phrase in the source: half-open code points, its text, and 1-based lines and columns."""

    start: int
    end: int
    text: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom the standards shown must concern."""

    role: str
    jurisdictions: tuple[str, ...]


def locate(document: Document, index: LineIndex, line: Line, first: int, last: int) -> Place:
    """The place of tokens `first` to `last` of a line, both included."""
    block = document.blocks[line.sentence.block]
    begin, stop = line.tokens[first].start, line.tokens[last].end
    start, end = block.offsets.to_source(begin, stop)
    return Place(start, end, block.text[begin:stop], *index.place(start), *index.place(end))


def make_finding(
    category: Category,
    subtype: str | None,
    severity: Severity,
    score: float,
    gate: float,
    place: Place,
    sentence: str,
    evidence: Iterable[Evidence],
    audience: Audience,
) -> Finding:
    """A finding at `place`, in `sentence`, explained by its category."""
    return Finding(
        category=category.id,
        subtype=subtype,
        severity=severity,
        score=score,
        gated=score >= gate,
        **place._asdict(),
        message=category.message_for(subtype if subtype in category.subtype_messages else None),
        rewrite=category.rewrite,
        standards=shown_standards(category, audience),
        evidence=tuple(evidence),
        fingerprint=fingerprint(category.id, subtype, sentence),
    )


def make_clearance(category: str, place: Place, reason: str) -> Clearance:
    """A phrase at `place` that is no finding, and why."""
    return Clearance(category, place.start, place.end, place.text, place.line, place.column, reason)


def fingerprint(category: str, subtype: str | None, sentence: str) -> str:
    """A finding's identity: no span, line or path, so that it outlives edits elsewhere and retraining."""
    folded = " ".join(sentence.casefold().split())
    parts = "\0".join((FINGERPRINT_VERSION, category, subtype or "", folded))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def shown_standards(category: Category, audience: Audience) -> tuple[str, ...]:
    """The citations of a category that concern the audience, with their official links."""
    standards = load_standards()
    return tuple(
        f"{standard.citation} <{standard.url}>" if standard.url else standard.citation
        for standard in (standards[key] for key in category.standards)
        if {"everyone", audience.role} & set(standard.binds)
        and (standard.jurisdiction == "any" or standard.jurisdiction in audience.jurisdictions)
    )


def summarise(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The heaviest weights one by one, then the sum of the others: the total stays the decision value."""
    weighed = [row for row in evidence if row.weight is not None and row.kind != "intercept"]
    notes = [row for row in evidence if row.weight is None]
    if not weighed:
        return notes
    weighed.sort(key=lambda row: -abs(row.weight or 0.0))
    shown, rest = weighed[:SHOWN_WEIGHTS], weighed[SHOWN_WEIGHTS:]
    if rest:
        others = sum(row.weight or 0.0 for row in rest)
        shown.append(Evidence("context", f"{len(rest)} other words and contexts", others))
    bases = [row.weight or 0.0 for row in evidence if row.kind == "intercept"]
    base = [Evidence("intercept", "before any word is read", sum(bases))] if bases else []
    return [*shown, *base, *notes]


def faint_weight(scores: Iterable[float]) -> float:
    """What phrases that are too unsure to show add to the sum behind the document score: medium weight times score."""
    return SEVERITY_WEIGHT["medium"] * sum(score for score in scores if score >= FAINTEST)


def document_score(findings: Iterable[Finding], quiet: int, scale: float, gain: float, *, faint: float = 0.0) -> float:
    """0 careful to 100 blatant: 100·(1 - exp(-gain·W / (scale + quiet))).

    W sums severity weight times score over findings, and `faint`, what others add that are too unsure to
    show; `quiet` counts the sentences without a finding. missing-risk counts once, by its heaviest finding.
    """
    total, absent = faint, 0.0
    for finding in findings:
        weight = SEVERITY_WEIGHT[finding.severity] * finding.score
        if finding.category == "missing-risk":
            absent = max(absent, weight)
        else:
            total += weight
    return 100 * (1 - math.exp(-gain * (total + absent) / (scale + quiet)))
