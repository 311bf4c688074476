"""Zip archives that nobody vouches for: checked before any of it is unpacked, and bounded while it is.

What an archive may come to depends on what it is for, so whoever opens one brings the limits and the remedy.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from hypecheck.types import HypecheckError

_END = b"PK\5\6"
_END_BYTES = 22
_MAX_COMMENT = 2**16
_ZIP64 = b"PK\6\7"
_ZIP64_BYTES = 20
_ENCRYPTED = 0x1 | 0x40
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may come to, in bytes; `ratio` is unpacked bytes to packed ones.

    Members of up to `small` bytes may be packed as tightly as they like. `directory` bounds the list
    of members, which is read at once; `unpacked` all members together.
    """

    unpacked: int
    ratio: int
    small: int
    directory: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a file is refused: the error to raise, the file's name in it, and what its owner can do.

    `wanted` is the remedy where the file is no zip archive at all.
    """

    error: type[HypecheckError]
    file: str
    remedy: str
    wanted: str

    def because(self, cause: str, remedy: str = "") -> HypecheckError:
        """The error, to be raised: place, cause, remedy."""
        return self.error(f"{self.file}: {cause}; {remedy or self.remedy}")


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip whose list of members was checked; `sizes` are unpacked bytes by member."""

    refusal: Refusal
    sizes: Mapping[str, int]
    zip: zipfile.ZipFile

    @property
    def file(self) -> str:
        """The name that stands in errors."""
        return self.refusal.file

    @contextmanager
    def reading(self, member: str) -> Iterator[IO[bytes]]:
        """The member's bytes as a buffered stream. Raises the refusal, while it is read, where it is damaged."""
        try:
            with self.zip.open(member) as packed, io.BufferedReader(packed, 2**20) as stream:  # type: ignore[type-var]
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
            raise self.refusal.because(f"{member} is damaged, {error or 'it is cut short'}") from error


@contextmanager
def open_archive(stream: IO[bytes], limits: Limits, refusal: Refusal) -> Iterator[Archive]:
    """Open a zip that nobody vouches for; nothing is unpacked yet, and nothing ever to a file.

    Raises the refusal for what is no zip, for names that lead out of it or stand twice, for encrypted members
    and for what would unpack to more than the limits.
    """
    _check_directory(stream, limits, refusal)
    try:
        opened = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise refusal.because(f"no whole zip archive, {error}") from error
    with opened:
        members = [info for info in opened.infolist() if not info.is_dir()]
        _check_names(opened.infolist(), refusal)
        for info in members:
            _check_member(info, limits, refusal)
        if sum(info.file_size for info in members) > limits.unpacked:
            raise refusal.because(f"would unpack to more than {limits.unpacked:,} bytes")
        yield Archive(refusal, {info.filename: info.file_size for info in members}, opened)


def _check_directory(stream: IO[bytes], limits: Limits, refusal: Refusal) -> None:
    """Read the end of the file as zipfile would, since that reads a list of any length without asking."""
    length = stream.seek(0, io.SEEK_END)
    start = max(0, length - _END_BYTES - _MAX_COMMENT - _ZIP64_BYTES)
    stream.seek(start)
    tail = stream.read()
    stream.seek(0)
    # The last 22 bytes first: only where they are no end record does zipfile look for one before a comment.
    at = len(tail) - _END_BYTES
    if at < 0 or not (tail.startswith(_END, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise refusal.because("no whole zip archive", refusal.wanted)
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    if size > limits.directory or tail.startswith(_ZIP64, max(0, at - _ZIP64_BYTES)):
        raise refusal.because(f"its list of members is longer than {limits.directory:,} bytes")


def _check_names(infos: list[zipfile.ZipInfo], refusal: Refusal) -> None:
    """Nothing is written under these names, but an archive that tries is not what it says it is."""
    seen: set[str] = set()
    for info in infos:
        # The name as stored: zipfile cuts it at a NUL, and turns backslashes round on some systems.
        name = info.orig_filename
        outside = name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/")
        if outside or "\\" in name or "\0" in name:
            raise refusal.because(f"holds the name {name[:80]!r}, which leads out of the archive")
        if name.casefold() in seen:
            raise refusal.because(f"holds {name[:80]!r} twice")
        seen.add(name.casefold())


def _check_member(info: zipfile.ZipInfo, limits: Limits, refusal: Refusal) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise refusal.because(f"{info.filename} is encrypted", "save the archive without a password")
    if info.compress_type not in _METHODS:
        raise refusal.because(f"{info.filename} is packed in a way that is not read here")
    if info.file_size > max(limits.small, limits.ratio * info.compress_size):
        raise refusal.because(f"{info.filename} would unpack to {info.file_size:,} bytes from {info.compress_size:,}")


def count_elements(data: bytes, member: str, refusal: Refusal, allowed: int, nesting: int) -> int:
    """The elements and attributes of an XML part; ExpatError for what is none.

    Raises the refusal for a part that declares a document type, which is where entities are defined,
    for more than `allowed` of them and for elements more than `nesting` deep.
    """
    seen = depth = 0

    def refuse(*_: object) -> None:
        raise refusal.because(f"{member} declares a document type, which no part of such a file needs")

    def begin(_: str, attributes: dict[str, str]) -> None:
        nonlocal seen, depth
        seen += 1 + len(attributes)
        depth += 1
        if seen > allowed or depth > nesting:
            raise refusal.because(f"{member} holds more elements than such a file needs")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return seen
