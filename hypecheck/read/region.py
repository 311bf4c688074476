"""Texts joined from stretches of a source, and the text of blocks folded from them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hypecheck.offsets import OffsetMap, OffsetMapBuilder

_IRREGULAR_SPACE = re.compile(r"\s{2,}|[^\S ]")
"""White space that folding changes; a single plain space stays as it is."""


@dataclass(frozen=True, slots=True)
class Region:
    """A text joined from stretches of a source, each character with its place there.

    Lets a reader look at a quotation's lines without their `> `, and still say where they stand.
    """

    text: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]

    @classmethod
    def whole(cls, source: str) -> Region:
        """The source as it is."""
        return cls(source, (0,), (0,))

    @classmethod
    def joined(cls, source: str, stretches: Iterable[tuple[int, int]]) -> Region:
        """The half-open stretches of the source, in their order, with nothing between them."""
        pieces: list[str] = []
        starts: list[int] = []
        sources: list[int] = []
        length = 0
        for start, end in stretches:
            if start < end:
                pieces.append(source[start:end])
                starts.append(length)
                sources.append(start)
                length += end - start
        return cls("".join(pieces), tuple(starts) or (0,), tuple(sources) or (0,))

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The parts of `start` to `end` that are contiguous in the source: start, end, place."""
        index = bisect_right(self.starts, start) - 1
        while start < end:
            following = self.starts[index + 1] if index + 1 < len(self.starts) else end
            stop = min(end, following)
            yield start, stop, self.sources[index] + start - self.starts[index]
            start = stop
            index += 1

    def place(self, position: int) -> int:
        """Where the character at `position` stands in the source."""
        index = bisect_right(self.starts, position) - 1
        return self.sources[index] + position - self.starts[index]

    def source_range(self, start: int, end: int) -> tuple[int, int]:
        """The half-open source range of the characters `start` to `end`, which are not none."""
        return self.place(start), self.place(end - 1) + 1


class TextBuilder:
    """Collects a block's text from a region: white space folded to one space, none at the ends."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._map = OffsetMapBuilder()
        self._gap: tuple[int, int] | None = None

    def take(self, start: int, end: int) -> None:
        """Append the region's characters `start` to `end` as they are, folded."""
        at = start
        for gap in _IRREGULAR_SPACE.finditer(self._region.text, start, end):
            self._take_words(at, gap.start())
            self.space(gap.start(), gap.end())
            at = gap.end()
        self._take_words(at, end)

    def put(self, text: str, start: int, end: int) -> None:
        """Append `text`, which the characters `start` to `end` stand for."""
        if text.isspace():
            self.space(start, end)
        elif text:
            self._close_gap()
            source_start, source_end = self._region.source_range(start, end)
            self._map.add(text, source_start, source_end - source_start)

    def space(self, start: int, end: int) -> None:
        """Part what stands before from what follows; the characters `start` to `end` do it."""
        if self._gap is None:
            self._gap = self._region.source_range(start, end)

    def build(self) -> tuple[str, OffsetMap]:
        """The text and its map to the source."""
        return self._map.build()

    def _take_words(self, start: int, end: int) -> None:
        text = self._region.text
        if start < end and text[start] == " ":
            self.space(start, start + 1)
            start += 1
        if start >= end:
            return
        stop = end - 1 if text[end - 1] == " " else end
        self._close_gap()
        for piece_start, piece_end, place in self._region.stretches(start, stop):
            self._map.add(text[piece_start:piece_end], place)
        if stop < end:
            self.space(stop, end)

    def _close_gap(self) -> None:
        if self._gap is not None and len(self._map):
            start, end = self._gap
            self._map.add(" ", start, end - start)
        self._gap = None
