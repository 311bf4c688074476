"""Fits the second reader of sentences, and how much either reader counts, on documents that neither has seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from hypecheck.train.corpus import ROLES
from hypecheck.train.estimator import OverclaimClassifier
from hypecheck.train.fit import CORES, ROLE_STRENGTH
from hypecheck.train.phrases import DIGITS
from hypecheck.train.risks import REAL_WEIGHT
from hypecheck.train.subtypes import scorer_values
from hypecheck.train.vectors import HELD, Encoded, line_rows

BLENDED = ("risk-statement",)
"""On held-out documents the average precision of named harms rose from 0.67 to 0.70 (real) and from 0.78 to 0.82
(written) by it, that of benefit claims by 0.01, which changed no document's missing-risk."""


def fit_blend(encoded: Sequence[Encoded], odds: NDArray[np.float64]) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """The values of a `hypecheck.score.blend.RoleBlend`, and `odds` with the blended ones in place on held-out lines.

    `odds`, lines by roles, are an encoder's that has not seen the held-out documents.
    """
    rows = line_rows(encoded)
    held = rows.folds == HELD
    real = np.concatenate([[item.gold.batch == "real"] * len(item.lines) for item in encoded])
    weights = np.where(real, REAL_WEIGHT, 1.0)[held]
    columns = [ROLES.index(role) for role in BLENDED]
    labels = rows.labels[:, columns]
    counted = _words().fit(rows.matrix[~held], labels[~held], rows.weights[~held])
    words = counted.decision_function(rows.matrix[held])
    blended, shares = odds.copy(), {}
    for number, (role, column) in enumerate(zip(BLENDED, columns, strict=True)):
        both = np.column_stack([odds[held, column], words[:, number]])
        model = LogisticRegression(C=1.0).fit(both, labels[held, number], sample_weight=weights)
        share = [round(float(value), DIGITS) for value in (*model.coef_[0], model.intercept_[0])]
        blended[held, column] = both @ np.array(share[:2]) + share[2]
        shares[role] = share
    shipped = _words().fit(rows.matrix, labels, rows.weights)
    return {"words": scorer_values(shipped, BLENDED), "shares": shares}, blended


def _words() -> OverclaimClassifier:
    return OverclaimClassifier(C=ROLE_STRENGTH, fewest=2, n_jobs=CORES)
