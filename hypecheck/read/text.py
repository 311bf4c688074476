"""Plain text: paragraphs, list items and headings told apart by line breaks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hypecheck.read.draft import Draft
from hypecheck.read.region import Region, TextBuilder
from hypecheck.types import BlockKind, Document

WIDEST_WRAP = 100
"""Mail wraps at 72, code at 79 to 100; longer lines are paragraphs that were never wrapped."""

NARROWEST_WRAP = 40
"""Below it, short lines are a list without bullets rather than a wrapped paragraph."""

HEADING_WORDS = 14
TITLE_WORDS = 25
"""A headline that opens a text runs longer than a heading inside it."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_ATTRIBUTION = re.compile(
    r"^[ \t]*(?:(?P<whole>-{2,}[ \t]*(?:Original|Forwarded)[ \t]Message[ \t]*-{2,}|Begin forwarded message:)"
    r"|(?:On|At|Am|Le)[ \t][^\r\n]{4,160}[ \t]wrote:|[^\r\n]{2,80}@[^\r\n]{2,80}[ \t]wrote:)[ \t]*(?:\r\n|\n|\r)",
    re.MULTILINE | re.IGNORECASE,
)
"""The line with which mail programs head what they quote: marked line by line, or unmarked down to the end."""

_LINE = re.compile(r"([^\r\n]*+)(?:\r\n|\n|\r|\Z)")
_EDGE = re.compile(r"\S")
_DIRECTIVE = re.compile(r"(?<!\S)\[[^\S\r\n]*+(?i:hypecheck)[^\S\r\n]*+:(?:[^\[\]\r\n]++|\[[^\[\]\r\n]*+\])*+\]")
_REST = re.compile(r"[^\S\r\n]*+")
_MARKER = re.compile(r"(?:[-*+•‣◦▪●·✓✔✅➤]|\d{1,2}[.)])[^\S\r\n]+(?=\S)")
_CLOSING = tuple(".!?…;:,。！？")
_CLOSING_OF_TITLE = tuple(".…;:,。")
_TRAILERS = "\"'”’»)]*_"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank. `text_start` stands behind the bullet, if there is one."""

    margin: int
    indent: int
    text_start: int
    end: int
    item: bool
    opens_run: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines that make one block."""

    first: _Line
    last: _Line
    words: int
    """Words of the block, counted no further than a title may run."""


def read(source: str, path: str) -> Document:
    """The document in a plain text; its first line is the title where it reads like one."""
    draft = Draft(source, path)
    region = without_directives(draft, Region.whole(source))
    at = 0
    for start, end in _quoted_mail(region.text):
        add_blocks(draft, region, at, start, titled=not at)
        mail = TextBuilder(region)
        mail.take(start, end)
        draft.add("aside", mail)
        draft.note("quoted mail is not checked", region.place(start))
        at = end
    add_blocks(draft, region, at, titled=not at)
    return draft.document(title=draft.first_text("title"))


