from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hypecheck
from hypecheck.suppress import read_directives
from hypecheck.types import ReadError

docx = pytest.importorskip("docx", reason="python-docx reads Word documents and is not installed")

from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: E402
from docx.opc.packuri import PackURI  # noqa: E402
from docx.opc.part import Part  # noqa: E402
from docx.oxml.parser import parse_xml  # noqa: E402

from hypecheck.read import docx as reader  # noqa: E402

ROOT = Path(hypecheck.__file__).parents[1]
SPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{name}"'
    for prefix, name in {
        "w": "wordprocessingml/2006/main",
        "mc": "markup-compatibility/2006",
        "m": "officeDocument/2006/math",
        "wp": "drawingml/2006/wordprocessingDrawing",
        "a": "drawingml/2006/main",
    }.items()
)


def element(xml):
    return parse_xml(re.sub(r"^<[\w:]+", rf"\g<0> {SPACES}", xml))


def add_part(document, kind, root):
    part = Part(PackURI(f"/word/{kind}.xml"), f"application/x.{kind}+xml", root.encode(), document.part.package)
    document.part.relate_to(part, f"{RELATIONSHIP_TYPE.FOOTNOTES.rpartition('/')[0]}/{kind}")


def write(*blocks, footnotes="", endnotes="", styles=()):
    """A Word document with these elements for its body, in bytes."""
    document = docx.Document()
    for block in reversed(blocks):
        document.element.body.insert(0, element(block))
    for style in styles:
        document.styles.element.append(element(style))
    for kind, notes in {"footnotes": footnotes, "endnotes": endnotes}.items():
        if notes:
            add_part(document, kind, f"<w:{kind} {SPACES}>{notes}</w:{kind}>")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def read(*blocks, **parts):
    return reader.read(write(*blocks, **parts), "a.docx")


def p(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def styled(text, style):
    return p(text, f'<w:pStyle w:val="{style}"/>')


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows):
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def box(text):
    return f"<w:r><w:pict><w:txbxContent>{text}</w:txbxContent></w:pict></w:r>"


def drawing(inside, description=""):
    return f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{description}"/>{inside}</wp:inline></w:drawing></w:r>'


@pytest.mark.parametrize(
    ("style", "kind"),
    [
        ("Heading2", "heading"),
        ("Subtitle", "heading"),
        ("ListBullet", "item"),
        ("ListNumber2", "item"),
        ("Quote", "quote"),
        ("IntenseQuote", "quote"),
        ("Title", "title"),
        ("Heading1", "title"),
        ("ListParagraph", "paragraph"),
        ("Caption", "paragraph"),
        ("BodyText", "paragraph"),
        ("NoSuchStyle", "paragraph"),
    ],
)
def test_styles_name_kinds(kinds, style, kind):
    assert kinds(read(styled("Some words", style))) == [(kind, "Some words")]


@pytest.mark.parametrize(
    ("properties", "kind"),
    [
        ('<w:numPr><w:numId w:val="3"/></w:numPr>', "item"),
        ('<w:numPr><w:numId w:val="0"/></w:numPr>', "paragraph"),
        ('<w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr>', "paragraph"),
        ('<w:pStyle w:val="Heading2"/><w:numPr><w:numId w:val="3"/></w:numPr>', "heading"),
        ('<w:outlineLvl w:val="1"/>', "heading"),
        ('<w:outlineLvl w:val="9"/>', "paragraph"),
        ('<w:outlineLvl w:val="²"/>', "paragraph"),
    ],
    ids=[
        "a list", "out of lists", "out of its style's list", "a numbered heading",
        "an outline level", "the level of plain text", "no level",
    ],
)  # fmt: skip
def test_a_paragraph_s_own_properties_name_kinds(kinds, properties, kind):
    assert kinds(read(p("Some words", properties))) == [(kind, "Some words")]


STYLE = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{1}"/><w:basedOn w:val="{2}"/></w:style>'


