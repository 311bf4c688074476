from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.record.reading import parse_record, read_file, read_shipped
from hypecheck.record.record import load_record, read_newest
from hypecheck.record.types import Interval
from hypecheck.types import RecordError

ENTRY = """version: 1
substances:
  - {id: somnolol, name: somnolol, aliases: [Dormiva, SNL-1]}
indications:
  - {id: insomnia, name: insomnia}
facts:
  - id: somnolol-us-approval
    substance: somnolol
    indication: insomnia
    jurisdiction: US
    event: approval
    date: 2024-05-02
    quality: own
    source: https://example.org/somnolol
"""


def test_a_record_is_read():
    record = parse_record(ENTRY.encode(), "own.yaml")
    fact = record.facts["somnolol-us-approval"]
    assert fact.date == Interval(date(2024, 5, 2), date(2024, 5, 2))
    assert (fact.indication, fact.target, fact.more_sources) == ("insomnia", None, ())
    assert record.substances["somnolol"].aliases == ("Dormiva", "SNL-1")


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("[2024-02-03, 2024-02-05]", date(2024, 2, 3), date(2024, 2, 5)),
        ('"2024-05-02"', date(2024, 5, 2), date(2024, 5, 2)),
    ],
    ids=["a year", "a month", "sources differ", "in quotes"],
)
def test_a_date_is_as_wide_as_what_is_known(written, first, last):
    record = parse_record(ENTRY.replace("2024-05-02", written).encode(), "own.yaml")
    assert record.facts["somnolol-us-approval"].date == Interval(first, last)


def test_an_unknown_date_is_none():
    assert parse_record(ENTRY.replace("2024-05-02", "unknown").encode(), "o").facts["somnolol-us-approval"].date is None


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("event: approval", "event: approved"), 11, "no event 'approved'"),
        (("jurisdiction: US", "jurisdiction: Mars"), 10, "no jurisdiction 'Mars'"),
        (("substance: somnolol", "substance: other"), 8, "no substance 'other'"),
        (("indication: insomnia", "indication: gout"), 9, "no indication 'gout'"),
        (("date: 2024-05-02", "date: 2024-13-02"), 12, "write unknown"),
        (("date: 2024-05-02", "date: [2025, 2024]"), 12, "the earliest and the latest"),
        (("date: 2024-05-02", "date: soon"), 12, "'soon' is no date"),
        (("source: https://example.org/somnolol", "source: a friend"), 14, "begins with https://"),
        (("    source: https://example.org/somnolol\n", ""), 7, "source is missing"),
        (("    quality: own\n", ""), 7, "quality is missing"),
        (("    quality: own\n", "    quality: own\n    colour: red\n"), 14, "no key 'colour'"),
        (("version: 1", "version: 2"), 1, "version is 1, not 2"),
        (("facts:", "fact:"), 6, "no key 'fact'"),
        (("aliases: [Dormiva, SNL-1]", "aliases: Dormiva"), 3, "aliases is a list of texts"),
        (("name: insomnia}", "name: insomnia, within: [sleep]}"), 5, "no indication 'sleep'"),
        (("name: insomnia}", "name: {a: b}}"), 5, "a text or a list of texts"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(change, line, words):
    text = ENTRY.replace(*change)
    assert text != ENTRY
    with pytest.raises(RecordError) as raised:
        parse_record(text.encode(), "own.yaml")
    assert f"own.yaml:{line}: " in str(raised.value)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"version: 1\n  facts: [", "not YAML"),
        (b"", "a record is a mapping"),
        (b"- 1", "a record is a mapping"),
        (b"version: 1\nfacts: 3", "facts is a list"),
        (b"version: 1\nfacts: [3]", "an entry of facts is a mapping"),
        (b"version: 1\nfacts: " + b"[" * 3000 + b"]" * 3000, "own.yaml"),
        (b"version: 1\nsubstances:\n - {id: a, name: b}\n - {id: a, name: c}\n", "'a' stands twice"),
    ],
    ids=["bytes", "broken", "empty", "a list", "a number", "numbers", "deep", "twice"],
)
def test_what_is_no_record_is_refused(data, words):
    with pytest.raises(RecordError, match=words):
        parse_record(data, "own.yaml")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    try:
        parse_record(data, "own.yaml")
    except RecordError as error:
        assert "own.yaml" in str(error)


def test_aliases_that_multiply_are_not_unfolded():
    """2^39 entries if they were: a record is composed, not constructed, and stays small."""
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    with pytest.raises(RecordError, match="no key 'a0'"):
        parse_record("\n".join(["version: 1", *rows]).encode(), "own.yaml")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(RecordError, match="cannot be read"):
        read_file(tmp_path / "none.yaml")


def test_the_users_facts_add_to_the_shipped_ones_and_override_them(tmp_path):
    shipped = load_record()
    fact = shipped.files.facts["midomafetamine-us-ptsd-submission"]
    own = (
        ENTRY
        + f"""  - {{id: {fact.id}, substance: {fact.substance}, indication: ptsd, jurisdiction: US, event: submission,
     date: 2023-12-13, quality: own, source: "https://example.org/"}}
"""
    )
    file = tmp_path / "products.yaml"
    file.write_text(own, encoding="utf-8")
    record = load_record(file)
    assert len(record.files.facts) == len(shipped.files.facts) + 1
    assert record.files.facts[fact.id].date == Interval.parse("2023-12-13")
    assert [mention.id for mention in record.substances_in("Dormiva and MDMA")] == ["somnolol", "midomafetamine"]


def test_a_users_alias_joins_the_shipped_ones(tmp_path):
    file = tmp_path / "products.yaml"
    file.write_text(
        "version: 1\nsubstances:\n - {id: ketamine, name: ketamine, aliases: [Driftwell]}\n", encoding="utf-8"
    )
    record = load_record(file)
    assert {mention.id for mention in record.substances_in("Driftwell, Ketalar")} == {"ketamine"}


SHIPPED = read_shipped()


@pytest.mark.parametrize("fact", SHIPPED.facts.values(), ids=SHIPPED.facts)
def test_every_shipped_fact_has_a_source_and_a_date_or_an_explicit_unknown(fact):
    assert fact.source.startswith("http") or (fact.event == "horizon" and fact.quality == "none")
    assert fact.date is None or fact.date.first <= fact.date.last
    assert fact.date is None or fact.date.first.year >= 1950
    assert fact.target is None or fact.date is None or fact.target >= fact.date.first


def test_the_day_of_the_newest_fact_is_written_at_the_head():
    assert read_newest() == load_record().newest


def test_no_name_of_the_shipped_record_means_two_things():
    names: dict[str, str] = {}
    for item in (*SHIPPED.substances.values(), *SHIPPED.indications.values()):
        for name in (item.name, *item.aliases):
            assert names.setdefault(name.casefold(), item.id) == item.id, name
