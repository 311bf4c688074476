from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.record import drugsfda
from hypecheck.record.drugsfda import PAGE, parse_date
from hypecheck.record.importing import import_file
from hypecheck.record.store import open_store
from hypecheck.record.types import Interval
from hypecheck.types import RecordError
from tests.record import shapes
from tests.record.shapes import product, submission

TODAY = date(2026, 3, 1)


def imported(tmp_path, tables):
    return import_file(shapes.write_drugsfda(tmp_path / "fda.zip", tables), tmp_path / "store", today=TODAY)


def facts(tmp_path, substance):
    with open_store(tmp_path / "store") as store:
        return [
            (fact.event, str(fact.date) if fact.date else None, fact.source[len(PAGE) :], fact.detail)
            for fact in store.facts_of(substance)
        ]


@pytest.fixture
def tables():
    return shapes.drugsfda_tables()


def test_an_approval_is_that_of_the_original_application(tmp_path, tables):
    result = imported(tmp_path, tables)
    assert facts(tmp_path, "zortivane") == [
        ("approval", "5 December 2017", "900001", "CALMEXA; NORTHWIND PHARMS, NDA 900001"),
        ("approval", "5 December 2021", "900002", "ZORTIVANE HYDROCHLORIDE; EASTLY LABS, ANDA 900002"),
        (
            "discontinued", None, "900002",
            "ZORTIVANE HYDROCHLORIDE, every product listed as discontinued; EASTLY LABS, ANDA 900002",
        ),
    ]  # fmt: skip
    assert (result.source.kind, result.source.file, result.source.imported) == ("drugsfda", "fda.zip", TODAY)
    assert (result.source.rows, result.source.substances, result.source.facts) == (5 + 6 + 6 + 6, 4, 7)
    assert not result.unchanged


def test_the_source_names_no_indication(tmp_path, tables):
    imported(tmp_path, tables)
    with open_store(tmp_path / "store") as store:
        found = store.facts_of("velsopride")[0]
    assert (found.indication, found.jurisdiction, found.quality) == (None, "US", "registry")
    assert found.source == (
        "https://www.accessdata.fda.gov/scripts/cder/daf/index.cfm?event=overview.process&ApplNo=900005"
    )
    assert (found.event, found.date) == ("tentative-approval", Interval.parse("2024-01-31"))


def test_combinations_and_biologics_have_the_names_that_other_sources_use(tmp_path, tables):
    imported(tmp_path, tables)
    names = ["duovel", "zortivane hydrochloride and brelamol sodium", "immunara", "queldorimab xqzt", "queldorimab"]
    with open_store(tmp_path / "store") as store:
        found = store.substances_named(names)
    assert {name: substance.id for name, substance in found.items()} == {
        "duovel": "brelamol and zortivane",
        "zortivane hydrochloride and brelamol sodium": "brelamol and zortivane",
        "immunara": "queldorimab",
        "queldorimab xqzt": "queldorimab",
        "queldorimab": "queldorimab",
    }
    assert facts(tmp_path, "brelamol and zortivane")[0] == (
        "approval", "29 February 2020", "900003", "DUOVEL; SØUTH & CO, NDA 900003",
    )  # fmt: skip


def test_a_suffix_of_four_letters_is_dropped_of_biologics_only(tmp_path, tables):
    tables["Products.txt"][-1] = product("900005", "001", "NOCTEPHAN", "VELSO-PRID")
    imported(tmp_path, tables)
    assert facts(tmp_path, "velso-prid")


def test_of_many_generics_the_earliest_is_kept(tmp_path, tables):
    for number, day in (("900006", "2022-01-01"), ("900007", "2018-01-01"), ("100008", "")):
        tables["Applications.txt"].append((number, "ANDA", "", f"MAKER {number}"))
        tables["Products.txt"].append(product(number, "001", "Zortivane  hydrochloride", "ZORTIVANE HYDROCHLORIDE"))
        tables["Submissions.txt"].append(submission(number, "ORIG", "AP", day))
    imported(tmp_path, tables)
    assert [fact[:3] for fact in facts(tmp_path, "zortivane")] == [
        ("approval", "5 December 2017", "900001"),
        ("approval", "1 January 2018", "900007"),
    ]


