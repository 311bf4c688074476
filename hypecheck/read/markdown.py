"""Markdown: blocks by tree-sitter-markdown's block grammar, their insides by read/inline.py."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

import tree_sitter_markdown
from tree_sitter import Language, Node, Parser

from hypecheck.read import html, text
from hypecheck.read.decode import name_source
from hypecheck.read.draft import METADATA, Draft
from hypecheck.read.frontmatter import FrontMatter, read_front_matter
from hypecheck.read.inline import InlineReader, normalise_label
from hypecheck.read.region import Region
from hypecheck.types import BlockKind, Document, ReadError

MAX_LINES = 300_000
"""The block grammar takes about 0.65 kB a line in short lines, so this bounds it to 200 MB."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_STRAY_BRACKET = re.compile(r"\[(?![ xX]\][ \t])(?:(?=\^)|(?![^\[\]\\&\r\n]{1,200}\]:))")
"""A bracket that opens neither a task's box nor a link definition; a footnote's text is read."""

_PROSE = re.compile(r"^([^A-Za-z<\[\r\n]*+[A-Za-z])([^<>\r\n]*+)(?=[\r\n]|\Z)", re.MULTILINE)
"""The first letter of a line and what follows it, where no tag and no definition begins."""

_LETTERED = {code: "x" for code in range(1, 128) if chr(code) not in "\r\n|\\`"}
"""Behind a line's first letter the block grammar needs only what may shape a table's row."""

_FOOTNOTE = re.compile(r"^[ \t]*\[\^[^\]\s]+\]:[ \t]*", re.MULTILINE)

_CONTAINERS: dict[str, BlockKind] = {"list_item": "item", "block_quote": "quote"}
_TEXTS = {"inline", "pipe_table_cell", "atx_heading", "setext_heading", "ERROR"}
"""Nodes behind which no heading is the title any more."""
_TOP_HEADINGS = {"atx_h1_marker", "setext_h1_underline"}


class _Leaf(NamedTuple):
    """A part of the file to be read in one way, in stretches without its containers' markers."""

    manner: Literal["inline", "html", "plain"]
    kind: BlockKind
    stretches: list[tuple[int, int]]


def read(source: str, path: str, metadata: Collection[str] = METADATA) -> Document:
    """The document in a Markdown file, with the named keys of its front matter, if it has any."""
    if sum(1 for _ in _LINE_END.finditer(source)) > MAX_LINES:
        raise ReadError(f"{name_source(path)}: more than {MAX_LINES} lines of Markdown; split it")
    draft = Draft(source, path, metadata)
    matter = read_front_matter(draft)
    body = _Body(draft, matter)
    leaves = list(body.leaves())
    inline = InlineReader(draft, body.labels)
    for leaf in leaves:
        region = Region.joined(source, leaf.stretches)
        if leaf.manner == "html":
            html.add_fragment(draft, region, leaf.kind)
        elif leaf.manner == "plain":
            text.add_blocks(draft, region)
        else:
            for part in _parts(source, region):
                inline.add(part, leaf.kind)
    title = matter.title or draft.first_text("title") or draft.first_text("heading")
    return draft.document(title=title, written=matter.written)


def _parts(source: str, region: Region) -> list[Region]:
    """A paragraph cut at the labels of footnotes that open its lines, without these labels."""
    labels = list(_FOOTNOTE.finditer(region.text)) if "[^" in region.text else []
    if not labels:
        return [region]
    starts = [0, *(label.end() for label in labels)]
    ends = [*(label.start() for label in labels), len(region.text)]
    return [
        Region.joined(source, ((place, place + b - a) for a, b, place in region.stretches(start, end)))
        for start, end in zip(starts, ends, strict=True)
    ]


def _mask(text: str) -> bytes:
    r"""A text of the same shape, a byte for each code point, with which the grammar has less to do.

    So its byte ranges are code points. Without the mask tree-sitter-markdown 0.5 takes a paragraph
    that begins with `[&amp;]` or `[\-` for an error, with time in the square of such a paragraph's
    length, and prose takes it several times the memory.
    """
    masked = _STRAY_BRACKET.sub("\x7f", _NOT_ASCII.sub("\x7f", text))
    return _PROSE.sub(lambda line: line[1] + line[2].translate(_LETTERED), masked).encode("ascii")


