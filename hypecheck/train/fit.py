"""`hypecheck train`: from annotated documents to a model folder, the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hypecheck.checks.caveats import DOCUMENT_THRESHOLD
from hypecheck.score.folder import write_manifest
from hypecheck.score.values import write_values
from hypecheck.segment import PunktRules
from hypecheck.train.corpus import ROLES, GoldDocument, read_corpus, read_probes, read_real
from hypecheck.train.estimator import OverclaimClassifier
from hypecheck.train.figures import training_figures
from hypecheck.train.phrases import (
    PhraseFit,
    category_thresholds,
    fit_phrases,
    gate_thresholds,
    report_threshold,
)
from hypecheck.train.punkt import learn_rules
from hypecheck.train.risks import RiskFit, fit_risk
from hypecheck.train.scale import fit_scale
from hypecheck.train.subtypes import fit_subtypes, scorer_values
from hypecheck.train.vectors import FOLDS, TAGGED, Encoded, Rows, encode, line_rows, running_texts, token_rows
from hypecheck.types import CorpusError
from hypecheck.version import __version__

ROLE_STRENGTH = 0.5
"""Inverse regularisation of the role classifiers; missing-risk is flat from 0.3 to 1 in folds."""

CORES = 2
"""Columns fitted side by side; liblinear gives the interpreter free while it works."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Everything that training learnt, with the out-of-fold scores that figures are made from."""

    encoded: tuple[Encoded, ...]
    scores: NDArray[np.float64]
    phrases: dict[str, PhraseFit]
    risk: RiskFit
    report: dict[str, float]
    gates: dict[str, float]
    values: dict[str, Any]

    @property
    def thresholds(self) -> dict[str, dict[str, float]]:
        """Report and gate of every category; the document decision of missing-risk has its own."""
        phrases = {category: {"report": self.report[category], "gate": gate} for category, gate in self.gates.items()}
        return {**phrases, "missing-risk": {"report": DOCUMENT_THRESHOLD, "gate": self.risk.gate}}


def train(
    folder: Path, out: Path, *, real: Path | None = None, say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Train on `folder`, and on the texts under `real` where given; write a model to `out`.

    Returns the manifest. Raises CorpusError before anything is fitted where data is faulty.
    """
    written, probes = read_corpus(folder), read_probes(folder)
    labelled = read_real(folder / "real" / "labels.jsonl", real) if real else []
    gold = [*labelled, *written, *probes]
    if not labelled and not written:
        raise CorpusError(f"{folder}: holds no documents to learn from")
    say(f"{len(labelled)} real documents, {len(written)} written ones, {len(probes)} probes")
    rules = learn_rules(text for item in written for text in running_texts(item))
    # One thread in linear algebra: the order of a sum, and so its last bit, does not depend on the machine's cores.
    with threadpool_limits(limits=1):
        fit = fit_all(encode(gold, rules), rules, say)
    out.mkdir(parents=True, exist_ok=True)
    write_values(fit.values, out / "linear.joblib")
    return write_manifest(
        out,
        kind="linear",
        name="linear",
        version=__version__,
        files=["linear.joblib"],
        thresholds=fit.thresholds,
        calibration={
            "method": "logistic regression on out-of-fold phrases",
            "phrases": {category: len(found.scores) for category, found in fit.phrases.items()},
        },
        data={"sha256": digest_of(gold), "documents": len(labelled) + len(written), "probes": len(probes)},
        versions={name: version_of(name) for name in ("scikit-learn", "numpy", "scipy", "nltk", "joblib")},
        metrics=training_figures(fit.encoded, fit.scores, fit.phrases, fit.risk, fit.report, fit.gates),
    )


def fit_all(encoded: Sequence[Encoded], rules: PunktRules, say: Callable[[str], None]) -> Fit:
    """Fit every part, the parts above on what the parts below score out of fold."""
    tokens, lines = token_rows(encoded), line_rows(encoded)
    say(f"{tokens.matrix.shape[0]} words in {lines.matrix.shape[0]} sentences")
    tagger = OverclaimClassifier(n_jobs=CORES)
    roles = OverclaimClassifier(C=ROLE_STRENGTH, fewest=2, n_jobs=CORES)
    scores = score_out_of_fold(tagger, tokens)
    phrases = fit_phrases(encoded, scores, tokens.labels)
    say("phrases are fitted")
    risk = fit_risk(encoded, score_out_of_fold(roles, lines))
    report = category_thresholds(encoded, phrases, report_threshold(encoded, phrases))
    gates = gate_thresholds(phrases, report)
    score = fit_scale(encoded, phrases, report, risk)
    say(f"document score: {score}")
    tagger.fit(tokens.matrix, tokens.labels, tokens.weights)
    roles.fit(lines.matrix, lines.labels, lines.weights)
    values = {
        "tagger": scorer_values(tagger, TAGGED),
        "roles": scorer_values(roles, ROLES),
        "subtypes": fit_subtypes(encoded),
        "spans": {category: found.rule.as_row() for category, found in phrases.items()},
        "missing_risk": [risk.rule.benefit, risk.rule.harm, risk.rule.intercept],
        "punkt": rules.to_values(),
        "score": [score.scale, score.gain],
    }
    return Fit(tuple(encoded), scores, phrases, risk, report, gates, values)


def score_out_of_fold(model: OverclaimClassifier, rows: Rows) -> NDArray[np.float64]:
    """Each row's log-odds by the model that has not seen its fold."""
    scores = np.zeros(rows.labels.shape)
    for fold in range(FOLDS):
        held = rows.folds == fold
        if held.any():
            model.fit(rows.matrix[~held], rows.labels[~held], rows.weights[~held])
            scores[held] = model.decision_function(rows.matrix[held])
    return scores


def digest_of(gold: Sequence[GoldDocument]) -> str:
    """sha256 over the texts and labels that a model learnt from."""
    digest = hashlib.sha256()
    for item in gold:
        digest.update(repr((item.id, item.text, item.spans, item.roles, item.fields)).encode())
    return digest.hexdigest()
