"""`hypecheck train --model contextual`: tunes the encoder, fits the decoding on held-out documents, writes both."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np

from hypecheck.score.folder import write_manifest
from hypecheck.score.model import DECODING_FILE, ENCODER_FILE, TOKENIZER_FILE
from hypecheck.score.values import write_values
from hypecheck.train.blend import fit_blend
from hypecheck.train.corpus import ROLES
from hypecheck.train.decoding import DecodingFit, fit_decoding
from hypecheck.train.encoder import BASE_SHA256, Recipe, find_base
from hypecheck.train.export import write_onnx
from hypecheck.train.fit import describe, read_everything
from hypecheck.train.severities import fit_severity, severity_figures
from hypecheck.train.subtypes import fit_subtypes
from hypecheck.train.tuning import fit_encoder, read_encoded
from hypecheck.train.vectors import HELD, Encoded, encode, line_labels, refold, token_labels
from hypecheck.train.windows import Labels, make_examples, read_tokenizer
from hypecheck.version import __version__


def train_contextual(
    folder: Path,
    out: Path,
    *,
    real: Path | None = None,
    base: Path | None = None,
    work: Path,
    recipe: Recipe | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Train on `folder`, and on the texts under `real` where given; write a model to `out`, return its manifest.

    `work` keeps a checkpoint after each epoch, and a run that was stopped goes on from it; the
    held-out log-odds are left there too. Raises CorpusError before anything is fitted where data
    or base are not as they should be.
    """
    recipe = recipe or Recipe()
    weights = find_base(base)
    gold, rules = read_everything(folder, real, say)
    encoded = encode(gold, rules)
    tokenizer = read_tokenizer(weights)
    labels = Labels(token_labels(encoded), line_labels(encoded))
    work.mkdir(parents=True, exist_ok=True)
    fit, blend = _fit_held(encoded, labels, weights, recipe, work, say)
    say("the encoder that is shipped, on all folds")
    examples = make_examples(encoded, tokenizer, labels)
    tagger = fit_encoder(examples, weights, recipe, checkpoint=work / "all.pt", say=say)
    out.mkdir(parents=True, exist_ok=True)
    write_onnx(tagger, out / ENCODER_FILE)
    shutil.copyfile(weights / "tokenizer.json", out / TOKENIZER_FILE)
    values = {
        **fit.values(),
        "roles": list(ROLES),
        "blend": blend,
        "subtypes": fit_subtypes(encoded),
        "severities": fit_severity(encoded),
        "punkt": rules.to_values(),
    }
    write_values(values, out / DECODING_FILE)
    return write_manifest(
        out,
        kind="contextual",
        name="contextual",
        version=__version__,
        files=[ENCODER_FILE, TOKENIZER_FILE, DECODING_FILE],
        thresholds=fit.thresholds,
        calibration=fit.calibration,
        data={
            **describe(gold),
            "base": "sentence-transformers/all-MiniLM-L6-v2",
            "base_sha256": BASE_SHA256,
            "recipe": asdict(recipe),
        },
        versions={
            name: version_of(name) for name in ("torch", "transformers", "tokenizers", "onnxruntime", "scikit-learn")
        },
        metrics={**fit.figures(), "severity": severity_figures(encoded)},
    )


def _fit_held(
    encoded: Sequence[Encoded], labels: Labels, base: Path, recipe: Recipe, work: Path, say: Callable[[str], None]
) -> tuple[DecodingFit, dict[str, Any]]:
    """The decoding, fitted on the log-odds of an encoder that has not seen the held-out texts; the blend's values."""
    tokenizer = read_tokenizer(base)
    seen = [item for item in encoded if item.fold != HELD]
    held = [item for item in encoded if item.fold == HELD]
    say(f"an encoder that has not seen the {sum(not item.is_probe for item in held)} documents of fold {HELD}")
    examples = make_examples(seen, tokenizer, labels)
    tagger = fit_encoder(examples, base, recipe, checkpoint=work / "held.pt", say=say)
    tags, roles = read_encoded(tagger, held, tokenizer, labels)
    blend, odds = fit_blend(encoded, roles)
    np.savez_compressed(work / "held.npz", tags=tags, roles=odds)
    tagged = [item for item in held if not item.gold.roles_only]
    caveats = [item for item in held if item.gold.roles_only]
    return fit_decoding(refold(tagged), tags, labels.tags, odds, say, caveats=refold(caveats)), blend
