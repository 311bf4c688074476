"""The decision of missing-risk, on a model made by hand: a benefit word and a harm word."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hypecheck.checks.caveats import document_risk, find_missing_risk
from hypecheck.read import read_text
from hypecheck.score.decoding import Reading, RiskRule
from hypecheck.score.features import prepare
from hypecheck.segment import PunktRules, segment
from hypecheck.types import Evidence

RULES = PunktRules(frozenset(), frozenset(), frozenset(), {})
GAIN, HARM, LIMIT, PLAIN = (
    "It eases the pain of most people within a few days of use.",
    "Nausea made two of them stop before the end of the first month.",
    "It is unknown whether this lasts for longer than the trial did.",
    "The parcel is sent from a warehouse at the edge of the town.",
)
ODDS = {GAIN: (4.0, -5.0, -5.0), HARM: (-5.0, 4.0, -5.0), LIMIT: (-5.0, -5.0, 4.0), PLAIN: (-5.0, -5.0, -5.0)}


def explain_role(lines, reading, number, role, factor, label):
    return (Evidence("word", role, factor),)


MODEL = SimpleNamespace(decoding=SimpleNamespace(risk=RiskRule(1.0, -1.0, 0.0, -4.0)), explain_role=explain_role)


def found(*paragraphs: str):
    document = read_text("\n\n".join(paragraphs), "page.txt", "text")
    lines = prepare(document, segment(document, RULES))
    odds = [
        dict(zip(("benefit-claim", "risk-statement", "limitation"), ODDS[line.sentence.text], strict=True))
        for line in lines
    ]
    reading = Reading([], odds)
    return find_missing_risk(document, MODEL, lines, reading), document_risk(MODEL, lines, reading)[0]


@pytest.mark.parametrize(
    ("paragraphs", "subtypes"),
    [
        ((" ".join([GAIN] * 5),), ["document"]),
        ((" ".join([PLAIN] * 5),), []),
        ((GAIN,), []),
        ((" ".join([GAIN, GAIN, HARM, GAIN]),), []),
        ((" ".join([GAIN] * 4), " ".join([PLAIN] * 4), HARM), ["passage"]),
        ((" ".join([GAIN] * 4), " ".join([PLAIN] * 2), HARM), []),
        ((" ".join([GAIN] * 2), " ".join([PLAIN] * 4), HARM), []),
        ((" ".join([GAIN, GAIN, LIMIT, GAIN]), " ".join([PLAIN] * 4), HARM), []),
    ],
    ids=[
        "gains only", "no gain", "too short", "a harm beside", "a harm far off", "a harm three sentences off",
        "two gains", "a limit beside",
    ],
)  # fmt: skip
def test_what_is_missing_where(paragraphs, subtypes):
    findings, _ = found(*paragraphs)
    assert [finding.subtype for finding in findings] == subtypes


def test_a_named_harm_never_raises_the_score():
    gains = " ".join([GAIN] * 5)
    assert found(gains, HARM)[1] < found(gains, PLAIN)[1] == found(gains)[1]


def test_an_empty_document_lacks_nothing():
    assert document_risk(MODEL, [], Reading([], [])) == (0.0, -1)
