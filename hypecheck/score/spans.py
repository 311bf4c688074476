"""From a score for each word to phrases: where a phrase begins, how far it reaches, how sure it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

QUIET_LINES = 10
ORDINARY_HEAT = 0.1
"""About the mean over the real documents, in the weight of one paragraph."""

BRIDGE = 1
"""Words or marks of low score that a phrase may hold between two of high score."""


class Candidate(NamedTuple):
    """A phrase of a sentence: tokens `first` to `last`, both included, and its highest token."""

    first: int
    last: int
    peak: int


@dataclass(frozen=True, slots=True)
class SpanRule:
    """How a category's phrases are cut and scored; all of it fitted in folds.

    A word whose log-odds are below `floor` is no candidate. A phrase grows from its peak while
    words stay within `drop` of it. Its decision value is `peak`·(highest log-odds) +
    `mean`·(mean log-odds) + `length`·ln(words) + `heat`·(heat of the document) + `intercept`, and
    its score the logistic function of that.
    """

    floor: float
    drop: float
    peak: float
    mean: float
    length: float
    heat: float
    intercept: float

    def as_row(self) -> list[float]:
        """The fields in order, as plain values."""
        return [self.floor, self.drop, self.peak, self.mean, self.length, self.heat, self.intercept]

    @staticmethod
    def features(scores: Sequence[float], candidate: Candidate) -> tuple[float, float, float]:
        """Highest log-odds, mean log-odds and ln(words) of a candidate, given its sentence's log-odds."""
        count = candidate.last - candidate.first + 1
        mean = sum(scores[candidate.first : candidate.last + 1]) / count
        return scores[candidate.peak], mean, math.log(count)

    def decision(self, scores: Sequence[float], candidate: Candidate, heat: float) -> float:
        """The decision value of a candidate, given its sentence's log-odds word by word."""
        peak, mean, length = self.features(scores, candidate)
        return self.peak * peak + self.mean * mean + self.length * length + self.heat * heat + self.intercept


def document_heat(highest: Sequence[float]) -> float:
    """How much a document oversells as a whole: the log of its mean sentence's highest probability.

    `highest` has the highest log-odds of each sentence. The mean starts from QUIET_LINES lines of
    ORDINARY_HEAT, so that a short text is judged by its words and not by itself. Beside careful
    documents it halves the false alarms at equal F1 (folds of written and real documents: 5.9 and
    2.7 per 1,000 words of reference pages where typed F1 on real documents is 0.30).
    """
    total = sum(map(logistic, highest)) + QUIET_LINES * ORDINARY_HEAT
    return math.log(total / (len(highest) + QUIET_LINES))


def find_candidates(scores: Sequence[float], marks: Sequence[bool], drop: float, floor: float) -> Iterator[Candidate]:
    """Phrases of one sentence, left to right, that do not touch each other.

    `marks` tells which tokens are punctuation: a phrase neither begins nor ends with one.
    """
    for first, last in _regions(scores, floor):
        peak = max((i for i in range(first, last + 1) if not marks[i]), key=scores.__getitem__, default=None)
        # A region may be marks with a low word between them.
        if peak is not None and scores[peak] >= floor:
            yield grow(scores, marks, peak, first, last, drop)


def grow(scores: Sequence[float], marks: Sequence[bool], peak: int, first: int, last: int, drop: float) -> Candidate:
    """The phrase around `peak`, inside `first` to `last`, of words at most `drop` below it."""
    level = scores[peak] - drop
    low = high = peak
    while low > first and (step := _step(scores, level, low, first, -1)):
        low -= step
    while high < last and (step := _step(scores, level, high, last, 1)):
        high += step
    while low < peak and marks[low]:
        low += 1
    while high > peak and marks[high]:
        high -= 1
    return Candidate(low, high, peak)


def _step(scores: Sequence[float], level: float, at: int, end: int, way: int) -> int:
    for step in range(1, BRIDGE + 2):
        if (end - at) * way >= step and scores[at + way * step] >= level:
            return step
    return 0


def _regions(scores: Sequence[float], floor: float) -> Iterator[tuple[int, int]]:
    """Stretches of words at or above `floor`, with gaps of at most BRIDGE words."""
    first = last = -1
    for i, score in enumerate(scores):
        if score < floor:
            continue
        if first >= 0 and i - last > BRIDGE + 1:
            yield first, last
            first = i
        elif first < 0:
            first = i
        last = i
    if first >= 0:
        yield first, last


def logistic(value: float) -> float:
    """1 / (1 + e^-value), without overflow."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    power = math.exp(value)
    return power / (1 + power)
