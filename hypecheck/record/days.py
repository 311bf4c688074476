"""Days as registers write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date


def read_day(text: str, patterns: Iterable[re.Pattern[str]]) -> date:
    """The day in `text`, which one of the patterns matches as a whole; each has groups year, month and day.

    Raises ValueError, with the text, for anything else and for a day that no calendar has.
    """
    found = next((match for pattern in patterns if (match := pattern.fullmatch(text))), None)
    if found is None:
        raise ValueError(f"{text[:40]!r} is no date")
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no date, {error}") from error
