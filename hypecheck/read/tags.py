"""HTML cut into text, tags and comments, in time linear in its length.

Neither parser at hand stays linear. On one text at 5,000 and at 20,000 repeats, so at four times
the length, tree-sitter-html 0.23 takes 12.6 times as long for `<p>a <b>b `, 15 times for `<!--`,
14 times for `<div>`; html.parser of Python 3.11.7 takes 17 times as long for `<a `, 15 times for
`<!--`, over 15 times for `<a b=">"`, raises AssertionError on `<![ `, and cuts comments and
unfinished tags otherwise in other patch releases, so that one page would get two reports.
Hence these rules, after the tokenizer of the HTML standard. Where a construct has no end the
standard drops the rest of the page; here the rest is read as text, since dropped text would pass
as careful text.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

RAW_TEXT = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
"""Elements whose content holds no tags but their own end."""

_SPACE = r"\t\n\f\r "
_TAG_OPENING = re.compile(r"<(/?)[a-zA-Z]")
_NAME = re.compile(rf"</?([a-zA-Z][^{_SPACE}/>]*)")
_ATTRIBUTE = re.compile(
    rf"""[{_SPACE}/]*+ (?: (?P<close>>) | (?P<name>[^{_SPACE}/>][^{_SPACE}/>=]*+)
    (?: [{_SPACE}]*+=[{_SPACE}]*+ (?: "(?P<double>[^"]*+)" | '(?P<single>[^']*+)'
    | (?P<bare>[^{_SPACE}>"'][^{_SPACE}>]*+) | (?=>) ) | (?![{_SPACE}]*+=) ) )""",
    re.VERBOSE,
)
_SIMPLE_TAG = re.compile(r"<[^<>]*>")
_COMMENT_END = re.compile(r"--!?>")
_TROUBLES = {
    ">": "a tag is never closed; read as text",
    "-->": "a comment is never closed; what follows is read as text",
    "]]>": "a CDATA section is never closed; what follows is read as text",
    "quote": "an attribute's quotation mark is never closed; the tags behind it are told by < and > alone",
}


class Token(NamedTuple):
    """A piece of a page. `name` is that of a tag, in lower case; the range is half-open."""

    kind: Literal["text", "cdata", "start", "end", "comment", "other"]
    start: int
    end: int
    name: str = ""


class Trouble(NamedTuple):
    """Why a construct was read as text, and where it stands."""

    reason: str
    position: int


def tokenize(text: str) -> tuple[list[Token], list[Trouble]]:
    """The tokens of a page, without gaps, and what had to be read otherwise."""
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.tokens, scanner.troubles


def attributes(text: str, tag: Token) -> dict[str, tuple[int, int]]:
    """Attribute names of a start tag, in lower case, with the half-open ranges of their values."""
    found: dict[str, tuple[int, int]] = {}
    at = tag.start + 1 + len(tag.name)
    while (match := _ATTRIBUTE.match(text, at, tag.end)) and not match["close"]:
        value = next((group for group in ("double", "single", "bare") if match[group] is not None), "name")
        end = match.end("name")
        found.setdefault(match["name"].lower(), match.span(value) if value != "name" else (end, end))
        at = match.end()
    return found


def _name(text: str, start: int) -> str:
    match = _NAME.match(text, start)
    return match[1].lower() if match else ""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.tokens: list[Token] = []
        self.troubles: list[Trouble] = []
        self._text = text
        self._hopeless: set[str] = set()

    def scan(self) -> None:
        text_start = at = 0
        while (opening := self._text.find("<", at)) >= 0:
            token = self._markup(opening)
            if token is None:
                at = opening + 1
                continue
            self._add_text(text_start, opening)
            self.tokens.append(token)
            at = text_start = token.end
            if token.kind == "start" and token.name in RAW_TEXT:
                at = text_start = self._skip_raw(token)
        self._add_text(text_start, len(self._text))

    def _add_text(self, start: int, end: int) -> None:
        if start < end:
            self.tokens.append(Token("text", start, end))

    def _markup(self, at: int) -> Token | None:
        """The construct that the `<` at `at` opens, None where it is mere text."""
        text = self._text
        if text.startswith("<!--", at):
            # From two characters on: `<!-->` is a whole comment.
            return self._until("comment", at, at + 2, "-->")
        if text.startswith("<![CDATA[", at):
            return self._until("cdata", at, at + 9, "]]>")
        if match := _TAG_OPENING.match(text, at):
            return self._tag("end" if match[1] else "start", at)
        if text.startswith(("<!", "<?", "</"), at):
            return self._until("other", at, at + 2, ">")
        return None

    def _until(self, kind: Literal["cdata", "comment", "other"], start: int, search: int, mark: str) -> Token | None:
        end = self._find_end(mark, search)
        if end < 0:
            self._give_up(mark, start)
            return None
        return Token(kind, start, end)

    def _find_end(self, mark: str, at: int) -> int:
        """The place behind the next `mark`, -1 for none; once there is none it is not sought again."""
        if mark in self._hopeless:
            return -1
        if mark == "-->":
            match = _COMMENT_END.search(self._text, at)
            return match.end() if match else -1
        found = self._text.find(mark, at)
        return found + len(mark) if found >= 0 else -1

    def _give_up(self, mark: str, at: int) -> None:
        if mark not in self._hopeless:
            self._hopeless.add(mark)
            self.troubles.append(Trouble(_TROUBLES[mark], at))

    def _tag(self, kind: Literal["start", "end"], start: int) -> Token | None:
        """The tag that opens at `start`, None where it has no end."""
        text = self._text
        if "quote" in self._hopeless:
            simple = _SIMPLE_TAG.match(text, start)
            return Token(kind, start, simple.end(), _name(text, start)) if simple else None
        end = self._find_end(">", start)
        if end < 0:
            self._give_up(">", start)
            return None
        # Only a quotation mark can hide a bracket that does not end the tag.
        if text.find('"', start, end) >= 0 or text.find("'", start, end) >= 0:
            end = self._quoted_end(start)
        if end < 0:
            self._give_up("quote", start)
            return self._tag(kind, start)
        return Token(kind, start, end, _name(text, start))

    def _quoted_end(self, start: int) -> int:
        """The place behind a tag with quoted attributes, -1 where a quotation mark is never closed."""
        name = _NAME.match(self._text, start)
        at = name.end() if name else start
        while match := _ATTRIBUTE.match(self._text, at):
            at = match.end()
            if match["close"]:
                return at
        return -1

    def _skip_raw(self, tag: Token) -> int:
        """Add the content of a raw text element as one token, and return the place behind it."""
        if tag.name in self._hopeless:
            return tag.end
        match = re.compile(rf"</{tag.name}(?=[{_SPACE}/>])", re.IGNORECASE).search(self._text, tag.end)
        if match is None:
            self._hopeless.add(tag.name)
            self.troubles.append(Trouble(f"<{tag.name}> is never closed; what follows is read as text", tag.start))
            return tag.end
        self._add_text(tag.end, match.start())
        return match.start()
