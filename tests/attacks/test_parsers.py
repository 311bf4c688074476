"""Texts made to stall a parser, each read by a process of its own under limits of memory and time.

Time is judged by its growth, never by the clock: for ten times the text a parser that goes back
over its input takes a hundred times as long, or never ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import hypecheck

pytest.importorskip("resource", reason="this system cannot limit the memory of a process")

ROOT = Path(hypecheck.__file__).parents[1]
MEMORY = 1024 * 2**20
SECONDS = 60
"""Of the processor; it ends what would not end, and no test measures by it."""
NO_LIMIT = 77
GROWTH = 30
"""Halfway, in proportion, between ten, which is linear, and a hundred; a busy machine shows up to 22."""

READ = f"""
import gc, json, resource, sys, time
try:
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
    resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
except (OSError, ValueError):
    sys.exit({NO_LIMIT})
from hypecheck.read import read_text

def read(source):
    best, document = None, None
    for _ in range(3):
        document = None
        gc.collect()
        start = time.perf_counter()
        document = read_text(source, "a", format)
        spent = time.perf_counter() - start
        best = spent if best is None else min(best, spent)
    return best, document

format, before, unit, count, after = json.loads(sys.argv[1])
read(before + unit + after)
short, _ = read(before + unit * count + after)
long, document = read(before + unit * (10 * count) + after)
text = sum(len(block.text) for block in document.blocks)
print(json.dumps([short, long, text, document.notes]))
"""


def _read(format: str, before: str, unit: str, count: int, after: str) -> tuple[float, float, int, list[str]]:
    """Seconds for `count` units and for ten times as many; the characters and notes of the latter."""
    case = json.dumps([format, before, unit, count, after])
    done = subprocess.run([sys.executable, "-c", READ, case], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == NO_LIMIT:
        pytest.skip("this system cannot limit the memory of a process")
    assert done.returncode == 0, done.stderr[-2000:] or f"ended by signal {-done.returncode}"
    short, long, text, notes = json.loads(done.stdout)
    return short, long, text, notes


MARKDOWN = {
    "emphasis never closed": ("", "*a ", 3_000),
    "two kinds of emphasis": ("", "*a _b ", 1_500),
    "emphasis inside words": ("", "_a*b", 2_000),
    "asterisks": ("a ", "*", 3_000),
    "strikethrough": ("", "~a*b", 2_000),
    "brackets": ("", "[", 5_000),
    "brackets with text": ("", "[a", 3_000),
    "images never closed": ("", "![_", 2_000),
    "images with open addresses": ("", "![a](", 2_000),
    "links with open titles": ("", '[a](b "', 2_000),
    "entities in labels": ("", "[&amp;] ", 1_000),
    "labels": ("", "[a]: b\n", 1_000),
    "labels never defined": ("", "[a][b] ", 1_000),
    "brackets behind an open instruction": ("<?", "a]<?>", 1_500),
    "brackets behind an open attribute": ("", '<b c=">-]', 1_000),
    "brackets behind an open backtick": ("`", "([]", 3_000),
    "nested quotations": ("", ">", 1_000),
    "nested lists": ("", "* - ", 1_000),
    "lists below lists": ("", "- a\n" + "  " * 30 + "- b\n", 300),
    "YAML brackets": ("---\na: ", "[", 1_900, "\n---\n"),
    "YAML brackets in maps": ("---\na: ", "[{", 900, "\n---\n"),
    "YAML lists": ("---\n", "a: [b, c]\n", 190, "---\n"),
    "TOML brackets": ("+++\na = ", "[", 1_900, "\n+++\n"),
    "TOML quotes": ("+++\n", 'a = """', 250, "\n+++\n"),
    "comments": ("", "<!--", 3_000),
    "tags": ("", "<a ", 3_000),
    "HTML blocks": ("", "<div>\n", 1_500),
    "ampersands": ("", "&", 8_000),
    "dollars": ("", "$a", 5_000),
    "backslashes": ("", "\\", 5_000),
    "addresses": ("", "https://", 2_000),
    "errors of the grammar": ("", "- <v>\n\n\n", 800),
    "a long table": ("| a | b |\n|---|---|\n", "| *c* | d |\n", 500),
    "a wide table": ("", "| a ", 3_000),
    "short paragraphs": ("", "a\n\n", 1_000),
    "fences": ("", "```\n\n", 3_000),
    "footnotes": ("", "[^1]: a\n", 1_000),
}
HTML = {
    "elements never closed": ("", "<p>a <b>b ", 2_000),
    "divisions": ("", "<div>", 3_000),
    "comments": ("", "<!--", 5_000),
    "tags never closed": ("", "<a ", 5_000),
    "names never closed": ("", "<x:", 5_000),
    "attributes never closed": ("", '<a b=">"', 2_000),
    "attributes in turn": ("", "<a b='\"", 2_000),
    "names behind an open attribute": ("<a b='>", "<x:", 5_000),
    "declarations": ("", "<![ ", 5_000),
    "sections": ("", "<![CDATA[", 2_000),
    "end tags": ("", "</a ", 5_000),
    "scripts": ("", "<script>", 2_000),
    "skipped elements": ("", "<code>", 2_000),
    "lists ended from inside": ("", "<ul><li></h2>", 1_500),
    "ampersands": ("", "&", 30_000),
    "names of entities": ("", "&a", 5_000),
    "numbers": ("&#", "9", 50_000),
    "a long table": ("<table>", "<tr><td>a", 1_500),
}
TEXT = {
    "one line": ("", "word word. ", 20_000),
    "short lines": ("", "a\n", 3_000),
    "bullets": ("", "- ", 30_000),
    "spaces": ("", "a  ", 5_000),
    "line ends": ("", "\r", 50_000),
}
ATTACKS = [
    pytest.param(format, *case, *[""][: 4 - len(case)], id=f"{format}: {name}")
    for format, cases in {"markdown": MARKDOWN, "html": HTML, "text": TEXT}.items()
    for name, case in cases.items()
]


