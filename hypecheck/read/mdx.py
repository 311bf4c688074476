"""MDX: Markdown without its imports and exports, JSX tags and JavaScript expressions.

These are cut out before Markdown is read, and the places of the rest are kept. Markdown within a tag is read as such,
and there is no indented code, as in MDX itself. Lower-case tags are left to Markdown, which reads them as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from hypecheck.offsets import OffsetMap, OffsetMapBuilder
from hypecheck.read import embedded, markdown
from hypecheck.read.decode import name_source
from hypecheck.read.draft import METADATA, Draft
from hypecheck.read.frontmatter import read_front_matter
from hypecheck.read.mdx_jsx import Cut, Inside, pair_braces
from hypecheck.types import Document, ReadError

MAX_MARKS = 200_000
"""Braces and tags of a file: as many as there may be blocks. A long page has some hundreds."""

_INDENTED = 4
"""Columns from which on Markdown takes a line for code, and a tab's width."""

_LINE = re.compile(r"([ \t]*)([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_BLANK = re.compile(r"(?>\r\n|\n|\r)[ \t]*(?=[\r\n]|\Z)")
_BRACE = re.compile(r"[{}]")
_OPENING = re.compile(r"<[A-Za-z>]")
_FENCE = re.compile(r"(?:>[ \t]*)*(`{3,}(?=[^`]*\Z)|~{3,})")
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|\Z)")
_MODULE = re.compile(
    r"""import(?:\s*["'] | (?:\s*[*{] | \s+[\w$]) (?:[^;"'\r\n] | [\r\n](?![ \t]*[\r\n]))*? [\s}] from\s*["'])
    | export\s*(?:[{*] | (?<=\s)(?:default|const|let|var|function|async|class|type|interface|enum)\b)""",
    re.VERBOSE,
)
"""How an import or an export begins; prose may begin with either word."""


def read(source: str, path: str, metadata: Collection[str] = METADATA) -> Document:
    """The document in an MDX file, with the named keys of its front matter, if it has any.

    `{/* */}` is a comment of it. A brace or a tag that is never closed is text. Raises ReadError for more
    than MAX_MARKS of them.
    """
    if source.count("{") + source.count("<") > MAX_MARKS:
        raise ReadError(f"{name_source(path)}: more than {MAX_MARKS} tags and expressions; split it")
    start = read_front_matter(Draft(source, path)).end
    pairs = pair_braces(source)
    blocks = _Blocks(source, pairs)
    blocks.read(start)
    inside = Inside(source, pairs)
    for begin, end in _between(blocks.closed, start, len(source)):
        inside.read(begin, end)
    cuts = sorted([*blocks.cuts, *inside.cuts])
    text, offsets = _without(source, cuts)
    inner = markdown.read(text, path, metadata)
    placed = embedded.place(inner, offsets)
    draft = Draft(source, path)
    for position, reason in placed.remarks:
        draft.note(reason, position)
    for cut in cuts:
        # A tag's own code may hold tags as well, but is no place for prose.
        if source[cut.start] in "{e" and _OPENING.search(source, cut.start, cut.end):
            draft.note("JavaScript with tags in it is not read; check the page that it makes", cut.start)
    comments = sorted([*placed.comments, *inside.comments], key=lambda comment: comment.start)
    document = draft.document(title=inner.title, written=inner.written)
    return replace(document, blocks=placed.blocks, comments=tuple(comments), language=inner.language)


def _between(closed: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    for closed_start, closed_end in [*closed, (end, end)]:
        if start < closed_start:
            yield start, closed_start
        start = max(start, closed_end)


def _without(source: str, cuts: list[Cut]) -> tuple[str, OffsetMap]:
    builder = OffsetMapBuilder()
    at = 0
    for cut in cuts:
        if cut.start >= at:
            builder.add(source[at : cut.start], at)
            builder.add(cut.text, cut.start, cut.end - cut.start)
            at = cut.end
    builder.add(source[at:], at)
    return builder.build()


class _Blocks:
    """Goes through the lines: fenced code, which is left as it is, modules, which are cut, and indentation."""

    def __init__(self, source: str, pairs: dict[int, int]) -> None:
        self.cuts: list[Cut] = []
        self.closed: list[tuple[int, int]] = []
        """Ranges in which there is no JSX: fenced code, imports and exports."""
        self._source = source
        self._pairs = pairs
        self._content = -1
        """The column at which the text of the last list item begins; -1 outside of lists."""
        self._margin = 0
        """Columns by which the list as a whole is indented too far for Markdown."""

    def read(self, start: int) -> None:
        """Read the lines from `start` on."""
        after_blank = True
        at = start
        while at < len(self._source) and (line := _LINE.match(self._source, at)):
            fence = _FENCE.match(line[2])
            if not line[2]:
                after_blank = True
            elif after_blank and not line[1] and _MODULE.match(self._source, at):
                end = self._module_end(at)
                self.cuts.append(Cut(at, end))
                self.closed.append((at, end))
                at = end
                continue
            else:
                self._indent(at, line[1], line[2], after_blank)
                after_blank = False
                if fence:
                    at = self._fence(at, line.end(), fence[1])
                    continue
            at = line.end()

    def _module_end(self, start: int) -> int:
        """The first blank line that stands in no braces opened since `start`."""
        at = start
        while blank := _BLANK.search(self._source, at):
            ends = [self._pairs.get(brace.start(), 0) for brace in _BRACE.finditer(self._source, at, blank.start())]
            if max(ends, default=0) <= blank.start():
                return blank.start()
            at = max(ends)
        return len(self._source)

    def _fence(self, start: int, at: int, fence: str) -> int:
        """Pass over fenced code to behind its end, or to that of the file."""
        while at < len(self._source) and (line := _LINE.match(self._source, at)):
            closing = line[2].lstrip("> \t").rstrip()
            if closing.startswith(fence) and not closing.strip(fence[0]):
                if len(line[1].expandtabs(_INDENTED)) >= _INDENTED:
                    self.cuts.append(Cut(at, line.end(1)))
                at = line.end()
                break
            at = line.end()
        self.closed.append((start, at))
        return at

    def _indent(self, at: int, space: str, text: str, after_blank: bool) -> None:
        """Cut what of a line's indentation would make it code."""
        width = len(space.expandtabs(_INDENTED))
        marker = _MARKER.match(text)
        if self._content >= 0 and after_blank and not marker and width <= self._margin:
            self._content = -1
        if self._content < 0:
            self._margin = width if width >= _INDENTED else 0
            excess = self._margin
        else:
            excess = min(width, self._margin)
            if width - self._content >= _INDENTED:
                excess += width - max(self._content, excess)
        if excess > 0:
            # Of an indentation by tabs as much is cut as keeps the column from being more.
            kept = 0 if "\t" in space and excess == width else max(0, len(space) - excess)
            self.cuts.append(Cut(at, at + len(space) - kept))
        if marker:
            self._content = width + len(marker.group().expandtabs(_INDENTED))
