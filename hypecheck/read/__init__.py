"""Readers: bytes of a format to a Document.

A format is a module here and a row in READERS. Each reader imports what it needs only when it
runs, so that reading plain text loads neither a grammar nor a YAML parser.
"""

from __future__ import annotations

from collections.abc import Callable

from hypecheck.read.decode import MAX_BYTES, decode, name_source
from hypecheck.types import Document, ReadError


def _read_plain(source: str, path: str) -> Document:
    from hypecheck.read import text

    return text.read(source, path)


def _read_markdown(source: str, path: str) -> Document:
    from hypecheck.read import markdown

    return markdown.read(source, path)


def _read_html(source: str, path: str) -> Document:
    from hypecheck.read import html

    return html.read(source, path)


READERS: dict[str, Callable[[str, str], Document]] = {
    "text": _read_plain,
    "markdown": _read_markdown,
    "html": _read_html,
}
"""Format name to reader; a reader takes the source and its path."""

FORMATS_BY_SUFFIX: dict[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
"""File suffix, in lower case, to format name."""


def read_bytes(data: bytes, path: str, format: str | None = None, max_bytes: int = MAX_BYTES) -> Document:
    """The document in `data`; without `format` the suffix of `path` decides, else it is plain text.

    Raises ReadError, and nothing else, for bytes that cannot be read.
    """
    chosen = format or FORMATS_BY_SUFFIX.get("." + path.rpartition(".")[2].lower(), "text")
    return _reader(chosen, path)(decode(data, path, max_bytes), path)


def read_text(source: str, path: str, format: str) -> Document:
    """The document in `source`; a byte-order mark at its start does not become part of it.

    Raises ReadError, and nothing else, for a text that cannot be read.
    """
    reader = _reader(format, path)
    nul = source.find("\0")
    if nul >= 0:
        raise ReadError(f"{name_source(path)}: NUL at character {nul}, so this is no text; remove it")
    return reader(source.removeprefix("\ufeff"), path)


def _reader(format: str, path: str) -> Callable[[str, str], Document]:
    if format not in READERS:
        raise ReadError(f"{name_source(path)}: no reader for format {format!r}; use one of {', '.join(READERS)}")
    return READERS[format]
