from __future__ import annotations

import pytest

from hypecheck.read import read_text
from hypecheck.score.blend import RoleBlend, Share
from hypecheck.score.features import prepare
from hypecheck.score.folder import find_model
from hypecheck.score.model import load_model
from hypecheck.segment import segment
from hypecheck.train.estimator import OverclaimClassifier
from hypecheck.train.subtypes import scorer_values

TEXT = "The patch works.\n\nTwo people fainted, and one had a rash.\n\nNobody fell asleep.\n"


@pytest.fixture(scope="module")
def words():
    texts = ["Two people fainted.", "One had a rash.", "It works well.", "It is sold in shops."] * 3
    return scorer_values(OverclaimClassifier(C=1.0, fewest=1).fit(texts, [[1], [1], [0], [0]] * 3), ["risk-statement"])


@pytest.fixture(scope="module")
def lines():
    document = read_text(TEXT, "a.txt", "text")
    return prepare(document, segment(document, load_model(find_model("linear")).decoding.punkt))


def roles(lines, value=1.5):
    return [{"benefit-claim": 7.0, "risk-statement": value} for _ in lines]


def test_a_blended_role_is_the_weighted_sum_of_both_readers(words, lines):
    alone = RoleBlend.from_values({"words": words, "shares": {"risk-statement": [0.0, 1.0, 0.0]}})
    both = RoleBlend.from_values({"words": words, "shares": {"risk-statement": [0.5, 2.0, -1.0]}})
    counted, blended = roles(lines), roles(lines)
    alone.apply(lines, counted)
    both.apply(lines, blended)
    for one, other in zip(counted, blended, strict=True):
        assert other["risk-statement"] == pytest.approx(0.5 * 1.5 + 2.0 * one["risk-statement"] - 1.0)
        assert other["benefit-claim"] == 7.0
    assert counted[1]["risk-statement"] > counted[0]["risk-statement"]


def test_words_are_given_what_they_add_by_being_counted(words, lines):
    blend = RoleBlend.from_values({"words": words, "shares": {"risk-statement": [1.0, 2.0, 0.0]}})
    weights = dict(
        zip([token.text for token in lines[1].tokens], blend.explain(lines[1], "risk-statement"), strict=True)
    )
    assert weights["fainted"] > 0
    assert weights["rash"] > 0
    assert weights["and"] == 0


def test_shares_of_other_roles_than_the_words_were_fitted_for_are_refused(words):
    with pytest.raises(ValueError, match="limitation"):
        RoleBlend.from_values({"words": words, "shares": {"limitation": [1.0, 1.0, 0.0]}})


def test_a_named_harm_counts_for_both_readers_of_the_shipped_model():
    blend = load_model(find_model("contextual")).blend
    assert set(blend.shares) == {"risk-statement"}
    assert isinstance(blend.shares["risk-statement"], Share)
    assert blend.shares["risk-statement"].encoder > 0
    assert blend.shares["risk-statement"].words > 0


@pytest.mark.parametrize("role", ["benefit-claim", "risk-statement"])
def test_the_evidence_of_a_role_sums_to_its_log_odds(role):
    model = load_model(find_model("contextual"))
    document = read_text(TEXT, "a.txt", "text")
    lines = prepare(document, segment(document, model.decoding.punkt))
    reading = model.read(lines)
    for number in range(len(lines)):
        rows = model.explain_role(lines, reading, number, role, -0.7, "here")
        assert sum(row.weight for row in rows) == pytest.approx(-0.7 * reading.roles[number][role])