@pytest.mark.parametrize(
    ("styles", "kind"),
    [
        ([("Zwischentitel", "Our heading", "berschrift2"), ("berschrift2", "heading 2", "Normal")], "heading"),
        ([("Zwischentitel", "Heading of ours", "Normal")], "paragraph"),
        ([("Zwischentitel", "One", "Other"), ("Other", "Other", "Zwischentitel")], "paragraph"),
        ([("Zwischentitel", "One", "Zwischentitel")], "paragraph"),
        ([("Zwischentitel", "heading 10", "Normal")], "paragraph"),
    ],
    ids=["based on a heading of another language", "a name like one", "a circle", "itself", "no such level"],
)
def test_a_style_takes_from_what_it_is_based_on(kinds, styles, kind):
    written = [STYLE.format(*style) for style in styles]
    assert kinds(read(styled("Some words", "Zwischentitel"), styles=written)) == [(kind, "Some words")]


def test_only_the_first_title_is_one(kinds):
    blocks = [styled("One", "Title"), styled("Two", "Title"), styled("Three", "Heading1"), p("Four")]
    document = read(*blocks)
    assert [kind for kind, _ in kinds(document)] == ["title", "heading", "heading", "paragraph"]
    assert [block.heading for block in document.blocks] == ["", "One", "Two", "Three"]
    assert document.title == "One"


def test_a_line_of_the_source_is_a_paragraph(check_offsets):
    rows = [(p("c1") + p("c2"), p("")), (p("c3"), table((p("deep"),)) + p("c4"))]
    document = read(styled("Top", "Heading1"), p(""), p("  two  spaces "), table(*rows), p("last"))
    assert document.source == "Top\n\n  two  spaces \nc1\nc2\n\nc3\ndeep\nc4\nlast"
    assert [(block.text, block.attribution) for block in document.blocks] == [
        ("Top", "paragraph 1"),
        ("two spaces", "paragraph 3"),
        ("c1", "table 1 row 1"),
        ("c2", "table 1 row 1"),
        ("c3", "table 1 row 2"),
        ("deep", "table 2 row 1"),
        ("c4", "table 1 row 2"),
        ("last", "paragraph 10"),
    ]
    assert [block.kind for block in document.blocks] == ["title", "paragraph", *["cell"] * 5, "paragraph"]
    check_offsets(document)


def test_headings_and_items_keep_their_kind_in_a_table(kinds):
    cell = styled("A", "Heading2") + styled("B", "ListBullet") + p("C")
    assert [kind for kind, _ in kinds(read(table((cell,))))] == ["heading", "item", "cell"]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("pro") + run("mis") + run("ing"), "promising"),
        (f"<w:ins>{run('It ')}</w:ins>" + run("cures"), "It cures"),
        (f"<w:moveTo>{run('It ')}</w:moveTo>" + run("cures"), "It cures"),
        (f"<w:hyperlink>{run('a link')}</w:hyperlink>" + run(" b"), "a link b"),
        (f"<w:smartTag><w:sdt><w:sdtContent>{run('a')}</w:sdtContent></w:sdt></w:smartTag>", "a"),
        (f"<w:fldSimple w:instr='DATE hidden'>{run('1 May')}</w:fldSimple>", "1 May"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r>", "a b c d"),
        ("<w:r><w:t>long</w:t><w:noBreakHyphen/><w:t>term re</w:t><w:softHyphen/><w:t>lief</w:t></w:r>", "long-term relief"),
        ("<w:r><w:t>a<!-- hidden -->b</w:t></w:r>", "ab"),
        ("<w:r><w:t>a\nb</w:t></w:r>", "a b"),
        (run("It helped") + "<w:r><w:footnoteReference w:id='1'/></w:r>" + run("."), "It helped."),
        (run("x ") + "<m:oMath><m:r><m:t>hidden</m:t></m:r></m:oMath>" + run("y"), "x y"),
        ("<w:ruby><w:rt>" + run("hidden") + "</w:rt><w:rubyBase>" + run("base") + "</w:rubyBase></w:ruby>", "base"),
        ("<w:unknown>" + run("read") + "</w:unknown>", "read"),
        (run("R&amp;D &lt;b&gt; é 🙂 e\u0301"), "R&D <b> é 🙂 e\u0301"),
    ],
    ids=[
        "runs", "inserted", "moved here", "link", "content control", "field's result", "white space", "hyphens",
        "comment in the XML", "line end in the XML", "footnote call", "formula", "ruby", "unknown", "entities",
    ],
)  # fmt: skip
def test_what_of_a_paragraph_is_read(kinds, check_offsets, inside, text):
    document = read(f"<w:p>{inside}</w:p>")
    assert kinds(document) == [("paragraph", text)]
    check_offsets(document)


