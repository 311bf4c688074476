from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.offsets import OffsetMapBuilder
from hypecheck.read import read_text
from hypecheck.render.html_article import show_article
from hypecheck.types import Block
from tests.render.test_html import Page

SOURCE = """---
title: A patch
summary: It works.
---

# A patch for knees

It is a **miracle** &amp; a `cure()` for [all knees](https://x.example/cure).

- One knee
- Two knees

| Pain | Knee |
|---|---|
| less | left |

> A doctor says so.

![a happy knee](knee.png)

## References

1. Roe J. A miracle. 2019.
"""


@pytest.fixture
def article(make_report, make_finding):
    blocks = read_text(SOURCE, "a.md", "markdown").blocks
    phrases = ["It works", "**miracle** &amp; a", "all knees", "Two knees", "less"]
    findings = sorted((make_finding(SOURCE, phrase) for phrase in phrases), key=lambda finding: finding.start)
    return make_report(SOURCE, tuple(findings), blocks=blocks)


def test_blocks_are_shown_for_what_they_are_and_without_markup(article):
    page = Page(show_article(article, 1))
    assert page.inside("h4") == ["A patch for knees", "References"]
    assert page.inside("li") == ["One knee"]
    assert page.inside("span")[:3] == ["title: ", "summary: ", ", Hype words and metaphors, medium, worth a look"]
    text = page.text()
    for shown in ("summary: ", "It is a miracle & a for all knees", "picture: a happy knee", "not checked: Roe J."):
        assert shown in "".join(char for char, _ in page.shown), shown
    for hidden in ("**", "&amp;", "cure()", "https://", "|"):
        assert hidden not in text


def test_findings_are_marked_on_the_words_that_a_reader_sees(article):
    page = Page(show_article(article, 1))
    marked: dict[str, str] = {}
    for char, marks in page.shown:
        for mark in marks:
            marked[mark] = marked.get(mark, "") + char
    assert [marked[f"r1-f{number}"] for number in range(1, 6)] == [
        "It works", "miracle & a", "all knees", "Two knees", "less",
    ]  # fmt: skip
    assert len(page.all("a")) == len(article.findings)


def test_a_finding_over_two_blocks_has_one_link_and_one_in_none_keeps_its_own(make_report, make_finding):
    source = "Alpha beta.\n\nGamma delta.\n\n```\ncode\n```\n"
    blocks = read_text(source, "a.md", "markdown").blocks
    across = replace(make_finding(source, "beta"), end=source.index("delta"))
    report = make_report(source, (across, make_finding(source, "code")), blocks=blocks)
    page = Page(show_article(report, 1))
    assert [link["id"] for link in page.all("a")] == ["r1-m1", "r1-m2"]
    assert "".join(char for char, marks in page.shown if "r1-f1" in marks) == "beta.Gamma "


@given(st.data(), st.lists(st.text(st.sampled_from("ab <&\n\r\t🙂\u202e"), min_size=1, max_size=8), max_size=6))
def test_any_blocks_are_shown_whole_and_every_finding_has_its_link(make_report, make_finding, data, texts):
    source = "".join(f"#{text}" for text in texts) + "."
    blocks, at = [], 0
    for text in texts:
        builder = OffsetMapBuilder()
        builder.add(text, at + 1)
        at += 1 + len(text)
        kind = data.draw(st.sampled_from(["title", "heading", "paragraph", "item", "cell", "quote", "alt", "aside"]))
        blocks.append(Block(kind, *builder.build()))
    places = st.tuples(st.integers(0, len(source)), st.integers(0, len(source))).map(sorted)
    base = make_finding(source, ".")
    findings = tuple(replace(base, start=a, end=b) for a, b in sorted(data.draw(st.lists(places, max_size=5))))
    page = Page(show_article(make_report(source, findings, blocks=tuple(blocks)), 1))
    assert sorted(str(link["id"]) for link in page.all("a")) == sorted(f"r1-m{n + 1}" for n in range(len(findings)))
    for number, finding in enumerate(findings, 1):
        marked = sum(f"r1-f{number}" in marks or "crowd" in marks for _, marks in page.shown)
        within = [source[i] for block in blocks for i in range(*block.offsets.to_source(0, len(block.text)))
                  if finding.start <= i < finding.end]  # fmt: skip
        assert bool(marked) >= bool(within)
