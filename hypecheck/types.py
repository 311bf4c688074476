"""The values that pass from stage to stage, and the errors. All of them are immutable."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from hypecheck.offsets import OffsetMap

BlockKind = Literal["title", "heading", "paragraph", "item", "cell", "quote", "metadata", "alt", "aside"]
FieldFormat = Literal["auto", "text", "markdown", "html"]
FIELD_FORMATS: tuple[FieldFormat, ...] = ("auto", "text", "markdown", "html")
"""How values of an export are read; `auto` takes a value for HTML where it looks like markup, else for plain text."""

Severity = Literal["low", "medium", "high"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high")

NOTICE = "not a verdict on truth; not legal or medical advice"
"""Stands in every report in every format."""


class HypecheckError(Exception):
    """Something a user can mend; the message names the place, the cause and the remedy."""


class ReadError(HypecheckError):
    """A text could not be read or is not one this tool can judge."""


class ModelError(HypecheckError):
    """A model folder is missing, damaged, foreign or unsafe."""


class CorpusError(HypecheckError):
    """Training or evaluation data does not keep its format."""


class RecordError(HypecheckError):
    """A regulatory record, or a file to import into it, does not keep its format."""


class SettingsError(HypecheckError):
    """A setting has no such name or no such value."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that reads in one go: a paragraph, a heading, a cell.

    `text` has its markup removed, references resolved and white space folded;
    `offsets` maps it to the source. `heading` is the text of the nearest heading above.
    `attribution` names where a metadata block stands ("summary", "meta description").
    An `aside` is text of others that nobody judges: a list of references, quoted mail.
    """

    kind: BlockKind
    text: str
    offsets: OffsetMap
    heading: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of the format, kept for inline directives; half-open code points of the source."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader found. `source` is the decoded text without its byte-order mark.

    `written` is the document's own date where it states one; `language` is "en" or "other",
    "" where there are too few words to tell. `notes` say what was passed over, and why.
    """

    path: str
    source: str
    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...] = ()
    title: str = ""
    written: date | None = None
    language: str = "en"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a block. `start` and `end` are half-open code points of the block's text."""

    block: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a finding: a word with its weight, a context that changed the score, a note.

    The weights of a linear finding sum to its decision value; a note carries no weight.
    """

    kind: Literal["word", "context", "intercept", "note"]
    text: str
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A phrase that oversells.

    `start`, `end`: half-open code points of the source. `line`, `column`: 1-based code points
    of the first character; `end_line`, `end_column` of the place behind the last one.
    `score`: calibrated probability. `gated`: the score reaches the category's gate threshold.
    """

    category: str
    subtype: str | None
    severity: Severity
    score: float
    gated: bool
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    message: str
    rewrite: str
    standards: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Clearance:
    """A phrase that looked like a finding and was cleared, with the reason."""

    category: str
    start: int
    end: int
    text: str
    line: int
    column: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """Whether a text speaks of something that a careful one tells.

    `status` is "present", "absent" or "not applicable"; `text` the sentence that shows it, `start`
    where that begins in the source (a date from the metadata has no place). `standards` ask for it.
    """

    item: str
    question: str
    status: Literal["present", "absent", "not applicable"]
    text: str
    start: int | None
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToolLine:
    """The audit line: what judged the text, under which settings, on which day."""

    name: str
    version: str
    model: str
    model_sha256: str
    as_of: date | None
    record_as_of: date | None
    settings_sha256: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, dates in ISO form."""
        return {key: plain(value) for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything said about one document. `score`: 0 careful, 100 blatant.

    `findings` are ordered by start, end, category. `category_scores` holds all category ids,
    0 to 1, below the thresholds too. `written` is the document's own date, `as_of` the day of
    judgement; `record_as_of` the newest dated fact that was known, None without a record.
    `blocks` are the stretches of text that were read, for who shows the text as it reads. `known` are
    the findings that a baseline took out of `findings`, None where none was asked. `faint` is what
    phrases that are too unsure to show add to the sum behind the score.
    """

    path: str
    score: float
    findings: tuple[Finding, ...]
    cleared: tuple[Clearance, ...]
    category_scores: dict[str, float]
    checklist: tuple[ChecklistItem, ...]
    suppressed: tuple[Finding, ...]
    written: date | None
    as_of: date | None
    record_as_of: date | None
    model: ToolLine
    source: str
    notes: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    known: tuple[Finding, ...] | None = None
    faint: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The report as the JSON format, version 1, writes it."""
        counts: dict[str, int] = {}
        for finding in self.findings:
            counts[finding.category] = counts.get(finding.category, 0) + 1
        body = {
            "path": self.path,
            "score": self.score,
            "written": self.written,
            "categories": {
                category: {"score": score, "count": counts.get(category, 0)}
                for category, score in self.category_scores.items()
            },
            "checklist": [asdict(item) for item in self.checklist],
            "findings": [asdict(finding) for finding in self.findings],
            "cleared": [asdict(clearance) for clearance in self.cleared],
            "suppressed": [asdict(finding) for finding in self.suppressed],
            "notes": list(self.notes),
            "faint": self.faint,
        }
        return {key: plain(value) for key, value in body.items()}


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not analysed, and why. Never a pass."""

    path: str
    message: str


def plain(value: Any) -> Any:
    """Tuples as lists, dates in ISO form, floats at six decimals, to any depth."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 6)
    return value
