from __future__ import annotations

import importlib.util
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.train.measures import compare, dice, merge, total

TEXT = "Mice ran. People, too, ran far (and long). “It works!” she said.\nThe end. 12 of 30 fell"


@st.composite
def annotations(draw):
    spans = st.tuples(
        st.sampled_from(["hype-language", "cure-claim"]), st.integers(0, len(TEXT) - 2), st.integers(1, 20)
    )
    return [(c, a, min(len(TEXT), a + n)) for c, a, n in draw(st.lists(spans, max_size=6))]


@pytest.fixture(scope="module")
def reference(shared):
    spec = importlib.util.spec_from_file_location("spanscore", shared / "tools" / "spanscore.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_rows(spans):
    return {"spans": [{"category": c, "start": a, "end": b} for c, a, b in spans]}


@settings(max_examples=300)
@given(st.lists(st.tuples(annotations(), annotations()), min_size=1, max_size=3))
def test_the_arithmetic_is_that_of_the_reference_scorer(reference, pairs):
    gold = {str(i): as_rows(g) for i, (g, _) in enumerate(pairs)}
    predicted = {str(i): as_rows(p) for i, (_, p) in enumerate(pairs)}
    texts = {str(i): TEXT for i in range(len(pairs))}
    typed, untyped, per, words, sentences = reference.score(gold, predicted, texts, quiet=True)
    ours = total(compare(TEXT, g, p) for g, p in pairs)
    assert ours.typed().agreement() == pytest.approx(typed)
    assert ours.untyped.agreement() == pytest.approx(untyped)
    assert dice(ours.words) == pytest.approx(words)
    assert dice(ours.sentences) == pytest.approx(sentences)
    for category, row in per.items():
        tally = ours.categories[category]
        assert [tally.covered_predicted, tally.covered_gold, tally.predicted, tally.gold] == pytest.approx(row)


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([(0, 4), (5, 8)], [(0, 8)]),
        ([(0, 4), (2, 8)], [(0, 8)]),
        ([(0, 4), (10, 16)], [(0, 4), (10, 16)]),
        ([(0, 8), (10, 16)], [(0, 8), (10, 16)]),
        ([(3, 3)], []),
        ([(10, 16), (18, 21)], [(10, 21)]),
    ],
    ids=["a space apart", "overlap", "a word apart", "a full stop apart", "empty", "a comma apart"],
)
def test_merge(spans, joined):
    assert merge(spans, TEXT) == joined


def test_cutting_a_span_into_words_gains_nothing():
    whole = compare(TEXT, [("hype-language", 10, 29)], [("hype-language", 10, 29)])
    words = [("hype-language", a, b) for a, b in ((10, 16), (18, 21), (23, 26), (27, 30))]
    cut = compare(TEXT, [("hype-language", 10, 29)], words)
    assert whole.typed().agreement().f1 == 1
    assert cut.typed().predicted == 1


def test_nothing_found_and_nothing_marked_is_zero_and_no_error():
    assert compare(TEXT, [], []).typed().agreement() == (0, 0, 0)
    assert json.dumps(compare(TEXT, [], []).typed().agreement()) == "[0.0, 0.0, 0.0]"
