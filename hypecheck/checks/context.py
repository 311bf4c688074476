"""What clears a phrase: negation, hedges, rebuttal, terms of art, numbers and sources in reach.

The vocabulary of scope is ConText's (Harkema et al. 2009): a cue reaches forward to the phrase
until something ends its scope. Each rule is a sentence of the annotation guidelines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypecheck.score.features import Line
from hypecheck.score.spans import Candidate

REACH = 5
"""Words between a cue and the phrase; five is the window that the guidelines' cases need."""

_NEGATIONS = frozenset(
    "not no never neither nor without cannot isn't aren't wasn't weren't doesn't don't didn't won't can't "
    "couldn't shouldn't wouldn't hasn't haven't hardly nobody none".split()
)
_PSEUDO = frozenset({("not", "only"), ("not", "just"), ("no", "longer"), ("no", "doubt"), ("not", "merely")})
_ENDS = frozenset({";", ":", "—", "–", "(", ")", "but", "because", "although", "though", "while", "which", "yet"})
_DOUBTS = frozenset({"may", "might", "could", "perhaps", "possibly"})

_CLEARED_BY_NEGATION = frozenset(
    {
        "certainty-overclaim", "cure-claim", "risk-minimization", "approval-overclaim", "hype-language",
        "causal-overclaim", "vague-attribution", "unproven-superiority", "fear-appeal", "care-avoidance",
    }
)  # fmt: skip
_CLEARED_BY_HEDGE = frozenset({"certainty-overclaim", "causal-overclaim"})
"""A modal alone clears certainty; "may cause" is no causal claim outside a title or lead."""

_TERMS_OF_ART = re.compile(
    r"\b(?i:breakthrough) (?:infections?|bleeding|pain|cancer pain|seizures?|cases?)\b"
    r"|\b(?i:novel) coronavirus(?:es)?\b|\bcurative[- ]intent\b|\bwith curative intent\b|\bCure SMA\b|\bPROMIS\b"
    r"|\bsafe(?:,? (?:and )?\w+)?,? (?:space|spaces|room|rooms|setting|settings|environment|place|haven)\b"
    r"|\bsignificant other\b|\bsignificant figures\b|\bCity of Hope\b|\bHope (?:Trial|Study|College|Street)\b"
)

_NUMBER = r"\d[\d,.]*"
_ABSOLUTE = re.compile(
    rf"\b{_NUMBER} (?:of|in|out of) (?:the )?{_NUMBER}\b"
    rf"|{_NUMBER}(?:%| per ?cent| points?)?[^.;]{{0,60}}\b(?:versus|vs?\.?|compared (?:with|to)|against|and) "
    rf"(?:\w+ ){{0,3}}{_NUMBER}(?:%| per ?cent| points?)"
    rf"|\bfrom {_NUMBER}(?:%| per ?cent)? (?:\w+ ){{0,3}}to {_NUMBER}",
    re.IGNORECASE,
)
_RATE = re.compile(
    rf"{_NUMBER} ?(?:%|per ?cent)|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine) (?:of|in|out of) "
    rf"(?:every |the )?(?:{_NUMBER}|ten|eight|seven|six|five|four|three|twenty|hundred)\b",
    re.IGNORECASE,
)
_NAMED_SOURCE = re.compile(
    r"\(\d{4}\)|\bet al\b|\b(?:19|20)\d\d (?:trial|study|review|survey|analysis|paper)\b"
    r"|\b(?:trial|study|review|survey|analysis|paper) (?:in|of) (?:19|20)\d\d\b"
    r"|\b(?:published|reported|appear(?:s|ed|ing)) (?:\w+ ){0,4}in (?:the )?[A-Z]"
    r"|\b(?:N|n) ?= ?\d|\b(?:trial|study|review|analysis) of (?:\w+ )?\d"
)
_REBUTTAL = re.compile(
    r"\b(?:no (?:good |strong |convincing )?evidence|too weak|not (?:been )?(?:shown|proven|supported|justified)|"
    r"misleading|overstat\w+|exaggerat\w+|unfounded|false|disagree\w*|dispute\w*|warn(?:s|ed)? against|"
    r"critics?|regulators? found|does not show|do not show|cannot show|should not be called|not a word)\b",
    re.IGNORECASE,
)


def find_clearance(category: str, lines: Sequence[Line], number: int, candidate: Candidate) -> str | None:
    """Why the phrase is no finding after all, None where nothing clears it."""
    line = lines[number]
    text = line.sentence.text
    start = line.tokens[candidate.first].start - line.sentence.start
    end = line.tokens[candidate.last].end - line.sentence.start
    if any(match.start() < end and match.end() > start for match in _TERMS_OF_ART.finditer(text)):
        return "a term of art or a name"
    if category in _CLEARED_BY_NEGATION and (cue := _cue_before(line, candidate, _NEGATIONS)):
        return f"negated by “{cue}”"
    hedge = _cue_before(line, candidate, _DOUBTS)
    if hedge and category in _CLEARED_BY_HEDGE and not _leads(line):
        return f"hedged by “{hedge}”"
    if _in_quotation(text, start, end) and _REBUTTAL.search(text[:start] + text[end:] + _next(lines, number)):
        return "quoted to be rebutted"
    return _cleared_by_fact(category, lines, number)


def _cleared_by_fact(category: str, lines: Sequence[Line], number: int) -> str | None:
    around = _around(lines, number)
    if category == "unquantified-benefit" and any(_ABSOLUTE.search(text) for text in around):
        return "absolute figures stand beside it"
    following = lines[number].sentence.text + " " + _next(lines, number)
    if category == "vague-attribution" and _NAMED_SOURCE.search(following):
        return "the source is named in this or the next sentence"
    if category == "risk-minimization" and _RATE.search(following):
        return "rates stand beside it"
    return None


def _cue_before(line: Line, candidate: Candidate, cues: frozenset[str]) -> str | None:
    """The nearest cue at most REACH words before the phrase, in the same clause."""
    words = [token.word for token in line.tokens]
    for i in range(candidate.first - 1, max(-1, candidate.first - 1 - REACH), -1):
        if words[i] in _ENDS:
            return None
        if words[i] in cues:
            pseudo = i + 1 < len(words) and (words[i], words[i + 1]) in _PSEUDO
            return None if pseudo else line.tokens[i].text
    return None


def _leads(line: Line) -> bool:
    return bool({"block:title", "block:heading", "block:metadata", "lead"} & set(line.context))


def _in_quotation(text: str, start: int, end: int) -> bool:
    before, after = text[:start], text[end:]
    curly = before.rfind("“") > before.rfind("”") and "”" in after
    return curly or (before.count('"') % 2 == 1 and '"' in after)


def _next(lines: Sequence[Line], number: int) -> str:
    """The sentence behind, where it stands in the same block."""
    if number + 1 < len(lines) and lines[number + 1].sentence.block == lines[number].sentence.block:
        return lines[number + 1].sentence.text
    return ""


def _around(lines: Sequence[Line], number: int) -> list[str]:
    return [row.sentence.text for row in lines[max(0, number - 1) : number + 2]]
