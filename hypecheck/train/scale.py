"""Fits the two free numbers of the document score, on out-of-fold findings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

import numpy as np

from hypecheck.checks.caveats import DOCUMENT_THRESHOLD
from hypecheck.checks.findings import SEVERITY_WEIGHT
from hypecheck.train.figures import rank_correlation
from hypecheck.train.phrases import DIGITS, PhraseFit
from hypecheck.train.risks import RiskFit
from hypecheck.train.vectors import Encoded

SCALES = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
"""Quiet sentences' worth; from a headline alone to a whole article."""


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
    weights = dict.fromkeys((item.token_row for item in documents), 0.0)
    touched: dict[int, set[int]] = {item.token_row: set() for item in documents}
    for category, fit in fits.items():
        for i in np.flatnonzero(fit.scores >= report[category]):
            document = int(fit.phrases.documents[i])
            weights[document] += SEVERITY_WEIGHT["medium"] * float(fit.scores[i])
            touched[document].add(int(fit.phrases.starts[i]))
    for item, score in zip(risk.documents, risk.scores, strict=True):
        if score >= DOCUMENT_THRESHOLD:
            weights[item.token_row] += SEVERITY_WEIGHT["high"] * float(score)
    grades = [item.gold.fields["hype"] for item in documents if item.gold.fields]
    tried = []
    for scale in SCALES:
        scores = [
            weights[item.token_row] / (scale + max(0, len(item.lines) - len(touched[item.token_row])))
            for item in documents
        ]
        blatant = [score for score, grade in zip(scores, grades, strict=True) if grade == BLATANT_GRADE and score > 0]
        gain = -math.log(1 - BLATANT_SCORE / 100) / median(blatant) if blatant else 1.0
        tried.append(ScoreScale(scale, round(gain, DIGITS), rank_correlation(scores, grades) or 0.0))
    return max(tried, key=lambda row: (row.rank, -row.scale))
