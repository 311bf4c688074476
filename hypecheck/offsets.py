"""Where each character of a block's text stands in the source it was read from."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\n|\r")


class Run(NamedTuple):
    """A stretch of text and the source it came from; both lengths in code points.

    Equal lengths mean that the stretch stands letter for letter in the source.
    Unequal lengths mean that it was resolved or folded as a whole (`&amp;`, a run of spaces).
    """

    text_start: int
    text_length: int
    source_start: int
    source_length: int


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Maps half-open ranges of a text to half-open ranges of its source.

    `runs` are ordered, without gaps in the text, and never go backwards in the source.
    """

    runs: tuple[Run, ...]

    @classmethod
    def identity(cls, source_start: int, length: int) -> OffsetMap:
        """The map of a text that stands in the source as it is, from `source_start` on."""
        return cls((Run(0, length, source_start, length),) if length else ())

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """The smallest source range that holds the characters `start` to `end` of the text.

        Raises ValueError for an empty or outlying range: nothing stands there.
        """
        if not 0 <= start < end <= self.text_length:
            raise ValueError(f"no characters at {start}:{end} in a text of {self.text_length}")
        return self._source_of(start)[0], self._source_of(end - 1)[1]

    def to_text(self, start: int, end: int) -> tuple[int, int]:
        """The smallest text range that holds all characters which stand for any of the source's `start` to `end`.

        Both numbers are the same where no character does.
        """
        first = last = 0
        at = bisect_right(self.runs, start, key=_source_end)
        for run in self.runs[at:]:
            if run.source_start >= end:
                break
            low, high = run.text_start, run.text_start + run.text_length
            if run.text_length == run.source_length:
                shift = run.text_start - run.source_start
                low, high = max(low, start + shift), min(high, end + shift)
            first, last = (first, high) if first < last else (low, high)
        return first, last

    @property
    def text_length(self) -> int:
        """Code points in the mapped text."""
        if not self.runs:
            return 0
        last = self.runs[-1]
        return last.text_start + last.text_length

    def _source_of(self, position: int) -> tuple[int, int]:
        run = self.runs[bisect_right(self.runs, position, key=_text_start) - 1]
        if run.text_length == run.source_length:
            at = run.source_start + position - run.text_start
            return at, at + 1
        return run.source_start, run.source_start + run.source_length


def _text_start(run: Run) -> int:
    return run.text_start


def _source_end(run: Run) -> int:
    return run.source_start + run.source_length


class OffsetMapBuilder:
    """Collects a text piece by piece, each with the place it came from."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._pieces: list[str] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, piece: str, source_start: int, source_length: int | None = None) -> None:
        """Append `piece`, read from `source_length` code points at `source_start`.

        Without `source_length` the piece stands in the source letter for letter.
        """
        if not piece:
            return
        length = len(piece) if source_length is None else source_length
        last = self._runs[-1] if self._runs else None
        if (
            last is not None
            and last.text_length == last.source_length
            and length == len(piece)
            and last.source_start + last.source_length == source_start
        ):
            self._runs[-1] = Run(
                last.text_start, last.text_length + len(piece), last.source_start, last.source_length + length
            )
        else:
            self._runs.append(Run(self._length, len(piece), source_start, length))
        self._pieces.append(piece)
        self._length += len(piece)

    def build(self) -> tuple[str, OffsetMap]:
        """The text and its map."""
        return "".join(self._pieces), OffsetMap(tuple(self._runs))


class LineIndex:
    """Line and column of any position of a source, both 1-based and in code points.

    Lines end at CRLF, CR or LF and at nothing else.
    """

    def __init__(self, source: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(source))]

    def place(self, position: int) -> tuple[int, int]:
        """The line and column of the character at `position`; the end of the source has a place too."""
        line = bisect_right(self._starts, position)
        return line, position - self._starts[line - 1] + 1
