"""Word documents (.docx): the text as it stands once all tracked changes are accepted.

A line of the source is a paragraph of the document, in reading order and empty ones included, so that a
finding's line and column are its paragraph and character. Foot- and endnotes follow, then descriptions of
pictures. Each block's attribution says where it stands: "paragraph 4", "table 1 row 2", "footnote 3".
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import replace
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from hypecheck.archive import Archive, Limits, Refusal, count_elements, open_archive
from hypecheck.read import text
from hypecheck.read.decode import MAX_BYTES, name_source
from hypecheck.read.docx_styles import Styles
from hypecheck.read.docx_text import Paragraph, Story
from hypecheck.read.draft import Draft
from hypecheck.read.region import Region, TextBuilder
from hypecheck.types import Document, ReadError

LIMITS = Limits(unpacked=100_000_000, ratio=100, small=2**20, directory=2**20)
"""Ten times the largest file that is read: text in XML packs to a tenth or a twentieth, pictures hardly at all.
A Word document has 15 to 50 parts of 80 bytes each in its list; `ratio` and `small` are those of the record's
archives, which hold XML too."""

MAX_ELEMENTS = 1_000_000
"""Elements and attributes of the parts that are read. A page takes 500 to 1,000, with tracked changes 3,000."""

MAX_NESTING = 200
"""Elements within one another. A table takes 4, a text box 20; the parser itself gives up at 256."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TYPES = "[Content_Types].xml"
_ROOT_RELATIONS = "_rels/.rels"
_READ = ("officeDocument", "styles", "footnotes", "endnotes")
"""Parts that hold text or say what it is. No other part is unpacked: no picture, no comment, no header."""

_NOTES = {"footnotes": "footnote", "endnotes": "endnote"}
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = "http://purl.oclc.org/ooxml/"
_SAVE = "open it in a word processor and save it as a Word document (.docx)"


class _Parts(NamedTuple):
    """What is read of a document: its bodies, as elements of python-docx, and its paragraph styles."""

    body: Any
    notes: list[tuple[str, Any]]
    """Foot- or endnotes: which of the two, and the element that holds them."""
    styles: Styles


def read(data: bytes, path: str, max_bytes: int = MAX_BYTES) -> Document:
    """The document in the bytes of a Word file; headers, footers, comments, deleted text and field codes left out.

    `source` is the text put together, as the module says. Raises ReadError for more than `max_bytes`, for macros,
    passwords, what is no Word document, and where python-docx is not installed.
    """
    name = name_source(path)
    if len(data) > max_bytes:
        raise ReadError(f"{name}: {len(data)} bytes, more than the limit of {max_bytes}; split it")
    refusal = Refusal(ReadError, name, _SAVE, _SAVE)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise refusal.because("is protected by a password", "save it without one")
        raise refusal.because("is of the format before Word 2007 (.doc)")
    with open_archive(io.BytesIO(data), LIMITS, refusal) as archive:
        _check_macros(archive, path)
        parts = _open(_copy(archive), refusal)
    paragraphs = _paragraphs(parts, refusal)
    length = sum(len(paragraph.text) for paragraph in paragraphs)
    if length > max_bytes:
        raise ReadError(f"{name}: {length} characters of text, more than the limit of {max_bytes}; split it")
    return _compose(paragraphs, path)


def _check_macros(archive: Archive, path: str) -> None:
    types = _read_part(archive, _TYPES) if _TYPES in archive.sizes else b""
    programs = any(posixpath.basename(member).casefold() == "vbaproject.bin" for member in archive.sizes)
    if programs or b"macroenabled" in types.lower() or path.lower().endswith(".docm"):
        raise archive.refusal.because(
            "is a document with macros (.docm), and programs are no text to judge",
            "save it as a Word document without macros (.docx)",
        )


def _read_part(archive: Archive, member: str) -> bytes:
    with archive.reading(member) as stream:
        return stream.read()


