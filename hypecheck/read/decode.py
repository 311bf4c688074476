"""Bytes to text, or a ReadError that names the byte."""

from __future__ import annotations

import codecs

from hypecheck.types import ReadError

MAX_BYTES = 10_000_000
"""Far above any article; a file beyond it is a corpus or a mistake."""

_UTF16_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def name_source(path: str) -> str:
    """How a message names what was read; a text without a path has a name too."""
    return path or "the text"


def decode(data: bytes, path: str, max_bytes: int = MAX_BYTES) -> str:
    """The text of UTF-8 bytes, or of UTF-16 bytes that begin with their mark; the mark is dropped.

    Nothing is replaced or normalised. Raises ReadError for any other encoding, for binary content
    and for more than `max_bytes`.
    """
    if len(data) > max_bytes:
        raise ReadError(f"{name_source(path)}: {len(data)} bytes, more than the limit of {max_bytes}; split it")
    encoding, mark = _encoding(data)
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + len(mark)
        name = "UTF-8" if encoding == "utf-8" else "UTF-16"
        raise ReadError(f"{name_source(path)}: byte {at} is not valid {name}; save it as UTF-8") from error
    nul = text.find("\0")
    if nul >= 0:
        at = len(mark) + len(text[:nul].encode(encoding))
        raise ReadError(f"{name_source(path)}: NUL at byte {at}, so this is no text file; save it as UTF-8 text")
    return text


def _encoding(data: bytes) -> tuple[str, bytes]:
    for mark, encoding in _UTF16_MARKS:
        if data.startswith(mark):
            return encoding, mark
    return "utf-8", codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
