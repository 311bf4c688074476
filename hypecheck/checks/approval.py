"""approval-overclaim against the record: what the model found is judged, cleared, or joined by more findings."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hypecheck.checks.claim import Claim, Clause, Kind
from hypecheck.checks.claims import find_claims
from hypecheck.checks.times import judge_prediction
from hypecheck.checks.verdicts import Outcome, Verdict, judge
from hypecheck.record.record import Record
from hypecheck.record.types import Event, Fact
from hypecheck.score.features import Line
from hypecheck.types import Evidence, Severity

CATEGORY = "approval-overclaim"

SUBTYPE: Mapping[Kind, str] = {
    "prediction": "timeline",
    "presupposed": "timeline",
    "designation": "designation",
    "status": "implied-approval",
    "availability": "implied-approval",
}

KIND: Mapping[str, Kind] = {"timeline": "prediction", "designation": "designation", "implied-approval": "status"}
"""What the model's subtypes claim."""

SEVERITY: Mapping[Outcome, Severity] = {"contradicted": "high", "outdated": "medium", "under-review": "low"}
"""What the record decides; a speculative claim keeps the severity of its words."""

RECORD_SCORE = 0.9
"""Probability of a claim that the record refutes or finds under review: of the texts kept apart from the code
(tests/checks/tables) 12 of 13 claims that it refuted were rightly so, and in the training documents all 7."""

GUESS_SCORE = 0.6
"""Probability of a forecast that no fact decides, about a substance of the record or said to be imminent: 2 of 3 in the
training documents."""

_MAY = re.compile(
    r"approv|licen[cs]|authori[sz]|clear(?:ed|ance|s\b)|green.?li|go-ahead|regulat|regist|designat|breakthrough|fast.track"
    r"|orphan|priority|prescri|pharmac|market|cover|pays?\b|available|on sale|\bnod\b|blessing|stamp|sign(?:s|ed)? off"
    r"|FDA|EMA|MHRA|TGA|drugstore|shel(?:f|ves)|hurdle|voucher|access",
    re.IGNORECASE,
)
"""A text without any of these makes no claim about approval, and the record need not be read for it."""

FORECASTS = frozenset({"prediction", "presupposed", "designation"})

