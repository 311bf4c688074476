from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hypecheck.read
from hypecheck.read import BINARY_READERS, FORMATS_BY_SUFFIX, READERS, RECORD_SUFFIXES, draft, read_bytes, read_text
from hypecheck.read.records import SHAPES_BY_SUFFIX
from hypecheck.types import Document, ReadError

ROOT = Path(hypecheck.read.__file__).parents[2]

LOADED = """
import json, sys
from hypecheck.read import read_bytes
read_bytes(sys.argv[2].encode(), sys.argv[1])
print(json.dumps(sorted(sys.modules)))
"""


def test_every_suffix_has_a_reader():
    assert set(FORMATS_BY_SUFFIX.values()) == set(READERS | BINARY_READERS)
    assert set(SHAPES_BY_SUFFIX) == RECORD_SUFFIXES
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in FORMATS_BY_SUFFIX)


@pytest.mark.parametrize(
    ("path", "format", "texts"),
    [
        ("a.md", None, ["Bold <x>"]),
        ("A.MD", None, ["Bold <x>"]),
        ("dir.html/a.markdown", None, ["Bold <x>"]),
        ("a.HTM", None, ["**Bold** <x>"]),
        ("a.txt", None, ["**Bold** &lt;x&gt;"]),
        ("a.dat", None, ["**Bold** &lt;x&gt;"]),
        ("README", None, ["**Bold** &lt;x&gt;"]),
        ("", None, ["**Bold** &lt;x&gt;"]),
        ("a.md", "html", ["**Bold** <x>"]),
        ("a.html", "text", ["**Bold** &lt;x&gt;"]),
    ],
)
def test_the_suffix_chooses_unless_a_format_is_named(path, format, texts):
    document = read_bytes(b"**Bold** &lt;x&gt;", path, format)
    assert [block.text for block in document.blocks] == texts
    assert document.path == path


@pytest.mark.parametrize("name", READERS)
def test_what_every_reader_promises(name, check_offsets):
    source = "A claim of cure â€” 🙂 e\u0301.\r\n\r\nAnother.\n"
    document = read_text(source, "a", name)
    assert document.source == source
    assert document.blocks[0].text.startswith("A claim of cure â€” 🙂 e\u0301.")
    assert "".join(block.text[-8:] for block in document.blocks).endswith("Another.")
    assert document.language == ""
    assert document.written is None
    check_offsets(document)


@pytest.mark.parametrize("name", READERS)
def test_a_text_that_is_not_english_is_marked(name):
    source = "El nuevo tratamiento reduce el dolor en la mayoría de los pacientes, según un estudio. " * 3
    assert read_text(source, "a", name).language == "other"


@pytest.mark.parametrize("name", READERS)
def test_nothing_is_a_document_without_blocks(name):
    assert read_text("", "a", name) == Document("a", "", (), language="")


@pytest.mark.parametrize("name", READERS)
def test_a_mark_at_the_start_is_no_part_of_the_source(name):
    assert read_text("\ufeffText.", "a", name).source == "Text."
    assert read_bytes("\ufeffText.".encode("utf-16-le"), "a", name).source == "Text."


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: read_text("x", "a.doc", "wordpad"),
            "a.doc: no reader for format 'wordpad'; use one of text, markdown, mdx, html, docx",
        ),
        (lambda: read_text("x", "a.docx", "docx"), "a.docx: docx is read from a file's bytes"),
        (lambda: read_bytes(b"x", "", "wordpad"), "the text: no reader"),
        (lambda: read_bytes(b"{}", "a.json"), "a.json: "),
        (lambda: read_text("a\0b", "a.txt", "text"), "a.txt: NUL at character 1"),
        (lambda: read_bytes(b"a\xff", "a.md"), "a.md: byte 1 is not valid UTF-8"),
        (lambda: read_bytes(b"abc", "a.md", max_bytes=2), "a.md: 3 bytes, more than the limit of 2"),
    ],
)
def test_what_cannot_be_read_is_refused(call, message):
    with pytest.raises(ReadError) as caught:
        call()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(("name", "source"), [("text", "a\n\n"), ("markdown", "a\n\n"), ("html", "<p>a")])
def test_too_many_blocks_are_refused(name, source, monkeypatch):
    monkeypatch.setattr(draft, "MAX_BLOCKS", 5)
    assert len(read_text(source * 5, "a", name).blocks) == 5
    with pytest.raises(ReadError, match="a: more than 5 blocks"):
        read_text(source * 6, "a", name)


@pytest.mark.parametrize(
    ("path", "source", "absent", "present"),
    [
        ("a.txt", "Text.", {"tree_sitter", "yaml", "html", "html.parser", "tomllib"}, set()),
        ("a.md", "Text.", {"yaml", "html.parser"}, {"tree_sitter"}),
        ("a.md", "---\na: b\n---\n", {"html.parser"}, {"tree_sitter", "yaml"}),
        ("a.html", "Text.", {"tree_sitter", "yaml", "html.parser", "tomllib"}, {"html"}),
    ],
)
def test_a_reader_loads_no_more_than_it_needs(path, source, absent, present):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, path, source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert loaded & absent == set()
    assert present <= loaded


@settings(deadline=None)
@given(st.binary(max_size=80), st.sampled_from(sorted(FORMATS_BY_SUFFIX)))
def test_any_bytes_are_read_or_refused(check_offsets, data, suffix):
    try:
        document = read_bytes(data, f"a{suffix}")
    except ReadError:
        return
    check_offsets(document)
    assert [block.start for block in document.comments] == sorted(block.start for block in document.comments)


@given(st.text(st.characters(), max_size=40), st.sampled_from(sorted(READERS)))
def test_any_text_is_read_or_refused(check_offsets, source, name):
    # Unlike decoded bytes, a Python string may hold half of a surrogate pair.
    try:
        document = read_text(source, "", name)
    except ReadError:
        assert "\0" in source
        return
    check_offsets(document)
