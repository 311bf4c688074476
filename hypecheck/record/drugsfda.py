"""Reads the Drugs@FDA data files: a zip of tab-delimited tables that say what was approved, not what for."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import chain, groupby
from pathlib import PurePosixPath
from typing import NamedTuple

from hypecheck.record.archive import Archive, Progress
from hypecheck.record.days import read_day
from hypecheck.record.naming import fold, substance_id, tidy
from hypecheck.record.store import Contents
from hypecheck.record.types import Event, Fact, Interval, Substance
from hypecheck.types import RecordError

KIND = "drugsfda"

PAGE = "https://www.accessdata.fda.gov/scripts/cder/daf/index.cfm?event=overview.process&ApplNo="
"""The application's page; its number has six digits."""

MAX_LINE = 2**20
"""Bytes. The longest line seen has 400; the tables' notes have no bound, but no note fills a megabyte."""

REPORT_EVERY = 10_000
"""Lines between two reports of progress: at 200,000 lines a second, 20 reports a second."""

_REMEDY = "download the Drugs@FDA data files again from fda.gov"


class Table(NamedTuple):
    """A table's file by its stem, and the columns that are read of it."""

    stem: str
    columns: tuple[str, ...]


APPLICATIONS = Table("Applications", ("ApplNo", "ApplType", "SponsorName"))
PRODUCTS = Table("Products", ("ApplNo", "ProductNo", "DrugName", "ActiveIngredient"))
SUBMISSIONS = Table("Submissions", ("ApplNo", "SubmissionType", "SubmissionStatus", "SubmissionStatusDate"))
STATUSES = Table("MarketingStatus", ("ApplNo", "ProductNo", "MarketingStatusID"))
STATUS_NAMES = Table("MarketingStatus_Lookup", ("MarketingStatusID", "MarketingStatusDescription"))
REQUIRED = (APPLICATIONS, PRODUCTS, SUBMISSIONS, STATUSES)

_DISCONTINUED = "3"
"""The number of that status, for archives that come without the table of status names."""

_EVENTS: dict[str, Event] = {"AP": "approval", "TA": "tentative-approval"}
_ORIGINAL = "ORIG"
_BIOLOGIC_SUFFIX = re.compile(r"-[a-z]{4}$")
_COMBINATION = re.compile(r";(?![^(]*\))")
_DAYS = (
    re.compile(
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)?"
    ),
    re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})(?: [0-9]{1,2}:[0-9]{2}:[0-9]{2} [AP]M)?"),
)
_NUMBER = re.compile(r"[0-9]{1,6}")

_STAGING = """
CREATE TABLE application (line INTEGER, number TEXT, type TEXT, sponsor TEXT);
CREATE TABLE product (number TEXT, product TEXT, brand TEXT, ingredient TEXT);
CREATE TABLE original (number TEXT, status TEXT, day TEXT);
CREATE TABLE marketing (number TEXT, product TEXT, status TEXT);
CREATE TABLE discontinued (status TEXT PRIMARY KEY)
"""

_JOINED = """
CREATE INDEX application_number ON application (number);
CREATE TABLE named AS
    SELECT ingredient, biologic, substance_of(ingredient, biologic) AS substance
    FROM (SELECT DISTINCT ingredient, type = 'BLA' AS biologic FROM product JOIN application USING (number));
CREATE INDEX named_ingredient ON named (ingredient, biologic);
CREATE TABLE branded AS SELECT brand, fold(brand) AS folded FROM (SELECT DISTINCT brand FROM product);
CREATE INDEX branded_brand ON branded (brand);
CREATE TABLE made AS
    SELECT number, product, substance, folded, brand, ingredient, type, sponsor
    FROM product JOIN application USING (number) JOIN branded USING (brand)
    JOIN named USING (ingredient) WHERE biologic = (type = 'BLA') AND substance <> '' AND folded <> '';
CREATE INDEX original_number ON original (number);
CREATE INDEX marketing_product ON marketing (number, product)
"""

# Where one of the columns is a single min(), SQLite takes the others from the row that has it.
_EARLIEST = """
SELECT min(coalesce(nullif(day, ''), '9999') || number || brand), substance, folded, status, day, number, brand,
    type, sponsor
FROM made JOIN original USING (number) GROUP BY substance, folded, status ORDER BY substance, folded, status
"""
_GONE = """
SELECT min(made.number || brand), substance, folded, 'gone', '', made.number, brand, type, sponsor
FROM made LEFT JOIN marketing ON made.number = marketing.number AND made.product = marketing.product
GROUP BY substance, folded HAVING sum(status IS NULL OR status NOT IN (SELECT status FROM discontinued)) = 0
ORDER BY substance, folded
"""
_NAMES = """
SELECT substance, min(brand) FROM made GROUP BY substance, folded
UNION SELECT substance, replace(lower(ingredient), '; ', ' and ') FROM made ORDER BY 1, 2
"""


