from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.read.decode import decode
from hypecheck.types import ReadError


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("naïve 🙂\r\nline".encode(), "naïve 🙂\r\nline"),
        (codecs.BOM_UTF8 + "é".encode(), "é"),
        (codecs.BOM_UTF8, ""),
        (codecs.BOM_UTF16_LE + "é🙂".encode("utf-16-le"), "é🙂"),
        (codecs.BOM_UTF16_BE + "é🙂".encode("utf-16-be"), "é🙂"),
        ("e\u0301".encode(), "e\u0301"),
        ("â€” donâ€™t".encode(), "â€” donâ€™t"),
        (codecs.BOM_UTF8 * 2, "\ufeff"),
    ],
    ids=[
        "empty",
        "UTF-8",
        "UTF-8 with its mark",
        "only the mark",
        "UTF-16 LE",
        "UTF-16 BE",
        "combining character kept apart",
        "mojibake untouched",
        "second mark is text",
    ],
)
def test_text_is_decoded_and_nothing_else(data, text):
    assert decode(data, "a.txt") == text


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"caf\xe9 au lait", "byte 3 is not valid UTF-8"),
        (codecs.BOM_UTF8 + b"ab\xff", "byte 5 is not valid UTF-8"),
        (b"\xed\xa0\x80", "byte 0 is not valid UTF-8"),
        (codecs.BOM_UTF16_LE + b"a", "byte 2 is not valid UTF-16"),
        (codecs.BOM_UTF16_BE + b"\xd8\x00\x00a", "byte 2 is not valid UTF-16"),
        (b"PK\x03\x04\x00", "NUL at byte 4"),
        (codecs.BOM_UTF8 + "é\0".encode(), "NUL at byte 5"),
        ("é\0".encode("utf-16"), "NUL at byte 4"),
        (codecs.BOM_UTF32_LE + "ab".encode("utf-32-le"), "NUL at byte 2"),
        ("text".encode("utf-16-le"), "NUL at byte 1"),
    ],
    ids=[
        "Latin-1",
        "counted with the mark",
        "surrogate",
        "half a unit",
        "half a pair",
        "binary",
        "NUL behind the mark",
        "NUL in UTF-16",
        "UTF-32",
        "UTF-16 without its mark",
    ],
)
def test_anything_else_is_refused_with_the_byte_and_the_remedy(data, cause):
    with pytest.raises(ReadError, match=r"^notes/a\.txt: .*save it as UTF-8") as caught:
        decode(data, "notes/a.txt")
    assert cause in str(caught.value)


def test_the_limit_counts_bytes():
    assert decode("é".encode() * 5, "a.txt", max_bytes=10) == "ééééé"
    with pytest.raises(ReadError, match="11 bytes, more than the limit of 10"):
        decode(b"a" * 11, "a.txt", max_bytes=10)


@given(st.binary(), st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE]))
def test_any_bytes_are_decoded_or_refused(data, mark):
    try:
        text = decode(mark + data, "a.txt")
    except ReadError:
        return
    encoding = "utf-8" if mark in (b"", codecs.BOM_UTF8) else {b"\xff": "utf-16-le", b"\xfe": "utf-16-be"}[mark[:1]]
    if not mark and data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    assert text.encode(encoding) == data
