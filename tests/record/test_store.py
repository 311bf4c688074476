from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.record import database, store
from hypecheck.record.naming import fold, substance_id
from hypecheck.record.store import Source, find_source, open_store, replace_source
from hypecheck.record.types import Fact, Interval, Substance
from hypecheck.types import RecordError

TODAY = date(2026, 3, 1)


def source(kind="drugsfda", sha256="a" * 64):
    return Source(kind, "files.zip", sha256, TODAY, 7)


def fact(id, substance, day="2020-02-03", event="approval"):
    when = Interval.parse(day) if day else None
    return Fact(id, substance, None, "US", event, when, "https://example.org/1", "registry", "Of a maker.")


def filled(path, kind="drugsfda", sha256="a" * 64, substances=(), facts=()):
    return replace_source(path, source(kind, sha256), substances, facts)


@pytest.fixture
def path(tmp_path):
    """A store that holds one kind: two substances that share a brand, and a third."""
    path = tmp_path / "store of mine?.db"
    substances = [
        Substance("zortivane", "zortivane", ("CALMEXA", "Zortivane Hydrochloride")),
        Substance("brelamol", "brelamol", ("SHARED", "BRELAMOL PLUS FORTE")),
        Substance("velsopride", "velsopride", ("shared", "VELSO")),
    ]
    facts = [
        fact("2", "zortivane", "2021"),
        fact("1", "zortivane", None, "discontinued"),
        fact("3", "zortivane", "2019-05"),
        fact("4", "brelamol"),
    ]
    filled(path, substances=substances, facts=facts)
    return path


def test_what_was_put_in_comes_out(path):
    full = Fact(
        "x", "zortivane", "gout", "EU", "approval", Interval(date(2020, 1, 1), date(2020, 3, 4)), "https://example.org",
        "primary", "Said so.", date(2020, 5, 6), "Others differ.", ("https://example.org/2", "https://example.org/3"),
    )  # fmt: skip
    filled(path, "ema", substances=[Substance("zortivane", "zortivane")], facts=[full])
    with open_store(path) as opened:
        assert full in opened.facts_of("zortivane")
        assert [item.id for item in opened.facts_of("zortivane")] == ["3", "x", "2", "1"]
        assert opened.facts_of("nothing") == ()
        assert [(item.kind, item.substances, item.facts) for item in opened.sources()] == [
            ("drugsfda", 3, 4),
            ("ema", 1, 1),
        ]
        assert opened.sources()[0].imported == TODAY


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("zortivane", "zortivane"),
        ("calmexa", "zortivane"),
        ("zortivane hydrochloride", "zortivane"),
        ("velso", "velsopride"),
        ("shared", None),
        ("CALMEXA", None),
        ("calm", None),
        ("brelamol plus forte", "brelamol"),
    ],
    ids=["id", "brand", "salt", "other brand", "brand of two", "not folded", "part", "three words"],
)
def test_names_lead_to_a_substance(path, name, id):
    with open_store(path) as opened:
        assert {found.id for found in opened.substances_named([name]).values()} == ({id} if id else set())


def test_a_name_means_the_substance_whose_id_it_is(path):
    filled(path, "ema", substances=[Substance("calmexa", "calmexa")])
    with open_store(path) as opened:
        assert opened.substances_named(["calmexa"])["calmexa"].id == "calmexa"


def test_aliases_of_all_sources_are_joined(path):
    filled(path, "ema", substances=[Substance("zortivane", "zortivane", ("Calmexa", "Europal"))])
    with open_store(path) as opened:
        found = opened.substances_named(["europal"])["europal"]
    assert found.name == "zortivane"
    assert sorted(fold(alias) for alias in found.aliases) == ["calmexa", "europal", "zortivane hydrochloride"]


def test_more_names_than_one_query_takes(tmp_path):
    names = [f"molecule{number}" for number in range(3 * store.CHUNK + 1)]
    filled(tmp_path / "s", substances=[Substance(name, name) for name in names])
    with open_store(tmp_path / "s") as opened:
        assert opened.substances_named([*names, "another"]).keys() == set(names)


def test_first_words_tell_the_longest_name(path):
    with open_store(path) as opened:
        assert opened.first_words(["brelamol", "velso", "plus", "forte", ""]) == {"brelamol": 3, "velso": 1}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT alias, substance FROM aliases WHERE alias IN ('a', 'b') ORDER BY alias, substance",
        "SELECT first, max(words) FROM aliases WHERE first IN ('a', 'b') GROUP BY first",
        "SELECT substance, alias, text FROM aliases WHERE substance IN ('a') ORDER BY substance, alias, text",
        "SELECT id FROM facts WHERE substance = 'a' ORDER BY first IS NULL, first, id",
    ],
    ids=["names", "first words", "aliases", "facts"],
)
def test_no_lookup_goes_through_the_whole_record(path, query):
    with closing(sqlite3.connect(path)) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert any(step.startswith("SEARCH") for step in plan)
    assert not any(step.startswith("SCAN") for step in plan)


def test_importing_a_kind_again_replaces_it_and_nothing_else(path):
    filled(path, "ema", "e" * 64, [Substance("velsopride", "velsopride", ("Europal",))], [fact("e", "velsopride")])
    filled(path, "drugsfda", "b" * 64, [Substance("new", "new", ("NEWLY",))], [fact("n", "new")])
    with open_store(path) as opened:
        assert opened.substances_named(["zortivane", "calmexa", "newly", "europal"]).keys() == {"newly", "europal"}
        assert [item.id for item in opened.facts_of("zortivane")] == []
        assert [item.id for item in opened.facts_of("velsopride")] == ["e"]
        assert [item.sha256[0] for item in opened.sources()] == ["b", "e"]


