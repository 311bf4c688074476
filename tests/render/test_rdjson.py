"""Reviewdog's format: columns in UTF-8 bytes of the source's own line, and no field that it refuses."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.offsets import LineIndex
from hypecheck.render.plain import visible
from hypecheck.render.rdjson import byte_columns, render
from hypecheck.types import NOTICE, Failure

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40)
SOURCES = st.text(st.sampled_from("aé膝💊 \n\r\u2028\ud800"), min_size=1, max_size=60)

FIELDS = {
    "": {"source", "severity", "diagnostics"},
    "diagnostics": {"message", "location", "severity", "source", "code", "suggestions", "original_output"},
    "source": {"name", "url"},
    "location": {"path", "range"},
    "range": {"start", "end"},
    "start": {"line", "column"},
    "end": {"line", "column"},
    "code": {"value", "url"},
}
"""What reviewdog.proto has; its parser refuses an object with any other field."""


def unknown_fields(value: object, name: str = "") -> list[str]:
    if isinstance(value, list):
        return [field for item in value for field in unknown_fields(item, name)]
    if not isinstance(value, dict):
        return []
    inner = [field for key, item in value.items() for field in unknown_fields(item, key)]
    return [f"{name}.{key}" for key in value if key not in FIELDS[name]] + inner


def test_a_diagnostic_has_its_place_in_bytes_and_its_words(leaflet, tool) -> None:
    body = json.loads(render([leaflet], [], tool))
    assert body["source"] == {"name": "hypecheck"}
    diagnostic = body["diagnostics"][2]
    line = leaflet.source.split("\n")[2].encode()
    start, end = (diagnostic["location"]["range"][key] for key in ("start", "end"))
    assert (start["line"], end["line"]) == (3, 3)
    assert line[start["column"] - 1 : end["column"] - 1] == b"cures arthritis for good"
    assert start["column"] > leaflet.findings[2].column
    assert diagnostic["location"]["path"] == "leaflets/膝.md"
    assert diagnostic["severity"] == "ERROR"
    assert diagnostic["code"]["value"] == "cure-claim" and diagnostic["code"]["url"].startswith("http")
    assert diagnostic["original_output"].endswith(f"as of 2026-03-01, record as of none; {NOTICE}")


def test_severities(leaflet, failure, tool) -> None:
    told = json.loads(render([leaflet], [failure], tool))["diagnostics"]
    assert [diagnostic["severity"] for diagnostic in told] == ["INFO", "WARNING", "ERROR", "INFO", "ERROR"]


def test_a_failure_has_a_path_and_no_range(failure, tool) -> None:
    [diagnostic] = json.loads(render([], [failure], tool))["diagnostics"]
    assert diagnostic["location"] == {"path": "scan.pdf"}
    assert diagnostic["message"] == f"not analysed: {failure.message}"
    assert diagnostic["code"] == {"value": "not-analysed"}


def test_no_field_that_reviewdog_refuses(leaflet, nothing, failure, tool) -> None:
    assert unknown_fields(json.loads(render([leaflet, nothing], [failure], tool))) == []
    assert unknown_fields({"diagnostics": [{"location": {"uri": "a"}}]}) == ["location.uri"]


def test_a_category_without_a_document_has_no_page(make_finding, make_report, tool) -> None:
    report = make_report("knees", (make_finding("knees", "knees", category="house-style"),))
    [diagnostic] = json.loads(render([report], [], tool))["diagnostics"]
    assert diagnostic["code"] == {"value": "house-style"}


@pytest.mark.parametrize(
    ("source", "phrase", "start", "end"),
    [
        pytest.param("a knee", "knee", 3, 7, id="ASCII"),
        pytest.param("é knee", "knee", 4, 8, id="two bytes"),
        pytest.param("膝 knee", "knee", 5, 9, id="three bytes"),
        pytest.param("💊 knee", "knee", 6, 10, id="four bytes"),
        pytest.param("cafe\u0301 knee", "knee", 8, 12, id="a combining mark"),
        pytest.param("💊\nknee", "knee", 1, 5, id="after a line feed"),
        pytest.param("💊\rknee", "knee", 1, 5, id="after a carriage return"),
        pytest.param("💊\r\né knee", "knee", 4, 8, id="after both"),
        pytest.param("💊\u2028knee", "knee", 8, 12, id="near miss: a line separator ends no line"),
        pytest.param("a 膝", "膝", 3, 6, id="a phrase of three bytes"),
        pytest.param("💊 a\nb é", "a\nb é", 6, 5, id="over two lines"),
        pytest.param("\ud800 knee", "knee", 5, 9, id="half a character counts three"),
    ],
)
def test_byte_columns(make_finding, make_report, source, phrase, start, end) -> None:
    finding = make_finding(source, phrase)
    columns = byte_columns(make_report(source, (finding,)))
    assert (columns[finding.start], columns[finding.end]) == (start, end)


@settings(max_examples=200)
@given(source=SOURCES, data=st.data())
def test_columns_cut_the_same_text_out_of_the_line(make_finding, make_report, source, data) -> None:
    """Overlapping, nested and equal findings, in any order."""
    spans = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(source) - 1), st.integers(1, len(source))).filter(lambda s: s[0] < s[1]),
            max_size=6,
        )
    )
    index = LineIndex(source)
    findings = []
    for start, end in spans:
        (line, column), (end_line, end_column) = index.place(start), index.place(end)
        findings.append(
            make_finding(source, source, start=start, end=end, text=source[start:end], line=line, column=column,
                         end_line=end_line, end_column=end_column)
        )  # fmt: skip
    columns = byte_columns(make_report(source, tuple(findings)))
    lines = [line.encode("utf-8", "surrogatepass") for line in re.split("(?<=\n)|(?<=\r)(?!\n)", source)]
    for finding in findings:
        head = lines[finding.line - 1][: columns[finding.start] - 1]
        tail = lines[finding.end_line - 1][: columns[finding.end] - 1]
        before = b"".join(lines[: finding.line - 1]) + head
        within = (b"".join(lines[: finding.end_line - 1]) + tail)[len(before) :]
        assert within == source[finding.start : finding.end].encode("utf-8", "surrogatepass")


@settings(max_examples=60)
@given(text=ANY_TEXT)
def test_whatever_the_text_it_is_ascii_json_safe_to_show(make_finding, make_report, tool, text) -> None:
    source = f"a{text}b"
    report = make_report(source, (make_finding(source, source, message=text, rewrite=text),), path=text)
    rendered = render([report], [Failure(text, text)], tool)
    assert rendered.isascii() and rendered.count("\n") == 1
    for diagnostic in json.loads(rendered)["diagnostics"]:
        assert visible(diagnostic["message"]) == diagnostic["message"]
        diagnostic["location"]["path"].encode("utf-8")


class CountingText(str):
    """Counts the characters that are cut out of it."""

    taken = 0

    def __getitem__(self, key):
        part = super().__getitem__(key)
        self.taken += len(part)
        return part


def test_one_line_of_megabytes_is_counted_once(make_finding, make_report) -> None:
    source = CountingText("é" * 1_000_000)
    first = make_finding("é" * 50, "é" * 50)
    findings = tuple(
        replace(first, start=at, end=at + 50, column=at + 1, end_column=at + 51) for at in range(0, 1_000_000, 100)
    )
    columns = byte_columns(make_report(source, findings))
    assert (columns[0], columns[50], columns[999_950]) == (1, 101, 1_999_901)
    assert 0 < source.taken <= len(source)