def _copy(archive: Archive) -> io.BytesIO:
    """A package of the parts that are read, each of them checked, for python-docx to open.

    Relations to other parts are dropped, since python-docx follows all there are and stops at one that leads
    nowhere, as some add-ins of Word leave them.
    """
    copied = io.BytesIO()
    allowed = MAX_ELEMENTS
    with zipfile.ZipFile(copied, "w", zipfile.ZIP_STORED) as target:
        pending = [_TYPES, _ROOT_RELATIONS]
        for member in pending:
            if member not in archive.sizes:
                raise archive.refusal.because(f"holds no part {member[:80]!r}, so it is no Word document")
            data = _read_part(archive, member)
            try:
                allowed -= count_elements(data, member, archive.refusal, allowed, MAX_NESTING)
                if member.endswith(".rels"):
                    data, members = _relations(data, member, archive)
                    pending += [new for new in members if new not in pending]
            except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError) as error:
                raise archive.refusal.because(f"{member} is damaged, {error}") from error
            target.writestr(zipfile.ZipInfo(member), data)
    copied.seek(0)
    return copied


def _relations(data: bytes, member: str, archive: Archive) -> tuple[bytes, list[str]]:
    """The relations to parts that are read, and these parts, each document with its own relations."""
    root = ElementTree.fromstring(data)
    base = posixpath.dirname(posixpath.dirname(member))
    members = []
    for relation in list(root):
        kind = relation.get("Type", "")
        if kind.startswith(_STRICT) and kind.endswith("/officeDocument"):
            raise archive.refusal.because("is a Strict Open XML document", f"{_SAVE}, not as a strict one")
        part = posixpath.normpath(posixpath.join("/", base, relation.get("Target", ""))).lstrip("/")
        is_read = relation.tag == _RELATIONSHIP and kind.rpartition("/")[2] in _READ
        if not is_read or relation.get("TargetMode") == "External" or part not in archive.sizes:
            root.remove(relation)
            continue
        members.append(part)
        relations = posixpath.join(posixpath.dirname(part), "_rels", f"{posixpath.basename(part)}.rels")
        if kind.endswith("/officeDocument") and relations in archive.sizes:
            members.append(relations)
    return ElementTree.tostring(root, encoding="UTF-8"), members


def _open(package: io.BytesIO, refusal: Refusal) -> _Parts:
    """The parts by python-docx; the errors it gives on a damaged package are many, and none is its own."""
    try:
        # Imported here since no other format needs it.
        import docx
        from docx.oxml.parser import parse_xml
    except ImportError as error:
        install = 'install what reads it: pip install "hypecheck[docx]"'
        raise refusal.because("is a Word document, and python-docx is not installed", install) from error
    try:
        document = docx.Document(package)
        notes = []
        for relation in document.part.rels.values():
            kind = relation.reltype.rpartition("/")[2]
            if kind in _NOTES:
                notes.append((_NOTES[kind], parse_xml(relation.target_part.blob)))
        parts = _Parts(document.element.body, notes, Styles.of(document.styles.element))
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, SyntaxError, zipfile.BadZipFile) as error:
        raise refusal.because(f"is no Word document that can be read ({type(error).__name__})") from error
    if parts.body is None:
        raise refusal.because("is a Word document without a body")
    return parts


def _paragraphs(parts: _Parts, refusal: Refusal) -> list[Paragraph]:
    story = Story(parts.styles, refusal)
    found = list(story.paragraphs(parts.body))
    # Footnotes are shown before endnotes, whichever part comes first in the file.
    for kind, root in sorted(parts.notes, key=lambda note: note[0], reverse=True):
        found += story.notes(root, kind)
    return [*found, *story.descriptions]


def _compose(paragraphs: list[Paragraph], path: str) -> Document:
    """The document of these paragraphs, each a line of its source; a bracketed directive at its end is a comment."""
    source = "\n".join(paragraph.text for paragraph in paragraphs)
    draft = Draft(source, path)
    places: list[str] = []
    titled = False
    start = 0
    for paragraph in paragraphs:
        end = start + len(paragraph.text)
        for remark in paragraph.remarks:
            draft.note(remark, start)
        if paragraph.kind is None:
            draft.note("a table of contents or a list of references is passed over", start)
        else:
            # A heading of the highest level is the title where no text stands before it.
            kind = paragraph.kind
            if not places and paragraph.level == 1:
                kind = "title"
            elif titled and kind == "title":
                kind = "heading"
            region = text.without_directives(draft, Region.joined(source, [(start, end)]))
            builder = TextBuilder(region)
            builder.take(0, len(region.text))
            if draft.add(kind, builder):
                places.append(paragraph.place)
                titled = titled or kind == "title"
        start = end + 1
    document = draft.document(title=draft.first_text("title") or draft.first_text("heading"))
    blocks = (replace(block, attribution=place) for block, place in zip(document.blocks, places, strict=True))
    return replace(document, blocks=tuple(blocks))
