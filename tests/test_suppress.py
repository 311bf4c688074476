from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.categories import CATEGORY_IDS
from hypecheck.offsets import LineIndex
from hypecheck.read import read_text
from hypecheck.suppress import MAX_DIRECTIVES, MAX_REASON, VERBS, apply_directives, read_directives
from hypecheck.types import Comment, Document, Finding

CLAIM = re.compile(r"(?P<subtype>document )?(?P<word>miracle|cures|proven)\w*")
CATEGORY = {"miracle": "hype-language", "cures": "cure-claim", "proven": "missing-risk"}


def find(document: Document) -> list[Finding]:
    """A finding for each key word in a block, at its place in the source; a number tells it from others."""
    found = []
    index = LineIndex(document.source)
    for block in document.blocks:
        for match in CLAIM.finditer(block.text):
            start, end = block.offsets.to_source(*match.span())
            place = (start, end, *index.place(start), *index.place(end))
            kind = (CATEGORY[match["word"]], "document" if match["subtype"] else None)
            found.append(Finding(*kind, "high", 0.9, True, *place, match[0], "", "", (), (), "f" * 64))
    return sorted(found, key=lambda finding: finding.start)


def judge(source: str, format: str = "markdown"):
    document = read_text(source, "a.md", format)
    return apply_directives(find(document), read_directives(document), source)


def texts(findings) -> list[str]:
    return [finding.text for finding in findings]


SUPPRESSED = {
    "end of its line": ("A miracle1. <!-- hypecheck: ignore -->\n\nA miracle2.\n", ["miracle1"]),
    "start of its line": ("A word <!-- hypecheck: ignore --> and a miracle1.\n\nA miracle2.\n", ["miracle1"]),
    "inside a paragraph": ("A miracle1\nand <!-- hypecheck: ignore --> miracle2\nand miracle3.\n", ["miracle2"]),
    "alone": ("<!-- hypecheck: ignore -->\nA miracle1.\nA miracle2.\n", ["miracle1"]),
    "alone, blank lines": ("<!-- hypecheck: ignore -->\n\n \n\nA miracle1.\n\nA miracle2.\n", ["miracle1"]),
    "alone, over lines": ("<!--\nhypecheck: ignore\n-->\n\nA miracle1.\n\nA miracle2.\n", ["miracle1"]),
    "alone in a quotation": ("> <!-- hypecheck: ignore -->\n>\n> A miracle1.\n\nA miracle2.\n", ["miracle1"]),
    "a heading": ("# A miracle1 <!-- hypecheck: ignore -->\n\nA miracle2.\n", ["miracle1"]),
    "an item": ("- A miracle1 <!-- hypecheck: ignore -->\n- A miracle2\n", ["miracle1"]),
    "next line": ("A miracle1. <!-- hypecheck: ignore-next-line -->\nA miracle2.\nA miracle3.\n", ["miracle2"]),
    "next line, over lines": ("A miracle1. <!-- hypecheck:\nignore-next-line\n--> a miracle2\nand miracle3.\n", ["miracle3"]),
    "region": (
        "A miracle1.\n\n<!-- hypecheck: off -->\n\nA miracle2.\n\nA miracle3.\n\n<!-- hypecheck: on -->\n\nA miracle4.\n",
        ["miracle2", "miracle3"],
    ),
    "region inside a line": (
        "A miracle1 <!-- hypecheck: off --> and miracle2 <!-- hypecheck: on --> and miracle3.\n", ["miracle2"],
    ),
    "region without an end": ("A miracle1.\n\n<!-- hypecheck: off -->\n\nA miracle2.\n", ["miracle2"]),
    "two regions": (
        "<!-- hypecheck: off -->\n\nA miracle1.\n\n<!-- hypecheck: on -->\n\nA miracle2.\n\n"
        "<!-- hypecheck: off -->\n\nA miracle3.\n\n<!-- hypecheck: on -->\n",
        ["miracle1", "miracle3"],
    ),
    "file, at its end": ("A miracle1.\n\nA miracle2.\n\n<!-- hypecheck: ignore-file -->\n", ["miracle1", "miracle2"]),
    "one category": ("A miracle1 cures1. <!-- hypecheck: ignore [cure-claim] -->\n", ["cures1"]),
    "two categories": (
        "A miracle1 cures1 proven1. <!-- hypecheck: ignore [cure-claim, hype-language] -->\n", ["miracle1", "cures1"],
    ),
    "categories without brackets": ("A miracle1 cures1. <!-- hypecheck: ignore cure-claim -->\n", ["cures1"]),
    "region of a category": (
        "<!-- hypecheck: off [cure-claim] -->\n\nA miracle1 cures1.\n\n<!-- hypecheck: on -->\n\nIt cures2.\n", ["cures1"],
    ),
    "on again for one of two": (
        "<!-- hypecheck: off [cure-claim, hype-language] -->\n\nA miracle1 cures1.\n\n"
        "<!-- hypecheck: on [cure-claim] -->\n\nA miracle2 cures2.\n\n<!-- hypecheck: on -->\n\nA miracle3.\n",
        ["miracle1", "cures1", "miracle2"],
    ),
    "on again for one of all": (
        "<!-- hypecheck: off -->\n\nA miracle1.\n\n<!-- hypecheck: on [hype-language] -->\n\nA miracle2 cures2.\n",
        ["miracle1", "cures2"],
    ),
    "off for one more": (
        "<!-- hypecheck: off [cure-claim] -->\n\nA miracle1 cures1.\n\n<!-- hypecheck: off -->\n\nA miracle2 cures2.\n\n"
        "<!-- hypecheck: on -->\n\nA miracle3 cures3.\n",
        ["cures1", "miracle2", "cures2"],
    ),
    "any case and spacing": ("A miracle1. <!--HypeCheck :Ignore[HYPE-language]-->\n", ["miracle1"]),
    "file with a category": ("<!-- hypecheck: ignore-file [cure-claim] -->\n\nA miracle1 cures1.\n", ["cures1"]),
    "a known category beside an unknown one": ("A miracle1 cures1. <!-- hypecheck: ignore [x, cure-claim] -->\n", ["cures1"]),
    "the whole document by its file": ("A document proven1. <!-- hypecheck: ignore-file -->\n", ["document proven1"]),
    "the whole document by name": ("A document proven1. <!-- hypecheck: ignore [missing-risk] -->\n", ["document proven1"]),
}  # fmt: skip


