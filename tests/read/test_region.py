from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hypecheck.read.region import Region, TextBuilder


def _fold(source: str) -> tuple[str, tuple[int, int]]:
    builder = TextBuilder(Region.whole(source))
    builder.take(0, len(source))
    text, offsets = builder.build()
    return text, offsets.to_source(0, len(text)) if text else (0, 0)


def test_white_space_is_folded_and_dropped_at_the_ends():
    assert _fold(" \t two  words\r\n\u00a0here \n") == ("two words here", (3, 20))


def test_nothing_but_white_space_is_nothing():
    assert _fold(" \u2028\t") == ("", (0, 0))


@given(st.text(st.sampled_from("ab \n\t\u00a0é🙂")), st.data())
def test_taking_in_pieces_is_taking_at_once(source, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(source)))))
    builder = TextBuilder(Region.whole(source))
    for start, end in zip([0, *cuts], [*cuts, len(source)], strict=True):
        builder.take(start, end)
    assert builder.build()[0] == _fold(source)[0] == " ".join(source.split())


def test_a_joined_region_knows_each_character():
    source = "> one\n> two"
    region = Region.joined(source, [(2, 6), (6, 6), (8, 11)])
    assert region.text == "one\ntwo"
    assert [region.place(position) for position in range(7)] == [2, 3, 4, 5, 8, 9, 10]
    assert region.source_range(2, 5) == (4, 9)
    assert list(region.stretches(1, 6)) == [(1, 4, 3), (4, 6, 8)]


def test_a_resolved_reference_stands_for_all_of_its_characters():
    source = "A&amp;B&nbsp;&nbsp;C"
    builder = TextBuilder(Region.whole(source))
    builder.take(0, 1)
    builder.put("&", 1, 6)
    builder.take(6, 7)
    builder.put("\u00a0", 7, 13)
    builder.put("\u00a0", 13, 19)
    builder.take(19, 20)
    text, offsets = builder.build()
    assert text == "A&B C"
    assert offsets.to_source(1, 2) == (1, 6)
    assert offsets.to_source(3, 4) == (7, 13)


def test_an_empty_region_has_no_text():
    region = Region.joined("text", [])
    assert region.text == ""
    assert list(region.stretches(0, 0)) == []
