from __future__ import annotations

from datetime import date

import pytest

from hypecheck.read.dates import parse_date


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024-3-5",
        "2024/03/05",
        "2024-03-05T23:30:00-08:00",
        " 2024-03-05 10:00",
        "March 5, 2024",
        "mar. 5 2024",
        "5 March 2024",
        "Tuesday, 5 Mar 2024 08:00 GMT",
        "Posted on March 5, 2024",
    ],
)
def test_a_stated_day_is_read(text):
    assert parse_date(text) == date(2024, 3, 5)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "04/05/2024", "2024", "March 2024", "2024-13-05", "30 February 2024", "2024-03-055", "125 May 2024 x"],
)
def test_anything_else_is_no_day(text):
    assert parse_date(text) is None


def test_a_long_text_is_not_searched():
    assert parse_date("x" * 60 + "2024-03-05") is None
