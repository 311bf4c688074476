from __future__ import annotations

from datetime import date

import pytest

from hypecheck.checks.times import judge_prediction, predicted_end

WRITTEN = date(2024, 3, 10)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("is expected to be approved by 2027", date(2027, 12, 31)),
        ("could reach clinics as early as spring 2025", date(2025, 12, 31)),
        ("approval is likely later this year", date(2024, 12, 31)),
        ("will be in pharmacies next spring", date(2025, 12, 31)),
        ("a decision within two months", date(2024, 5, 9)),
        ("approval could come in 10 days", date(2024, 3, 20)),
        ("approval within weeks", date(2024, 6, 8)),
        ("is nearing approval", None),
        ("was approved for 2,027 people", None),
    ],
)
def test_the_end_of_the_predicted_time(text, end):
    assert predicted_end(text, WRITTEN) == end


def test_relative_times_need_the_date_of_the_document():
    assert predicted_end("approval is likely later this year", None) is None
    assert predicted_end("approved by 2027", None) == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("as_of", "said"),
    [(date(2028, 1, 1), "ended on 31 December 2027"), (date(2027, 12, 31), "by 31 December 2027"), (None, "")],
    ids=["passed", "on the last day", "no day of judgement"],
)
def test_the_note_asks_and_never_denies(as_of, said):
    notes = judge_prediction("is expected to be approved by 2027", WRITTEN, as_of)
    assert said in " ".join(note.text for note in notes)
    assert bool(notes) == bool(said)
    assert all(note.weight is None for note in notes)
