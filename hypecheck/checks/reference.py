"""What a claim is about: its substance, use and place, from its clause, its sentence, or what stands before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from hypecheck.checks.claim import UNLISTED, Claim
from hypecheck.checks.wording import countries, regulators, use_named
from hypecheck.record.names import Mention
from hypecheck.record.record import Record

VERB = re.compile(r"(?:ed|lit)$|\boff$|\byes$", re.IGNORECASE)
"""An anchor that is a verb or a participle; the others are nouns."""

_PRESENT = re.compile(
    r"\b(?:is|are|holds?|has|have|carries|remains?|now|currently|still)\b|[A-Z]-(?:approved|cleared|licensed|authori[sz]ed)\b",
    re.IGNORECASE,
)
"""A state that lasts, and no event of the past: what has ended since makes it wrong."""

_OTHER = re.compile(
    r"\b(?:relatives?|cousins?|derivatives?|forms?|version) of(?: the)?\s*$|\b(?:unlike|than|related to|like)\s*$",
    re.IGNORECASE,
)
"""Before a name: the claim is about something else."""

_ANAPHOR = re.compile(
    r"\b(?:it|its|they|them|this|these|(?:the|this|that|our|both) (?:\w+ )?(?:drugs?|therap(?:y|ies)|treatments?"
    r"|medicines?|medications?|pills?|capsules?|tablets?|compounds?|injections?|jabs?|infusions?|sprays?|patch(?:es)?|products?"
    r"|approach(?:es)?|molecule|antibod(?:y|ies)|vaccines?|devices?|psychedelics?))\b",
    re.IGNORECASE,
)

_ITEM_START = re.compile(r"(?:^|[^\w\s,;:'\"“”‘’()–—-])\s*$")
"""Before an item of a list: nothing, or a bullet."""


class Context:
    """What a document speaks of: for each sentence the names in it, and the document's main ones."""

    def __init__(self, sentences: Sequence[str], record: Record) -> None:
        self.record = record
        self.sentences = sentences
        self.substances = [
            [mention for mention in record.substances_in(text) if not _OTHER.search(text[: mention.start])]
            for text in sentences
        ]
        self.indications = [record.indications_in(text) for text in sentences]
        self.regulators = [find_places(regulators(), text) for text in sentences]
        self.places = [find_places(countries(), text) for text in sentences]
        self.one_place = len({m.id for row in (*self.regulators, *self.places) for m in row}) == 1

    def resolve(self, claim: Claim) -> Claim:
        """The claim with substance, use and jurisdiction: from its clause, its sentence, what stands before it."""
        text = self.sentences[claim.line]
        substance = indication = None
        if self.substances[claim.line] or self._points_back(claim):
            substance = self._nearest(self.substances, claim) or _commonest(self.substances)
        stated = bool(self.indications[claim.line])
        if not stated and use_named().search(text[claim.end :]):
            indication, stated = UNLISTED, True
        else:
            indication = self._nearest(self.indications, claim) or _commonest(self.indications)
        return replace(
            claim,
            substance=substance,
            indication=indication,
            jurisdiction=self._place(claim),
            stated=stated,
            placed=self.one_place or bool(self.regulators[claim.line] or self.places[claim.line]),
            lasting=claim.kind != "status" or bool(_PRESENT.search(text[claim.clause.start : claim.end])),
        )

    def _points_back(self, claim: Claim) -> bool:
        """Whether the claim is about what is named elsewhere: a headline, a bare "FDA cleared", "it", "the therapy"."""
        text = self.sentences[claim.line]
        if claim.kind in ("prediction", "presupposed") or claim.line == 0:
            return True
        if _ANAPHOR.search(text[claim.clause.start : claim.clause.end]):
            return True
        noun = not VERB.search(text[claim.start : claim.end])
        return claim.kind != "availability" and (noun or bool(_ITEM_START.search(text[: claim.start])))

    def _nearest(self, mentions: Sequence[Sequence[Mention]], claim: Claim) -> str | None:
        """The name nearest to the claim in its sentence, else the last one before it."""
        if mentions[claim.line]:
            return _closest(mentions[claim.line], claim)
        for number in range(claim.line - 1, -1, -1):
            if mentions[number]:
                return mentions[number][0].id
        return None

    def _place(self, claim: Claim) -> str | None:
        """A regulator or country of the clause, of the sentence, of those before it, of those after it."""
        regulators, places = self.regulators[claim.line], self.places[claim.line]
        inside = [[m for m in row if claim.clause.start <= m.start < claim.clause.end] for row in (regulators, places)]
        for row in (*inside, regulators, places):
            if row:
                return _closest(row, claim)
        for number in [*range(claim.line - 1, -1, -1), *range(claim.line + 1, len(self.sentences))]:
            if row := self.regulators[number] or self.places[number]:
                return row[0].id
        return None


def _closest(mentions: Sequence[Mention], claim: Claim) -> str:
    """Of those in the claim's clause, else of all, the one with the fewest characters between."""
    inside = [m for m in mentions if claim.clause.start <= m.start < claim.clause.end]
    return min(inside or mentions, key=lambda m: max(m.start - claim.end, claim.start - m.end, 0)).id


def find_places(table: Sequence[tuple[str, re.Pattern[str]]], text: str) -> list[Mention]:
    """Regulators or countries in a text, each with its jurisdiction."""
    return [Mention(place, *match.span()) for place, pattern in table for match in pattern.finditer(text)]


def _commonest(mentions: Sequence[Sequence[Mention]]) -> str | None:
    counts: dict[str, int] = {}
    for row in mentions:
        for mention in row:
            counts[mention.id] = counts.get(mention.id, 0) + 1
    return max(counts, key=counts.__getitem__, default=None)
