"""The text of a document with its findings marked in it."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from hypecheck.categories import load_categories
from hypecheck.render.html_elements import Html, element, join, opening
from hypecheck.render.plain import visible
from hypecheck.types import Finding

LANES = 4
"""Underlines that stand below each other; what four findings already cover shares a fifth. It bounds how
deep marks nest, which a browser bounds too (at 512), and so the size of the page."""

CROWD = LANES

CODES: Mapping[str, str] = MappingProxyType(
    {
        "certainty-overclaim": "CE", "cure-claim": "CU", "risk-minimization": "RI", "missing-risk": "MR",
        "approval-overclaim": "AP", "hype-language": "HY", "causal-overclaim": "CS", "unquantified-benefit": "UB",
        "evidence-extrapolation": "EX", "vague-attribution": "VA", "unproven-superiority": "SU",
        "anecdote-as-evidence": "AN", "fear-appeal": "FE", "care-avoidance": "CA",
    }
)  # fmt: skip
"""Two letters a category, so that a mark tells its kind where colours cannot be seen."""

_LINE_END = re.compile(r"\r\n|\r|\n")


def card_id(report: int, number: int) -> str:
    """The id of a finding's explanation; both numbers count from 1."""
    return f"r{report}-f{number}"


def tag_id(report: int, number: int) -> str:
    """The id of the link behind a finding's words."""
    return f"r{report}-m{number}"


class Place(NamedTuple):
    """Where a finding stands in a text that is shown: half-open; `number` counts from 1. `last` bears its link."""

    start: int
    end: int
    number: int
    finding: Finding
    last: bool = True


def mark_source(source: str, findings: Sequence[Finding], report: int) -> Html:
    """The source with its line breaks and its findings marked; see `mark_text`."""
    places = [Place(finding.start, finding.end, number, finding) for number, finding in enumerate(findings, 1)]
    return mark_text(source, places, report)


def mark_text(text: str, places: Sequence[Place], report: int) -> Html:
    """A text with its line breaks, each finding in marks, and behind it a link to its explanation.

    Marks nest where findings do; where findings cross, the later one's mark is split.
    """
    lanes = assign_lanes(places)
    starts, ends = _boundaries(places)
    active: dict[int, int] = {}
    crowd = 0
    opened: list[tuple[int, int]] = []
    pieces: list[str] = []
    position = 0
    for place in sorted({*starts, *ends}):
        pieces.append(_show(text, position, place))
        position = place
        for at in ends[place]:
            if places[at].start == place:
                continue
            if active.pop(at, CROWD) == CROWD:
                crowd -= 1
        for at in starts[place]:
            if lanes[at] == CROWD:
                crowd += 1
            else:
                active[at] = lanes[at]
        # In the order in which they began: what begins later and ends earlier stands inside.
        wanted = [*active.items(), *([(-1, CROWD)] if crowd else [])]
        kept = _common(opened, wanted)
        pieces.append("</mark>" * (len(opened) - kept))
        pieces += (link(places[at].finding, report, places[at].number) for at in ends[place] if places[at].last)
        pieces += (_open(places, report, lane, at) for at, lane in wanted[kept:])
        opened = wanted
    pieces.append(_show(text, position, len(text)))
    return Html("".join(pieces))


def assign_lanes(places: Sequence[Finding | Place]) -> list[int]:
    """For each finding an underline that no finding has which it overlaps, or CROWD where all are taken."""
    free_from = [0] * LANES
    lanes = [CROWD] * len(places)
    for at in sorted(range(len(places)), key=lambda at: (places[at].start, -places[at].end)):
        for lane in range(LANES):
            if free_from[lane] <= places[at].start:
                lanes[at] = lane
                free_from[lane] = places[at].end
                break
    return lanes


def look(finding: Finding) -> str:
    """The classes that show how grave and how sure a finding is."""
    return f"s-{finding.severity}{' sure' if finding.gated else ''}"


def _boundaries(places: Sequence[Place]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """The findings that start at a place, the longest first, without those of no length; and all that end there."""
    starts: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    for at, place in enumerate(places):
        if place.start < place.end:
            starts[place.start].append(at)
        ends[place.end].append(at)
    for begun in starts.values():
        begun.sort(key=lambda at: -places[at].end)
    return starts, ends


def _common(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> int:
    """How many leading entries are the same."""
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return length


def _open(places: Sequence[Place], report: int, lane: int, at: int) -> Html:
    if lane == CROWD:
        return opening("mark", class_=f"crowd l{lane}")
    finding = places[at].finding
    whole = " whole" if finding.subtype == "document" else ""
    return opening("mark", class_=f"{look(finding)}{whole} l{lane}", data_of=card_id(report, places[at].number))


def link(finding: Finding, report: int, number: int) -> Html:
    """The link from a finding's place in the text to its explanation."""
    sure = "sure" if finding.gated else "worth a look"
    return element(
        "a",
        f"{number} {CODES[finding.category]}",
        element("span", f", {load_categories()[finding.category].name}, {finding.severity}, {sure}", class_="unseen"),
        class_=f"tag {look(finding)}",
        id=tag_id(report, number),
        href=f"#{card_id(report, number)}",
        data_of=card_id(report, number),
    )


def _show(source: str, start: int, end: int) -> Html:
    """A stretch of the source as markup: lines end in a line feed, tabs stay, other odd characters are written out."""
    # A finding may begin between the two characters of one line break, which is shown once, with the second.
    stop = end - 1 if end > start and source[end - 1] == "\r" and source.startswith("\n", end) else end
    text = _LINE_END.sub("\n", source[start:stop])
    flat = text.replace("\n", " ").replace("\t", " ")
    return Html(html.escape(text)) if visible(flat) == flat else join(_runs(text))


def _runs(text: str) -> Iterator[Html]:
    """Odd characters in an element of their own: an escape that the author wrote out looks different."""
    for odd, chars in groupby(text, _is_odd):
        run = "".join(chars)
        yield element("i", run) if odd else Html(html.escape(run))


@cache
def _is_odd(char: str) -> bool:
    return char not in "\n\t" and visible(char) != char
