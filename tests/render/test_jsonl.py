"""A line a document: the same values as the JSON format, and lines that stay lines."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.render import json as whole
from hypecheck.render.jsonl import render
from hypecheck.types import NOTICE, Failure

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40)
HEAD = ("kind", "version", "tool", "notice")


def test_lines_hold_what_the_json_format_holds(leaflet, nothing, failure, tool) -> None:
    lines = [json.loads(line) for line in render([leaflet, nothing], [failure], tool).splitlines()]
    body = json.loads(whole.render([leaflet, nothing], [failure], tool))
    bare = [{key: value for key, value in line.items() if key not in HEAD} for line in lines]
    assert [line["kind"] for line in lines] == ["report", "report", "error"]
    assert bare == [*body["reports"], *body["errors"]]


def test_every_line_can_stand_alone(leaflet, nothing, failure, tool) -> None:
    for line in render([leaflet, nothing], [failure], tool).splitlines():
        value = json.loads(line)
        assert (value["version"], value["tool"], value["notice"]) == (1, tool.to_dict(), NOTICE)


def test_where_nothing_was_checked_there_is_no_line(tool) -> None:
    assert render([], [], tool) == ""


@settings(max_examples=60)
@given(text=ANY_TEXT)
def test_a_line_is_one_line_to_every_reader(make_finding, make_report, tool, text) -> None:
    source = f"a{text}\u2028b"
    report = make_report(source, (make_finding(source, source),), path=text, notes=(text,))
    written = render([report], [Failure(text, text)], tool)
    assert written.isascii() and written.endswith("}\n")
    assert len(written.splitlines()) == 2
    # Two halves that meet are one character to every reader of JSON.
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    assert [json.loads(line)["path"] for line in written.splitlines()] == [joined, joined]
