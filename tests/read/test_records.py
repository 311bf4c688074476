from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hypecheck
from hypecheck.read import draft, json_values, read_text, records
from hypecheck.read.decode import decode
from hypecheck.types import ReadError

ROOT = Path(hypecheck.__file__).parents[1]


def texts(document):
    return [block.text for block in document.blocks]


def places(document):
    return [block.attribution for block in document.blocks]


def stretch(document, phrase):
    """The stretch of the source that a phrase was read from."""
    (block,) = (block for block in document.blocks if phrase in block.text)
    start = block.text.index(phrase)
    return document.source[slice(*block.offsets.to_source(start, start + len(phrase)))]


@pytest.mark.parametrize(
    ("shape", "source", "fields", "expected"),
    [
        ("json", '[{"body": "One."}, {"x": 1, "body": "Two."}]', ["body"], ["One.", "Two."]),
        ("json", '{"body": "One."}', ["body"], ["One."]),
        ("json", '{"posts": [{"body": "One."}, {"body": "Two."}], "n": [{}]}', ["posts.body"], ["One.", "Two."]),
        ("json", '[{"a": {"b": "One."}, "b": 2}]', ["a.b"], ["One."]),
        ("json", '[{"a.b": "One.", "a": 2}]', [r"a\.b"], ["One."]),
        ("json", '[{"b": ["One.", "Two."]}, {"b": []}]', ["b"], ["One.", "Two."]),
        ("json", '[[{"b": "One."}]]', ["b"], ["One."]),
        ("json", '[{"x": {"body": 1}, "body": "One."}]', ["body"], ["One."]),
        ("json", '[{"b": "Two.", "a": "One."}]', ["a", "b", "a"], ["Two.", "One."]),
        ("json", '[{"b\\u006fdy": "One."}]', ["body"], ["One."]),
        ("json", '[{"b": "One.", "b": "Two."}]', ["b"], ["One.", "Two."]),
        ("json", '[{"b": ""}, {"b": "Two."}]', ["b"], ["Two."]),
        ("jsonl", '{"b": "One."}\n\n  \r\n {"b": "Two."}\r{"b": "Three."}', ["b"], ["One.", "Two.", "Three."]),
        ("csv", "id,body\n1,One.\n2,Two.\n", ["body"], ["One.", "Two."]),
        ("csv", 'body,id\r\n"One, or ""two"".",1\r\n\r\n"Three\nfour.",2', ["body"], ['One, or "two".', "Three", "four."]),
        ("csv", "id;body\n1;One, two.\n", ["body"], ["One, two."]),
        ("csv", '"id";"body"\n1;One, two.\n', ["body"], ["One, two."]),
        ("csv", "id\tbody\n1\tOne; two, three.\n", ["body"], ["One; two, three."]),
        ("csv", "a.b, c \nOne.,Two.\n", ["c", "a.b"], ["One.", "Two."]),
        ("csv", 'b\n5" long\n', ["b"], ['5" long']),
        ("csv", "b,b\nOne.,Two.\n", ["b"], ["One.", "Two."]),
    ],
    ids=[
        "array", "object", "path through an array", "path", "key with a dot", "array of texts", "arrays in arrays",
        "same key elsewhere", "two fields in the file's order", "key with an escape", "key twice", "empty text", "lines",
        "columns", "quotation marks", "semicolons", "quoted header", "tabs", "names of columns",
        "mark inside a cell", "column twice",
    ],
)  # fmt: skip
def test_the_values_of_fields_are_read(check_offsets, shape, source, fields, expected):
    document = records.read(source, "a", shape, fields)
    assert texts(document) == expected
    assert document.source == source
    check_offsets(document)


