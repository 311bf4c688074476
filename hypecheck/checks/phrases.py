"""The user's own phrases: those that are never flagged, and those that always are.

A phrase is compared word by word, over white space and sentence ends, inside one block. A word of it
that holds a capital stands for itself as it is written, and for itself all in capitals, so that a product
called Miracle does not let every miracle through; a word in lower case stands for any case. Words are
whole: a compound (`miracle-like`) is one word, and the last word of a phrase may bear a possessive 's.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from hypecheck.categories import Category
from hypecheck.checks.findings import Audience, Place, make_finding
from hypecheck.offsets import LineIndex
from hypecheck.score.features import Line, Token, tokenize
from hypecheck.types import Clearance, Document, Evidence, Finding, Severity

MISSING = "missing-risk"
"""What is not there: no phrase can be it, and none can excuse it."""

CERTAIN = 1.0
"""The score of a phrase that the user flags: no model has a say in it."""


@dataclass(frozen=True, slots=True, order=True)
class Flag:
    """A phrase that the user always wants flagged, and what an editor is then told."""

    phrase: str
    category: str
    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class Phrased:
    """Findings after the user's phrases, ordered by start, end, category, and what they cleared."""

    findings: tuple[Finding, ...]
    cleared: tuple[Clearance, ...]


class _Occurrence(NamedTuple):
    """Where a phrase stands: its number, tokens of one block, and the number of the line that it begins in."""

    phrase: int
    tokens: tuple[Token, ...]
    line: int


class _Flagged(NamedTuple):
    """An occurrence of a flagged phrase; half-open code points of the source."""

    start: int
    end: int
    flag: Flag
    at: _Occurrence


def apply_phrases(
    document: Document,
    lines: Sequence[Line],
    index: LineIndex,
    findings: Iterable[Finding],
    *,
    allow: Sequence[str],
    flags: Sequence[Flag],
    categories: Mapping[str, Category],
    audience: Audience,
) -> Phrased:
    """Add what `flags` ask for, then clear what `allow` lets through; `lines` are all of the document's.

    A flagged phrase is a sure finding with the user's severity and reason. It takes the place of findings
    of its category that lie within it; one that reaches beyond it keeps its place and is raised to it.
    A finding is cleared where every word of it lies inside one occurrence of an allowed phrase, flagged
    ones too; missing-risk never is.
    """
    found = list(findings)
    for category, places in _flagged(document, lines, flags).items():
        own = [_finding(document, lines, index, place, categories[category], audience) for place in places]
        same = [finding for finding in found if finding.category == category]
        found = [finding for finding in found if finding.category != category] + _put(same, own)
    return _clear(document, lines, found, allow)


def quiet_lines(document: Document, lines: Sequence[Line], findings: Iterable[Finding]) -> int:
    """How many lines no finding begins in; missing-risk is about the others and leaves its line quiet."""
    starts = {finding.start for finding in findings if finding.category != MISSING}
    return sum(
        starts.isdisjoint(
            document.blocks[line.sentence.block].offsets.to_source(*token[:2])[0] for token in line.tokens
        )
        for line in lines
    )


def _flagged(document: Document, lines: Sequence[Line], flags: Sequence[Flag]) -> dict[str, list[_Flagged]]:
    """By category, in order of start and of end: none of a category lies inside another."""
    places = []
    for at in _occurrences(lines, [flag.phrase for flag in flags]):
        offsets = document.blocks[lines[at.line].sentence.block].offsets
        start, end = offsets.to_source(at.tokens[0].start, at.tokens[-1].end)
        places.append(_Flagged(start, end, flags[at.phrase], at))
    kept: dict[str, list[_Flagged]] = {}
    for place in sorted(places, key=lambda place: (place.start, -place.end, place.flag)):
        before = kept.setdefault(place.flag.category, [])
        if not before or place.end > before[-1].end:
            before.append(place)
    return kept


def _finding(
    document: Document,
    lines: Sequence[Line],
    index: LineIndex,
    flagged: _Flagged,
    category: Category,
    audience: Audience,
) -> Finding:
    start, end, flag, at = flagged
    sentence = lines[at.line].sentence
    text = document.blocks[sentence.block].text[at.tokens[0].start : at.tokens[-1].end]
    place = Place(start, end, text, *index.place(start), *index.place(end))
    note = Evidence("note", f"your settings flag “{flag.phrase}”")
    finding = make_finding(category, None, flag.severity, CERTAIN, CERTAIN, place, sentence.text, [note], audience)
    return replace(finding, message=flag.reason)


