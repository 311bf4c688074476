from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.read import markdown, read_text
from hypecheck.types import ReadError


def _read(source: str, path: str = "a.md"):
    return read_text(source, path, "markdown")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("One\ntwo.\n\nThree.", [("paragraph", "One two."), ("paragraph", "Three.")]),
        ("One\r\ntwo.\r\n\r\nThree.", [("paragraph", "One two."), ("paragraph", "Three.")]),
        ("One\rtwo.\r\rThree.", [("paragraph", "One two."), ("paragraph", "Three.")]),
        ("One  \ntwo\\\nthree\\\r\nfour", [("paragraph", "One two three four")]),
        ("Text.\n\n## Two ##\n\n### Three #3", [("paragraph", "Text."), ("heading", "Two"), ("heading", "Three #3")]),
        ("# Top\n\n# Next", [("title", "Top"), ("heading", "Next")]),
        ("## Not top\n\n# Next", [("heading", "Not top"), ("heading", "Next")]),
        ("Top\nline\n===\n\nNext\n---", [("title", "Top line"), ("heading", "Next")]),
        ("# #\n\n#\n\ntext", [("paragraph", "text")]),
        ("- One\n  more\n- [ ] Two\n\n1. Three", [("item", "One more"), ("item", "Two"), ("item", "Three")]),
        ("- One\n  - In\n    1. Deep\n\n  Back", [("item", "One"), ("item", "In"), ("item", "Deep"), ("item", "Back")]),
        ("> Said\n> he\nand left\n>\n> > Twice", [("quote", "Said he and left"), ("quote", "Twice")]),
        ("> - In a quote\n\n- > In an item", [("item", "In a quote"), ("quote", "In an item")]),
        ("| a | b\\|c |\n|---|:-:|\n| *d* | |\n", [("cell", "a"), ("cell", "b|c"), ("cell", "d")]),
        (
            "|é🙂|b|\n|-|-|\n|c|ü|\n\nEnd",
            [("cell", "é🙂"), ("cell", "b"), ("cell", "c"), ("cell", "ü"), ("paragraph", "End")],
        ),
        ("a | b\n--|--\nc | d", [("cell", "a"), ("cell", "b"), ("cell", "c"), ("cell", "d")]),
        ("One\n\n***\n\nTwo", [("paragraph", "One"), ("paragraph", "Two")]),
        ("---\n\nOne\n\n---\n\nTwo", [("paragraph", "One"), ("paragraph", "Two")]),
    ],
    ids=[
        "empty",
        "paragraphs",
        "CRLF",
        "lone CR",
        "hard breaks",
        "closed headings",
        "title",
        "first heading not of level 1",
        "setext",
        "empty headings",
        "lists",
        "nested lists",
        "quotes",
        "innermost container",
        "table",
        "table beyond ASCII",
        "table without outer bars",
        "rule",
        "rule that opens the file",
    ],
)
def test_blocks(source, expected, kinds, check_offsets):
    document = _read(source)
    assert kinds(document) == expected
    check_offsets(document)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("pro*mis*ing **a *b* c** __d__ ~~e~~ f_g_h", "promising a b c d e f_g_h"),
        ("*not closed and **neither this", "*not closed and **neither this"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"\*kept\* 1\. a\\b \q", r"*kept* 1. a\b \q"),
        ("R&amp;D &copy; &#8217; &#x41; &nosuch; &", "R&D © ’ A &nosuch; &"),
        ("a [link *text*](http://x.org/a_b 'title') b", "a link text b"),
        ("a [full][Ref  one] [ref one][] [ref ONE] b\n\n[ref one]: http://x.org 'T'", "a full ref one ref ONE b"),
        ("a [not][known] [sic] [1] b", "a [not][known] [sic] [1] b"),
        ("a <http://x.org> me <me@x.org> https://x.org/a,b. (www.x.org) b", "a me . ( ) b"),
        ("run `pip *x*` and ``a ` b`` now", "run and now"),
        ("a`b`c", "a c"),
        ("see ![the *alt*](u.png) here", "see here"),
        ("a<br>b <b>c</b>d <span title='x > y'>e</span>", "a b cd e"),
        ("a<!-- note -->b", "ab"),
        ("x < 5 and y > 3", "x < 5 and y > 3"),
        ("It helped.[^1] Twice.[^note]", "It helped. Twice."),
        ("energy $E = mc^2$ and $$a_1$$ here", "energy and here"),
        ("from $5 to $10, or $20 (was $40)", "from $5 to $10, or $20 (was $40)"),
        ("for US$3 ($4) and $x_1$ now", "for US$3 ($4) and now"),
        ("[&amp;] first", "[&] first"),
        (r"[\-a] first", "[-a] first"),
        ("![open [bracket", "![open [bracket"),
        ("“**So**” it—*is*", "“So” it—is"),
        ("🙂 **b** e\u0301 *c*", "🙂 b e\u0301 c"),
        ("dose <µg> a day", "dose <µg> a day"),
        ("â€œ*Hope*â€\x9d isnâ€™t", "â€œHopeâ€\x9d isnâ€™t"),
    ],
)
def test_inline_markup(source, text, check_offsets):
    document = _read(source)
    assert document.blocks[0].text == text
    check_offsets(document)


