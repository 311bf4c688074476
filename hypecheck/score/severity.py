"""How heavy a phrase weighs: learnt from the annotators, who judged each phrase low, medium or high."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hypecheck.score.features import Line
from hypecheck.score.scorer import Scorer
from hypecheck.types import SEVERITIES, Severity

REACH = 6
"""Words on either side of a phrase that are read with it."""

LEAST_REASON = 0.05
"""Log-odds. What adds less is no reason worth a line."""

REASONS = 2
"""Reasons shown of a severity."""

_HEDGES = frozenset(
    "may might could can possibly perhaps potentially would suggest suggests likely seems appears".split()
)
_CONTEXT = ("register:", "block:", "has:", "lead")
_MEANING = {
    "block:title": "stands in the title",
    "block:metadata": "stands in the summary",
    "block:heading": "stands in a heading",
    "lead": "stands in the opening",
    "hedged": "hedged in the same clause",
    "reader": "speaks to the reader",
    "has:quotation": "stands in a quotation",
    "has:number": "stands beside a number",
    "has:percent": "stands beside a percentage",
}


def severity_features(category: str, line: Line, first: int, last: int) -> list[str]:
    """What the words `first` to `last` of a line, both included, and what stands around them, say of their weight."""
    words = [token.word for token in line.tokens]
    inside = words[first : last + 1]
    before, after = words[max(0, first - REACH) : first], words[last + 1 : last + 1 + REACH]
    places = [name for name in line.context if name.startswith(_CONTEXT)]
    places.append(f"words:{min(len(inside), 12) // 3}")
    if _HEDGES & set(before):
        places.append("hedged")
    if {"you", "your"} & set(words):
        places.append("reader")
    return [
        f"category={category}",
        *places,
        *(f"{category} {place}" for place in places),
        *(f"in={word}" for word in inside),
        *(f"in2={a} {b}" for a, b in pairwise(inside)),
        *(f"near={word}" for word in (*before, *after)),
    ]


def judge_severity(
    scorer: Scorer, category: str, line: Line, first: int, last: int
) -> tuple[Severity, tuple[str, ...]]:
    """The likeliest severity of a phrase, and what spoke most for it against the next likely one."""
    features = severity_features(category, line, first, last)
    values = scorer.log_odds(features, {})
    best, second = sorted(range(len(SEVERITIES)), key=lambda column: -values[column])[:2]
    reasons: dict[str, float] = {}
    for feature in features:
        for meaning in _meanings(feature):
            weight = scorer.weights(feature, best) - scorer.weights(feature, second)
            reasons[meaning] = reasons.get(meaning, 0.0) + weight
    strongest = sorted((name for name in reasons if reasons[name] >= LEAST_REASON), key=lambda name: -reasons[name])
    return SEVERITIES[best], tuple(strongest[:REASONS])


def _meanings(feature: str) -> Iterator[str]:
    """A feature in words for an editor; nothing where it has none."""
    kind, sign, word = feature.partition("=")
    if sign and kind in ("in", "in2"):
        yield f"“{word}”"
    elif not sign:
        place = feature.rpartition(" ")[2]
        if place in _MEANING:
            yield _MEANING[place]
