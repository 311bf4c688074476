"""The job summary: what stands in it, what has no room, and that foreign text is no markup to a Markdown parser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hypecheck.render.plain import visible
from hypecheck.render.summary import BUDGET, render
from hypecheck.types import NOTICE, Failure

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60)


@pytest.fixture(scope="module")
def parse():
    """A Markdown text to its tables: rows of cells, a cell the text it shows; whatever else stands in one is named."""
    markdown_it = pytest.importorskip("markdown_it", reason="the package markdown-it-py is not installed")
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def read(text: str) -> list[list[str]]:
        rows: list[list[str]] = []
        inside = False
        for token in parser.parse(text):
            if token.type in ("table_open", "table_close"):
                inside = token.type == "table_open"
            elif token.type == "tr_open":
                rows.append([])
            elif token.type == "inline" and inside:
                rows[-1].append("".join(p.content if p.type == "text" else f"<{p.type}>" for p in token.children))
        return rows

    return read


def plain(rendered: str) -> str:
    """The text as a reader sees it, escapes resolved."""
    return (
        re.sub(r"\\([!#$)*+.:=@\[\\\]_`|~-])", r"\1", rendered)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )


def test_files_and_findings_the_gravest_first(leaflet, nothing, failure, tool) -> None:
    lines = plain(render([nothing, leaflet], [failure], tool)).splitlines()
    assert (
        lines[2]
        == "2 files checked, 4 findings (2 sure enough to fail a run), highest score 63 of 100, 1 file not analysed"
    )
    assert lines[4:7] == ["### Not analysed", "", f"- {failure.message}"]
    rows = [line for line in lines if line.startswith("| ")]
    assert rows[2:4] == ["| 63 | 2 | 1 | 1 | leaflets/膝.md |", "| 0 | 0 | 0 | 0 | empty.txt |"]
    assert [row.split(" | ")[3] for row in rows[6:]] == [
        "“cures arthritis for good”",
        "“Dr. Re\u0301my says that Artrazin cures arthritis for good, and it is 100% safe.”",
        "“100% safe”",
        "“miracle”",
    ]
    assert rows[6] == (
        "| high | yes | Cure, reversal, too good to be true (0.93) | “cures arthritis for good” "
        "| leaflets/膝.md:3:37 | Say what changed, by how much, in whom. |"
    )
    assert lines[lines.index("### Notes") :][:4] == [
        "### Notes", "", "- empty.txt: there is no text to judge", "- leaflets/膝.md: an image was passed over",
    ]  # fmt: skip
    assert lines[-3:] == [
        "hypecheck 9.8.7, model linear 0123456789ab, settings fedcba987654, as of 2026-03-01, record as of none", "", NOTICE,
    ]  # fmt: skip


def test_nothing_checked_says_so(tool) -> None:
    assert plain(render([], [], tool)).splitlines()[2] == "0 files checked, 0 findings, highest score 0 of 100"


def test_a_parser_sees_the_tables(parse, leaflet, tool) -> None:
    rows = parse(render([leaflet], [], tool))
    assert [len(row) for row in rows] == [5, 5, 6, 6, 6, 6, 6]
    assert rows[3][3] == "“cures arthritis for good”"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a | b \\| c", id="cells"),
        pytest.param("[a](http://evil.example) ![b](c) <http://d.example>", id="links"),
        pytest.param("<img src=x onerror=alert(1)></script>", id="HTML"),
        pytest.param("*a* _b_ **c** ~~d~~ `e` $f$", id="emphasis, code, formula"),
        pytest.param("&lt;b&gt; &#60; &amp;lt;", id="references that are text"),
        pytest.param("line\n\n# heading\n- item", id="blocks"),
        pytest.param("\\", id="a backslash"),
        pytest.param("`` ` ```", id="backticks"),
        pytest.param("naïve “Größe” 50% (a), x=1; 膝", id="near miss: ordinary text"),
    ],
)
def test_text_stays_text(parse, make_finding, make_report, tool, text) -> None:
    source = f"a{text}b"
    report = make_report(source, (make_finding(source, source, rewrite=f"a{text}b"),), path=f"a{text}b")
    *_, row = parse(render([report], [], tool))
    assert row[3] == f"“{visible(' '.join(source.split()))}”"
    assert row[5] == visible(source)


@pytest.mark.parametrize(
    "text", ["- a", "+ a", "* a", "1. a", "1) a", "    a", "# a", "> a", "---", "===", "``` a", "[a]: b"]
)
def test_a_failure_stays_one_item_of_text(tool, text) -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="the package markdown-it-py is not installed")
    tokens = markdown_it.MarkdownIt("commonmark").parse(render([], [Failure("a", text)], tool))
    at = next(number for number, token in enumerate(tokens) if token.type == "list_item_open")
    assert [token.type for token in tokens[at + 1 : at + 5]] == [
        "paragraph_open",
        "inline",
        "paragraph_close",
        "list_item_close",
    ]
    assert tokens[at + 2].content.replace("\\", "").replace("&gt;", ">") == text.strip()


@settings(max_examples=100)
@given(text=ANY_TEXT)
@example("|\n|")
@example("<!--")
@example("[a]: b")
def test_no_text_changes_the_tables(parse, make_finding, make_report, tool, text) -> None:
    source = f"a{text}b"
    finding = make_finding(source, source, message=text, rewrite=source, category=source)
    report = make_report(source, (finding, replace(finding, gated=True)), path=source)
    rows = parse(render([report, report], [Failure(text, source)], replace(tool, model=text)))
    assert [len(row) for row in rows] == [5, 5, 5, 6, 6, 6, 6, 6]
    for row in rows[4:]:
        assert row[3] == f"“{visible(' '.join(source.split()))}”"
        assert row[5] == visible(source)
        assert row[2] == f"{visible(source)} (0.50)"


@pytest.mark.parametrize("char", ["|", "\U000e0001", "膝"], ids=["escaped", "written out", "three bytes"])
def test_it_keeps_to_what_github_takes(make_finding, make_report, tool, char) -> None:
    long = char * 140
    reports = [
        make_report(long, (make_finding(long, long),) * 10, path=f"{number}{char * 200}.md") for number in range(1000)
    ]
    failures = [Failure("a", f"{number}: {char * 500}") for number in range(1000)]
    rendered = render(reports, failures, tool)
    assert BUDGET // 2 < len(rendered.encode()) <= BUDGET
    shown = sum(line.startswith("| ") and "medium" in line and "look" in line for line in rendered.splitlines())
    left = [int(number) for number in re.findall(r"^(\d+) more rows? without room here", rendered, re.MULTILINE)]
    assert shown and left[-1] == 10_000 - shown
    assert rendered.endswith(NOTICE + "\n")