@pytest.mark.parametrize(
    ("source", "phrase", "stretch"),
    [
        ("pro*mis*ing", "promising", "pro*mis*ing"),
        ("pro*mis*ing", "mis", "mis"),
        ("R&amp;D", "&", "&amp;"),
        ("é 🙂 **bold** x", "bold", "bold"),
        ("> one\n> two", "one two", "one\n> two"),
        ("- a\r\n  b", "a b", "a\r\n  b"),
        ("| é | *b* |\n|-|-|", "b", "b"),
        ("[a **b**](u) c", "b c", "b**](u) c"),
        (r"1\. x", "1. x", r"1\. x"),
        ("see ![the alt](u.png)", "the alt", "the alt"),
    ],
)
def test_a_phrase_is_traced_to_its_source(source, phrase, stretch, source_of):
    assert source_of(_read(source), phrase) == stretch


@pytest.mark.parametrize(
    "source",
    [
        "```\nhidden\n```",
        "~~~ py\nhidden\n~~~",
        "    hidden",
        "> ```\n> hidden\n> ```",
        "[hidden]: http://hidden.org 'hidden'",
        "<script>\nhidden\n\nhidden\n</script>",
        "<!-- hidden\n\nhidden -->",
        "<style>.hidden {}</style>",
        "<http://hidden.org>",
        "`hidden`",
        "[](hidden)",
        "<pre>\nhidden\n</pre>",
    ],
)
def test_what_is_no_prose_is_skipped(source, kinds):
    assert kinds(_read(f"before\n\n{source}\n\nafter")) == [("paragraph", "before"), ("paragraph", "after")]


def test_images_give_their_alternative_text(kinds):
    document = _read("One ![first *alt*](a.png) two ![](b.png) <img src=c alt='third &amp; last'> three.")
    assert kinds(document) == [("paragraph", "One two three."), ("alt", "first alt"), ("alt", "third & last")]


def test_html_blocks_are_read_as_html(kinds, source_of, check_offsets):
    source = "<div>\n<p>One <b>two</b></p>\n<p>R&amp;D\n</div>\n\n> <p>three\n> four</p>\n\n- <ul><li>five</li></ul>"
    document = _read(source)
    texts = ["One two", "R&D", "three four", "five"]
    assert [text for _, text in kinds(document)] == texts
    assert kinds(document)[2] == ("quote", "three four")
    assert source_of(document, "three four") == "three\n> four"
    check_offsets(document)


def test_cells_keep_html_lists_apart(kinds):
    assert ("cell", "x one two") in kinds(_read("| a |\n|---|\n| x <ul><li>one</li><li>two</li></ul> |"))


def test_footnotes_lose_their_labels_only(kinds):
    source = "It helped.[^1]\n\n[^1]: In *mice*.\n[^2]: Word\n\n[^note]: Another."
    assert [text for _, text in kinds(_read(source))] == ["It helped.", "In mice.", "Word", "Another."]


def test_comments_are_kept_with_their_places(check_offsets):
    source = "é <!-- off: one --> b\n\n<!-- off:\ntwo -->\n\n- <!-- three -->\n"
    document = _read(source)
    assert [comment.text for comment in document.comments] == ["off: one", "off:\ntwo", "three"]
    assert [source[comment.start : comment.end][:4] for comment in document.comments] == ["<!--"] * 3
    check_offsets(document)


@pytest.mark.parametrize(
    ("source", "texts", "note"),
    [
        ("Text.\n\n```\nopen\n\nfence", ["Text.", "open", "fence"], "line 3: a code fence is never closed"),
        ("> ```\n> closed by its quote\n\nText.", ["Text."], None),
        ("é\n\n" + "*a " * 300, ["é", ("*a " * 300).strip()], "line 3: too many marks"),
        ("<div>\ntext <a href='x", ["text <a href='x"], "line 2: a tag is never closed"),
        ("text <!-- open", ["text <!-- open"], None),
        ("text [open", ["text [open"], None),
    ],
    ids=["fence", "fence in a quote", "emphasis without end", "tag", "comment", "link"],
)
def test_what_is_never_closed_is_read(source, texts, note):
    document = _read(source)
    assert [block.text for block in document.blocks] == texts
    assert [str(found).startswith(note) for found in document.notes] == ([True] if note else [])


