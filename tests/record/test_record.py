from __future__ import annotations

from datetime import date

import pytest

from hypecheck.record.record import Record, load_record
from hypecheck.record.store import Source, replace_source
from hypecheck.record.types import Fact, Interval, RecordFile, Substance


def fact(id: str, substance: str, jurisdiction: str = "US") -> Fact:
    when = Interval.parse("2020-02-03")
    return Fact(id, substance, None, jurisdiction, "approval", when, "https://example.org/1", "registry", "Of a maker.")


@pytest.fixture
def record(tmp_path) -> Record:
    """A file of two substances, and a store that names them, and a third, in its own way."""
    held = [
        Substance("brelamol and zortivane", "brelamol and zortivane", ("DUOVEL", "brelamol sodium and zortivane")),
        Substance("velsopric acid", "velsopric acid", ("VELSO",)),
        Substance("queldorimab", "queldorimab", ("IMMUNARA",)),
    ]
    store = tmp_path / "store.db"
    told = [fact("duovel", held[0].id), fact("velso", held[1].id), fact("immunara", held[2].id)]
    replace_source(store, Source("drugsfda", "files.zip", "a" * 64, date(2026, 3, 1), 3), held, told)
    substances = [
        Substance("zortivane-brelamol", "zortivane-brelamol", ("Duovel",)),
        Substance("velsopric-acid", "velsopric acid"),
        Substance("zortivane", "zortivane"),
    ]
    own = fact("own", "zortivane-brelamol", "EU")
    return Record(RecordFile({item.id: item for item in substances}, {}, {own.id: own}), store)


@pytest.mark.parametrize(
    ("substance", "facts"),
    [
        pytest.param("zortivane-brelamol", ["duovel", "own"], id="a combination, by its brand"),
        pytest.param("velsopric-acid", ["velso"], id="two words, by the name"),
        pytest.param("queldorimab", ["immunara"], id="of the store alone"),
        pytest.param("zortivane", [], id="one ingredient is not the combination"),
    ],
)
def test_facts_of_the_store_are_told_under_the_id_of_the_file(record, substance, facts):
    found = record.facts_of(substance)
    assert sorted(item.id for item in found) == facts
    assert {item.substance for item in found} <= {substance}


def test_a_substance_of_the_file_is_not_mixed_with_another_of_the_file(tmp_path):
    """A user may give a brand to one substance that the store gives to another which the file has too."""
    store = tmp_path / "store.db"
    held = [Substance("velsopride", "velsopride", ("VELSO",))]
    source = Source("drugsfda", "files.zip", "b" * 64, date(2026, 3, 1), 1)
    replace_source(store, source, held, [fact("velso", "velsopride")])
    items = [Substance("brelamol", "brelamol", ("Velso",)), Substance("velsopride", "velsopride")]
    record = Record(RecordFile({item.id: item for item in items}, {}, {}), store)
    assert record.facts_of("brelamol") == ()
    assert [item.id for item in record.facts_of("velsopride")] == ["velso"]


def test_a_brand_of_the_shipped_record_reaches_what_was_imported(tmp_path):
    store = tmp_path / "store.db"
    held = [Substance("bupropion and dextromethorphan", "bupropion and dextromethorphan", ("AUVELITY",))]
    source = Source("drugsfda", "files.zip", "c" * 64, date(2026, 3, 1), 1)
    replace_source(store, source, held, [fact("drugsfda-1", held[0].id)])
    record = load_record(None, store)
    (mention,) = record.substances_in("Auvelity is sold in the United States.")
    assert "drugsfda-1" in {item.id for item in record.facts_of(mention.id)}
