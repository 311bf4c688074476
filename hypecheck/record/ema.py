"""Reads the EMA's table of medicines: one XLSX sheet with a row for each centrally authorised medicine."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, NamedTuple

from hypecheck.record.archive import Archive, Progress, copy_xml
from hypecheck.record.days import read_day
from hypecheck.record.naming import fold, substance_id, tidy
from hypecheck.record.store import Contents
from hypecheck.record.types import Event, Fact, Interval, Substance
from hypecheck.types import RecordError

KIND = "ema"

PAGE = "https://www.ema.europa.eu/en/medicines/download-medicine-data"
"""Where the table comes from: the source of a row that names no page of its own."""

MAX_UNPACKED = 2**26
"""Bytes of all parts, which are held in memory. A table of 2,700 medicines takes 15 MB."""

MAX_ROWS = 100_000
"""Rows of a sheet, counted as its numbers say. The table had 1,988 in 2023 and about 2,700 in 2026."""

MAX_COLUMNS = 200
"""Columns that are looked at. The table had 28 in 2023 and 39 in 2026; a cell may claim to stand in column 18,278."""

HEADER_ROWS = 30
"""Rows among which the header is sought; eight stand before it."""

MAX_INDICATION = 300
"""Characters of the indication kept in a fact's detail."""

_COLUMNS = {
    "category": ("category",),
    "medicine": ("name of medicine", "medicine name"),
    "common": ("international non-proprietary name (inn) / common name", "inn / common name"),
    "active": ("active substance",),
    "status": ("medicine status", "authorisation status"),
    "conditional": ("conditional approval",),
    "holder": (
        "marketing authorisation developer / applicant / holder",
        "marketing authorisation holder/company name",
        "marketing authorisation holder / company name",
    ),
    "authorised": ("marketing authorisation date",),
    "refused": ("refusal of marketing authorisation date", "date of refusal of marketing authorisation"),
    "ended": ("withdrawal / expiry / revocation / lapse of marketing authorisation date",),
    "application_ended": ("withdrawal of application date",),
    "indication": ("therapeutic indication", "condition / indication"),
    "area": ("therapeutic area (mesh)", "therapeutic area"),
    "url": ("medicine url", "url"),
}
"""Fields with the names that columns had in 2023 and since, tidied."""

_REQUIRED = ("category", "medicine", "active", "status", "authorised", "refused", "url")

_APPROVED = frozenset({"authorised", "suspended"})
_ENDED = frozenset({"withdrawn", "expired", "lapsed", "revoked"})
_APPLICATION_ENDED = frozenset({"application withdrawn", "withdrawn from rolling review"})
_REFUSED = "refused"
_DAYS = (
    re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})"),
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:[ T][0-9:.]+)?"),
)
_COMBINATION = re.compile(r"(?:[;,\n]| / )(?![^(]*\))")
_FORMER = re.compile(r"(.*?)\s*\((?:previously|formerly)(?: known as)?\s+(.*)\)", re.IGNORECASE | re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?;](?= )")
_REMEDY = f"download the table again from {PAGE}"


class Row(NamedTuple):
    """A row of the sheet by field, with its number there."""

    number: int
    fields: dict[str, Any]

    def text(self, field: str) -> str:
        """The field's text in one line, empty where the column or the value is missing."""
        value = self.fields.get(field)
        return "" if value is None else " ".join(str(value).split())


