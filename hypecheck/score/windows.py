"""What an encoder reads: word pieces of whole lines, packed into windows of a fixed greatest length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypecheck.score.features import Line

CLS, SEP, MASK = 101, 102, 103
"""Ids of the marks in the vocabulary of BERT, uncased, which the base model keeps."""

LONGEST = 160
"""Pieces of a window with its marks. About six sentences; attention takes time quadratic in it."""

Encode = Callable[[str], tuple[Sequence[int], Sequence[tuple[int, int]]]]
"""Word pieces of a text: their ids, and the half-open code points that each stands for."""


class Stretch(NamedTuple):
    """Words of one line inside a window: pieces `start` to `end`, half-open, and the piece of each word.

    `first` is the index in the line of the first word. A line longer than a window has several stretches.
    """

    line: int
    first: int
    start: int
    end: int
    pieces: tuple[int, ...]


class Window(NamedTuple):
    """Ids of pieces as the encoder reads them, and the stretches of lines in it."""

    ids: tuple[int, ...]
    stretches: tuple[Stretch, ...]


def make_windows(lines: Sequence[Line], encode: Encode, longest: int = LONGEST) -> list[Window]:
    """Windows that hold each word of each line once, in order, but for lines without any piece.

    A line is not cut where it fits a window. Blocks are kept apart by a separator.
    """
    windows: list[Window] = []
    ids: list[int] = [CLS]
    stretches: list[Stretch] = []
    block = -1
    for number, line in enumerate(lines):
        for first, pieces, words in _parts(line, encode, longest - 2):
            if stretches and len(ids) + len(pieces) + 2 > longest:
                windows.append(Window((*ids, SEP), tuple(stretches)))
                ids, stretches = [CLS], []
            if stretches and line.sentence.block != block:
                ids.append(SEP)
            block = line.sentence.block
            at = len(ids)
            ids += pieces
            stretches.append(Stretch(number, first, at, len(ids), tuple(at + word for word in words)))
    if stretches:
        windows.append(Window((*ids, SEP), tuple(stretches)))
    return windows


def _parts(line: Line, encode: Encode, room: int) -> list[tuple[int, list[int], list[int]]]:
    """A line as parts of at most `room` pieces: index of the first word, pieces, and the piece of each word."""
    ids, places = encode(line.sentence.text)
    if not ids:
        return []
    origin = line.sentence.start
    firsts: list[int] = []
    piece = 0
    for token in line.tokens:
        while piece < len(places) and places[piece][1] <= token.start - origin:
            piece += 1
        firsts.append(min(piece, len(places) - 1))
    parts = []
    begin = 0
    while begin < len(firsts):
        start = firsts[begin]
        end = begin
        while end < len(firsts) and firsts[end] - start < room:
            end += 1
        stop = firsts[end] if end < len(firsts) else len(ids)
        parts.append((begin, list(ids[start : min(stop, start + room)]), [word - start for word in firsts[begin:end]]))
        begin = end
    return parts
