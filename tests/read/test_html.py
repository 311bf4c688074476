from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.read import read_text


def _read(source: str):
    return read_text(source, "a.html", "html")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("bare text", [("paragraph", "bare text")]),
        ("<p>One\n  two</p><p>Three", [("paragraph", "One two"), ("paragraph", "Three")]),
        ("<P>One<DIV>two</DIV>three", [("paragraph", "One"), ("paragraph", "two"), ("paragraph", "three")]),
        ("<h1>Top</h1><h2>Sub<p>text", [("heading", "Top"), ("heading", "Sub"), ("paragraph", "text")]),
        ("<h2>One<h3>Two</h3>text", [("heading", "One"), ("heading", "Two"), ("paragraph", "text")]),
        (
            "<ul><li>One<li>Two<p>more</p></ul>x",
            [("item", "One"), ("item", "Two"), ("item", "more"), ("paragraph", "x")],
        ),
        ("<ul><li>One<ol><li>In</ol>back</ul>", [("item", "One"), ("item", "In"), ("item", "back")]),
        ("<dl><dt>Term<dd>Text</dl>x", [("item", "Term"), ("item", "Text"), ("paragraph", "x")]),
        (
            "<table><caption>C</caption><tr><th>a<td>b<tr><td><p>c</p></table>d",
            [("paragraph", "C"), ("cell", "a"), ("cell", "b"), ("cell", "c"), ("paragraph", "d")],
        ),
        (
            "<blockquote>One<p>two</p><ul><li>three</ul>four</blockquote>five",
            [("quote", "One"), ("quote", "two"), ("item", "three"), ("quote", "four"), ("paragraph", "five")],
        ),
        ("<section><header>a</header><aside>b</aside></section>", [("paragraph", "a"), ("paragraph", "b")]),
        ("<title>T &amp; t</title><p>x", [("title", "T & t"), ("paragraph", "x")]),
        ("<title>a <b>c</title>", [("title", "a <b>c")]),
        ("<select><option>One<option>Two</select>", [("paragraph", "One"), ("paragraph", "Two")]),
        ("</p></li></div>x</ul>", [("paragraph", "x")]),
    ],
)
def test_blocks(source, expected, kinds, check_offsets):
    document = _read(source)
    assert kinds(document) == expected
    check_offsets(document)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("pro<b>mis</b>ing<i> now</i>", "promising now"),
        ("a<br>b<br/>c<wbr>d", "a b cd"),
        ("R&amp;D &lt;x&gt; &nbsp; &copy &#8217; &#x1F642;", "R&D <x> © ’ 🙂"),
        ("&notit; &ampere &nosuch; & &; &#; &#x; AT&T", "¬it; &ere &nosuch; & &; &#; &#x; AT&T"),
        ("&#0; &#150; &#x110000; &#99999999999;", "\ufffd – \ufffd \ufffd"),
        ("H<sub>2</sub>O x<sup>th</sup>", "H2O xth"),
        ("cures<sup><a href='#1'>1</a></sup> and heals<sup>*</sup>", "cures 1 and heals *"),
        ("a <code>hidden</code> b <kbd>hidden</kbd>c", "a b c"),
        ("a <svg><title>hidden</title></svg> b <svg/>c", "a b c"),
        ("1 < 2 and 3 > 2 <3", "1 < 2 and 3 > 2 <3"),
        ("<x-note kind='a > b'>inside</x-note> out", "inside out"),
        ("<![CDATA[a <b> c]]> d", "a <b> c d"),
        ("<?php hidden ?>a<!DOCTYPE html>b</ hidden>c", "abc"),
        ("é 🙂 <i>e\u0301</i>", "é 🙂 e\u0301"),
        ("â€œ<i>Hope</i>â€\x9d isnâ€™t", "â€œHopeâ€\x9d isnâ€™t"),
        ("a\u2028b\x0cc\rd", "a b c d"),
    ],
)
def test_inline_markup(source, text, check_offsets):
    document = _read(f"<p>{source}</p>")
    assert [block.text for block in document.blocks] == [text]
    check_offsets(document)


