"""The day a document states, in the forms that front matter and meta tags use."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<month>" + "|".join(_MONTHS) + r")[a-z]{0,6}\.?"
_FORMS = (
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)"),
    re.compile(rf"{_NAME} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}}) {_NAME},? (?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
)
_LONGEST = 60
"""A weekday, a date, a time and a zone; longer text is no date and is not searched."""


def parse_date(text: str) -> date | None:
    """The date in a short text: ISO 8601 with or without a time, or with an English month name.

    None where there is none; 04/05/2024 is none, since nothing tells its day from its month.
    """
    for form in _FORMS:
        match = form.search(text[:_LONGEST])
        if match:
            name = match["month"].lower()
            month = int(name) if name.isdigit() else _MONTHS.index(name) + 1
            try:
                return date(int(match["year"]), month, int(match["day"]))
            except ValueError:
                return None
    return None
