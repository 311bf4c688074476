"""Judges a claim about approval by the dated record, on the day it was written and on the day of judgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from hypecheck.checks.claim import UNLISTED, Claim
from hypecheck.record.record import Record
from hypecheck.record.standing import REFUSALS, Standing, standing_on, unapproved_until
from hypecheck.record.types import APPROVALS, JURISDICTIONS, Fact

Outcome = Literal["supported", "contradicted", "outdated", "under-review", "speculative", "not-checked"]
"""supported: so it was on the day of judgement. contradicted: wrong when written, or, where that day is unknown, on
the day of judgement. outdated: not wrong when written, but made so since. under-review: an application lies with the
regulator and a day for its decision is published. speculative: the record follows the substance there and knows of no
such application. not-checked: the record does not decide."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with the facts that it rests on, the deciding one first."""

    outcome: Outcome
    facts: tuple[Fact, ...] = ()
    standing: Standing | None = None


UNDECIDED = Verdict("not-checked")

_PREFERRED: tuple[Outcome, ...] = (
    "supported", "under-review", "outdated", "contradicted", "speculative", "not-checked",
)  # fmt: skip
"""Of several jurisdictions that a text may mean."""


def judge(claim: Claim, record: Record, written: date | None, as_of: date | None) -> Verdict:
    """The verdict on a claim. Without a day of judgement or a substance nothing is checked.

    Where the whole text names no place, the jurisdiction that speaks most for the claim decides.
    """
    if as_of is None or claim.substance is None:
        return UNDECIDED
    if claim.jurisdiction is not None:
        return _judge_there(claim, record, written, as_of)
    places = {fact.jurisdiction for fact in record.facts_of(claim.substance)}
    verdicts = [
        _judge_there(replace(claim, jurisdiction=place), record, written, as_of)
        for place in sorted(places, key=JURISDICTIONS.index)
    ]
    best = min(verdicts, key=lambda verdict: _PREFERRED.index(verdict.outcome), default=UNDECIDED)
    return best if claim.kind in ("prediction", "presupposed") or best.outcome == "supported" else UNDECIDED


def _judge_there(claim: Claim, record: Record, written: date | None, as_of: date) -> Verdict:
    facts = [fact for fact in _about(claim, record) if fact.date is None or fact.date.first <= as_of]
    if not facts:
        return UNDECIDED
    verdict = _at_both(claim, facts, written, as_of)
    if (
        verdict.outcome in ("contradicted", "outdated")
        and not claim.placed
        and _approved_elsewhere(claim, record, as_of)
    ):
        return UNDECIDED
    return verdict


def _approved_elsewhere(claim: Claim, record: Record, day: date) -> bool:
    """Whether the substance was approved anywhere: a sentence without a place may mean that."""
    assert claim.substance is not None
    facts = record.facts_of(claim.substance)
    return any(fact.event in APPROVALS and (fact.date is None or fact.date.first <= day) for fact in facts)


def _at_both(claim: Claim, facts: Sequence[Fact], written: date | None, as_of: date) -> Verdict:
    """What holds when it was written, if that is known, and on the day of judgement."""
    now = _on(claim, facts, as_of, as_of)
    if written is None or written >= as_of:
        return now
    then = _on(claim, facts, written, as_of)
    if then.outcome == "contradicted":
        # A dated fact convinces more than a page without a date, and shows the same.
        dated = any(fact.date for fact in then.facts) or now.outcome != "contradicted"
        return then if dated else now
    if now.outcome == "contradicted":
        return Verdict("outdated", now.facts, now.standing)
    if now.outcome == "supported" and claim.kind == "designation" and then.outcome != "supported":
        return Verdict("outdated", now.facts, now.standing)
    return now


def _about(claim: Claim, record: Record) -> list[Fact]:
    """Facts of the claim's substance in its jurisdiction, for its use; those that name none hold for all.

    Where the sentence names no use, "approved" may mean any: then only what holds for all speaks against it.
    """
    assert claim.substance is not None
    there = [fact for fact in record.facts_of(claim.substance) if fact.jurisdiction == claim.jurisdiction]
    use = claim.indication
    if claim.kind == "availability" or (claim.kind == "status" and not claim.stated):
        return [fact for fact in there if fact.indication is None or fact.event != "not-approved"]
    if use is None:
        return there
    if use == UNLISTED:
        return [fact for fact in there if fact.indication is None]
    return [fact for fact in there if fact.indication is None or record.related(use, fact.indication)]


def _on(claim: Claim, facts: Sequence[Fact], day: date, known: date) -> Verdict:
    """What the facts say of the claim on `day`, by what was known on the day of judgement."""
    standing = standing_on(facts, day)
    if claim.kind in ("status", "availability"):
        return _state(claim, standing, facts, day, known)
    return _forecast(claim, standing)


def _state(claim: Claim, standing: Standing, facts: Sequence[Fact], day: date, known: date) -> Verdict:
    status = standing.status
    fits = status == "approved" or (claim.kind == "availability" and any(f.event == "access" for f in standing.facts))
    if fits:
        return Verdict("supported", standing.facts, standing)
    if status == "ended" and not claim.lasting and len(standing.facts) > 1:
        return Verdict("supported", standing.facts[::-1], standing)
    if status in ("refused", "ended", "under-review", "access"):
        return Verdict("contradicted", standing.facts, standing)
    later = unapproved_until(facts, day, known)
    if later is not None:
        return Verdict("contradicted", (later,), standing)
    return Verdict("not-checked", (), standing)


def _forecast(claim: Claim, standing: Standing) -> Verdict:
    status = standing.status
    if status == "approved":
        outcome: Outcome = "supported" if claim.kind == "designation" else "contradicted"
        return Verdict(outcome, standing.facts, standing)
    if status == "ended" or (status == "refused" and standing.facts[0].event in REFUSALS):
        return Verdict("contradicted", standing.facts, standing)
    if status == "under-review" and standing.target is not None and claim.kind != "designation":
        return Verdict("under-review", standing.facts, standing)
    if status == "unknown":
        return Verdict("not-checked", (), standing)
    return Verdict("speculative", standing.latest, standing)
