"""Whether a report fails a run."""

from __future__ import annotations

from hypecheck.types import SEVERITIES, Report

DEFAULT_FLOOR = "high"
"""What `--fail-on` is without being said."""

NEVER = "never"


def fails(
    report: Report,
    fail_on: str = DEFAULT_FLOOR,
    fail_score: float | None = None,
    *,
    missing_risk_fails: bool = False,
) -> bool:
    """True for a gated finding of severity `fail_on` or graver, and for a score of `fail_score` or more.

    `fail_on` may be "never". The document-wide missing-risk alone fails nothing, unless `missing_risk_fails`.
    Raises ValueError for any other word, because a misspelt floor must not let everything pass.
    """
    if fail_score is not None and report.score >= fail_score:
        return True
    if fail_on == NEVER:
        return False
    if fail_on not in SEVERITIES:
        raise ValueError(f"fail_on is one of {', '.join(SEVERITIES)} or {NEVER}, not {fail_on!r}")
    graver = SEVERITIES[SEVERITIES.index(fail_on) :]
    return any(
        f.severity in graver and (missing_risk_fails if f.subtype == "document" else f.gated) for f in report.findings
    )
