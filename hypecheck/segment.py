"""Sentences of a block, by the decision procedure of Punkt, with rules that were learned beforehand.

Kiss and Strunk (2006), Unsupervised Multilingual Sentence Boundary Detection, Computational
Linguistics 32(4): a full stop ends a sentence unless it belongs to an abbreviation, an initial or
an ordinal number; what the next word looks like, here and in the training text, settles doubts.
nltk carries the reference implementation and is the oracle of the tests. It is not used here
because importing it takes 0.2 s, and 1 s where scikit-learn is installed beside it.

The decision about a mark is nltk's, given the same rules, except that

- a boundary stands only at white space, so none between `M.D.` and `;` or inside `now."--he`, and
  only the token in front of it is asked; nltk asks every token of the two neighbouring chunks, so
  that the mark inside `Lee?)` makes it break after the `Dr.` in front of it;
- closing quotes, brackets, emphasis stars and bracketed references (`works.[3]`) stay with the
  sentence they close; nltk leaves stars and references to the next sentence;
- behind such closing marks a lower-case word goes on with the sentence (`"Safe?" asks the doctor`);
- a title (`Dr.`) or a word that announces something (`e.g.`) is never last, even where the next
  word starts sentences elsewhere (`Dr. Young`, `e.g. Aspirin`);
- letters with stops between them are an abbreviation, listed or not (`The F.D.A. said`);
- the character `…` and spaced dots (`. . .`) are an ellipsis as `...` is;
- opening quotes, dashes and slashes are no part of a word (`“Dr.`, `trial—Dr.`, `U.K./U.S.`), nor do
  opening quotes hide the next word (`Jane Roe, M.D. “The trial`, `Mary K. “Kate” Bell`);
- any white space parts words; nltk looks for ASCII white space on the left of a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypecheck.types import BlockKind, Document, ModelError, Sentence

FIRST_UPPER, INSIDE_UPPER, UNSURE_UPPER = 2, 4, 8
FIRST_LOWER, INSIDE_LOWER, UNSURE_LOWER = 16, 32, 64
"""Where training text had a word, with a capital or without: first in a sentence, inside one, at a
place that may be either. The bits are those of nltk, whose trainer sets them."""

SEEN_UPPER = FIRST_UPPER | INSIDE_UPPER | UNSURE_UPPER
SEEN_LOWER = FIRST_LOWER | INSIDE_LOWER | UNSURE_LOWER

NUMBER = "##number##"
"""Stands for every number in the rules, as nltk's trainer writes it."""

WHOLE_BLOCKS: frozenset[BlockKind] = frozenset(("heading", "title", "cell", "alt"))
"""Kinds of block that are one sentence however they are punctuated."""

TITLES = frozenset(("Dr", "Drs", "Prof", "Mr", "Mrs", "Ms", "Rev", "Sen", "Rep", "Gov"))
"""Stand before a name. Spelled as here only: `MS.` and `MR.` are a disease and a scan."""

ANNOUNCERS = frozenset(("e.g", "i.e", "vs", "approx"))
"""Stand before what they announce, in any case."""

_CLOSING = "\"'‘’“”«»)\\]}"
_OPENING = "\"'‘“«"
_PARTING = '"“”«»()\\[\\]{}:;*@?!…—–/'
"""Cannot stand inside a word. An apostrophe can on the left of a mark (`Alzheimer's.`)."""

_INNER_MARKS = frozenset(";:,.!?")
"""No sentence starts with one of them."""

_LAST_MARK = re.compile(
    rf"(?<!\S)(?P<head>\S*)(?P<mark>[.?!…])(?P<closing>(?:[{_CLOSING}*]|\[[^\s\[\].?!…]{{1,12}}\])*)(?=\s)"
)
"""The mark that a chunk ends with, and what closes behind it. A reference has at most 12 characters:
`[1,2,15-18]` has nine between its brackets."""

