"""The document as it reads, block by block, with its findings marked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby

from hypecheck.render.html_elements import Html, element, join
from hypecheck.render.html_marks import Place, assign_lanes, link, mark_source, mark_text
from hypecheck.types import Block, Finding, Report

_LABELS = {"alt": "picture", "aside": "not checked"}
"""What stands before a block that does not say itself what it is; before metadata stands its name."""


def show_article(report: Report, number: int) -> Html:
    """The blocks as a page would show them: without markup, code and whatever else is no prose.

    A report without blocks, made by hand, shows its source. Every finding has its link, one that no
    block holds behind the text.
    """
    if not report.blocks:
        deep = any(lane > 1 for lane in assign_lanes(report.findings))
        return element("div", mark_source(report.source, report.findings, number), class_=_look(deep))
    blocks = sorted(report.blocks, key=lambda block: block.offsets.runs[0].source_start)
    places = _places(blocks, report.findings)
    deep = any(lane > 1 for found in places for lane in assign_lanes(found))
    shown = [(block, mark_text(block.text, found, number)) for block, found in zip(blocks, places, strict=True)]
    linked = {place.number for found in places for place in found}
    lost = [link(finding, number, at) for at, finding in enumerate(report.findings, 1) if at not in linked]
    end = [element("p", "In no stretch of text: ", *lost)] if lost else []
    return element("div", *_elements(shown), *end, class_=_look(deep))


def _look(deep: bool) -> str:
    return "source deep" if deep else "source"


def _places(blocks: Sequence[Block], findings: Sequence[Finding]) -> list[list[Place]]:
    """For each block the findings that stand in it, in positions of its text."""
    starts = [finding.start for finding in findings]
    longest = max((finding.end - finding.start for finding in findings), default=0)
    last_block: dict[int, int] = {}
    found: list[list[tuple[int, int, int]]] = []
    for index, block in enumerate(blocks):
        begin, end = block.offsets.to_source(0, len(block.text))
        rows = []
        for at in range(bisect_left(starts, begin - longest), bisect_left(starts, end)):
            first, last = block.offsets.to_text(findings[at].start, findings[at].end)
            if first < last:
                rows.append((first, last, at))
                last_block[at] = index
        found.append(rows)
    return [
        [Place(first, last, at + 1, findings[at], last_block[at] == index) for first, last, at in rows]
        for index, rows in enumerate(found)
    ]


def _elements(shown: Sequence[tuple[Block, Html]]) -> Iterator[Html]:
    for kind, run in groupby(shown, key=lambda row: row[0].kind):
        if kind == "item":
            yield element("ul", *(element("li", text) for _, text in run))
        elif kind == "cell":
            yield element("div", *(element("span", text, class_="cell") for _, text in run), class_="cells")
        else:
            yield from (_element(block, text) for block, text in run)


def _element(block: Block, text: Html) -> Html:
    if block.kind in ("title", "heading") and not block.attribution:
        return element("h4", text)
    if block.kind == "quote":
        return element("blockquote", text)
    label = _LABELS.get(block.kind) or block.attribution
    if not label:
        return element("p", text)
    kind = "aside" if block.kind == "aside" else "meta"
    return element("p", join([element("span", f"{label}: ", class_="label"), text]), class_=kind)
