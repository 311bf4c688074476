"""What the linear model sees of a word: named features, each with the word it is about.

A feature is a string, and its weight is found by hashing the string, so that training and
scoring need no shared dictionary. Positions go along because evidence is given back to words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from hypecheck.types import BlockKind, Document, Sentence

LEAD_WORDS = 50
"""The taxonomy raises the severity of what stands in a document's first 50 words."""

READER_SHARE, QUESTION_SHARE, SPEAKER_SHARE, NUMBER_SHARE, REVIEW_SHARE = 0.01, 0.05, 0.05, 0.25, 0.5
"""A register is there when one word in a hundred addresses the reader, one sentence in twenty asks,
one in twenty names a speaker, one in four holds a number (near the medians of the written genres),
and when every second sentence has a word of systematic reviews."""

_REVIEW_WORDS = frozenset(
    "evidence certainty review reviews reviewed studies trials participants randomised randomized placebo".split()
)

CONTEXT = -1
"""The position of a feature that is about the sentence and not about one of its words."""

_TOKEN = re.compile(r"\w+(?:['’\-]\w+)*|[^\w\s]")

_CLASSES = {
    "negation": "not no never none neither nor without cannot isn't doesn't didn't don't hasn't wasn't",
    "study": "study studies trial trials research experiment analysis review survey data evidence findings results",
    "early": "mice mouse rats rat cells cell animal animals monkeys laboratory lab dish tissue worms zebrafish rodents",
    "hedge": "may might can could would should possibly perhaps potentially likely suggest suggests suggested "
    "appear appears seems seem",
    "regulator": "fda ema mhra tga approval approvals approve approves approving approved regulator regulators "
    "regulatory agency clearance cleared designation license licensed licence authorisation authorization",
    "people": "patients people women men adults children participants volunteers veterans those individuals",
    "speech": "said says told explained added according notes wrote",
    "harm": "risk risks side effects adverse safe safety safely nausea death deaths harm",
}
"""Closed word classes that a small corpus cannot fill; chosen once, before any figure was read."""

_IMMINENCE = frozenset(
    "near nears neared nearing close closer closing soon imminent imminently impending verge cusp brink edge doorstep "
    "poised pending expected expects anticipated anticipates upcoming approaching approaches await awaits awaiting "
    "horizon corner track set months weeks once eventual".split()
)
"""What says that an event is about to come. Together with a regulator's word it makes a timeline claim
(the taxonomy's [approval word] x [near, soon, expected, once]); which of them count is learnt."""

IMMINENCE_REACH = 4
"""Words on either side of a word in which both have to stand; a noun phrase between them fits."""

_CLASS_OF = {word: name for name, words in _CLASSES.items() for word in words.split()}


class Token(NamedTuple):
    """A word or a mark of a sentence. `start`, `end` are half-open code points of its block's text."""

    start: int
    end: int
    text: str
    word: str


class Line(NamedTuple):
    """A sentence ready for scoring: its tokens and what is known of its surroundings."""

    sentence: Sentence
    tokens: tuple[Token, ...]
    context: tuple[str, ...]


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """Words and marks of `text`; positions are moved by `offset`."""
    return [
        Token(match.start() + offset, match.end() + offset, match.group(), _normalise(match.group()))
        for match in _TOKEN.finditer(text)
    ]


def is_mark(token: Token) -> bool:
    """Whether a token is punctuation; a per cent sign is a word."""
    return not (token.text[0].isalnum() or token.text in "%_")


def prepare(document: Document, sentences: tuple[Sentence, ...]) -> list[Line]:
    """Tokens and context of every sentence, in order; a sentence without a token is left out."""
    tokens = [tokenize(sentence.text, sentence.start) for sentence in sentences]
    classes = [{_class_of(token.word) for token in row} - {""} for row in tokens]
    lines = []
    register = _register(tokens)
    words_before = 0
    for index, (sentence, row) in enumerate(zip(sentences, tokens, strict=True)):
        if row:
            context = [
                *register,
                *_place(document.blocks[sentence.block].kind, words_before),
                *_sentence_context(row, classes[index]),
                *(f"before:{name}" for name in sorted(classes[index - 1] if index else ())),
                *(f"after:{name}" for name in sorted(classes[index + 1] if index + 1 < len(classes) else ())),
            ]
            lines.append(Line(sentence, tuple(row), tuple(context)))
        words_before += len(row)
    return lines


