"""Puts together what is reported of one document: findings, clearances, and the evidence that goes with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hypecheck.categories import Category
from hypecheck.checks.approval import (
    CATEGORY,
    RECORD_SCORE,
    SEVERITY,
    SUBTYPE,
    Judgement,
    clearance_reason,
    find_judgement,
    record_evidence,
)
from hypecheck.checks.caveats import RiskFinding
from hypecheck.checks.context import find_clearance
from hypecheck.checks.findings import Audience, Place, locate, make_clearance, make_finding, summarise
from hypecheck.offsets import LineIndex
from hypecheck.score.decoding import Decoding, Phrase
from hypecheck.score.features import Line
from hypecheck.score.manifest import Thresholds
from hypecheck.suppress import Directive, covers
from hypecheck.types import Clearance, Document, Evidence, Finding

SURE, NEVER = 0.0, 2.0
"""Gates of what the record decides: what it refutes may fail a run, what it only doubts may not."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """One document with its lines and what the record says of its claims, ready to be reported."""

    document: Document
    lines: Sequence[Line]
    index: LineIndex
    judgements: Sequence[Judgement]
    decoding: Decoding
    thresholds: Mapping[str, Thresholds]
    categories: Mapping[str, Category]
    audience: Audience
    as_of: date | None

    def clearance_of(self, phrase: Phrase) -> str | None:
        """Why a phrase is no finding; None where it is one."""
        reason = find_clearance(phrase.category, self.lines, phrase.line, phrase.candidate)
        judgement = self._judgement(phrase)
        if reason is None and judgement is not None and judgement.verdict.outcome == "supported":
            return clearance_reason(judgement)
        return reason

    def is_covered(self, phrase: Phrase, directives: Sequence[Directive]) -> bool:
        """Whether a directive in the text would suppress the phrase, were it shown."""
        if not directives:
            return False
        line = self.lines[phrase.line]
        place = locate(self.document, self.index, line, phrase.candidate.first, phrase.candidate.last)
        return covers(directives, phrase.category, place.start)

    def phrase(self, phrase: Phrase, weights: Sequence[Evidence]) -> Finding:
        """The finding of a phrase, raised or lowered where the record decides."""
        line, candidate = self.lines[phrase.line], phrase.candidate
        subtype = self.decoding.subtype_of(phrase.category, line, candidate)
        severity, reasons = self.decoding.severity_of(phrase, line)
        evidence = summarise(weights)
        evidence += [Evidence("note", f"severity {severity}: {', '.join(reasons)}")] if reasons else []
        score, gate = phrase.score, self.thresholds[phrase.category].gate
        if phrase.category == CATEGORY:
            judgement = self._judgement(phrase)
            evidence += record_evidence(judgement, line.sentence.text, self.document.written, self.as_of)
            if judgement is not None and judgement.verdict.outcome in SEVERITY:
                severity = SEVERITY[judgement.verdict.outcome]
                evidence = [row for row in evidence if not row.text.startswith("severity ")]
                if judgement.is_refuted:
                    score, gate = max(score, RECORD_SCORE), SURE
        place = locate(self.document, self.index, line, candidate.first, candidate.last)
        return make_finding(
            self.categories[phrase.category],
            subtype,
            severity,
            score,
            gate,
            place,
            line.sentence.text,
            evidence,
            self.audience,
        )

    def claim(self, judgement: Judgement) -> Finding:
        """The finding of a claim that the record decides and the model did not see."""
        line = self.lines[judgement.line]
        category = self.categories[CATEGORY]
        severity = SEVERITY.get(judgement.verdict.outcome, category.severity)
        return make_finding(
            category,
            SUBTYPE[judgement.claim.kind],
            severity,
            judgement.score,
            SURE if judgement.is_refuted else NEVER,
            self._place(judgement),
            line.sentence.text,
            record_evidence(judgement, line.sentence.text, self.document.written, self.as_of),
            self.audience,
        )

    def risk(self, risk: RiskFinding) -> Finding:
        """The finding of a missing caveat, on the sentence that claims most."""
        line = self.lines[risk.line]
        return make_finding(
            self.categories["missing-risk"],
            risk.subtype,
            risk.severity,
            risk.score,
            self.thresholds["missing-risk"].gate,
            locate(self.document, self.index, line, 0, len(line.tokens) - 1),
            line.sentence.text,
            summarise(risk.evidence),
            self.audience,
        )

    def clearance(self, phrase: Phrase, reason: str) -> Clearance:
        """What was found and cleared."""
        line = self.lines[phrase.line]
        place = locate(self.document, self.index, line, phrase.candidate.first, phrase.candidate.last)
        return make_clearance(phrase.category, place, reason)

    def support(self, judgement: Judgement) -> Clearance:
        """A claim that the record supports and nothing flagged."""
        return make_clearance(CATEGORY, self._place(judgement), clearance_reason(judgement))

    def unseen(self, phrases: Sequence[Phrase]) -> list[Judgement]:
        """Judgements on words that no phrase of the category stands on."""
        seen = {id(self._judgement(phrase)) for phrase in phrases if phrase.category == CATEGORY}
        return [judgement for judgement in self.judgements if id(judgement) not in seen]

    def _judgement(self, phrase: Phrase) -> Judgement | None:
        if phrase.category != CATEGORY:
            return None
        return find_judgement(self.judgements, phrase.line, phrase.candidate.first, phrase.candidate.last)

    def _place(self, judgement: Judgement) -> Place:
        return locate(self.document, self.index, self.lines[judgement.line], judgement.first, judgement.last)
