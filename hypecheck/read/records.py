"""Exports of content systems: the texts under chosen keys of JSON or JSON Lines, or in chosen columns of CSV.

All of a file's records make one document, whose source is the file's text; each block's attribution names its
record and field. CSV is read here since the standard library's reader tells no places; it is the oracle of the tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, NamedTuple

from hypecheck.offsets import LineIndex, OffsetMap, OffsetMapBuilder
from hypecheck.read import draft as drafts
from hypecheck.read import embedded
from hypecheck.read.decode import name_source
from hypecheck.read.json_values import BrokenError, Search, resolve
from hypecheck.read.language import detect
from hypecheck.types import Block, Comment, Document, FieldFormat, ReadError

Shape = Literal["json", "jsonl", "csv"]

SHAPES_BY_SUFFIX: dict[str, Shape] = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
}
"""File suffix, in lower case, to the shape of the file."""

_TITLES = frozenset({"title", "headline"})
"""Keys and columns, or parts of a path, whose one paragraph heads the record."""

_DELIMITERS = (",", ";", "\t")
"""What parts the cells; spreadsheets write a semicolon where the comma is the decimal sign."""

_SURE_WORDS = 80
"""Words from which on one foreign value among English ones is refused; of English stretches of that length, as
read/language.py counts them, none was taken for foreign, of those of 25 words one in 140 was."""

_SHOWN_COLUMNS = 20
_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\n|\r")
_DOT = re.compile(r"(?<!\\)\.")
_QUOTED = re.compile(r'(?:[^"]++|"")*+')
_UNQUOTED = {delimiter: re.compile(rf"[^{delimiter}\r\n]*+") for delimiter in _DELIMITERS}
_MARKUP = re.compile(
    r"</[a-z][a-z0-9]{0,9}\s*>|<(?:p|br|hr|div|h[1-6]|[uo]l|li|img|table)(?:\s[^<>]*)?/?>|<!--|"
    r"&(?:#[0-9]{2,7}|#x[0-9a-f]{2,6}|amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip);",
    re.IGNORECASE,
)
"""An end tag, a tag of a block, or one of the character references that editors write."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A text of a record, which `offsets` maps to the file's text; `start` is where it begins there."""

    field: str
    record: int
    text: str
    offsets: OffsetMap
    start: int


def read(
    source: str,
    path: str,
    shape: Shape,
    fields: Sequence[str],
    field_format: FieldFormat = "auto",
    metadata: Collection[str] = drafts.METADATA,
) -> Document:
    r"""The document in the records of a file, from the values of `fields`.

    A field of JSON is a key, or a path of keys joined by dots (`\.` for a dot in a key) that goes through arrays;
    a field of CSV is a column's name in the first row. `auto` reads a value as HTML where it looks like markup, else
    as plain text. Raises ReadError where there is no record, where one lacks a field or has no text in it, and where
    the file does not keep its format: what was not read must not pass.
    """
    name = name_source(path)
    wanted = tuple(dict.fromkeys(fields))
    if not wanted or not all(wanted):
        raise ReadError(f"{name}: holds records; name what of them is text, such as --field body")
    values = _csv_values(source, wanted) if shape == "csv" else _json_values(source, wanted, shape == "jsonl")
    try:
        return _compose(source, path, values, lambda text: _reader(text, field_format, metadata))
    except BrokenError as error:
        line, column = LineIndex(source).place(error.position)
        remedy = "mend it, leave the record out, or name another --field"
        raise ReadError(f"{name}: line {line} column {column}: {error.cause}; {remedy}") from error


def _compose(
    source: str, path: str, values: Iterable[_Value], reader_of: Callable[[str], Callable[[str, str], Document]]
) -> Document:
    draft = drafts.Draft(source, path)
    blocks: list[Block] = []
    comments: list[Comment] = []
    record, heading, title = 0, "", ""
    for value in values:
        if value.record != record:
            record, heading = value.record, ""
        inner = reader_of(value.text)(value.text, path)
        if inner.language == "other" and len(value.text.split()) >= _SURE_WORDS:
            raise BrokenError(value.start, "the text does not read as English, and only English is judged")
        placed = embedded.place(inner, value.offsets)
        named = _named(placed.blocks, value, heading)
        if named and named[0].kind == "title" and not heading:
            heading = named[0].text
            title = title or heading
        if len(blocks) + len(named) > drafts.MAX_BLOCKS:
            raise ReadError(f"{name_source(path)}: more than {drafts.MAX_BLOCKS} blocks of text; split it")
        blocks += named
        comments += placed.comments
        for position, reason in placed.remarks:
            draft.note(reason, position)
    if not record:
        raise ReadError(f"{name_source(path)}: holds no record; give a file that does")
    language = detect(block.text for block in blocks)
    return replace(
        draft.document(title=title if record == 1 else ""),
        blocks=tuple(blocks),
        comments=tuple(comments),
        language=language,
    )


