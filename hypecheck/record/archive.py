"""Zip archives from elsewhere: what is in them is checked before any of it is unpacked, and bounded while it is."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from hypecheck.types import RecordError

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""

MAX_UNPACKED = 2**30
"""Bytes of all members. Three times the largest archive that an import was measured with (300 MB)."""

MAX_RATIO = 100
"""Unpacked bytes to packed ones. Tables of text come to 5 or 15, sheets of XML to 40; deflate can do 1,032."""

SMALL = 2**20
"""Members up to here may be packed as tightly as they like: an empty sheet of a megabyte harms nobody."""

MAX_DIRECTORY = 2**20
"""Bytes of the list of members, which is read at once: 12 tables or 30 parts of a workbook take 3,000."""

MAX_ELEMENTS = 4_000_000
"""Elements and attributes of all XML parts. 3,000 medicines in 39 columns make 600,000."""

MAX_NESTING = 100
"""Elements within one another; a sheet needs five, a theme about ten."""

_END = b"PK\5\6"
_END_BYTES = 22
_MAX_COMMENT = 2**16
_ZIP64 = b"PK\6\7"
_ZIP64_BYTES = 20
_ENCRYPTED = 0x1 | 0x40
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")
_REMEDY = "download it again from the regulator's own page"


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip whose list of members was checked; `file` stands in errors, `sizes` are unpacked bytes by member."""

    file: str
    sizes: Mapping[str, int]
    zip: zipfile.ZipFile

    @contextmanager
    def reading(self, member: str) -> Iterator[IO[bytes]]:
        """The member's bytes as a buffered stream. Raises RecordError, while it is read, where it is damaged."""
        try:
            with self.zip.open(member) as packed, io.BufferedReader(packed, 2**20) as stream:  # type: ignore[type-var]
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
            raise RecordError(f"{self.file}: {member} is damaged, {error or 'it is cut short'}; {_REMEDY}") from error


@contextmanager
def open_archive(stream: IO[bytes], file: str, max_unpacked: int = MAX_UNPACKED) -> Iterator[Archive]:
    """Open a zip that nobody vouches for; nothing is unpacked yet, and nothing ever to a file.

    Raises RecordError for what is no zip, for names that lead out of it or stand twice, for encrypted members
    and for what would unpack to more than `max_unpacked` bytes or to MAX_RATIO times its size.
    """
    _check_directory(stream, file)
    try:
        opened = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise RecordError(f"{file}: no whole zip archive, {error}; {_REMEDY}") from error
    with opened:
        members = [info for info in opened.infolist() if not info.is_dir()]
        _check_names(opened.infolist(), file)
        for info in members:
            _check_member(info, file)
        if sum(info.file_size for info in members) > max_unpacked:
            raise RecordError(f"{file}: would unpack to more than {max_unpacked:,} bytes; {_REMEDY}")
        yield Archive(file, {info.filename: info.file_size for info in members}, opened)


def _check_directory(stream: IO[bytes], file: str) -> None:
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
        raise RecordError(
            f"{file}: no whole zip archive; give the Drugs@FDA data files as downloaded (.zip) or the EMA's table of "
            "medicines (.xlsx)"
        )
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    if size > MAX_DIRECTORY or tail.startswith(_ZIP64, max(0, at - _ZIP64_BYTES)):
        raise RecordError(f"{file}: its list of members is longer than {MAX_DIRECTORY:,} bytes; {_REMEDY}")


def _check_names(infos: list[zipfile.ZipInfo], file: str) -> None:
    """Nothing is written under these names, but an archive that tries is no regulator's."""
    seen: set[str] = set()
    for info in infos:
        # The name as stored: zipfile cuts it at a NUL, and turns backslashes round on some systems.
        name = info.orig_filename
        outside = name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/")
        if outside or "\\" in name or "\0" in name:
            raise RecordError(f"{file}: holds the name {name[:80]!r}, which leads out of the archive; {_REMEDY}")
        if name.casefold() in seen:
            raise RecordError(f"{file}: holds {name[:80]!r} twice; {_REMEDY}")
        seen.add(name.casefold())


def _check_member(info: zipfile.ZipInfo, file: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise RecordError(f"{file}: {info.filename} is encrypted; save the archive without a password")
    if info.compress_type not in _METHODS:
        raise RecordError(f"{file}: {info.filename} is packed in a way that is not read here; {_REMEDY}")
    if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
        raise RecordError(
            f"{file}: {info.filename} would unpack to {info.file_size:,} bytes from {info.compress_size:,}; {_REMEDY}"
        )


def copy_xml(archive: Archive) -> io.BytesIO:
    """A zip of those members that are well-formed XML, and of nothing else, for a library that reads such parts.

    Raises RecordError for a part that declares a document type, which is where entities are defined,
    and for parts of more than MAX_ELEMENTS elements in all or nested more than MAX_NESTING deep.
    """
    copied = io.BytesIO()
    seen = 0
    with zipfile.ZipFile(copied, "w", zipfile.ZIP_STORED) as target:
        for member in archive.sizes:
            with archive.reading(member) as stream:
                data = stream.read()
            try:
                seen += _count(data, archive.file, member, MAX_ELEMENTS - seen)
            except expat.ExpatError:
                continue  # a picture, or a setting of a printer
            target.writestr(zipfile.ZipInfo(member), data)
    copied.seek(0)
    return copied


def _count(data: bytes, file: str, member: str, allowed: int) -> int:
    """The elements and attributes of an XML part; ExpatError for what is none."""
    seen = depth = 0

    def refuse(*_: object) -> None:
        raise RecordError(f"{file}: {member} declares a document type, which no workbook needs; {_REMEDY}")

    def begin(_: str, attributes: dict[str, str]) -> None:
        nonlocal seen, depth
        seen += 1 + len(attributes)
        depth += 1
        if seen > allowed or depth > MAX_NESTING:
            raise RecordError(f"{file}: {member} holds more elements than a table of medicines needs; {_REMEDY}")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return seen