@pytest.mark.parametrize(("source", "suppressed"), SUPPRESSED.values(), ids=SUPPRESSED)
def test_a_directive_suppresses(source, suppressed):
    assert texts(judge(source).suppressed) == suppressed


NOT_SUPPRESSED = {
    "another line": "A word. <!-- hypecheck: ignore -->\n\nA miracle1.\n",
    "a line before": "A miracle1.\n\n<!-- hypecheck: ignore -->\n",
    "next line is not this line": "A miracle1. <!-- hypecheck: ignore-next-line -->\n",
    "begins before the region": "A miracle1 <!-- hypecheck: off --> of a word <!-- hypecheck: on -->\n",
    "begins behind the region": "<!-- hypecheck: off --> a word <!-- hypecheck: on --> miracle1\n",
    "on alone": "<!-- hypecheck: on -->\n\nA miracle1.\n",
    "another category": "A miracle1. <!-- hypecheck: ignore [cure-claim] -->\n",
    "unknown category": "A miracle1. <!-- hypecheck: ignore [hype-langauge] -->\n",
    "a reason without its mark": "A miracle1. <!-- hypecheck: ignore quoted from the label -->\n",
    "unknown verb": "A miracle1. <!-- hypecheck: ignroe -->\n",
    "verb of another tool": "<!-- hypecheck: disable -->\n\nA miracle1.\n",
    "no verb": "A miracle1. <!-- hypecheck: -->\n",
    "no colon": "A miracle1. <!-- hypecheck ignore -->\n",
    "another tool": "A miracle1. <!-- healthcheck: ignore -->\n",
    "quoted in a comment": "A miracle1. <!-- do not write hypecheck: ignore -->\n",
    "quoted in a sentence": "A miracle1, said hypecheck: ignore it.\n",
    "code span": "A miracle1 `<!-- hypecheck: ignore -->` here.\n",
    "fenced code": "```\n<!-- hypecheck: off -->\n```\n\nA miracle1.\n",
    "indented code": "Text.\n\n    <!-- hypecheck: off -->\n\nA miracle1.\n",
    "escaped": "A miracle1 \\<!-- hypecheck: ignore -->\n",
    "brackets of plain text": "A miracle1. [hypecheck: ignore]\n",
    "the whole document by chance": "A document proven1. <!-- hypecheck: ignore -->\n",
    "the whole document in a region": "<!-- hypecheck: off -->\n\nA document proven1.\n",
}


