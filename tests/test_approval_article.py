"""The article in examples/ on five days: the table that docs/approval.md shows."""

from __future__ import annotations

import pytest

from hypecheck import Checker
from tests.approval_days import DAYS, GUESS, OFF, REVIEW, STALE, WRONG, openings

ARTICLE = "near-approval.md"
FORECASTS = (8, 13, 14)
"""Lines that call approval near or take it as settled."""
PROOF, COVERED, ACCESS, STATUS, CAREFUL = 15, 16, 17, 18, 20


@pytest.fixture(scope="module", params=["linear", "contextual"])
def judged(request, root):
    return {day: Checker(model=request.param, as_of=day).check_file(root / "examples" / ARTICLE) for day in DAYS}


@pytest.mark.parametrize(
    ("day", "forecast", "proof"),
    [
        (DAYS[0], GUESS, GUESS),
        (DAYS[1], REVIEW, GUESS),
        (DAYS[2], STALE, STALE),
        (DAYS[3], STALE, STALE),
        (DAYS[4], OFF, OFF),
    ],
    ids=["2023-10-01", "2024-04-15", "2024-12-01", "today", "none"],
)
def test_forecasts_are_judged_by_the_day(judged, day, forecast, proof):
    for line in FORECASTS:
        assert forecast in {words for _, words in openings(judged[day], line)}, line
    assert proof in {words for _, words in openings(judged[day], PROOF)}


@pytest.mark.parametrize("day", DAYS[:4], ids=str)
def test_a_misstated_status_is_wrong_whenever_it_is_judged(judged, day):
    assert ("high", WRONG) in openings(judged[day], STATUS)


@pytest.mark.parametrize("day", DAYS[1:4], ids=str)
def test_later_facts_show_that_cover_was_claimed_too_early(judged, day):
    assert ("high", WRONG) in openings(judged[day], COVERED)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_access_in_australia_is_cleared_and_no_american_approval(judged, day):
    cleared = {item.line: item.reason for item in judged[day].cleared if item.category == "approval-overclaim"}
    assert ACCESS not in {f.line for f in judged[day].findings if f.category == "approval-overclaim"}
    assert (ACCESS in cleared) == (day is not None)
    assert day is None or "(AU)" in cleared[ACCESS]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_denial_is_left_alone(judged, day):
    assert not [f for f in judged[day].findings if f.line == CAREFUL]


def test_only_what_the_record_refutes_may_fail_a_run(judged):
    for day, report in judged.items():
        for finding in report.findings:
            if finding.category == "approval-overclaim" and finding.gated:
                assert {words for _, words in openings(report, finding.line)} & {WRONG, STALE}, (day, finding.line)