_LONE_CLOSING = re.compile(rf"\s+[{_CLOSING}]+(?=\s|\Z)")
_RUNS = re.compile(r"\.\.+|--+")
_PARTED = re.compile(rf"[{_PARTING}]|{_RUNS.pattern}")
_WORD = re.compile(rf"[^\s{_PARTING}'‘’]+")
_LOWER_WORD = re.compile(r"[^\W\d_]+(?!\w)")
_DOTTED_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_NUMERIC = re.compile(r"[.,]?\d[\d,.\-]*")
_LETTER = re.compile(r"[^\W\d]")
_SOLID = re.compile(r"\S")

_NOT_RULES = "the model's sentence rules are not what this version writes: train the model again"


@dataclass(frozen=True, slots=True)
class PunktRules:
    """What was learned about words, all of them in lower case.

    `abbreviations` lack their last full stop; the first word of a collocation does, too, and no
    sentence ends between its two words. `orthography` holds a word's flags, FIRST_UPPER to UNSURE_LOWER.
    """

    abbreviations: frozenset[str] = frozenset()
    collocations: frozenset[tuple[str, str]] = frozenset()
    sentence_starters: frozenset[str] = frozenset()
    orthography: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> PunktRules:
        """The rules that `to_values` wrote. Raises ModelError where the shape is another."""
        try:
            pairs = [(first, second) for first, second in map(_list, _list(values["collocations"]))]
            lists = _list(values["abbreviations"]), _list(values["sentence_starters"])
            seen = values["orthography"]
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{_NOT_RULES} ({error!r})") from error
        words = (*lists[0], *lists[1], *seen, *(word for pair in pairs for word in pair))
        plain = type(seen) is dict and all(type(flags) is int for flags in seen.values())
        if not plain or any(type(word) is not str for word in words):
            raise ModelError(_NOT_RULES)
        return cls(frozenset(lists[0]), frozenset(pairs), frozenset(lists[1]), dict(seen))

    def to_values(self) -> dict[str, Any]:
        """The rules as str, int, list and dict, sorted, so that equal rules are equal bytes."""
        return {
            "abbreviations": sorted(self.abbreviations),
            "collocations": [list(pair) for pair in sorted(self.collocations)],
            "sentence_starters": sorted(self.sentence_starters),
            "orthography": {word: self.orthography[word] for word in sorted(self.orthography)},
        }


class _Next(NamedTuple):
    """The token behind a mark: as it stands, and its type with a sentence's full stop taken off."""

    text: str
    type: str


_SYMBOL = _Next("(", "(")


def segment(document: Document, rules: PunktRules) -> tuple[Sentence, ...]:
    """The sentences of every block, in order, stripped of white space; offsets in the block's text.

    Together they hold every character of a block that is not white space, but for asides, which nobody
    judges. A heading, a title, a cell and an alternative text are one sentence each.
    """
    return tuple(
        Sentence(index, start, end, block.text[start:end])
        for index, block in enumerate(document.blocks)
        if block.kind != "aside"
        for start, end in _spans(block.text, None if block.kind in WHOLE_BLOCKS else rules)
    )


def _spans(text: str, rules: PunktRules | None) -> Iterator[tuple[int, int]]:
    limit = len(text.rstrip())
    start = _after_space(text, 0)
    for end, resume in _boundaries(text, start, limit, rules) if rules else ():
        yield start, end
        start = resume
    if start < limit:
        yield start, limit


def _boundaries(text: str, start: int, limit: int, rules: PunktRules) -> Iterator[tuple[int, int]]:
    """Where a sentence ends and where the next one begins."""
    for found in _LAST_MARK.finditer(text, start, limit):
        end = found.end()
        closing = bool(found["closing"])
        if not closing and (lone := _LONE_CLOSING.match(text, end, limit)):
            closing, end = True, lone.end()
        resume = _after_space(text, end)
        following = _SYMBOL if closing else _read_next(text, resume, rules)
        goes_on = following.text == "." or (closing and _goes_on(text, resume))
        if not goes_on and _ends_sentence(text, found, following, rules):
            yield end, resume


