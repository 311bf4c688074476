from __future__ import annotations

import re
import sys
import warnings
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from hypecheck.record import ema
from hypecheck.record.ema import MAX_INDICATION, PAGE, cut, parse_day
from hypecheck.record.importing import import_file
from hypecheck.record.store import open_store
from hypecheck.types import RecordError
from tests.record.shapes import NEW_COLUMNS, OLD_COLUMNS, medicine, write_ema, write_zip

TODAY = date(2026, 3, 1)


def imported(tmp_path, rows, **shape):
    return import_file(write_ema(tmp_path / "ema.xlsx", rows, **shape), tmp_path / "store", today=TODAY)


def facts(tmp_path, substance):
    with open_store(tmp_path / "store") as store:
        return store.facts_of(substance)


def events(tmp_path, substance):
    return [(fact.event, str(fact.date) if fact.date else None) for fact in facts(tmp_path, substance)]


ROWS = [
    medicine("Calmexa", "zortivane", authorised="05/12/2018", decided="01/02/2025", indication="For zort. And more."),
    medicine("Calmexa Vet", "zortivane", authorised="01/01/2001", category="Veterinary"),
    medicine("Noctephan", "velsopride", "Refused", refused=datetime(2023, 7, 1), decided="02/07/2023"),
    medicine("Immunara", "queldorimab", authorised="2022-06-30", conditional="Yes"),
    medicine("Lapsia", "brelamol", "Lapsed", authorised="01/02/2003", ended="04/05/2006"),
    medicine("Retracta", "oblamide", "Application withdrawn", withdrawn="07/08/2019"),
]


@pytest.mark.parametrize("columns", [NEW_COLUMNS, OLD_COLUMNS, NEW_COLUMNS[::-1]], ids=["new", "of 2023", "turned"])
def test_facts_of_human_medicines(tmp_path, columns):
    result = imported(tmp_path, ROWS, columns=columns)
    old = columns is OLD_COLUMNS
    assert events(tmp_path, "zortivane") == [("approval", "5 December 2018")]
    assert events(tmp_path, "velsopride") == [("refusal", "1 July 2023")]
    assert events(tmp_path, "queldorimab") == [("conditional-approval", "30 June 2022")]
    assert events(tmp_path, "brelamol") == [
        ("approval", "1 February 2003"),
        ("approval-withdrawn", None if old else "4 May 2006"),
    ]
    assert events(tmp_path, "oblamide") == [("application-withdrawn", None if old else "7 August 2019")]
    assert (result.source.kind, result.source.rows, result.source.substances, result.source.facts) == ("ema", 6, 5, 6)


def test_a_fact_tells_its_page_and_keeps_the_words_of_the_indication(tmp_path):
    imported(tmp_path, ROWS)
    (fact,) = facts(tmp_path, "zortivane")
    assert (fact.indication, fact.jurisdiction, fact.quality) == (None, "EU", "registry")
    assert fact.source == "https://www.ema.europa.eu/en/medicines/human/EPAR/calmexa"
    assert fact.detail == "Calmexa, Polder Farma B.V. (authorised): For zort. And more."


@pytest.mark.parametrize("banner", [0, 8, ema.HEADER_ROWS - 1])
def test_the_header_is_sought_below_a_banner(tmp_path, banner):
    assert imported(tmp_path, ROWS, banner=banner).source.facts == 6


@pytest.mark.parametrize(
    ("columns", "banner", "missing"),
    [
        (("Species", "Shortage"), 8, "'active substance', 'marketing authorisation date', 'category'"),
        ([name for name in NEW_COLUMNS if name != "Medicine status"], 8, "no header with 'medicine status' in"),
        (NEW_COLUMNS, ema.HEADER_ROWS, "no header with"),
    ],
    ids=["another table", "a column less", "too far down"],
)
def test_a_sheet_without_the_header_is_refused_and_the_store_stays(tmp_path, columns, banner, missing):
    imported(tmp_path, ROWS)
    before = (tmp_path / "store").read_bytes()
    with pytest.raises(RecordError, match=missing) as caught:
        imported(tmp_path, ROWS, columns=columns, banner=banner)
    assert str(tmp_path / "ema.xlsx") in str(caught.value)
    assert (tmp_path / "store").read_bytes() == before


