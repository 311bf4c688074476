"""Imports a regulator's download into the store, whichever of the known kinds it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

from hypecheck.record import drugsfda, ema
from hypecheck.record.archive import Archive, Progress, open_archive
from hypecheck.record.store import Contents, Imported, Source, find_source, replace_source
from hypecheck.types import RecordError


def _no_progress(done: int, total: int) -> None:
    """What is called where nobody asked."""


def import_file(path: Path, store_path: Path, *, today: date, progress: Progress = _no_progress) -> Imported:
    """Put a download in place of the one of its kind in the store, which is made where there is none.

    `today` is noted as the day of the import; `progress` is called with bytes of the unpacked tables.
    Raises RecordError, and leaves the store as it was, where the file or the store is not as it should be.
    """
    if not path.is_file():
        raise RecordError(f"{path}: there is no such file; download it from the regulator's page first")
    try:
        with path.open("rb") as stream:
            return _import(stream, path, store_path, today, progress)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read, {error.strerror or error}; copy it anew") from error


def _import(stream: IO[bytes], path: Path, store_path: Path, today: date, progress: Progress) -> Imported:
    sha256 = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    held = find_source(store_path, sha256)
    if held:
        return Imported(held, unchanged=True)
    with open_archive(stream, str(path)) as archive, _read(archive, progress) as (kind, contents):
        source = Source(kind, path.name, sha256, today, contents.rows)
        return replace_source(store_path, source, contents.substances, contents.facts)


@contextmanager
def _read(archive: Archive, progress: Progress) -> Iterator[tuple[str, Contents]]:
    """The kind of download, told by what is in it, and its contents."""
    if drugsfda.holds_tables(archive):
        with drugsfda.read_tables(archive, progress) as contents:
            yield drugsfda.KIND, contents
    elif ema.is_workbook(archive):
        yield ema.KIND, ema.read_table(archive, progress)
    else:
        raise RecordError(
            f"{archive.file}: neither the Drugs@FDA data files (.zip) nor the EMA's table of medicines (.xlsx); give "
            "one of them as downloaded"
        )
