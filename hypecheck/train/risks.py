"""Fits the document decision of missing-risk, on sentence roles scored out of fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from hypecheck.score.decoding import RiskRule, risk_features
from hypecheck.score.spans import logistic
from hypecheck.train.corpus import ROLES
from hypecheck.train.phrases import DIGITS
from hypecheck.train.thresholds import precision_gate
from hypecheck.train.vectors import FOLDS, Encoded

REAL_WEIGHT = 8.0
"""Of a real document beside a written one. Two in three real documents name no harm and one in seven of the written
ones. Log loss on real documents in folds with 1, 4, 8 and 32: linear 0.508, 0.485, 0.478, 0.472, contextual 0.565,
0.553, 0.548, 0.547; right on written ones, linear: 0.865, 0.855, 0.849, 0.821."""

RULE = RiskRule(1.0, -1.0, 0.0, 0.0)
"""Where there is nothing to fit: a benefit claim that is surer than any named harm."""


@dataclass(frozen=True, slots=True)
class RiskFit:
    """The rule, the out-of-fold scores of the documents, and what the annotators said."""

    rule: RiskRule
    gate: float
    scores: NDArray[np.float64]
    truth: NDArray[np.bool_]
    documents: tuple[Encoded, ...]


def fit_risk(encoded: Sequence[Encoded], odds: NDArray[np.float64]) -> RiskFit:
    """Logistic regression on what `hypecheck.score.decoding.risk_features` says of each document."""
    documents = tuple(item for item in encoded if not item.is_probe and item.lines)
    features = np.array([_features(item, odds) for item in documents])
    weights = np.array([REAL_WEIGHT if item.gold.batch == "real" else 1.0 for item in documents])
    truth = np.array([bool(item.gold.fields and item.gold.fields["missing_risk"]) for item in documents])
    folds = np.array([item.fold for item in documents])
    scores = np.zeros(len(documents))
    for fold in range(FOLDS):
        held = folds == fold
        if held.any():
            rule = _fit(features[~held], truth[~held], weights[~held])
            scores[held] = [logistic(rule.decision(*row)) for row in features[held]]
    return RiskFit(
        _fit(features, truth, weights), precision_gate(scores, truth.astype(float)), scores, truth, documents
    )


def _features(item: Encoded, odds: NDArray[np.float64]) -> tuple[float, float, float]:
    rows = odds[item.line_row : item.line_row + len(item.lines)].tolist()
    return risk_features([dict(zip(ROLES, row, strict=True)) for row in rows])


def _fit(features: NDArray[np.float64], truth: NDArray[np.bool_], weights: NDArray[np.float64]) -> RiskRule:
    if truth.all() or not truth.any():
        return RULE
    model = LogisticRegression(C=1.0).fit(features, truth, sample_weight=weights)
    benefit, harm, harms = (float(weight) for weight in model.coef_[0])
    # A named harm never raises the score, and a benefit claim never lowers it.
    if benefit < 0 or harm > 0 or harms > 0:
        kept = np.array([benefit > 0, harm < 0, harms < 0])
        return _fit(features * kept, truth, weights) if kept.any() and (features[:, ~kept] != 0).any() else RULE
    return RiskRule(*(round(weight, DIGITS) for weight in (benefit, harm, harms, float(model.intercept_[0]))))
