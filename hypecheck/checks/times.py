"""Reads the time that an approval prediction names, and tells when that time has passed."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from hypecheck.types import Evidence

_YEAR = re.compile(r"\b(?:by|in|before|during|until|as early as|as soon as) (?:\w+ ){0,3}?(20\d\d)\b", re.IGNORECASE)
_RELATIVE = (
    (
        re.compile(
            r"\b(?:later|before the end of|by the end of|early|sometime) this year\b|\bthis year\b", re.IGNORECASE
        ),
        0,
    ),
    (
        re.compile(
            r"\bnext (?:year|spring|summer|autumn|fall|winter)\b|\bwithin (?:a|the next|one) year\b", re.IGNORECASE
        ),
        1,
    ),
)
_WITHIN = re.compile(
    r"\b(?:with)?in (?:the next |the coming |a matter of )?(?:(\d+|a few|two|three|six|twelve) )?(days|weeks|months)\b",
    re.IGNORECASE,
)
_DAYS = {"days": 1, "weeks": 7, "months": 30}
_COUNTS = {"a few": 3, "two": 2, "three": 3, "six": 6, "twelve": 12}
_VAGUE = {"days": 30, "weeks": 90, "months": 365}
"""Days that an unnumbered "within weeks" is given before it counts as passed: one step of the next larger unit."""


def predicted_end(text: str, written: date | None) -> date | None:
    """The last day of the time that a prediction names; relative times count from `written`."""
    if match := _YEAR.search(text):
        return date(int(match[1]), 12, 31)
    if written is None:
        return None
    for pattern, years in _RELATIVE:
        if pattern.search(text):
            return date(written.year + years, 12, 31)
    if match := _WITHIN.search(text):
        number, unit = match[1], match[2].lower()
        if number is None:
            return written + timedelta(days=_VAGUE[unit])
        count = _COUNTS.get(number.lower()) or int(number)
        return written + timedelta(days=count * _DAYS[unit])
    return None


def judge_prediction(text: str, written: date | None, as_of: date | None) -> tuple[Evidence, ...]:
    """What the day of judgement says of a predicted approval; nothing where no time is named.

    Whether the approval came is not known from the text: the note asks, it does not deny.
    """
    end = predicted_end(text, written)
    if end is None or as_of is None:
        return ()
    shown = f"{end.day} {calendar.month_name[end.month]} {end.year}"
    if end < as_of:
        return (Evidence("note", f"the predicted time ended on {shown}: say what the regulator decided"),)
    return (Evidence("note", f"predicted to happen by {shown}: name the source and what it depends on"),)
