"""The articles of examples/ show what the tool is for, and what it leaves alone."""

from __future__ import annotations

import pytest

from hypecheck import Checker, Report


@pytest.fixture(scope="module")
def reports(root, checker) -> dict[str, Report]:
    files = sorted((root / "examples").iterdir())
    return {file.name: report for file, report in zip(files, checker.check_files(files), strict=True)}


def test_the_careful_version_scores_far_below_the_oversold_one(reports):
    assert reports["careful.txt"].score < 10
    assert reports["oversold.txt"].score > 40


def test_the_careful_version_fails_no_gate(reports):
    assert not any(finding.gated for finding in reports["careful.txt"].findings)
    assert len(reports["careful.txt"].findings) <= 1


@pytest.mark.parametrize(
    "category",
    [
        "hype-language",
        "risk-minimization",
        "vague-attribution",
        "unquantified-benefit",
        "approval-overclaim",
    ],
)
def test_the_oversold_version_shows_many_kinds(reports, category):
    assert category in {finding.category for finding in reports["oversold.txt"].findings}


def test_the_linear_model_sees_that_the_oversold_version_names_no_harm(root):
    """The contextual one does not: it takes "no side effects" for a word on harms (probability 0.32)."""
    report = Checker(model="linear").check_file(root / "examples" / "oversold.txt")
    assert "document" in {finding.subtype for finding in report.findings}


def test_front_matter_is_checked_and_code_is_not(reports):
    report = reports["clinic-post.md"]
    assert report.written.isoformat() == "2025-04-12"
    front = report.source.index("---", 3)
    assert any(finding.start < front for finding in report.findings)
    assert not any(f.subtype == "document" for f in report.findings)