@pytest.mark.parametrize(
    ("shape", "source", "fields", "message"),
    [
        ("json", '[\n{"a": "x"}]', ["b"], "line 2 column 1: there is no 'b' in the record; "),
        ("json", '{"p": [{"b": "x"}, {}]}', ["p.b"], "line 1 column 20: there is no 'b' in the record"),
        ("json", '[{"a": "x"}]', ["a.b"], "line 1 column 8: there is no 'b'"),
        ("json", '[{"a": null}]', ["a.b"], "line 1 column 8: there is no 'b'"),
        ("json", '"x"', ["b"], "line 1 column 1: there is no 'b'"),
        ("json", '[{"b": 12}]', ["b"], "line 1 column 8: 'b' holds 12, not a text"),
        ("json", '[{"b": null}]', ["b"], "line 1 column 8: 'b' holds null, not a text"),
        ("json", '[{"b": ["x", true]}]', ["b"], "line 1 column 14: 'b' holds true, not a text"),
        ("json", '[{"b": {"c": "x"}}]', ["b"], "line 1 column 8: 'b' holds an object, not a text"),
        ("json", "[]", ["b"], "holds no record"),
        ("json", '{"p": []}', ["p.b"], "holds no record"),
        ("jsonl", "\n", ["b"], "holds no record"),
        ("json", "", ["b"], "line 1 column 1: it is no valid JSON"),
        ("json", '[{"b": "x"},]', ["b"], "line 1 column 13: it is no valid JSON"),
        ("json", '{"b": "x"} {"b": "y"}', ["b"], "line 1 column 12: it is no valid JSON"),
        ("json", '{"b": "x\ty"}', ["b"], "line 1 column 7: it is no valid JSON"),
        ("json", r'{"b": "\x"}', ["b"], "line 1 column 7: it is no valid JSON"),
        ("json", '[{"b": "x"}', ["b"], "line 1 column 12: it is no valid JSON"),
        ("jsonl", '{"b": "x"}\n{"b":\n"y"}', ["b"], "line 2 column 6: it is no valid JSON"),
        ("json", "[" * 101 + "]" * 101, ["b"], "line 1 column 101: it is nested more than 100 levels deep"),
        ("csv", "a,c\n1,2\n", ["b"], "line 1 column 1: there is no column 'b' among 'a', 'c'; "),
        ("csv", "", ["b"], "line 1 column 1: there is no record"),
        ("csv", "b\n\n", ["b"], "holds no record"),
        ("csv", "a,b\n1\n", ["b"], "line 2 column 1: the row has 1 cells and the first row 2"),
        ("csv", "a,b\n1,x, and y\n", ["b"], "line 2 column 1: the row has 3 cells and the first row 2"),
        ("csv", 'b\n"x\n', ["b"], "line 2 column 1: a quotation mark is never closed"),
        ("csv", 'b\n"x" y\n', ["b"], "line 2 column 4: there is text behind a closing quotation mark"),
        ("json", '[{"b": "x"}]', [], "holds records; name what of them is text, such as --field body"),
        ("json", '[{"b": "x"}]', [""], "holds records; name"),
    ],
)
def test_what_is_not_read_is_refused(shape, source, fields, message):
    with pytest.raises(ReadError) as caught:
        records.read(source, "a.x", shape, fields)
    assert str(caught.value).startswith(f"a.x: {message}")


@pytest.mark.parametrize(
    ("value", "is_markup"),
    [
        ("It <b>cures</b>.", True),
        ("One.<br>Two.", True),
        ("One.<BR />Two.", True),
        ('<p class="x">One', True),
        ("R&amp;D", True),
        ("It&#8217;s", True),
        ("One<!-- x -->", True),
        ("x < 5 and y > 3", False),
        ("dose <µg> a day", False),
        ("R&D and AT&T;", False),
        ("a <b and c", False),
        ("see <https://x.org>", False),
        ("**Bold** words", False),
    ],
)
def test_a_value_that_looks_like_markup_is_read_as_html(value, is_markup):
    source = json.dumps([{"b": value}])
    expected = read_text(value, "", "html" if is_markup else "text")
    assert texts(records.read(source, "a", "json", ["b"])) == texts(expected)


@pytest.mark.parametrize(
    ("value_format", "expected"),
    [
        ("auto", ["A *b* c"]),
        ("text", ["A *b* <i>c</i>"]),
        ("markdown", ["A b c"]),
        ("html", ["A *b* c"]),
    ],
)
def test_the_format_of_values_may_be_given(value_format, expected):
    source = json.dumps([{"b": "A *b* <i>c</i>"}])
    assert texts(records.read(source, "a", "json", ["b"], value_format)) == expected