def _quoted_mail(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of an answered or forwarded mail: what follows its line of attribution and is marked, or all of it."""
    at = 0
    for match in _ATTRIBUTION.finditer(text):
        if match.start() < at:
            continue
        if match["whole"]:
            yield match.start(), len(text)
            return
        end = _end_of_marked(text, match.end())
        if end > match.end():
            yield match.start(), end
            at = end


def _end_of_marked(text: str, start: int) -> int:
    """Behind the last of the lines from `start` on that begin with `>`; blank ones may stand between."""
    end = start
    for line in _LINE.finditer(text, start):
        if line[1].lstrip().startswith(">"):
            end = line.end()
        elif line[1].strip():
            break
    return end


def without_directives(draft: Draft, region: Region) -> Region:
    """The region without its bracketed directives, which are kept as comments.

    `[hypecheck: ...]` is one at the end of a line, behind white space, or on a line of its own; such
    a line is left out with its line end, so that it parts nothing. Anywhere else it is text.
    """
    text = region.text
    kept: list[tuple[int, int]] = []
    for match in reversed(list(_DIRECTIVE.finditer(text))):
        rest = _end_of_rest(text, match.end())
        if _ends_line(text, rest) or (kept and rest == kept[-1][0]):
            kept.append(match.span())
    stretches: list[tuple[int, int]] = []
    at, alone = 0, False
    for begin, end in reversed(kept):
        draft.comment(region, begin, end, len("["), len("]"))
        start = _start_of_space(text, begin)
        alone = start == 0 or text[start - 1] in "\r\n" or (alone and start == at)
        rest = _end_of_rest(text, end)
        if alone and _ends_line(text, rest):
            line_end = _LINE_END.match(text, rest)
            end = line_end.end() if line_end else rest
        stretches.append((at, start))
        at = end
    if not kept:
        return region
    stretches.append((at, len(text)))
    places = ((place, place + b - a) for start, end in stretches for a, b, place in region.stretches(start, end))
    return Region.joined(draft.source, places)


def _end_of_rest(text: str, at: int) -> int:
    rest = _REST.match(text, at)
    return rest.end() if rest else at


def _ends_line(text: str, at: int) -> bool:
    return at == len(text) or text[at] in "\r\n"


def _start_of_space(text: str, at: int) -> int:
    while at > 0 and text[at - 1].isspace() and text[at - 1] not in "\r\n":
        at -= 1
    return at


def add_blocks(draft: Draft, region: Region, start: int = 0, end: int | None = None, *, titled: bool = False) -> None:
    """Add the blocks of the region's characters `start` to `end`; only with `titled` is one a title."""
    lines = list(_lines(region.text, start, len(region.text) if end is None else end))
    groups = _group(region.text, lines, _wrap_width(region.text, lines))
    kinds = _kinds(region.text, groups, titled)
    for group, kind in zip(groups, kinds, strict=True):
        builder = TextBuilder(region)
        builder.take(group.first.text_start, group.last.end)
        draft.add(kind, builder)


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    opens_run = True
    at = start
    while at < end:
        match = _LINE_END.search(text, at, end)
        stop, following = match.span() if match else (end, end)
        edge = _EDGE.search(text, at, stop)
        if edge is None:
            opens_run = True
        else:
            marker = _MARKER.match(text, edge.start(), stop)
            text_start = marker.end() if marker else edge.start()
            text_end = at + len(text[at:stop].rstrip())
            yield _Line(at, edge.start() - at, text_start, text_end, marker is not None, opens_run)
            opens_run = False
        at = following


def _wrap_width(text: str, lines: list[_Line]) -> int:
    """The column at which the text was wrapped by hand, 0 where it was not."""
    # A line without a space, such as a long address, could not have been wrapped.
    widths = [line.end - line.margin for line in lines if " " in text[line.text_start : line.end]]
    width = max(widths, default=0)
    if not NARROWEST_WRAP <= width <= WIDEST_WRAP:
        return 0
    pairs = [pair for pair in pairwise(lines) if not (pair[1].opens_run or pair[1].item)]
    wraps = sum(_is_wrap(text, line, following, width) for line, following in pairs)
    # In a wrapped text nearly every break is a wrap; in a list of short lines only the longest
    # line can look like one.
    return width if 2 * wraps > len(pairs) else 0


def _is_wrap(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Whether the first word of the following line would not have fitted on this one."""
    word = text[following.text_start : following.text_start + width + 1].split(None, 1)[0]
    return line.end - line.margin + 1 + len(word) > width


def _group(text: str, lines: list[_Line], width: int) -> list[_Group]:
    groups: list[_Group] = []
    first = 0
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if following is None or not _joins(text, lines[first], line, following, width):
            words = text[lines[first].text_start : line.end].split(None, TITLE_WORDS)
            groups.append(_Group(lines[first], line, len(words)))
            first = index + 1
    return groups


def _joins(text: str, first: _Line, line: _Line, following: _Line, width: int) -> bool:
    """Whether the following line goes on with the block that `first` began."""
    if following.item or following.opens_run:
        return False
    hangs = first.item and following.indent >= first.text_start - first.margin
    return hangs or (width > 0 and _is_wrap(text, line, following, width))


def _kinds(text: str, groups: list[_Group], titled: bool) -> list[BlockKind]:
    """Kinds from the last block to the first, since a heading is known by what follows it."""
    kinds: list[BlockKind] = ["paragraph"] * len(groups)
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if group.first.item:
            kinds[index] = "item"
            continue
        if index + 1 == len(groups) or group.first is not group.last:
            continue
        leads = kinds[index + 1] != "paragraph" or groups[index + 1].words > group.words
        if index == 0 and titled and (leads or groups[1].first.opens_run) and _opens(text, group):
            kinds[index] = "title"
        elif leads and _heads(text, group, groups[index - 1] if index else None):
            kinds[index] = "heading"
    return kinds


def _opens(text: str, group: _Group) -> bool:
    return group.words <= TITLE_WORDS and not _closed(text, group, _CLOSING_OF_TITLE)


def _heads(text: str, group: _Group, previous: _Group | None) -> bool:
    if group.words > HEADING_WORDS or _closed(text, group, _CLOSING):
        return False
    # One of several short lines in a row is an entry of a list without bullets.
    return previous is None or group.first.opens_run or _closed(text, previous, _CLOSING)


def _closed(text: str, group: _Group, marks: tuple[str, ...]) -> bool:
    tail = text[max(group.first.text_start, group.last.end - 8) : group.last.end]
    return tail.rstrip(_TRAILERS).endswith(marks)