_EVENTS: Mapping[Event, str] = {
    "designation": "designation granted",
    "trial": "trial reported",
    "submission": "application submitted",
    "acceptance": "application accepted for review",
    "advisory-positive": "advisers in favour",
    "advisory-negative": "advisers against",
    "refusal": "refused",
    "application-withdrawn": "application withdrawn",
    "approval": "approved",
    "accelerated-approval": "accelerated approval",
    "conditional-approval": "conditional approval",
    "tentative-approval": "tentative approval",
    "label-change": "label changed",
    "discontinued": "taken off the market",
    "approval-withdrawn": "approval withdrawn",
    "access": "access without registration",
    "policy": "policy",
    "not-approved": "stated as not approved",
    "warning": "warning",
    "statement": "statement",
    "retraction": "papers retracted",
    "horizon": "nothing later found",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim with its verdict, and the tokens of its line that it stands in, both included."""

    claim: Claim
    verdict: Verdict
    line: int
    first: int
    last: int

    @property
    def is_refuted(self) -> bool:
        """Whether a fact speaks against the claim, on the day it was written or since."""
        return self.verdict.outcome in ("contradicted", "outdated")

    @property
    def is_finding(self) -> bool:
        """Whether it is a finding where the model saw none: the record decides, or a forecast has nothing behind it."""
        outcome = self.verdict.outcome
        guessed = self.claim.kind in FORECASTS and (self.claim.substance is not None or self.claim.imminent)
        return outcome in SEVERITY or (guessed and outcome in ("speculative", "not-checked"))

    @property
    def score(self) -> float:
        """The probability that it is an overclaim, where the model does not say."""
        return RECORD_SCORE if self.verdict.outcome in SEVERITY else GUESS_SCORE


def may_claim(texts: Iterable[str]) -> bool:
    """Whether any of the texts holds a word that claims about approval have."""
    return any(_MAY.search(text) for text in texts)


def claim_of(line: Line, number: int, first: int, last: int, subtype: str | None) -> Claim:
    """What the model marked in line `number`, tokens `first` to `last`, as a claim that the record may judge."""
    start = line.tokens[first].start - line.sentence.start
    end = line.tokens[last].end - line.sentence.start
    return Claim(number, start, end, KIND.get(subtype or "", "prediction"), clause=Clause(0, len(line.sentence.text)))


def judge_claims(
    lines: Sequence[Line], record: Record, written: date | None, as_of: date | None, marked: Sequence[Claim] = ()
) -> list[Judgement]:
    """The claims of a document about approval, parsed and `marked`, each with its verdict, in order."""
    claims = find_claims([line.sentence.text for line in lines], record, marked)
    judged = []
    for claim in claims:
        line = lines[claim.line]
        start, end = (line.sentence.start + place for place in (claim.start, claim.end))
        inside = [i for i, token in enumerate(line.tokens) if token.start < end and token.end > start]
        if inside:
            judged.append(Judgement(claim, judge(claim, record, written, as_of), claim.line, inside[0], inside[-1]))
    return judged


def find_judgement(judgements: Sequence[Judgement], line: int, first: int, last: int) -> Judgement | None:
    """The judgement that concerns the words of a finding: one that overlaps it."""
    return next((j for j in judgements if j.line == line and j.first <= last and first <= j.last), None)


def clearance_reason(judgement: Judgement) -> str:
    """Why a supported claim is no finding."""
    return f"the record supports it: {cite(judgement.verdict.facts[0])}"


def record_evidence(judgement: Judgement | None, text: str, written: date | None, as_of: date | None) -> list[Evidence]:
    """What the record says of a finding, in notes for an editor."""
    if judgement is None or judgement.verdict.outcome == "not-checked":
        checked = "not checked: the record does not decide this claim" if as_of else "not checked: no day of judgement"
        return [Evidence("note", checked), *judge_prediction(text, written, as_of)]
    verdict = judgement.verdict
    notes = [_opening(judgement, written)]
    notes += [f"record: {cite(fact)}" for fact in verdict.facts[:2]]
    notes += [f"sources differ: {fact.conflict}" for fact in verdict.facts[:1] if fact.conflict]
    if verdict.facts and verdict.facts[0].id.startswith("drugsfda"):
        notes.append("Drugs@FDA lists approvals only: that a use is absent there is no refusal")
    guessed = verdict.outcome == "speculative"
    return [
        *(Evidence("note", note) for note in notes),
        *(judge_prediction(text, written, as_of) if guessed else ()),
    ]


def _opening(judgement: Judgement, written: date | None) -> str:
    outcome, standing = judgement.verdict.outcome, judgement.verdict.standing
    if outcome == "contradicted":
        return "the record contradicts this" + ("" if written is None else " and did on the day it was written")
    if outcome == "outdated":
        return "not wrong when written, but overtaken since"
    if outcome == "under-review" and standing is not None and standing.target is not None:
        return f"under review: a decision was due by {_day(standing.target)}, and it may be a refusal"
    return "the record knows of no application under review: this is a guess"


def cite(fact: Fact) -> str:
    """A fact in a line: what, where, when, the words of the record, and its source."""
    when = str(fact.date) if fact.date else "date not known"
    where = "" if fact.jurisdiction == "none" else f" ({fact.jurisdiction})"
    detail = f": {fact.detail.rstrip('.')}" if fact.detail else ""
    return (
        f"{_EVENTS[fact.event]}{where}, {when}{detail} <{fact.source}>"
        if fact.source
        else f"{_EVENTS[fact.event]}, {when}"
    )


def _day(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
