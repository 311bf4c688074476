"""Annotated documents as the model sees them: rows of hashed features and their labels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hypecheck.categories import CATEGORY_IDS
from hypecheck.read import read_text
from hypecheck.score.features import Line, prepare, sentence_features, token_features
from hypecheck.segment import WHOLE_BLOCKS, PunktRules, segment
from hypecheck.train.corpus import ROLES, GoldDocument
from hypecheck.train.estimator import hash_rows
from hypecheck.types import Document

TAGGED = tuple(category for category in CATEGORY_IDS if category != "missing-risk")
"""The categories that stand in words; missing-risk is an absence."""

FOLDS = 5

HELD = 0
"""The fold that the contextual model's recipe, decoding and figures rest on; the shipped encoder then learns from
all folds. Five folds would take five times as long for the same decoding."""

PROBE_WEIGHT = 0.5
"""Probes are written to order and weigh half as much as a document's words. In folds of the documents 0.3 and 1
differ little (average precision of approval-overclaim 0.018 and 0.023, of anecdote-as-evidence 0.103 and 0.105)."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A document with its lines; `token_row` and `line_row` are its first rows in the matrices."""

    gold: GoldDocument
    document: Document
    lines: tuple[Line, ...]
    token_row: int
    line_row: int
    fold: int

    @property
    def is_probe(self) -> bool:
        """Probes and caveat texts teach, and are measured apart; they calibrate nothing."""
        return self.gold.fields is None

    def source_range(self, line: int, first: int, last: int) -> tuple[int, int]:
        """The half-open source range of tokens `first` to `last` of a line."""
        row = self.lines[line]
        block = self.document.blocks[row.sentence.block]
        return block.offsets.to_source(row.tokens[first].start, row.tokens[last].end)


@dataclass(frozen=True, slots=True)
class Rows:
    """A matrix of rows, their labels (rows by columns), weights and folds."""

    matrix: csr_matrix
    labels: NDArray[np.int8]
    weights: NDArray[np.float64]
    folds: NDArray[np.int8]


def encode(gold: Sequence[GoldDocument], rules: PunktRules) -> list[Encoded]:
    """Read, segment and prepare every document, in order."""
    encoded = []
    tokens = lines = 0
    for item in gold:
        document = read_text(item.text, item.id, item.format)
        prepared = tuple(prepare(document, segment(document, rules)))
        encoded.append(Encoded(item, document, prepared, tokens, lines, fold_of(item)))
        tokens += sum(len(line.tokens) for line in prepared)
        lines += len(prepared)
    return encoded


def running_texts(item: GoldDocument) -> list[str]:
    """The blocks of a document that hold sentences; a heading in capitals would teach the splitter names."""
    blocks = read_text(item.text, item.id, item.format).blocks
    return [block.text for block in blocks if block.kind not in WHOLE_BLOCKS]


def fold_of(item: GoldDocument) -> int:
    """Documents of one topic, and the two sides of a probe, share a fold."""
    group = item.pair or item.topic
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def refold(encoded: Sequence[Encoded]) -> list[Encoded]:
    """The documents of one fold, divided into folds again: what is fitted on them is measured across these."""
    groups = sorted({item.gold.pair or item.gold.topic for item in encoded})
    return [replace(item, fold=groups.index(item.gold.pair or item.gold.topic) % FOLDS) for item in encoded]


def token_rows(encoded: Sequence[Encoded]) -> Rows:
    """A row a word; a word is positive for a category where a span of it covers the word."""
    matrix = hash_rows(
        [name for name, _ in found]
        for item in encoded
        for line in item.lines
        for found in token_features(line.tokens, line.context)
    )
    counts = [sum(len(line.tokens) for line in item.lines) for item in encoded]
    return Rows(matrix, token_labels(encoded), *_weights_and_folds(encoded, counts))


def line_rows(encoded: Sequence[Encoded]) -> Rows:
    """A row a sentence; positive for a role where a part marked so lies in the sentence."""
    matrix = hash_rows([name for name, _ in sentence_features(line)] for item in encoded for line in item.lines)
    counts = [len(item.lines) for item in encoded]
    return Rows(matrix, line_labels(encoded), *_weights_and_folds(encoded, counts))


def token_labels(encoded: Sequence[Encoded]) -> NDArray[np.int8]:
    """Words by categories: 1 where a span of the category covers a part of the word."""
    count = sum(len(line.tokens) for item in encoded for line in item.lines)
    labels = np.zeros((count, len(TAGGED)), dtype=np.int8)
    for item in encoded:
        row = item.token_row
        for number, line in enumerate(item.lines):
            for token in range(len(line.tokens)):
                start, end = item.source_range(number, token, token)
                for span in item.gold.spans:
                    if span.category in TAGGED and span.start < end and span.end > start:
                        labels[row, TAGGED.index(span.category)] = 1
                row += 1
    return labels


def line_labels(encoded: Sequence[Encoded]) -> NDArray[np.int8]:
    """Lines by roles: 1 where a part marked so lies in the line."""
    labels = np.zeros((sum(len(item.lines) for item in encoded), len(ROLES)), dtype=np.int8)
    for item in encoded:
        for number, line in enumerate(item.lines):
            start, end = item.source_range(number, 0, len(line.tokens) - 1)
            for role in item.gold.roles:
                if role.start < end and role.end > start:
                    labels[item.line_row + number, ROLES.index(role.role)] = 1
    return labels


def _weights_and_folds(
    encoded: Sequence[Encoded], counts: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    weights = [PROBE_WEIGHT if item.is_probe else 1.0 for item in encoded]
    return np.repeat(weights, counts), np.repeat(np.array([item.fold for item in encoded], dtype=np.int8), counts)
