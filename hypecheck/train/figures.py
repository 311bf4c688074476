"""Figures of a training run, all on scores made out of fold."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from hypecheck.score.features import is_mark
from hypecheck.score.spans import find_candidates, logistic
from hypecheck.train.corpus import GoldDocument
from hypecheck.train.measures import dice, total
from hypecheck.train.phrases import PhraseFit, compare_all, heat_of
from hypecheck.train.risks import RiskFit
from hypecheck.train.vectors import TAGGED, Encoded

CALIBRATED_FROM = 0.05
"""Sentences of a lower probability are nearly all right and would hide the error of the others."""

FEWEST_SENTENCES = 100
"""Ten sentences a bin; below that the error of a bin is luck."""

BINS = 10
"""Bins of equal mass, as the published systems report calibration."""

DRAWS = 200
"""Of labels from the probabilities themselves; the mean of the worst category's error moves by 0.002 with the seed."""


def training_figures(
    encoded: Sequence[Encoded],
    scores: NDArray[np.float64],
    fits: dict[str, PhraseFit],
    risk: RiskFit,
    report: dict[str, float],
    gates: dict[str, float],
) -> dict[str, Any]:
    """Agreement on real and on written documents, per category, at the gate, on probes, and of missing-risk."""
    documents = [item for item in encoded if not item.is_probe]
    real = [item for item in documents if item.gold.batch == "real"]
    written = [item for item in documents if item.gold.batch != "real"]
    at_report, at_gate = report, {name: gates[name] for name in fits}
    return {
        "real": _agreement(real, fits, at_report),
        "written": _agreement(written, fits, at_report),
        "batches": {
            batch: _agreement([d for d in written if d.gold.batch == batch], fits, at_report)
            for batch in sorted({d.gold.batch for d in written})
        },
        "categories": _categories(documents, fits, at_report),
        "gate": _gated(fits, at_gate),
        "probes": _probes(encoded, scores, fits, report),
        "missing_risk": _risks(risk),
        "caveat_texts": _caveats(risk),
        "calibration_error": {
            name: expected_error(fit.scores.tolist(), fit.phrases.shares.tolist()) for name, fit in fits.items()
        },
        "sentence_calibration": _sentences(documents, fits),
    }


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's coefficient; None where either side is constant."""
    if len(set(one)) < 2 or len(set(other)) < 2:
        return None
    return float(spearmanr(one, other).statistic)


