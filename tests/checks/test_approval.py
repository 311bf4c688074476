"""Forecasts about treatments that no record knows: raised where they call approval near or sure."""

from __future__ import annotations

from datetime import date

import pytest

from hypecheck import Checker
from hypecheck.checks.approval import GUESS_SCORE
from hypecheck.checks.claims import find_claims
from hypecheck.record.record import load_record

RECORD = load_record()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The calf patch is nearing FDA approval.", "nearing FDA approval"),
        ("It is supporting near-FDA approval of the gel.", "near-FDA approval"),
        ("The gel is on the verge of FDA approval.", "on the verge of FDA approval"),
        ("EU approval is now a formality.", "approval is now a formality"),
        ("The FDA is poised to approve the first such pill.", "poised to approve"),
        ("The drops are weeks away from a green light.", "weeks away from a green light"),
    ],
    ids=["nearing", "compound", "verge", "formality", "poised", "weeks"],
)
def test_an_imminent_forecast_is_told_from_others(text, words):
    (claim,) = find_claims([text], RECORD)
    assert (claim.kind, claim.imminent, claim.substance) == ("prediction", True, None)
    assert text[claim.start : claim.end] == words


@pytest.mark.parametrize(
    "text",
    [
        "The gummies will be on shelves in February.",
        "No drug is near approval.",
        "Is approval near?",
        "The company is nearing the end of its trial.",
        "The FDA approved the gel near the end of last year.",
        "The clinic stands near the approved laboratory.",
    ],
    ids=["a shop", "denied", "a question", "another end", "a date", "a place"],
)
def test_near_misses_are_not_imminent(text):
    assert not any(claim.imminent for claim in find_claims([text], RECORD))


PAGE = "A patch for legs\n\nThe patch is worn at night, and {} It was tried in 40 people.\n"


@pytest.mark.parametrize("as_of", [date(2026, 3, 1), None], ids=["judged", "not judged"])
@pytest.mark.parametrize("model", ["linear", "contextual"])
def test_it_is_a_finding_whatever_the_model_sees(model, as_of):
    report = Checker(model=model, as_of=as_of).check(PAGE.format("it is nearing FDA approval."))
    (finding,) = (f for f in report.findings if f.category == "approval-overclaim")
    assert finding.subtype == "timeline"
    assert "nearing FDA approval" in finding.text
    assert any("not checked" in row.text for row in finding.evidence)
    assert not finding.gated or finding.score > GUESS_SCORE


@pytest.mark.parametrize("model", ["linear", "contextual"])
def test_what_is_only_planned_is_none(model):
    report = Checker(model=model).check(PAGE.format("its maker has not applied for approval."))
    assert not [f for f in report.findings if f.category == "approval-overclaim"]
