"""What the archives of regulators may come to, and the workbook parts copied out of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import IO
from xml.parsers import expat

from hypecheck import archive as guarded
from hypecheck.archive import Archive
from hypecheck.types import RecordError

__all__ = ["Archive", "Progress", "copy_xml", "open_archive"]

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

_REMEDY = "download it again from the regulator's own page"
_WANTED = "give the Drugs@FDA data files as downloaded (.zip) or the EMA's table of medicines (.xlsx)"


def open_archive(stream: IO[bytes], file: str, max_unpacked: int = MAX_UNPACKED) -> AbstractContextManager[Archive]:
    """Open a zip as hypecheck.archive does; `file` stands in errors. Raises RecordError on entering."""
    limits = guarded.Limits(max_unpacked, MAX_RATIO, SMALL, MAX_DIRECTORY)
    return guarded.open_archive(stream, limits, guarded.Refusal(RecordError, file, _REMEDY, _WANTED))


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
                seen += guarded.count_elements(data, member, archive.refusal, MAX_ELEMENTS - seen, MAX_NESTING)
            except expat.ExpatError:
                continue  # a picture, or a setting of a printer
            target.writestr(zipfile.ZipInfo(member), data)
    copied.seek(0)
    return copied
