from __future__ import annotations

from types import SimpleNamespace

import pytest

from hypecheck.gate import fails


def report(*findings, score=0.0):
    rows = [SimpleNamespace(severity=s, gated=g, subtype=t) for s, g, t in findings]
    return SimpleNamespace(findings=rows, score=score)


SURE, UNSURE = ("high", True, None), ("high", False, None)


@pytest.mark.parametrize(
    ("findings", "fail_on", "failing"),
    [
        ((), "low", False),
        ((SURE,), "high", True),
        ((UNSURE,), "low", False),
        ((("medium", True, None),), "high", False),
        ((("medium", True, None),), "medium", True),
        ((("low", True, None),), "low", True),
        ((SURE,), "never", False),
        ((("high", True, "document"),), "low", False),
        ((("high", True, "document"), SURE), "high", True),
        ((("medium", True, "passage"),), "medium", True),
    ],
    ids=[
        "nothing", "sure and high", "not sure", "not grave enough", "grave enough", "low", "never",
        "document-wide alone", "document-wide beside another", "a passage",
    ],
)  # fmt: skip
def test_a_report_fails(findings, fail_on, failing):
    assert fails(report(*findings), fail_on) is failing


@pytest.mark.parametrize(("score", "failing"), [(49.9, False), (50.0, True), (80.0, True)])
def test_the_score_fails_from_the_bound_on(score, failing):
    assert fails(report(score=score), "never", 50.0) is failing


def test_a_misspelt_floor_is_no_pass():
    with pytest.raises(ValueError, match="not 'hihg'"):
        fails(report(SURE), "hihg")
