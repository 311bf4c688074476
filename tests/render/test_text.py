"""The report for people: golden text, carets, colour, and nothing raw from a hostile article."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.render.plain import width
from hypecheck.render.text import COLUMNS, render
from hypecheck.types import NOTICE, Clearance, Evidence, Failure, ToolLine

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60)


def marked(rendered: str) -> tuple[str, str]:
    """The line of the text and the line of carets below it."""
    lines = rendered.split("\n")
    at = next(number for number, line in enumerate(lines) if re.fullmatch(r" *\^+", line))
    return lines[at - 1], lines[at]


def test_golden_text(golden, leaflet, nothing, failure, tool) -> None:
    golden("reports.txt", render([leaflet, nothing], [failure], tool, colour=False))


def test_golden_text_in_colour(golden, leaflet, tool) -> None:
    golden("report-colour.txt", render([leaflet], [], tool, colour=True).replace("\x1b", "<ESC>"))


def test_without_colour_there_is_no_escape(leaflet, nothing, failure, tool) -> None:
    assert "\x1b" not in render([leaflet, nothing], [failure], tool, colour=False)


def test_colour_replaces_the_carets_and_changes_no_word(leaflet, tool) -> None:
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", render([leaflet], [], tool, colour=True))
    plain = render([leaflet], [], tool, colour=False)
    assert coloured == re.sub(r"^ *\^+\n", "", plain, flags=re.MULTILINE)


def test_every_report_ends_with_the_audit_line_and_the_notice(nothing, tool) -> None:
    for reports in ([], [nothing]):
        audit, notice = render(reports, [], tool, colour=False).splitlines()[-2:]
        assert audit == (
            "hypecheck 9.8.7, model linear 0123456789ab, settings fedcba987654, as of 2026-03-01, record as of none"
        )
        assert notice == NOTICE


def test_without_a_day_of_judgement_the_audit_line_says_none(nothing) -> None:
    timeless = ToolLine("hypecheck", "9.8.7", "linear", "a" * 64, None, None, "b" * 64)
    assert "as of none" in render([nothing], [], timeless, colour=False)


@pytest.mark.parametrize(
    ("source", "phrase", "column", "carets"),
    [
        pytest.param("a miracle", "miracle", 2, 7, id="ASCII"),
        pytest.param("miracle", "miracle", 0, 7, id="at the start"),
        pytest.param("新薬 miracle", "miracle", 5, 7, id="after wide characters"),
        pytest.param("cafe\u0301 miracle", "miracle", 5, 7, id="after a combining character"),
        pytest.param("ก\u0e31 miracle", "miracle", 2, 7, id="after a vowel sign above"),
        pytest.param("💊 miracle", "miracle", 3, 7, id="after an emoji"),
        pytest.param("\u200b miracle", "miracle", 7, 7, id="after an escaped character"),
        pytest.param("the 奇跡 cure", "奇跡", 4, 4, id="a wide phrase"),
        pytest.param("its re\u0301sume\u0301", "re\u0301sume\u0301", 4, 6, id="a phrase with combining characters"),
        pytest.param("first\na miracle", "miracle", 2, 7, id="after a line feed"),
        pytest.param("first\ra miracle", "miracle", 2, 7, id="after a carriage return"),
        pytest.param("first\u2028a miracle", "miracle", 13, 7, id="near miss: U+2028 ends no line"),
        pytest.param("a mira\ncle", "mira\ncle", 2, 8, id="a phrase across lines is shown on one"),
        pytest.param("a mira\u2028cle", "mira\u2028cle", 2, 13, id="a phrase with an escaped character"),
    ],
)
def test_carets_stand_below_the_phrase(make_finding, make_report, tool, source, phrase, column, carets) -> None:
    report = make_report(source, (make_finding(source, phrase),))
    text, marks = marked(render([report], [], tool, colour=False))
    assert marks == " " * (4 + column) + "^" * carets
    assert text.startswith("    ")


@pytest.mark.parametrize(
    "joint", [" ", "", "\u200b"], ids=["words", "one endless word", "one word with zero-width space"]
)
def test_a_long_line_is_cut_on_both_sides(make_finding, make_report, tool, joint) -> None:
    source = joint.join(["left"] * 500) + " miracle " + joint.join(["right"] * 500)
    report = make_report(source, (make_finding(source, "miracle"),))
    text, marks = marked(render([report], [], tool, colour=False))
    assert text.strip().startswith("…")
    assert text.endswith("…")
    assert len(text) < 180
    assert text[marks.index("^") : marks.rindex("^") + 1] == "miracle"


def test_a_long_phrase_is_cut_in_the_middle(make_finding, make_report, tool) -> None:
    source = "begins " + "and goes on " * 300 + "ends"
    rendered = render([make_report(source, (make_finding(source, source),))], [], tool, colour=False)
    shown = next(line for line in rendered.splitlines() if line.startswith("    begins"))
    assert shown.endswith("ends")
    assert len(shown) < 160


def test_advice_is_wrapped_and_stands_with_the_first_of_its_kind_only(make_finding, make_report, tool) -> None:
    source = "miracle wonder marvel"
    findings = tuple(make_finding(source, word, rewrite="less of it " * 30) for word in source.split())
    rendered = render([make_report(source, findings)], [], tool, colour=False)
    assert rendered.count("instead:") == 1
    *lines, _audit, _notice = rendered.splitlines()
    assert max(map(width, lines)) <= COLUMNS


def test_evidence_without_text_is_no_error(make_finding, make_report, tool) -> None:
    finding = make_finding("miracle", "miracle", evidence=(Evidence("word", "", 1.0),))
    assert "because" not in render([make_report("miracle", (finding,))], [], tool, colour=False)


def make_hostile_report(make_finding, make_report, text: str):
    """A report with the text in every place that an article or a path can reach."""
    source = f"before{text}miracle{text}after"
    finding = make_finding(
        source,
        f"{text}miracle",
        evidence=(Evidence("word", f"a{text}", 1.0), Evidence("note", text)),
        message=f"why {text}",
        rewrite=f"instead {text}",
        standards=(f"standard {text}",),
    )
    cleared = (Clearance("cure-claim", 0, 1, text, 1, 1, text),)
    return make_report(source, (finding,), path=text, cleared=cleared, notes=(text,))


@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
def test_no_hostile_character_reaches_the_terminal(make_finding, make_report, tool, hostile, colour) -> None:
    report = make_hostile_report(make_finding, make_report, hostile)
    rendered = render([report], [Failure(hostile, hostile)], tool, colour=colour)
    ours = re.sub(r"\x1b\[[0-9;]*m", "", rendered) if colour else rendered
    assert not set(ours) & (set(hostile) - {"\n"})


@settings(max_examples=60)
@given(text=ANY_TEXT)
def test_no_text_adds_a_line(make_finding, make_report, tool, text) -> None:
    report = make_hostile_report(make_finding, make_report, text)
    lines = render([report], [Failure(text, text)], tool, colour=False).split("\n")
    assert len([line for line in lines if line.startswith("  sure enough") or line.startswith("  worth a look")]) == 1
    assert len([line for line in lines if "Hype words" in line]) == 1
    assert len([line for line in lines if line.startswith("not analysed: ")]) == 1
    assert all(
        line.isprintable() or not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", line) for line in lines
    )


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("a.txt\n  a.txt:1:1  high  Cure [cure-claim]  0.99", id="line feed"),
        pytest.param("a.txt\r  a.txt:1:1  high  Cure [cure-claim]  0.99", id="carriage return"),
        pytest.param("a.txt\u2028  a.txt:1:1  high  Cure [cure-claim]  0.99", id="line separator"),
        pytest.param("  a.txt:1:1  high  Cure [cure-claim]  0.99", id="a path like a finding"),
        pytest.param("0 files checked, 0 findings", id="a path like the summary"),
    ],
)
def test_a_path_cannot_forge_a_line(make_report, tool, path) -> None:
    lines = render([make_report(path=path)], [Failure(path, f"{path}: bad")], tool, colour=False).splitlines()
    header, empty, failure, gap, summary, *_ = lines
    assert header.endswith(": score 0 of 100 (0 high, 0 medium, 0 low)")
    assert (empty, gap) == ("", "")
    assert failure.startswith("not analysed: ")
    assert summary == "1 file checked, 0 findings, highest score 0 of 100, 1 file not analysed"


def test_of_one_endless_line_only_a_window_is_looked_at(make_finding, make_report, tool, monkeypatch) -> None:
    """A window cut from the whole line would cost the line's length for each finding."""
    source = "word " * 100_000
    first = make_finding(source, "word")
    findings = tuple(replace(first, start=1000 * at, end=1000 * at + 4) for at in range(100))
    split: list[int] = []

    def count(pattern: str, text: str) -> list[str]:
        split.append(len(text))
        return re.split(pattern, text)

    monkeypatch.setattr("hypecheck.render.text.re", SimpleNamespace(split=count))
    render([make_report(source, findings)], [], tool, colour=False)
    assert len(split) == 200
    assert max(split) < 200
