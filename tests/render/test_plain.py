"""Foreign text is made safe, and measured in terminal columns."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.render.plain import visible, width

ANY_TEXT = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred", r"\x1b[31mred", id="escape"),
        pytest.param("\x9b31m", r"\x9b31m", id="C1 control sequence introducer"),
        pytest.param("\x07\x08\x7f", r"\x07\x08\x7f", id="bell, backspace, delete"),
        pytest.param("a\nb\rc\td", r"a\x0ab\x0dc\x09d", id="line breaks and tab"),
        pytest.param("\x85\u2028\u2029", r"\x85\u2028\u2029", id="other line separators"),
        pytest.param("\u202egnp.exe\u202c", r"\u202egnp.exe\u202c", id="override and pop"),
        pytest.param("\u2066a\u2069\u200f", r"\u2066a\u2069\u200f", id="isolates and mark"),
        pytest.param("ze\u200bro\u2060\ufeff\u00ad", r"ze\u200bro\u2060\ufeff\xad", id="zero width"),
        pytest.param("\ud800", r"\ud800", id="lone surrogate"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag character"),
        pytest.param(
            "naïve – “Größe” 新薬 e\u0301 💊", "naïve – “Größe” 新薬 e\u0301 💊", id="near miss: ordinary text"
        ),
        pytest.param("no\u00a0break", "no\u00a0break", id="near miss: no-break space"),
        pytest.param(r"\x1b[31m", r"\x1b[31m", id="near miss: an escape that is written out"),
    ],
)
def test_unsafe_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_all_hostile_characters_are_written_out(hostile: str) -> None:
    assert visible(hostile).isascii()
    assert visible(hostile).isprintable()


@given(ANY_TEXT)
def test_what_is_visible_stays_on_its_line_and_keeps_its_direction(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(char) for char in shown} & set(
        "LRE RLE LRO RLO PDF LRI RLI FSI PDI B".split()
    )
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        pytest.param("", 0, id="empty"),
        pytest.param("plain", 5, id="ASCII"),
        pytest.param("naïve", 5, id="composed"),
        pytest.param("nai\u0308ve", 5, id="combining"),
        pytest.param("新薬", 4, id="wide"),
        pytest.param("Ａ", 2, id="full width"),
        pytest.param("ｱ", 1, id="near miss: half width"),
        pytest.param("💊", 2, id="emoji"),
        pytest.param("ก\u0e31", 1, id="a vowel sign above, of combining class 0"),
        pytest.param("1\u20dd", 1, id="enclosing mark"),
        pytest.param("☺\ufe0e", 1, id="variation selector"),
    ],
)
def test_width_counts_terminal_columns(text: str, columns: int) -> None:
    assert width(text) == columns
