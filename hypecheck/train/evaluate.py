"""`hypecheck evaluate`: a checker's findings beside annotated documents.

GOLD is a pair NAME.docs.jsonl {"doc_id", "text"} and NAME.gold.jsonl {"doc_id", "doc", "spans"},
named by its prefix, or a folder of such pairs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from hypecheck.checker import Checker
from hypecheck.gate import fails
from hypecheck.train.corpus import format_of
from hypecheck.train.figures import expected_error, rank_correlation
from hypecheck.train.measures import Comparison, compare, covered, dice, merge, total
from hypecheck.types import CorpusError, Finding, Report

RESAMPLES = 1000
"""Bootstrap samples of documents; the 2.5 and 97.5 percentiles then move by about 0.005 from seed to seed."""

FEWEST_DOCUMENTS = 10
"""Below ten documents a bootstrap interval promises more than it can keep."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One gold document and what the checker said of it."""

    id: str
    text: str
    gold: dict[str, Any]
    report: Report
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one or more gold sets."""

    names: tuple[str, ...]
    documents: tuple[Judged, ...]
    figures: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain values."""
        return {"version": 1, "gold": list(self.names), **self.figures}

    def to_text(self) -> str:
        """The figures as a table for people."""
        figures = self.figures
        rows = [f"{', '.join(self.names)}: {figures['documents']} documents, {figures['words']} words", ""]
        rows.append(f"{'category':<24}{'P':>7}{'R':>7}{'F1':>7}{'found':>7}{'gold':>7}")
        for name, row in {**figures["categories"], "typed": figures["typed"], "untyped": figures["untyped"]}.items():
            rows.append(
                f"{name:<24}{row['precision']:>7.3f}{row['recall']:>7.3f}{row['f1']:>7.3f}"
                f"{row['found']:>7}{row['gold']:>7}"
            )
        rows.append("")
        for name, value in figures["measures"].items():
            interval = figures["intervals"].get(name)
            shown = "no value" if value is None else f"{value:.3f}"
            rows.append(f"{name:<44}{shown:>9}" + (f"   [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""))
        if not figures["intervals"]:
            rows.append(f"no intervals: fewer than {FEWEST_DOCUMENTS} documents")
        return "\n".join(rows) + "\n"


def evaluate(gold: str, checker: Checker) -> Evaluation:
    """Check every document of the gold sets and compare. Raises CorpusError for a set that is not there."""
    documents: list[Judged] = []
    names = []
    for prefix in _prefixes(gold):
        names.append(prefix.name)
        documents += _judge(prefix, checker)
    return Evaluation(tuple(names), tuple(documents), _figures(documents))


def _prefixes(gold: str) -> list[Path]:
    path = Path(gold)
    found = (
        [file.with_name(file.name.removesuffix(".docs.jsonl")) for file in sorted(path.glob("*.docs.jsonl"))]
        if path.is_dir()
        else [path]
    )
    for prefix in found:
        for suffix in (".docs.jsonl", ".gold.jsonl"):
            if not prefix.with_name(prefix.name + suffix).is_file():
                raise CorpusError(f"{prefix}{suffix}: not there; name a pair by its prefix, or a folder of pairs")
    if not found:
        raise CorpusError(f"{gold}: holds no pair of NAME.docs.jsonl and NAME.gold.jsonl")
    return found


def _judge(prefix: Path, checker: Checker) -> list[Judged]:
    texts = {row["doc_id"]: row["text"] for row in _rows(prefix.with_name(prefix.name + ".docs.jsonl"))}
    judged = []
    for row in _rows(prefix.with_name(prefix.name + ".gold.jsonl")):
        text = texts.get(row["doc_id"])
        if text is None:
            raise CorpusError(f"{prefix}: {row['doc_id']} has labels and no text")
        report = checker.check(text, format=format_of(text), path=row["doc_id"])
        gold = [(s["category"], s["start"], s["end"]) for s in row["spans"] if s.get("subtype") != "document"]
        found = [(f.category, f.start, f.end) for f in report.findings if f.subtype != "document"]
        judged.append(Judged(row["doc_id"], text, row, report, compare(text, gold, found)))
    return judged


def _rows(file: Path) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise CorpusError(f"{file}:{number}: not JSON: {error}") from error
    return rows


def _figures(documents: Sequence[Judged]) -> dict[str, Any]:
    summed = total(document.comparison for document in documents)
    return {
        "documents": len(documents),
        "words": sum(len(document.text.split()) for document in documents),
        "categories": {name: _row(tally) for name, tally in sorted(summed.categories.items())},
        "typed": _row(summed.typed()),
        "untyped": _row(summed.untyped),
        "measures": _measures(documents),
        "intervals": _intervals(documents),
    }


def _row(tally: Any) -> dict[str, Any]:
    return {**tally.agreement()._asdict(), "found": tally.predicted, "gold": tally.gold}


def _measures(documents: Sequence[Judged]) -> dict[str, float | None]:
    summed = total(document.comparison for document in documents)
    words = sum(len(document.text.split()) for document in documents)
    matched = [pair for document in documents for pair in _matched_severities(document)]
    lacking = [
        (any(f.subtype == "document" for f in document.report.findings), bool(document.gold["doc"]["missing_risk"]))
        for document in documents
    ]
    spans = [f for document in documents for f in document.report.findings if f.category != "missing-risk"]
    scored = [pair for document in documents for pair in _scored(document)]
    gated = [right for document in documents for f, right in _rightness(document) if f.gated]
    return {
        "typed span F1": summed.typed().agreement().f1,
        "untyped span F1": summed.untyped.agreement().f1,
        "word F1": dice(summed.words),
        "sentence F1": dice(summed.sentences),
        "missing-risk accuracy": _mean([float(a == b) for a, b in lacking]),
        "severity agreement on matched spans": _mean([float(a == b) for a, b in matched]),
        "Spearman of score and hype grade": rank_correlation(
            [document.report.score for document in documents], [document.gold["doc"]["hype"] for document in documents]
        ),
        "findings per 1,000 words, missing-risk apart": 1000 * len(spans) / words if words else None,
        "documents with a finding that fails the default gate": _mean([float(fails(d.report)) for d in documents]),
        "precision of gated findings": _mean([float(right) for right in gated]),
        "calibration error of findings": expected_error([p for p, _ in scored], [t for _, t in scored]),
        "mean characters of a finding": _mean([float(f.end - f.start) for f in spans]),
        "mean characters of a gold span": _mean(
            [float(s["end"] - s["start"]) for d in documents for s in d.gold["spans"] if s.get("subtype") != "document"]
        ),
    }


def _intervals(documents: Sequence[Judged]) -> dict[str, tuple[float, float]]:
    if len(documents) < FEWEST_DOCUMENTS:
        return {}
    random = np.random.default_rng(0)
    samples: dict[str, list[float]] = {}
    for _ in range(RESAMPLES):
        drawn = [documents[i] for i in random.integers(0, len(documents), len(documents))]
        summed = total(document.comparison for document in drawn)
        samples.setdefault("typed span F1", []).append(summed.typed().agreement().f1)
        samples.setdefault("sentence F1", []).append(dice(summed.sentences))
        rank = rank_correlation([d.report.score for d in drawn], [d.gold["doc"]["hype"] for d in drawn])
        if rank is not None:
            samples.setdefault("Spearman of score and hype grade", []).append(rank)
    return {
        name: (float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5)))
        for name, values in samples.items()
    }


def _matched_severities(document: Judged) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for finding in document.report.findings:
        overlaps = [
            (min(finding.end, span["end"]) - max(finding.start, span["start"]), span["severity"])
            for span in document.gold["spans"]
            if span["category"] == finding.category and span.get("subtype") != "document"
        ]
        best = max(overlaps, default=(0, ""))
        if best[0] > 0 and finding.subtype != "document":
            pairs.append((finding.severity, best[1]))
    return pairs


def _rightness(document: Judged) -> list[tuple[Finding, bool]]:
    return [(f, share >= 0.5) for f, share in _shares(document)]


def _scored(document: Judged) -> list[tuple[float, float]]:
    return [(f.score, share) for f, share in _shares(document)]


def _shares(document: Judged) -> list[tuple[Finding, float]]:
    """Each phrase finding with the share of it that gold spans of its category cover."""
    rows = []
    for finding in document.report.findings:
        if finding.category != "missing-risk":
            gold = merge(
                [(s["start"], s["end"]) for s in document.gold["spans"] if s["category"] == finding.category],
                document.text,
            )
            rows.append((finding, covered([(finding.start, finding.end)], gold)))
    return rows


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