@pytest.mark.parametrize(
    "inside",
    [
        f"<w:del>{run('hidden').replace('w:t', 'w:delText')}</w:del>",
        f"<w:del>{run('hidden')}</w:del>",
        f"<w:ins><w:del>{run('hidden')}</w:del></w:ins>",
        f"<w:moveFrom>{run('hidden')}</w:moveFrom>",
        "<w:r><w:instrText>hidden</w:instrText></w:r>",
        "<w:r><w:delInstrText>hidden</w:delInstrText></w:r>",
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('hidden')}</w:sdtContent></w:sdt>",
        "<w:r><w:commentReference w:id='1'/></w:r><!-- hidden -->",
    ],
    ids=["deleted", "deleted as plain text", "inserted and deleted", "moved away", "field code", "deleted code",
         "prompt of a content control", "comment"],
)  # fmt: skip
def test_what_of_a_paragraph_is_left_out(kinds, inside):
    assert kinds(read(f"<w:p>{run('before ')}{inside}{run('after')}</w:p>")) == [("paragraph", "before after")]


DELETED = "<w:rPr><w:del/></w:rPr>"


@pytest.mark.parametrize(
    ("blocks", "source"),
    [
        ([p("One ", DELETED), p("two"), p("three")], "One two\nthree"),
        ([p("One ", DELETED), p("two ", DELETED), p("three")], "One two three"),
        ([p("", DELETED), p("two")], "two"),
        ([p("One", "<w:rPr><w:moveFrom/></w:rPr>"), p("two")], "Onetwo"),
        ([p("One", "<w:rPr><w:ins/></w:rPr>"), p("two")], "One\ntwo"),
        ([p("One", DELETED)], "One"),
        ([table((p("One", DELETED), p("two"))), p("three")], "One\ntwo\nthree"),
        ([table((p("One"), p("two"))).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>"), p("three")], "three"),
        ([table((p("One"),)).replace("<w:tc>", "<w:tc><w:tcPr><w:cellDel/></w:tcPr>"), p("three")], "three"),
    ],
    ids=["one", "two", "all of it", "moved", "inserted", "the last", "of a cell", "a row", "a cell"],
)
def test_deleted_ends_of_paragraphs_join_them(check_offsets, blocks, source):
    document = read(*blocks)
    assert document.source == source
    check_offsets(document)


def test_text_boxes_follow_the_paragraph_they_hang_on(kinds):
    both = f"<mc:AlternateContent><mc:Choice>{box(p('new'))}</mc:Choice><mc:Fallback>{box(p('old'))}</mc:Fallback></mc:AlternateContent>"
    document = read(f"<w:p>{run('a')}{both}{run('b')}</w:p>", p("c"))
    assert document.source == "ab\nnew\nc"
    assert [block.attribution for block in document.blocks] == ["paragraph 1", "paragraph 2", "paragraph 3"]


def test_notes_follow_the_text(kinds, check_offsets):
    separator = "<w:footnote w:type='separator'>" + p("hidden") + "</w:footnote>"
    footnotes = separator + "".join(f"<w:footnote w:id='{n}'>{p(f'f{n}')}</w:footnote>" for n in (1, 2))
    document = read(p("a"), footnotes=footnotes, endnotes=f"<w:endnote w:id='1'>{p('e1')}{p('e2')}</w:endnote>")
    assert document.source == "a\nf1\nf2\ne1\ne2"
    places = [block.attribution for block in document.blocks]
    assert places == ["paragraph 1", "footnote 1", "footnote 2", "endnote 1", "endnote 1"]
    check_offsets(document)


def test_descriptions_of_pictures_stand_last(kinds, check_offsets):
    picture = f"<w:p>{drawing('', 'A pill&#10;on a plate')}</w:p>"
    document = read(picture, p("b"), table((picture,)), f"<w:p>{drawing('', ' ')}</w:p>")
    assert kinds(document) == [("paragraph", "b"), ("alt", "A pill on a plate"), ("alt", "A pill on a plate")]
    assert [block.attribution for block in document.blocks[1:]] == [
        "picture in paragraph 1",
        "picture in table 1 row 1",
    ]
    check_offsets(document)


def test_graphics_whose_words_are_elsewhere_are_noted():
    uri = "http://schemas.openxmlformats.org/drawingml/2006/"
    graphic = "<a:graphic><a:graphicData uri='" + uri + "{}'/></a:graphic>"
    blocks = [f"<w:p>{drawing(graphic.format(name))}</w:p>" for name in ("chart", "diagram", "picture")]
    assert [note.partition(";")[0] for note in read(p("a"), *blocks).notes] == [
        "line 2: a chart is not read",
        "line 3: a diagram is not read",
    ]


def test_contents_and_references_are_passed_over_and_noted(kinds):
    styles = [STYLE.format("TOC1", "toc 1", "Normal"), STYLE.format("Refs", "Bibliography", "Normal")]
    document = read(styled("hidden 1", "TOC1"), p("b"), styled("hidden 2", "Refs"), styles=styles)
    assert kinds(document) == [("paragraph", "b")]
    assert document.source == "hidden 1\nb\nhidden 2"
    assert document.notes == ("line 1: a table of contents or a list of references is passed over (and 1 more)",)


def test_headers_footers_and_comments_are_not_read():
    document = docx.Document()
    paragraph = document.add_paragraph("Only this.")
    document.sections[0].header.paragraphs[0].text = "hidden"
    document.sections[0].footer.paragraphs[0].text = "hidden"
    document.add_comment(paragraph.runs, "hidden", "A. Uthor", "AU")
    written = io.BytesIO()
    document.save(written)
    assert reader.read(written.getvalue(), "a.docx").source == "Only this."


def test_bracketed_directives_are_comments_as_in_plain_text(check_offsets):
    document = read(
        p("It is a miracle. [hypecheck: ignore -- a quotation]"),
        p("[hypecheck: ignore-next-line]"),
        p("It works wonders."),
        p("Write [hypecheck: ignore] to silence it."),
    )
    check_offsets(document)
    assert [block.text for block in document.blocks] == [
        "It is a miracle.", "It works wonders.", "Write [hypecheck: ignore] to silence it.",
    ]  # fmt: skip
    assert [comment.text for comment in document.comments] == [
        "hypecheck: ignore -- a quotation", "hypecheck: ignore-next-line",
    ]  # fmt: skip
    suppressing = [directive.scopes[0][1:] for directive in read_directives(document)]
    assert [document.source[start:end].strip() for start, end in suppressing] == [
        "It is a miracle. [hypecheck: ignore -- a quotation]", "It works wonders.",
    ]  # fmt: skip


def test_a_document_without_text():
    document = read()
    assert (document.source, document.blocks, document.language) == ("", (), "")


def test_another_language_is_marked():
    sentence = "El nuevo tratamiento reduce el dolor en la mayoría de los pacientes, según un estudio. "
    assert read(p(sentence * 3)).language == "other"


def test_without_python_docx_the_way_to_get_it_is_told(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(write(p("a")))
    code = (
        "import sys; sys.modules['docx'] = None\n"
        "from hypecheck.read import docx\n"
        "from hypecheck.types import ReadError\n"
        "try: docx.read(open(sys.argv[1], 'rb').read(), 'a.docx')\n"
        "except ReadError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("a.docx: is a Word document, and python-docx is not installed; ")
    assert 'pip install "hypecheck[docx]"' in done.stdout


def test_the_text_is_bounded_too(monkeypatch):
    data = write(p("word " * 20_000))
    assert len(reader.read(data, "a.docx", 100_000).source) == 100_000
    with pytest.raises(ReadError, match=r"a\.docx: 100000 characters of text, more than the limit of 99999"):
        reader.read(data, "a.docx", 99_999)
    with pytest.raises(ReadError, match=r"a\.docx: \d+ bytes, more than the limit of 10;"):
        reader.read(data, "a.docx", 10)


def changed(data, change):
    """The same package with other members: `change` takes their bytes by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        members = change({name: parts.read(name) for name in parts.namelist()})
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return written.getvalue()


def test_relations_that_lead_nowhere_are_no_harm():
    gone = b'<Relationship Id="rId99" Type="http://x.org/image" Target="../NULL"/></Relationships>'
    relations = "word/_rels/document.xml.rels"
    data = changed(write(p("a")), lambda m: m | {relations: m[relations].replace(b"</Relationships>", gone)})
    assert reader.read(data, "a.docx").source == "a"


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t"), max_size=12)
INSIDES = st.lists(
    st.tuples(st.sampled_from(["r", "ins", "del", "hyperlink", "instr", "tab", "box"]), WORDS), max_size=5
)


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inside(kind, word):
    return {
        "r": run(word),
        "ins": f"<w:ins>{run(word)}</w:ins>",
        "del": f"<w:del>{run(word)}</w:del>",
        "hyperlink": f"<w:hyperlink>{run(word)}</w:hyperlink>",
        "instr": f"<w:r><w:instrText>{word}</w:instrText></w:r>",
        "tab": "<w:r><w:tab/></w:r>",
        "box": box(p(word)),
    }[kind]


@settings(deadline=None, max_examples=60)
@given(st.lists(INSIDES, max_size=4))
def test_every_word_shown_is_read_in_its_place(check_offsets, paragraphs):
    lines = []
    for pieces in paragraphs:
        lines.append("".join({"tab": "\t"}.get(k, w) for k, w in pieces if k in ("r", "ins", "hyperlink", "tab")))
        lines += [word for kind, word in pieces if kind == "box"]
    written = [f"<w:p>{''.join(inside(kind, escape(word)) for kind, word in pieces)}</w:p>" for pieces in paragraphs]
    document = read(*written)
    assert document.source.split("\n") == (lines or [""])
    assert [block.text for block in document.blocks] == [" ".join(line.split()) for line in lines if line.strip()]
    check_offsets(document)


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_refused_and_no_error_is_another(data):
    with pytest.raises(ReadError, match=r"^a\.docx: .*; "):
        reader.read(data, "a.docx")


GOOD = write(styled("Top", "Heading1"), p("é 🙂 two"), table((p("c"),)), footnotes=f"<w:footnote>{p('f')}</w:footnote>")
MEMBERS = ["[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels", "word/styles.xml"]


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(MEMBERS), st.integers(0, 10_000), st.binary(max_size=6), st.integers(0, 40))
def test_damaged_parts_are_read_or_refused(check_offsets, member, at, new, cut):
    def damage(members):
        data = members[member]
        place = at % len(data)
        return members | {member: data[:place] + new + data[place + cut :]}

    try:
        document = reader.read(changed(GOOD, damage), "a.docx")
    except ReadError:
        return
    check_offsets(document)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_damaged_packages_are_read_or_refused(check_offsets, at, flip):
    try:
        document = reader.read(GOOD[:at] + bytes([GOOD[at] ^ flip]) + GOOD[at + 1 :], "a.docx")
    except ReadError:
        return
    check_offsets(document)
