"""What the record says, on five days, of sentences that call approval near."""

from __future__ import annotations

from datetime import date

GUESS, REVIEW, WRONG, STALE, OFF = (
    "the record knows of no application under review",
    "under review: a decision was due by 11 August 2024",
    "the record contradicts this",
    "not wrong when written, but overtaken since",
    "not checked: no day of judgement",
)
TODAY = date(2026, 11, 21)
"""The day on which the record was last looked through; tests do not read the clock."""

DAYS = (date(2023, 10, 1), date(2024, 4, 15), date(2024, 12, 1), TODAY, None)


def openings(checked, line: int) -> set[tuple[str, str]]:
    """Severity and the record's opening words of each approval finding on a line."""
    known = (GUESS, REVIEW, WRONG, STALE, OFF)
    return {
        (finding.severity, words)
        for finding in checked.findings
        if finding.category == "approval-overclaim" and finding.line == line
        for note in finding.evidence
        for words in known
        if note.text.startswith(words)
    }
