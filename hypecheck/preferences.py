"""What a user's settings make of the findings of one document: off, of another severity, allowed, flagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hypecheck.categories import Category
from hypecheck.checks.findings import Audience
from hypecheck.checks.phrases import apply_phrases, quiet_lines
from hypecheck.config import Settings
from hypecheck.offsets import LineIndex
from hypecheck.score.features import Line
from hypecheck.score.manifest import Thresholds
from hypecheck.types import Clearance, Document, Evidence, Finding

MISSING = "missing-risk"


@dataclass(frozen=True, slots=True)
class Preferred:
    """What is left; `quiet` counts the sentences without a finding."""

    findings: tuple[Finding, ...]
    cleared: tuple[Clearance, ...]
    quiet: int


def preferred_thresholds(settings: Settings, thresholds: Mapping[str, Thresholds]) -> dict[str, Thresholds]:
    """The model's thresholds with the user's in their place."""
    return {
        category: Thresholds(*settings.thresholds_of(category, own.report, own.gate))
        for category, own in thresholds.items()
    }


def apply_preferences(
    settings: Settings,
    document: Document,
    lines: Sequence[Line],
    findings: Iterable[Finding],
    cleared: Sequence[Clearance],
    quiet: int,
    categories: Mapping[str, Category],
    audience: Audience,
) -> Preferred:
    """The findings as the settings want them. Settings that say nothing leave them as they are."""
    least = dict(settings.report_thresholds).get(MISSING, 0.0)
    kept = [
        _reweighed(finding, settings)
        for finding in findings
        if settings.is_on(finding.category) and (finding.category != MISSING or finding.score >= least)
    ]
    left = [item for item in cleared if settings.is_on(item.category)]
    if settings.allow or settings.flag:
        phrased = apply_phrases(
            document,
            lines,
            LineIndex(document.source),
            kept,
            allow=settings.allow,
            flags=[flag for flag in settings.flag if settings.is_on(flag.category)],
            categories=categories,
            audience=audience,
        )
        kept, left = list(phrased.findings), [*left, *phrased.cleared]
        quiet = quiet_lines(document, lines, kept)
    return Preferred(tuple(kept), tuple(sorted(left, key=lambda item: (item.start, item.end))), quiet)


def _reweighed(finding: Finding, settings: Settings) -> Finding:
    severity = settings.severity_of(finding.category)
    if severity is None or severity == finding.severity:
        return finding
    evidence = [row for row in finding.evidence if not row.text.startswith("severity ")]
    note = Evidence("note", f"severity {severity}: your settings")
    return replace(finding, severity=severity, evidence=(*evidence, note))
