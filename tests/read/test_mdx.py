from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.read import markdown, mdx
from hypecheck.types import ReadError


def read(source):
    return mdx.read(source, "a.mdx")


def texts(document):
    return [block.text for block in document.blocks]


@pytest.mark.parametrize(
    "module",
    [
        "import hidden from './hidden'",
        'import "./hidden.css"',
        "import {hidden,\n  hidden2} from 'hidden'",
        "import * as hidden from 'hidden'",
        "import a from 'b'\nimport c from 'd'\nexport const hidden = 1",
        "export default function hidden() {\n  return 1\n}",
        "export const hidden = {\n  a: 1,\n\n  b: {c: 'hidden'}\n}",
        "export {hidden} from 'b'",
        "export * from 'hidden'",
        "export const hidden = (\n  <Card title='hidden'>hidden</Card>\n)",
    ],
)
def test_imports_and_exports_are_left_out(module):
    assert texts(read(f"{module}\n\nShown.")) == ["Shown."]
    assert texts(read(f"Before.\r\n\r\n{module}\r\n\r\nShown.")) == ["Before.", "Shown."]


@pytest.mark.parametrize(
    "prose",
    [
        "Import duties fell.",
        "Exports rose from 5 to 6.",
        "We\nimport drugs from 'abroad' only.",
        "important news from 'us'",
        "exported goods",
        "export of drugs",
        "import drugs and devices",
        "- import a from 'b'",
    ],
)
def test_prose_is_no_module(prose):
    assert " ".join(texts(mdx.read(prose, "a"))) == prose.removeprefix("- ").replace("\n", " ")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("pro<Term>mis</Term>ing", "promising"),
        ("<Note>Take care.</Note>", "Take care."),
        ("<>Take</> care.", "Take care."),
        ("<Tabs.Item label='hidden'>One</Tabs.Item>", "One"),
        ("a <Icon name='hidden' /> b", "a b"),
        ("a <Icon/>b", "a b"),
        ("<A b={{c: 'hidden'}} {...hidden} d=\"hidden > x\" e>One</A>", "One"),
        ("<A\n  b='hidden'\n>\nOne\n</A>", "One"),
        ("<p className={hidden}>R&amp;D <b>x</b></p>", "R&D x"),
        ("a {hidden.b({c: 1})} b", "a b"),
        ("It {/* hidden */}cures", "It cures"),
        ("{'It cures'} {`all`} {\" \"}ills", "It cures all ills"),
        ("one {`${hidden} x`} two", "one two"),
        ("use `{hidden} <Hidden>` now", "use now"),
        ("use ``a ` {hidden}`` {hidden} now", "use now"),
        ("a < 5 and b > 3", "a < 5 and b > 3"),
        ("an {open brace", "an {open brace"),
        ("a closed} brace", "a closed} brace"),
        ("an <Open tag", "an <Open tag"),
        ("an <Open title='tag", "an <Open title='tag"),
        ("dose <5 mg or <µg>", "dose <5 mg or <µg>"),
        (r"a \{literal\} \<Brace>", "a {literal} <Brace>"),
        ("see <https://hidden.org> now", "see now"),
        ("</Note> rest", "rest"),
        ("</Note x> rest", "</Note x> rest"),
        ("a ` b {hidden} c", "a ` b c"),
    ],
)
def test_tags_and_expressions_inside_text(check_offsets, source, text):
    document = read(source)
    assert texts(document) == [text]
    check_offsets(document)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<Note>\n**One** two.\n</Note>\nThree.", ["One two.", "Three."]),
        ("<div className='x'>\n**One**\n</div>", ["One"]),
        ("<Tabs>\n  <Tab>\n\n    Deep **one**.\n\n      Deeper.\n\n  </Tab>\n</Tabs>", ["Deep one.", "Deeper."]),
        ("\tTabbed.", ["Tabbed."]),
        ("<A>\n    - One\n      more\n\n    - Two\n\n          not code\n\n    After.\n</A>", ["One more", "Two", "not code", "After."]),
        ("- One\n\n      not code\n\nAfter.", ["One", "not code", "After."]),
        ("- One\n    - In\n\n      more\n- Two", ["One", "In", "more", "Two"]),
        ("    ```\n    hidden\n    ```\n\nShown.", ["Shown."]),
        ("```jsx\nimport hidden from 'x'\n\n<Hidden>{\n```\n\n{hidden} <Shown>Shown.</Shown>", ["Shown."]),
        ("~~~\n{hidden\n~~~\n\nShown.", ["Shown."]),
        ("# One {hidden}\n\n> <Note>Two</Note>\n\n| a | b |\n|---|---|\n| <C>c</C> | {hidden} |", ["One", "Two", "a", "b", "c"]),
    ],
    ids=[
        "component", "wrapper", "indented in components", "tab", "list in a component", "text of an item",
        "nested list", "indented fence", "code", "code with an open brace", "other blocks",
    ],
)  # fmt: skip
def test_markdown_between_tags_is_read_as_markdown(check_offsets, source, expected):
    for ends in (source, source.replace("\n", "\r\n")):
        document = read(ends)
        assert texts(document) == expected
        check_offsets(document)


def test_front_matter_is_left_to_markdown(check_offsets):
    source = "---\ntitle: The {b} <Title>\ndate: 2026-03-04\n---\nimport a from 'b'\n\n# Next {a}\n"
    document = read(source)
    assert (document.title, document.written.isoformat()) == ("The {b} <Title>", "2026-03-04")
    assert texts(document) == ["The {b} <Title>", "Next"]
    check_offsets(document)