def test_an_approval_without_a_date_is_a_fact_without_a_date(tmp_path, tables):
    tables["Submissions.txt"][4] = submission("900003", "ORIG", "AP", "")
    imported(tmp_path, tables)
    assert facts(tmp_path, "brelamol and zortivane")[0][:2] == ("approval", None)


@pytest.mark.parametrize("status", ["", "UN", "CR"])
def test_what_was_not_approved_gives_no_fact(tmp_path, tables, status):
    tables["Submissions.txt"][6] = submission("900005", "ORIG", status, "2024-01-31")
    imported(tmp_path, tables)
    assert facts(tmp_path, "velsopride") == []
    with open_store(tmp_path / "store") as store:
        assert store.substances_named(["noctephan"])


@pytest.mark.parametrize(
    ("statuses", "gone"),
    [(["3", "3"], True), (["3", "1"], False), (["3", "4"], False), (["3"], False), ([], False)],
    ids=["all", "one sold", "one tentative", "one without a status", "none has a status"],
)
def test_a_brand_is_discontinued_when_every_product_is(tmp_path, tables, statuses, gone):
    rows = [(status, "900001", f"{number:03}") for number, status in enumerate(statuses, 1)]
    tables["MarketingStatus.txt"] = [*tables["MarketingStatus.txt"][:1], *rows]
    imported(tmp_path, tables)
    found = [fact for fact in facts(tmp_path, "zortivane") if fact[0] == "discontinued"]
    assert bool(found) == gone


def test_the_number_for_discontinued_is_looked_up_where_names_are_given(tmp_path, tables):
    tables["MarketingStatus_Lookup.txt"] = [shapes.STATUS_NAMES, ("1", "Discontinued "), ("3", "Prescription")]
    imported(tmp_path, tables)
    assert [fact[0] for fact in facts(tmp_path, "zortivane")] == ["approval", "approval"]
    assert [fact[0] for fact in facts(tmp_path, "queldorimab")] == ["approval", "discontinued"]


def test_tables_are_found_in_any_case_and_folder(tmp_path, tables):
    renamed = {f"drugs/{name.upper()}": rows for name, rows in tables.items()}
    assert imported(tmp_path, renamed).source.facts == 7


def test_columns_are_found_by_name(tmp_path, tables):
    turned = {name: [tuple(reversed(row)) for row in rows] for name, rows in tables.items()}
    assert imported(tmp_path, turned).source.facts == 7


def test_empty_lines_and_empty_fields_too_many_say_nothing(tmp_path, tables):
    tables["Products.txt"][2] = (*tables["Products.txt"][2], "", "")
    tables["Products.txt"] += [("",)]
    assert imported(tmp_path, tables).source.rows == 23


def test_quotation_marks_are_plain_characters(tmp_path, tables):
    tables["Applications.txt"][1] = ("900001", "NDA", '"see', 'A "B')
    imported(tmp_path, tables)
    assert facts(tmp_path, "zortivane")[0][3] == 'CALMEXA; A "B, NDA 900001'


def replaced(name, line, column, value):
    def change(tables):
        row = list(tables[name][line - 1])
        row[column] = value
        tables[name][line - 1] = tuple(row)

    return change


def dropped(name):
    return lambda tables: tables.pop(name)


def appended(name, row):
    return lambda tables: tables[name].append(row)


