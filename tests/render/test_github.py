"""Annotations: what the runner reads out of each line, how many there are, and that no text makes another."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hypecheck.render.github import SHOWN, render
from hypecheck.render.plain import visible
from hypecheck.types import NOTICE, Failure

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60)


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    message: str


def read(line: str) -> Command:
    """A line as the runner takes it: `::name key=value,…::message`, escapes resolved, the percent sign last."""
    assert line.startswith("::"), line
    head, separator, message = line[2:].partition("::")
    assert separator, line
    name, _, rest = head.partition(" ")
    pairs = (pair.split("=", 1) for pair in rest.split(",") if pair)
    return Command(name, {key: resolve(value, ":,") for key, value in pairs}, resolve(message, ""))


def resolve(text: str, also: str) -> str:
    for char in f"\r\n{also}%":
        text = text.replace(f"%{ord(char):02X}", char)
    return text


def commands(rendered: str) -> list[Command]:
    """Every line that the runner would see: it ends one at LF, CR or both."""
    assert rendered.endswith("\n")
    lines = rendered.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    return [read(line) for line in lines]


def test_each_finding_at_its_level_and_place(leaflet, tool) -> None:
    *findings, closing = commands(render([leaflet], [], tool))
    assert [(command.name, command.properties["title"]) for command in findings] == [
        ("error", "Cure, reversal, too good to be true (0.93)"),
        ("warning", "Risk caveat missing (0.97)"),
        ("notice", "Harms played down (0.66)"),
        ("notice", "Hype words and metaphors (0.41)"),
    ]
    assert findings[0].properties == {
        "file": "leaflets/膝.md", "line": "3", "endLine": "3", "col": "37", "endColumn": "61",
        "title": findings[0].properties["title"],
    }  # fmt: skip
    assert findings[0].message == (
        "“cures arthritis for good”: The text promises a cure, which is more than any trial of this drug has shown; "
        "it does so at length.\nInstead: Say what changed, by how much, in whom."
    )
    assert closing == Command(
        "notice",
        {"title": "hypecheck"},
        "1 file checked, 4 findings (2 sure enough to fail a run), highest score 63 of 100\n"
        "hypecheck 9.8.7, model linear 0123456789ab, settings fedcba987654, as of 2026-03-01, record as of none\n"
        f"{NOTICE}",
    )


def test_a_finding_over_two_lines_has_no_columns(make_finding, make_report, tool) -> None:
    """GitHub refuses columns where the lines differ."""
    source = "It cures\nknees."
    rendered = render([make_report(source, (make_finding(source, "cures\nknees"),))], [], tool)
    assert commands(rendered)[0].properties | {"title": ""} == {
        "file": "page.txt", "line": "1", "endLine": "2", "title": "",
    }  # fmt: skip


def test_failures_are_errors_and_stand_first(leaflet, failure, tool) -> None:
    first, second, *_ = commands(render([leaflet], [failure], tool))
    assert first == Command("error", {"file": "scan.pdf", "title": "not analysed"}, f"not analysed: {failure.message}")
    assert second.name == "error" and second.properties["file"] == "leaflets/膝.md"


@pytest.mark.parametrize(
    ("gated", "failed", "notes", "shown", "more"),
    [
        pytest.param(0, 0, 0, (0, 1), None, id="nothing"),
        pytest.param(10, 0, 9, (10, 10), None, id="as many as are shown"),
        pytest.param(11, 0, 9, (10, 10), "1 more annotation", id="one error too many"),
        pytest.param(10, 0, 10, (10, 10), "1 more annotation", id="one notice too many, since the closing one counts"),
        pytest.param(4, 8, 0, (10, 1), "2 more annotations", id="failures take the room of errors"),
        pytest.param(3, 12, 30, (10, 10), "26 more annotations", id="more failures than are shown"),
    ],
)
def test_no_more_than_github_keeps(make_finding, make_report, tool, gated, failed, notes, shown, more) -> None:
    sure = make_finding("knees", "knees", severity="high", gated=True)
    findings = (make_finding("knees", "knees"),) * notes + (sure,) * gated
    failures = [Failure(f"{number}.pdf", "no text") for number in range(failed)]
    told = commands(render([make_report("knees", findings)], failures, tool))
    names = [command.name for command in told]
    assert (names.count("error"), names.count("notice")) == shown
    second = told[-1].message.split("\n")[1]
    assert second.startswith(f"{more}: GitHub shows {SHOWN} " if more else "hypecheck 9.8.7, ")


def test_of_a_level_the_likeliest_are_shown(make_finding, make_report, tool) -> None:
    findings = tuple(make_finding("knees", "knees", score=number / 100) for number in range(30))
    told = commands(render([make_report("knees", findings)], [], tool))
    assert [command.properties["title"][-5:-1] for command in told[:-1]] == [
        f"0.{number}" for number in range(29, 20, -1)
    ]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        pytest.param("a\n::error::b.md", "a\n::error::b.md", id="a line feed and a command"),
        pytest.param("a\r\nb.md", "a\r\nb.md", id="both line ends"),
        pytest.param("a,line=9.md", "a,line=9.md", id="a comma and a property"),
        pytest.param("a::b.md", "a::b.md", id="the separator"),
        pytest.param("100%0A.md", "100%0A.md", id="an escape that is text"),
        pytest.param("a%3Ab%25.md", "a%3Ab%25.md", id="two more"),
        pytest.param("./posts//a.md", "posts/a.md", id="a dot before it, a slash too many"),
        pytest.param("../a.md", "../a.md", id="near miss: the folder above"),
        pytest.param("a=b c.md", "a=b c.md", id="near miss: an equals sign and a space"),
        pytest.param("naïve 膝 💊.md", "naïve 膝 💊.md", id="near miss: other letters"),
        pytest.param("\x1b]0;a\x07.md", r"\x1b]0;a\x07.md", id="a terminal's command"),
        pytest.param("gnp\u202edm.md", r"gnp\u202edm.md", id="a turn of direction"),
        pytest.param("\udc80.md", r"\udc80.md", id="a byte that is no UTF-8"),
        pytest.param("", "text", id="no path"),
    ],
)
def test_the_runner_reads_the_path(make_finding, make_report, tool, path, file) -> None:
    rendered = render([make_report("knees", (make_finding("knees", "knees"),), path=path)], [Failure(path, path)], tool)
    failed, found, _ = commands(rendered)
    assert failed.properties == {"file": file, "title": "not analysed"}
    assert found.properties["file"] == file


@settings(max_examples=80)
@given(text=ANY_TEXT)
@example("\n::error file=x::forged")
@example("\r::stop-commands::t")
@example("##[error]forged")
@example("%0A::warning::forged")
@example("</script>\u202e\ud800")
def test_no_text_makes_a_command(make_finding, make_report, tool, text) -> None:
    source = f"a{text}b"
    finding = make_finding(source, source, message=text, rewrite=text, category=text)
    report = make_report(source, (finding, replace(finding, severity="high", gated=True)), path=text, notes=(text,))
    told = commands(render([report], [Failure(text, text)], replace(tool, model=text)))
    assert [command.name for command in told] == ["error", "error", "notice", "notice"]
    assert [command.message.count("\n") for command in told] == [0, 1, 1, 2]
    assert {key for command in told for key in command.properties} <= set(
        "file line endLine col endColumn title".split()
    )
    assert [line for command in told for line in command.message.split("\n") if line != visible(line)] == []


def test_ten_thousand_findings_are_thirty_lines(make_finding, make_report, tool) -> None:
    findings = (make_finding("knees", "knees"),) * 10_000
    rendered = render([make_report("knees", findings)], [], tool)
    assert len(commands(rendered)) == SHOWN
    assert "9991 more annotations" in rendered
