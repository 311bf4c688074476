from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.read import read_text

MAIL = """\
Dear colleagues, the committee met on Monday and looked at the figures that
the trial team sent us. We saw no reason to stop, and none to hurry. The
next meeting is in June.

Please send your notes to the office before then, since the minutes have to
go out a week earlier than they did last year.
"""

ONE_A_LINE = """\
The first paragraph of this article stands on one line, however long that line may be, and it ends here.
The second one does the same.
The third is short too.
"""

SHORT_LINES = """\
Better sleep within a week of the first dose
More energy
Less pain
A calmer mind
"""


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("", []),
        (" \n\t\n", []),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\n \t \nTwo.", ["One.", "Two."]),
        ("One.\r\n\r\nTwo.\r\rThree.", ["One.", "Two.", "Three."]),
        ("One.\rTwo.", ["One.", "Two."]),
        ("One\u2028still\x0bone\x0cand\x85one.", ["One still one and one."]),
        ("\ufeffOne.", ["One."]),
        ("One 🙂 two e\u0301.", ["One 🙂 two e\u0301."]),
        ("It\u00a0is  \t spaced.", ["It is spaced."]),
        ("â€œHopeâ€\x9d isnâ€™t a plan.", ["â€œHopeâ€\x9d isnâ€™t a plan."]),
    ],
    ids=[
        "empty",
        "white space",
        "paragraphs",
        "a line of spaces parts them",
        "CRLF and CR",
        "lone CR",
        "no line ends",
        "byte-order mark",
        "emoji and combining",
        "folded",
        "mojibake",
    ],
)
def test_paragraphs(source, texts):
    assert [block.text for block in read_text(source, "a.txt", "text").blocks] == texts


@pytest.mark.parametrize(
    ("source", "count"),
    [
        (MAIL, 2),
        (MAIL.replace("\n", "\r\n"), 2),
        (MAIL + "\nhttps://example.org/" + "long/" * 30 + "\n", 3),
        (ONE_A_LINE, 3),
        (SHORT_LINES, 4),
        ("word " * 19 + "end.\n" + "word " * 21, 2),
    ],
    ids=[
        "mail wrapped at 76",
        "mail with CRLF",
        "mail with a long address",
        "a paragraph a line",
        "short lines",
        "lines beyond 100",
    ],
)
def test_a_line_break_ends_a_block_unless_it_is_a_wrap(source, count):
    assert len(read_text(source, "a.txt", "text").blocks) == count


@pytest.mark.parametrize("marker", ["- ", "* ", "+ ", "• ", "✓ ", "1. ", "12) ", "-\t"])
def test_a_bullet_starts_an_item_and_is_no_part_of_it(marker, kinds):
    document = read_text(f"It does this.\n{marker}Sleep\n  {marker}Calm and\n      rest\n", "a.txt", "text")
    assert kinds(document)[1:] == [("item", "Sleep"), ("item", "Calm and rest")]


@pytest.mark.parametrize("line", ["-5 mg a day", "-", "1.5 mg", "*starred", "2024. A year", "— said she"])
def test_what_only_looks_like_a_bullet(line, kinds):
    assert kinds(read_text(f"It does this.\n{line}\n", "a.txt", "text"))[1] == ("paragraph", line)


def test_an_item_goes_on_where_its_text_is_indented_or_wrapped(kinds):
    source = (
        "- The first item of this list runs over the end of its line and so\n"
        "  it goes on below, as far as there is something to be said of it\n"
        "- The second\n"
        "Not an item.\n"
    )
    assert [kind for kind, _ in kinds(read_text(source, "a.txt", "text"))] == ["item", "item", "paragraph"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A headline of ours\n\nThe text of it follows here.", ["title", "paragraph"]),
        ("Can tea cure colds?\nThe text of it follows here, with more words.", ["title", "paragraph"]),
        ("It works.\n\nThe text of it follows here.", ["paragraph", "paragraph"]),
        ("A headline of ours", ["paragraph"]),
        ("word " * 26 + "\n\nText.", ["paragraph", "paragraph"]),
        (
            "Title\n\nSome words stand here.\n\nPart two\n\nThe longer text of it.",
            ["title", "paragraph", "heading", "paragraph"],
        ),
        ("Title\n\nPart one\n\nThe longer text of it.", ["title", "heading", "paragraph"]),
        ("Some words.\nKey points\n- One\n- Two", ["paragraph", "heading", "item", "item"]),
        ("Some words.\n\nIs it safe?\nNobody knows that yet, we fear.", ["paragraph"] * 3),
        ("Some words.\n\nCalm\nRest\nThe longer text of it.", ["paragraph"] * 4),
        ("Some words.\n\n" + "word " * 15 + "\n\n" + "word " * 30, ["paragraph"] * 3),
        ("- One\n- Two", ["item", "item"]),
    ],
    ids=[
        "title",
        "title that asks",
        "closed first line",
        "nothing follows",
        "first line too long",
        "heading",
        "title before heading",
        "heading above items",
        "closed line",
        "list without bullets",
        "line too long",
        "items only",
    ],
)
def test_titles_and_headings(source, expected, kinds):
    assert [kind for kind, _ in kinds(read_text(source, "a.txt", "text"))] == expected


