"""A document while it is being read."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from hypecheck.offsets import OffsetMap
from hypecheck.read.decode import name_source
from hypecheck.read.language import detect
from hypecheck.read.region import Region, TextBuilder
from hypecheck.types import Block, BlockKind, Comment, Document, ReadError

METADATA = (
    "title",
    "summary",
    "description",
    "headline",
    "excerpt",
    "subtitle",
    "dek",
    "og:title",
    "og:description",
    "twitter:title",
    "twitter:description",
    "alt",
)
"""What a page says of itself where readers see it: keys of front matter, names of HTML's meta and title elements,
and the alternative texts of images."""

MAX_BLOCKS = 200_000
"""A block costs about 0.5 kB: a 10 MB file of one-letter paragraphs would take 2 GB without this."""

_REFERENCES = re.compile(
    r"(?:\d+[.)]\s*)?(?:(?:list of |selected |key |scientific |cited )?references?(?: list| and notes| cited)?"
    r"|bibliography|(?:works|literature|sources) cited|citations|endnotes|footnotes|notes and references"
    r"|references and further reading)\s*:?",
    re.IGNORECASE,
)
"""A heading under which a list of references stands; what it cites, others have worded."""

_LINE_END = re.compile(r"\r\n|\n|\r")


class Draft:
    """Collects what a reader finds, in the order of the source."""

    def __init__(self, source: str, path: str, metadata: Collection[str] = METADATA) -> None:
        self.source = source
        self.path = path
        self.metadata = metadata
        self._blocks: list[Block] = []
        self._comments: list[Comment] = []
        self._notes: dict[str, tuple[int, int]] = {}
        self._heading = ""
        self._cites = False

    def add(self, kind: BlockKind, built: TextBuilder | tuple[str, OffsetMap], attribution: str = "") -> str:
        """Add a block, if it has text at all, and return that text."""
        text, offsets = built.build() if isinstance(built, TextBuilder) else built
        if not text or (kind == "alt" and "alt" not in self.metadata):
            return ""
        if len(self._blocks) == MAX_BLOCKS:
            raise ReadError(f"{name_source(self.path)}: more than {MAX_BLOCKS} blocks of text; split it")
        heads = kind == "heading" or (kind == "title" and not attribution)
        if heads:
            self._cites = kind == "heading" and _REFERENCES.fullmatch(text) is not None
        elif self._cites and kind not in ("metadata", "title"):
            kind = "aside"
            if self._blocks[-1].kind != "aside":
                self.note("a list of references is not checked", offsets.to_source(0, 1)[0])
        self._blocks.append(Block(kind, text, offsets, self._heading, attribution))
        if heads:
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
