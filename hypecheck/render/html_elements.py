"""Builds markup from foreign text: whatever is not markup yet is made visible and escaped on its way in."""

from __future__ import annotations

import html
from collections.abc import Iterable

from hypecheck.render.plain import visible

VOID = frozenset({"input", "meta"})
"""Elements without content, among those used here."""

QUOTED = 300
"""Characters shown of one phrase or word: the whole text stands beside it, and a phrase may be all of it."""


class Html(str):
    """Markup: every text in it was escaped when it went in. Added to a plain text, it is a plain text again."""

    __slots__ = ()


def escape(text: str) -> Html:
    """The text as markup on one line, odd characters written out; markup stays as it is."""
    return text if isinstance(text, Html) else Html(html.escape(visible(text)))


def join(parts: Iterable[str], between: str = "") -> Html:
    """The parts one after the other, each escaped unless it is markup."""
    return Html(escape(between).join(map(escape, parts)))


def element(name: str, /, *children: str, **attributes: str | float | bool | None) -> Html:
    """An element. `class_` is written class, `data_of` data-of; None and False leave an attribute out.

    Every attribute's value is escaped, markup too.
    """
    written = "".join(map(_attribute, attributes.items()))
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(children)}</{name}>")


def opening(name: str, /, **attributes: str | float | bool | None) -> Html:
    """The start tag alone, for an element that other tags cross."""
    return Html(f"<{name}{''.join(map(_attribute, attributes.items()))}>")


def clip(text: str) -> str:
    """The text, or its two ends where it is longer than a reader wants to see quoted."""
    half = QUOTED // 2
    return text if len(text) <= QUOTED else f"{text[:half]} … {text[-half:]}"


def fold(text: str) -> str:
    """The text clipped, on one line, its white space folded."""
    return " ".join(clip(text).split())


def quote(text: str) -> Html:
    """The text between quotation marks, clipped and folded."""
    return element("q", element("bdi", fold(text)))


def table(head: Iterable[str], rows: Iterable[Iterable[str]], caption: str) -> Html:
    """A table whose first column names the rows."""
    body = (
        element("tr", *(element("td", cell) if at else element("th", cell, scope="row") for at, cell in enumerate(row)))
        for row in rows
    )
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *(element("th", cell, scope="col") for cell in head))),
        element("tbody", *body),
    )


def _attribute(item: tuple[str, str | float | bool | None]) -> str:
    name, value = item
    if value is None or value is False:
        return ""
    key = name.rstrip("_").replace("_", "-")
    return f" {key}" if value is True else f' {key}="{html.escape(visible(str(value)))}"'