def parse_date(text: str) -> date | None:
    """`2017-12-05`, with or without a time, or `12/5/2017 12:00:00 AM`; None for nothing, else ValueError."""
    return read_day(text, _DAYS) if text else None


def holds_tables(archive: Archive) -> bool:
    """Whether an archive is meant to be this download: one of its tables suffices, so that a missing one is named."""
    return bool(_find_members(archive))


@contextmanager
def read_tables(archive: Archive, progress: Progress) -> Iterator[Contents]:
    """Join the tables on disk, so that memory does not grow with them, and give what they say.

    An original application that was approved, or tentatively, gives a fact: the earliest for a substance and brand.
    It is dated by the application's first approval, though a product may have joined the application later.
    A brand of which every product is discontinued gives one without a date. Raises RecordError, before anything
    is given, for a table or column that is missing and for a line that does not keep the format.
    """
    members = _find_members(archive)
    for table in REQUIRED:
        if table not in members:
            raise RecordError(f"{archive.file}: the table {table.stem}.txt is missing; {_REMEDY}")
    staging = sqlite3.connect("", isolation_level=None)
    with closing(staging), _explained(archive):
        staging.create_function("fold", 1, fold, deterministic=True)
        staging.create_function("substance_of", 2, _substance_of, deterministic=True)
        staging.execute("PRAGMA journal_mode = OFF")
        staging.executescript(_STAGING)
        staging.execute("BEGIN")
        rows = _Reader(archive, members, progress).fill(staging)
        _check_numbers(staging, archive, members[APPLICATIONS])
        staging.executescript(_JOINED)
        yield Contents(rows, _substances(archive, staging), _facts(archive, staging))


@contextmanager
def _explained(archive: Archive) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise RecordError(f"{archive.file}: cannot be joined, {error}; make room for temporary files") from error


def _find_members(archive: Archive) -> dict[Table, str]:
    """The members that hold tables, by their names in any case and in any folder."""
    paths = {member: PurePosixPath(member.casefold()) for member in archive.sizes}
    found: dict[Table, str] = {}
    for table in (*REQUIRED, STATUS_NAMES):
        for member, path in paths.items():
            if path.name == f"{table.stem.casefold()}.txt":
                if table in found:
                    raise RecordError(f"{archive.file}: holds the table {table.stem} more than once; {_REMEDY}")
                found[table] = member
    return found


