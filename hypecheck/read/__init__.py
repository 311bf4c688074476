"""Readers: bytes of a format to a Document.

A format is a module here and a row in READERS. Each reader imports what it needs only when it
runs, so that reading plain text loads neither a grammar nor a YAML parser.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from hypecheck.read.decode import MAX_BYTES, decode, name_source
from hypecheck.read.draft import METADATA
from hypecheck.types import Document, FieldFormat, ReadError


def _read_plain(source: str, path: str, _metadata: Collection[str]) -> Document:
    from hypecheck.read import text

    return text.read(source, path)


def _read_markdown(source: str, path: str, metadata: Collection[str]) -> Document:
    from hypecheck.read import markdown

    return markdown.read(source, path, metadata)


def _read_html(source: str, path: str, metadata: Collection[str]) -> Document:
    from hypecheck.read import html

    return html.read(source, path, metadata)


def _read_mdx(source: str, path: str, metadata: Collection[str]) -> Document:
    from hypecheck.read import mdx

    return mdx.read(source, path, metadata)


def _read_docx(data: bytes, path: str, max_bytes: int) -> Document:
    from hypecheck.read import docx

    return docx.read(data, path, max_bytes)


READERS: dict[str, Callable[[str, str, Collection[str]], Document]] = {
    "text": _read_plain,
    "markdown": _read_markdown,
    "mdx": _read_mdx,
    "html": _read_html,
}
"""Format name to reader; a reader takes the source, its path and the names of the metadata that are read."""

BINARY_READERS: dict[str, Callable[[bytes, str, int], Document]] = {"docx": _read_docx}
"""Format name to reader, where a file is no text; a reader takes the bytes, their path and how many there may be."""

FORMATS_BY_SUFFIX: dict[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "mdx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".docm": "docx",
}
"""File suffix, in lower case, to format name."""


RECORD_SUFFIXES: frozenset[str] = frozenset({".json", ".jsonl", ".ndjson", ".csv", ".tsv"})
"""Suffixes of exports of content systems, of which named fields are read; the same as records.SHAPES_BY_SUFFIX."""


def read_bytes(
    data: bytes,
    path: str,
    format: str | None = None,
    max_bytes: int = MAX_BYTES,
    fields: Sequence[str] = (),
    field_format: FieldFormat = "auto",
    metadata: Collection[str] = METADATA,
) -> Document:
    """The document in `data`; without `format` the suffix of `path` decides, else it is plain text.

    `fields` are the keys or columns to read of an export (JSON, JSON Lines, CSV), `field_format` how their values are
    read; `metadata` names what is read of that which a page says of itself. Raises ReadError, and nothing else, for
    bytes that cannot be read.
    """
    suffix = "." + path.rpartition(".")[2].lower()
    if format is None and suffix in RECORD_SUFFIXES:
        from hypecheck.read import records

        shape = records.SHAPES_BY_SUFFIX[suffix]
        return records.read(decode(data, path, max_bytes), path, shape, fields, field_format, metadata)
    chosen = format or FORMATS_BY_SUFFIX.get(suffix, "text")
    if chosen in BINARY_READERS:
        return BINARY_READERS[chosen](data, path, max_bytes)
    return _reader(chosen, path)(decode(data, path, max_bytes), path, metadata)


def read_text(source: str, path: str, format: str, metadata: Collection[str] = METADATA) -> Document:
    """The document in `source`; a byte-order mark at its start does not become part of it.

    Raises ReadError, and nothing else, for a text that cannot be read.
    """
    if format in BINARY_READERS:
        raise ReadError(f"{name_source(path)}: {format} is read from a file's bytes, not from text")
    reader = _reader(format, path)
    nul = source.find("\0")
    if nul >= 0:
        raise ReadError(f"{name_source(path)}: NUL at character {nul}, so this is no text; remove it")
    return reader(source.removeprefix("\ufeff"), path, metadata)


def _reader(format: str, path: str) -> Callable[[str, str, Collection[str]], Document]:
    if format not in READERS:
        known = ", ".join([*READERS, *BINARY_READERS])
        raise ReadError(f"{name_source(path)}: no reader for format {format!r}; use one of {known}")
    return READERS[format]
