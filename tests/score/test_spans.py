from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.score.spans import Candidate, SpanRule, document_heat, find_candidates, logistic

FLOOR = -4.0

values = st.lists(st.floats(-12, 6, allow_nan=False), min_size=1, max_size=40)


def found(scores, marks="", drop=1.5):
    return [
        (c.first, c.last) for c in find_candidates(scores, [i in marks for i in range(len(scores))] if marks else
        [False] * len(scores), drop, FLOOR)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("scores", "marks", "phrases"),
    [
        ([-9, -9, -9], (), []),
        ([-9, 1, -9], (), [(1, 1)]),
        ([-9, 1, 0, -9], (), [(1, 2)]),
        ([-9, 1, -9, 0, -9], (), [(1, 3)]),
        ([1, -9, -9, 1], (), [(0, 0), (3, 3)]),
        ([1, -3, -3, -3], (), [(0, 0)]),
        ([1, 1, 1], (2,), [(0, 1)]),
        ([1, 1, 1], (0,), [(1, 2)]),
        ([1, 1, 1], (1,), [(0, 2)]),
        ([2, 2], (0, 1), []),
        ([2, -9, 2], (0, 2), []),
    ],
    ids=[
        "nothing", "one word", "grows", "bridges one", "not two", "stops at the drop", "no mark at the end",
        "no mark at the start", "a mark inside", "marks only", "a low word between marks",
    ],
)  # fmt: skip
def test_phrases(scores, marks, phrases):
    assert found(scores, marks) == phrases


@given(values, st.sets(st.integers(0, 39)), st.floats(0.5, 3))
def test_phrases_are_ordered_apart_and_end_in_words(scores, marks, drop):
    flags = [i in marks for i in range(len(scores))]
    last = -1
    for candidate in find_candidates(scores, flags, drop, FLOOR):
        assert last < candidate.first <= candidate.peak <= candidate.last < len(scores)
        assert not flags[candidate.first]
        assert not flags[candidate.last]
        assert scores[candidate.peak] >= FLOOR
        last = candidate.last


@given(values, *[st.floats(-3, 3)] * 6)
def test_the_decision_is_the_stated_sum(scores, peak, mean, length, weight, heat, intercept):
    candidate = Candidate(0, len(scores) - 1, scores.index(max(scores)))
    expected = peak * max(scores) + mean * sum(scores) / len(scores) + length * math.log(len(scores)) + weight * heat
    expected += intercept
    assert SpanRule(FLOOR, 1.0, peak, mean, length, weight, intercept).decision(
        scores, candidate, heat
    ) == pytest.approx(expected)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_logistic_is_a_probability_and_rises(a, b):
    low, high = sorted((a, b))
    assert 0 <= logistic(low) <= logistic(high) <= 1


@given(values, st.floats(-12, 6))
def test_a_hotter_sentence_never_cools_a_document(highest, more):
    hotter = [*highest[:-1], max(highest[-1], more)]
    assert document_heat(hotter) >= document_heat(highest) - 1e-12


def test_a_document_without_sentences_has_a_heat():
    assert document_heat([]) == pytest.approx(math.log(0.1))
