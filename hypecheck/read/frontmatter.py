"""Front matter of a Markdown file: where its values stand, as well as what they say."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from hypecheck.read import text
from hypecheck.read.dates import parse_date
from hypecheck.read.draft import Draft
from hypecheck.read.region import Region, TextBuilder
from hypecheck.read.values import UnreadableError, Value, toml_values, yaml_values

MAX_CHARACTERS = 20_000
"""PyYAML reads some 100 kB a second, hostile text more slowly; front matter is a few hundred long."""

DATE_KEYS = ("date", "published", "lastmod")
"""Keys that date the document, the one to be trusted most first."""

_OPENING = re.compile(r"(---|\+\+\+)[ \t]*(?:\r\n|\n|\r)")
_YAML_CLOSING = re.compile(r"(?:(?<=\n)|(?<=\r))(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)")
_TOML_CLOSING = re.compile(r"(?:(?<=\n)|(?<=\r))\+\+\+[ \t]*(?:\r\n|\n|\r|\Z)")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[ \t]*(?:\r\n|\n|\r)\s*|[^\r\n])")
_DOUBLED_QUOTE = re.compile("''")
_ESCAPED = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_ESCAPED |= dict.fromkeys("tnvfr", " ")
"""Escapes whose character differs from their letter; white space is folded anyhow."""


class FrontMatter(NamedTuple):
    """What front matter says of its document; the body begins at the code point `end`."""

    end: int = 0
    title: str = ""
    written: date | None = None


def read_front_matter(draft: Draft) -> FrontMatter:
    """Add the prose of the front matter to the draft; an empty FrontMatter where there is none.

    Front matter that cannot be parsed is noted and read as plain text, so that nothing is lost.
    """
    opening = _OPENING.match(draft.source)
    if opening is None:
        return FrontMatter()
    is_yaml = opening[1] == "---"
    closing = (_YAML_CLOSING if is_yaml else _TOML_CLOSING).search(draft.source, opening.end())
    if closing is None:
        return FrontMatter()
    start, end = opening.end(), closing.start()
    read_values = yaml_values if is_yaml else toml_values
    try:
        if end - start > MAX_CHARACTERS:
            raise UnreadableError(f"is longer than {MAX_CHARACTERS} characters")
        values = read_values(draft.source, start, end)
    except UnreadableError as error:
        draft.note(f"the front matter {error}; read as plain text", 0)
        text.add_blocks(draft, Region.whole(draft.source), start, end)
        return FrontMatter(closing.end())
    for value in values:
        if value.key in draft.metadata:
            _add(draft, value)
    dates = {value.key: parse_date(value.text) for value in values if not value.nested}
    written = next((dates[key] for key in DATE_KEYS if dates.get(key)), None)
    return FrontMatter(closing.end(), draft.first_text("title"), written)


def _add(draft: Draft, value: Value) -> None:
    builder = TextBuilder(Region.whole(draft.source))
    _take(builder, draft.source, value)
    built = builder.build()
    # The parser says what the value is; a place that gives other words is the wrong place.
    if built[0] != " ".join(value.text.split()):
        draft.note(f"the place of {value.key!r} in the front matter cannot be told; it is not read", value.start)
    else:
        is_title = value.key == "title" and not value.nested
        draft.add("title" if is_title else "metadata", built, value.key)


def _take(builder: TextBuilder, source: str, value: Value) -> None:
    """Append the value with its quoting resolved."""
    escapes = {'"': _ESCAPE, "'": _DOUBLED_QUOTE}.get(value.quote)
    at = value.start
    for match in escapes.finditer(source, value.start, value.end) if escapes else ():
        builder.take(at, match.start())
        builder.put(_unescape(match.group()), *match.span())
        at = match.end()
    builder.take(at, value.end)


def _unescape(escape: str) -> str:
    if escape == "''":
        return "'"
    body = escape[1:]
    if body[0] in "xuU" and len(body) > 1:
        return chr(int(body[1:], 16))
    if (body[0] in " \t\r\n" and len(body) > 1) or body[0] in "\r\n":
        return ""
    return _ESCAPED.get(body, body)
