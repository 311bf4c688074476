"""A document that was read out of another text, with its places told in that text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from hypecheck.offsets import OffsetMap, OffsetMapBuilder, Run
from hypecheck.types import Block, Comment, Document

_LINE_END = re.compile(r"\r\n|\n|\r")
_NOTE = re.compile(r"line (\d+): (.*?)(?: \(and \d+ more\))?", re.DOTALL)


class Placed(NamedTuple):
    """What a document holds, placed in the outer text; a remark is a position there and the reason for a note."""

    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...]
    remarks: tuple[tuple[int, str], ...]


def place(inner: Document, outer: OffsetMap) -> Placed:
    """The contents of `inner`, whose source `outer` maps to the outer text.

    A run of `outer` either stands letter for letter or stands for one character, so that no run is ever cut.
    """
    blocks = tuple(replace(block, offsets=trace(block.text, block.offsets, outer)) for block in inner.blocks)
    comments = tuple(Comment(comment.text, *outer.to_source(comment.start, comment.end)) for comment in inner.comments)
    return Placed(blocks, comments, tuple(_remarks(inner, outer)))


def trace(text: str, inner: OffsetMap, outer: OffsetMap) -> OffsetMap:
    """The map of `text` to what `outer` maps to, where `inner` maps it to the text of `outer`."""
    builder = OffsetMapBuilder()
    for run in inner.runs:
        end = run.source_start + run.source_length
        if run.text_length == run.source_length:
            shift = run.text_start - run.source_start
            for start, stop, place, length in _pieces(outer.runs, run.source_start, end):
                builder.add(text[start + shift : stop + shift], place, length)
        else:
            start, stop = outer.to_source(run.source_start, end)
            builder.add(text[run.text_start : run.text_start + run.text_length], start, stop - start)
    return builder.build()[1]


def _pieces(runs: tuple[Run, ...], start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """The parts of `start` to `end` that lie in one run each: start, end, and their place and length outside."""
    index = bisect_right(runs, start, key=lambda run: run.text_start) - 1
    while start < end:
        run = runs[index]
        stop = min(end, run.text_start + run.text_length)
        if run.text_length == run.source_length:
            yield start, stop, run.source_start + start - run.text_start, stop - start
        else:
            yield start, stop, run.source_start, run.source_length
        start = stop
        index += 1


def _remarks(inner: Document, outer: OffsetMap) -> Iterator[tuple[int, str]]:
    if not inner.notes:
        return
    starts = [0, *(match.end() for match in _LINE_END.finditer(inner.source))]
    for note in inner.notes:
        match = _NOTE.fullmatch(note)
        at = starts[int(match[1]) - 1] if match else 0
        reason = match[2] if match else note
        at = min(at, outer.text_length - 1)
        yield (outer.to_source(at, at + 1)[0] if at >= 0 else 0), reason