def test_the_table_may_stand_on_a_later_sheet(tmp_path):
    path = write_ema(tmp_path / "ema.xlsx", ROWS)
    workbook = load_workbook(path)
    workbook.create_sheet("Notes", 0)["A1"] = "Read the next sheet"
    workbook.save(path)
    workbook.close()
    assert import_file(path, tmp_path / "store", today=TODAY).source.facts == 6


def test_suspension_is_a_caution(tmp_path):
    imported(tmp_path, [medicine("Calmexa", "zortivane", "Suspended", authorised="05/12/2018")])
    (fact,) = facts(tmp_path, "zortivane")
    assert (fact.event, fact.conflict) == ("approval", "The table says that it is suspended.")


@pytest.mark.parametrize("status", ["Opinion", "Opinion under re-examination", "", None])
def test_what_is_undecided_gives_no_fact(tmp_path, status):
    imported(tmp_path, [medicine("Calmexa", "zortivane", status, decided="05/12/2018")])
    assert facts(tmp_path, "zortivane") == ()
    with open_store(tmp_path / "store") as store:
        assert store.substances_named(["calmexa"])


@pytest.mark.parametrize("status", ["Withdrawn", "Expired", "Lapsed", "Revoked"])
def test_an_approval_that_ended_is_kept(tmp_path, status):
    imported(tmp_path, [medicine("Calmexa", "zortivane", status, authorised="05/12/2018")])
    assert events(tmp_path, "zortivane") == [("approval", "5 December 2018"), ("approval-withdrawn", None)]


@pytest.mark.parametrize(
    ("common", "active", "id"),
    [
        ("brelamol / zortivane", "", "brelamol and zortivane"),
        ("zortivane, brelamol", "", "brelamol and zortivane"),
        ("zortivane;brelamol sodium", "", "brelamol and zortivane"),
        (None, "Zortivane hydrochloride", "zortivane"),
        ("zort vaccine (split, inactivated)", "", "zort vaccine (split, inactivated)"),
    ],
    ids=["slash", "comma", "semicolon", "no common name", "in brackets"],
)
def test_ingredients_have_the_id_that_other_sources_give_them(tmp_path, common, active, id):
    imported(tmp_path, [medicine("Calmexa", common, authorised="05/12/2018", active=active)])
    with open_store(tmp_path / "store") as store:
        assert store.substances_named(["calmexa"])["calmexa"].id == id


def test_former_names_are_names(tmp_path):
    imported(tmp_path, [medicine("Calmexa (previously Quietal / Zort Polder)", "zortivane", url=None)])
    with open_store(tmp_path / "store") as store:
        found = store.substances_named(["calmexa", "quietal", "zort polder", "calmexa previously quietal zort polder"])
        assert found.keys() == {"calmexa", "quietal", "zort polder"}
        assert store.facts_of("zortivane")[0].source == PAGE


def test_two_rows_may_share_a_page(tmp_path):
    imported(tmp_path, [medicine("Calmexa", "zortivane", authorised=f"05/12/{year}") for year in (2004, 2018)])
    assert [fact.id for fact in facts(tmp_path, "zortivane")] == [
        "ema:zortivane:calmexa:approval",
        "ema:zortivane:calmexa:approval:2",
    ]
    assert events(tmp_path, "zortivane") == [("approval", "5 December 2004"), ("approval", "5 December 2018")]


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        (medicine("A", "b", authorised="12/31/2018"), "row 10: marketing authorisation date: '12/31/2018' is no date"),
        (medicine("A", "b", refused=43101), "row 10: refusal of marketing authorisation date: '43101' is no date"),
        (medicine("A", "b", url="javascript:alert(1)"), "row 10: 'javascript:alert.1.' is no address"),
    ],
    ids=["American date", "number", "address"],
)
def test_values_that_do_not_keep_the_format_are_refused(tmp_path, row, cause):
    with pytest.raises(RecordError, match=cause):
        imported(tmp_path, [row])
    assert not (tmp_path / "store").exists()


