from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.read import read_text


def _read(source: str):
    return read_text(source, "a.md", "markdown")


def _prose(document) -> list[tuple[str, str, str]]:
    return [(block.kind, block.attribution, block.text) for block in document.blocks]


@pytest.mark.parametrize(
    ("value", "text", "stretch"),
    [
        ("A plain claim", "A plain claim", "A plain claim"),
        ("A plain claim # a comment", "A plain claim", "A plain claim"),
        ("A plain\n  claim", "A plain claim", "A plain\n  claim"),
        ("'It''s one'", "It's one", "It''s one"),
        ("'It is\n  one'", "It is one", "It is\n  one"),
        (r'"A \"big\" caf\u00e9 \x41"', 'A "big" café A', r"A \"big\" caf\u00e9 \x41"),
        ('"Two \\\n   lines"', "Two lines", "Two \\\n   lines"),
        (r'"a\tb\\c\/d\_e"', r"a b\c/d e", r"a\tb\\c\/d\_e"),
        ("|\n  Line one\n  line two", "Line one line two", "Line one\n  line two"),
        (">-  # a comment\n  Line one\n\n  line two", "Line one line two", "Line one\n\n  line two"),
        ("|2\n    Indented", "Indented", "Indented"),
        ("!!str 5", "5", "5"),
        ("&mark !!str 'A claim'", "A claim", "A claim"),
        ("&mark |\n  A claim", "A claim", "A claim"),
        ("2024", "2024", "2024"),
        ("é 🙂 x", "é 🙂 x", "é 🙂 x"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_yaml_values_are_read_where_they_stand(value, text, stretch, end, source_of, check_offsets):
    source = f"---\ntags: [é🙂]\nsummary: {value}\nlast: x\n---\n\nBody.\n".replace("\n", end)
    document = _read(source)
    assert _prose(document) == [("metadata", "summary", text), ("paragraph", "", "Body.")]
    assert source_of(document, text) == stretch.replace("\n", end)
    assert document.notes == ()
    check_offsets(document)


@pytest.mark.parametrize(
    ("value", "text", "stretch"),
    [
        (r'"A \"big\" caf\u00e9"', 'A "big" café', r"A \"big\" caf\u00e9"),
        (r"'C:\new'", r"C:\new", r"C:\new"),
        ('"""\nLine one\nline \\\n  two"""', "Line one line two", "Line one\nline \\\n  two"),
        ("'''\nIt''s\nhere'''  # a comment", "It''s here", "It''s\nhere"),
        ('""', None, None),
    ],
)
def test_toml_values_are_read_where_they_stand(value, text, stretch, source_of, check_offsets):
    document = _read(f"+++\ntags = ['é🙂']\nsummary = {value}\nlast = 1\n+++\n\nBody.\n")
    found = [("metadata", "summary", text)] if text else []
    assert _prose(document) == [*found, ("paragraph", "", "Body.")]
    if text:
        assert source_of(document, text) == stretch
    assert document.notes == ()
    check_offsets(document)


def test_only_prose_is_read_and_the_title_is_one():
    source = "---\ntitle: The claim\nauthor: Dr Who\ntags: [cure]\ndek: A deck\nHeadline: Up\nexcerpt: ~\n---\n# Top\n"
    document = _read(source)
    assert document.title == "The claim"
    assert _prose(document) == [
        ("title", "title", "The claim"),
        ("metadata", "dek", "A deck"),
        ("metadata", "headline", "Up"),
        ("heading", "", "Top"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "---\nseo:\n  description: Inside\n  title: Also\n---\n",
        "---\nseo: {description: Inside, title: Also}\n---\n",
        "---\nlist:\n- description: Inside\n  title: Also\n---\n",
        "---\n? [a, b]\n: x\nseo:\n  description: Inside\n  title: Also\n---\n",
        "+++\n[seo]\ndescription = 'Inside'\n'title' = 'Also'\n+++\n",
        "+++\n[[list]]\ndescription = 'Inside'\ntitle = 'Also'\n+++\n",
    ],
)
def test_nested_values_are_metadata_and_no_title(source):
    document = _read(source)
    assert _prose(document) == [("metadata", "description", "Inside"), ("metadata", "title", "Also")]
    assert document.title == ""


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ("date: 2024-03-05", date(2024, 3, 5)),
        ("date: '2024-03-05T10:00:00Z'", date(2024, 3, 5)),
        ("Date: March 5, 2024", date(2024, 3, 5)),
        ("lastmod: 2024-09-09\npublished: 2024-03-05", date(2024, 3, 5)),
        ("date: soon\nlastmod: 2024-03-05", date(2024, 3, 5)),
        ("event:\n  date: 2024-03-05", None),
        ("tags: 2024-03-05", None),
    ],
)
def test_the_date_of_the_document(lines, written):
    assert _read(f"---\n{lines}\n---\nBody.\n").written == written


def test_the_date_in_toml():
    assert _read("+++\ndate = 2024-03-05T10:00:00Z\n+++\n").written == date(2024, 3, 5)
    assert _read("+++\ndate = 2024-03-05\n+++\n").written == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("matter", "note"),
    [
        ("summary: 'open", "is not valid YAML"),
        ("summary: a: b", "is not valid YAML"),
        ("summary: &x big\nlast: *x", "uses an alias"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nsummary: claim", "uses an alias"),
        ("just a sentence", "is no list of keys and values"),
        ("- summary: claim", "is no list of keys and values"),
        ("summary: claim\na: " + "[" * 30, "is nested more than 20 levels deep"),
        ('summary: "\\ud83d claim"', "holds half a character"),
        ('summary: "\\U00110000 claim"', "is not valid YAML"),
        ("summary: claim\x01", "is not valid YAML"),
        ("summary: claim\nx: " + "y" * 20_000, "is longer than 20000 characters"),
    ],
)
def test_front_matter_that_cannot_be_used_is_read_as_text(matter, note, check_offsets):
    document = _read(f"---\n{matter}\n---\n\n# Top\n")
    read = " ".join(block.text for block in document.blocks)
    assert read.split() == [*matter.split(), "Top"] or matter.startswith("- ")
    assert "claim" in read or "claim" not in matter
    assert [f"the front matter {note}" in found for found in document.notes] == [True]
    assert document.title == "Top"
    check_offsets(document)


@pytest.mark.parametrize("matter", ["title = open", "a = " + "[" * 9_000, "title = 'x'\ntitle = 'y'"])
def test_toml_that_cannot_be_parsed_is_read_as_text(matter):
    document = _read(f"+++\n{matter}\n+++\n\nBody.\n")
    assert [block.text for block in document.blocks] == [*matter.split("\n"), "Body."]
    assert "is not valid TOML" in document.notes[0]


def test_a_toml_value_whose_place_cannot_be_told_is_noted():
    document = _read("+++\nseo = {summary = 'Inline'}\n+++\n")
    assert document.blocks == ()
    assert "the place of 'summary' in the front matter cannot be told" in document.notes[0]


def test_what_looks_like_a_key_inside_a_toml_string_is_none():
    document = _read("+++\nnote = '''\nsummary = \"no\"\n'''\nsummary = 'yes'\n+++\n")
    assert _prose(document) == [("metadata", "summary", "yes")]


@pytest.mark.parametrize(
    "source",
    [
        "text\n---\ntitle: x\n---\n",
        " ---\ntitle: x\n---\n",
        "---\ntitle: x\n",
        "----\ntitle: x\n----\n",
        "+++\na = 1\n",
    ],
    ids=["not first", "indented", "never closed", "longer rule", "TOML never closed"],
)
def test_what_is_no_front_matter(source):
    assert "title" not in [block.attribution for block in _read(source).blocks]
    assert _read(source).notes == ()


@pytest.mark.parametrize(
    "source", ["---\n---\nBody.", "---\n\n# note\n---\nBody.", "+++\n+++\nBody.", "---\na: 1\n...\nBody."]
)
def test_front_matter_without_prose(source):
    document = _read(source)
    assert _prose(document) == [("paragraph", "", "Body.")]
    assert document.notes == ()


PIECES = [*"ab:#'\"|>-[]{}&*!?,\\ é🙂", "\n", "\n  ", ": ", "''", "\\u00e9", "\\n", "title: ", "summary: ", "- "]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from(["---", "+++"]))
def test_any_front_matter_is_read_or_noted(check_offsets, matter, mark):
    document = _read(f"{mark}\nsummary: {matter}\n{mark}\n\nBody\n")
    check_offsets(document)
    assert document.blocks[-1].text.endswith("Body")


@settings(deadline=None)
@given(st.text(st.sampled_from("ab \t\"'\\\né🙂:#")), st.sampled_from(['"', "'"]))
def test_a_quoted_value_gives_the_words_it_was_written_with(check_offsets, value, quote):
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    written = f'"{escaped}"' if quote == '"' else "'" + " ".join(value.split()).replace("'", "''") + "'"
    document = _read(f"---\nsummary: {written}\n---\n")
    assert [block.text for block in document.blocks] == ([" ".join(value.split())] if value.split() else [])
    check_offsets(document)
