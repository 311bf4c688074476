from __future__ import annotations

import numpy as np
import pytest

from hypecheck.score.blend import RoleBlend
from hypecheck.train.blend import BLENDED, fit_blend
from hypecheck.train.corpus import ROLES, GoldDocument, GoldRole
from hypecheck.train.punkt import learn_rules
from hypecheck.train.vectors import HELD, encode, line_labels

HARM = "Some people fainted and some had a rash."
PLAIN = "The clinic stands in the town of Lund."


@pytest.fixture(scope="module")
def encoded():
    gold = []
    for number in range(60):
        body = [PLAIN, HARM if number % 2 else PLAIN, PLAIN]
        text = f"A pill, part {number}\n\n{' '.join(body)}\n"
        start = text.find(HARM)
        roles = (GoldRole("risk-statement", start, start + len(HARM)),) if start >= 0 else ()
        fields = {"missing_risk": False, "benefit_claim": False, "named_harm": bool(roles), "hype": 0}
        gold.append(GoldDocument(str(number), text, (), roles, fields, "b1", str(number), "news-story"))
    return encode(gold, learn_rules([PLAIN] * 5))


@pytest.fixture(scope="module")
def held(encoded):
    return np.concatenate([[item.fold == HELD] * len(item.lines) for item in encoded])


def test_held_out_lines_are_blended_and_nothing_else_is_touched(encoded, held):
    odds = np.random.default_rng(0).normal(size=(len(held), len(ROLES)))
    values, blended = fit_blend(encoded, odds)
    column = ROLES.index("risk-statement")
    others = [number for number in range(len(ROLES)) if number != column]
    assert (blended[~held] == odds[~held]).all()
    assert (blended[:, others] == odds[:, others]).all()
    assert (blended[held, column] != odds[held, column]).all()
    assert set(RoleBlend.from_values(values).shares) == set(BLENDED)


def test_the_reader_that_knows_more_counts_more(encoded, held):
    truth = line_labels(encoded)[:, ROLES.index("risk-statement")]
    noise = np.random.default_rng(0).normal(size=(len(held), len(ROLES)))
    values, blended = fit_blend(encoded, noise)
    blind, words, _ = values["shares"]["risk-statement"]
    assert words > abs(blind)
    knowing = np.repeat(np.where(truth, 4.0, -4.0)[:, None], len(ROLES), axis=1)
    seeing = fit_blend(encoded, knowing)[0]["shares"]["risk-statement"]
    assert seeing[0] > abs(blind)
    column = blended[held, ROLES.index("risk-statement")]
    assert column[truth[held] == 1].min() > column[truth[held] == 0].max()
