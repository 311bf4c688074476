from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.categories import CATEGORY_IDS
from hypecheck.read import read_text
from hypecheck.score.features import prepare
from hypecheck.score.scorer import Scorer
from hypecheck.score.severity import judge_severity, severity_features
from hypecheck.segment import PunktRules, segment
from hypecheck.train.estimator import OverclaimClassifier
from hypecheck.train.subtypes import scorer_values
from hypecheck.types import SEVERITIES

RULES = PunktRules(frozenset(), frozenset(), frozenset(), {})
FILLER = "The clinic stands at the edge of the town and has twelve rooms for guests on two floors. " * 4


def find(phrase: str, text: str, title: str = "A page"):
    """The line that holds the phrase, with the phrase's first and last word."""
    document = read_text(f"{title}\n\n{FILLER}\n\n{text}", "page.txt", "text")
    for line in prepare(document, segment(document, RULES)):
        at = line.sentence.text.find(phrase)
        if at >= 0:
            begin = line.sentence.start + at
            inside = [i for i, t in enumerate(line.tokens) if begin <= t.start < begin + len(phrase)]
            return line, inside[0], inside[-1]
    raise AssertionError(phrase)


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("It could be sure to work.", "A page", "hedged"),
        ("You will be sure to work.", "A page", "reader"),
        ('He said: "It is sure to work."', "A page", "has:quotation"),
        ("Nothing.", "It is sure to work", "block:title"),
    ],
)
def test_what_stands_around_a_phrase_is_read(text, title, expected):
    around = severity_features("certainty-overclaim", *find("sure to work", text, title))
    assert {expected, f"certainty-overclaim {expected}"} <= set(around)
    plain = severity_features("certainty-overclaim", *find("sure to work", "It is sure to work."))
    assert expected not in plain


def test_a_hedge_in_another_clause_is_too_far_away():
    text = "It may rain on the day of the fair and over the hill, and still the patch is sure to work."
    assert "hedged" not in severity_features("certainty-overclaim", *find("sure to work", text))


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    """Learns that hedged phrases are low, titles high, and the word "sure" medium."""
    cases = [
        ("low", "It could be sure to work.", "A page"),
        ("high", "Nothing.", "It is sure to work"),
        ("medium", "It is sure to work.", "A page"),
    ]
    rows = [severity_features("certainty-overclaim", *find("sure to work", text, title)) for _, text, title in cases]
    labels = np.array([[int(level == name) for name in SEVERITIES] for level, _, _ in cases])
    model = OverclaimClassifier(C=10.0, rare_C=10.0, buckets=1 << 12, fewest=1)
    return Scorer.from_values(scorer_values(model.fit(rows * 3, np.tile(labels, (3, 1))), SEVERITIES))


@pytest.mark.parametrize(
    ("text", "title", "severity", "reason"),
    [
        ("It might be sure to work.", "A page", "low", "hedged in the same clause"),
        ("Nothing.", "It is sure to work now", "high", "stands in the title"),
    ],
)
def test_the_severity_comes_with_what_spoke_for_it(scorer, text, title, severity, reason):
    found, reasons = judge_severity(scorer, "certainty-overclaim", *find("sure to work", text, title))
    assert found == severity
    assert reason in reasons


@given(st.sampled_from(CATEGORY_IDS), st.text(alphabet='abc you.,"“ could', min_size=1, max_size=60))
def test_any_phrase_has_a_severity(scorer, category, text):
    document = read_text(text, "page.txt", "text")
    for line in prepare(document, segment(document, RULES)):
        for last in range(len(line.tokens)):
            level, reasons = judge_severity(scorer, category, line, 0, last)
            assert level in SEVERITIES
            assert len(reasons) == len(set(reasons)) <= 2