@pytest.mark.parametrize("source", NOT_SUPPRESSED.values(), ids=NOT_SUPPRESSED)
def test_what_suppresses_nothing(source):
    outcome = judge(source)
    assert outcome.suppressed == ()
    assert len(outcome.kept) == 1


@pytest.mark.parametrize(
    ("format", "source"),
    [
        ("html", "<div>\n<!-- hypecheck: ignore -->\n<p class='x'>\nA miracle1.</p>\n<p>A miracle2.</p></div>"),
        ("html", "<pre><!-- hypecheck: off --></pre><p>A miracle1.<!-- hypecheck: ignore -->\n<p>A miracle2."),
        ("text", "A miracle1. [hypecheck: ignore hype-language -- quoted from the label]\nA miracle2.\n"),
        ("text", "[hypecheck: ignore]\nA miracle1.\nA miracle2.\n"),
        ("text", "[hypecheck: off [hype-language] -- a label]\r\nA miracle1.\r\n[hypecheck: on]\r\nA miracle2.\r\n"),
    ],
    ids=["html alone", "html at its line", "text", "text alone", "text region"],
)
def test_every_format_has_directives(format, source):
    outcome = judge(source, format)
    assert texts(outcome.suppressed) == ["miracle1"]
    assert texts(outcome.kept) == ["miracle2"]


