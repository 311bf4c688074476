"""Checker: the only module that knows the order of the stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from hypecheck.assembly import Assembly
from hypecheck.categories import CATEGORY_IDS, load_categories
from hypecheck.checks.approval import CATEGORY, Judgement, claim_of, judge_claims, may_claim
from hypecheck.checks.caveats import claims_benefit, document_risk, find_missing_risk
from hypecheck.checks.checklist import fill_checklist
from hypecheck.checks.claim import Claim
from hypecheck.checks.findings import Audience, document_score, faint_weight
from hypecheck.config import Settings
from hypecheck.offsets import LineIndex
from hypecheck.preferences import apply_preferences, preferred_thresholds
from hypecheck.read import read_bytes, read_text
from hypecheck.record.record import Record, load_record, read_newest
from hypecheck.score.decoding import Phrase
from hypecheck.score.features import Line, prepare
from hypecheck.score.folder import find_model
from hypecheck.score.model import load_model
from hypecheck.segment import segment
from hypecheck.suppress import apply_directives, read_directives
from hypecheck.types import SEVERITIES, Document, Failure, Finding, HypecheckError, ReadError, Report, ToolLine
from hypecheck.version import __version__

CLOSEST = 8
"""Phrases of a document that are read again, once a word, to explain them: 55 took 0.66 s, 12 ms each. Held-out
documents have 93 sure phrases in 240; a page with fifty would take longer to explain than to judge."""


class Checker:
    """Checks texts against one model, one set of settings, one regulatory record and one day of judgement.

    `model`: None (the packaged default), "contextual", "linear", or a model folder. `record`: None for
    the shipped one, which is read when a text first speaks of approval. `as_of`: the day of judgement,
    None for none. A checker does not change after it is made; threads may share it.
    Raises ModelError where the model cannot be read.
    """

    def __init__(
        self,
        *,
        model: str | None = None,
        settings: Settings | None = None,
        record: Record | None = None,
        as_of: date | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.as_of = as_of
        opened = find_model(model)
        self._model = load_model(opened)
        self._given = record
        self._own_thresholds = opened.manifest.thresholds
        self._thresholds = preferred_thresholds(self.settings, self._own_thresholds)
        self._categories = load_categories()
        self._audience = Audience(self.settings.role, self.settings.jurisdictions)
        self.tool = ToolLine(
            name="hypecheck",
            version=__version__,
            model=opened.manifest.name,
            model_sha256=opened.sha256,
            as_of=as_of,
            record_as_of=record.newest if record else read_newest(),
            settings_sha256=self.settings.digest(),
        )

    def with_settings(self, settings: Settings) -> Checker:
        """A checker of the same model, record and day with other settings; nothing is loaded again."""
        other = copy(self)
        other.settings = settings
        other._thresholds = preferred_thresholds(settings, self._own_thresholds)
        other._audience = Audience(settings.role, settings.jurisdictions)
        other.tool = replace(self.tool, settings_sha256=settings.digest())
        return other

    @cached_property
    def _record(self) -> Record:
        return self._given or load_record()

    def check(self, text: str, *, format: str = "text", path: str = "") -> Report:
        """Check a text of the named format. Raises ReadError where it cannot be judged."""
        return self._judge(read_text(text, path, format, self.settings.metadata))

    def check_bytes(self, data: bytes, path: str, *, format: str | None = None) -> Report:
        """Check encoded text; without `format` the suffix of `path` names it."""
        chosen = self.settings
        document = read_bytes(
            data, path, format, chosen.max_bytes, chosen.field, chosen.field_format, metadata=chosen.metadata
        )
        return self._judge(document)

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
        reading = self._model.read(lines)
        phrases, highest = self._model.decoding.find_phrases(lines, reading.tags)
        reported = [p for p in phrases if p.score >= self._thresholds[p.category].report]
        case = self._assemble(document, lines, reported)
        reasons = [case.clearance_of(phrase) for phrase in reported]
        kept = [p for p, reason in zip(reported, reasons, strict=True) if reason is None]
        weights = self._model.explain_phrases(lines, reading, kept, self._closely(lines, kept))
        unseen = case.unseen(reported)
        stale = [judgement for judgement in unseen if judgement.is_finding]
        risks = find_missing_risk(document, self._model, lines, reading)
        findings = [
            *(case.phrase(phrase, evidence) for phrase, evidence in zip(kept, weights, strict=True)),
            *(case.claim(judgement) for judgement in stale),
            *(case.risk(risk) for risk in risks),
        ]
        findings.sort(key=lambda finding: (finding.start, finding.end, finding.category))
        cleared = [
            *(case.clearance(p, reason) for p, reason in zip(reported, reasons, strict=True) if reason is not None),
            *(case.support(judgement) for judgement in unseen if judgement.verdict.outcome == "supported"),
        ]
        highest["missing-risk"] = document_risk(self._model, lines, reading)[0]
        quiet = len(lines) - len({p.line for p in kept} | {judgement.line for judgement in stale})
        preferred = apply_preferences(
            self.settings, document, lines, findings, cleared, quiet, self._categories, self._audience
        )
        directives = read_directives(document)
        suppression = apply_directives(preferred.findings, directives, document.source)
        faint = faint_weight(p.score for p in self._unshown(phrases) if not case.is_covered(p, directives))
        return Report(
            path=document.path,
            score=self._score(suppression.kept, preferred.quiet, faint),
            findings=suppression.kept,
            cleared=preferred.cleared,
            category_scores={category: highest.get(category, 0.0) for category in CATEGORY_IDS},
            checklist=fill_checklist(document, lines, claims_benefit(reading)),
            suppressed=suppression.suppressed,
            written=document.written,
            as_of=self.as_of,
            record_as_of=self.tool.record_as_of,
            model=self.tool,
            source=document.source,
            notes=(*document.notes, *suppression.notes, *(() if lines else ("there is no text to judge",))),
            blocks=document.blocks,
            faint=faint,
        )

    def _closely(self, lines: Sequence[Line], phrases: Sequence[Phrase]) -> list[bool]:
        """Which phrases are worth a second reading: the sure ones, of many those of high severity first."""
        sure = [
            (self._model.decoding.severity_of(phrase, lines[phrase.line])[0] != SEVERITIES[-1], -phrase.score, index)
            for index, phrase in enumerate(phrases)
            if phrase.score >= self._thresholds[phrase.category].gate
        ]
        chosen = {index for _, _, index in sorted(sure)[:CLOSEST]}
        return [index in chosen for index in range(len(phrases))]

    def _unshown(self, phrases: Iterable[Phrase]) -> Iterator[Phrase]:
        """Phrases below the threshold, of categories that are on."""
        off = {category for category in self._thresholds if not self.settings.is_on(category)}
        return (p for p in phrases if p.score < self._thresholds[p.category].report and p.category not in off)

    def _assemble(self, document: Document, lines: Sequence[Line], phrases: Sequence[Phrase]) -> Assembly:
        judgements: list[Judgement] = []
        marked = [self._claim(lines, phrase) for phrase in phrases if phrase.category == CATEGORY]
        if marked or may_claim(line.sentence.text for line in lines):
            judgements = judge_claims(lines, self._record, document.written, self.as_of, marked)
        return Assembly(
            document,
            lines,
            LineIndex(document.source),
            judgements,
            self._model.decoding,
            self._thresholds,
            self._categories,
            self._audience,
            self.as_of,
        )

    def _claim(self, lines: Sequence[Line], phrase: Phrase) -> Claim:
        line = lines[phrase.line]
        subtype = self._model.decoding.subtype_of(CATEGORY, line, phrase.candidate)
        return claim_of(line, phrase.line, phrase.candidate.first, phrase.candidate.last, subtype)

    def _score(self, findings: Sequence[Finding], quiet: int, faint: float) -> float:
        decoding = self._model.decoding
        return document_score(findings, quiet, decoding.score_scale, decoding.score_gain, faint=faint)