def test_blocks_carry_the_heading_above_them():
    source = "The title\n\nSome words stand here.\n\nPart two\n\nThe longer text of it.\n- Item"
    document = read_text(source, "a.txt", "text")
    assert document.title == "The title"
    assert [block.heading for block in document.blocks] == ["", "The title", "The title", "Part two", "Part two"]


PIECES = ["a", "Bc", ".", " ", "  ", "\t", "\u00a0", "🙂", "é", "- ", "1. ", "\u2028"]
LINES = st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.data())
def test_a_range_of_a_block_is_the_source_folded(check_offsets, lines, end, data):
    source = end.join(lines)
    document = read_text(source, "a.txt", "text")
    check_offsets(document)
    for block in document.blocks:
        start = data.draw(st.integers(0, len(block.text) - 1))
        stop = data.draw(st.integers(start + 1, len(block.text)))
        a, b = block.offsets.to_source(start, stop)
        assert " ".join(source[a:b].split()) == block.text[start:stop].strip()


@given(st.text(st.sampled_from("abC.?  \n\n\r\té🙂\u2028")))
def test_nothing_but_white_space_is_left_out(source):
    document = read_text(source, "a.txt", "text")
    assert "".join("".join(block.text for block in document.blocks).split()) == "".join(source.split())


@pytest.mark.parametrize(
    ("source", "texts", "comments"),
    [
        ("One. [hypecheck: ignore]\nTwo.", ["One.", "Two."], ["hypecheck: ignore"]),
        ("One.\t[ HypeCheck : off -- see [3] here ] \r\nTwo.", ["One.", "Two."], ["HypeCheck : off -- see [3] here"]),
        ("[hypecheck: ignore-file]\n\nOne.", ["One."], ["hypecheck: ignore-file"]),
        ("One.\n\n  [hypecheck: ignroe]", ["One."], ["hypecheck: ignroe"]),
        ("One. [hypecheck: a] [hypecheck: b]", ["One."], ["hypecheck: a", "hypecheck: b"]),
        ("[hypecheck: a] [hypecheck: b]\r[hypecheck: c]\rOne.", ["One."], ["hypecheck: a", "hypecheck: b", "hypecheck: c"]),
        (MAIL.replace("that\n", "that [hypecheck: a]\n"), [" ".join(part.split()) for part in MAIL.split("\n\n")], ["hypecheck: a"]),
        (MAIL.replace("that\n", "that\n [hypecheck: a]\n"), [" ".join(part.split()) for part in MAIL.split("\n\n")], ["hypecheck: a"]),
        (MAIL.replace("that\n", "that\n[hypecheck: a] [hypecheck: b]\n"), [" ".join(part.split()) for part in MAIL.split("\n\n")], ["hypecheck: a", "hypecheck: b"]),
        ("[hypecheck: a]", [], ["hypecheck: a"]),
    ],
    ids=[
        "end of a line", "spacing and brackets in it", "own line", "last line", "two on a line", "three alone",
        "behind a wrapped line", "between wrapped lines", "two between wrapped lines", "nothing else",
    ],
)  # fmt: skip
def test_a_bracketed_directive_is_a_comment_and_parts_nothing(source, texts, comments, check_offsets):
    document = read_text(source, "a.txt", "text")
    assert [block.text for block in document.blocks] == texts
    assert [comment.text for comment in document.comments] == comments
    for comment in document.comments:
        assert source[comment.start] + source[comment.end - 1] == "[]"
    check_offsets(document)


@pytest.mark.parametrize(
    "source",
    [
        "Write [hypecheck: ignore] to silence it.",
        "It is silenced by [hypecheck: ignore].",
        'They wrote "[hypecheck: ignore]"',
        "So [hypecheck: ignore it",
        "So [hypecheck: [ignore] it",
        "See [hypecheck ignore]",
        "See [healthcheck: ignore]",
        "See hypecheck: ignore",
        "See[hypecheck: ignore]",
        "[hypecheck: ignore] One.",
    ],
    ids=[
        "inside a sentence", "before a full stop", "quoted", "never closed", "inner bracket only", "no colon", "another tool",
        "no brackets", "no space before it", "start of a line",
    ],
)  # fmt: skip
def test_what_is_no_directive_is_read(source):
    document = read_text(source, "a.txt", "text")
    assert [block.text for block in document.blocks] == [source]
    assert document.comments == ()


@given(
    st.lists(
        st.lists(st.sampled_from([*PIECES, "[hypecheck: a]", " [hypecheck: b] ", "[", "]"]), max_size=6).map("".join)
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_directives_are_left_out_and_nothing_else(check_offsets, lines, end):
    source = end.join(lines)
    document = read_text(source, "a.txt", "text")
    check_offsets(document)
    rest = source
    for comment in reversed(document.comments):
        assert source[comment.start : comment.end].startswith("[hypecheck: ")
        rest = rest[: comment.start] + rest[comment.end :]
    read = "".join(block.text for block in document.blocks)
    # A bullet is no part of its item.
    marks = str.maketrans("", "", "-1. ")
    assert "".join(read.split()).translate(marks) == "".join(rest.split()).translate(marks)