def test_the_same_file_again_changes_nothing_and_says_so(path):
    before = path.read_bytes()

    def unread():
        raise AssertionError("it was read")
        yield

    later = Source("drugsfda", "renamed.zip", "a" * 64, date(2027, 1, 1), 9)
    imported = replace_source(path, later, unread(), unread())
    assert imported.unchanged
    assert (imported.source.imported, imported.source.file, imported.source.facts) == (TODAY, "files.zip", 4)
    assert path.read_bytes() == before
    assert find_source(path, "a" * 64) == imported.source
    assert find_source(path, "b" * 64) is None


def test_what_fails_half_way_leaves_the_store_as_it_was(path):
    before = path.read_bytes()

    def broken():
        yield Substance("new", "new")
        raise RecordError("no more")

    with pytest.raises(RecordError, match="no more"):
        filled(path, "drugsfda", "b" * 64, broken())
    assert path.read_bytes() == before
    assert not path.with_name(f"{path.name}-journal").exists()


def test_a_first_import_that_fails_can_be_made_up_for(tmp_path):
    path = tmp_path / "s"

    def broken():
        raise RecordError("no more")
        yield

    with pytest.raises(RecordError, match="no more"):
        filled(path, substances=broken())
    with pytest.raises(RecordError, match="nothing was imported"):
        open_store(path)
    assert find_source(path, "a" * 64) is None
    assert not filled(path, substances=[Substance("new", "new")]).unchanged


def _foreign(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")


def _of_another_version(path):
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {database.SCHEMA + 1}")


def _damaged(path):
    filled(path, substances=[Substance(f"m{number}", f"m{number}") for number in range(2000)])
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


REFUSED = {
    "no database": (lambda path: path.write_text("name,date\n" * 200), "no SQLite database; name another file"),
    "of another program": (_foreign, "another program; name another file"),
    "of another version": (_of_another_version, f"version {database.SCHEMA + 1}, where .*; delete it and import"),
    "damaged": (_damaged, "damaged; delete it and import"),
    "a folder": (lambda path: path.mkdir(), "cannot be opened|no such store"),
}


@pytest.mark.parametrize(("make", "cause"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_store_of_ours_is_refused(tmp_path, make, cause):
    path = tmp_path / "s"
    make(path)
    with pytest.raises(RecordError, match=cause) as caught:
        filled(path, sha256="b" * 64)
    assert str(path) in str(caught.value)
    with pytest.raises(RecordError, match=cause), open_store(path) as opened:
        opened.substances_named(["m1"])


def test_there_is_no_store(tmp_path):
    with pytest.raises(RecordError, match="no such store; import"):
        open_store(tmp_path / "s")
    with pytest.raises(RecordError, match="cannot be opened; name a file in a folder"):
        filled(tmp_path / "missing" / "s")


def test_a_store_in_use_is_named(path, monkeypatch):
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RecordError, match="another program is using it; try again"):
            filled(path, sha256="b" * 64)
        with pytest.raises(RecordError, match="another program is using it; try again"):
            open_store(path)


def test_a_store_that_cannot_be_written_is_named(path, monkeypatch):
    # Permissions do not bind every user who may run this test.
    monkeypatch.setattr(store, "connect", lambda path, mode: database.connect(path, "ro"))
    with pytest.raises(RecordError, match="cannot be written; allow writing"):
        filled(path, sha256="b" * 64)


def test_a_value_that_was_put_in_by_hand_is_refused(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE facts SET event = 'hearsay' WHERE id = '4'")
    with open_store(path) as opened, pytest.raises(RecordError, match="'hearsay' is no event; delete it"):
        opened.facts_of("brelamol")


def test_reading_does_not_write(path):
    with open_store(path) as opened, pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened._connection.execute("DELETE FROM facts")


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("OZORTI®", "ozorti"),
        ("  Two\n words\t", "two words"),
        ("Co‑name-360", "co name 360"),
        ("d’Arc (5%)", "d arc 5"),
        ("STRASSE", "strasse"),
        ("e\u0301lan", "élan"),
        ("™", ""),
    ],
    ids=["sign", "spaces", "hyphen", "other signs", "case", "accent", "nothing"],
)
def test_fold(name, folded):
    assert fold(name) == folded


@given(st.text())
def test_folding_twice_is_folding_once(name):
    assert fold(fold(name)) == fold(name)


@given(st.text(), st.sampled_from(["\u00a0", "\n", "  ", "\u2003"]))
def test_folding_knows_no_kinds_of_space(name, space):
    assert fold(name.replace(" ", space)) == fold(name)


@pytest.mark.parametrize(
    ("ingredients", "id"),
    [
        (["ZORTIVANE HYDROCHLORIDE"], "zortivane"),
        (["zortivane sodium phosphate"], "zortivane"),
        (["SODIUM OXYBATE"], "sodium oxybate"),
        (["Magnesium Sulfate"], "magnesium sulfate"),
        (["Sodium potassium chloride"], "sodium potassium chloride"),
        (["Sodium"], "sodium"),
        (["zortivane cypionate"], "zortivane cypionate"),
        (["Velsopride", "brelamol sodium"], "brelamol and velsopride"),
        (["brelamol", " Velsopride ", ""], "brelamol and velsopride"),
        (["Beta‑zortivane"], "beta-zortivane"),
        ([""], ""),
    ],
)
def test_substance_id(ingredients, id):
    assert substance_id(ingredients) == id


@given(st.lists(st.text(max_size=12), max_size=4))
def test_the_order_of_ingredients_does_not_matter(ingredients):
    assert substance_id(ingredients) == substance_id(reversed(ingredients))
