"""Fits how phrases are cut, scored and thresholded, on scores made out of fold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from hypecheck.score.features import is_mark
from hypecheck.score.spans import SpanRule, document_heat, find_candidates
from hypecheck.train.measures import Comparison, compare, covered, merge
from hypecheck.train.vectors import FOLDS, TAGGED, Encoded

DROPS = (1.0, 1.5, 2.0, 2.5)
"""How far below its peak a phrase may reach, in log-odds; the best is chosen per category."""

HIGHEST_FLOOR = -4.0
"""Log-odds. In folds no phrase of a common category that starts lower is ever reported."""

ABOVE_PRIOR = 1.0
"""A rare category's floor: a word must be e times likelier than an average one to start a phrase."""

DIGITS = 6
"""Decimals kept of a fitted weight."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Candidates of one category in all documents; arrays run in parallel."""

    documents: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    features: NDArray[np.float64]
    shares: NDArray[np.float64]
    folds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PhraseFit:
    """A category's rule, with the phrases and the out-of-fold scores that it was fitted on."""

    rule: SpanRule
    phrases: Phrases
    scores: NDArray[np.float64]


def fit_phrases(
    encoded: Sequence[Encoded], scores: NDArray[np.float64], labels: NDArray[np.int8]
) -> dict[str, PhraseFit]:
    """A rule for each tagged category, fitted on documents (probes are left out).

    A phrase's score estimates the chance that a word of it, drawn at random, is marked.
    """
    fits = {}
    heats = {item.token_row: heat_of(item, scores) for item in encoded}
    for column, category in enumerate(TAGGED):
        floor = _floor(labels[:, column])
        tried = [_fit_rule(encoded, scores[:, column], heats, category, floor, drop) for drop in DROPS]
        fits[category] = max(tried, key=lambda fit: _best_f1(encoded, category, fit))
    return fits


def compare_all(
    documents: Sequence[Encoded], fits: dict[str, PhraseFit], thresholds: dict[str, float]
) -> list[Comparison]:
    """Each document's agreement with the out-of-fold phrases at or above the thresholds."""
    found: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for category, fit in fits.items():
        for i in np.flatnonzero(fit.scores >= thresholds[category]):
            phrases = fit.phrases
            found[int(phrases.documents[i])].append((category, int(phrases.starts[i]), int(phrases.ends[i])))
    return [
        compare(
            item.gold.text,
            [(s.category, s.start, s.end) for s in item.gold.spans if s.category in TAGGED],
            found[item.token_row],
        )
        for item in documents
    ]


def _fit_rule(
    encoded: Sequence[Encoded],
    scores: NDArray[np.float64],
    heats: Mapping[int, float],
    category: str,
    floor: float,
    drop: float,
) -> PhraseFit:
    phrases = _phrases(encoded, scores, heats, category, floor, drop)
    out_of_fold = np.zeros(len(phrases.shares))
    for fold in range(FOLDS):
        held = phrases.folds == fold
        if held.any():
            fitted = _logistic(phrases.features[~held], phrases.shares[~held])
            out_of_fold[held] = fitted.chances(phrases.features[held])
    whole = _logistic(phrases.features, phrases.shares)
    return PhraseFit(SpanRule(floor, drop, *whole.weights, whole.intercept), phrases, out_of_fold)


def _phrases(
    encoded: Sequence[Encoded],
    scores: NDArray[np.float64],
    heats: Mapping[int, float],
    category: str,
    floor: float,
    drop: float,
) -> Phrases:
    rows = []
    for item in encoded:
        if item.is_probe:
            continue
        gold = merge([(s.start, s.end) for s in item.gold.spans if s.category == category], item.gold.text)
        heat, row = heats[item.token_row], item.token_row
        for number, line in enumerate(item.lines):
            values = scores[row : row + len(line.tokens)].tolist()
            row += len(line.tokens)
            if max(values) < floor:
                continue
            marks = [is_mark(token) for token in line.tokens]
            for candidate in find_candidates(values, marks, drop, floor):
                start, end = item.source_range(number, candidate.first, candidate.last)
                features = (*SpanRule.features(values, candidate), heat)
                rows.append((item.token_row, start, end, features, covered([(start, end)], gold), item.fold))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    return Phrases(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.int64),
        np.array(columns[3], dtype=np.float64).reshape(-1, 4),
        np.array(columns[4], dtype=np.float64),
        np.array(columns[5], dtype=np.int64),
    )


class _Logistic(NamedTuple):
    """Weights of highest, mean, length and heat, and an intercept."""

    weights: tuple[float, float, float, float]
    intercept: float

    def chances(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each row."""
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-(features @ np.array(self.weights) + self.intercept)))
        return chances


def _logistic(features: NDArray[np.float64], shares: NDArray[np.float64]) -> _Logistic:
    """Logistic regression on shares of 0 to 1: every case counts as yes and as no, weighted."""
    if len(shares) < 2 or not 0 < shares.sum() < len(shares):
        # Too few cases to fit: the share with one imagined half right in ten.
        chance = (float(shares.sum()) + 0.5) / (len(shares) + 10)
        return _Logistic((0.0, 0.0, 0.0, 0.0), float(np.log(chance / (1 - chance))))
    model = LogisticRegression(C=1.0)
    model.fit(
        np.vstack([features, features]),
        np.repeat([1, 0], len(shares)),
        sample_weight=np.concatenate([shares, 1 - shares]),
    )
    # Rounded, so that the last bits of a linear algebra library do not change a model's digest.
    fitted = [round(float(weight), DIGITS) for weight in model.coef_[0]]
    if fitted[3] < 0 < np.ptp(features[:, 3]):
        # A document that oversells elsewhere never speaks for the innocence of a phrase.
        return _logistic(features * [1, 1, 1, 0], shares)
    return _Logistic((fitted[0], fitted[1], fitted[2], fitted[3]), round(float(model.intercept_[0]), DIGITS))


def heat_of(item: Encoded, scores: NDArray[np.float64]) -> float:
    """The heat of a document by its words' out-of-fold log-odds, rows by categories."""
    highest, row = [], item.token_row
    for line in item.lines:
        highest.append(float(scores[row : row + len(line.tokens)].max()))
        row += len(line.tokens)
    return document_heat(highest)


def _floor(labels: NDArray[np.int8]) -> float:
    positives = int(labels.sum())
    prior = float(np.log((positives + 1) / (len(labels) - positives + 1)))
    return round(min(HIGHEST_FLOOR, prior + ABOVE_PRIOR), DIGITS)


def _best_f1(encoded: Sequence[Encoded], category: str, fit: PhraseFit) -> float:
    return max(f1_of(compare_one(encoded, category, fit, t)) for t in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4))


def compare_one(encoded: Sequence[Encoded], category: str, fit: PhraseFit, threshold: float) -> Comparison:
    """All documents' agreement in one category; only its tally is filled."""
    result = Comparison()
    kept = fit.scores >= threshold
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for i in np.flatnonzero(kept):
        found[int(fit.phrases.documents[i])].append((int(fit.phrases.starts[i]), int(fit.phrases.ends[i])))
    tally = result.categories[category]
    for item in encoded:
        if item.is_probe:
            continue
        gold = merge([(s.start, s.end) for s in item.gold.spans if s.category == category], item.gold.text)
        predicted = merge(found[item.token_row], item.gold.text)
        tally.covered_predicted += covered(predicted, gold)
        tally.covered_gold += covered(gold, predicted)
        tally.predicted += len(predicted)
        tally.gold += len(gold)
    return result


def f1_of(comparison: Comparison) -> float:
    """Typed F1."""
    return comparison.typed().agreement().f1
