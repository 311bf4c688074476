"""OverclaimClassifier: hashed names of features in, one linear score a column out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from hypecheck.score.features import Line, sentence_features, tokenize
from hypecheck.score.packed import BIAS, bucket_of
from hypecheck.types import Sentence

BUCKETS = 1 << 18
"""2^18 buckets score like 2^20 in folds of the real documents (typed F1 0.291 and 0.292)."""

STRENGTH = 0.08
"""Inverse regularisation; the plateau in folds of the real documents runs from 0.05 to 0.1."""

RARE = 1500
RARE_STRENGTH = 0.3
"""A column with fewer positive words than RARE is regularised less: in folds of all documents the average
precision of cure-claim rose from 0.009 to 0.014 by it and that of approval-overclaim from 0.014 to 0.018,
while common columns lost."""

FEWEST = 3
"""A bucket seen in fewer rows than this stays at zero."""


class OverclaimClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One-against-rest logistic regression on hashed features, with weights rounded to int8.

    X is a sparse matrix of bucket counts (see `hash_rows`), a sequence of sentences, or a
    sequence of sequences of feature names; y is an indicator matrix of rows by columns, or a
    vector of 0 and 1. Rounded weights are the model: what is shipped scores exactly the same.
    """

    def __init__(
        self,
        *,
        C: float = STRENGTH,
        rare_C: float = RARE_STRENGTH,
        rare: int = RARE,
        buckets: int = BUCKETS,
        fewest: int = FEWEST,
        n_jobs: int | None = None,
    ) -> None:
        self.C = C
        self.rare_C = rare_C
        self.rare = rare
        self.buckets = buckets
        self.fewest = fewest
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> OverclaimClassifier:
        """Fit a column after the other; a column with one class only scores that class."""
        matrix = self._matrix(X)
        labels = np.asarray(y)
        self.vector_ = labels.ndim == 1
        labels = labels.reshape(len(labels), -1).astype(np.int8)
        if matrix.shape[0] != len(labels):
            raise ValueError(f"{matrix.shape[0]} rows and {len(labels)} labels")
        weight = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        seen = np.bincount(matrix.indices, minlength=self.buckets)
        kept = np.flatnonzero(seen >= self.fewest)
        narrow = matrix[:, kept]
        self.classes_ = np.array([0, 1])
        fits = Parallel(n_jobs=self.n_jobs, prefer="threads")(
            delayed(_fit_column)(narrow, labels[:, column], weight, self._strength(labels[:, column]))
            for column in range(labels.shape[1])
        )
        self.weights_ = np.zeros((labels.shape[1], self.buckets), dtype=np.int8)
        self.scales_ = np.zeros(labels.shape[1])
        self.intercepts_ = np.zeros(labels.shape[1])
        for column, (coefficients, intercept) in enumerate(fits):
            scale = float(np.abs(coefficients).max(initial=0.0)) / 127 or 1.0
            self.weights_[column, kept] = np.rint(coefficients / scale).astype(np.int8)
            self.scales_[column] = scale
            self.intercepts_[column] = intercept
        return self

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Log-odds, rows by columns (a vector where y was one)."""
        check_is_fitted(self)
        sums = self._matrix(X) @ self.weights_.T.astype(np.float64)
        scores = sums * self.scales_ + self.intercepts_
        return np.asarray(scores[:, 0] if self.vector_ else scores, dtype=np.float64)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probabilities, rows by columns; rows by (no, yes) where y was a vector."""
        scores = self.decision_function(X)
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-scores))
        return np.column_stack([1 - chances, chances]) if self.vector_ else chances

    def predict(self, X: Any) -> NDArray[np.int64]:
        """1 where the probability is at least one half."""
        return np.asarray(self.decision_function(X) >= 0, dtype=np.int64)

    def packed_rows(self) -> bytes:
        """The weights as `hypecheck.score.packed` reads them: a byte a column, row after row."""
        check_is_fitted(self)
        return (self.weights_.T.astype(np.int16) + BIAS).astype(np.uint8).tobytes()

    def _strength(self, labels: NDArray[np.int8]) -> float:
        return max(self.C, self.rare_C) if int(labels.sum()) < self.rare else self.C

    def _matrix(self, X: Any) -> csr_matrix:
        if isinstance(X, csr_matrix):
            return X
        return hash_rows((_names(row) for row in X), self.buckets)


def hash_rows(rows: Iterable[Sequence[str]], buckets: int = BUCKETS) -> csr_matrix:
    """A row of bucket counts for each sequence of feature names."""
    memory: dict[str, int] = {}
    indices: list[int] = []
    ends = [0]
    for row in rows:
        for name in row:
            bucket = memory.get(name)
            if bucket is None:
                bucket = memory[name] = bucket_of(name, buckets)
            indices.append(bucket)
        ends.append(len(indices))
    columns = np.fromiter(indices, dtype=np.int32, count=len(indices))
    matrix = csr_matrix((np.ones(len(columns)), columns, np.array(ends)), shape=(len(ends) - 1, buckets))
    matrix.sum_duplicates()
    return matrix


def _names(row: str | Sequence[str]) -> Sequence[str]:
    if not isinstance(row, str):
        return row
    tokens = tuple(tokenize(row))
    return [name for name, _ in sentence_features(Line(Sentence(0, 0, len(row), row), tokens, ()))]


def _fit_column(
    matrix: csr_matrix, labels: NDArray[np.int8], weight: NDArray[np.float64] | None, strength: float
) -> tuple[NDArray[np.float64], float]:
    positives = int(labels.sum())
    if positives in (0, len(labels)):
        # The log-odds of one imagined case of the other class.
        return np.zeros(matrix.shape[1]), float(np.log((positives + 1) / (len(labels) - positives + 1)))
    model = LogisticRegression(C=strength, solver="liblinear", tol=1e-3, random_state=0)
    model.fit(matrix, labels, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])
