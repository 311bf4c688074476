"""Downloads by their shape: the tables, columns and quirks of the real ones, with invented names and numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

Tables = dict[str, list[Sequence[str]]]

APPLICATIONS = ("ApplNo", "ApplType", "ApplPublicNotes", "SponsorName")
PRODUCTS = (
    "ApplNo", "ProductNo", "Form", "Strength", "ReferenceDrug", "DrugName", "ActiveIngredient", "ReferenceStandard",
)  # fmt: skip
SUBMISSIONS = (
    "ApplNo", "SubmissionClassCodeID", "SubmissionType", "SubmissionNo", "SubmissionStatus", "SubmissionStatusDate",
    "SubmissionsPublicNotes", "ReviewPriority",
)  # fmt: skip
STATUSES = ("MarketingStatusID", "ApplNo", "ProductNo")
STATUS_NAMES = ("MarketingStatusID", "MarketingStatusDescription")


def product(number: str, item: str, brand: str, ingredient: str) -> tuple[str, ...]:
    return (number, item, "TABLET;ORAL", "5MG", "1", brand, ingredient, "0")


def submission(number: str, type: str, status: str, day: str, count: str = "1") -> tuple[str, ...]:
    # The real column is of a fixed width.
    return (number, "7", type.ljust(10), count, status, day, "", "STANDARD")


def drugsfda_tables() -> Tables:
    """Five applications: a brand with a generic, a combination, a biologic and a tentative approval."""
    return {
        "Applications.txt": [
            APPLICATIONS,
            ("900001", "NDA", "", "NORTHWIND PHARMS"),
            ("900002", "ANDA", "", "EASTLY LABS"),
            ("900003", "NDA", "", "SØUTH & CO"),
            ("900004", "BLA", "", "WESTERLY BIO"),
            ("900005", "NDA", "", "NORTHWIND PHARMS"),
        ],
        "Products.txt": [
            PRODUCTS,
            product("900001", "001", "CALMEXA", "ZORTIVANE HYDROCHLORIDE"),
            product("900001", "002", "CALMEXA", "ZORTIVANE HYDROCHLORIDE"),
            product("900002", "001", "ZORTIVANE HYDROCHLORIDE", "ZORTIVANE HYDROCHLORIDE"),
            product("900003", "001", "DUOVEL", "ZORTIVANE HYDROCHLORIDE; BRELAMOL SODIUM"),
            product("900004", "001", "IMMUNARA", "QUELDORIMAB-XQZT"),
            product("900005", "001", "NOCTEPHAN", "VELSOPRIDE"),
        ],
        "Submissions.txt": [
            SUBMISSIONS,
            submission("900001", "SUPPL", "AP", "2019-03-04 00:00:00", "2"),
            submission("900001", "ORIG", "AP", "2017-12-05 00:00:00"),
            submission("900002", "ORIG", "AP", "12/5/2021 12:00:00 AM"),
            submission("900003", "ORIG", "AP", "2020-02-29"),
            submission("900004", "ORIG", "AP", "2022-06-30 00:00:00"),
            submission("900005", "ORIG", "TA", "2024-01-31 00:00:00"),
        ],
        "MarketingStatus.txt": [
            STATUSES,
            ("3", "900001", "001"),
            ("1", "900001", "002"),
            ("3", "900002", "001"),
            ("3", "900003", "001"),
            ("1", "900004", "001"),
            ("4", "900005", "001"),
        ],
    }


def as_text(rows: Iterable[Sequence[str]]) -> bytes:
    return "".join("\t".join(row) + "\r\n" for row in rows).encode("cp1252")


def write_drugsfda(path: Path, tables: Mapping[str, Sequence[Sequence[str]]] | None = None) -> Path:
    tables = drugsfda_tables() if tables is None else tables
    return write_zip(path, {name: as_text(rows) for name, rows in tables.items()})


def write_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def many_applications(count: int, first: int = 100_000) -> Tables:
    """Tables of any length: every application has a substance and a brand of its own."""
    numbers = [f"{first + index:06}" for index in range(count)]
    return {
        "Applications.txt": [APPLICATIONS, *((number, "NDA", "", f"MAKER {number}") for number in numbers)],
        "Products.txt": [
            PRODUCTS, *(product(number, "001", f"BRAND {number}", f"MOLECULE{number}") for number in numbers),
        ],
        "Submissions.txt": [SUBMISSIONS, *(submission(number, "ORIG", "AP", "2001-02-03") for number in numbers)],
        "MarketingStatus.txt": [STATUSES, *(("1", number, "001") for number in numbers)],
    }  # fmt: skip


NEW_COLUMNS = (
    "Category", "Name of medicine", "EMA product number", "Medicine status", "Opinion status",
    "International non-proprietary name (INN) / common name", "Active substance", "Therapeutic area (MeSH)",
    "Species\n(veterinary)", "Therapeutic indication", "Conditional approval",
    "Marketing authorisation developer / applicant / holder", "European Commission decision date",
    "Withdrawal of application date", "Marketing authorisation date", "Refusal of marketing authorisation date",
    "Withdrawal / expiry / revocation / lapse of marketing authorisation date", "Medicine URL",
)  # fmt: skip
OLD_COLUMNS = (
    "Category", "Medicine name", "Therapeutic area", "International non-proprietary name (INN) / common name",
    "Active substance", "Product number", "Authorisation status", "Conditional approval",
    "Marketing authorisation date", "Date of refusal of marketing authorisation",
    "Marketing authorisation holder/company name", "Decision date", "Condition / indication", "Species", "URL",
)  # fmt: skip
_PAIRS = {
    "Name of medicine": "Medicine name",
    "EMA product number": "Product number",
    "Medicine status": "Authorisation status",
    "Therapeutic area (MeSH)": "Therapeutic area",
    "Refusal of marketing authorisation date": "Date of refusal of marketing authorisation",
    "Marketing authorisation developer / applicant / holder": "Marketing authorisation holder/company name",
    "European Commission decision date": "Decision date",
    "Therapeutic indication": "Condition / indication",
    "Medicine URL": "URL",
}


def medicine(name: str, substance: str, status: str = "Authorised", **values: object) -> dict[str, object]:
    """A row by the newer column names; `values` in short: authorised, refused, ended, withdrawn, indication..."""
    short = {
        "authorised": "Marketing authorisation date",
        "refused": "Refusal of marketing authorisation date",
        "ended": "Withdrawal / expiry / revocation / lapse of marketing authorisation date",
        "withdrawn": "Withdrawal of application date",
        "decided": "European Commission decision date",
        "indication": "Therapeutic indication",
        "conditional": "Conditional approval",
        "category": "Category",
        "active": "Active substance",
        "url": "Medicine URL",
    }
    row: dict[str, object] = {
        "Category": "Human",
        "Name of medicine": name,
        "Medicine status": status,
        "International non-proprietary name (INN) / common name": substance,
        "Active substance": substance,
        "Conditional approval": "No",
        "Marketing authorisation developer / applicant / holder": "Polder Farma B.V.",
        "Medicine URL": f"https://www.ema.europa.eu/en/medicines/human/EPAR/{name.lower().replace(' ', '-')}",
    }
    return row | {short[key]: value for key, value in values.items()}


def write_ema(
    path: Path, rows: Iterable[Mapping[str, object]], columns: Sequence[str] = NEW_COLUMNS, banner: int = 8
) -> Path:
    """A workbook with banner rows before the header; rows are given by the newer names, whatever `columns` are."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for line in range(banner):
        sheet.append([f"banner {line}"] if line % 2 else [])
        if not line % 2:
            sheet.cell(line + 1, 1, "Invented")
    sheet.append(list(columns))
    for row in rows:
        known = dict(row) | {_PAIRS[name]: value for name, value in row.items() if name in _PAIRS}
        sheet.append([known.get(column) for column in columns])
    workbook.save(path)
    workbook.close()
    return path