@pytest.mark.parametrize(
    ("source", "phrase", "stretch"),
    [
        ("pro<b>mis</b>ing", "promising", "pro<b>mis</b>ing"),
        ("R&amp;D", "&", "&amp;"),
        ("R&ampD", "&D", "&ampD"),
        ("é 🙂 <b>bold</b>", "bold", "bold"),
        ("one\r\n  two", "one two", "one\r\n  two"),
        ("a<br>b", "a b", "a<br>b"),
        ("<img alt='R&amp;D'>", "R&D", "R&amp;D"),
        ("<img alt=bare>", "bare", "bare"),
    ],
)
def test_a_phrase_is_traced_to_its_source(source, phrase, stretch, source_of):
    assert source_of(_read(source), phrase) == stretch


@pytest.mark.parametrize(
    "name", ["script", "style", "template", "noscript", "pre", "nav", "footer", "textarea", "iframe"]
)
def test_what_is_no_prose_is_skipped(name, kinds):
    document = _read(f"<p>before<{name} a='>'>hidden<p>hidden</{name} >after")
    assert kinds(document) == [("paragraph", "before"), ("paragraph", "after")]


@pytest.mark.parametrize(
    ("source", "texts", "note"),
    [
        ("a <!-- b", ["a <!-- b"], "a comment is never closed"),
        ("a <b", ["a <b"], "a tag is never closed"),
        ("<p>a <a href='x>b</a> <i>c</i>", ["a b c"], "an attribute's quotation mark is never closed"),
        ("a <script>b <p>c", ["a", "b", "c"], "<script> is never closed"),
        ("a <title>b <p>c", ["a", "b", "c"], "<title> is never closed"),
        ("a <nav>b <p>c", ["a", "b", "c"], "<nav> is never closed"),
        ("a <code>b <p>c <code>d</code> e", ["a b", "c e"], "<code> is never closed"),
        ("a <![CDATA[ b", ["a <![CDATA[ b"], "a CDATA section is never closed"),
        ("<p>a <b>b <div>c", ["a b", "c"], None),
    ],
    ids=["comment", "tag", "attribute", "script", "title", "nav", "code", "CDATA", "open elements"],
)
def test_what_is_never_closed_is_read(source, texts, note, check_offsets):
    document = _read(f"\n{source}")
    assert [block.text for block in document.blocks] == texts
    assert [found.startswith(f"line 2: {note}") for found in document.notes] == ([True] if note else [])
    check_offsets(document)


def test_what_a_page_says_about_itself(source_of, check_offsets):
    source = """<head><title>Page | Site</title>
    <meta name="Description" content="It&#39;s a cure">
    <meta content='Shared title' property='og:title'><meta property="og:description" content=Short>
    <meta name="twitter:description" content="Tweet &copy=3"><meta name=keywords content=hidden>
    <meta name="description"></head><h1>Head</h1>text"""
    document = _read(source)
    assert [(block.kind, block.attribution, block.text) for block in document.blocks] == [
        ("title", "title", "Page | Site"),
        ("metadata", "meta description", "It's a cure"),
        ("metadata", "og:title", "Shared title"),
        ("metadata", "og:description", "Short"),
        ("metadata", "twitter:description", "Tweet &copy=3"),
        ("heading", "", "Head"),
        ("paragraph", "", "text"),
    ]
    assert [block.heading for block in document.blocks] == [""] * 6 + ["Head"]
    assert source_of(document, "It's a cure") == "It&#39;s a cure"
    check_offsets(document)


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("<title>One</title><meta property=og:title content=Two><h1>Three</h1>", "One"),
        ("<meta property=og:title content=Two><h1>Three</h1>", "Two"),
        ("<h1>Three</h1>", "Three"),
        ("<p>Four", ""),
    ],
)
def test_the_title(source, title):
    assert _read(source).title == title


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("<meta property=article:published_time content=2024-03-05T10:00:00Z>", date(2024, 3, 5)),
        ("<meta name=date content='March 5, 2024'>", date(2024, 3, 5)),
        ("<time datetime='2024-03-05 10:00'>May 1</time>", date(2024, 3, 5)),
        ('<script type=\'application/ld+json\'>{"datePublished": "2024-03-05"}</script>', date(2024, 3, 5)),
        (
            "<time datetime=2023-01-01></time><meta name=date content=2023-02-02>"
            '<script>{"datePublished":"2023-03-03"}</script>'
            "<meta property=article:published_time content=2024-03-05>",
            date(2024, 3, 5),
        ),
        ("<time datetime=2024-03-05><time datetime=2025-03-05>", date(2024, 3, 5)),
        ("<time>2024-03-05</time>", None),
        ("<meta name=date content=soon>", None),
    ],
)
def test_the_date(source, written):
    assert _read(source).written == written


