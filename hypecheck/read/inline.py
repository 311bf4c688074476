"""The inside of a Markdown block: emphasis, links, images, references, by the inline grammar."""

from __future__ import annotations

import re
from typing import NamedTuple

import tree_sitter_markdown
from tree_sitter import Language, Node, Parser

from hypecheck.read import entities, html
from hypecheck.read.draft import Draft
from hypecheck.read.region import Region, TextBuilder
from hypecheck.types import BlockKind

MAX_MARKS = 200
"""Runs of emphasis marks and images in one block; a hundred phrases in bold fit.

tree-sitter-markdown 0.5 takes 15 µs a byte at 200 runs of its worst case (`_a*b `) and 37 at 800,
against 0.1 for prose; 30,000 runs of `*a ` took 3.5 GB.
"""

MAX_MARK_LENGTH = 100
"""Characters in one such run: 50,000 asterisks in a row took 7 s."""

MAX_BRACKETS = 1_000
"""Brackets in one block, some 200 links. Where an unclosed `<?` or backtick stands before them, 600
pairs take 3 µs a byte, 2,400 take 11 and 10,000 take 90."""

_SPECIAL = re.compile(r"[*_~`$\[<&\\]|https?:|www\.", re.IGNORECASE)
_MARKS = re.compile(r"[*_~`$]+|!\[")
_BRACKETS = re.compile(r"[\[\]<]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_OPEN_IMAGE = re.compile(r"!(?=\[(?![^\[\]\\]*(?:\\[\s\S][^\[\]\\]*)*\]))")
"""An image's opening without a closing bracket of its own: 40 times `![_` never came to an end."""

_MATH = re.compile(r"\$\$[^$]{1,1000}\$\$|(?<![\w$\\])\$(?![\s$])[^$\r\n]{1,200}(?<!\s)\$(?![\w$])")
_FORMULA = re.compile(r"[\\^_{}=]")
_URL = re.compile(r"(?<![\w/])(?:https?://|www\.)[^\s<>]*[^\s<>?!.,:;*_~'\")\]]", re.IGNORECASE)
_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)")

_OPENED = {"inline", "emphasis", "strong_emphasis", "strikethrough", "link_text", "image_description"}
_JOINING = {"emphasis_delimiter"}
_PARTING = {"code_span", "latex_block", "uri_autolink", "email_autolink", "hard_line_break"}
_REFERENCES = {"entity_reference", "numeric_character_reference"}
_LINKS = {"inline_link", "full_reference_link", "collapsed_reference_link", "shortcut_link"}


class _Edit(NamedTuple):
    """What the half-open range becomes: nothing, so that its sides join, a space, or other text."""

    start: int
    end: int
    text: str


class InlineReader:
    """Adds the blocks of inline Markdown; `labels` are those of the document's link definitions."""

    def __init__(self, draft: Draft, labels: set[str]) -> None:
        self._draft = draft
        self._labels = labels
        self._parser = Parser(Language(tree_sitter_markdown.inline_language()))

    def add(self, region: Region, kind: BlockKind) -> None:
        """Add the region as one block, and a block for the alternative text of each of its images."""
        builder = TextBuilder(region)
        alternatives: list[TextBuilder] = []
        if _SPECIAL.search(region.text) is None:
            builder.take(0, len(region.text))
        elif _is_overloaded(masked := _mask(region.text)):
            self._draft.note("too many marks or brackets in one block; read as plain text", region.place(0))
            builder.take(0, len(region.text))
        else:
            walk = _Walk(region, self._labels, self._draft)
            walk.visit(self._parser.parse(masked.encode("ascii")).root_node)
            walk.write(builder, 0, len(region.text))
            alternatives = walk.alternatives
        self._draft.add(kind, builder)
        for alternative in alternatives:
            self._draft.add("alt", alternative)


def normalise_label(label: str) -> str:
    """A link's label, with or without its brackets, as labels are compared."""
    return " ".join(label.strip("[]").casefold().split())


def _mask(text: str) -> str:
    """A text of the same length and inline shape, in ASCII, without marks that would mislead.

    The grammar takes every code point beyond ASCII for the letter of a word, and so it does the
    control character put in its place. It also takes `$5 to $` for a formula.
    """
    masked = _mask_comments(_OPEN_IMAGE.sub("\x7f", _NOT_ASCII.sub("\x7f", text)))
    if "$" not in masked:
        return masked
    pieces = []
    at = 0
    while match := _MATH.search(masked, at):
        is_formula = _FORMULA.search(match.group()) is not None
        end = match.end() if is_formula else match.end() - 1
        piece = masked[match.start() : end]
        pieces.append(masked[at : match.start()].replace("$", "\x7f"))
        pieces.append(piece if is_formula else piece.replace("$", "\x7f"))
        at = end
    return "".join([*pieces, masked[at:].replace("$", "\x7f")])


