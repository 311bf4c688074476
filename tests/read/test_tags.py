from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.read.tags import attributes, tokenize


def _cut(text: str) -> list[tuple[str, str]]:
    return [(token.kind, text[token.start : token.end]) for token in tokenize(text)[0]]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a<b>c</b>", [("text", "a"), ("start", "<b>"), ("text", "c"), ("end", "</b>")]),
        ("<a b='>' c=\">\" d=e>f", [("start", "<a b='>' c=\">\" d=e>"), ("text", "f")]),
        ("<a b=it's>c'>", [("start", "<a b=it's>"), ("text", "c'>")]),
        ("<a 'b>c'>", [("start", "<a 'b>"), ("text", "c'>")]),
        ("<a b = 'x>y' >z", [("start", "<a b = 'x>y' >"), ("text", "z")]),
        ("<a b=>'c>", [("start", "<a b=>"), ("text", "'c>")]),
        ("<a/b='>'/>c", [("start", "<a/b='>'/>"), ("text", "c")]),
        (
            "<!-->a<!--->b<!--c--d-->",
            [("comment", "<!-->"), ("text", "a"), ("comment", "<!--->"), ("text", "b"), ("comment", "<!--c--d-->")],
        ),
        ("<!DOCTYPE x><?y?></ z>", [("other", "<!DOCTYPE x>"), ("other", "<?y?>"), ("other", "</ z>")]),
        ("<title><b></TITLE >", [("start", "<title>"), ("text", "<b>"), ("end", "</TITLE >")]),
        ("<script></scripty></script>", [("start", "<script>"), ("text", "</scripty>"), ("end", "</script>")]),
        ("1 < 2 <3> <", [("text", "1 < 2 <3> <")]),
    ],
)
def test_tokens(text, tokens):
    assert _cut(text) == tokens


def test_attributes_are_found_with_their_values():
    text = "<img ALT='a > b' alt=two src = x/y hidden c=\"\" d=>"
    (tag,) = tokenize(text)[0]
    found = {name: text[start:end] for name, (start, end) in attributes(text, tag).items()}
    assert found == {"alt": "a > b", "src": "x/y", "hidden": "", "c": "", "d": ""}


@given(st.text(st.sampled_from("ab <>/=!?-'\"[]\n")))
def test_tokens_follow_each_other_without_gaps(text):
    tokens = tokenize(text)[0]
    assert "".join(text[token.start : token.end] for token in tokens) == text
    assert all(token.start < token.end for token in tokens)


class _Oracle(HTMLParser):
    """The standard library's parser, which agrees on pages that are well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        self.found.append(("start", self.get_starttag_text()))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        self.found.append(("end", tag))

    def handle_data(self, data):
        self.found.append(("text", data))

    def handle_comment(self, data):
        self.found.append(("comment", data))


PIECES = ["text ", "é🙂", "<p>", "</p>", "<a b='c > d' e=f>", '<i x="y">', "</i>", "<br/>", "<!-- c > d -->", "\n"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_the_standard_library_agrees_on_well_formed_pages(text):
    oracle = _Oracle()
    oracle.feed(text)
    oracle.close()
    strip = {"end": lambda piece: piece[2:-1], "comment": lambda piece: piece[4:-3]}
    assert [(kind, strip.get(kind, str)(piece)) for kind, piece in _cut(text)] == oracle.found
