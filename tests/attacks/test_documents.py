"""Documents and exports made to do harm, each read by a process of its own under limits of memory and time.

The limits are for what would never end or fit; no test measures by them. What is read is told by its length,
what is refused by its cause.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hypecheck

pytest.importorskip("resource", reason="this system cannot limit the memory of a process")

ROOT = Path(hypecheck.__file__).parents[1]
MEMORY = 1024 * 2**20
SECONDS = 120
"""Of the processor; the slowest case takes 15 on a busy machine, and one that goes back over its text hours."""
NO_LIMIT = 77

LIMITS = f"""
import json, resource, sys
try:
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
    resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
except (OSError, ValueError):
    sys.exit({NO_LIMIT})
from hypecheck.types import ReadError
"""
OUTCOME = """
try:
    document = read()
except ReadError as error:
    print("refused:", ascii(str(error)))
else:
    print("read", sum(len(block.text) for block in document.blocks))
"""
READ_FILE = f"""{LIMITS}
from hypecheck.read import docx
def read():
    with open(sys.argv[1], "rb") as file:
        return docx.read(file.read(), sys.argv[2])
{OUTCOME}"""
READ_TEXT = f"""{LIMITS}
from hypecheck.read import mdx, records
reader, before, unit, count, after = json.loads(sys.argv[1])
def read():
    source = before + unit * count + after
    return mdx.read(source, "a.mdx") if reader == "mdx" else records.read(source, "a", reader, ["b"])
{OUTCOME}"""


def outcome(code: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == NO_LIMIT:
        pytest.skip("this system cannot limit the memory of a process")
    assert done.returncode == 0, done.stderr[-2000:] or f"ended by signal {-done.returncode}"
    return done.stdout.strip()


SPACES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
STYLES = "word/styles.xml"
TYPES = "[Content_Types].xml"


@pytest.fixture(scope="session")
def members() -> dict[str, bytes]:
    """The parts of a Word document with two words in it."""
    docx = pytest.importorskip("docx", reason="python-docx reads Word documents and is not installed")
    document = docx.Document()
    document.add_paragraph("Two words")
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def write(path: Path, members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return path


def body(inside: str) -> bytes:
    return f"<w:document {SPACES}><w:body>{inside}</w:body></w:document>".encode()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))
LAUGHING = f"<!DOCTYPE w [{LAUGHS}]>".encode()
READING = b'<!DOCTYPE w [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
CALL = body(f"<w:p>{run('&l9;')}</w:p>")
DELETED = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
CHAIN = '<w:style w:type="paragraph" w:styleId="s{0}"><w:name w:val="n{0}"/><w:basedOn w:val="s{1}"/></w:style>'
NOISE = random.Random(1)

PARTS = {
    "a bomb": ({BODY: b" " * (64 * 2**20)}, "would unpack to 67,108,864 bytes"),
    "a bomb beside the text": ({"word/media/a.png": b"\0" * 2**21}, "would unpack to 2,097,152 bytes"),
    "entities within entities": ({BODY: LAUGHING + CALL}, "word/document.xml declares a document type"),
    "an entity that reads a file": ({BODY: READING + CALL}, "declares a document type"),
    "entities in UTF-16": (
        {BODY: ('<?xml version="1.0" encoding="UTF-16"?>' + LAUGHING.decode() + "<a/>").encode("utf-16")},
        "declares a document type",
    ),
    "entities in the list of types": ({TYPES: LAUGHING + b"<Types/>"}, "declares a document type"),
    "entities in the relations": ({RELATIONS: LAUGHING + b"<a/>"}, "declares a document type"),
    "entities in the styles": ({STYLES: LAUGHING + b"<a/>"}, "declares a document type"),
    "no list of types": ({TYPES: None}, "holds no part '[Content_Types].xml'"),
    "no relations": ({"_rels/.rels": None}, "holds no part '_rels/.rels'"),
    "no text": ({BODY: None}, "is no Word document that can be read"),
    "no styles": ({STYLES: None}, "read 9"),
    "no relations of the text": ({RELATIONS: None}, "read 9"),
    "no body": ({BODY: f"<w:document {SPACES}/>".encode()}, "without a body"),
    "no XML": ({BODY: b"not XML"}, "word/document.xml is damaged"),
    "of another kind": ({BODY: b"<html><body>Two words</body></html>"}, "is no Word document|without a body"),
    "another document embedded": ({BODY: body("<w:altChunk/>")}, "another document embedded in it, which is not read"),
    "a part in another file": ({BODY: body("<w:p><w:subDoc/></w:p>")}, "a part kept in another file"),
    "text outside of paragraphs": ({BODY: body(run("Two words"))}, "text outside of its paragraphs"),
    "macros": ({"word/vbaProject.bin": b"x"}, "is a document with macros (.docm)"),
    "one text of 11 million letters": (
        {BODY: body(f"<w:p>{run(NOISE.randbytes(5_500_000).hex())}</w:p>")},
        "is no Word document that can be read (XMLSyntaxError)",
    ),
    "texts of 11 million letters": (
        {BODY: body("".join(f"<w:p>{run(NOISE.randbytes(550_000).hex())}</w:p>" for _ in range(10)))},
        "11000009 characters of text|11000000 characters of text",
    ),
    "deep elements": ({BODY: body("<w:sdt>" * 250 + "</w:sdt>" * 250)}, "more elements"),
    "tables within tables": (
        {BODY: body("<w:tbl><w:tr><w:tc>" * 60 + f"<w:p>{run('deep')}</w:p>" + "</w:tc></w:tr></w:tbl>" * 60)},
        "read 4",
    ),
    "paragraphs whose ends are deleted": ({BODY: body(f"<w:p>{DELETED}{run('ab')}</w:p>" * 10_000)}, "read 20000"),
    "styles based on one another": (
        {
            STYLES: f"<w:styles {SPACES}>{''.join(CHAIN.format(n, n + 1) for n in range(20_000))}</w:styles>".encode(),
            BODY: body(f"<w:p><w:pPr><w:pStyle w:val='s0'/></w:pPr>{run('ab')}</w:p>"),
        },
        "read 2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "expected"), PARTS.values(), ids=PARTS)
def test_documents_are_read_or_refused(tmp_path, members, changed, expected):
    parts = {name: data for name, data in (members | changed).items() if data is not None}
    said = outcome(READ_FILE, str(write(tmp_path / "a.docx", parts)), "a.docx")
    assert any(cause in said for cause in expected.split("|")), said


def test_many_elements_are_refused(tmp_path, members):
    path = write(tmp_path / "a.docx", members | {BODY: body("<w:p/>" * 1_500_000)}, zipfile.ZIP_STORED)
    assert "more elements" in outcome(READ_FILE, str(path), "a.docx")


def _encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[data.index(b"PK\1\2") + 8] |= 1
    return bytes(changed)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
WHOLE = {
    "a password": (lambda data: OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "protected by a password; save"),
    "a format of old": (lambda data: OLE + "WordDocument".encode("utf-16-le"), "a.doc", "before Word 2007 (.doc); open it"),
    "encrypted members": (_encrypted, "a.docx", "is encrypted; save the archive without a password"),
    "a name that leads out": (lambda data: data.replace(b"word/theme", b"../../them"), "a.docx", "leads out of"),
    "a name twice": (lambda data: data.replace(b"word/fontTable.xml", b"Word/Numbering.xml"), "a.docx", "twice; open it"),
    "the suffix of macros": (lambda data: data, "A.DOCM", "is a document with macros (.docm)"),
    "cut short": (lambda data: data[: len(data) // 2], "a.docx", "no whole zip archive; open it"),
    "no zip": (lambda data: b"PK" + b"x" * 5_000, "a.docx", "no whole zip archive"),
    "nothing": (lambda data: b"", "a.docx", "no whole zip archive"),
    "too large": (lambda data: data + b"\0" * 10_000_000, "a.docx", "more than the limit of 10000000; split it"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "name", "cause"), WHOLE.values(), ids=WHOLE)
def test_packages_are_refused_with_their_cause(tmp_path, members, change, name, cause):
    path = write(tmp_path / "a.docx", members)
    path.write_bytes(change(path.read_bytes()))
    assert cause in outcome(READ_FILE, str(path), name)


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (b"document.main+xml", b"template.main+xml", "is no Word document that can be read"),
        (b"vnd.openxmlformats-officedocument.wordprocessingml.document.main", b"vnd.ms-word.document.macroEnabled.main", "with macros"),
    ],
    ids=["a template", "a document for macros"],
)  # fmt: skip
def test_other_types_of_documents_are_refused(tmp_path, members, old, new, cause):
    path = write(tmp_path / "a.docx", members | {TYPES: members[TYPES].replace(old, new)})
    assert cause in outcome(READ_FILE, str(path), "a.docx")


def test_strict_documents_are_refused_with_the_way_out(tmp_path, members):
    relations = members["_rels/.rels"].replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006", b"http://purl.oclc.org/ooxml/officeDocument"
    )
    path = write(tmp_path / "a.docx", members | {"_rels/.rels": relations})
    said = outcome(READ_FILE, str(path), "a.docx")
    assert "is a Strict Open XML document; open it in a word processor and save it" in said


TEXTS = {
    "json: arrays": ("json", "", "[", 1_000_000, "", "nested more than 100"),
    "json: objects": ("json", "", '{"a":', 1_000_000, "", "no valid JSON|no 'b'|nested more than 100"),
    "json: a string without end": ("json", '{"b": "', "a", 3_000_000, "", "no valid JSON"),
    "json: quotation marks": ("json", '{"b": ', '"', 1_000_001, "}", "no valid JSON"),
    "json: backslashes": ("json", '{"b": "', "\\\\", 200_000, '"}', "read 200000"),
    "json: escapes": ("json", '{"b": "', "\\u00e9", 300_000, '"}', "read 300000"),
    "json: half characters": ("json", '{"b": "', "\\ud83d", 300_000, '"}', "read 300000"),
    "json: digits": ("json", '{"a": ', "9", 3_000_000, ', "b": "x"}', "read 1"),
    "json: digits and no number": ("json", '{"a": 1', "0e1", 1_000_000, "}", "no valid JSON"),
    "json: spaces": ("json", "", " ", 3_000_000, "x", "no valid JSON"),
    "json: keys": ("json", '{"b": "x"', ', "k": [{}]', 200_000, "}", "read 1"),
    "json: records": ("json", "[", '{"b": "x"},', 30_000, '{"b": "y"}]', "read 30001"),
    "json: tags in a value": ("json", '{"b": "</p>', "<p>a <b>b ", 60_000, '"}', "read "),
    "json: open comments in a value": ("json", '{"b": "</p>', "<!--", 300_000, '"}', "read "),
    "json: notes": ("json", "[", '{"b": "</p><code>x"},', 20_000, '{"b": "x"}]', "read 20001"),
    "jsonl: lines": ("jsonl", "", '{"b": "x"}\n', 30_000, "", "read 30000"),
    "jsonl: line ends": ("jsonl", "", "\r\n", 1_000_000, '{"b": "x"}', "read 1"),
    "csv: quotation marks": ("csv", "b\n", '"', 2_000_001, "", "never closed"),
    "csv: doubled quotation marks": ("csv", 'b\n"', '""', 300_000, '"\n', "read 300000"),
    "csv: cells": ("csv", "b\nx", ",", 1_000_000, "", "cells and the first row 1"),
    "csv: columns": ("csv", "a", ",c", 500_000, "\n", "there is no column 'b'"),
    "csv: rows": ("csv", "b\n", "x\n", 40_000, "", "read 40000"),
    "mdx: braces": ("mdx", "", "{", 190_000, "", "read "),
    "mdx: too many braces": ("mdx", "", "{", 2_000_000, "", "more than 200000 tags and expressions"),
    "mdx: braces in braces": ("mdx", "", "{", 1, "{" * 50_000 + "}" * 50_001, "read "),
    "mdx: expressions": ("mdx", "", "{a} ", 100_000, "", "read "),
    "mdx: tags": ("mdx", "", "<A ", 30_000, "", "read "),
    "mdx: closed tags": ("mdx", "", "<A>b</A>\n", 30_000, "", "read "),
    "mdx: tags on lines of their own": ("mdx", "", "<div>\n", 60_000, "", "read "),
    "mdx: attributes": ("mdx", "<A", " b='c'", 300_000, ">d", "read "),
    "mdx: open attributes": ("mdx", "", "<A b=' c=\"", 30_000, "", "read "),
    "mdx: attributes in turn": ("mdx", "", "<A b=' x=' ", 20_000, "", "read "),
    "mdx: spaces in a tag": ("mdx", "<A", " ", 1_000_000, "b", "read "),
    "mdx: imports": ("mdx", "", "import {a\n\n", 50_000, "", "read "),
    "mdx: an import without end": ("mdx", "import {", "a ", 300_000, "", "read "),
    "mdx: exports": ("mdx", "", "export const a = {\n\n", 50_000, "", "read "),
    "mdx: comments": ("mdx", "", "{/* ", 100_000, "", "read "),
    "mdx: comments of HTML": ("mdx", "", "<!-- ", 100_000, "", "read "),
    "mdx: backticks": ("mdx", "", "` `` ``` ", 20_000, "", "read "),
    "mdx: fences": ("mdx", "", "```\n\n", 20_000, "", "read "),
    "mdx: indentation": ("mdx", "", "      - a\n\n", 10_000, "", "read 10000"),
}


@pytest.mark.parametrize("case", TEXTS.values(), ids=TEXTS)
def test_texts_are_read_or_refused(case):
    *case, expected = case
    said = outcome(READ_TEXT, json.dumps(case))
    assert any(cause in said for cause in expected.split("|")), said
