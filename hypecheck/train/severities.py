"""Fits the severity of phrases on what the annotators said of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypecheck.score.severity import severity_features
from hypecheck.train.estimator import OverclaimClassifier, hash_rows
from hypecheck.train.subtypes import scorer_values
from hypecheck.train.vectors import FOLDS, TAGGED, Encoded
from hypecheck.types import SEVERITIES

BUCKETS = 1 << 15
"""Some 30,000 features; 2^15 rows weigh 98 kB."""

STRENGTH = 0.02
"""Of 0.02, 0.05, 0.1 and 0.3 the one that was right most often on phrases of real documents in folds by subject."""

REAL_WEIGHT = 2.0
"""Of a phrase of a real document beside a written one. In folds 2 was right on 0.678 of real and 0.707 of written
phrases, 4 on 0.675 and 0.700; the category's default moved by rules of the guidelines on 0.648 and 0.627."""


def fit_severity(encoded: Sequence[Encoded]) -> dict[str, Any]:
    """The values of a scorer with a column a severity."""
    rows, labels, weights, _ = _phrases(encoded)
    return scorer_values(_model().fit(rows, labels, weights), SEVERITIES)


def severity_figures(encoded: Sequence[Encoded]) -> dict[str, float | int]:
    """How often the fitted severity is right on annotated phrases of documents that it has not seen."""
    rows, labels, weights, items = _phrases(encoded)
    if not len(labels):
        return {}
    matrix = hash_rows(rows, BUCKETS)
    folds = np.array([item.fold for item in items])
    real = np.array([item.gold.batch == "real" for item in items])
    right = np.zeros(len(items), dtype=bool)
    for fold in range(FOLDS):
        held = folds == fold
        if held.any() and not held.all():
            model = _model().fit(matrix[~held], labels[~held], weights[~held])
            right[held] = model.decision_function(matrix[held]).argmax(axis=1) == labels[held].argmax(axis=1)
    parts = {"real": real, "written": ~real}
    return {name: round(float(right[part].mean()), 4) for name, part in parts.items() if part.any()}


def _model() -> OverclaimClassifier:
    return OverclaimClassifier(C=STRENGTH, rare_C=STRENGTH, buckets=BUCKETS, fewest=2)


def _phrases(
    encoded: Sequence[Encoded],
) -> tuple[list[list[str]], NDArray[np.int8], NDArray[np.float64], list[Encoded]]:
    """Features, severities, weights and documents of the annotated phrases; probes have no context to be weighed in."""
    rows: list[list[str]] = []
    labels: list[list[int]] = []
    items: list[Encoded] = []
    for item in encoded:
        if item.is_probe:
            continue
        for features, severity in _of_document(item):
            rows.append(features)
            labels.append([int(severity == level) for level in SEVERITIES])
            items.append(item)
    weights = np.array([REAL_WEIGHT if item.gold.batch == "real" else 1.0 for item in items])
    return rows, np.array(labels, dtype=np.int8).reshape(-1, len(SEVERITIES)), weights, items


def _of_document(item: Encoded) -> Iterator[tuple[list[str], str]]:
    for number, line in enumerate(item.lines):
        places = [item.source_range(number, i, i) for i in range(len(line.tokens))]
        for span in item.gold.spans:
            inside = [i for i, (start, end) in enumerate(places) if span.start < end and span.end > start]
            if inside and span.category in TAGGED:
                yield severity_features(span.category, line, inside[0], inside[-1]), span.severity
