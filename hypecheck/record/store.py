"""The user's own record: what was imported from regulators' downloads, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar, cast

from hypecheck.record.database import AGAIN, connect, explained, has_tables, make_tables
from hypecheck.record.naming import fold
from hypecheck.record.types import EVENTS, Event, Fact, Interval, Quality, Substance
from hypecheck.types import RecordError

T = TypeVar("T")

CHUNK = 500
"""Names in one query. SQLite before 3.32 took at most 999."""

_SOURCES = "SELECT kind, file, sha256, imported, rows, substances, facts FROM sources"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was imported; `rows` counts what was read of its tables, headers left out.

    `substances` and `facts` count what the store holds of it, and are filled in by the store.
    """

    kind: str
    file: str
    sha256: str
    imported: date
    rows: int
    substances: int = 0
    facts: int = 0


class Imported(NamedTuple):
    """The source as the store holds it; `unchanged` where it held this very file before, since `source.imported`."""

    source: Source
    unchanged: bool


class Contents(NamedTuple):
    """What an importer read. Both iterables may be gone through once, while the file is open."""

    rows: int
    substances: Iterable[Substance]
    facts: Iterable[Fact]


def replace_source(path: Path, source: Source, substances: Iterable[Substance], facts: Iterable[Fact]) -> Imported:
    """Put these in place of all that the store holds of `source.kind`, or nothing at all.

    The store is made where there is none. The same file again changes nothing, and neither iterable is read.
    Raises RecordError for a store that is foreign, of another version, locked or not writable.
    """
    with explained(path), closing(connect(path, "rwc")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            replaced = _replace(connection, path, source, substances, facts)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
    return replaced


def _replace(
    connection: sqlite3.Connection, path: Path, source: Source, substances: Iterable[Substance], facts: Iterable[Fact]
) -> Imported:
    if not has_tables(connection, path):
        make_tables(connection)
    held = connection.execute(f"{_SOURCES} WHERE kind = ? AND sha256 = ?", (source.kind, source.sha256)).fetchone()
    if held:
        return Imported(_source(held), unchanged=True)
    for table in ("sources", "substances", "aliases", "facts"):
        connection.execute(f"DELETE FROM {table} WHERE kind = ?", (source.kind,))
    count = 0
    for substance in substances:
        _insert_substance(connection, source.kind, substance)
        count += 1
    marks = ", ".join("?" * 14)
    rows = (_row(source.kind, fact) for fact in facts)
    inserted = connection.executemany(f"INSERT INTO facts VALUES ({marks})", rows).rowcount
    stored = replace(source, substances=count, facts=max(inserted, 0))
    row = (stored.kind, stored.file, stored.sha256, stored.imported.isoformat(), stored.rows, count, stored.facts)
    connection.execute("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return Imported(stored, unchanged=False)


def _insert_substance(connection: sqlite3.Connection, kind: str, substance: Substance) -> None:
    connection.execute("INSERT INTO substances VALUES (?, ?, ?)", (substance.id, kind, substance.name))
    for text in (substance.id, substance.name, *substance.aliases):
        words = fold(text).split()
        if words:
            row = (" ".join(words), substance.id, kind, text, words[0], len(words))
            connection.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?, ?, ?, ?, ?)", row)


def _row(kind: str, fact: Fact) -> tuple[object, ...]:
    first, last = (day.isoformat() for day in fact.date) if fact.date else (None, None)
    target = fact.target.isoformat() if fact.target else None
    what = (fact.substance, fact.indication, fact.jurisdiction, fact.event, first, last)
    return (fact.id, kind, *what, fact.source, fact.quality, fact.detail, target, fact.conflict,
            json.dumps(fact.more_sources))  # fmt: skip


def find_source(path: Path, sha256: str) -> Source | None:
    """The source that was imported from a file of this hash; None also where no store was begun.

    Raises RecordError as `replace_source` does.
    """
    if not path.exists():
        return None
    with explained(path), closing(connect(path, "rw")) as connection:
        if not has_tables(connection, path):
            return None
        row = connection.execute(f"{_SOURCES} WHERE sha256 = ?", (sha256,)).fetchone()
    return _source(row) if row else None


def open_store(path: Path) -> Store:
    """Open a store for reading; close it, or use it in a `with` statement.

    Raises RecordError where there is none, and for a file that is foreign, damaged or of another version.
    """
    if not path.is_file():
        raise RecordError(f"{path}: there is no such store; import a regulator's file into it first")
    # Not "ro": what a process that died half-way left behind must be rolled back before anything is read.
    with explained(path):
        connection = connect(path, "rw")
        try:
            if not has_tables(connection, path):
                raise RecordError(f"{path}: nothing was imported into this store yet; import a regulator's file")
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return Store(connection, path)


class Store:
    """The read side. Every method raises RecordError where the file is damaged or in use."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        self._connection.close()

    def sources(self) -> tuple[Source, ...]:
        """What was imported, by kind."""
        rows = self._rows(f"{_SOURCES} ORDER BY kind")
        return tuple(self._made(_source, row) for row in rows)

    def first_words(self, words: Iterable[str]) -> dict[str, int]:
        """Of these folded words, those that begin a name, each with the number of words of the longest such name.

        So a text needs no more look-ups than it has words that could begin a name.
        """
        rows = self._rows_for(words, "SELECT first, max(words) FROM aliases WHERE first IN ({}) GROUP BY first")
        return dict(rows)

    def substances_named(self, folded_names: Iterable[str]) -> dict[str, Substance]:
        """The substances that have these names, as `fold` gives them, with the aliases of all sources.

        Where a name belongs to several, it means the one whose id it is; a brand that several share means none.
        """
        found: dict[str, set[str]] = {}
        for name, substance in self._rows_for(
            folded_names, "SELECT alias, substance FROM aliases WHERE alias IN ({}) ORDER BY alias, substance"
        ):
            found.setdefault(name, set()).add(substance)
        meant = {name: {id for id in ids if fold(id) == name} or ids for name, ids in found.items()}
        only = {name: min(ids) for name, ids in meant.items() if len(ids) == 1}
        substances = self._substances(only.values())
        return {name: substances[id] for name, id in only.items()}

    def facts_of(self, substance_id: str) -> tuple[Fact, ...]:
        """All facts of a substance, by date; those without a date come last."""
        columns = (
            "id, substance, indication, jurisdiction, event, first, last, source, quality, detail, target, conflict, "
            "more_sources"
        )
        query = f"SELECT {columns} FROM facts WHERE substance = ? ORDER BY first IS NULL, first, id"
        return tuple(self._made(_fact, row) for row in self._rows(query, (substance_id,)))

    def _substances(self, ids: Iterable[str]) -> dict[str, Substance]:
        wanted = set(ids)
        names = dict(self._rows_for(wanted, "SELECT id, min(name) FROM substances WHERE id IN ({}) GROUP BY id"))
        aliases: dict[str, dict[str, str]] = {id: {} for id in names}
        query = "SELECT substance, alias, text FROM aliases WHERE substance IN ({}) ORDER BY substance, alias, text"
        for substance, alias, text in self._rows_for(wanted, query):
            if alias not in (fold(substance), fold(names[substance])):
                aliases[substance].setdefault(alias, text)
        return {id: Substance(id, name, tuple(aliases[id].values())) for id, name in names.items()}

    def _made(self, make: Callable[[Any], T], row: Any) -> T:
        try:
            return make(row)
        except (ValueError, TypeError) as error:
            raise RecordError(f"{self._path}: holds what this tool did not write, {error}; {AGAIN}") from error

    def _rows_for(self, values: Iterable[str], query: str) -> Iterator[Any]:
        """The rows of a query that has `{}` where the values stand, asked for in chunks."""
        wanted = sorted(set(values))
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            yield from self._rows(query.format(", ".join("?" * len(chunk))), chunk)

    def _rows(self, query: str, values: Sequence[str] = ()) -> list[Any]:
        with explained(self._path):
            return self._connection.execute(query, values).fetchall()


def _source(row: Any) -> Source:
    kind, file, sha256, imported, *counts = row
    return Source(kind, file, sha256, date.fromisoformat(imported), *counts)


def _fact(row: Any) -> Fact:
    id, substance, indication, jurisdiction, event, first, last, source, quality, detail, target, conflict, more = row
    if event not in EVENTS:
        raise ValueError(f"{event!r} is no event")
    when = Interval(date.fromisoformat(first), date.fromisoformat(last)) if first else None
    due = date.fromisoformat(target) if target else None
    return Fact(id, substance, indication, jurisdiction, cast(Event, event), when, source, cast(Quality, quality),
                detail, due, conflict, tuple(json.loads(more)))  # fmt: skip