def test_what_the_grammar_cannot_follow_is_read_as_plain_text():
    document = _read("- <v>\n\n\n")
    assert "<v>" in document.blocks[0].text
    assert "could not be parsed" in document.notes[0]


def test_headings_and_title():
    document = _read("# Top\n\none\n\n## Sub\n\ntwo\n\n- three")
    assert document.title == "Top"
    assert [block.heading for block in document.blocks] == ["", "Top", "Top", "Sub", "Sub"]


def test_too_many_lines_are_refused(monkeypatch):
    monkeypatch.setattr(markdown, "MAX_LINES", 5)
    assert len(_read("a\n\n" * 2).blocks) == 2
    with pytest.raises(ReadError, match=r"^a\.md: more than 5 lines"):
        _read("a\n\n" * 3)


class _Words:
    """Words that stand once in a text, so that each can be found again."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.hidden: list[str] = []

    def show(self) -> str:
        self.shown.append(f"plum{len(self.shown)}x")
        return self.shown[-1]

    def hide(self) -> str:
        self.hidden.append(f"quince{len(self.hidden)}x")
        return self.hidden[-1]


INLINE = [
    lambda w: w.show(),
    lambda w: f"*{w.show()}*",
    lambda w: f"**{w.show()} é {w.show()}**",
    lambda w: f"~~{w.show()}~~",
    lambda w: f"[{w.show()} *{w.show()}*](http://{w.hide()}.org '{w.hide()}')",
    lambda w: f"![{w.show()}]({w.hide()}.png)",
    lambda w: f"`{w.hide()}`",
    lambda w: f"<{w.hide()} title='{w.hide()}'>{w.show()}</{w.hide()}>",
    lambda w: f"<!-- {w.hide()} -->",
    lambda w: f"{w.show()}&amp;{w.show()}",
    lambda w: f"\\*{w.show()}\\_",
    lambda w: f"https://{w.hide()}.org/{w.hide()}",
    lambda w: f"“{w.show()}” 🙂",
    lambda w: f"$5 {w.show()} $6",
    lambda w: f"[{w.show()}]",
]
TEXT = "TEXT"
BLOCKS = [
    lambda w: TEXT,
    lambda w: f"## {TEXT}",
    lambda w: f"{TEXT}\n-----",
    lambda w: f"- {TEXT}\n  {w.show()}\n    - {w.show()}",
    lambda w: f"> {TEXT}\n> {w.show()}",
    lambda w: f"> 1. {TEXT}",
    lambda w: f"| {w.show()} | {TEXT} |\n|---|---|\n| {w.show()} | {w.show()} |",
    lambda w: f"```{w.hide()}\n{w.hide()}\n```",
    lambda w: f"<div class='{w.hide()}'>\n{w.show()} <b>{w.show()}</b>\n</div>",
    lambda w: f"[{w.hide()}]: http://{w.hide()}.org",
    lambda w: f"Foot {w.show()}[^{w.hide()}]\n\n[^{w.hide()}]: {TEXT}",
]


@st.composite
def written(draw):
    """A Markdown text with the words that it shows and the words that it hides."""
    words = _Words()
    blocks = []
    for _ in range(draw(st.integers(1, 4))):
        block = draw(st.sampled_from(BLOCKS))(words)
        if TEXT in block:
            spans = [draw(st.sampled_from(INLINE))(words) for _ in range(draw(st.integers(1, 4)))]
            block = block.replace(TEXT, " ".join(["Begin", *spans]))
        blocks.append(block)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return "\n\n".join(blocks).replace("\n", end), words


@settings(deadline=None)
@given(written())
def test_every_word_shown_is_read_and_found_again(check_offsets, case):
    source, words = case
    document = _read(source)
    check_offsets(document)
    text = "\n".join(block.text for block in document.blocks)
    assert [word for word in words.hidden if word in text] == []
    for word in words.shown:
        (block,) = (block for block in document.blocks if word in block.text)
        start = block.text.index(word)
        a, b = block.offsets.to_source(start, start + len(word))
        assert source[a:b] == word


MARKS = st.lists(
    st.sampled_from([*"ab *_`[]()<>!&$~|#-+=:\\\"'é🙂\n\n\t\r", "```\n", "![", "](", "<!--", "-->", "> ", "- ", "1. "]),
    max_size=60,
).map("".join)


@settings(deadline=None)
@given(st.one_of(MARKS, st.text(max_size=60)))
def test_any_text_is_read_or_refused(check_offsets, source):
    try:
        document = _read(source, "a.mdx")
    except ReadError:
        assert "\0" in source
        return
    check_offsets(document)