class _Reader:
    """Fills the staging tables from the archive's, and counts lines and bytes as it goes."""

    def __init__(self, archive: Archive, members: dict[Table, str], progress: Progress) -> None:
        self._archive = archive
        self._members = members
        self._progress = progress
        self._total = sum(archive.sizes[member] for member in members.values())
        self._done = 0
        self._rows = 0

    def fill(self, staging: sqlite3.Connection) -> int:
        """Read every table; the number of rows."""
        self._progress(0, self._total)
        staging.executemany("INSERT INTO application VALUES (?, ?, ?, ?)", self._applications())
        staging.executemany("INSERT INTO product VALUES (?, ?, ?, ?)", self._products())
        staging.executemany("INSERT INTO original VALUES (?, ?, ?)", self._originals())
        staging.executemany("INSERT INTO marketing VALUES (?, ?, ?)", self._marketing())
        staging.executemany("INSERT OR IGNORE INTO discontinued VALUES (?)", self._discontinued())
        self._progress(self._total, self._total)
        return self._rows

    def _applications(self) -> Iterator[tuple[int, str, str, str]]:
        for line, (number, type, sponsor) in self._lines(APPLICATIONS):
            yield line, self._number(APPLICATIONS, line, number), type, sponsor

    def _products(self) -> Iterator[tuple[str, str, str, str]]:
        for line, (number, product, brand, ingredient) in self._lines(PRODUCTS):
            yield self._number(PRODUCTS, line, number), product, brand, ingredient

    def _originals(self) -> Iterator[tuple[str, str, str]]:
        for line, (number, type, status, day) in self._lines(SUBMISSIONS):
            if type != _ORIGINAL or status not in _EVENTS:
                continue
            try:
                when = parse_date(day)
            except ValueError as error:
                raise self._error(SUBMISSIONS, line, str(error)) from error
            yield self._number(SUBMISSIONS, line, number), status, when.isoformat() if when else ""

    def _marketing(self) -> Iterator[tuple[str, str, str]]:
        for line, (number, product, status) in self._lines(STATUSES):
            yield self._number(STATUSES, line, number), product, status

    def _discontinued(self) -> Iterator[tuple[str]]:
        if STATUS_NAMES not in self._members:
            yield (_DISCONTINUED,)
            return
        for _, (status, name) in self._lines(STATUS_NAMES):
            if fold(name).startswith("discontinued"):
                yield (status,)

    def _lines(self, table: Table) -> Iterator[tuple[int, list[str]]]:
        """Line number and wanted fields of every row; the header is line 1."""
        with self._archive.reading(self._members[table]) as stream:
            names = self._fields(table, 1, stream.readline(MAX_LINE + 1))
            missing = [column for column in table.columns if names.count(column) != 1]
            if missing:
                raise self._error(table, 1, f"the column {missing[0]} is missing")
            wanted = [names.index(column) for column in table.columns]
            line = 1
            while raw := stream.readline(MAX_LINE + 1):
                line += 1
                self._done += len(raw)
                if line % REPORT_EVERY == 0:
                    self._progress(self._done, self._total)
                fields = self._fields(table, line, raw)
                if fields == [""]:
                    continue
                # A tab too many at the end adds empty fields, and says nothing.
                if len(fields) < len(names) or any(fields[len(names) :]):
                    raise self._error(table, line, f"{len(fields)} fields where the header has {len(names)}")
                self._rows += 1
                yield line, [fields[index] for index in wanted]

    def _fields(self, table: Table, line: int, raw: bytes) -> list[str]:
        if len(raw) > MAX_LINE:
            raise self._error(table, line, f"longer than {MAX_LINE:,} bytes")
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError as error:
            raise self._error(table, line, f"the byte {raw[error.start]:#04x} is none of cp1252") from error
        return [field.strip() for field in text.rstrip("\r\n").split("\t")]

    def _number(self, table: Table, line: int, number: str) -> str:
        if not _NUMBER.fullmatch(number):
            raise self._error(table, line, f"{number[:40]!r} is no application number")
        return number.zfill(6)

    def _error(self, table: Table, line: int, cause: str) -> RecordError:
        return RecordError(f"{self._archive.file}: {self._members[table]}, line {line}: {cause}; {_REMEDY}")


def _check_numbers(staging: sqlite3.Connection, archive: Archive, member: str) -> None:
    query = "SELECT number, min(line), max(line) FROM application GROUP BY number HAVING count(*) > 1 LIMIT 1"
    twice = staging.execute(query).fetchone()
    if twice:
        number, first, last = twice
        raise RecordError(
            f"{archive.file}: {member}, line {last}: the application {number} stands in line {first} already; {_REMEDY}"
        )


def _substance_of(ingredients: str, biologic: int) -> str:
    names = [tidy(name) for name in _COMBINATION.split(ingredients)]
    # Four letters without meaning, which tell makers of one biologic apart.
    return substance_id(_BIOLOGIC_SUFFIX.sub("", name) if biologic else name for name in names)


def _substances(archive: Archive, staging: sqlite3.Connection) -> Iterator[Substance]:
    with _explained(archive):
        for substance, names in groupby(staging.execute(_NAMES), key=lambda row: str(row[0])):
            yield Substance(substance, substance, tuple(name for _, name in names if name != substance))


def _facts(archive: Archive, staging: sqlite3.Connection) -> Iterator[Fact]:
    with _explained(archive):
        for row in chain(staging.execute(_EARLIEST), staging.execute(_GONE)):
            yield _fact(*row[1:])


def _fact(substance: str, folded: str, status: str, day: str, number: str, brand: str, type: str, sponsor: str) -> Fact:
    event = _EVENTS.get(status, "discontinued")
    about = f"{brand}, every product listed as discontinued" if event == "discontinued" else brand
    when = Interval.parse(day) if day else None
    id = f"{KIND}:{substance}:{folded}:{event}"
    detail = f"{about}; {sponsor}, {type} {number}"
    return Fact(id, substance, None, "US", event, when, PAGE + number, "registry", detail)
