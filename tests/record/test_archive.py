from __future__ import annotations

import io
import struct
import zipfile

import pytest

from hypecheck.record import archive
from hypecheck.record.archive import copy_xml, open_archive
from hypecheck.types import RecordError
from tests.record.shapes import write_zip


def opened(path, **limits):
    with path.open("rb") as stream, open_archive(stream, path.name, **limits) as found:
        return {member: found.sizes[member] for member in found.sizes}


def read(path, member):
    with path.open("rb") as stream, open_archive(stream, path.name) as found, found.reading(member) as content:
        return content.read()


def test_members_by_name(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a/One.txt": b"1\r\n2", "two.txt": b""})
    assert opened(path) == {"a/One.txt": 4, "two.txt": 0}
    assert read(path, "a/One.txt") == b"1\r\n2"


def test_a_comment_behind_the_list_of_members_is_no_harm(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.txt": b"x"})
    with zipfile.ZipFile(path, "a") as changed:
        changed.comment = b"weekly " * 100
    assert opened(path) == {"a.txt": 1}


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "a/../../b.txt", "/etc/a.txt", "a\\b.txt", "..\\a.txt", "C:/a.txt", "c:a.txt", "a.txt\0.exe"],
)
def test_names_that_lead_out_are_refused(tmp_path, name):
    # zipfile mends such names when it writes, so the stored bytes are changed behind its back.
    stand_in = "N" * len(name)
    path = write_zip(tmp_path / "a.zip", {stand_in: b"x"})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), name.encode()))
    with pytest.raises(RecordError, match="leads out of the archive; download") as caught:
        opened(path)
    assert "\0" not in str(caught.value)


@pytest.mark.parametrize("name", ["a..b.txt", "..a/b.txt", "a/b...txt", "drugs (2).txt"])
def test_dots_in_names_lead_nowhere(tmp_path, name):
    assert opened(write_zip(tmp_path / "a.zip", {name: b"x"})) == {name: 1}


@pytest.mark.parametrize("second", ["a.txt", "A.TXT"])
def test_a_name_that_stands_twice_is_refused(tmp_path, second):
    path = write_zip(tmp_path / "a.zip", {"a.txt": b"x", "b.txt": b"y"})
    path.write_bytes(path.read_bytes().replace(b"b.txt", second.encode()))
    with pytest.raises(RecordError, match="twice"):
        opened(path)


@pytest.mark.parametrize("flag", [0x1, 0x40], ids=["encrypted", "strongly"])
def test_encrypted_members_are_refused(tmp_path, flag):
    path = write_zip(tmp_path / "a.zip", {"a.txt": b"x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= flag
    path.write_bytes(data)
    with pytest.raises(RecordError, match="a.txt is encrypted; save the archive without"):
        opened(path)


def test_other_ways_of_packing_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as target:
        target.writestr("a.txt", "x")
    with pytest.raises(RecordError, match="packed in a way"):
        opened(tmp_path / "a.zip")


def test_what_would_unpack_to_too_much_is_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.txt": b"ab", "b.txt": b"cd"})
    assert opened(path, max_unpacked=4)
    with pytest.raises(RecordError, match="more than 3 bytes"):
        opened(path, max_unpacked=3)


def test_what_unpacks_to_many_times_its_size_is_refused(tmp_path):
    small, large = b"\0" * archive.SMALL, b"\0" * (archive.SMALL + 1)
    assert opened(write_zip(tmp_path / "a.zip", {"a": small})) == {"a": archive.SMALL}
    with pytest.raises(RecordError, match=r"unpack to 1,048,577 bytes from 1,0\d\d"):
        opened(write_zip(tmp_path / "a.zip", {"a": large}))


def test_how_tightly_a_member_is_packed_counts_and_not_what_is_in_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as target:
        target.writestr("a", b"\0" * (archive.SMALL + 1))
    assert opened(tmp_path / "a.zip") == {"a": archive.SMALL + 1}


def test_a_member_that_is_longer_than_it_says_is_refused(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.txt": b"0123456789" * 50})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(data)
    with pytest.raises(RecordError, match="a.txt is damaged"):
        read(path, "a.txt")


def test_damage_is_named_with_the_member(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"a.txt": bytes(range(256)) * 40})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(RecordError, match=r"a.zip: a.txt is damaged, .*; download it again"):
        read(path, "a.txt")


@pytest.mark.parametrize(
    "data", [b"", b"ApplNo\tApplType\n", b"PK\3\4" + b"x" * 500, b"PK\5\6", b"PK\5\6" + b"\xff" * 18]
)
def test_what_is_no_zip_is_refused(tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(RecordError, match="a.zip: "):
        opened(tmp_path / "a.zip")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_zip_that_is_cut_short_is_refused(tmp_path, kept):
    path = write_zip(tmp_path / "a.zip", {f"{number}.txt": bytes(range(256)) for number in range(20)})
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(RecordError, match="no whole zip archive"):
        opened(path)


def test_a_list_of_members_without_end_is_refused(tmp_path):
    entries = 1 + archive.MAX_DIRECTORY // 46
    path = write_zip(tmp_path / "a.zip", {f"{number}": b"" for number in range(entries)})
    with pytest.raises(RecordError, match="list of members"):
        opened(path)


def xml(tmp_path, members):
    path = write_zip(tmp_path / "a.zip", members)
    with path.open("rb") as stream, open_archive(stream, path.name) as found:
        copied = copy_xml(found)
    with zipfile.ZipFile(copied) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def test_only_well_formed_xml_is_copied(tmp_path):
    good = {"a.xml": b"<a b='1'><c/></a>", "b.bin": "<?xml version='1.0' encoding='UTF-16'?><a/>".encode("utf-16")}
    assert xml(tmp_path, good | {"c.png": b"\x89PNG", "d.xml": b"<a>", "e.xml": b""}) == good


DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize(
    "part",
    [
        DOCTYPE.encode(),
        ('<?xml version="1.0" encoding="UTF-16"?>' + DOCTYPE).encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<!DOCTYPE a><a>",
    ],
    ids=["entity", "UTF-16", "outside", "not well-formed"],
)
def test_a_document_type_is_refused_whatever_the_part_is_called(tmp_path, part):
    with pytest.raises(RecordError, match="picture.png declares a document type"):
        xml(tmp_path, {"picture.png": part})


def test_elements_are_counted_over_all_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ELEMENTS", 6)
    part = b"<a b='1'><c/></a>"
    assert len(xml(tmp_path, {"1": part, "2": part})) == 2
    with pytest.raises(RecordError, match="3 holds more elements"):
        xml(tmp_path, {"1": part, "2": part, "3": b"<a/>"})


def test_nesting_is_bounded(tmp_path):
    deep = archive.MAX_NESTING
    assert xml(tmp_path, {"a": b"<a>" * deep + b"</a>" * deep})
    with pytest.raises(RecordError, match="more elements"):
        xml(tmp_path, {"a": b"<a>" * (deep + 1) + b"</a>" * (deep + 1)})


def test_nothing_is_read_before_the_list_of_members_was_checked():
    """A stream that holds only the end of a long list: opening it by zipfile alone would read the list first."""

    class Watched(io.BytesIO):
        longest = 0

        def read(self, size=-1):
            data = super().read(size)
            self.longest = max(self.longest, len(data))
            return data

    length = archive.MAX_DIRECTORY * 4
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, length, 0, 0)
    stream = Watched(b"\0" * length + end)
    with pytest.raises(RecordError, match="list of members"), open_archive(stream, "a.zip"):
        pass
    assert stream.longest < 2**17
