"""JSX in MDX: tags, and JavaScript expressions in braces, as cuts in the text around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from hypecheck.types import Comment

_LINE_END = re.compile(r"[\r\n]")
_LONGEST_MARGIN = 200
"""Characters looked back over for the beginning of a tag's line."""

_BLANK = re.compile(r"(?>\r\n|\n|\r)[ \t]*(?=[\r\n]|\Z)")
_MARK = re.compile(r"\\[\s\S]|`+|<!--|[{<]")
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:[.:-][\w$]+)*")
_ATTRIBUTE = re.compile(r"[A-Za-z_$][\w$:.-]*")
_EQUALS = re.compile(r"\s*=\s*")
_SPACE = re.compile(r"\s*")
_BARE = re.compile(r"[^\s\"'=<>`{}]+")
_COMMENT = re.compile(r"\{\s*/\*(.*?)\*/\s*\}", re.DOTALL)
_LITERAL = re.compile(r"""\{\s*(?:"[^"\\{}]*"|'[^'\\{}]*'|`[^`\\{}$]*`)\s*\}""")
_WRAPPERS = frozenset("article aside center details div figure header main p section small span".split())
"""Lower-case tags that only hold what stands in them; on lines of their own they are cut too."""


class Cut(NamedTuple):
    """A half-open range of the source, and what stands for it: nothing, or a space."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Tag:
    """A JSX tag; `code` are the ranges of its attributes that are JavaScript."""

    name: str
    end: int
    closes_itself: bool
    code: tuple[Cut, ...]

    @property
    def is_component(self) -> bool:
        """Whether the tag is one of JSX alone: a component, a member of one, a fragment."""
        return not self.name or "." in self.name or not self.name[0].islower()


def pair_braces(source: str) -> dict[int, int]:
    """For each opening brace that is closed the position behind the closing one."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(source):
        if brace.group() == "{":
            opened.append(brace.start())
        elif opened:
            pairs[opened.pop()] = brace.end()
    return pairs


class Inside:
    """Goes through text outside of fenced code: tags and expressions are cut, comments kept."""

    def __init__(self, source: str, pairs: dict[int, int]) -> None:
        self.cuts: list[Cut] = []
        self.comments: list[Comment] = []
        self._source = source
        self._pairs = pairs
        self._missing: set[str] = set()
        """Quotation marks that do not come any more."""

    def read(self, start: int, end: int) -> None:
        """Read the half-open range."""
        spans = _code_spans(self._source, start, end)
        comments_end = True
        at = start
        while match := _MARK.search(self._source, at, end):
            mark = match.group()
            at = match.end()
            if mark[0] == "`":
                at = spans.get(match.start(), at)
            elif mark == "<!--":
                # A comment of HTML, which Markdown keeps; where none ends, there is none.
                closing = self._source.find("-->", at, end) if comments_end else -1
                comments_end = closing >= 0
                at = max(at, closing)
            elif mark == "{":
                at = self._expression(match.start())
            elif mark == "<" and (tag := self._tag(match.start())):
                self._cut_tag(match.start(), tag)
                at = tag.end

    def _expression(self, start: int) -> int:
        end = self._pairs.get(start)
        if end is None:
            return start + 1
        comment = _COMMENT.fullmatch(self._source, start, end)
        if comment:
            self.comments.append(Comment(comment[1].strip(), start, end))
            self.cuts.append(Cut(start, end))
        elif _LITERAL.fullmatch(self._source, start, end):
            # A text written as a string is shown like any other.
            inside = self._source[start:end]
            opening = re.match(r"\{\s*.", inside)
            closing = re.search(r".\s*\}\Z", inside)
            if opening and closing:
                self.cuts += [Cut(start, start + opening.end()), Cut(start + closing.start(), end)]
        else:
            self.cuts.append(Cut(start, end, " "))
        return end

    def _cut_tag(self, start: int, tag: _Tag) -> None:
        wraps = tag.name in _WRAPPERS and self._stands_alone(start, tag.end)
        if wraps or tag.is_component:
            self.cuts.append(Cut(start, tag.end, " " if tag.closes_itself else ""))
        else:
            self.cuts += tag.code

    def _stands_alone(self, start: int, end: int) -> bool:
        before = _LINE_END.split(self._source[max(0, start - _LONGEST_MARGIN) : start])[-1]
        behind = _LINE_END.split(self._source[end : end + _LONGEST_MARGIN])[0]
        return not before.strip(" \t>") and not behind.strip(" \t")

    def _tag(self, start: int) -> _Tag | None:
        """The JSX tag that begins at `start`; None where there is none."""
        closes = self._source.startswith("/", start + 1)
        match = _NAME.match(self._source, start + 1 + closes)
        name = match.group() if match else ""
        at = match.end() if match else start + 1 + closes
        code: list[Cut] = []
        while True:
            space = _SPACE.match(self._source, at)
            behind = space.end() if space else at
            if self._source.startswith(">", behind):
                return _Tag(name, behind + 1, False, tuple(code))
            if self._source.startswith("/>", behind) and name and not closes:
                return _Tag(name, behind + 2, True, tuple(code))
            if not name or closes or behind == at:
                return None
            end, is_code = self._attribute(behind)
            if end < 0:
                return None
            if is_code:
                code.append(Cut(at, end))
            at = end

    def _attribute(self, start: int) -> tuple[int, bool]:
        """The position behind the attribute at `start`, -1 where there is none, and whether it holds JavaScript."""
        if self._source.startswith("{", start):
            return self._pairs.get(start, -1), True
        name = _ATTRIBUTE.match(self._source, start)
        if name is None:
            return -1, False
        equals = _EQUALS.match(self._source, name.end())
        if equals is None:
            return name.end(), False
        at = equals.end()
        quote = self._source[at : at + 1]
        if quote == "{":
            return self._pairs.get(at, -1), True
        if quote in ("'", '"'):
            return self._behind(quote, at + 1), False
        bare = _BARE.match(self._source, at)
        return (bare.end() if bare else -1), False

    def _behind(self, quote: str, at: int) -> int:
        found = -1 if quote in self._missing else self._source.find(quote, at)
        if found < 0:
            self._missing.add(quote)
            return -1
        return found + 1


def _code_spans(source: str, start: int, end: int) -> dict[int, int]:
    """For each run of backticks that opens code the position behind the run that closes it, in one paragraph."""
    spans: dict[int, int] = {}
    at = start
    while at < end:
        blank = _BLANK.search(source, at, end)
        stop = blank.start() if blank else end
        runs: dict[int, list[int]] = {}
        ticks = [match.span() for match in re.finditer("`+", source[at:stop])]
        for first, last in reversed(ticks):
            following = runs.setdefault(last - first, [])
            if following:
                spans[at + first] = at + following[-1] + last - first
            following.append(first)
        at = blank.end() if blank else end
    return spans