REFUSED = {
    "a table is missing": (dropped("Submissions.txt"), "the table Submissions.txt is missing; download"),
    "a column is missing": (
        replaced("Products.txt", 1, 6, "Ingredient"), "Products.txt, line 1: the column ActiveIngredient is missing",
    ),
    "a column stands twice": (replaced("Products.txt", 1, 2, "ApplNo"), "the column ApplNo is missing"),
    "no header": (lambda tables: tables["Products.txt"].clear(), "Products.txt, line 1: the column ApplNo is missing"),
    "too few fields": (appended("MarketingStatus.txt", ("1", "900001")), "line 8: 2 fields where the header has 3"),
    "too many fields": (
        appended("MarketingStatus.txt", ("1", "900001", "1", "x")), "line 8: 4 fields where the header has 3",
    ),
    "a number twice": (
        appended("Applications.txt", ("900003", "NDA", "", "X")),
        "Applications.txt, line 7: the application 900003 stands in line 4 already",
    ),
    "no number": (replaced("Products.txt", 3, 0, "N90000"), "line 3: 'N90000' is no application number"),
    "no date": (replaced("Submissions.txt", 3, 5, "5 Dec 2017"), "line 3: '5 Dec 2017' is no date"),
    "no such day": (replaced("Submissions.txt", 5, 5, "2021-02-29"), "line 5: '2021-02-29' is no date, day is out"),
    "the table twice": (
        lambda tables: tables.update({"old/products.txt": tables["Products.txt"]}), "the table Products more than once",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "cause"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_keep_the_format_is_refused_and_the_store_stays(tmp_path, tables, change, cause):
    imported(tmp_path, tables)
    before = (tmp_path / "store").read_bytes()
    change(tables)
    with pytest.raises(RecordError, match=cause) as caught:
        imported(tmp_path, tables)
    assert str(caught.value).startswith(str(tmp_path / "fda.zip"))
    assert (tmp_path / "store").read_bytes() == before


def test_dates_of_supplements_are_not_read(tmp_path, tables):
    tables["Submissions.txt"].append(submission("900001", "SUPPL", "AP", "unknown", "3"))
    assert imported(tmp_path, tables).source.facts == 7


def test_a_line_without_end_is_refused(tmp_path, tables, monkeypatch):
    monkeypatch.setattr(drugsfda, "MAX_LINE", 200)
    tables["Applications.txt"][2] = ("900002", "ANDA", "x" * 300, "X")
    with pytest.raises(RecordError, match="line 3: longer than 200 bytes"):
        imported(tmp_path, tables)


def test_progress_ends_at_the_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(drugsfda, "REPORT_EVERY", 10)
    seen = []
    path = shapes.write_drugsfda(tmp_path / "fda.zip", shapes.many_applications(100))
    import_file(path, tmp_path / "store", today=TODAY, progress=lambda *step: seen.append(step))
    totals = {total for _, total in seen}
    assert len(totals) == 1
    assert seen == sorted(seen)
    assert seen[0][0] == 0
    assert seen[-1][0] == totals.pop()
    assert len(seen) > 10


def test_the_same_file_again_is_not_read(tmp_path, tables):
    first = imported(tmp_path, tables)
    path = tmp_path / "fda.zip"
    seen = []
    again = import_file(path, tmp_path / "store", today=date(2027, 1, 1), progress=lambda *step: seen.append(step))
    assert again.unchanged
    assert (again.source, seen) == (first.source, [])


@given(st.dates())
def test_dates_are_read_in_three_ways(day):
    american = f"{day.month}/{day.day}/{day.year:04}"
    texts = [f"{day:%Y-%m-%d}".zfill(10), f"{day.isoformat()} 00:00:00", american, f"{american} 12:00:00 AM"]
    assert [parse_date(text) for text in texts] == [day] * 4


@given(st.text(alphabet="0123456789-/: AMP٣", max_size=24))
def test_anything_else_is_no_date(text):
    try:
        day = parse_date(text)
    except ValueError as error:
        assert "is no date" in str(error)
    else:
        assert (day is None) == (text == "")
        assert day is None or f"{day.year:04}" in text


@pytest.mark.parametrize(
    "text", ["17-12-05", "2017-13-05", "13/1/2017", "2017/12/05", "5.12.2017", "2017-12-05T00:00:00Z", "0000-01-01"]
)
def test_no_date(text):
    with pytest.raises(ValueError, match="is no date"):
        parse_date(text)