@pytest.mark.parametrize(
    ("shape", "written", "phrase", "expected"),
    [
        ("json", r'[{"b": "caf\u00e9 \"cure\" now"}]', "café", r"caf\u00e9"),
        ("json", r'[{"b": "caf\u00e9 \"cure\" now"}]', '"cure"', r"\"cure\""),
        ("json", r'[{"b": "caf\u00e9 \"cure\" now"}]', "now", "now"),
        ("json", r'[{"b": "so \ud83d\ude42 it"}]', "🙂", r"\ud83d\ude42"),
        ("json", r'[{"b": "so \ud83d\ude42 it"}]', "it", "it"),
        ("json", r'[{"b": "and\/or"}]', "and/or", r"and\/or"),
        ("json", r'[{"b": "<p>R&amp;D \u003cb>x</b>\n y"}]', "R&D x y", r"R&amp;D \u003cb>x</b>\n y"),
        ("json", r'[{"b": "<p>R&amp;D \u0026amp; x"}]', "& x", r"\u0026amp; x"),
        ("json", r'[{"b": "half \ud83d of it"}]', "\ufffd", r"\ud83d"),
        ("json", r'[{"b": "half \ude42\ud83d of it"}]', "\ufffd\ufffd", r"\ude42\ud83d"),
        ("json", r'[{"b": "no \u0000 sign"}]', "\ufffd", r"\u0000"),
        ("csv", 'b\n"the ""cure"" now"', '"cure"', '""cure""'),
        ("csv", 'b\n"the ""cure"" now"', "now", "now"),
        ("csv", 'b\n"<p class=""x"">It <b>cures</b>"', "It cures", "It <b>cures"),
    ],
)
def test_a_phrase_is_traced_through_the_escapes(check_offsets, shape, written, phrase, expected):
    document = records.read(written, "a", shape, ["b"])
    assert stretch(document, phrase) == expected
    check_offsets(document)


def test_blocks_name_their_record_and_field():
    source = '{"d": [{"t": {"title": "T1"}, "b": "<h2>H</h2><p>One."}, {"t": {"title": "T2"}, "b": "Two."}]}'
    document = records.read(source, "a", "json", ["d.t.title", "d.b"])
    assert [(block.kind, block.text, block.heading, block.attribution) for block in document.blocks] == [
        ("title", "T1", "", "record 1, d.t.title"),
        ("heading", "H", "T1", "record 1, d.b"),
        ("paragraph", "One.", "H", "record 1, d.b"),
        ("title", "T2", "", "record 2, d.t.title"),
        ("paragraph", "Two.", "T2", "record 2, d.b"),
    ]
    assert document.title == ""


def test_the_place_that_a_value_names_follows():
    source = json.dumps({"b": "---\nsummary: Short.\n---\n\nLong."})
    assert places(records.read(source, "a", "json", ["b"], "markdown")) == ["record 1, b, summary", "record 1, b"]


def test_one_record_gives_the_document_its_title():
    assert records.read('{"Headline": "Top", "b": "One."}', "a", "json", ["Headline", "b"]).title == "Top"
    assert records.read("title,b\nTop,One.\n", "a", "csv", ["title", "b"]).title == "Top"
    assert records.read("subtitle,b\nTop,One.\n", "a", "csv", ["subtitle", "b"]).title == ""


def test_notes_tell_the_line_of_the_file():
    values = ["fine", "<p>one\n<code>two", "<p><code>three"]
    document = records.read(json.dumps([{"b": value} for value in values], indent=0), "a", "json", ["b"])
    assert document.notes == ("line 6: <code> is never closed; its text is read (and 1 more)",)


def test_comments_keep_their_places():
    document = records.read(r'[{"b": "One.<!-- say \"on\" -->"}, {"b": "x<!-- y -->"}]', "a", "json", ["b"])
    assert [comment.text for comment in document.comments] == ['say "on"', "y"]
    assert [document.source[comment.start : comment.end] for comment in document.comments] == [
        r"<!-- say \"on\" -->",
        "<!-- y -->",
    ]


def test_another_language_is_marked():
    sentence = "El nuevo tratamiento reduce el dolor en la mayoría de los pacientes, según un estudio. "
    assert records.read(json.dumps([{"b": sentence}] * 3), "a", "json", ["b"]).language == "other"


def test_one_foreign_record_does_not_pass_among_english_ones():
    english = "The new treatment reduces the pain of most of those who take it, as one study has shown. " * 5
    foreign = "El nuevo tratamiento reduce el dolor en la mayoría de los pacientes, según un estudio. " * 6
    assert records.read(json.dumps([{"b": english}, {"b": foreign[:200]}]), "a", "json", ["b"]).language == "en"
    with pytest.raises(ReadError, match=r"a: line 2 column 2: the text does not read as English"):
        records.read(f"b\n{chr(34)}{foreign}{chr(34)}\n{chr(34)}{english * 9}{chr(34)}\n", "a", "csv", ["b"])


def test_too_many_blocks_are_refused(monkeypatch):
    monkeypatch.setattr(draft, "MAX_BLOCKS", 5)
    assert len(records.read("b\n" + "x\n" * 5, "a", "csv", ["b"]).blocks) == 5
    with pytest.raises(ReadError, match="a: more than 5 blocks"):
        records.read("b\n" + "x\n" * 6, "a", "csv", ["b"])


