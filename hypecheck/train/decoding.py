"""Fits everything that lies between log-odds and a report, on log-odds made out of fold; the same for every model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypecheck.checks.caveats import DOCUMENT_THRESHOLD
from hypecheck.train.figures import training_figures
from hypecheck.train.phrases import PhraseFit, fit_phrases
from hypecheck.train.risks import RiskFit, fit_risk
from hypecheck.train.scale import ScoreScale, compare_twins, fit_scale
from hypecheck.train.thresholds import category_thresholds, gate_thresholds, report_threshold
from hypecheck.train.vectors import TAGGED, Encoded


@dataclass(frozen=True, slots=True)
class DecodingFit:
    """What was fitted, with the out-of-fold log-odds of words that figures are made from."""

    encoded: tuple[Encoded, ...]
    scores: NDArray[np.float64]
    phrases: dict[str, PhraseFit]
    risk: RiskFit
    report: dict[str, float]
    gates: dict[str, float]
    score: ScoreScale

    @property
    def thresholds(self) -> dict[str, dict[str, float]]:
        """Report and gate of every category; the document decision of missing-risk has its own."""
        phrases = {category: {"report": self.report[category], "gate": gate} for category, gate in self.gates.items()}
        return {**phrases, "missing-risk": {"report": DOCUMENT_THRESHOLD, "gate": self.risk.gate}}

    @property
    def calibration(self) -> dict[str, Any]:
        """How scores were calibrated, and on how many phrases."""
        return {
            "method": "logistic regression on out-of-fold phrases",
            "phrases": {category: len(found.scores) for category, found in self.phrases.items()},
        }

    def values(self) -> dict[str, Any]:
        """The part of a model's values that `hypecheck.score.decoding` reads, but for subtypes and splitter."""
        return {
            "names": list(TAGGED),
            "spans": {category: found.rule.as_row() for category, found in self.phrases.items()},
            "missing_risk": list(astuple(self.risk.rule)),
            "score": [self.score.scale, self.score.gain],
        }

    def figures(self) -> dict[str, Any]:
        """Agreement, precision at the gate, calibration, probes: all out of fold."""
        figures = training_figures(self.encoded, self.scores, self.phrases, self.risk, self.report, self.gates)
        twins = compare_twins(self.encoded, self.phrases, self.report, self.risk, self.score.scale)
        return {**figures, "score": {"rank_correlation": round(self.score.rank, 4), "twins": twins}}


def fit_decoding(
    encoded: Sequence[Encoded],
    scores: NDArray[np.float64],
    labels: NDArray[np.int8],
    odds: NDArray[np.float64],
    say: Callable[[str], None],
    *,
    caveats: Sequence[Encoded] = (),
) -> DecodingFit:
    """Fit phrases, thresholds, the missing-risk decision and the document score.

    `scores` are out-of-fold log-odds of words by categories, `labels` their truth, `odds` those of
    lines by roles; all in the rows that `encoded` names. `caveats` take part in the missing-risk decision alone.
    """
    phrases = fit_phrases(encoded, scores, labels)
    say("phrases are fitted")
    risk = fit_risk(encoded, odds, caveats)
    report = category_thresholds(encoded, phrases, report_threshold(encoded, phrases))
    gates = gate_thresholds(phrases, report)
    score = fit_scale(encoded, phrases, report, risk)
    say(f"document score: {score}")
    return DecodingFit(tuple(encoded), scores, phrases, risk, report, gates, score)
