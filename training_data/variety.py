"""How alike the documents of the written corpus are: variety.py [FOLDER] [--real REAL_FOLDER].

For each batch the median, over its documents, of the cosine similarity to the nearest other
document: in the batch, and in any other batch. Vectors are TF-IDF of words and pairs of words;
documents of one subject are left out of each other's neighbours. Real documents give the scale.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from hypecheck.train.corpus import GoldDocument, read_corpus, read_real


def main(folder: Path, real: Path | None) -> int:
    """Print the table."""
    documents = read_corpus(folder)
    if real:
        documents += read_real(folder / "real" / "labels.jsonl", real)
    similar = similarities(documents)
    batches = np.array([document.batch for document in documents])
    print(f"{'batch':<36}{'documents':>10}{'nearest in batch':>18}{'in other batches':>18}")
    for batch in sorted(set(batches)):
        own = batches == batch
        within, between = nearest(similar[own][:, own]), nearest(similar[own][:, ~own])
        print(f"{batch:<36}{own.sum():>10}{within:>18.3f}{between:>18.3f}")
    return 0


def similarities(documents: Sequence[GoldDocument]) -> NDArray[np.float64]:
    """Cosine similarities, documents by documents; -1 between two of one subject."""
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2).fit_transform(
        document.text for document in documents
    )
    similar = np.asarray((vectors @ vectors.T).todense())
    topics = np.array([document.topic for document in documents])
    similar[topics[:, None] == topics[None, :]] = -1
    return similar


def nearest(similar: NDArray[np.float64]) -> float:
    """The median over rows of the highest similarity."""
    return float(np.median(similar.max(axis=1))) if similar.size else 0.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--real", type=Path)
    chosen = parser.parse_args()
    sys.exit(main(chosen.folder, chosen.real))
