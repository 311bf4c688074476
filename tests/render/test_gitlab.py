"""GitLab Code Quality: severities, positions, and fingerprints that are unique and outlive moved lines."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.render.gitlab import render
from hypecheck.render.plain import visible
from hypecheck.types import NOTICE, Failure

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40)


def fingerprints(reports, failures, tool) -> list[str]:
    return [issue["fingerprint"] for issue in json.loads(render(reports, failures, tool))]


def test_an_issue_has_its_place_and_its_words(leaflet, tool) -> None:
    issue = json.loads(render([leaflet], [], tool))[2]
    assert issue["check_name"] == "cure-claim"
    assert issue["severity"] == "critical"
    assert issue["location"] == {
        "path": "leaflets/膝.md",
        "lines": {"begin": 3, "end": 3},
        "positions": {"begin": {"line": 3, "column": 37}, "end": {"line": 3, "column": 61}},
    }
    assert issue["description"].startswith("Cure, reversal, too good to be true: “cures arthritis for good”. The text")
    assert issue["content"]["body"] == (
        "hypecheck 9.8.7, model linear 0123456789ab, settings fedcba987654, as of 2026-03-01, record as of none; "
        + NOTICE
    )


@pytest.mark.parametrize(
    ("severity", "gated", "expected"),
    [("high", True, "critical"), ("medium", True, "major"), ("low", True, "minor"), ("high", False, "info"), ("low", False, "info")],
)  # fmt: skip
def test_severity(make_finding, make_report, tool, severity, gated, expected) -> None:
    finding = make_finding("knees", "knees", severity=severity, gated=gated)
    [issue] = json.loads(render([make_report("knees", (finding,))], [], tool))
    assert issue["severity"] == expected


def test_a_failure_blocks(failure, tool) -> None:
    [issue] = json.loads(render([], [failure], tool))
    assert (issue["severity"], issue["check_name"], issue["location"]["path"]) == (
        "blocker",
        "not-analysed",
        "scan.pdf",
    )
    assert issue["location"]["lines"]["begin"] == issue["location"]["positions"]["begin"]["line"] == 1
    assert failure.message in issue["description"]


def test_nothing_found_is_an_empty_list(nothing, tool) -> None:
    assert json.loads(render([nothing], [], tool)) == []


def test_equal_findings_have_fingerprints_of_their_own(leaflet, failure, tool) -> None:
    again = replace(leaflet, path="other.md")
    told = fingerprints([leaflet, again], [failure, replace(failure, path="b.pdf"), failure], tool)
    assert len(set(told)) == len(told) == 11


def test_a_fingerprint_outlives_moved_lines_and_other_findings(make_finding, make_report, tool) -> None:
    source = "It cures knees. It cures knees."
    first, second = make_finding(source, "cures"), make_finding(source, "cures", start=19, column=20)
    other = make_finding(source, "It", fingerprint="e" * 64)
    moved = tuple(replace(finding, line=9, end_line=9, score=0.7) for finding in (first, second))
    before = fingerprints([make_report(source, (first, second))], [], tool)
    after = fingerprints([make_report(source, (other, *moved))], [], tool)
    assert after[1:] == before
    assert fingerprints([make_report(source, (first,))], [], tool) == before[:1]


@settings(max_examples=60)
@given(text=ANY_TEXT)
def test_whatever_the_text_it_is_ascii_json_safe_to_show(make_finding, make_report, tool, text) -> None:
    source = f"a{text}b"
    report = make_report(source, (make_finding(source, source, message=text),), path=text)
    rendered = render([report], [Failure(text, text)], tool)
    assert rendered.isascii() and rendered.count("\n") == 1
    for issue in json.loads(rendered):
        assert visible(issue["description"]) == issue["description"]
        issue["location"]["path"].encode("utf-8")


def test_ten_thousand_equal_findings_stay_apart(make_finding, make_report, tool) -> None:
    report = make_report("knees", (make_finding("knees", "knees"),) * 10_000)
    assert len(set(fingerprints([report], [], tool))) == 10_000
