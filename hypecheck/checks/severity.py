"""How heavy a finding weighs: the category's default, moved by what stands around the phrase.

The rules are the taxonomy's severity_bumps. No model takes part, so that an editor can see why.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypecheck.score.features import Line, read_lexicon
from hypecheck.score.spans import Candidate
from hypecheck.types import SEVERITIES, Severity

WEAK_PRAISE = frozenset(
    "promising promise novel innovative encouraging exciting excited hopeful hope hopes potential unique advanced "
    "leading important interesting impressive remarkable cutting-edge state-of-the-art new".split()
)
"""Words that sell a little: alone they are low, as the guidelines settle for "promising" and "novel"."""

SHORT_PRAISE = 2
"""Words. On real text seven in ten hype spans of one or two words were annotated low."""

MEASURED_DEFAULT: dict[str, Severity] = {"risk-minimization": "medium"}
"""High in the taxonomy; of 157 such spans on real news and releases 105 were annotated medium, 34 high."""

PERSONAL = frozenset({"cure-claim", "certainty-overclaim", "care-avoidance"})
"""What turns graver when it is said to the reader."""

QUOTED_ALIKE = frozenset({"anecdote-as-evidence", "vague-attribution", "risk-minimization"})
"""Quotation does not soften these: a testimonial is a quotation, and of 17 quoted ones
on real text 3 were annotated low; of 63 quoted reassurances 10."""

_TITLES = frozenset({"block:title", "block:metadata"})
_HEDGES = frozenset(
    "may might could can possibly perhaps potentially would suggest suggests likely seems appears".split()
)
_HEDGE_REACH = 6


def severity_of(
    category: str, default: Severity, lines: Sequence[Line], number: int, candidate: Candidate
) -> tuple[Severity, tuple[str, ...]]:
    """The severity of a phrase and the reasons that moved it."""
    line = lines[number]
    words = [token.word for token in line.tokens]
    level = SEVERITIES.index(_base(category, default, words[candidate.first : candidate.last + 1]))
    moves: list[tuple[int, str]] = []
    if _TITLES & set(line.context):
        moves.append((1, "stands in the title or summary"))
    elif {"you", "your"} & set(words) and category in PERSONAL:
        moves.append((1, "promises it to the reader"))
    before = words[max(0, candidate.first - _HEDGE_REACH) : candidate.first]
    if _HEDGES & set(before):
        moves.append((-1, "hedged in the same clause"))
    elif category not in QUOTED_ALIKE and {'"', "“"} & set(words):
        moves.append((-1, "stands in a quotation"))
    for step, _ in moves:
        level = min(max(level + step, 0), len(SEVERITIES) - 1)
    return SEVERITIES[level], tuple(reason for _, reason in moves)


def _base(category: str, default: Severity, phrase: Sequence[str]) -> Severity:
    if category == "hype-language":
        lexicon = read_lexicon()
        loud = any("hype" in lexicon.get(word, ()) and word not in WEAK_PRAISE for word in phrase)
        weak = any(word in WEAK_PRAISE for word in phrase)
        return "low" if len(phrase) <= SHORT_PRAISE or (weak and not loud) else default
    return MEASURED_DEFAULT.get(category, default)
