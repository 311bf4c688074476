"""Checker: the only module that knows the order of the stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from hypecheck.categories import CATEGORY_IDS, load_categories
from hypecheck.checks.approval import judge_prediction
from hypecheck.checks.caveats import RiskFinding, document_risk, find_missing_risk
from hypecheck.checks.context import find_clearance
from hypecheck.checks.findings import Audience, document_score, locate, make_clearance, make_finding, summarise
from hypecheck.config import Settings
from hypecheck.offsets import LineIndex
from hypecheck.read import read_bytes, read_text
from hypecheck.score.decoding import Phrase
from hypecheck.score.features import Line, prepare
from hypecheck.score.folder import find_model
from hypecheck.score.model import load_model
from hypecheck.segment import segment
from hypecheck.types import (
    Clearance,
    Document,
    Evidence,
    Failure,
    Finding,
    HypecheckError,
    ReadError,
    Report,
    ToolLine,
)
from hypecheck.version import __version__


class Checker:
    """Checks texts against one model, one set of settings and one day of judgement.

    `model`: None (the packaged default), "contextual", "linear", or a model folder. `as_of`: the day of
    judgement, None for none. A checker does not change after it is made; threads may share it.
    Raises ModelError where the model cannot be read.
    """

    def __init__(
        self, *, model: str | None = None, settings: Settings | None = None, as_of: date | None = None
    ) -> None:
        self.settings = settings or Settings()
        self.as_of = as_of
        opened = find_model(model)
        self._model = load_model(opened)
        self._thresholds = opened.manifest.thresholds
        self._categories = load_categories()
        self._audience = Audience(self.settings.role, self.settings.jurisdictions)
        self.tool = ToolLine(
            name="hypecheck",
            version=__version__,
            model=opened.manifest.name,
            model_sha256=opened.sha256,
            as_of=as_of,
            record_as_of=None,
            settings_sha256=self.settings.digest(),
        )

    def check(self, text: str, *, format: str = "text", path: str = "") -> Report:
        """Check a text of the named format. Raises ReadError where it cannot be judged."""
        return self._judge(read_text(text, path, format))

    def check_bytes(self, data: bytes, path: str, *, format: str | None = None) -> Report:
        """Check encoded text; without `format` the suffix of `path` names it."""
        return self._judge(read_bytes(data, path, format, max_bytes=self.settings.max_bytes))

    def check_file(self, path: str | Path) -> Report:
        """Check a file. Raises ReadError where it is not there or cannot be judged."""
        try:
            with Path(path).open("rb") as file:
                # One byte more than allowed shows that there is more, whatever size the file claims.
                data = file.read(self.settings.max_bytes + 1)
        except OSError as error:
            raise ReadError(f"{path}: cannot be read: {error.strerror or error}") from error
        return self.check_bytes(data, str(path))

    def check_files(self, paths: Iterable[str | Path]) -> Iterator[Report | Failure]:
        """A report or a failure for each path, in order; a bad file does not stop the others."""
        for path in paths:
            try:
                yield self.check_file(path)
            except HypecheckError as error:
                yield Failure(str(path), str(error))

    def _judge(self, document: Document) -> Report:
        if document.language == "other":
            where = document.path or "the text"
            raise ReadError(f"{where}: does not read as English; hypecheck judges English text only")
        lines = prepare(document, segment(document, self._model.decoding.punkt))
        index = LineIndex(document.source)
        reading = self._model.read(lines)
        phrases, highest = self._model.decoding.find_phrases(lines, reading.tags)
        reported = [p for p in phrases if p.score >= self._thresholds[p.category].report]
        reasons = [find_clearance(p.category, lines, p.line, p.candidate) for p in reported]
        kept = [p for p, reason in zip(reported, reasons, strict=True) if reason is None]
        sure = [phrase.score >= self._thresholds[phrase.category].gate for phrase in kept]
        weights = self._model.explain_phrases(lines, reading, kept, sure)
        findings = [
            self._phrase_finding(document, index, lines, phrase, evidence)
            for phrase, evidence in zip(kept, weights, strict=True)
        ]
        risks = find_missing_risk(document, self._model, lines, reading)
        findings += [self._risk_finding(document, index, lines, risk) for risk in risks]
        findings.sort(key=lambda finding: (finding.start, finding.end, finding.category))
        highest["missing-risk"] = document_risk(self._model, lines, reading)[0]
        return Report(
            path=document.path,
            score=self._score(findings, len(lines) - len({p.line for p in kept})),
            findings=tuple(findings),
            cleared=self._clearances(document, index, lines, reported, reasons),
            category_scores={category: highest.get(category, 0.0) for category in CATEGORY_IDS},
            checklist=(),
            suppressed=(),
            written=document.written,
            as_of=self.as_of,
            record_as_of=None,
            model=self.tool,
            source=document.source,
            notes=(*document.notes, *(() if lines else ("there is no text to judge",))),
        )

    def _score(self, findings: Sequence[Finding], quiet: int) -> float:
        return document_score(findings, quiet, self._model.decoding.score_scale, self._model.decoding.score_gain)

    def _phrase_finding(
        self,
        document: Document,
        index: LineIndex,
        lines: Sequence[Line],
        phrase: Phrase,
        weights: Sequence[Evidence],
    ) -> Finding:
        line, candidate = lines[phrase.line], phrase.candidate
        category = self._categories[phrase.category]
        subtype = self._model.decoding.subtype_of(phrase.category, line, candidate)
        severity, reasons = self._model.decoding.severity_of(phrase, line)
        evidence = summarise(weights)
        evidence += [Evidence("note", f"severity {severity}: {', '.join(reasons)}")] if reasons else []
        if subtype == "timeline":
            evidence += judge_prediction(line.sentence.text, document.written, self.as_of)
        place = locate(document, index, line, candidate.first, candidate.last)
        gate = self._thresholds[phrase.category].gate
        return make_finding(
            category, subtype, severity, phrase.score, gate, place, line.sentence.text, evidence, self._audience
        )

    def _risk_finding(self, document: Document, index: LineIndex, lines: Sequence[Line], risk: RiskFinding) -> Finding:
        line = lines[risk.line]
        return make_finding(
            self._categories["missing-risk"],
            risk.subtype,
            risk.severity,
            risk.score,
            self._thresholds["missing-risk"].gate,
            locate(document, index, line, 0, len(line.tokens) - 1),
            line.sentence.text,
            summarise(risk.evidence),
            self._audience,
        )

    def _clearances(
        self,
        document: Document,
        index: LineIndex,
        lines: Sequence[Line],
        phrases: Sequence[Phrase],
        reasons: Sequence[str | None],
    ) -> tuple[Clearance, ...]:
        return tuple(
            make_clearance(
                phrase.category,
                locate(document, index, lines[phrase.line], phrase.candidate.first, phrase.candidate.last),
                reason,
            )
            for phrase, reason in zip(phrases, reasons, strict=True)
            if reason is not None
        )
