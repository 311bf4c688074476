"""What stands in a text and is not the author's: lists of references and quoted mail are kept and not judged."""

from __future__ import annotations

import pytest

from hypecheck.read import read_text

ARTICLE = "The patch eased knee pain in 40 of 90 people, and in 31 of 90 with a plain one.\n\n"
CITED = "Roe J. A miracle cure for knees. J Knees 2019;3:4-9."


@pytest.mark.parametrize(
    ("format", "source"),
    [
        ("markdown", f"# Knees\n\n{ARTICLE}## References\n\n1. {CITED}\n2. {CITED}\n\n## About us\n\nWe sell patches.\n"),
        ("markdown", f"# Knees\n\n{ARTICLE}## 7. Works cited:\n\n{CITED}\n\n## About us\n\nWe sell patches.\n"),
        ("html", f"<h1>Knees</h1><p>{ARTICLE}</p><h2>Bibliography</h2><ol><li>{CITED}</ol><h2>About us</h2><p>We sell patches.</p>"),
        ("mdx", f"# Knees\n\n{ARTICLE}## Literature cited\n\n- {CITED}\n\n## About us\n\nWe sell patches.\n"),
        ("text", f"Knees\n\n{ARTICLE}References\n\n- {CITED}\n- {CITED}\n\nAbout us\n\nWe sell patches, and more than any other shop does.\n"),
    ],
    ids=["numbered", "one paragraph", "html", "mdx", "plain text"],
)  # fmt: skip
def test_a_list_of_references_is_an_aside_up_to_the_next_heading(format, source, check_offsets):
    document = read_text(source, "a", format)
    check_offsets(document)
    asides = [block.text for block in document.blocks if block.kind == "aside"]
    assert asides
    assert set(asides) == {CITED}
    assert any("We sell patches" in block.text and block.kind == "paragraph" for block in document.blocks)
    assert [note.partition(": ")[2] for note in document.notes] == ["a list of references is not checked"]


@pytest.mark.parametrize(
    "heading", ["Reference values", "References to God", "Sources of iron", "How we cite", "A reference for all"]
)
def test_a_heading_that_only_begins_so_hides_nothing(heading):
    document = read_text(f"# Knees\n\n## {heading}\n\nIt is a miracle cure.\n", "a", "markdown")
    assert [block.kind for block in document.blocks] == ["title", "heading", "paragraph"]
    assert document.notes == ()


MAIL = "Dear Ann,\n\nplease cut the second claim before it goes out to the papers.\n\n"


@pytest.mark.parametrize(
    ("quoted", "after"),
    [
        ("On Tue, 3 Mar 2026 at 09:12, Ann Lee <ann@lee.example> wrote:\n> It is a miracle.\n>\n> Ann\n", "Best, Bo"),
        ("On 3 March Ann Lee wrote:\n\n> It is a miracle.\n> > Really?\n\n> Yes.\n", "Best, Bo"),
        ("ann@lee.example (Ann) wrote:\n> It is a miracle.\n", "Best, Bo"),
        ("-----Original Message-----\nFrom: Ann\n\nIt is a miracle.\n\nAnn\n", ""),
        ("---------- Forwarded message ---------\nFrom: Ann\n\nIt is a miracle.\n", ""),
        ("Begin forwarded message:\n\nIt is a miracle.\n", ""),
    ],
    ids=["dated", "blank lines", "address", "original", "forwarded", "apple"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quoted_mail_is_an_aside(quoted, after, end, check_offsets):
    source = (MAIL + quoted + after).replace("\n", end)
    document = read_text(source, "a.txt", "text")
    check_offsets(document)
    (aside,) = (block for block in document.blocks if block.kind == "aside")
    assert "It is a miracle." in aside.text
    rest = [block.text for block in document.blocks if block.kind != "aside"]
    assert rest[:2] == ["Dear Ann,", "please cut the second claim before it goes out to the papers."]
    assert rest[2:] == [after] * bool(after)
    assert [note.partition(": ")[2] for note in document.notes] == ["quoted mail is not checked"]


@pytest.mark.parametrize(
    "source",
    [
        "> It is a miracle.\n",
        "Ann wrote:\n\n> It is a miracle.\n",
        "On Monday the lab wrote: it is a miracle.\n> 5 people were cured.\n",
        "On Tuesday, she wrote:\nIt is a miracle.\n",
        "The original message was lost.\n",
    ],
    ids=["a mark alone", "a quotation", "goes on in the line", "unmarked", "prose"],
)
def test_what_is_no_mail_is_read(source):
    document = read_text(source, "a.txt", "text")
    assert "aside" not in {block.kind for block in document.blocks}
    assert document.notes == ()
