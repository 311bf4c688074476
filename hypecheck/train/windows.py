"""Annotated documents as windows of word pieces with their labels, and windows as batches."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from hypecheck.score.windows import Window, make_windows
from hypecheck.train.vectors import PROBE_WEIGHT, Encoded

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


@dataclass(frozen=True, slots=True)
class Example:
    """A window with its labels: words by categories, stretches by roles, and its weights in the losses of both."""

    window: Window
    tags: NDArray[np.int8]
    roles: NDArray[np.int8]
    tag_weight: float
    role_weight: float


class Batch(NamedTuple):
    """Windows padded to one length. `words` and `spread` pick words and average stretches of the flat pieces."""

    ids: Tensor
    mask: Tensor
    words: Tensor
    spread: Tensor


def make_examples(encoded: Sequence[Encoded], tokenizer: Tokenizer, labels: Labels) -> list[Example]:
    """Windows of every document with their labels."""
    examples = []
    for item in encoded:
        starts = starts_of(item)
        tag_weight = PROBE_WEIGHT if item.is_probe else 1.0
        role_weight = tag_weight
        if item.gold.roles_only:
            tag_weight, role_weight = 0.0, 1.0
        for window in make_windows(item.lines, pieces_of(tokenizer)):
            words = [starts[s.line] + s.first + i for s in window.stretches for i in range(len(s.pieces))]
            rows = [item.line_row + s.line for s in window.stretches]
            examples.append(Example(window, labels.tags[words], labels.roles[rows], tag_weight, role_weight))
    return examples


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of all words and of all lines, as `vectors.token_rows` and `line_rows` number them."""

    tags: NDArray[np.int8]
    roles: NDArray[np.int8]


def pieces_of(tokenizer: Tokenizer) -> Callable[[str], tuple[list[int], list[tuple[int, int]]]]:
    """The tokenizer as `make_windows` wants it."""

    def encode(text: str) -> tuple[list[int], list[tuple[int, int]]]:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, encoding.offsets

    return encode


def read_tokenizer(base: Path) -> Tokenizer:
    """The base's tokenizer without truncation and padding."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def collate(windows: Sequence[Window]) -> Batch:
    """Windows side by side."""
    length = max(len(window.ids) for window in windows)
    ids = torch.zeros((len(windows), length), dtype=torch.long)
    words: list[int] = []
    stretches = [(row * length, stretch) for row, window in enumerate(windows) for stretch in window.stretches]
    spread = torch.zeros((len(stretches), len(windows) * length))
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
    for number, (base, stretch) in enumerate(stretches):
        words += [base + piece for piece in stretch.pieces]
        spread[number, base + stretch.start : base + stretch.end] = 1 / max(1, stretch.end - stretch.start)
    return Batch(*(part.to(DEVICE) for part in (ids, (ids > 0).long(), torch.tensor(words), spread)))


def shuffled(examples: Sequence[Example], pieces: int, chance: random.Random) -> list[list[int]]:
    """Batches of windows of like length, in random order."""
    order = sorted(range(len(examples)), key=lambda i: (len(examples[i].window.ids), chance.random()))
    batches: list[list[int]] = [[]]
    for i in order:
        if batches[-1] and len(examples[i].window.ids) * (len(batches[-1]) + 1) > pieces:
            batches.append([])
        batches[-1].append(i)
    chance.shuffle(batches)
    return batches


def starts_of(item: Encoded) -> list[int]:
    """The first row of each line's words."""
    lengths = [len(line.tokens) for line in item.lines]
    return [item.token_row + sum(lengths[:i]) for i in range(len(lengths))]
