"""Character references of HTML and Markdown: `&amp;`, `&#8217;`."""

from __future__ import annotations

import html
import re
from html.entities import html5

from hypecheck.read.region import TextBuilder

_REFERENCE = re.compile(r"&(?:#(?:[xX][0-9a-fA-F]+|[0-9]+);?|[a-zA-Z][a-zA-Z0-9]{0,31};?)")
_MOST_DIGITS = 7
"""U+10FFFF has seven decimal digits; int() of a hostile million of them would raise."""


def take_resolved(builder: TextBuilder, text: str, start: int, end: int, attribute: bool = False) -> None:
    """Append `text[start:end]`, the text of the builder's region, with its references resolved."""
    at = start
    for match in _REFERENCE.finditer(text, start, end):
        assigned = attribute and text.startswith("=", match.end())
        value, length = resolve(match.group(), attribute, assigned)
        if length:
            builder.take(at, match.start())
            at = match.start() + length
            builder.put(value, match.start(), at)
    builder.take(at, end)


def resolve(reference: str, attribute: bool = False, assigned: bool = False) -> tuple[str, int]:
    """What a reference stands for and how many of its characters do so; ("", 0) for none.

    In an attribute an old name without its semicolon is none where more letters or, `assigned`,
    an equals sign follow: such addresses as `?a=1&copy=2` are common.
    """
    if reference.startswith("&#"):
        return _resolve_number(reference), len(reference)
    name = reference[1:]
    if name in html5 and not (assigned and not name.endswith(";")):
        return html5[name], len(reference)
    if not attribute:
        for length in range(len(name) - 1, 1, -1):
            if name[:length] in html5:
                return html5[name[:length]], length + 1
    return "", 0


def _resolve_number(reference: str) -> str:
    digits = reference[2:].rstrip(";")
    hexadecimal = digits[0] in "xX"
    digits = digits[1:].lstrip("0") if hexadecimal else digits.lstrip("0")
    if len(digits) > _MOST_DIGITS:
        return "\ufffd"
    return html.unescape(f"&#{'x' if hexadecimal else ''}{digits or '0'};")
