"""Whether a report fails a run."""

from __future__ import annotations

from hypecheck.types import SEVERITIES, Report

DEFAULT_FLOOR = "high"
"""What `--fail-on` is without being said."""


def fails(report: Report, fail_on: str = DEFAULT_FLOOR, fail_score: float | None = None) -> bool:
    """True for a gated finding of severity `fail_on` or graver, and for a score of `fail_score` or more.

    `fail_on` may be "never". The document-wide missing-risk alone fails nothing.
    """
    if fail_score is not None and report.score >= fail_score:
        return True
    graver = SEVERITIES[_rank(fail_on) :]
    return any(f.gated and f.severity in graver and f.subtype != "document" for f in report.findings)


def _rank(fail_on: str) -> int:
    return next((rank for rank, severity in enumerate(SEVERITIES) if severity == fail_on), len(SEVERITIES))
