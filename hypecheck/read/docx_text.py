"""The paragraphs of a Word document's body, notes and text boxes, from the elements that python-docx parsed.

python-docx's own text of a paragraph leaves out inserted revisions, content controls and text boxes; here every
element is gone through, and what is no text of the document is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypecheck.archive import Refusal
from hypecheck.read.docx_styles import Styles
from hypecheck.types import BlockKind

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_GRAPHIC = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"

_SKIPPED = frozenset(
    f"{_W}{name}"
    for name in """
    del moveFrom delText instrText delInstrText pPr rPr sdtPr sdtEndPr tblPr tblPrEx tblGrid trPr tcPr sectPr rt
    rubyPr fldData ffData
    """.split()
)
"""Deleted and moved revisions, the codes of fields, the small print above ruby text, and properties."""

_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}ptab": "\t",
    f"{_W}br": " ",
    f"{_W}cr": " ",
    f"{_W}noBreakHyphen": "-",
    f"{_MATH}oMath": " ",
}
"""What stands for an element; a line break is a space, since a line of the source is a paragraph."""

_FOREIGN = {f"{_W}altChunk": "another document embedded in it", f"{_W}subDoc": "a part kept in another file"}
"""Text that is not in this file's paragraphs; a word processor puts it there when it saves the document."""

_DRAWN = {"chart": "a chart", "diagram": "a diagram"}
"""Graphics whose words stand in parts of their own."""

