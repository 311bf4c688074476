"""Runs the parser and the judge of approval claims over a table of texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from hypecheck.checks.approval import CATEGORY, claim_of, judge_claims
from hypecheck.checks.claim import Claim
from hypecheck.checks.verdicts import Verdict
from hypecheck.read import read_text
from hypecheck.record.record import Record
from hypecheck.score.features import Line, prepare
from hypecheck.score.model import Model
from hypecheck.segment import PunktRules, segment

TABLES = Path(__file__).parent / "tables"
RULES = PunktRules(frozenset({"dr", "mr", "st"}), frozenset(), frozenset(), {})


@dataclass(frozen=True)
class Found:
    """A claim that was parsed, in code points of the text, with its verdict."""

    start: int
    end: int
    claim: Claim
    verdict: Verdict


@dataclass(frozen=True)
class Match:
    """A claim of the table with what was found of it, None where nothing was."""

    wanted: dict[str, Any]
    found: Found | None

    @property
    def right(self) -> bool:
        return self.found is not None and self.found.verdict.outcome == self.wanted["verdict"]

    @property
    def cited(self) -> bool:
        """Whether the verdict rests on a fact that the table names (on none, where it names none)."""
        assert self.found is not None
        ids = {fact.id for fact in self.found.verdict.facts}
        return bool(ids & set(self.wanted["facts"])) if self.wanted["facts"] else not ids


def read_table(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((TABLES / name).read_text(encoding="utf-8"))


def judge_case(
    case: dict[str, Any], record: Record, model: Model | None = None, threshold: float = 1.0
) -> tuple[list[Match], list[Found]]:
    """The wanted claims with what overlaps them, and what was found beside them.

    Claims are parsed; with a model also what it marks with at least `threshold`.
    """
    document = read_text(case["text"], "page.txt", "text")
    lines = prepare(document, segment(document, RULES))
    written, as_of = (_day(case[key]) for key in ("written", "as_of"))
    marked = _marked(lines, model, threshold) if model else []
    found = []
    for judgement in judge_claims(lines, record, written, as_of, marked):
        claim, sentence = judgement.claim, lines[judgement.line].sentence
        offsets = document.blocks[sentence.block].offsets
        start, end = offsets.to_source(sentence.start + claim.start, sentence.start + claim.end)
        found.append(Found(start, end, claim, judgement.verdict))
    matches, left = [], list(found)
    for wanted in case["claims"]:
        begin = case["text"].index(wanted["quote"])
        stop = begin + len(wanted["quote"])
        hit = next((f for f in left if f.start < stop and f.end > begin), None)
        matches.append(Match(wanted, hit))
        left = [f for f in left if f is not hit]
    return matches, left


def _marked(lines: list[Line], model: Model, threshold: float) -> list[Claim]:
    decoding = model.decoding
    phrases, _ = decoding.find_phrases(lines, model.read(lines).tags)
    return [
        claim_of(
            lines[phrase.line],
            phrase.line,
            phrase.candidate.first,
            phrase.candidate.last,
            decoding.subtype_of(CATEGORY, lines[phrase.line], phrase.candidate),
        )
        for phrase in phrases
        if phrase.category == CATEGORY and phrase.score >= threshold
    ]


def _day(value: object) -> date | None:
    return None if value in (None, "none") else date.fromisoformat(str(value))
