"""Chooses from which score a phrase is reported, and from which it can fail a run, on scores made out of fold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hypecheck.train.measures import Tally, total
from hypecheck.train.phrases import PhraseFit, compare_all, compare_one, f1_of
from hypecheck.train.vectors import Encoded

GATE_PRECISION = 0.9
"""The design's rule: of the findings that can fail a run nine in ten are right."""

GATE_CASES = 20
"""A gate needs so many candidates above it, or its precision is luck (19 of 20 is 0.95)."""

REFERENCE = frozenset({"consumer-page", "plain-summary", "patient-leaflet"})
"""Genres of public bodies. News and releases graded 0 hold about one annotated phrase in 1,000 words and read like
those that oversell; a bound on them took 0.06 of typed F1 on held-out real documents (0.43 to 0.37)."""

MOST_ALARMS = 0.5
"""False findings per 1,000 words of reference pages graded 0, careful. Two are what an editor is said to bear, and
pages of other makers set off two to four times as many as those whose batch was learnt from: with 1.0 here there
were 1.8 (contextual) and 3.6 (linear) on MedQuAD and 3.1 and 1.9 on Cochrane summaries. Typed F1 on held-out
documents falls with 0.5 from 0.44 to 0.41 on real and stays at 0.41 on written ones."""

QUIET_ALARMS = 0.02
"""Findings of one category per 1,000 words of careful text under which its threshold may fall below the
pooled one: all thirteen together add a fifth of MOST_ALARMS at most. With 0.05 the reference pages of MedQuAD
had 2.5 findings per 1,000 words, with none below the pooled threshold 1.9."""

PRIOR_SPANS = 50
"""Annotated spans of which a category's own threshold needs about as many before it counts as much as the pooled."""

NEVER = 1.0
"""A gate threshold that a logistic score does not reach."""


def report_threshold(encoded: Sequence[Encoded], fits: dict[str, PhraseFit]) -> float:
    """The threshold of best typed F1 that keeps to MOST_ALARMS on careful text, one for all categories.

    F1 is that of real documents, of all where there are no real ones. Scores are calibrated, so
    that equal thresholds are best for the pooled F1: thresholds chosen category by category
    scored 0.289 in folds of the real documents, the pooled one 0.298.
    """
    documents = [item for item in encoded if not item.is_probe]
    measured = [item for item in documents if item.gold.batch == "real"] or documents
    careful, words = _careful(documents)
    grid = [round(step / 100, 2) for step in range(6, 61, 2)]
    quiet = [t for t in grid if _false(_at(careful, fits, t)) * 1000 <= MOST_ALARMS * words] or grid[-1:]
    return max(quiet, key=lambda t: _at(measured, fits, t).agreement().f1)


def category_thresholds(encoded: Sequence[Encoded], fits: dict[str, PhraseFit], pooled: float) -> dict[str, float]:
    """Each category's threshold: the pooled one, or lower where careful text hardly ever sets the category off.

    A category's own threshold is that of its best F1 among those with at most QUIET_ALARMS on
    careful text. It is shrunk towards the pooled one as if that had been seen on PRIOR_SPANS spans.
    """
    documents = [item for item in encoded if not item.is_probe]
    careful, words = _careful(documents)
    grid = [round(step / 100, 2) for step in range(6, round(100 * pooled), 2)]
    thresholds = {}
    for category, fit in fits.items():
        quiet = [
            t for t in grid if _false(compare_one(careful, category, fit, t).typed()) * 1000 <= QUIET_ALARMS * words
        ]
        own = max([*quiet, pooled], key=lambda t: f1_of(compare_one(documents, category, fit, t)))
        spans = sum(span.category == category for item in documents for span in item.gold.spans)
        thresholds[category] = round((spans * own + PRIOR_SPANS * pooled) / (spans + PRIOR_SPANS), 4)
    return thresholds


def _careful(documents: Sequence[Encoded]) -> tuple[list[Encoded], int]:
    """Reference pages graded 0, or all documents graded 0 where there are none, and their words."""
    careful = [item for item in documents if item.gold.fields and item.gold.fields["hype"] == 0]
    chosen = [item for item in careful if item.gold.genre in REFERENCE] or careful
    return chosen, sum(len(item.gold.text.split()) for item in chosen)


def _false(tally: Tally) -> float:
    """How much of the findings nobody annotated."""
    return tally.predicted - tally.covered_predicted


def _at(documents: Sequence[Encoded], fits: dict[str, PhraseFit], threshold: float) -> Tally:
    return total(compare_all(documents, fits, dict.fromkeys(fits, threshold))).typed()


def gate_thresholds(fits: dict[str, PhraseFit], report: dict[str, float]) -> dict[str, float]:
    """Where out-of-fold precision reaches GATE_PRECISION, per category and pooled, the higher of both.

    A phrase counts as right where at least half of it was marked.
    """
    pooled = precision_gate(
        np.concatenate([fit.scores for fit in fits.values()]),
        np.concatenate([fit.phrases.shares for fit in fits.values()]),
    )
    gates = {}
    for category, fit in fits.items():
        own = precision_gate(fit.scores, fit.phrases.shares)
        # A category with too few cases of its own borrows the pooled gate.
        few = int((fit.scores >= pooled).sum()) < GATE_CASES
        gate = pooled if few else max(own, pooled)
        gates[category] = round(max(gate, report[category]), 4)
    return gates


def precision_gate(scores: NDArray[np.float64], shares: NDArray[np.float64]) -> float:
    """The lowest score above which GATE_PRECISION of at least GATE_CASES are right, else NEVER."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(shares[order] >= 0.5)
    precision = right / np.arange(1, len(order) + 1)
    reached = np.flatnonzero((precision >= GATE_PRECISION) & (np.arange(1, len(order) + 1) >= GATE_CASES))
    return float(scores[order[reached[-1]]]) if len(reached) else NEVER