def test_no_more_is_loaded_than_the_values_need():
    code = (
        "import json, sys\nfrom hypecheck.read import records\n"
        "records.read('b\\nOne.', 'a', 'csv', ['b'])\nprint(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"tree_sitter", "yaml", "html", "csv"}.isdisjoint(json.loads(done.stdout))


def refused_constant(name):
    raise ValueError(name)


SCRAPS = st.lists(
    st.sampled_from(
        [*'{}[]:,"\\ \n\t01-.eEuax', "true", "null", '"k"', '"k":', "1.5", "\\u00e9", '"é🙂"', "NaN", "[]", "{}"]
    ),
    max_size=14,
).map("".join)


@given(SCRAPS)
def test_what_is_json_is_what_the_standard_library_takes_for_it(scraps):
    source = f'{{"k": {scraps}, "body": "x"}}'
    try:
        json.loads(source, parse_constant=refused_constant)
        valid = True
    except ValueError:
        valid = False
    try:
        found = list(json_values.Search([("body",)]).texts(source, 0, len(source)))
    except json_values.BrokenError as error:
        assert not valid or "nested" in error.cause
    else:
        assert valid
        assert [source[text.start : text.end] for text in found] == ["x"]


@given(st.text(max_size=30), st.booleans())
def test_strings_are_resolved_as_the_standard_library_does(text, ascii_only):
    source = "  " + json.dumps(text, ensure_ascii=ascii_only)
    resolved, offsets = json_values.resolve(source, 3, len(source) - 1)
    # Half a pair and NUL can stand in JSON and in no text; unescaped they are not resolved at all.
    doubtful = "[\0\ud800-\udfff]" if ascii_only else "\0"
    assert resolved == re.sub(doubtful, "\ufffd", json.loads(source))
    assert offsets.text_length == len(resolved)
    for position, char in enumerate(resolved):
        start, end = offsets.to_source(position, position + 1)
        assert re.sub(doubtful, "\ufffd", json.loads(f'"{source[start:end]}"')) == char


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
RECORDS = st.lists(
    st.fixed_dictionaries({"body": WORDS}, optional={"id": st.integers(), "x": WORDS}), min_size=1, max_size=4
)


def as_csv(rows):
    written = io.StringIO()
    table = csv.DictWriter(written, ["id", "body", "x"], quoting=csv.QUOTE_NONNUMERIC)
    table.writeheader()
    table.writerows(rows)
    return written.getvalue()


WRITERS = {
    "json": ("json", lambda rows: json.dumps(rows, ensure_ascii=False)),
    "ascii": ("json", lambda rows: json.dumps(rows, indent=2)),
    "lines": ("jsonl", lambda rows: "\r\n".join(json.dumps(row) for row in rows)),
    "csv": ("csv", as_csv),
}


@settings(deadline=None)
@given(RECORDS, st.sampled_from(sorted(WRITERS)), st.sampled_from(["text", "html", "markdown"]))
def test_each_value_is_read_as_it_would_be_alone(check_offsets, rows, writer, value_format):
    shape, write = WRITERS[writer]
    document = records.read(write(rows), "a", shape, ["body"], value_format)
    alone = [read_text("\ufeff" + row["body"], "a", value_format) for row in rows]
    assert texts(document) == [block.text for inner in alone for block in inner.blocks]
    assert [c.text for c in document.comments] == [c.text for inner in alone for c in inner.comments]
    check_offsets(document)


@given(st.lists(st.sampled_from([*'ab"",,;\n\r\t é', '""', '","']), max_size=25).map("".join), st.sampled_from(",;\t"))
def test_what_is_csv_is_what_the_standard_library_takes_for_it(source, delimiter):
    try:
        reader = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter, strict=True)
        expected = [row for row in reader if row]
    except csv.Error:
        expected = None
    try:
        rows = [[records._unquote(source, cell)[0] for cell in row] for row in records._rows(source, delimiter)]
    except json_values.BrokenError:
        rows = None
    assert rows == expected


@given(
    st.binary(max_size=60) | SCRAPS.map(str.encode),
    st.sampled_from(["json", "jsonl", "csv"]),
    st.sampled_from(["k", "a.u"]),
)
def test_any_bytes_are_read_or_refused(check_offsets, data, shape, field):
    try:
        document = records.read(decode(data, "a"), "a", shape, [field])
    except ReadError:
        return
    check_offsets(document)
