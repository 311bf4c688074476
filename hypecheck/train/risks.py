"""Fits the document decision of missing-risk, on sentence roles scored out of fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from hypecheck.score.linear import RiskRule
from hypecheck.score.spans import logistic
from hypecheck.train.corpus import ROLES
from hypecheck.train.phrases import DIGITS, precision_gate
from hypecheck.train.vectors import FOLDS, Encoded

BENEFIT, HARM = ROLES.index("benefit-claim"), ROLES.index("risk-statement")


@dataclass(frozen=True, slots=True)
class RiskFit:
    """The rule, the out-of-fold scores of the documents, and what the annotators said."""

    rule: RiskRule
    gate: float
    scores: NDArray[np.float64]
    truth: NDArray[np.bool_]
    documents: tuple[Encoded, ...]


def fit_risk(encoded: Sequence[Encoded], odds: NDArray[np.float64]) -> RiskFit:
    """Logistic regression on a document's strongest benefit claim and strongest named harm."""
    documents = tuple(item for item in encoded if not item.is_probe and item.lines)
    features = np.array([strongest(item, odds) for item in documents])
    truth = np.array([bool(item.gold.fields and item.gold.fields["missing_risk"]) for item in documents])
    folds = np.array([item.fold for item in documents])
    scores = np.zeros(len(documents))
    for fold in range(FOLDS):
        held = folds == fold
        if held.any():
            rule = _fit(features[~held], truth[~held])
            scores[held] = [logistic(rule.decision(*row)) for row in features[held]]
    return RiskFit(_fit(features, truth), precision_gate(scores, truth.astype(float)), scores, truth, documents)


def strongest(item: Encoded, odds: NDArray[np.float64]) -> tuple[float, float]:
    """The highest log-odds of a benefit claim and of a named harm among a document's lines."""
    rows = odds[item.line_row : item.line_row + len(item.lines)]
    return float(rows[:, BENEFIT].max()), float(rows[:, HARM].max())


def _fit(features: NDArray[np.float64], truth: NDArray[np.bool_]) -> RiskRule:
    if truth.all() or not truth.any():
        return RiskRule(1.0, -1.0, 0.0)
    model = LogisticRegression(C=1.0).fit(features, truth)
    benefit, harm = (float(weight) for weight in model.coef_[0])
    # A named harm never raises the score, and a benefit claim never lowers it.
    return RiskRule(
        round(max(benefit, 0.0), DIGITS), round(min(harm, 0.0), DIGITS), round(float(model.intercept_[0]), DIGITS)
    )
