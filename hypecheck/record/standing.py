"""Where a substance stands with a regulator on a day, by the facts that were known by another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from hypecheck.record.types import APPROVALS, Event, Fact

Status = Literal["approved", "refused", "ended", "under-review", "access", "followed", "unknown"]
"""approved; refused, given up or said not to be approved; approved once and no more; under review; in use without
registration; followed by the record without any of these; not in the record."""

_ENDS: frozenset[Event] = frozenset({"approval-withdrawn", "discontinued"})
REFUSALS: frozenset[Event] = frozenset({"refusal", "application-withdrawn"})
"""Ends of a procedure without approval. That something is said not to be approved ends none."""
_DENIALS: frozenset[Event] = frozenset({*REFUSALS, "not-approved"})
_FILINGS: frozenset[Event] = frozenset({"submission", "acceptance"})
_BEFORE_APPROVAL: frozenset[Event] = frozenset({*_FILINGS, *_DENIALS, "advisory-positive", "advisory-negative"})
"""What happens only while something is not approved for that use."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A status on a day with the facts that show it, the deciding one first, and the latest fact of any kind."""

    status: Status
    facts: tuple[Fact, ...] = ()
    latest: tuple[Fact, ...] = ()

    @property
    def target(self) -> date | None:
        """The published day by which a decision is due, while the application is under review."""
        return (
            next((fact.target for fact in self.facts if fact.target), None) if self.status == "under-review" else None
        )


def standing_on(facts: Iterable[Fact], day: date) -> Standing:
    """The standing of one substance, for one use in one jurisdiction, on `day`, by its facts up to then.

    A fact without a date is taken to have happened: the page that states it was seen before the record was made.
    """
    past = [fact for fact in facts if fact.date is None or fact.date.last <= day]
    found = _standing(past, day)
    dated = sorted((fact for fact in past if fact.date is not None and fact.event != "horizon"), key=_first_day)
    return replace(found, latest=tuple(dated[-1:] or past[-1:]))


def _standing(past: Sequence[Fact], day: date) -> Standing:
    approvals = _by_date(past, APPROVALS)
    ends = [fact for fact in _by_date(past, _ENDS) if fact.date is not None]
    denials = _by_date(past, _DENIALS)
    # An advisers' vote that states the target day shows an open application as a filing does.
    filings = [
        fact for fact in sorted(past, key=_first_day) if (fact.target >= day if fact.target else fact.event in _FILINGS)
    ]
    if approvals:
        ended = ends and _first_day(ends[-1]) >= _first_day(approvals[-1])
        return Standing("ended", (ends[-1], approvals[-1])) if ended else Standing("approved", (approvals[-1],))
    if denials:
        filings = [fact for fact in filings if _first_day(fact) > _first_day(denials[-1])]
    if filings:
        # The latest that states the day of the decision, then the others, the latest first.
        filings.sort(key=lambda fact: (fact.target is None, -_first_day(fact).toordinal()))
        return Standing("under-review", tuple(filings))
    if denials:
        return Standing("refused", (denials[-1],))
    if ends:
        return Standing("ended", (ends[-1],))
    if access := _by_date(past, frozenset({"access"})):
        return Standing("access", (access[-1],))
    return Standing("followed", tuple(past[-1:])) if past else Standing("unknown")


def unapproved_until(facts: Sequence[Fact], day: date, known: date) -> Fact | None:
    """A fact after `day` and up to `known` which shows that there was no approval on `day`.

    The approval came, or was asked for, later. None where an approval stands before it.
    """
    if any(fact.event in APPROVALS and (fact.date is None or fact.date.first <= day) for fact in facts):
        return None
    later = [
        fact
        for fact in _by_date(facts, APPROVALS | _BEFORE_APPROVAL)
        if fact.date is not None and day < fact.date.first and fact.date.last <= known
    ]
    return later[0] if later else None


def _by_date(facts: Iterable[Fact], events: frozenset[Event]) -> list[Fact]:
    """Facts of these events, the undated first, then by date."""
    return sorted((fact for fact in facts if fact.event in events), key=_first_day)


def _first_day(fact: Fact) -> date:
    return fact.date.first if fact.date else date.min