class _Body:
    """The block tree of the text behind the front matter."""

    def __init__(self, draft: Draft, matter: FrontMatter) -> None:
        self.labels: set[str] = set()
        """Labels of link definitions, complete once the leaves have been drawn."""
        self._draft = draft
        # The line end put in front keeps a rule that opens the body from being front matter again;
        # without one at the end the grammar misses an underline there.
        self._shift = matter.end - 1
        self._data = b"\n" + _mask(draft.source[matter.end :]) + b"\n"
        self._titled = bool(matter.title)

    def leaves(self) -> Iterator[_Leaf]:
        """The leaves in the order of the file."""
        root = Parser(Language(tree_sitter_markdown.language())).parse(self._data).root_node
        pending: list[tuple[Node, BlockKind]] = [(root, "paragraph")]
        while pending:
            node, kind = pending.pop()
            name = node.type
            if name == "ERROR":
                self._draft.note("markup that could not be parsed; read as plain text", self._place(node.start_byte))
                yield _Leaf("plain", kind, self._stretches(node))
            elif name == "inline":
                yield _Leaf("inline", kind, self._stretches(node))
            elif name == "pipe_table_cell":
                yield _Leaf("inline", "cell", self._stretches(node))
            elif name == "html_block":
                yield _Leaf("html", kind, self._stretches(node))
            elif name in ("fenced_code_block", "indented_code_block"):
                yield from self._unclosed_code(node)
            elif name == "link_reference_definition":
                self._define(node)
            elif name in ("atx_heading", "setext_heading"):
                yield from self._heading(node)
            else:
                kind = _CONTAINERS.get(name, kind)
                pending.extend((child, kind) for child in reversed(node.children))
            self._titled = self._titled or name in _TEXTS

    def _place(self, byte: int) -> int:
        return min(max(0, byte + self._shift), len(self._draft.source))

    def _stretches(self, node: Node) -> list[tuple[int, int]]:
        stretches = []
        start = node.start_byte
        for child in node.children:
            if child.type == "block_continuation":
                stretches.append((self._place(start), self._place(child.start_byte)))
                start = child.end_byte
        return [*stretches, (self._place(start), self._place(node.end_byte))]

    def _heading(self, node: Node) -> Iterator[_Leaf]:
        children = node.children
        kind: BlockKind = "heading"
        if not self._titled and any(child.type in _TOP_HEADINGS for child in children):
            kind = "title"
        if node.type == "setext_heading":
            children = [grandchild for child in children for grandchild in child.children]
        for child in children:
            if child.type == "inline":
                stretches = self._stretches(child)
                if node.type == "atx_heading":
                    stretches = [(start, self._without_hashes(start, end)) for start, end in stretches]
                yield _Leaf("inline", kind, stretches)

    def _without_hashes(self, start: int, end: int) -> int:
        """The end of a heading before the number signs that may close it."""
        body = self._draft.source[start:end].rstrip(" \t")
        bare = body.rstrip("#")
        closes = bare != body and (not bare or bare[-1] in " \t")
        return start + len(bare if closes else body)

    def _define(self, node: Node) -> None:
        for child in node.children:
            if child.type == "link_label":
                start, end = self._place(child.start_byte), self._place(child.end_byte)
                self.labels.add(normalise_label(self._draft.source[start:end]))

    def _unclosed_code(self, node: Node) -> Iterator[_Leaf]:
        """The text behind a fence that nothing closes, since that fence is more likely a slip."""
        fences = sum(child.type == "fenced_code_block_delimiter" for child in node.children)
        if fences != 1 or self._data[node.end_byte :].strip():
            return
        self._draft.note("a code fence is never closed; what follows is read", self._place(node.start_byte))
        for child in node.children:
            if child.type == "code_fence_content":
                yield _Leaf("plain", "paragraph", self._stretches(child))
