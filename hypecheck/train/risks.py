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

CAVEAT_WEIGHT = 4.0
"""Of a caveat text beside a written document. Log loss in folds without them and with 4: contextual, real documents
0.565 and 0.526, written 0.285 and 0.287, caveat texts 0.416 and 0.391; linear 0.478 and 0.470, 0.356 and 0.378, 0.624
and 0.569. With 16 written documents lose more than the others gain."""

RULE = RiskRule(1.0, -1.0, 0.0, 0.0)
"""Where there is nothing to fit: a benefit claim that is surer than any named harm."""


@dataclass(frozen=True, slots=True)
class RiskFit:
    """The rule, the out-of-fold scores of the documents, and what the annotators said.

    `told_apart`: for each caveat text whether the rule that had not seen its fold was right.
    """

    rule: RiskRule
    gate: float
    scores: NDArray[np.float64]
    truth: NDArray[np.bool_]
    documents: tuple[Encoded, ...]
    told_apart: NDArray[np.bool_]


def fit_risk(encoded: Sequence[Encoded], odds: NDArray[np.float64], caveats: Sequence[Encoded] = ()) -> RiskFit:
    """Logistic regression on what `hypecheck.score.decoding.risk_features` says of each document and caveat text."""
    documents = tuple(item for item in encoded if not item.is_probe and item.lines)
    texts = [*documents, *caveats]
    features = np.array([_features(item, odds) for item in texts])
    weights = np.array([_weight(item) for item in texts])
    truth = np.array([_lacks_harm(item) for item in texts])
    folds = np.array([item.fold for item in texts])
    scores = np.zeros(len(texts))
    for fold in range(FOLDS):
        held = folds == fold
        if held.any():
            rule = _fit(features[~held], truth[~held], weights[~held])
            scores[held] = [logistic(rule.decision(*row)) for row in features[held]]
    rule, count = _fit(features, truth, weights), len(documents)
    told_apart = (scores[count:] >= 0.5) == truth[count:]
    scores, truth = scores[:count], truth[:count]
    return RiskFit(rule, precision_gate(scores, truth.astype(float)), scores, truth, documents, told_apart)


def _weight(item: Encoded) -> float:
    if item.gold.roles_only:
        return CAVEAT_WEIGHT
    return REAL_WEIGHT if item.gold.batch == "real" else 1.0


def _lacks_harm(item: Encoded) -> bool:
    """Whether a benefit stands without a named harm; every caveat text claims one."""
    if item.gold.roles_only:
        return not any(role.role == "risk-statement" for role in item.gold.roles)
    return bool(item.gold.fields and item.gold.fields["missing_risk"])


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
