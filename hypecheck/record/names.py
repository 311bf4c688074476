"""Finds names of substances and indications in a text: the longest at each place, whole words only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"(?:[\s\-‐‑–/’'&+()]|[.,](?=\w))*")

LONGEST_ACRONYM = 5
"""Letters. An alias of that many capitals at most (LSD, GAD, ADHD) must stand in capitals: "gad" is a word."""


class Word(NamedTuple):
    """A word of a text: folded, as it stands, and its half-open code points."""

    folded: str
    text: str
    start: int
    end: int


class Mention(NamedTuple):
    """A name that stands in a text: whose, and its half-open code points."""

    id: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Letters and digits between other signs; "COMP-360" is two words, as an alias with a hyphen is."""
    return [Word(match[0].casefold(), match[0], *match.span()) for match in _WORD.finditer(text)]


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Names by their first word; a lookup costs a step a word of the text, however many names there are."""

    _names: dict[str, list[tuple[tuple[str, ...], str | None, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[tuple[str, str]]) -> NameIndex:
        """An index of pairs of a name and an id. Of two ids with one name the first has it."""
        index = cls()
        for name, id in names:
            words = tuple(word.folded for word in words_of(name))
            if words:
                exact = name if name.isupper() and name.isalpha() and len(name) <= LONGEST_ACRONYM else None
                index._names.setdefault(words[0], []).append((words, exact, id))
        for rows in index._names.values():
            rows.sort(key=lambda row: -len(row[0]))
        return index

    def find(self, text: str, words: Sequence[Word] | None = None) -> list[Mention]:
        """Mentions from left to right that do not overlap."""
        words = words_of(text) if words is None else words
        mentions = []
        at = 0
        while at < len(words):
            found = self._at(text, words, at)
            if found is None:
                at += 1
            else:
                length, id = found
                mentions.append(Mention(id, words[at].start, words[at + length - 1].end))
                at += length
        return mentions

    def _at(self, text: str, words: Sequence[Word], at: int) -> tuple[int, str] | None:
        for name, exact, id in self._names.get(words[at].folded, ()):
            here = words[at : at + len(name)]
            if tuple(word.folded for word in here) != name or (exact is not None and here[0].text != exact):
                continue
            if all(_GAP.fullmatch(text, a.end, b.start) for a, b in pairwise(here)):
                return len(name), id
        return None
