"""What the paragraphs of a Word document are meant as: headings, items, quotations, or no prose at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from hypecheck.types import BlockKind

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_PASSED_OVER = ("toc ", "table of ", "index ", "bibliography", "endnote bibliography")
"""Beginnings of styles whose text repeats what stands elsewhere, or lists references."""

_QUOTES = ("quote", "intense quote", "block text")
_LISTS = ("list bullet", "list number")
_MOST_BASES = 20
"""Styles that a style is based on in turn; Word allows ten. Damaged ones may go round in a circle."""

_DEEPEST = 9
"""Levels of headings in Word; an outline level of 9, which counts from 0, is that of plain text."""


class Manner(NamedTuple):
    """How a paragraph is meant; `kind` is None for what is passed over, `level` that of a heading, from 1, else 0."""

    kind: BlockKind | None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Styles:
    """The manner of each paragraph style by its id, and that of paragraphs without one."""

    manners: Mapping[str, Manner]
    default: Manner

    @classmethod
    def of(cls, root: Any) -> Styles:
        """The paragraph styles of a styles part; a style takes from those that it is based on."""
        styles = {}
        default = ""
        for element in root.iterchildren(f"{_W}style"):
            name = element.get(f"{_W}styleId", "")
            said = _named_manner(_value(element, "name").lower()) or _own_manner(element.find(f"{_W}pPr"))
            styles[name] = _Style(said, _value(element, "basedOn"))
            if element.get(f"{_W}type") == "paragraph" and element.get(f"{_W}default") in ("1", "true", "on"):
                default = name
        return cls({name: _manner_of(name, styles) for name in styles}, _manner_of(default, styles))

    def manner(self, properties: Any) -> Manner:
        """The manner of a paragraph with these properties, None for none."""
        if properties is None:
            return self.default
        manner = self.manners.get(_value(properties, "pStyle"), self.default)
        own = _own_manner(properties)
        return own if own is not None and manner.kind in ("paragraph", "item") else manner


class _Style(NamedTuple):
    """What a style says of itself, None for nothing, and the style that it is based on."""

    said: Manner | None
    base: str


def _manner_of(name: str, styles: Mapping[str, _Style]) -> Manner:
    for _ in range(_MOST_BASES):
        style = styles.get(name)
        if style is None:
            break
        if style.said is not None:
            return style.said
        name = style.base
    return Manner("paragraph")


def _named_manner(name: str) -> Manner | None:
    """The manner of a built-in style; their names are English in every language of Word."""
    word, _, level = name.partition(" ")
    if word == "heading" and level.isdecimal() and 1 <= int(level[:2]) <= _DEEPEST:
        return Manner("heading", int(level[:2]))
    if name == "title":
        return Manner("title")
    if name == "subtitle":
        return Manner("heading", 2)
    if name in _QUOTES:
        return Manner("quote")
    if name.startswith(_LISTS):
        return Manner("item")
    if f"{name} ".startswith(_PASSED_OVER):
        return Manner(None)
    return None


def _own_manner(properties: Any) -> Manner | None:
    if properties is None:
        return None
    level = _value(properties, "outlineLvl")
    if level.isdecimal() and int(level[:2]) < _DEEPEST:
        return Manner("heading", int(level[:2]) + 1)
    numbering = properties.find(f"{_W}numPr")
    if numbering is None:
        return None
    # Number 0 takes the paragraph out of the list that its style puts it in.
    return Manner("paragraph" if _value(numbering, "numId") == "0" else "item")


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return "" if found is None else str(found.get(f"{_W}val", ""))
