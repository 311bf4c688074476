"""SARIF: where a result stands, how grave it is, what a rule says, and that foreign text stays text."""

from __future__ import annotations

import json
import re
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hypecheck.categories import CATEGORY_IDS, load_categories
from hypecheck.render import level
from hypecheck.render.plain import visible
from hypecheck.render.sarif import artifact_uri, render
from hypecheck.types import NOTICE, Evidence, Failure

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60)


def run_of(rendered: str) -> dict:
    body = json.loads(rendered)
    assert body["version"] == "2.1.0"
    [run] = body["runs"]
    return run


def test_a_result_has_its_place_level_rank_and_identity(leaflet, tool) -> None:
    run = run_of(render([leaflet], [], tool))
    result = next(result for result in run["results"] if result["ruleId"] == "cure-claim")
    [location] = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "leaflets/%E8%86%9D.md", "index": 0},
        "region": {"startLine": 3, "startColumn": 37, "endLine": 3, "endColumn": 61},
    }
    assert (result["level"], result["rank"]) == ("error", 93.4567)
    assert result["partialFingerprints"] == {"hypecheck/v1": "f" * 64}
    assert result["message"]["text"].startswith(
        "Cure, reversal, too good to be true: “cures arthritis for good”. The text"
    )
    assert result["properties"] == {
        "subtype": None, "severity": "high", "gated": True, "standards": list(leaflet.findings[2].standards),
    }  # fmt: skip
    assert [result["ruleId"] for result in run["results"]] == [finding.category for finding in leaflet.findings]


def test_columns_are_code_points_of_lines_as_the_readers_end_them(make_finding, make_report, tool) -> None:
    source = "💊\r💊 cures\r\nknees"
    run = run_of(render([make_report(source, (make_finding(source, "cures\r\nknees"),))], [], tool))
    assert (run["columnKind"], run["newlineSequences"]) == ("unicodeCodePoints", ["\r\n", "\n", "\r"])
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 3, "endLine": 3, "endColumn": 6}


@pytest.mark.parametrize(
    ("severity", "gated", "subtype", "expected"),
    [
        pytest.param("high", True, None, "error", id="high and sure"),
        pytest.param("high", True, "passage", "error", id="high and sure, of a subtype"),
        pytest.param("high", True, "document", "warning", id="the document as a whole, which alone fails nothing"),
        pytest.param("medium", True, None, "warning", id="medium and sure"),
        pytest.param("low", True, None, "note", id="low and sure"),
        pytest.param("high", False, None, "note", id="high, worth a look"),
        pytest.param("medium", False, None, "note", id="medium, worth a look"),
        pytest.param("low", False, None, "note", id="low, worth a look"),
    ],
)
def test_level(make_finding, severity, gated, subtype, expected) -> None:
    assert level(make_finding("knees", "knees", severity=severity, gated=gated, subtype=subtype)) == expected


def test_rules_are_the_categories_with_help(tool) -> None:
    rules = run_of(render([], [], tool))["tool"]["driver"]["rules"]
    assert tuple(rule["id"] for rule in rules) == CATEGORY_IDS
    for rule, category in zip(rules, load_categories().values(), strict=True):
        assert rule["shortDescription"]["text"] == f"{category.name}."
        assert urlsplit(rule["helpUri"]).scheme in ("http", "https") and urlsplit(rule["helpUri"]).netloc
        for part in (category.why, category.rewrite, *category.flagged, *(reason for _, reason in category.left_alone)):
            assert part in rule["help"]["markdown"]
        assert NOTICE in rule["help"]["markdown"]
        assert "[" not in re.sub(r"\\\[", "", rule["help"]["text"])


def test_every_result_points_to_its_rule_and_file(leaflet, make_finding, make_report, tool) -> None:
    own = make_report("knees", (make_finding("knees", "knees", category="house-style"),), path="b.md")
    run = run_of(render([leaflet, own], [], tool))
    rules, files = run["tool"]["driver"]["rules"], run["artifacts"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        *(finding.category for finding in leaflet.findings), "house-style",
    ]  # fmt: skip
    for result in run["results"]:
        where = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert files[where["index"]]["location"]["uri"] == where["uri"]
    assert [file["properties"]["score"] for file in files] == [63.21, 0.0]
    assert files[0]["properties"]["written"] == "2025-11-05"


def test_a_suppressed_finding_is_a_result_with_its_suppression(leaflet, tool) -> None:
    split = replace(leaflet, findings=leaflet.findings[:1], suppressed=leaflet.findings[1:])
    results = run_of(render([split], [], tool))["results"]
    assert [result.get("suppressions") for result in results] == [
        None, [{"kind": "inSource"}],
        [{"kind": "inSource", "justification": "severity: stands in the lead"}], [{"kind": "inSource"}],
    ]  # fmt: skip
    assert [result["level"] for result in results] == ["note"] * 4
    assert results[2]["properties"]["severity"] == "high"


def test_beside_a_baseline_every_result_tells_whether_it_is_new(leaflet, tool) -> None:
    new, known, silenced = leaflet.findings[:1], leaflet.findings[1:3], leaflet.findings[3:]
    parted = replace(leaflet, findings=new, known=known, suppressed=silenced)
    results = run_of(render([parted], [], tool))["results"]
    assert [result["baselineState"] for result in results] == ["new", "unchanged", "unchanged", "unchanged"]
    assert [result.get("suppressions", [{}])[0].get("kind") for result in results] == [
        None, "external", "external", "inSource",
    ]  # fmt: skip
    assert {result["level"] for result in results[1:]} == {"note"}


