"""What two real articles must show. Sentences are named by file, line and column, never by words."""

from __future__ import annotations

import pytest

from hypecheck import Checker
from tests.approval_days import DAYS, GUESS, OFF, REVIEW, STALE, WRONG, openings

NEAR_APPROVAL = [("mdma-therapy-blog.txt", 1), ("mdma-therapy-blog.txt", 6), ("mdma-therapy-blog.txt", 7),
                 ("mdma-therapy-blog.txt", 9), ("mdma-therapy-blog.txt", 22)]  # fmt: skip
"""Lines with a sentence that says that approval is near."""


@pytest.fixture(scope="module")
def reports(shared, checker):
    return {file.name: checker.check_file(file) for file in sorted((shared / "samples").iterdir())}


def test_near_approval_is_found_in_most_lines(reports):
    found = [
        any(f.subtype == "timeline" and f.line == line for f in reports[file].findings) for file, line in NEAR_APPROVAL
    ]
    assert sum(found) > len(found) / 2


def test_the_summary_in_the_front_matter_is_checked(reports):
    report = reports["mdma-therapy-front-matter.md"]
    lines = report.source.splitlines()
    summary = next(number for number, line in enumerate(lines, 1) if line.startswith("summary:"))
    assert [f.category for f in report.findings if f.line == summary]
    assert not [f for f in report.findings if lines[f.line - 1].startswith(("date:", "tags:", "draft:"))]


def test_no_named_harm_is_told_at_document_scope(reports):
    lacking = [f for f in reports["mdma-therapy-front-matter.md"].findings if f.category == "missing-risk"]
    assert [f.subtype for f in lacking] == ["document"]


def test_findings_stand_where_they_say(reports):
    for report in reports.values():
        for finding in report.findings:
            place = report.source[finding.start : finding.end]
            assert place
            if report.path.endswith(".txt"):
                assert place == finding.text


@pytest.mark.parametrize("model", ["linear", "contextual"])
@pytest.mark.parametrize(
    ("day", "undated", "dated"),
    [
        (DAYS[0], (None, GUESS), (None, GUESS)),
        (DAYS[1], ("low", REVIEW), ("low", REVIEW)),
        (DAYS[2], ("high", WRONG), ("medium", STALE)),
        (DAYS[3], ("high", WRONG), ("medium", STALE)),
        (DAYS[4], (None, OFF), (None, OFF)),
    ],
    ids=["2023-10-01", "2024-04-15", "2024-12-01", "today", "none"],
)
def test_the_day_of_judgement_decides_what_near_approval_is_worth(shared, model, day, undated, dated):
    """The blog has no date of its own; the page with front matter was written on 1 October 2023."""
    checker = Checker(model=model, as_of=day)
    for file, lines, expected in (
        ("mdma-therapy-blog.txt", [line for _, line in NEAR_APPROVAL], undated),
        ("mdma-therapy-front-matter.md", [45], dated),
    ):
        report = checker.check_file(shared / "samples" / file)
        for line in lines:
            found = openings(report, line)
            assert expected[1] in {words for _, words in found}, (file, line)
            assert expected[0] is None or expected in found, (file, line)


@pytest.mark.parametrize("model", ["linear", "contextual"])
def test_each_annotated_approval_span_is_found_or_listed_as_missed(shared, model):
    """Seven of the eight lie in sentences with an approval finding; the eighth says "integration", no approval."""
    missed = {("mdma-therapy-front-matter.md", 51)}
    checker = Checker(model=model, as_of=DAYS[2])
    lines = {
        file.name: {f.line for f in checker.check_file(file).findings if f.category == "approval-overclaim"}
        for file in (shared / "samples").iterdir()
    }
    spans = [*NEAR_APPROVAL, ("mdma-therapy-blog.txt", 20), ("mdma-therapy-front-matter.md", 45), *missed]
    assert {(file, line) for file, line in spans if line not in lines[file]} == missed