def _named(blocks: tuple[Block, ...], value: _Value, heading: str) -> list[Block]:
    """The blocks of a value with their place in the file; a title's only block heads the record."""
    heads = len(blocks) == 1 and not _TITLES.isdisjoint(_DOT.split(value.field.lower()))
    named = []
    for block in blocks:
        place = f"record {value.record}, {value.field}" + (f", {block.attribution}" if block.attribution else "")
        kind = "title" if heads else block.kind
        named.append(replace(block, kind=kind, heading=block.heading or heading, attribution=place))
    return named


def _reader(text: str, field_format: FieldFormat, metadata: Collection[str]) -> Callable[[str, str], Document]:
    if field_format == "auto":
        field_format = "html" if _MARKUP.search(text) else "text"
    # Each is imported where it is used, so that plain text loads no grammar.
    if field_format == "markdown":
        from hypecheck.read import markdown

        return partial(markdown.read, metadata=metadata)
    if field_format == "html":
        from hypecheck.read import html

        return partial(html.read, metadata=metadata)
    from hypecheck.read import text as plain

    return plain.read


def _json_values(source: str, fields: tuple[str, ...], in_lines: bool) -> Iterator[_Value]:
    names = {tuple(key.replace("\\.", ".") for key in _DOT.split(field)): field for field in fields}
    search = Search(tuple(names))
    lines = ((m.start(), m.end()) for m in _LINE.finditer(source) if m.group().strip(" \t"))
    for start, end in lines if in_lines else [(0, len(source))]:
        for found in search.texts(source, start, end):
            text, offsets = resolve(source, found.start, found.end)
            yield _Value(names[found.field], found.record, text, offsets, found.start)


class _Cell(NamedTuple):
    """A cell; `start` and `end` are half-open and lie inside its quotation marks, if it has any."""

    start: int
    end: int
    quoted: bool


def _csv_values(source: str, fields: tuple[str, ...]) -> Iterator[_Value]:
    rows, header = _open_table(source, fields)
    columns = [(index, name) for index, name in enumerate(header) if name in fields]
    for record, row in enumerate(rows, 1):
        if len(row) != len(header):
            cause = f"the row has {len(row)} cells and the first row {len(header)}"
            raise BrokenError(row[0].start, cause)
        for index, name in columns:
            text, offsets = _unquote(source, row[index])
            yield _Value(name, record, text, offsets, row[index].start)


def _open_table(source: str, fields: tuple[str, ...]) -> tuple[Iterator[list[_Cell]], list[str]]:
    """The rows behind the first one, and the names in that, parted by whatever finds all fields in it."""
    first: list[str] = []
    for delimiter in _DELIMITERS:
        rows = _rows(source, delimiter)
        try:
            header = [_unquote(source, cell)[0].strip() for cell in next(rows, [])]
        except BrokenError:
            # A cell in quotation marks seems to go on where another sign parts the cells.
            continue
        if set(fields) <= set(header):
            return rows, header
        first = max(first, header, key=len)
    if not source.strip():
        raise BrokenError(0, "there is no record")
    missing = next(field for field in fields if field not in first)
    shown = ", ".join(repr(name[:40]) for name in first[:_SHOWN_COLUMNS])
    raise BrokenError(0, f"there is no column {missing!r} among {shown or 'those of the first row'}")


def _rows(source: str, delimiter: str) -> Iterator[list[_Cell]]:
    """The rows by RFC 4180, blank lines left out; BrokenError where a quotation mark is misplaced."""
    at = 0
    cells: list[_Cell] = []
    while at < len(source) or cells:
        cell, at = _cell(source, at, delimiter)
        cells.append(cell)
        if source.startswith(delimiter, at):
            at += 1
            continue
        end = _LINE_END.match(source, at)
        if end is None and at < len(source):
            raise BrokenError(at, "there is text behind a closing quotation mark")
        if len(cells) > 1 or cell.quoted or cell.start < cell.end:
            yield cells
        cells = []
        at = end.end() if end else at


def _cell(source: str, at: int, delimiter: str) -> tuple[_Cell, int]:
    """The cell at `at`, and the position behind it."""
    if not source.startswith('"', at):
        match = _UNQUOTED[delimiter].match(source, at)
        end = match.end() if match else at
        return _Cell(at, end, False), end
    match = _QUOTED.match(source, at + 1)
    end = match.end() if match else at + 1
    if end == len(source):
        raise BrokenError(at, "a quotation mark is never closed")
    return _Cell(at + 1, end, True), end + 1


def _unquote(source: str, cell: _Cell) -> tuple[str, OffsetMap]:
    builder = OffsetMapBuilder()
    at = cell.start
    while cell.quoted and (mark := source.find('"', at, cell.end)) >= 0:
        builder.add(source[at:mark], at)
        builder.add('"', mark, 2)
        at = mark + 2
    builder.add(source[at : cell.end], at)
    return builder.build()