def test_without_a_baseline_no_result_has_a_state(leaflet, tool) -> None:
    split = replace(leaflet, findings=leaflet.findings[:1], suppressed=leaflet.findings[1:])
    assert not any("baselineState" in result for result in run_of(render([split], [], tool))["results"])


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        pytest.param((), None, id="no evidence"),
        pytest.param((Evidence("note", "line 3: a\u202eb"),), r"line 3: a\u202eb", id="a reason"),
        pytest.param((Evidence("note", "n"), Evidence("word", "cures", 1.0)), None, id="near miss: a note further up"),
    ],
)
def test_a_suppression_says_why(make_finding, make_report, tool, evidence, expected) -> None:
    report = make_report("knees", suppressed=(make_finding("knees", "knees", evidence=evidence),))
    [[suppression]] = [result["suppressions"] for result in run_of(render([report], [], tool))["results"]]
    assert suppression.get("justification") == expected


def test_a_failure_is_no_success(leaflet, nothing, failure, tool) -> None:
    [invocation] = run_of(render([leaflet, nothing], [failure], tool))["invocations"]
    assert invocation["executionSuccessful"] is False
    told = invocation["toolExecutionNotifications"]
    assert [(note["descriptor"]["id"], note["level"]) for note in told] == [
        ("not-analysed", "error"), ("file-note", "note"), ("file-note", "note"),
    ]  # fmt: skip
    assert told[0]["message"]["text"] == failure.message
    assert told[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "scan.pdf"


def test_notes_alone_are_a_success(nothing, tool) -> None:
    assert run_of(render([nothing], [], tool))["invocations"][0]["executionSuccessful"] is True


def test_the_audit_line_and_the_notice_are_in_the_run(tool) -> None:
    assert run_of(render([], [], tool))["properties"] == {"tool": tool.to_dict(), "notice": NOTICE}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        pytest.param("posts/a.md", "posts/a.md", id="near miss: nothing to encode"),
        pytest.param("./posts/a.md", "posts/a.md", id="a dot before it"),
        pytest.param("../a-b_c~1.md", "../a-b_c~1.md", id="near miss: the folder above, unreserved marks"),
        pytest.param("a b#c?d%41.md", "a%20b%23c%3Fd%2541.md", id="space, hash, question mark, percent sign"),
        pytest.param("c:a.md", "c%3Aa.md", id="no scheme"),
        pytest.param("a\nb\u202e.md", "a%0Ab%E2%80%AE.md", id="a line feed, a turn of direction"),
        pytest.param("膝💊.md", "%E8%86%9D%F0%9F%92%8A.md", id="other letters"),
        pytest.param("\udc80.md", "%80.md", id="a byte that is no UTF-8"),
        pytest.param("\ud800.md", "%ED%A0%80.md", id="half a character"),
        pytest.param("/srv/a b.md", "file:///srv/a%20b.md", id="absolute"),
        pytest.param("<stdin>", "%3Cstdin%3E", id="standard input"),
        pytest.param("", "text", id="no path"),
    ],
)
def test_artifact_uri(path, uri) -> None:
    assert artifact_uri(path) == uri


@given(ANY_TEXT.filter(lambda path: path and not path.startswith("/")))
def test_a_relative_uri_gives_the_path_again(path) -> None:
    uri = artifact_uri(path)
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri)
    assert urlsplit(uri).scheme == ""
    whole = PurePath(path).as_posix()
    as_bytes = {whole.encode("utf-8", "surrogatepass")}
    with suppress(UnicodeEncodeError):
        as_bytes.add(whole.encode("utf-8", "surrogateescape"))
    assert unquote_to_bytes(uri) in as_bytes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("[here](http://evil.example)", r"\[here\](http://evil.example)", id="a link"),
        pytest.param(r"\[here\](1)", r"\\\[here\\\](1)", id="a link behind backslashes"),
        pytest.param("{0} and {{1}}", "{{0}} and {{{{1}}}}", id="placeholders"),
        pytest.param("a\u202eb\nc\ud800", r"a\u202eb\x0ac\ud800", id="controls"),
        pytest.param("</script><b>", "</script><b>", id="near miss: markup means nothing in plain text"),
        pytest.param(r"C:\x (1) 50%", r"C:\x (1) 50%", id="near miss: other marks"),
    ],
)
def test_messages_hold_no_link_and_no_placeholder(tool, text, shown) -> None:
    [note] = run_of(render([], [Failure("a", text)], tool))["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == shown


@settings(max_examples=60)
@given(text=ANY_TEXT)
@example("\\[a](b)")
def test_whatever_the_text_it_is_ascii_json_without_a_link(make_finding, make_report, tool, text) -> None:
    source = f"a{text}b"
    finding = make_finding(source, source, message=text, rewrite=text)
    report = make_report(source, (finding,), path=text, notes=(text,), suppressed=(finding,))
    rendered = render([report], [Failure(text, text)], tool)
    assert rendered.isascii() and rendered.count("\n") == 1
    run = run_of(rendered)
    messages = [result["message"]["text"] for result in run["results"]]
    messages += [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert len(messages) == 4
    for message in messages:
        # What is left once every escaped character is taken out holds no live bracket.
        assert not set(re.sub(r"\\[\\\[\]]", "", message)) & set("[]")
        assert visible(message) == message
        assert not [run for run in re.findall(r"\{+|\}+", message) if len(run) % 2]


def test_ten_thousand_findings_take_little_memory(make_finding, make_report, tool) -> None:
    findings = tuple(make_finding("knees", "knees", score=number / 10_000) for number in range(10_000))
    tracemalloc.start()
    try:
        run = run_of(render([make_report("knees", findings)], [], tool))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(run["results"]) == 10_000
    # 2 KB of Python values and text for each is what it takes; parsing it again takes as much.
    assert peak < 150_000_000
