"""`hypecheck train`: from annotated documents to a model folder, the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hypecheck.score.folder import write_manifest
from hypecheck.score.model import LINEAR_FILE
from hypecheck.score.values import write_values
from hypecheck.segment import PunktRules
from hypecheck.train.caveats import read_caveats
from hypecheck.train.corpus import ROLES, GoldDocument, read_corpus, read_probes, read_real
from hypecheck.train.decoding import DecodingFit, fit_decoding
from hypecheck.train.estimator import OverclaimClassifier
from hypecheck.train.punkt import learn_rules
from hypecheck.train.severities import fit_severity, severity_figures
from hypecheck.train.subtypes import fit_subtypes, scorer_values
from hypecheck.train.vectors import FOLDS, TAGGED, Encoded, Rows, encode, line_rows, running_texts, token_rows
from hypecheck.types import CorpusError
from hypecheck.version import __version__

ROLE_STRENGTH = 0.5
"""Inverse regularisation of the role classifiers; missing-risk is flat from 0.3 to 1 in folds."""

CORES = 2
"""Columns fitted side by side; liblinear gives the interpreter free while it works."""


def train(
    folder: Path, out: Path, *, real: Path | None = None, say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Train on `folder`, and on the texts under `real` where given; write a model to `out`.

    Returns the manifest. Raises CorpusError before anything is fitted where data is faulty.
    """
    gold, rules = read_everything(folder, real, say)
    # One thread in linear algebra: the order of a sum, and so its last bit, does not depend on the machine's cores.
    with threadpool_limits(limits=1):
        encoded = encode(gold, rules)
        fit, values = fit_all(encoded, rules, say)
        figures = {"severity": severity_figures(encoded)}
    out.mkdir(parents=True, exist_ok=True)
    write_values(values, out / LINEAR_FILE)
    return write_manifest(
        out,
        kind="linear",
        name="linear",
        version=__version__,
        files=[LINEAR_FILE],
        thresholds=fit.thresholds,
        calibration=fit.calibration,
        data=describe(gold),
        versions={name: version_of(name) for name in ("scikit-learn", "numpy", "scipy", "nltk", "joblib")},
        metrics={**fit.figures(), **figures},
    )


def read_everything(
    folder: Path, real: Path | None, say: Callable[[str], None]
) -> tuple[list[GoldDocument], PunktRules]:
    """Real documents, written ones, probes, caveat texts, in this order, and the splitter of the written ones."""
    written, probes, caveats = read_corpus(folder), read_probes(folder), read_caveats(folder)
    labelled = read_real(folder / "real" / "labels.jsonl", real) if real else []
    if not labelled and not written:
        raise CorpusError(f"{folder}: holds no documents to learn from")
    counts = f"{len(labelled)} real documents, {len(written)} written ones, {len(probes)} probes"
    say(f"{counts}, {len(caveats)} caveat texts")
    return [*labelled, *written, *probes, *caveats], learn_rules(
        text for item in written for text in running_texts(item)
    )


def describe(gold: Sequence[GoldDocument]) -> dict[str, Any]:
    """What a manifest says of the data: a digest and counts."""
    caveats = sum(item.roles_only for item in gold)
    probes = sum(item.fields is None for item in gold) - caveats
    documents = len(gold) - probes - caveats
    return {"sha256": digest_of(gold), "documents": documents, "probes": probes, "caveat_texts": caveats}


def fit_all(
    encoded: Sequence[Encoded], rules: PunktRules, say: Callable[[str], None]
) -> tuple[DecodingFit, dict[str, Any]]:
    """The decoding and the model's values: every part, the parts above on what the parts below score out of fold."""
    tagged = [item for item in encoded if not item.gold.roles_only]
    tokens, lines = token_rows(tagged), line_rows(encoded)
    say(f"{tokens.matrix.shape[0]} words in {lines.matrix.shape[0]} sentences")
    tagger = OverclaimClassifier(n_jobs=CORES)
    roles = OverclaimClassifier(C=ROLE_STRENGTH, fewest=2, n_jobs=CORES)
    scores, odds = score_out_of_fold(tagger, tokens), score_out_of_fold(roles, lines)
    caveats = [item for item in encoded if item.gold.roles_only]
    fit = fit_decoding(tagged, scores, tokens.labels, odds, say, caveats=caveats)
    tagger.fit(tokens.matrix, tokens.labels, tokens.weights)
    roles.fit(lines.matrix, lines.labels, lines.weights)
    values = {
        **fit.values(),
        "tagger": scorer_values(tagger, TAGGED),
        "roles": scorer_values(roles, ROLES),
        "subtypes": fit_subtypes(encoded),
        "severities": fit_severity(encoded),
        "punkt": rules.to_values(),
    }
    return fit, values


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
