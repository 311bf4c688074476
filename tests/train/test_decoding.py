"""What is fitted on scores made out of fold: the missing-risk rule, thresholds, twins, sentence calibration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.score.decoding import RiskRule, risk_features
from hypecheck.train.risks import RULE, fit_risk
from hypecheck.train.scale import compare_twins
from hypecheck.train.thresholds import GATE_CASES, NEVER, precision_gate

odds = st.floats(min_value=-20, max_value=20)
rows = st.lists(st.tuples(odds, odds), min_size=1, max_size=12)


def roles(pairs):
    return [{"benefit-claim": benefit, "risk-statement": harm} for benefit, harm in pairs]


@given(rows, odds)
def test_a_further_harm_never_raises_the_missing_risk_decision(pairs, harm):
    rule = RiskRule(0.7, -0.4, -0.9, 0.1)
    before = rule.decision(*risk_features(roles(pairs)))
    # The sentence that names it claims no benefit that is stronger than those that stand there.
    after = rule.decision(*risk_features(roles([*pairs, (-20.0, harm)])))
    assert after <= before + 1e-9


@given(rows)
def test_features_are_the_strongest_claim_the_strongest_harm_and_their_expected_number(pairs):
    benefit, harm, harms = risk_features(roles(pairs))
    assert benefit == max(b for b, _ in pairs)
    assert harm == max(h for _, h in pairs)
    assert harms <= np.log(len(pairs) + 0.0011)


def document(number: int, missing: bool, batch: str, topic: str = "", hype: int = 0):
    fields = {"missing_risk": missing, "hype": hype}
    gold = SimpleNamespace(
        fields=fields, batch=batch, topic=topic or str(number), pair="", spans=(), roles=(), roles_only=False
    )
    return SimpleNamespace(gold=gold, lines=(None,), line_row=number, token_row=number, fold=number % 5, is_probe=False)


@pytest.mark.parametrize("flipped", [1, -1], ids=["harm lowers", "harm would raise"])
def test_the_signs_of_the_rule_are_bounded(flipped):
    chance = np.random.default_rng(0)
    documents = [document(i, bool(i % 2), "b1") for i in range(80)]
    harm = np.array([-3.0 if d.gold.fields["missing_risk"] else 3.0 for d in documents]) * flipped
    table = np.column_stack([chance.normal(2, 1, 80), harm + chance.normal(0, 1, 80), np.zeros(80)])
    rule = fit_risk(documents, table).rule
    assert rule.benefit >= 0 >= max(rule.harm, rule.harms)
    assert (rule.harm + rule.harms < 0) == (flipped == 1)


def caveat(number: int, harm: bool):
    roles = (SimpleNamespace(role="risk-statement" if harm else "limitation"),)
    gold = SimpleNamespace(fields=None, batch="c1", roles=roles, roles_only=True)
    return SimpleNamespace(gold=gold, lines=(None,), line_row=number, token_row=number, fold=number % 5, is_probe=True)


def test_caveat_texts_move_the_rule_and_are_no_documents():
    """Documents alone put the line between -3 and 3; in short texts a harm that is named scores between 0 and 1."""
    chance = np.random.default_rng(0)
    documents = [document(i, bool(i % 2), "b1") for i in range(80)]
    caveats = [caveat(80 + i, bool(i % 2)) for i in range(80)]
    far = [-3.0 if d.gold.fields["missing_risk"] else 3.0 for d in documents]
    near = [1.0 if i % 2 else 0.0 for i in range(80)]
    harm = np.array([*far, *near]) + chance.normal(0, 0.2, 160)
    table = np.column_stack([np.full(160, 2.0), harm, np.zeros(160)])
    without, with_them = fit_risk(documents, table), fit_risk(documents, table, caveats)
    features = [risk_features(roles([row[:2]])) for row in table[80:].tolist()]
    named = [without.rule.decision(*row) < 0 for row in features]
    assert with_them.told_apart.mean() > 0.9 > np.mean(np.array(named) == [i % 2 for i in range(80)])
    assert len(with_them.scores) == len(with_them.truth) == len(with_them.documents) == 80
    assert not len(without.told_apart)


def test_a_corpus_of_one_kind_gets_the_plain_rule():
    documents = [document(i, True, "b1") for i in range(10)]
    assert fit_risk(documents, np.zeros((10, 3))).rule == RULE


@pytest.mark.parametrize(
    ("right", "wrong", "reached"),
    [(GATE_CASES, 0, True), (GATE_CASES - 1, 0, False), (18, 2, True), (17, 3, False)],
    ids=["enough", "too few", "nine in ten", "fewer than nine in ten"],
)
def test_a_gate_needs_precision_and_cases(right, wrong, reached):
    scores = np.linspace(0.9, 0.5, right + wrong)
    shares = np.array([1.0] * right + [0.0] * wrong)
    assert (precision_gate(scores, shares) < NEVER) == reached


@dataclass(frozen=True)
class Fitted:
    scores: np.ndarray
    phrases: SimpleNamespace


def test_twins_are_pairs_on_one_subject_whose_grades_lie_apart():
    documents = [
        document(0, False, "b1", "gout", 0),
        document(1, False, "b2", "gout", 3),
        document(2, False, "b2", "gout", 1),
        document(3, False, "b2", "asthma", 4),
        document(4, False, "real", "gout", 4),
    ]
    places = SimpleNamespace(documents=np.array([1, 4]), starts=np.array([0, 0]))
    fits = {"hype-language": Fitted(np.array([0.8, 0.9]), places)}
    risk = SimpleNamespace(documents=(), scores=())
    found = compare_twins(documents, fits, {"hype-language": 0.3}, risk, 40.0)
    assert found == {"pairs": 2, "careful_lower": 1.0}
    faint = {"hype-language": replace(fits["hype-language"], scores=np.array([0.1, 0.1]))}
    assert compare_twins(documents, faint, {"hype-language": 0.3}, risk, 40.0)["careful_lower"] == 1.0
    silent = {"hype-language": replace(fits["hype-language"], scores=np.array([0.01, 0.01]))}
    assert compare_twins(documents, silent, {"hype-language": 0.3}, risk, 40.0)["careful_lower"] == 0.0