def parse_day(value: object) -> date | None:
    """A cell's date: a date, `31/12/2019` or `2019-12-31`; None for nothing. Raises ValueError for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    text = str(value).strip()
    return read_day(text, _DAYS) if text else None


def is_workbook(archive: Archive) -> bool:
    """Whether an archive is an XLSX file of any content."""
    return "[Content_Types].xml" in archive.sizes


def read_table(archive: Archive, progress: Progress) -> Contents:
    """What the table says of human medicines; the indication is kept as words in the detail, not interpreted.

    Statuses of medicines that were neither approved nor refused nor withdrawn give no fact. Raises RecordError
    for a workbook without such a table, for a date or address that is none, and without openpyxl.
    """
    total = sum(archive.sizes.values())
    if total > MAX_UNPACKED:
        raise RecordError(f"{archive.file}: would unpack to more than {MAX_UNPACKED:,} bytes; {_REMEDY}")
    progress(0, total)
    rows = _read_rows(copy_xml(archive), archive.file)
    names: dict[str, dict[str, str]] = {}
    facts: list[Fact] = []
    used: Counter[str] = Counter()
    for row in rows:
        substance = substance_id(_ingredients(row))
        if tidy(row.text("category")) != "human" or not substance:
            continue
        for name in _names(row):
            names.setdefault(substance, {}).setdefault(fold(name), name)
        for fact in _facts(row, substance, archive.file):
            used[fact.id] += 1
            # Two rows may share a page: a medicine that came back under a new number.
            facts.append(replace(fact, id=f"{fact.id}:{used[fact.id]}") if used[fact.id] > 1 else fact)
    progress(total, total)
    return Contents(len(rows), [Substance(id, id, tuple(texts.values())) for id, texts in names.items()], facts)


def _read_rows(stream: IO[bytes], file: str) -> list[Row]:
    try:
        from openpyxl import load_workbook  # which only this import takes
    except ImportError as error:
        raise RecordError(f'{file}: an XLSX file takes openpyxl to read; pip install "hypecheck[record]"') from error
    with warnings.catch_warnings():
        # Of styles and extensions that play no part here.
        warnings.simplefilter("ignore")
        try:
            with closing(load_workbook(stream, read_only=True, data_only=True)) as workbook:
                return _table(workbook.worksheets, file)
        except RecordError:
            raise
        except Exception as error:  # a damaged workbook makes openpyxl raise nearly anything
            cause = str(error).partition("\n")[0] or type(error).__name__
            raise RecordError(f"{file}: no workbook that can be read, {cause}; {_REMEDY}") from error


def _table(sheets: Sequence[Any], file: str) -> list[Row]:
    """The rows below the header of the first sheet that has one."""
    missing = set(_REQUIRED)
    for sheet in sheets:
        # What a sheet says of its own size decides how many empty cells are made up.
        sheet.reset_dimensions()
        cells = enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1)
        for _, header in islice(cells, HEADER_ROWS):
            columns = _columns(header)
            missing = min(missing, set(_REQUIRED) - columns.keys(), key=len)
            if not missing:
                return list(_below(cells, columns, file))
    wanted = ", ".join(repr(_COLUMNS[field][0]) for field in sorted(missing))
    raise RecordError(f"{file}: no header with {wanted} in the first {HEADER_ROWS} rows of a sheet; {_REMEDY}")


def _columns(header: Sequence[object]) -> dict[str, int]:
    """Where the fields stand, if this row is the header."""
    names = [tidy(str(cell or "")) for cell in header]
    return {field: names.index(name) for field, known in _COLUMNS.items() for name in reversed(known) if name in names}


def _below(cells: Iterator[tuple[int, Sequence[Any]]], columns: dict[str, int], file: str) -> Iterator[Row]:
    for number, row in cells:
        if number > MAX_ROWS:
            raise RecordError(f"{file}: has more than {MAX_ROWS:,} rows; {_REMEDY}")
        fields = {field: row[at] for field, at in columns.items() if at < len(row)}
        if any(value is not None for value in fields.values()):
            yield Row(number, fields)


def _ingredients(row: Row) -> list[str]:
    return _COMBINATION.split(row.text("common") or row.text("active"))


def _names(row: Row) -> list[str]:
    """The medicine's names, earlier ones included, and the substance as the table spells it."""
    medicine = row.text("medicine")
    former = _FORMER.fullmatch(medicine)
    medicines = [former[1], *former[2].split(" / ")] if former else [medicine]
    spelled = [" and ".join(_COMBINATION.split(row.text(field))) for field in ("common", "active")]
    return [name.strip() for name in (*medicines, *spelled) if name.strip()]


def _facts(row: Row, substance: str, file: str) -> Iterator[Fact]:
    url = row.text("url") or PAGE
    if not url.startswith(("https://", "http://")):
        raise RecordError(f"{file}, row {row.number}: {url[:60]!r} is no address of a page; {_REMEDY}")
    status = tidy(row.text("status"))
    about = ", ".join(text for text in (row.text("medicine"), row.text("holder")) if text)
    indication = cut(row.text("indication") or row.text("area"))
    detail = f"{about} ({status}): {indication}" if indication else f"{about} ({status})"
    caution = "The table says that it is suspended." if status == "suspended" else ""
    page = tidy(url.rstrip("/").rpartition("/")[2] if url != PAGE else row.text("medicine"))
    for event, day in _events(row, status, file):
        when = Interval(day, day) if day else None
        id = f"{KIND}:{substance}:{page}:{event}"
        yield Fact(id, substance, None, "EU", event, when, url, "registry", detail, conflict=caution)


def _events(row: Row, status: str, file: str) -> Iterator[tuple[Event, date | None]]:
    """What happened and when. The decision dates of the table are not used: they are those of the latest decision."""
    days = {field: _day(row, field, file) for field in ("authorised", "refused", "ended", "application_ended")}
    if status in _APPROVED or days["authorised"]:
        conditional = tidy(row.text("conditional")) in ("yes", "true")
        yield "conditional-approval" if conditional else "approval", days["authorised"]
    if status == _REFUSED or days["refused"]:
        yield "refusal", days["refused"]
    if status in _ENDED:
        yield "approval-withdrawn", days["ended"]
    elif status in _APPLICATION_ENDED:
        yield "application-withdrawn", days["application_ended"]


def _day(row: Row, field: str, file: str) -> date | None:
    try:
        return parse_day(row.fields.get(field))
    except ValueError as error:
        raise RecordError(f"{file}, row {row.number}: {_COLUMNS[field][0]}: {error}; {_REMEDY}") from error


def cut(text: str) -> str:
    """As many whole sentences from the beginning as MAX_INDICATION characters hold, or the words of a longer one."""
    if len(text) <= MAX_INDICATION:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, MAX_INDICATION + 1)]
    if ends:
        return text[: ends[-1]]
    return text[: MAX_INDICATION - 1].rpartition(" ")[0] + "…"
