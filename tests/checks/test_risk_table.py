from __future__ import annotations

import pytest

from hypecheck.checks.caveats import DOCUMENT_THRESHOLD, document_risk
from hypecheck.read import read_text
from hypecheck.score.features import prepare
from hypecheck.score.folder import find_model
from hypecheck.score.model import load_model
from hypecheck.segment import segment
from tests.checks.claims import read_table

REACHED = {"linear": 0.59, "contextual": 0.82}
"""Just below what was measured on the texts kept apart from the code (0.61 and 0.84). The aim is 0.85: the linear model
tells a harm of the disease, of another drug or of the past too seldom from one of the treatment."""


@pytest.mark.parametrize("name", REACHED)
def test_named_harms_of_the_treatment_are_told_from_others(name):
    model = load_model(find_model(name))
    right = []
    for case in read_table("risk_apart.yaml"):
        document = read_text(case["text"], "page.txt", "text")
        lines = prepare(document, segment(document, model.decoding.punkt))
        missing = document_risk(model, lines, model.read(lines))[0] >= DOCUMENT_THRESHOLD
        right.append(missing != case["caveat"])
    assert sum(right) / len(right) >= REACHED[name]


def test_the_tables_hold_what_they_are_for():
    rows = [*read_table("risk.yaml"), *read_table("risk_apart.yaml")]
    assert len(rows) >= 120
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["harm"] in row["text"] for row in rows if row["caveat"])
    assert abs(sum(row["caveat"] for row in rows) - len(rows) / 2) <= 10
