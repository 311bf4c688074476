"""HTML: the text that a page shows, block by block, and what it says about itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from datetime import date

from hypecheck.read.dates import parse_date
from hypecheck.read.draft import METADATA, Draft
from hypecheck.read.entities import take_resolved
from hypecheck.read.region import Region, TextBuilder
from hypecheck.read.tags import RAW_TEXT, Token, Trouble, attributes, tokenize
from hypecheck.types import BlockKind, Document

_SKIPPED = frozenset(
    {"script", "style", "template", "noscript", "code", "pre", "samp", "kbd", "svg", "math", "nav", "footer"}
    | (RAW_TEXT - {"title"})
)
"""Elements whose content is no prose of the page."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(_HEADINGS, "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    **dict.fromkeys(("td", "th"), "cell"),
    "blockquote": "quote",
    "title": "title",
}
"""Elements that decide the kind of the text in them; a p or a div takes that of what it is in."""

_SECTIONS = frozenset(
    """
    address article aside body button caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form head header hgroup hr html legend main menu nav ol optgroup option
    p section select summary table tbody tfoot thead tr ul
    """.split()
)
_BLOCKS = _SECTIONS | _KINDS.keys() | _SKIPPED - {"code", "samp", "kbd", "svg", "math"}
"""Tags that part the text before from the text after them; any other tag stands inside a text."""

_LISTS = frozenset({"ul", "ol", "dl", "table"})
"""Elements that keep an item or a cell open around them, and end those within."""

_CLOSED_BY: dict[str, Collection[str]] = {
    **dict.fromkeys(("p", "ul", "ol", "dl", "table", "section", "article", "blockquote"), _HEADINGS),
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"td", "th"},
    **dict.fromkeys(_HEADINGS, _HEADINGS),
}
"""What a start tag closes, if it is the innermost open element: their end tags may be left out."""

_ELSEWHERE = frozenset({"title", "alt"})
"""Names of metadata that are no meta element."""

_DATES = ("article:published_time", "datepublished", "date", "dc.date", "time")
"""Where a page states its date, the most reliable first; a time element may name any day."""

_LINKED_DATE = re.compile(r'"datePublished"\s*:\s*"([^"\\]{4,60})"')
_CALL = re.compile(r"[\[(*†‡]?\d|[*†‡]")
"""How a footnote call in a sup element begins; it must not stick to the word before it."""


def read(source: str, path: str, metadata: Collection[str] = METADATA) -> Document:
    """The document in an HTML page, with what it says of itself in the named elements."""
    draft = Draft(source, path, metadata)
    page = _Page(draft, Region.whole(source))
    for trouble in page.read():
        draft.note(*trouble)
    title = draft.first_text("title") or page.titles.get("og:title", "") or draft.first_text("heading")
    return draft.document(title=title, written=page.written())


def add_fragment(draft: Draft, region: Region, kind: BlockKind) -> None:
    """Add the blocks and comments of HTML that stands in another format; bare text is of `kind`.

    An element may end outside the fragment, so nothing is said of those that stay open.
    """
    _Page(draft, region, kind).read()


def alternative(region: Region, start: int, end: int) -> TextBuilder | None:
    """The alternative text of the image whose tag is `start` to `end`, None without one."""
    tag = Token("start", start, end, "img")
    return _value(region, attributes(region.text, tag).get("alt"))


def is_block(tag: str) -> bool:
    """Whether a tag of that name parts the text before from the text after it."""
    return tag.lower() in _BLOCKS


def _value(region: Region, value: tuple[int, int] | None) -> TextBuilder | None:
    if value is None or value[0] == value[1]:
        return None
    builder = TextBuilder(region)
    take_resolved(builder, region.text, *value, attribute=True)
    return builder