_LINE_ENDS = {ord("\n"): " ", ord("\r"): " "}
_SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's text, without line ends; `kind` is None where it is passed over.

    `level` is that of a heading, from 1, else 0. `place` says where it stands.
    `remarks` say what of it is not read.
    """

    text: str
    kind: BlockKind | None
    level: int = 0
    place: str = ""
    remarks: tuple[str, ...] = ()


class _Context(NamedTuple):
    """Where paragraphs stand: in which table and cell, from 1 and 0 for none, and in which place."""

    table: int = 0
    cell: int = 0
    place: str = ""


@dataclass(slots=True)
class _Content:
    """What is in a paragraph; `boxes` are the elements of its text boxes, whose paragraphs follow it."""

    pieces: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)

    def take(self, following: _Content) -> None:
        """Go on with a paragraph whose boundary to this one is deleted; its boxes are on their way already."""
        self.pieces += following.pieces
        self.remarks += following.remarks
        self.descriptions += following.descriptions


class Story:
    """Goes through bodies and notes in reading order; `descriptions` gathers those of the pictures on the way."""

    def __init__(self, styles: Styles, refusal: Refusal) -> None:
        self.descriptions: list[Paragraph] = []
        self._styles = styles
        self._refusal = refusal
        self._count = 0
        self._tables = 0
        self._cells = 0
        self._rows: Counter[int] = Counter()

    def notes(self, root: Any, kind: str) -> Iterator[Paragraph]:
        """The paragraphs of foot- or endnotes, numbered from 1 in each; `kind` names them in places."""
        elements = [note for note in root if note.get(f"{_W}type") not in _SEPARATORS]
        for number, note in enumerate(elements, 1):
            yield from self.paragraphs(note, f"{kind} {number}")

    def paragraphs(self, root: Any, place: str = "") -> Iterator[Paragraph]:
        """The paragraphs below `root`, empty ones included; those of tables and text boxes where they stand.

        Raises the refusal for text that is kept elsewhere. A stack, since elements may nest deeper than calls.
        """
        pending: list[tuple[Any, _Context]] = [(root, _Context(place=place))]
        held, holding = _Content(), _Context(place=place)
        while pending:
            element, context = pending.pop()
            self._check(element, in_paragraph=False)
            if element.tag == f"{_W}p":
                content = self._content(element)
                properties = element.find(f"{_W}pPr")
                pending.extend((box, context) for box in reversed(content.boxes))
                if context != holding:
                    yield from self._end(held, holding)
                    held, holding = _Content(), context
                held.take(content)
                if not _mark_is_deleted(properties):
                    yield self._paragraph(held, properties, context)
                    held = _Content()
            else:
                inside = self._enter(element.tag, context)
                pending.extend((child, inside) for child in reversed(_children(element)))
        yield from self._end(held, holding)

    def _end(self, held: _Content, context: _Context) -> Iterator[Paragraph]:
        """A paragraph that should go on with the next one, where there is none."""
        if any(held.pieces):
            yield self._paragraph(held, None, context)

    def _check(self, element: Any, in_paragraph: bool) -> None:
        if element.tag in _FOREIGN:
            raise self._refusal.because(f"holds {_FOREIGN[element.tag]}, which is not read")
        if element.tag == f"{_W}t" and not in_paragraph:
            raise self._refusal.because("is damaged, there is text outside of its paragraphs")

    def _enter(self, tag: str, context: _Context) -> _Context:
        if tag == f"{_W}tbl":
            self._tables += 1
            return _Context(self._tables, 0, f"table {self._tables}")
        if tag == f"{_W}tr" and context.table:
            self._rows[context.table] += 1
            return _Context(context.table, 0, f"table {context.table} row {self._rows[context.table]}")
        if tag == f"{_W}tc":
            self._cells += 1
            return context._replace(cell=self._cells)
        return context

    def _content(self, paragraph: Any) -> _Content:
        content = _Content()
        pending = _children(paragraph)[::-1]
        while pending:
            element = pending.pop()
            tag = element.tag
            self._check(element, in_paragraph=True)
            if tag == f"{_W}t":
                # A comment may stand in the text, which is then more than the first of its nodes.
                content.pieces.append(element.xpath("string()") if len(element) else element.text or "")
            elif tag in _SIGNS:
                content.pieces.append(_SIGNS[tag])
            elif tag == f"{_W}txbxContent":
                content.boxes.append(element)
            elif tag == _PICTURE:
                content.descriptions.append(element.get("descr", ""))
            else:
                if tag == _GRAPHIC:
                    drawn = _DRAWN.get(element.get("uri", "").rpartition("/")[2])
                    content.remarks += [f"{drawn} is not read; say in the text what it shows"] if drawn else []
                pending.extend(reversed(_children(element)))
        return content

    def _paragraph(self, content: _Content, properties: Any, context: _Context) -> Paragraph:
        self._count += 1
        kind, level = self._styles.manner(properties)
        if kind == "paragraph" and context.table:
            kind = "cell"
        place = context.place or f"paragraph {self._count}"
        for description in content.descriptions:
            text = description.translate(_LINE_ENDS)
            if text.strip():
                self.descriptions.append(Paragraph(text, "alt", place=f"picture in {place}"))
        return Paragraph("".join(content.pieces).translate(_LINE_ENDS), kind, level, place, tuple(content.remarks))


def _children(element: Any) -> list[Any]:
    """The children that hold text of the document, once all changes are accepted."""
    if element.tag == f"{_MC}AlternateContent":
        # The same thing twice: as newer programs draw it, and for those that cannot.
        return [child for child in element if child.tag in (f"{_MC}Choice", f"{_MC}Fallback")][:1]
    if element.tag == f"{_W}sdt" and element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
        return []
    return [child for child in element if _is_text(child)]


def _is_text(element: Any) -> bool:
    """Whether an element may hold text; a comment, a deleted row and a deleted cell do not."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _SKIPPED:
        return False
    if tag == f"{_W}tr":
        return element.find(f"{_W}trPr/{_W}del") is None
    return tag != f"{_W}tc" or element.find(f"{_W}tcPr/{_W}cellDel") is None


def _mark_is_deleted(properties: Any) -> bool:
    """Whether the end of the paragraph is deleted, so that the next one goes on with it."""
    if properties is None:
        return False
    marks = (properties.find(f"{_W}rPr/{_W}{name}") for name in ("del", "moveFrom"))
    return any(mark is not None for mark in marks)
