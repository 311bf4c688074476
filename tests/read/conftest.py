"""What the tests of the readers share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hypecheck.types import Document


@pytest.fixture(scope="session")
def kinds() -> Callable[[Document], list[tuple[str, str]]]:
    """The kind and the text of each block."""
    return lambda document: [(block.kind, block.text) for block in document.blocks]


@pytest.fixture(scope="session")
def check_offsets() -> Callable[[Document], None]:
    """Assert what holds for the offsets of every document, whatever its format."""

    def check(document: Document) -> None:
        for block in document.blocks:
            assert block.text == " ".join(block.text.split())
            assert block.text
            assert block.offsets.text_length == len(block.text)
            text_end = source_end = 0
            for run in block.offsets.runs:
                assert run.text_start == text_end
                assert run.source_start >= source_end
                assert run.text_length > 0
                assert run.source_length > 0
                text_end = run.text_start + run.text_length
                source_end = run.source_start + run.source_length
                if run.text_length == run.source_length:
                    stretch = document.source[run.source_start : source_end]
                    assert " ".join(stretch.split()) == block.text[run.text_start : text_end].strip()
            assert source_end <= len(document.source)
        for comment in document.comments:
            assert 0 <= comment.start < comment.end <= len(document.source)
            assert comment.text in document.source[comment.start : comment.end]

    return check


@pytest.fixture(scope="session")
def source_of() -> Callable[[Document, str], str]:
    """The stretch of the source that a phrase, which stands in one block only, was read from."""

    def find(document: Document, phrase: str) -> str:
        (block,) = (block for block in document.blocks if phrase in block.text)
        start = block.text.index(phrase)
        return document.source[slice(*block.offsets.to_source(start, start + len(phrase)))]

    return find