def expected_error(chances: Sequence[float], truth: Sequence[float]) -> float | None:
    """Expected calibration error in ten bins of equal mass; None without cases."""
    if not chances:
        return None
    order = np.argsort(chances, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    gaps = [abs(float(np.take(chances, part).mean() - np.take(truth, part).mean())) * len(part) for part in bins]
    return sum(gaps) / len(chances)


def error_by_chance(categories: Sequence[Sequence[float]]) -> float | None:
    """The highest error among categories that is to be expected where each of these probabilities is exact."""
    chance = np.random.default_rng(0)
    errors = [
        [expected_error(scores, row) or 0.0 for row in (chance.random((DRAWS, len(scores))) < scores).tolist()]
        for scores in categories
    ]
    return round(float(np.max(errors, axis=0).mean()), 4) if errors else None


def _agreement(
    documents: Sequence[Encoded], fits: dict[str, PhraseFit], thresholds: dict[str, float]
) -> dict[str, float | int]:
    summed = total(compare_all(documents, fits, thresholds))
    typed = summed.typed()
    words = sum(len(item.gold.text.split()) for item in documents)
    return {
        "documents": len(documents),
        **{name: round(value, 4) for name, value in typed.agreement()._asdict().items()},
        "sentence_f1": round(dice(summed.sentences), 4),
        "found_per_1000_words": round(1000 * typed.predicted / max(1, words), 2),
        "gold_per_1000_words": round(1000 * typed.gold / max(1, words), 2),
    }


def _categories(
    documents: Sequence[Encoded], fits: dict[str, PhraseFit], thresholds: dict[str, float]
) -> dict[str, dict[str, float | int]]:
    summed = total(compare_all(documents, fits, thresholds))
    return {
        name: {
            **{key: round(value, 4) for key, value in summed.categories[name].agreement()._asdict().items()},
            "gold": summed.categories[name].gold,
        }
        for name in TAGGED
    }


def _sentences(documents: Sequence[Encoded], fits: dict[str, PhraseFit]) -> dict[str, Any]:
    """Expected calibration error of a sentence's highest phrase, per category with enough sentences, and the worst.

    `by_chance` is the worst that is to be expected of probabilities that are exact, on as few sentences.
    """
    errors, chances = {}, []
    places = {item.token_row: _line_ranges(item) for item in documents}
    gold = {item.token_row: item.gold for item in documents}
    for name, fit in fits.items():
        highest: dict[tuple[int, int], float] = {}
        for document, start, score in zip(
            fit.phrases.documents.tolist(), fit.phrases.starts.tolist(), fit.scores.tolist(), strict=True
        ):
            ends = [end for _, end in places[document]]
            key = (document, bisect_right(ends, start))
            highest[key] = max(highest.get(key, 0.0), score)
        cases = [
            (score, float(_marked(gold[document], name, places[document][line])))
            for (document, line), score in highest.items()
            if score >= CALIBRATED_FROM
        ]
        if len(cases) >= FEWEST_SENTENCES:
            scores, marked = map(list, zip(*cases, strict=True))
            errors[name] = round(expected_error(scores, marked) or 0.0, 4)
            chances.append(scores)
    return {"categories": errors, "worst": max(errors.values(), default=None), "by_chance": error_by_chance(chances)}


def _line_ranges(item: Encoded) -> list[tuple[int, int]]:
    """Half-open source ranges of a document's lines, in order."""
    return [item.source_range(number, 0, len(line.tokens) - 1) for number, line in enumerate(item.lines)]


def _marked(gold: GoldDocument, category: str, place: tuple[int, int]) -> bool:
    return any(s.category == category and s.start < place[1] and s.end > place[0] for s in gold.spans)


def _gated(fits: dict[str, PhraseFit], gates: dict[str, float]) -> dict[str, float | int]:
    right = [share >= 0.5 for name, fit in fits.items() for share in fit.phrases.shares[fit.scores >= gates[name]]]
    return {"findings": len(right), "precision": round(sum(right) / max(1, len(right)), 4)}


def _probes(
    encoded: Sequence[Encoded], scores: NDArray[np.float64], fits: dict[str, PhraseFit], report: dict[str, float]
) -> dict[str, Any]:
    """Balanced accuracy of telling positives from near-misses, per category, and its mean."""
    hits: dict[str, dict[bool, list[bool]]] = {}
    for item in encoded:
        category = item.gold.probe_category
        if item.is_probe and category in TAGGED:
            positive = item.gold.id.endswith("/positive")
            heat = heat_of(item, scores)
            found = highest_phrase(item, scores[:, TAGGED.index(category)], fits[category], heat) >= report[category]
            hits.setdefault(category, {True: [], False: []})[positive].append(found == positive)
    accuracy = {
        name: round((float(np.mean(sides[True])) + float(np.mean(sides[False]))) / 2, 4)
        for name, sides in sorted(hits.items())
    }
    return {
        "balanced_accuracy": accuracy,
        "mean": round(float(np.mean(list(accuracy.values()))), 4) if accuracy else None,
    }


def highest_phrase(item: Encoded, column: NDArray[np.float64], fit: PhraseFit, heat: float) -> float:
    """The highest score of a phrase of the category in a document."""
    best, row = 0.0, item.token_row
    for line in item.lines:
        values = column[row : row + len(line.tokens)].tolist()
        row += len(line.tokens)
        for candidate in find_candidates(
            values, [is_mark(token) for token in line.tokens], fit.rule.drop, fit.rule.floor
        ):
            best = max(best, logistic(fit.rule.decision(values, candidate, heat)))
    return best


def _caveats(risk: RiskFit) -> dict[str, float | int]:
    """How often the missing-risk decision is right on caveat texts that it has not seen."""
    if not len(risk.told_apart):
        return {}
    return {"texts": len(risk.told_apart), "accuracy": round(float(risk.told_apart.mean()), 4)}


def _risks(risk: RiskFit) -> dict[str, float]:
    real = np.array([item.gold.batch == "real" for item in risk.documents])
    right = (risk.scores >= 0.5) == risk.truth
    figures = {"all": float(right.mean())}
    for name, chosen in (("real", real), ("written", ~real)):
        if chosen.any():
            figures[name] = round(float(right[chosen].mean()), 4)
    return figures