def _mask_comments(text: str) -> str:
    """The text with no hyphen inside a comment: two of them end one neither in CommonMark nor in a browser,
    yet the grammar then takes the whole comment for text.
    """
    pieces = []
    at = 0
    while (opening := text.find("<!--", at)) >= 0 and (closing := text.find("-->", opening + 4)) >= 0:
        pieces += [text[at : opening + 4], text[opening + 4 : closing].replace("-", "x")]
        at = closing
    return "".join([*pieces, text[at:]])


def _is_overloaded(masked: str) -> bool:
    """Whether the grammar would take far more time for a block than its length calls for."""
    marks = _MARKS.findall(masked)
    longest = max(map(len, marks), default=0)
    brackets = len(_BRACKETS.findall(masked))
    return len(marks) > MAX_MARKS or longest > MAX_MARK_LENGTH or brackets > MAX_BRACKETS


class _Walk:
    """Turns the inline tree of a region into edits of its text."""

    def __init__(self, region: Region, labels: set[str], draft: Draft) -> None:
        self.alternatives: list[TextBuilder] = []
        self._region = region
        self._labels = labels
        self._draft = draft
        self._edits: list[_Edit] = []

    def visit(self, root: Node) -> None:
        """Collect the edits of everything below `root`."""
        pending = [root]
        while pending:
            node = pending.pop()
            name = node.type
            if name in _OPENED:
                pending.extend(reversed(node.children))
            elif name in _JOINING:
                self._edit(node.start_byte, node.end_byte, "")
            elif name in _PARTING:
                self._edit(node.start_byte, node.end_byte, " ")
            elif name in _REFERENCES:
                reference = self._region.text[node.start_byte : node.end_byte]
                self._edit(node.start_byte, node.end_byte, entities.resolve(reference)[0])
            elif name == "backslash_escape":
                self._edit(node.start_byte, node.start_byte + 1, "")
            elif name == "html_tag":
                self._tag(node.start_byte, node.end_byte)
            elif name == "image":
                self._image(node)
            elif name in _LINKS:
                pending.extend(self._link(node))
        self._edits.sort()

    def write(self, builder: TextBuilder, start: int, end: int) -> None:
        """Append the edited text of the half-open range."""
        at = start
        for edit in self._edits:
            if edit.start < at or edit.end > end:
                continue
            self._take(builder, at, edit.start)
            if edit.text:
                builder.put(edit.text, edit.start, edit.end)
            at = edit.end
        self._take(builder, at, end)

    def _take(self, builder: TextBuilder, start: int, end: int) -> None:
        for url in _URL.finditer(self._region.text, start, end):
            builder.take(start, url.start())
            builder.space(*url.span())
            start = url.end()
        builder.take(start, end)

    def _edit(self, start: int, end: int, text: str) -> None:
        if start < end:
            self._edits.append(_Edit(start, end, text))

    def _tag(self, start: int, end: int) -> None:
        tag = self._region.text[start:end]
        name = _TAG_NAME.match(tag)
        if name is None and not tag.startswith(("<!", "<?")):
            # To the grammar `<µg>` is a tag, to a browser it is text.
            return
        if tag.startswith("<!--"):
            self._draft.comment(self._region, start, end, len("<!--"), len("-->"))
        elif name and name[1].lower() == "img":
            alternative = html.alternative(self._region, start, end)
            self.alternatives.extend([alternative] if alternative else [])
        parts = name is not None and (name[1].lower() in ("br", "img") or html.is_block(name[1]))
        self._edit(start, end, " " if parts else "")

    def _image(self, node: Node) -> None:
        self._edit(node.start_byte, node.end_byte, " ")
        for child in node.children:
            if child.type == "image_description":
                inside = _Walk(self._region, self._labels, self._draft)
                inside.visit(child)
                builder = TextBuilder(self._region)
                inside.write(builder, child.start_byte, child.end_byte)
                self.alternatives.append(builder)

    def _link(self, node: Node) -> list[Node]:
        """Drop all of a link but its text, which is returned for the walk to go on in."""
        parts = {child.type: child for child in node.children}
        inside = parts.get("link_text")
        if node.type != "inline_link":
            naming = parts.get("link_label", inside)
            label = self._region.text[naming.start_byte : naming.end_byte] if naming else ""
            if label.startswith("^"):
                self._edit(node.start_byte, node.end_byte, "")
                return []
            if normalise_label(label) not in self._labels:
                return [inside] if inside else []
        self._edit(node.start_byte, inside.start_byte if inside else node.end_byte, "")
        if inside:
            self._edit(inside.end_byte, node.end_byte, "")
        return [inside] if inside else []