class _Page:
    """One pass over the tokens of a page."""

    def __init__(self, draft: Draft, region: Region, kind: BlockKind = "paragraph") -> None:
        self.titles: dict[str, str] = {}
        self._draft = draft
        self._region = region
        self._kind = kind
        self._builder = TextBuilder(region)
        self._open: list[str] = []
        self._open_counts: Counter[str] = Counter()
        self._asides: list[tuple[BlockKind, TextBuilder, str]] = []
        self._dates: dict[str, date] = {}
        self._raising: Token | None = None

    def read(self) -> list[Trouble]:
        """Add all blocks and comments; the elements that were never closed are returned."""
        tokens, troubles = tokenize(self._region.text)
        for trouble in troubles:
            self._draft.note(trouble.reason, self._region.place(trouble.position))
        ends, unclosed = _skips(self._region.text, tokens)
        index = 0
        while index < len(tokens):
            if index in ends:
                self._skip(tokens[index], tokens[index + 1 : index + 2])
                index = ends[index]
            else:
                self._read_token(tokens[index])
                index += 1
        self._flush()
        return unclosed

    def written(self) -> date | None:
        """The date of the page, from the most reliable place that states one."""
        return next((self._dates[place] for place in _DATES if place in self._dates), None)

    def _read_token(self, token: Token) -> None:
        if token.kind == "text":
            self._take(token.start, token.end)
        elif token.kind == "cdata":
            self._builder.take(token.start + len("<![CDATA["), token.end - len("]]>"))
        elif token.kind == "comment":
            closing = "--!>" if self._region.text.startswith("!", token.end - 2) else "-->"
            self._draft.comment(self._region, token.start, token.end, len("<!--"), len(closing))
        elif token.kind == "start":
            self._start(token)
        elif token.kind == "end":
            self._end(token)

    def _take(self, start: int, end: int) -> None:
        if self._raising and _CALL.match(self._region.text, start, end):
            self._builder.space(self._raising.start, self._raising.end)
        self._raising = None
        take_resolved(self._builder, self._region.text, start, end)

    def _start(self, token: Token) -> None:
        name = token.name
        if name == "sup":
            self._raising = token
        elif name == "br":
            self._builder.space(token.start, token.end)
        elif name in ("img", "area"):
            self._builder.space(token.start, token.end)
            self._aside("alt", attributes(self._region.text, token).get("alt"))
        elif name == "meta":
            self._meta(attributes(self._region.text, token))
        elif name == "time":
            self._date("time", attributes(self._region.text, token).get("datetime"))
        if name in _BLOCKS:
            self._flush()
            if self._open and self._open[-1] in _CLOSED_BY.get(name, ()):
                self._open_counts[self._open.pop()] -= 1
            if name in _KINDS or name in _LISTS:
                self._open.append(name)
                self._open_counts[name] += 1

    def _end(self, token: Token) -> None:
        if token.name in _BLOCKS:
            self._flush()
            while self._open_counts[token.name]:
                closed = self._open.pop()
                self._open_counts[closed] -= 1
                if closed == token.name:
                    break

    def _flush(self) -> None:
        self._raising = None
        kind = _KINDS.get(self._open[-1], self._kind) if self._open else self._kind
        if kind != "title" or "title" in self._draft.metadata:
            self._draft.add(kind, self._builder, "title" if kind == "title" else "")
        self._builder = TextBuilder(self._region)
        for aside, builder, attribution in self._asides:
            text = self._draft.add(aside, builder, attribution)
            self.titles.setdefault(attribution, text)
        self._asides.clear()

    def _aside(self, kind: BlockKind, value: tuple[int, int] | None, attribution: str = "") -> None:
        builder = _value(self._region, value)
        if builder:
            self._asides.append((kind, builder, attribution))

    def _meta(self, found: dict[str, tuple[int, int]]) -> None:
        for naming in ("property", "name", "itemprop"):
            start, end = found.get(naming, (0, 0))
            name = self._region.text[start:end].strip().lower()
            if name in self._draft.metadata and name not in _ELSEWHERE:
                self._aside("metadata", found.get("content"), "meta description" if name == "description" else name)
            elif name in _DATES:
                self._date(name, found.get("content"))

    def _date(self, place: str, value: tuple[int, int] | None) -> None:
        day = parse_date(self._region.text[slice(*value)]) if value else None
        if day:
            self._dates.setdefault(place, day)

    def _skip(self, token: Token, following: list[Token]) -> None:
        """Pass over an element; linked data in a script may still state the date."""
        if token.name in _BLOCKS:
            self._flush()
        else:
            self._builder.space(token.start, token.end)
        if token.name == "script" and following:
            match = _LINKED_DATE.search(self._region.text, token.end, following[0].end)
            if match:
                self._date("datepublished", match.span(1))


def _skips(text: str, tokens: list[Token]) -> tuple[dict[int, int], list[Trouble]]:
    """For each skipped element the index behind its end tag; those that never end are not skipped."""
    ends: dict[int, int] = {}
    opened: dict[str, list[int]] = {name: [] for name in _SKIPPED}
    for index, token in enumerate(tokens):
        if token.name not in opened:
            continue
        if token.kind == "end":
            if opened[token.name]:
                ends[opened[token.name].pop()] = index + 1
        elif text[token.end - 2] == "/" and token.name not in RAW_TEXT:
            ends[index] = index + 1
        else:
            opened[token.name].append(index)
    unclosed = [
        Trouble(f"<{name}> is never closed; its text is read", tokens[index].start)
        for name, indices in opened.items()
        if name not in RAW_TEXT
        for index in indices
    ]
    return ends, sorted(unclosed, key=lambda trouble: trouble.position)
