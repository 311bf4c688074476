from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.offsets import LineIndex, OffsetMap, OffsetMapBuilder


@st.composite
def folded(draw):
    """A source of words and white space, and the text that folding it gives."""
    source = draw(st.text(st.sampled_from("ab é🙂 \t\n"), min_size=1))
    builder, at = OffsetMapBuilder(), 0
    while at < len(source):
        end = at
        while end < len(source) and source[end].isspace() == source[at].isspace():
            end += 1
        if source[at].isspace():
            builder.add(" ", at, end - at)
        else:
            builder.add(source[at:end], at)
        at = end
    return source, *builder.build()


@given(folded(), st.data())
def test_a_slice_of_the_source_folds_to_the_slice_of_the_text(case, data):
    source, text, offsets = case
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    a, b = offsets.to_source(start, end)
    assert 0 <= a < b <= len(source)
    wanted = text[start:end]
    assert " ".join(source[a:b].split()) == wanted.strip()


@given(folded(), st.data())
def test_a_place_in_the_source_is_found_again_in_the_text(case, data):
    source, text, offsets = case
    start = data.draw(st.integers(0, len(source) - 1))
    end = data.draw(st.integers(start + 1, len(source)))
    wanted = [at for at in range(len(text)) if _touches(offsets.to_source(at, at + 1), (start, end))]
    assert offsets.to_text(start, end) == (wanted[0], wanted[-1] + 1)


def _touches(one, other):
    return one[0] < other[1] and other[0] < one[1]


def test_what_stands_for_no_character_has_no_place_in_the_text():
    builder = OffsetMapBuilder()
    builder.add("R", 4)
    builder.add("D", 9)
    offsets = builder.build()[1]
    for start, end in [(0, 4), (5, 9), (10, 12)]:
        low, high = offsets.to_text(start, end)
        assert low == high
    assert offsets.to_text(0, 99) == (0, 2)


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (0, 0), (2, 1), (0, 9)])
def test_a_range_without_characters_is_refused(start, end):
    with pytest.raises(ValueError, match="no characters"):
        OffsetMap.identity(5, 3).to_source(start, end)


def test_a_resolved_entity_is_taken_whole():
    builder = OffsetMapBuilder()
    builder.add("R", 0)
    builder.add("&", 1, 5)
    builder.add("D", 6)
    text, offsets = builder.build()
    assert text == "R&D"
    assert offsets.to_source(1, 2) == (1, 6)
    assert offsets.to_source(0, 3) == (0, 7)


@pytest.mark.parametrize(
    ("source", "at", "place"),
    [
        ("ab", 0, (1, 1)),
        ("ab", 2, (1, 3)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\u2028b\x0cc\x85d", 5, (1, 6)),
        ("🙂x\n", 1, (1, 2)),
        ("\n\n", 2, (3, 1)),
    ],
    ids=["first", "end", "LF", "CRLF", "CR", "no line ends", "emoji", "behind the last"],
)
def test_line_and_column(source, at, place):
    assert LineIndex(source).place(at) == place
