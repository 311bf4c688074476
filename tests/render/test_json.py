"""The report for programs: its shape, its order, and that it is JSON whatever the article holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.render.json import render
from hypecheck.types import NOTICE, Failure

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40)


def test_golden_json(golden, leaflet, nothing, failure, tool) -> None:
    golden("reports.json", render([leaflet, nothing], [failure], tool))


def test_keys_keep_their_order(leaflet, failure, tool) -> None:
    body = json.loads(render([leaflet], [failure], tool))
    assert list(body) == ["version", "tool", "reports", "errors", "notice"]
    assert list(body["tool"]) == "name version model model_sha256 as_of record_as_of settings_sha256".split()
    assert list(body["reports"][0])[:8] == "path score written categories checklist findings cleared suppressed".split()
    assert (
        list(body["reports"][0]["findings"][0])
        == (
            "category subtype severity score gated start end line column end_line end_column text "
            "message rewrite standards evidence fingerprint"
        ).split()
    )
    assert list(body["errors"][0]) == ["path", "message"]


def test_values_are_those_of_the_report(leaflet, failure, tool) -> None:
    body = json.loads(render([leaflet], [failure], tool))
    report = body["reports"][0]
    assert (body["version"], body["notice"]) == (1, NOTICE)
    assert report["categories"]["cure-claim"] == {"score": 0.934567, "count": 1}
    assert report["categories"]["fear-appeal"] == {"score": 0.012346, "count": 0}
    assert report["written"] == "2025-11-05"
    assert [leaflet.source[row["start"] : row["end"]] for row in report["findings"]] == [
        row["text"] for row in report["findings"]
    ]
    assert body["errors"] == [{"path": failure.path, "message": failure.message}]


def test_no_report_is_an_object_too(tool) -> None:
    body = json.loads(render([], [], tool))
    assert (body["reports"], body["errors"]) == ([], [])


def test_text_is_written_as_it_is_and_ends_in_one_newline(leaflet, tool) -> None:
    rendered = render([leaflet], [], tool)
    assert "膝.md" in rendered
    assert rendered.endswith("}\n")
    assert not rendered.endswith("\n\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(chr(0xD800), id="high surrogate"),
        pytest.param(chr(0xDFFF), id="low surrogate"),
        pytest.param("\udc80 in a path", id="undecodable byte"),
        pytest.param("\ude00\ud83d", id="pair in the wrong order"),
        pytest.param('"\\\ud800', id="beside a quote"),
        pytest.param("\x00\x1b\u2028\u202e", id="controls"),
    ],
)
def test_odd_text_survives(make_report, tool, text) -> None:
    written = render([make_report(path=text)], [Failure(text, text)], tool).encode("utf-8")
    body = json.loads(written)
    assert body["reports"][0]["path"] == body["errors"][0]["message"] == text


@settings(max_examples=60)
@given(text=ANY_TEXT)
def test_it_is_utf8_and_json_whatever_the_text(make_finding, make_report, tool, text) -> None:
    source = f"a{text}b"
    report = make_report(source, (make_finding(source, source),), path=text, notes=(text,))
    body = json.loads(render([report], [Failure(text, text)], tool).encode("utf-8"))
    # Two halves that meet are one character to every reader of JSON.
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    assert body["reports"][0]["path"] == joined
