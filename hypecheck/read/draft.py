"""A document while it is being read."""

from __future__ import annotations

import re
from datetime import date

from hypecheck.offsets import OffsetMap
from hypecheck.read.decode import name_source
from hypecheck.read.language import detect
from hypecheck.read.region import Region, TextBuilder
from hypecheck.types import Block, BlockKind, Comment, Document, ReadError

MAX_BLOCKS = 200_000
"""A block costs about 0.5 kB: a 10 MB file of one-letter paragraphs would take 2 GB without this."""

_LINE_END = re.compile(r"\r\n|\n|\r")


class Draft:
    """Collects what a reader finds, in the order of the source."""

    def __init__(self, source: str, path: str) -> None:
        self.source = source
        self.path = path
        self._blocks: list[Block] = []
        self._comments: list[Comment] = []
        self._notes: dict[str, tuple[int, int]] = {}
        self._heading = ""

    def add(self, kind: BlockKind, built: TextBuilder | tuple[str, OffsetMap], attribution: str = "") -> str:
        """Add a block, if it has text at all, and return that text."""
        text, offsets = built.build() if isinstance(built, TextBuilder) else built
        if not text:
            return ""
        if len(self._blocks) == MAX_BLOCKS:
            raise ReadError(f"{name_source(self.path)}: more than {MAX_BLOCKS} blocks of text; split it")
        self._blocks.append(Block(kind, text, offsets, self._heading, attribution))
        if kind == "heading" or (kind == "title" and not attribution):
            self._heading = text
        return text

    def comment(self, region: Region, start: int, end: int, opening: int, closing: int) -> None:
        """Keep a comment of the region; `opening` and `closing` are the lengths of its delimiters."""
        inner = region.text[start + opening : max(start + opening, end - closing)]
        self._comments.append(Comment(inner.strip(), *region.source_range(start, end)))

    def note(self, reason: str, position: int) -> None:
        """Say that something at `position` was passed over or read in another way."""
        first, count = self._notes.get(reason, (position, 0))
        self._notes[reason] = (first, count + 1)

    def first_text(self, kind: BlockKind) -> str:
        """The text of the first block of that kind, empty without one."""
        return next((block.text for block in self._blocks if block.kind == kind), "")

    def document(self, title: str = "", written: date | None = None) -> Document:
        """The finished document."""
        notes = []
        for reason, (position, count) in self._notes.items():
            line = len(_LINE_END.findall(self.source, 0, position)) + 1
            more = f" (and {count - 1} more)" if count > 1 else ""
            notes.append(f"line {line}: {reason}{more}")
        return Document(
            path=self.path,
            source=self.source,
            blocks=tuple(self._blocks),
            comments=tuple(self._comments),
            title=title,
            written=written,
            language=detect(block.text for block in self._blocks),
            notes=tuple(notes),
        )
