"""Fits the classifiers that tell a category's subtypes apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hypecheck.categories import SUBTYPES
from hypecheck.score.decoding import subtype_features
from hypecheck.train.estimator import OverclaimClassifier
from hypecheck.train.vectors import Encoded

SPLIT = ("approval-overclaim", "care-avoidance")
"""The categories whose phrases fall into subtypes."""

BUCKETS = 1 << 14
"""Few hundred phrases hold some ten thousand features; 2^14 rows weigh 64 to 114 kB."""

STRENGTH = 1.0
"""Every row is a whole phrase here, and there are only hundreds of them."""


def fit_subtypes(encoded: Sequence[Encoded]) -> dict[str, dict[str, Any]]:
    """For each category with subtypes, the values of a scorer fitted on annotated phrases."""
    values = {}
    for category in SPLIT:
        names = SUBTYPES[category]
        rows, labels = [], []
        for item in encoded:
            for number, line in enumerate(item.lines):
                for span in item.gold.spans:
                    if span.category != category:
                        continue
                    inside = [
                        i
                        for i in range(len(line.tokens))
                        if span.start < item.source_range(number, i, i)[1]
                        and span.end > item.source_range(number, i, i)[0]
                    ]
                    if inside:
                        rows.append(subtype_features(line, inside[0], inside[-1]))
                        labels.append([int(span.subtype == name) for name in names])
        if rows:
            model = OverclaimClassifier(C=STRENGTH, buckets=BUCKETS, fewest=1)
            values[category] = scorer_values(model.fit(rows, np.array(labels)), names)
    return values


def scorer_values(model: OverclaimClassifier, names: Sequence[str]) -> dict[str, Any]:
    """A fitted classifier as the plain values that `hypecheck.score.scorer.Scorer` reads."""
    return {
        "names": list(names),
        "buckets": model.buckets,
        "rows": model.packed_rows(),
        "scales": [float(scale) for scale in model.scales_],
        "intercepts": [float(intercept) for intercept in model.intercepts_],
    }