def _ends_sentence(text: str, found: re.Match[str], following: _Next, rules: PunktRules) -> bool:
    """Sections 4.1 to 4.3 of the paper for one mark; a word that is no abbreviation ends a sentence."""
    head, mark = found["head"], found["mark"]
    if mark in "?!":
        return True
    if mark == "…" or head.endswith((".", "…")) or _is_spaced_dot(text, found.start(), head):
        return _starts_sentence(following, rules)
    word = head if head.isalnum() else _PARTED.split(head)[-1].lstrip("'‘’`&#-,")
    lower = word.lower()
    if word in TITLES or lower in ANNOUNCERS:
        return False
    kind = NUMBER if _NUMERIC.fullmatch(word) else lower
    if (kind, following.type) in rules.collocations:
        return False
    shortened = _is_listed(lower, rules) or _DOTTED_LETTERS.fullmatch(lower) is not None
    if _LETTER.fullmatch(word):
        return not shortened and _stands_apart(following, rules)
    if shortened:
        return _starts_sentence(following, rules)
    return kind != NUMBER or _case_speaks(following, rules) is not False


def _starts_sentence(following: _Next, rules: PunktRules) -> bool:
    """Whether a sentence starts with this word although an abbreviation stands before it."""
    return _case_speaks(following, rules) is True or (
        following.text[0].isupper() and following.type in rules.sentence_starters
    )


def _case_speaks(following: _Next, rules: PunktRules) -> bool | None:
    """Whether the word's case here, against what training saw, shows a first word; None: it does not say."""
    if following.text in _INNER_MARKS:
        return False
    seen = rules.orthography.get(following.type, 0)
    if following.text[0].isupper() and seen & SEEN_LOWER and not seen & INSIDE_UPPER:
        return True
    if following.text[0].islower() and (seen & SEEN_UPPER or not seen & FIRST_LOWER):
        return False
    return None


def _stands_apart(following: _Next, rules: PunktRules) -> bool:
    """Whether an initial in front belongs elsewhere: a word always seen with a capital is its family name."""
    speaks = _case_speaks(following, rules)
    name = following.text[0].isupper() and not rules.orthography.get(following.type, 0) & SEEN_LOWER
    return speaks is True or (speaks is None and not name)


def _read_next(text: str, at: int, rules: PunktRules) -> _Next:
    """The first token of the chunk that starts at `at`, behind its opening quotes."""
    while text[at] in _OPENING:  # ends: quotes alone in a chunk are closing ones
        at += 1
    if text[at] in ";:,?!":
        return _Next(text[at], text[at])
    found = _WORD.match(text, at)
    if found is None or text[at] in "-`&#":
        return _SYMBOL
    word = found[0]
    if word.isalpha():
        return _Next(word, word.lower())
    word = _RUNS.split(word, maxsplit=1)[0].removesuffix(",")
    if not word:
        return _SYMBOL
    if _NUMERIC.fullmatch(word):
        return _Next(word, NUMBER)
    lower = word.lower()
    if len(lower) > 1 and lower[-1] == "." and not _is_listed(lower[:-1], rules):
        return _Next(word, lower[:-1])
    return _Next(word, lower)


def _is_listed(lower: str, rules: PunktRules) -> bool:
    return lower in rules.abbreviations or lower.rpartition("-")[2] in rules.abbreviations


def _goes_on(text: str, at: int) -> bool:
    """Whether the word at `at` is in lower case throughout: `mRNA` may start a sentence, `asks` goes on."""
    word = _LOWER_WORD.match(text, at)
    return word is not None and word[0].islower()


def _is_spaced_dot(text: str, start: int, head: str) -> bool:
    return not head and start > 1 and text[start - 2] == "." and text[start - 1].isspace()


def _after_space(text: str, at: int) -> int:
    found = _SOLID.search(text, at)
    return found.start() if found else len(text)


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise TypeError("a list is wanted")
    return value
