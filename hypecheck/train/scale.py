"""Fits the two free numbers of the document score, on out-of-fold findings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

import numpy as np

from hypecheck.checks.caveats import DOCUMENT_THRESHOLD
from hypecheck.checks.findings import FAINTEST, SEVERITY_WEIGHT
from hypecheck.train.figures import rank_correlation
from hypecheck.train.phrases import DIGITS, PhraseFit
from hypecheck.train.risks import RiskFit
from hypecheck.train.vectors import Encoded

SCALES = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
"""Quiet sentences' worth; from a headline alone to a whole article."""


TWIN_GRADES = 2
"""Steps of the annotators' grade, 0 to 4, from which one of two documents on a subject is the careful one."""

BLATANT_GRADE, BLATANT_SCORE = 4, 50.0
"""The median of unseen documents graded 4, blatant, lands on 50 of 100. At 80 articles in stock phrases, of which
more is found than of the median, all came out between 99 and 100."""


class ScoreScale(NamedTuple):
    """Quiet sentences' worth, the gain, and the rank correlation with the hype grade."""

    scale: float
    gain: float
    rank: float


def fit_scale(
    encoded: Sequence[Encoded], fits: Mapping[str, PhraseFit], report: Mapping[str, float], risk: RiskFit
) -> ScoreScale:
    """The scale that ranks documents most like the annotators' hype grade, and the gain that spreads them.

    Phrases weigh as medium ones: severity moves by rules that folds do not touch.
    """
    documents = [item for item in encoded if item.gold.fields is not None]
    weights, touched = _weigh(documents, fits, report, risk)
    grades = [item.gold.fields["hype"] for item in documents if item.gold.fields]
    tried = []
    for scale in SCALES:
        scores = [_raw(item, weights, touched, scale) for item in documents]
        blatant = [score for score, grade in zip(scores, grades, strict=True) if grade == BLATANT_GRADE and score > 0]
        gain = -math.log(1 - BLATANT_SCORE / 100) / median(blatant) if blatant else 1.0
        tried.append(ScoreScale(scale, round(gain, DIGITS), rank_correlation(scores, grades) or 0.0))
    return max(tried, key=lambda row: (row.rank, -row.scale))


def compare_twins(
    encoded: Sequence[Encoded],
    fits: Mapping[str, PhraseFit],
    report: Mapping[str, float],
    risk: RiskFit,
    scale: float,
) -> dict[str, float | int]:
    """Pairs of written documents on one subject, TWIN_GRADES apart or more: the share in the right order."""
    documents = [item for item in encoded if item.gold.fields is not None and item.gold.batch != "real"]
    weights, touched = _weigh(documents, fits, report, risk)
    by_topic: dict[str, list[Encoded]] = {}
    for item in documents:
        by_topic.setdefault(item.gold.topic, []).append(item)
    right = [
        _raw(low, weights, touched, scale) < _raw(high, weights, touched, scale)
        for group in by_topic.values()
        for low in group
        for high in group
        if _grade(high) - _grade(low) >= TWIN_GRADES
    ]
    return {"pairs": len(right), "careful_lower": round(sum(right) / max(1, len(right)), 4)}


def _grade(item: Encoded) -> int:
    return int(item.gold.fields["hype"]) if item.gold.fields else 0


def _raw(item: Encoded, weights: Mapping[int, float], touched: Mapping[int, set[int]], scale: float) -> float:
    row = item.token_row
    return weights[row] / (scale + max(0, len(item.lines) - len(touched[row])))


def _weigh(
    documents: Sequence[Encoded], fits: Mapping[str, PhraseFit], report: Mapping[str, float], risk: RiskFit
) -> tuple[dict[int, float], dict[int, set[int]]]:
    """Summed weight of each document's phrases, shown or faint, and where its findings start."""
    weights = dict.fromkeys((item.token_row for item in documents), 0.0)
    touched: dict[int, set[int]] = {item.token_row: set() for item in documents}
    for category, fit in fits.items():
        for i in np.flatnonzero(fit.scores >= FAINTEST):
            document = int(fit.phrases.documents[i])
            if document not in weights:
                continue
            weights[document] += SEVERITY_WEIGHT["medium"] * float(fit.scores[i])
            if fit.scores[i] >= report[category]:
                touched[document].add(int(fit.phrases.starts[i]))
    for item, score in zip(risk.documents, risk.scores, strict=True):
        if score >= DOCUMENT_THRESHOLD and item.token_row in weights:
            weights[item.token_row] += SEVERITY_WEIGHT["high"] * float(score)
    return weights, touched
