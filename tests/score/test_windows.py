from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.read import read_text
from hypecheck.score.features import prepare
from hypecheck.score.windows import CLS, LONGEST, SEP, make_windows
from hypecheck.segment import PunktRules, segment

RULES = PunktRules(frozenset(), frozenset(), frozenset(), {})
PIECE = 3
"""Characters that a piece of the tokenizer below takes at most."""


def encode(text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Pieces of at most PIECE characters that are no white space; the id of a piece is 1000 and its first character."""
    places = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        end = at + 1
        while end < min(len(text), at + PIECE) and text[end].isalnum() and text[at].isalnum():
            end += 1
        places.append((at, end))
        at = end
    return [1000 + ord(text[start]) for start, _ in places], places


def lines_of(text: str):
    document = read_text(text, "page.txt", "text")
    return prepare(document, segment(document, RULES))


words = st.sampled_from("the patch helps many people . , % it's ease-of-use 12 unbelievably \n\n “yes”".split(" "))


@given(st.lists(words, max_size=80).map(" ".join), st.integers(min_value=8, max_value=40))
def test_every_word_stands_in_one_window_at_its_own_piece(text, longest):
    lines = lines_of(text)
    windows = make_windows(lines, encode, longest)
    seen = []
    for window in windows:
        assert len(window.ids) <= longest
        assert (window.ids[0], window.ids[-1]) == (CLS, SEP)
        for stretch in window.stretches:
            assert 0 < stretch.start < stretch.end < len(window.ids)
            for offset, piece in enumerate(stretch.pieces):
                token = lines[stretch.line].tokens[stretch.first + offset]
                assert stretch.start <= piece < stretch.end
                assert window.ids[piece] == 1000 + ord(token.text[0])
                seen.append((stretch.line, stretch.first + offset))
    assert seen == [(number, i) for number, line in enumerate(lines) for i in range(len(line.tokens))]


def test_a_line_that_fits_is_not_cut_and_blocks_are_kept_apart():
    lines = lines_of("Of pills\n\nIt is a pill. It helps.\n\nAnother one.")
    (window,) = make_windows(lines, encode)
    assert [stretch.first for stretch in window.stretches] == [0, 0, 0, 0]
    between = [window.ids[a.end : b.start] for a, b in pairwise(window.stretches)]
    assert between == [(SEP,), (), (SEP,)]


def test_windows_are_filled_before_a_new_one_begins():
    lines = lines_of(" ".join(["It is a small pill that helps."] * 40))
    windows = make_windows(lines, encode)
    assert len(windows) > 1
    for window, following in pairwise(windows):
        first = following.stretches[0]
        assert len(window.ids) + first.end - first.start > LONGEST


@pytest.mark.parametrize("pieces", [([], []), ([7], [(0, 1)])], ids=["no piece", "one piece for all"])
def test_words_without_a_piece_of_their_own_do_no_harm(pieces):
    lines = lines_of("It helps.")
    windows = make_windows(lines, lambda _: pieces)
    assert all(piece < len(window.ids) for window in windows for s in window.stretches for piece in s.pieces)