def test_alternative_text_stands_beside_its_paragraph(kinds):
    document = _read("<p>One <img src=a alt='The alt'> two<img alt=''> three<p>four")
    assert kinds(document) == [("paragraph", "One two three"), ("alt", "The alt"), ("paragraph", "four")]


def test_comments_are_kept_with_their_places(check_offsets):
    source = "é<!-- off: one -->b<!----><!--two--!><p <!-- x>c<!--three\n-->"
    document = _read(source)
    assert [comment.text for comment in document.comments] == ["off: one", "", "two", "three"]
    assert source[document.comments[2].start : document.comments[2].end] == "<!--two--!>"
    assert [block.text for block in document.blocks] == ["éb", "c"]
    check_offsets(document)


class _Words:
    """Words that stand once in a page, so that each can be found again."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.hidden: list[str] = []

    def show(self) -> str:
        self.shown.append(f"plum{len(self.shown)}x")
        return self.shown[-1]

    def hide(self) -> str:
        self.hidden.append(f"quince{len(self.hidden)}x")
        return self.hidden[-1]


PIECES = [
    lambda w: w.show(),
    lambda w: f" {w.show()} é🙂 ",
    lambda w: f"<b>{w.show()}</b>",
    lambda w: f"<p class={w.hide()}>{w.show()}",
    lambda w: f"<a href='{w.hide()}>' title=\"{w.hide()}\">{w.show()}</a>",
    lambda w: f"<img src={w.hide()} alt='{w.show()}'>",
    lambda w: f"<!-- {w.hide()} <p> -->",
    lambda w: f"<script>{w.hide()} <p> {w.hide()}</script>",
    lambda w: f"<code>{w.hide()}</code>",
    lambda w: f"<h2>{w.show()}</h2>",
    lambda w: f"<ul><li>{w.show()}<li>{w.show()}</ul>",
    lambda w: f"<table><tr><td>{w.show()}</table>",
    lambda w: f"<blockquote>{w.show()}</blockquote>",
    lambda w: f"{w.show()}&amp;{w.show()}&lt;",
    lambda w: "<div>",
    lambda w: "</div>",
    lambda w: "<br>",
    lambda w: "</p>\r\n",
    lambda w: " < ",
]


@st.composite
def written(draw):
    words = _Words()
    return "".join(draw(st.sampled_from(PIECES))(words) for _ in range(draw(st.integers(1, 12)))), words


@settings(deadline=None)
@given(written())
def test_every_word_shown_is_read_and_found_again(check_offsets, case):
    source, words = case
    document = _read(source)
    check_offsets(document)
    text = "\n".join(block.text for block in document.blocks)
    assert [word for word in words.hidden if word in text] == []
    for word in words.shown:
        (block,) = (block for block in document.blocks if word in block.text)
        start = block.text.index(word)
        a, b = block.offsets.to_source(start, start + len(word))
        assert source[a:b] == word


TAGS = (
    "<p> </p> <!-- --> <![CDATA[ ]]> &amp <img alt= <code> </code> <script> </script> <title> </title> <li> </ul> <h2>"
)
MARKS = st.lists(st.sampled_from([*"ab <>/=!?&#;-'\"é🙂\n\r", *TAGS.split()]), max_size=40).map("".join)


@settings(deadline=None)
@given(st.one_of(MARKS, st.text(max_size=60).filter(lambda text: "\0" not in text)))
def test_any_text_is_read(check_offsets, source):
    check_offsets(_read(source))
