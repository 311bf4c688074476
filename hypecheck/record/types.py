"""What the record holds: substances, indications and dated facts. All of it is immutable."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, TypeAlias, get_args

Event = Literal[
    "designation",
    "trial",
    "submission",
    "acceptance",
    "advisory-positive",
    "advisory-negative",
    "refusal",
    "application-withdrawn",
    "approval",
    "accelerated-approval",
    "conditional-approval",
    "tentative-approval",
    "label-change",
    "discontinued",
    "approval-withdrawn",
    "access",
    "policy",
    "not-approved",
    "warning",
    "statement",
    "retraction",
    "horizon",
]
"""What happened. `access`: use without registration. `not-approved`: the regulator,
the company or another page says that it is approved for no such use. `statement`: anything else that was made known.
`horizon`: nothing later was found up to this date, which is not to say that nothing happened."""

EVENTS: tuple[Event, ...] = get_args(Event)

APPROVALS: frozenset[Event] = frozenset({"approval", "accelerated-approval", "conditional-approval"})
"""Events after which a substance may be called approved, for the indication and in the jurisdiction that they name."""

Quality = Literal["primary", "registry", "secondary", "aggregator", "own", "none"]
QUALITIES: tuple[Quality, ...] = get_args(Quality)
"""Who says so: the regulator, statute or company itself; a register or a filing; news, a law firm, a blog; a weak
summary; the user's own record; nobody (for a horizon)."""

JURISDICTIONS = ("US", "EU", "UK", "AU", "CA", "CH", "JP", "NZ", "none")
"""Where a fact holds; `none` where it concerns no regulator (a retracted paper)."""

Day: TypeAlias = date
"""In `Fact` the name `date` is taken."""

_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


class Interval(NamedTuple):
    """The days on which something may have happened, both included; one day where it is known to the day."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Interval:
        """`2024`, `2024-08` or `2024-08-08`. Raises ValueError for anything else."""
        match = _PARTIAL.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no date: write 2024, 2024-08 or 2024-08-08")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if day is not None and month is not None:
            day_itself = date(year, month, day)
            return cls(day_itself, day_itself)
        if month is not None:
            return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return cls(date(year, 1, 1), date(year, 12, 31))

    def __str__(self) -> str:
        """As a reader would write it: a day, a month, a year, or from one day to another."""
        first, last = self
        if first == last:
            return f"{first.day} {calendar.month_name[first.month]} {first.year}"
        if self == Interval.parse(f"{first:%Y-%m}"):
            return f"{calendar.month_name[first.month]} {first.year}"
        if self == Interval.parse(f"{first:%Y}"):
            return f"{first.year}"
        return f"{Interval(first, first)} or {Interval(last, last)}"


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance with its name and the other names that texts use: brands, codes, abbreviations, therapies."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indication:
    """A condition that something may be approved for, with its other names.

    `within` names the wider indications that hold this one: treatment-resistant depression within depression.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a substance, in one jurisdiction.

    `indication` is None where the source names none (Drugs@FDA): it may be any. `date` is None
    where it is not known; where sources differ it spans what they say, and `conflict` tells.
    `target` is the published day by which a decision was due. `source` is the address of the page.
    """

    id: str
    substance: str
    indication: str | None
    jurisdiction: str
    event: Event
    date: Interval | None
    source: str
    quality: Quality
    detail: str = ""
    target: Day | None = None
    conflict: str = ""
    more_sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordFile:
    """What one file holds, by id."""

    substances: Mapping[str, Substance] = field(default_factory=dict)
    indications: Mapping[str, Indication] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