def token_features(tokens: tuple[Token, ...], context: tuple[str, ...]) -> Iterator[list[tuple[str, int]]]:
    """For each token its features and, for each feature, the index of the token it is about.

    Features of the context are about CONTEXT; neighbours beyond the sentence's ends have
    indices outside 0 to len(tokens) - 1.
    """
    shared = [(f"context:{name}", CONTEXT) for name in context]
    words = [token.word for token in tokens]
    shapes = [_shape(token.text) for token in tokens]
    classes = [_class_of(word) for word in words]
    padded = ["<4", "<3", "<2", "<1", *words, ">1", ">2", ">3", ">4"]
    count = len(words)
    lexicon = read_lexicon()
    near = _near_approval(words, classes)
    for i, word in enumerate(words):
        before4, before3, before2, before, _, after, after2, after3, after4 = padded[i : i + 9]
        found = [
            (f"0={word}", i),
            (f"-1={before}", i - 1),
            (f"-2={before2}", i - 2),
            (f"-3={before3}", i - 3),
            (f"-4={before4}", i - 4),
            (f"+1={after}", i + 1),
            (f"+2={after2}", i + 2),
            (f"+3={after3}", i + 3),
            (f"+4={after4}", i + 4),
            (f"-1,0={before} {word}", i),
            (f"0,1={word} {after}", i),
            (f"-2,-1={before2} {before}", i - 1),
            (f"1,2={after} {after2}", i + 1),
            (f"-1,0,1={before} {word} {after}", i),
            (f"-1,1={before} {after}", i),
            (f"-2,0={before2} {word}", i),
            (f"0,2={word} {after2}", i),
            (f"shape={shapes[i]}", i),
            (f"shapes={shapes[i - 1] if i else '<'} {shapes[i + 1] if i + 1 < count else '>'}", i),
        ]
        if len(word) > 3:
            found += [
                (f"head4={word[:4]}", i),
                (f"head5={word[:5]}", i),
                (f"head6={word[:6]}", i),
                (f"tail3={word[-3:]}", i),
                (f"tail4={word[-4:]}", i),
            ]
        for j in range(max(0, i - 2), min(count, i + 3)):
            if classes[j]:
                found.append((f"class{j - i}={classes[j]}", j))
            found += [(f"{kind}{j - i}", j) for kind in lexicon.get(words[j], ())]
        if i in near:
            found.append((f"imminent={classes[i] or _in_parts(word, _IMMINENCE)}", i))
        found += [(f"left={words[j]}", j) for j in range(max(0, i - 6), i)]
        found += [(f"right={words[j]}", j) for j in range(i + 1, min(count, i + 7))]
        yield found + shared


@cache
def read_lexicon() -> dict[str, tuple[str, ...]]:
    """Word to the lists it stands on (hedge, booster, hype); the sources are named in the file."""
    kinds: dict[str, tuple[str, ...]] = {}
    text = files("hypecheck.data").joinpath("lexicon.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        kind, colon, words = line.partition(": ")
        if colon and not line.startswith("#"):
            for word in words.split():
                kinds[word] = (*kinds.get(word, ()), kind)
    return kinds


def _near_approval(words: list[str], classes: list[str]) -> set[int]:
    """Words around which both a word of imminence and a regulator's word stand."""
    regulators = [i for i, name in enumerate(classes) if name == "regulator"]
    if not regulators:
        return set()
    coming = [i for i, word in enumerate(words) if _in_parts(word, _IMMINENCE)]
    return _around(regulators, len(words)) & _around(coming, len(words))


def _around(centres: list[int], count: int) -> set[int]:
    reach = range(-IMMINENCE_REACH, IMMINENCE_REACH + 1)
    return {centre + step for centre in centres for step in reach if 0 <= centre + step < count}


def _in_parts(word: str, among: frozenset[str]) -> bool:
    return word in among or ("-" in word and not among.isdisjoint(word.split("-")))


def sentence_features(line: Line) -> list[tuple[str, int]]:
    """Features of a sentence as a whole, for what it claims or warns of."""
    words = [token.word for token in line.tokens]
    found = [(f"context:{name}", CONTEXT) for name in line.context]
    for i, word in enumerate(words):
        found.append((f"s={word}", i))
        if len(word) > 4:
            found.append((f"s5={word[:5]}", i))
        if i:
            found.append((f"s2={words[i - 1]} {word}", i))
        if i > 1:
            found.append((f"s3={words[i - 2]} {words[i - 1]} {word}", i))
            found.append((f"skip={words[i - 2]} {word}", i))
    return list(dict(reversed(found)).items())[::-1]


def _register(rows: list[list[Token]]) -> list[str]:
    """How the document speaks: to the reader, in questions, with quoted people, in numbers."""
    words = [token.word for row in rows for token in row]
    count = max(1, len(rows))
    shares = {
        "reader": sum(word in ("you", "your") for word in words) / max(1, len(words)) >= READER_SHARE,
        "questions": sum(bool(row) and row[-1].text == "?" for row in rows) / count >= QUESTION_SHARE,
        "speakers": sum(_class_of(word) == "speech" for word in words) / count >= SPEAKER_SHARE,
        "review": sum(word in _REVIEW_WORDS for word in words) / count >= REVIEW_SHARE,
        "numbers": sum(any(token.word[0] == "0" for token in row) for row in rows) / count >= NUMBER_SHARE,
    }
    return [f"register:{name}" for name, holds in shares.items() if holds]


def _place(kind: BlockKind, words_before: int) -> list[str]:
    place = [f"block:{kind}"] if kind != "paragraph" else []
    if words_before < LEAD_WORDS:
        place.append("lead")
    return place


def _sentence_context(row: list[Token], classes: set[str]) -> list[str]:
    words = {token.word for token in row}
    context = [f"has:{name}" for name in sorted(classes)]
    if any(word[0] == "0" for word in words):
        context.append("has:number")
    if words & {"%", "percent"}:
        context.append("has:percent")
    if words & {'"', "“"}:
        context.append("has:quotation")
    if row[-1].text not in ".!?\"”'’":
        context.append("open end")
    context.append(f"length:{min(5, len(row) // 8)}")
    return context


def _normalise(text: str) -> str:
    word = text.lower().replace("’", "'")
    if word[0].isdigit():
        return "0" if word.isdigit() else "0x"
    return word


def _class_of(word: str) -> str:
    """The class of a word or, of a compound, that of its last part (`near-FDA`)."""
    return _CLASS_OF.get(word) or _CLASS_OF.get(word.rpartition("-")[2], "")


def _shape(text: str) -> str:
    if text[0].isdigit():
        return "number"
    if len(text) > 1 and text.isupper():
        return "CAPITALS"
    if text[0].isupper():
        return "Capital"
    return "word" if text.isalpha() else "mark"