def test_without_openpyxl_the_message_says_what_to_install(tmp_path, monkeypatch):
    path = write_ema(tmp_path / "ema.xlsx", ROWS)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(RecordError, match=r'pip install "hypecheck\[record\]"'):
        import_file(path, tmp_path / "store", today=TODAY)


def test_warnings_of_openpyxl_do_not_reach_the_user(tmp_path):
    path = write_ema(tmp_path / "ema.xlsx", ROWS)
    workbook = load_workbook(path)
    sheet = workbook.active
    assert sheet is not None
    # A serial number past the last day that a date can have: openpyxl warns, and puts an error in its place.
    sheet["A1"] = 99_999_999
    sheet["A1"].number_format = "dd/mm/yyyy"
    workbook.save(path)
    workbook.close()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert import_file(path, tmp_path / "store", today=TODAY).source.facts == 6
    assert seen == []


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path):
    path = write_ema(tmp_path / "ema.xlsx", ROWS)
    with zipfile.ZipFile(path) as parts:
        members = {name: parts.read(name) for name in parts.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    changed = re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1:R11"', members[sheet])
    assert changed != members[sheet]
    write_zip(path, members | {sheet: changed})
    assert import_file(path, tmp_path / "store", today=TODAY).source.rows == 6


def test_columns_far_to_the_right_are_not_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(ema, "MAX_COLUMNS", 5)
    with pytest.raises(RecordError, match="no header with 'active substance'"):
        imported(tmp_path, ROWS)


def test_a_sheet_of_too_many_rows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(ema, "MAX_ROWS", 14)
    with pytest.raises(RecordError, match="more than 14 rows"):
        imported(tmp_path, ROWS)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(ema, "MAX_UNPACKED", 1000)
    with pytest.raises(RecordError, match="more than 1,000 bytes"):
        imported(tmp_path, ROWS)


def test_another_workbook_is_refused(tmp_path):
    workbook = Workbook()
    workbook.save(tmp_path / "budget.xlsx")
    workbook.close()
    with pytest.raises(RecordError, match="no header with"):
        import_file(tmp_path / "budget.xlsx", tmp_path / "store", today=TODAY)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Short.", "Short."),
        ("One. " + "Two " * 90 + ".", "One."),
        ("a. " * 120, ("a. " * 100).strip()),
        ("word " * 100, "word " * 59 + "…"),
        ("x" * 301, "…"),
    ],
    ids=["short", "a long second", "many", "one long", "one word"],
)
def test_indications_are_cut_at_a_sentence(text, kept):
    assert cut(text).replace(" …", "…") == kept.replace(" …", "…")


@given(st.text(alphabet="ab .;!\n", max_size=700))
def test_a_cut_is_a_beginning_of_bounded_length(text):
    short = cut(text)
    assert len(short) <= MAX_INDICATION
    assert text.startswith(short.removesuffix("…"))
    assert len(text) > MAX_INDICATION or short == text


@given(st.dates())
def test_days_are_read_however_they_are_stored(day):
    texts = [f"{day.day}/{day.month}/{day.year:04}", day.isoformat(), f"{day.isoformat()} 00:00:00", f" {day}\n"]
    assert [parse_day(value) for value in (day, datetime(day.year, day.month, day.day), *texts)] == [day] * 6


@pytest.mark.parametrize("value", [43101, 1.5, "1.2.2020", "2020", "31/04/2020", "٣/4/2020", True])
def test_no_day(value):
    with pytest.raises(ValueError, match="is no date"):
        parse_day(value)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_value_is_no_day(value):
    assert parse_day(value) is None