def _put(findings: Sequence[Finding], own: Sequence[Finding]) -> list[Finding]:
    """`own`, and what of `findings` stands beside them; all of one category."""
    kept: list[Finding] = []
    stated: set[int] = set()
    for finding in findings:
        first = bisect_right(own, finding.start, key=lambda each: each.end)
        hits = own[first : bisect_left(own, finding.end, key=lambda each: each.start)]
        if not hits:
            kept.append(finding)
        elif not any(hit.start <= finding.start and finding.end <= hit.end for hit in hits):
            kept.append(_raise(finding, hits[0]))
            stated.update(hit.start for hit in hits)
    return kept + [each for each in own if each.start not in stated]


def _raise(finding: Finding, own: Finding) -> Finding:
    evidence = (*finding.evidence, *own.evidence)
    return replace(
        finding, severity=own.severity, score=own.score, gated=own.gated, message=own.message, evidence=evidence
    )


def _clear(document: Document, lines: Sequence[Line], findings: list[Finding], allow: Sequence[str]) -> Phrased:
    # By where words begin and end, not by range: an image's text may lie between two words of a paragraph.
    inside: dict[int, list[tuple[str, set[int]]]] = {}
    for at in _occurrences(lines, allow):
        offsets = document.blocks[lines[at.line].sentence.block].offsets
        edges = [offsets.to_source(token.start, token.end) for token in at.tokens]
        ends = {end for _, end in edges}
        for start, _ in edges:
            inside.setdefault(start, []).append((allow[at.phrase], ends))
    kept, cleared = [], []
    for finding in sorted(findings, key=lambda each: (each.start, each.end, each.category)):
        around = (phrase for phrase, ends in inside.get(finding.start, ()) if finding.end in ends)
        phrase = None if finding.category == MISSING else next(around, None)
        if phrase is None:
            kept.append(finding)
        else:
            where = (finding.start, finding.end, finding.text, finding.line, finding.column)
            cleared.append(Clearance(finding.category, *where, f"your settings allow “{phrase}”"))
    return Phrased(tuple(kept), tuple(cleared))


def _occurrences(lines: Sequence[Line], phrases: Sequence[str]) -> Iterator[_Occurrence]:
    """In reading order; those of one phrase do not overlap."""
    begins: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for number, phrase in enumerate(phrases):
        # A letter with its accent is one character or two; a text may have either.
        for form in dict.fromkeys(unicodedata.normalize(name, phrase) for name in ("NFC", "NFD")):
            if words := tuple(_straight(token.text) for token in tokenize(form)):
                begins.setdefault(words[0].casefold(), []).append((number, words))
    if not begins:
        return
    for _, group in groupby(enumerate(lines), key=lambda numbered: numbered[1].sentence.block):
        tokens = [(token, number) for number, line in group for token in line.tokens]
        behind: dict[int, int] = {}
        for at, (token, line) in enumerate(tokens):
            folded = _straight(token.text).casefold()
            heads = begins.get(folded, []) + (begins.get(_base(folded), []) if _base(folded) != folded else [])
            for number, words in heads:
                here = tuple(each for each, _ in tokens[at : at + len(words)])
                if at >= behind.get(number, 0) and _matches(words, here):
                    behind[number] = at + len(words)
                    yield _Occurrence(number, here, line)


def _matches(words: tuple[str, ...], tokens: tuple[Token, ...]) -> bool:
    if len(words) != len(tokens):
        return False
    texts = [_straight(token.text) for token in tokens]
    whole = all(map(_is_word, words[:-1], texts))
    return whole and (_is_word(words[-1], texts[-1]) or _is_word(words[-1], _base(texts[-1])))


def _is_word(word: str, text: str) -> bool:
    if word == word.lower():
        return text.casefold() == word.casefold()
    return text in (word, word.upper())


def _base(word: str) -> str:
    """The word without its possessive ending."""
    return word[:-2] if word[-2:] in ("'s", "'S") else word


def _straight(text: str) -> str:
    return text.replace("’", "'")
