"""What rounding the encoder to eight bits costs: eight_bits.py REAL_FOLDER BASE WORK_FOLDER

WORK_FOLDER is the one that `hypecheck train --model contextual --work` left; needs the extra train-contextual. The
encoder that has not seen the held-out documents reads them in single precision and in eight bits, each with a decoding
of its own. Prints typed F1 of both and how far the log-odds of words lie apart.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from hypecheck.score.windows import make_windows
from hypecheck.train.decoding import fit_decoding
from hypecheck.train.encoder import Recipe
from hypecheck.train.export import write_onnx
from hypecheck.train.fit import read_everything
from hypecheck.train.measures import total
from hypecheck.train.phrases import compare_all
from hypecheck.train.tuning import fit_encoder
from hypecheck.train.vectors import HELD, TAGGED, Encoded, encode, line_labels, refold, token_labels
from hypecheck.train.windows import Labels, make_examples, pieces_of, read_tokenizer, starts_of

ROOT = Path(__file__).resolve().parents[1]


def main(real: Path, base: Path, work: Path) -> int:
    """Print the figures."""
    gold, rules = read_everything(ROOT / "training_data", real, print)
    encoded, tokenizer = encode(gold, rules), read_tokenizer(base)
    labels = Labels(token_labels(encoded), line_labels(encoded))
    seen = make_examples([item for item in encoded if item.fold != HELD], tokenizer, labels)
    tagger = fit_encoder(seen, base, Recipe(), checkpoint=work / "held.pt", say=print)
    saved = np.load(work / "held.npz")
    held = [item for item in encoded if item.fold == HELD and not item.gold.roles_only]
    documents = [item for item in held if not item.is_probe]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "encoder.onnx"
        write_onnx(tagger, file)
        small = read(InferenceSession(file, providers=["CPUExecutionProvider"]), held, base, labels.tags.shape)
    real_ones = [item for item in documents if item.gold.batch == "real"]
    written = [item for item in documents if item.gold.batch != "real"]
    for name, tags in (("single precision", saved["tags"]), ("eight bits", small)):
        fit = fit_decoding(refold(held), tags, labels.tags, saved["roles"], lambda _: None)
        for part, chosen in (("real", real_ones), ("written", written)):
            f1 = total(compare_all(chosen, fit.phrases, fit.report)).typed().agreement().f1
            print(f"{name}, {part} documents: typed F1 {f1:.4f}")
    rows = np.concatenate(
        [np.arange(i.token_row, i.token_row + sum(len(x.tokens) for x in i.lines)) for i in documents]
    )
    apart = np.abs(small - saved["tags"])[rows]
    print(f"log-odds lie apart by {np.median(apart):.3f} in the median, {np.percentile(apart, 95):.3f} at 95 %")
    return 0


def read(session: InferenceSession, held: Sequence[Encoded], base: Path, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Log-odds of words by a session, zero elsewhere."""
    pieces = pieces_of(read_tokenizer(base))
    tags = np.zeros(shape)
    for item in held:
        starts = starts_of(item)
        for window in make_windows(item.lines, pieces):
            odds = session.run(None, {"ids": np.array([window.ids], dtype=np.int64)})[0][0]
            for stretch in window.stretches:
                row = starts[stretch.line] + stretch.first
                tags[row : row + len(stretch.pieces)] = odds[list(stretch.pieces), : len(TAGGED)]
    return tags


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:4])))
