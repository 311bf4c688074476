"""How far predicted phrases agree with annotated ones.

Partial overlap after SemEval-2020 task 11 (Da San Martino et al. 2020): precision is the mean,
over predicted spans, of the share that annotated spans cover; recall the mirror image. Spans of
a category that only punctuation or space keeps apart are one span, on both sides. A finding of
missing-risk at document scope is no span.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Range = tuple[int, int]
Labelled = tuple[str, int, int]

SENTENCE_GAP = re.compile(r"""(?<=[.!?])["'”’)\]]*\s+(?=["'“‘(\[]?[A-Z0-9])|\n+""")
"""The splitter of the measure, whatever splitter made the findings."""
_KEEPS_APART = re.compile(r"[\w.!?\n]")
_WORD = re.compile(r"\w+")


class Agreement(NamedTuple):
    """Precision, recall and their harmonic mean, 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(slots=True)
class Tally:
    """Sums from which precision and recall follow; tallies of documents add up."""

    covered_predicted: float = 0.0
    covered_gold: float = 0.0
    predicted: int = 0
    gold: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.covered_predicted += other.covered_predicted
        self.covered_gold += other.covered_gold
        self.predicted += other.predicted
        self.gold += other.gold

    def agreement(self) -> Agreement:
        """Zero where there is nothing to divide by."""
        precision = self.covered_predicted / self.predicted if self.predicted else 0.0
        recall = self.covered_gold / self.gold if self.gold else 0.0
        total = precision + recall
        return Agreement(precision, recall, 2 * precision * recall / total if total else 0.0)


@dataclass(slots=True)
class Comparison:
    """One document's tallies: per category, all categories as one, and cells hit by word and sentence."""

    categories: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    untyped: Tally = field(default_factory=Tally)
    words: list[int] = field(default_factory=lambda: [0, 0, 0])
    sentences: list[int] = field(default_factory=lambda: [0, 0, 0])

    def typed(self) -> Tally:
        """The sum over categories."""
        total = Tally()
        for tally in self.categories.values():
            total.add(tally)
        return total

    def add(self, other: Comparison) -> None:
        """Add another document's tallies."""
        for category, tally in other.categories.items():
            self.categories[category].add(tally)
        self.untyped.add(other.untyped)
        self.words = [a + b for a, b in zip(self.words, other.words, strict=True)]
        self.sentences = [a + b for a, b in zip(self.sentences, other.sentences, strict=True)]


def compare(text: str, gold: Iterable[Labelled], predicted: Iterable[Labelled]) -> Comparison:
    """Compare one document's spans, given as (category, start, end)."""
    result = Comparison()
    gold_by, predicted_by = _by_category(gold), _by_category(predicted)
    words, sentences = cells(text, _WORD, split=False), cells(text, SENTENCE_GAP, split=True)
    for category in sorted(gold_by.keys() | predicted_by.keys()):
        g, p = merge(gold_by.get(category, ()), text), merge(predicted_by.get(category, ()), text)
        result.categories[category].add(_tally(g, p))
        for counts, units in ((result.words, words), (result.sentences, sentences)):
            in_gold, in_predicted = _touched(g, units), _touched(p, units)
            counts[0] += len(in_gold & in_predicted)
            counts[1] += len(in_predicted)
            counts[2] += len(in_gold)
    everything = [merge([s for spans in by.values() for s in spans], text) for by in (gold_by, predicted_by)]
    result.untyped.add(_tally(*everything))
    return result


def total(comparisons: Iterable[Comparison]) -> Comparison:
    """The sum over documents (micro average)."""
    result = Comparison()
    for comparison in comparisons:
        result.add(comparison)
    return result


def dice(counts: Sequence[int]) -> float:
    """F1 from (both, predicted, gold)."""
    both, predicted, gold = counts
    return 2 * both / (predicted + gold) if predicted + gold else 0.0


def merge(spans: Iterable[Range], text: str) -> list[Range]:
    """Join spans that touch, overlap, or are kept apart by nothing but punctuation or space."""
    joined: list[list[int]] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if joined and (start <= joined[-1][1] or not _KEEPS_APART.search(text[joined[-1][1] : start])):
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return [(start, end) for start, end in joined]


def covered(spans: Iterable[Range], by: Sequence[Range]) -> float:
    """The sum of the shares of `spans` that `by` covers."""
    return sum(sum(max(0, min(end, b) - max(start, a)) for a, b in by) / (end - start) for start, end in spans)


def cells(text: str, pattern: re.Pattern[str], *, split: bool) -> list[Range]:
    """Matches of a pattern or, with `split`, what stands between them."""
    if not split:
        return [match.span() for match in pattern.finditer(text)]
    found, at = [], 0
    for match in pattern.finditer(text):
        if match.start() > at:
            found.append((at, match.start()))
        at = match.end()
    if at < len(text):
        found.append((at, len(text)))
    return found


def _tally(gold: list[Range], predicted: list[Range]) -> Tally:
    return Tally(covered(predicted, gold), covered(gold, predicted), len(predicted), len(gold))


def _by_category(spans: Iterable[Labelled]) -> Mapping[str, list[Range]]:
    by: dict[str, list[Range]] = defaultdict(list)
    for category, start, end in spans:
        by[category].append((start, end))
    return by


def _touched(spans: Sequence[Range], units: Sequence[Range]) -> set[int]:
    return {i for i, (a, b) in enumerate(units) if any(start < b and end > a for start, end in spans)}
