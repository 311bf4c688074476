"""The store's file: its tables, its version, and what there is to do where SQLite cannot use it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypecheck.types import RecordError

SCHEMA = 1
"""Goes up with every change of the tables or of what the importers put there, so that nothing stale is read."""

APPLICATION_ID = 0x48595045
"""The letters HYPE, by which SQLite tells whose file it is."""

WAIT_SECONDS = 5.0
"""For another program to let go of the store; a whole replacement of real size takes less."""

_TABLES = """
CREATE TABLE sources (kind TEXT PRIMARY KEY, file TEXT, sha256 TEXT, imported TEXT, rows INTEGER,
    substances INTEGER, facts INTEGER);
CREATE TABLE substances (id TEXT, kind TEXT, name TEXT, PRIMARY KEY (id, kind)) WITHOUT ROWID;
CREATE TABLE aliases (
    alias TEXT, substance TEXT, kind TEXT, text TEXT, first TEXT, words INTEGER, PRIMARY KEY (alias, substance, kind)
) WITHOUT ROWID;
CREATE INDEX aliases_of ON aliases (substance, alias);
CREATE INDEX aliases_by_first_word ON aliases (first, words);
CREATE TABLE facts (
    id TEXT PRIMARY KEY, kind TEXT, substance TEXT, indication TEXT, jurisdiction TEXT, event TEXT, first TEXT,
    last TEXT, source TEXT, quality TEXT, detail TEXT, target TEXT, conflict TEXT, more_sources TEXT
);
CREATE INDEX facts_of ON facts (substance)
"""
AGAIN = "delete it and import the files again"
"""The remedy where nothing in the store can be trusted: all of it comes from files that can be had again."""

_CAUSES = {
    sqlite3.SQLITE_NOTADB: "is no SQLite database; name another file for the store",
    sqlite3.SQLITE_CORRUPT: f"is damaged; {AGAIN}",
    sqlite3.SQLITE_BUSY: "another program is using it; try again when that has ended",
    sqlite3.SQLITE_LOCKED: "another program is using it; try again when that has ended",
    sqlite3.SQLITE_READONLY: "cannot be written; allow writing to the file and its folder, or name another store",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; name a file in a folder that exists and that you may write to",
    sqlite3.SQLITE_PERM: "cannot be opened; name a file that you may read and write",
    sqlite3.SQLITE_FULL: "no room is left on the disk; make room and try again",
}


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open the file in a mode of SQLite's: `rw`, or `rwc` to make it. Transactions are begun by hand."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, isolation_level=None)


def make_tables(connection: sqlite3.Connection) -> None:
    """Begin a store, within the transaction that is under way."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def has_tables(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the store was begun. Raises RecordError for a database that is not this tool's, or not this version's."""
    owner, version, tables = (
        connection.execute(query).fetchone()[0]
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if (owner, version, tables) == (0, 0, 0):
        return False
    if owner != APPLICATION_ID:
        raise RecordError(f"{path}: a database of another program; name another file for the store")
    if version != SCHEMA:
        raise RecordError(f"{path}: a store of version {version}, where this hypecheck reads {SCHEMA}; {AGAIN}")
    return True


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite raises for a file into a RecordError that names the store."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        raise RecordError(f"{path}: {_CAUSES.get(code, f'{error}; {AGAIN}')}") from error
