"""What two real articles must show. Sentences are named by file, line and column, never by words."""

from __future__ import annotations

import pytest

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