NOTES = {
    "none": ("A miracle1. <!-- hypecheck: ignore -- a label -->\n", []),
    "no directive": ("A miracle1. <!-- hypecheck finds this fine -->\n", []),
    "no reason": ("Word.\n\nA miracle1. <!-- hypecheck: ignore -->\n", ["line 3: 'hypecheck: ignore' gives no reason"]),
    "empty reason": ("A miracle1. <!-- hypecheck: ignore -- -->\n", ["line 1: 'hypecheck: ignore' gives no reason"]),
    "dash of a typesetter": ("A miracle1. <!-- hypecheck: ignore — a label -->\n", []),
    "grouped": (
        "A miracle1. <!-- hypecheck: ignore -->\n\nA miracle2. <!-- hypecheck: ignore -->\n",
        ["lines 1, 3: 'hypecheck: ignore' gives no reason"],
    ),
    "unused": ("Word.\n\nWord. <!-- hypecheck: ignore -- a -->\n", ["line 3: 'hypecheck: ignore' suppresses nothing"]),
    "unused category": (
        "A miracle1. <!-- hypecheck: ignore [hype-language, cure-claim] -- a -->\n",
        ["line 1: 'hypecheck: ignore' finds nothing of cure-claim"],
    ),
    "unused file": ("Word. <!-- hypecheck: ignore-file -- a -->\n", ["line 1: 'hypecheck: ignore-file' suppresses nothing"]),
    "unused region": (
        "<!-- hypecheck: off -- a -->\n\nWord.\n\n<!-- hypecheck: on -->\n", ["line 1: 'hypecheck: off' suppresses nothing"],
    ),
    "region without an end": (
        "<!-- hypecheck: off -- a -->\n\nA miracle1.\n", ["line 1: 'hypecheck: off' is never switched on again"],
    ),
    "nothing off": ("<!-- hypecheck: on -->\n\nWord.\n", ["line 1: 'hypecheck: on' switches on what was not off"]),
    "another category off": (
        "<!-- hypecheck: off [cure-claim] -- a -->\nIt cures1.\n<!-- hypecheck: on [hype-language] -->\n",
        ["line 1: 'hypecheck: off' is never switched on", "line 3: 'hypecheck: on' switches on what was not off"],
    ),
    "off twice": (
        "<!-- hypecheck: off -- a -->\nA miracle1.\n\n<!-- hypecheck: off -->\n\n<!-- hypecheck: on -->\n",
        ["line 4: 'hypecheck: off' stands where all that it names is off already"],
    ),
    "no text below": ("Word.\n\n<!-- hypecheck: ignore -- a -->\n", ["line 3: 'hypecheck: ignore' has no text below it"]),
    "unknown verb": ("<!-- hypecheck: ignroe -->\n", ["line 1: no directive is called 'ignroe'; did you mean 'ignore'?"]),
    "far verb": ("<!-- hypecheck: zzz -->\n", ["line 1: no directive is called 'zzz'; the directives are ignore, "]),
    "verb of another tool": ("<!-- hypecheck: disable -->\n", ["line 1: no directive is called 'disable'; did you mean 'off'?"]),
    "near another verb": (
        "<!-- hypecheck: ignore-line -->\n", ["line 1: no directive is called 'ignore-line'; did you mean 'ignore'?"],
    ),
    "no verb": ("<!-- hypecheck: -->\n", ["line 1: a directive is missing behind 'hypecheck:'"]),
    "no colon": ("<!-- hypecheck ignore-file -->\n", ["line 1: no colon, so this is not followed; did you mean 'hypecheck: ignore-file'?"]),
    "unknown category": (
        "<!-- hypecheck: ignore [hype-langauge] -->\nA miracle1.\n",
        ["line 1: no category is called 'hype-langauge'; did you mean 'hype-language'?"],
    ),
    "far category": (
        "<!-- hypecheck: ignore zzz -->\nA miracle1.\n", ["line 1: no category is called 'zzz'; a reason stands behind"],
    ),
    "many names": (
        "<!-- hypecheck: ignore zz1 zz2 zz3 zz4 zz5 -->\n",
        [*(f"line 1: no category is called 'zz{n}'" for n in (1, 2, 3)), "line 1: 2 more names are no categories"],
    ),
    "whole document": (
        "A document proven1. <!-- hypecheck: ignore -- a -->\n",
        ["line 1: 'hypecheck: ignore' does not reach what the whole document lacks; name its category"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), NOTES.values(), ids=NOTES)
def test_what_is_noted(source, expected):
    notes = judge(source, "html").notes
    assert len(notes) == len(expected)
    for note, beginning in zip(notes, expected, strict=True):
        assert note.startswith(beginning)


def test_lines_that_share_a_note_are_listed_up_to_ten():
    (note,) = judge("A miracle. <!-- hypecheck: ignore -->\n\n" * 12).notes
    assert note.startswith("lines 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 and 2 more: 'hypecheck: ignore' gives no reason")


@pytest.mark.parametrize(
    ("source", "evidence"),
    [
        ("Word.\n\nA miracle1. <!-- hypecheck: ignore -- on the\n  label -->\n", "suppressed on line 3: on the label"),
        ("A miracle1. <!-- hypecheck: ignore -->\n", "suppressed on line 1: no reason given"),
        (
            "<!-- hypecheck: ignore-file -->\n\nA miracle1. <!-- hypecheck: ignore -- said -->\n",
            "suppressed on line 3: said",
        ),
        (
            "<!-- hypecheck: ignore-file -- all said -->\n\nA miracle1. <!-- hypecheck: ignore -->\n",
            "suppressed on line 1: all said",
        ),
        (f"A miracle1. <!-- hypecheck: ignore -- {'x' * 9_999} -->\n", f"suppressed on line 1: {'x' * MAX_REASON}"),
    ],
    ids=["reason", "no reason", "the one with a reason", "the first with a reason", "long reason"],
)
def test_the_last_evidence_is_the_directive(source, evidence):
    (finding,) = judge(source, "html").suppressed
    assert (finding.evidence[-1].kind, finding.evidence[-1].text) == ("note", evidence)


def test_a_reason_may_stand_inside_a_paragraph_of_markdown():
    outcome = judge("A miracle1 <!-- hypecheck: ignore -- on the label --> and a word.\n")
    assert texts(outcome.suppressed) == ["miracle1"]
    assert outcome.notes == ()


def test_a_reason_may_stand_in_a_block_of_markdown():
    outcome = judge("<!-- hypecheck: ignore -- on the label -->\nA miracle1.\n")
    assert texts(outcome.suppressed) == ["miracle1"]
    assert outcome.notes == ()


def test_all_verbs_are_described():
    import hypecheck.suppress

    assert all(f"hypecheck: {verb}" in hypecheck.suppress.__doc__ for verb in VERBS)


def test_beyond_the_limit_nothing_is_suppressed_and_a_note_says_so():
    source = "<!-- hypecheck: off -- a -->\n\n" + "<!-- hypecheck: zzz -->\n\n" * MAX_DIRECTIVES + "A miracle1.\n"
    document = read_text(source, "a.md", "markdown")
    directives = read_directives(document)
    outcome = apply_directives(find(document), directives, source)
    assert len(directives) == MAX_DIRECTIVES + 1
    assert texts(outcome.kept) == ["miracle1"]
    assert any(f"more than {MAX_DIRECTIVES} directives" in note for note in outcome.notes)


def test_a_note_repeats_little_of_a_text_and_nothing_that_moves_it():
    name = "\u202e\x1b[2J" + "a" * 5_000
    document = Document("a.md", "x", (), (Comment(f"hypecheck: ignore {name}", 0, 1),))
    notes = apply_directives([], read_directives(document), document.source).notes
    assert notes
    assert all(len(note) < 200 and note.isprintable() for note in notes)


WORDS = st.sampled_from(
    ["miracle", "cures", "word", "document proven", "\n", "\n\n", "\r\n", " ", "# ", "- ", "> ", "`", "é🙂", "&amp;"]
)
DIRECTIVES = st.builds(
    "<!-- hypecheck: {} {} -->".format,
    st.sampled_from([*VERBS, "ignroe", ""]),
    st.sampled_from(["", "[cure-claim]", "hype-language, cure-claim", "[missing-risk] -- why", "-- why", "[x]"]),
)


@given(st.lists(WORDS | DIRECTIVES, max_size=30).map(" ".join), st.sampled_from(["markdown", "html"]))
def test_no_finding_is_lost_and_none_is_suppressed_without_a_directive(source, format):
    document = read_text(source, "a", format)
    findings = find(document)
    directives = read_directives(document)
    outcome = apply_directives(findings, directives, source)
    bare = [finding if not finding.evidence else finding.start for finding in outcome.suppressed]
    assert sorted([*(f.start for f in outcome.kept), *bare]) == [f.start for f in findings]
    assert set(outcome.kept) <= set(findings)
    for directive in directives:
        assert source.startswith("<!--", directive.place)
        for scope in directive.scopes:
            assert 0 <= scope.start <= scope.end <= len(source) + 1
            assert set(scope.categories) <= set(CATEGORY_IDS)
    scoped = [scope for directive in directives for scope in directive.scopes]
    for finding in outcome.suppressed:
        assert any(finding.category in s.categories and s.start <= finding.start < s.end for s in scoped)


@given(st.text(st.sampled_from("hypecheck: ignore-next[]()—-, \n\u2028é\x1boffon")), st.booleans())
def test_any_comment_is_read(text, prefixed):
    comment = Comment(f"hypecheck:{text}" if prefixed else text, 0, 3)
    directives = read_directives(Document("a", "a b", (), (comment,)))
    assert len(directives) == 1 if prefixed else len(directives) <= 1
    for directive in directives:
        assert directive.scopes or directive.notes or directive.verb == "on"