def test_comments_are_kept_with_their_places(check_offsets):
    source = "{/* one */}\n\nText {/* two\nlines */} more.\n\n<!-- three -->\n\n`{/* none */}`\n"
    document = read(source)
    assert [comment.text for comment in document.comments] == ["one", "two\nlines", "three"]
    assert [source[c.start : c.end] for c in document.comments] == [
        "{/* one */}",
        "{/* two\nlines */}",
        "<!-- three -->",
    ]
    check_offsets(document)


def test_a_phrase_is_traced_to_its_source(source_of):
    source = "import a from 'b'\n\nIt pro<T x={1}>mis</T>es {a} café 🙂 now."
    document = read(source)
    assert source_of(document, "promises") == "pro<T x={1}>mis</T>es"
    assert source_of(document, "promises café") == "pro<T x={1}>mis</T>es {a} café"
    assert source_of(document, "🙂 now") == "🙂 now"


def test_notes_tell_the_line_of_the_file():
    document = read("import a from 'b'\n\nText.\n\n<Note>\n```\nopen\n</Note>")
    assert [note.partition(";")[0] for note in document.notes] == ["line 6: a code fence is never closed"]


def test_javascript_that_may_show_text_is_noted():
    source = (
        "export const a = () => <p>one</p>\n\n{b && <p>two</p>}\n\n{c < d} <E f={<G/>}>g</E>\n\nimport h from 'i'\n"
    )
    document = read(source)
    assert texts(document) == ["g"]
    assert document.notes == (
        "line 1: JavaScript with tags in it is not read; check the page that it makes (and 1 more)",
    )


def test_too_many_marks_are_refused(monkeypatch):
    monkeypatch.setattr(mdx, "MAX_MARKS", 3)
    assert texts(read("{a} <b> {c} d"))
    with pytest.raises(ReadError, match=r"^a\.mdx: more than 3 tags and expressions; split it"):
        read("{a} <b> {c} <d>")


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
    lambda w: f"<Term kind='{w.hide()}'>{w.show()}</Term>",
    lambda w: f"<Icon name={{{w.hide()}}} />",
    lambda w: f"{{{w.hide()}}}",
    lambda w: f"{{'{w.show()}'}}",
    lambda w: f"{{/* {w.hide()} */}}",
    lambda w: f"`{w.hide()} {{` {w.show()}",
    lambda w: f"\\{{{w.show()}",
    lambda w: f"<b className={{{w.hide()}}}>{w.show()} é 🙂</b>",
]
BLOCKS = [
    lambda w, text: text,
    lambda w, text: f"## {text}",
    lambda w, text: f"- {text}\n\n  {w.show()}\n- {w.show()}",
    lambda w, text: f"<Box on={{() => {w.hide()}}}>\n  {text}\n</Box>",
    lambda w, text: f"<Box>\n\n    {text}\n\n</Box>",
    lambda w, text: f"import {w.hide()} from '{w.hide()}'",
    lambda w, text: f"export const {w.hide()} = {{\n\n  a: '{w.hide()}'\n}}",
    lambda w, text: f"```\n<{w.hide()}> {{\n```",
    lambda w, text: f"    {text}",
]


@st.composite
def written(draw):
    """An MDX text with the words that it shows and the words that it hides."""
    words = _Words()
    blocks = []
    for _ in range(draw(st.integers(1, 4))):
        spans = [span(words) for span in draw(st.lists(st.sampled_from(INLINE), min_size=1, max_size=4))]
        block = draw(st.sampled_from(BLOCKS))
        text = " ".join(["Begin", *spans])
        before = len(words.shown)
        blocks.append(block(words, text))
        if text not in blocks[-1]:
            words.shown[:] = [word for word in words.shown[:before] if word not in text] + words.shown[before:]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return "\n\n".join(blocks).replace("\n", end), words


@settings(deadline=None)
@given(written())
def test_every_word_shown_is_read_and_found_again(check_offsets, case):
    source, words = case
    document = read(source)
    check_offsets(document)
    text = "\n".join(texts(document))
    assert [word for word in words.hidden if word in text] == []
    for word in words.shown:
        (block,) = (block for block in document.blocks if word in block.text)
        start = block.text.index(word)
        assert source[slice(*block.offsets.to_source(start, start + len(word)))] == word


PLAIN = st.lists(
    st.sampled_from(
        ["One", "*two*", "\n\n", "\n", "- a", "# ", "> ", "é 🙂", "`c`", "[d](e)", "R&amp;D", "<b>f</b>", "\\*"]
    ),
    max_size=12,
).map(" ".join)


@settings(deadline=None)
@given(PLAIN)
def test_what_holds_no_jsx_is_read_as_markdown(source):
    assert read(source) == markdown.read(source, "a.mdx")


SCRAPS = st.lists(
    st.sampled_from([*"ab {}<>/=\"'`\\$.,é🙂\n\t\r", "<A ", "</A>", "<>", "{/*", "*/}", "\n\n", "import a from 'b'", "export {",
                     "```\n", "    ", "- ", "<!--", "-->", "---\n", "<div>\n"]),
    max_size=40,
).map("".join)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(SCRAPS | st.text(max_size=60))
def test_any_text_is_read(check_offsets, source):
    document = read(source)
    assert document.source == source
    check_offsets(document)
