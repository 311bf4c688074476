"""What a careful text tells beside benefits and harms: a checklist that counts for nothing in the score.

The items are criteria of HealthNewsReview and questions of DISCERN. They are looked up by words, so
that "present" means that a sentence speaks of it, not that it does so well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hypecheck.categories import load_standards
from hypecheck.score.features import Line
from hypecheck.types import ChecklistItem, Document

ALWAYS = frozenset({"date", "sources"})
"""Items that any text has; the others ask of a treatment, and only where a benefit is claimed."""

QUOTED = 200
"""Characters of the sentence that is shown."""


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    question: str
    standards: tuple[str, ...]
    pattern: re.Pattern[str]


def fill_checklist(document: Document, lines: Sequence[Line], claims_benefit: bool) -> tuple[ChecklistItem, ...]:
    """Each item as present, with the first sentence that shows it, absent, or not applicable."""
    return tuple(_fill(item, document, lines, claims_benefit) for item in _items())


def _fill(item: _Item, document: Document, lines: Sequence[Line], claims_benefit: bool) -> ChecklistItem:
    standards = load_standards()
    cited = tuple(standards[key].citation for key in item.standards)
    if item.name == "date" and document.written is not None:
        return ChecklistItem(item.name, item.question, "present", document.written.isoformat(), None, cited)
    if item.name not in ALWAYS and not claims_benefit:
        return ChecklistItem(item.name, item.question, "not applicable", "", None, cited)
    for line in lines:
        if item.pattern.search(line.sentence.text):
            block = document.blocks[line.sentence.block]
            start, _ = block.offsets.to_source(line.tokens[0].start, line.tokens[0].end)
            return ChecklistItem(item.name, item.question, "present", line.sentence.text[:QUOTED], start, cited)
    if item.name == "sources":
        for block in document.blocks:
            if block.kind == "aside" and block.heading:
                start, _ = block.offsets.to_source(0, 1)
                return ChecklistItem(item.name, item.question, "present", block.text[:QUOTED], start, cited)
    return ChecklistItem(item.name, item.question, "absent", "", None, cited)


@cache
def _items() -> tuple[_Item, ...]:
    sections: list[tuple[str, list[str]]] = []
    for line in (files("hypecheck.data") / "checklist.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            sections.append((line, []))
        elif line and not line.startswith("#"):
            sections[-1][1].append(line)
    return tuple(_item(head, rows) for head, rows in sections)


def _item(head: str, rows: Sequence[str]) -> _Item:
    name, _, keys = head.removeprefix("[").partition("]")
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(rows[1:]) + ")", re.IGNORECASE)
    return _Item(name, rows[0].removeprefix("? "), tuple(keys.split()), pattern)