@pytest.mark.parametrize(("format", "before", "unit", "count", "after"), ATTACKS)
def test_time_grows_with_the_length(format, before, unit, count, after):
    short, long, _, _ = _read(format, before, unit, count, after)
    assert long < GROWTH * short


@pytest.mark.parametrize(
    ("format", "unit", "count", "text"),
    [
        ("markdown", "*a ", 3_000, 3 * 30_000 - 1),
        ("markdown", "[", 5_000, 50_000),
        ("markdown", "![_", 4, 2 * 40),
        ("markdown", "word word. ", 45_000, 11 * 450_000 - 1),
        ("html", "<p>a <b>b ", 5_000, 3 * 50_000),
        ("text", "word word. ", 45_000, 11 * 450_000 - 1),
    ],
    ids=["emphasis", "brackets", "forty images", "5 MB on one line of Markdown", "500 kB of HTML", "5 MB on one line"],
)
def test_nothing_is_lost_at_full_size(format, unit, count, text):
    assert _read(format, "", unit, count, "")[2] == text


@pytest.mark.parametrize(
    ("before", "unit", "count", "after", "note"),
    [
        ("", "*a ", 3_000, "", "line 1: too many marks or brackets in one block; read as plain text"),
        ("", "a]<?>", 1_000, "", "line 1: too many marks or brackets in one block; read as plain text"),
        (
            "---\na: ",
            "[",
            100,
            "\n---\n",
            "line 1: the front matter is nested more than 20 levels deep; read as plain text",
        ),
        (
            "---\na: ",
            "b ",
            1_001,
            "\n---\n",
            "line 1: the front matter is longer than 20000 characters; read as plain text",
        ),
    ],
)
def test_what_is_cut_short_is_said(before, unit, count, after, note):
    assert _read("markdown", before, unit, count, after)[3] == [note]
