"""The linear and the contextual model on the same held-out documents: compare_models.py REAL_FOLDER WORK_FOLDER

WORK_FOLDER is the one that `hypecheck train --model contextual --work` left: the log-odds of
documents that its encoder has not seen. The linear model is fitted on the same other documents,
both get their decoding from the same held-out ones, and documents are drawn in pairs 2,000 times.
Writes docs/comparison.json, which the model card shows.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hypecheck.train.decoding import DecodingFit, fit_decoding
from hypecheck.train.estimator import OverclaimClassifier
from hypecheck.train.fit import ROLE_STRENGTH, describe, read_everything
from hypecheck.train.measures import Comparison, total
from hypecheck.train.phrases import compare_all
from hypecheck.train.vectors import HELD, Rows, encode, line_rows, refold, token_rows

ROOT = Path(__file__).resolve().parents[1]
RESAMPLES = 2000


def main(real: Path, work: Path) -> int:
    """Write the figures."""
    gold, rules = read_everything(ROOT / "training_data", real, print)
    encoded = [item for item in encode(gold, rules) if not item.gold.roles_only]
    tokens, lines = token_rows(encoded), line_rows(encoded)
    held = refold([item for item in encoded if item.fold == HELD])
    saved = np.load(work / "held.npz")
    linear = (
        unseen(OverclaimClassifier(n_jobs=2), tokens),
        unseen(OverclaimClassifier(C=ROLE_STRENGTH, fewest=2, n_jobs=2), lines),
    )
    # Caveat texts stand last among what was read, and are left out here.
    contextual = (saved["tags"][: len(tokens.labels)], saved["roles"][: len(lines.labels)])
    both = tuple((one + other) / 2 for one, other in zip(linear, contextual, strict=True))
    fits = {
        name: fit_decoding(held, tags, tokens.labels, roles, lambda _: None)
        for name, (tags, roles) in {"linear": linear, "contextual": contextual, "mean of both": both}.items()
    }
    documents = [item for item in held if not item.is_probe]
    figures: dict[str, Any] = {"data": describe(gold), "held_documents": len(documents)}
    for part, chosen in (
        ("real", [d for d in documents if d.gold.batch == "real"]),
        ("written", [d for d in documents if d.gold.batch != "real"]),
        ("all", documents),
    ):
        counted = {name: compare_all(chosen, fit.phrases, fit.report) for name, fit in fits.items()}
        figures[part] = {
            "documents": len(chosen),
            **{name: round(total(rows).typed().agreement().f1, 4) for name, rows in counted.items()},
            "contextual - linear": interval(counted["linear"], counted["contextual"]),
            "mean of both - contextual": interval(counted["contextual"], counted["mean of both"]),
        }
    figures["measures"] = {name: measures(fit) for name, fit in fits.items()}
    text = json.dumps(figures, indent=1) + "\n"
    (ROOT / "docs" / "comparison.json").write_text(text, encoding="utf-8")
    print(text)
    return 0


def unseen(model: OverclaimClassifier, rows: Rows) -> NDArray[np.float64]:
    """Log-odds of the held-out rows by a model fitted on the others; zero elsewhere."""
    held = rows.folds == HELD
    model.fit(rows.matrix[~held], rows.labels[~held], rows.weights[~held])
    scores = np.zeros(rows.labels.shape)
    scores[held] = model.decision_function(rows.matrix[held])
    return scores


def interval(one: Sequence[Comparison], other: Sequence[Comparison]) -> dict[str, float]:
    """The difference of typed F1, other minus one, with the middle 95 per cent of paired resamples."""
    chance = np.random.default_rng(0)
    drawn = []
    for _ in range(RESAMPLES):
        rows = chance.integers(len(one), size=len(one))
        drawn.append(_f1([other[i] for i in rows]) - _f1([one[i] for i in rows]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return {"difference": round(_f1(other) - _f1(one), 4), "low": round(low, 4), "high": round(high, 4)}


def measures(fit: DecodingFit) -> dict[str, Any]:
    """What else the training figures say."""
    figures = fit.figures()
    return {
        "probes": figures["probes"]["mean"],
        "gate": figures["gate"],
        "missing_risk": figures["missing_risk"],
        "score_rank": round(fit.score.rank, 4),
        "categories": {name: row["f1"] for name, row in figures["categories"].items()},
    }


def _f1(comparisons: Sequence[Comparison]) -> float:
    return total(comparisons).typed().agreement().f1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
