"""Downloads made to do harm, and imports that are killed, each in a process of its own under limits of memory and time.

Whatever happens, the store that was there before answers as it did.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

import hypecheck
from hypecheck.record.importing import import_file
from hypecheck.record.store import open_store
from tests.record import shapes

pytest.importorskip("resource", reason="this system cannot limit the memory of a process")

ROOT = Path(hypecheck.__file__).parents[1]
MEMORY = 512 * 2**20
SECONDS = 60
"""Of the processor; it ends what would not end, and no test measures by it."""
NO_LIMIT = 77

IMPORT = f"""
import resource, sys
try:
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
    resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
except (OSError, ValueError):
    sys.exit({NO_LIMIT})
from datetime import date
from pathlib import Path
from hypecheck.record.importing import import_file
from hypecheck.types import RecordError
try:
    import_file(Path(sys.argv[1]), Path(sys.argv[2]), today=date(2026, 3, 1))
except RecordError as error:
    print("refused:", ascii(str(error)))
else:
    print("imported")
"""


@pytest.fixture
def store(tmp_path):
    """A store with a small record."""
    import_file(shapes.write_drugsfda(tmp_path / "small.zip"), tmp_path / "store", today=date(2026, 1, 1))
    return tmp_path / "store"


def _answers(store: Path) -> object:
    with open_store(store) as opened:
        found = opened.substances_named(["calmexa", "immunara", "brand 100000"])
        return opened.sources(), found, [opened.facts_of(substance.id) for substance in found.values()]


def _outcome(path: Path, store: Path) -> str:
    command = [sys.executable, "-c", IMPORT, str(path), str(store)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == NO_LIMIT:
        pytest.skip("this system cannot limit the memory of a process")
    assert done.returncode == 0, done.stderr[-2000:] or f"ended by signal {-done.returncode}"
    return done.stdout


def _with(**changed: bytes) -> dict[str, bytes]:
    members = {name: shapes.as_text(rows) for name, rows in shapes.drugsfda_tables().items()}
    return members | {f"{name}.txt": data for name, data in changed.items()}


def _without(name: str) -> dict[str, bytes]:
    return {member: data for member, data in _with().items() if member != f"{name}.txt"}


def _twice() -> bytes:
    rows = shapes.drugsfda_tables()["Applications.txt"]
    return shapes.as_text([*rows, rows[1]])


TABLES = {
    "a bomb": (_with(Products=b"0" * (64 * 2**20)), "would unpack to 67,108,864 bytes"),
    "a bomb beside the tables": (_with() | {"readme.pdf": b"0" * 2**21}, "would unpack to 2,097,152 bytes"),
    "a line without end": (
        _with(Products=shapes.as_text([shapes.PRODUCTS]) + random.Random(1).randbytes(2**20).hex().encode()), "line 2: longer than",
    ),
    "not cp1252": (_with(Applications="ApplNo\tApplType\tSponsorName\r\n1\tNDA\tX\u0401\r\n".encode()), "byte 0x81"),
    "UTF-16": (_with(Applications=shapes.as_text([shapes.APPLICATIONS]).decode().encode("utf-16")), "0x|missing"),
    "a missing table": (_without("MarketingStatus"), "MarketingStatus.txt is missing"),
    "a number twice": (_with(Applications=_twice()), "line 7: the application 900001 stands in line 2 already"),
    "of something else": ({"photo.jpg": b"\xff\xd8"}, "neither the Drugs@FDA data files"),
    "nothing": ({}, "neither the Drugs@FDA data files"),
}  # fmt: skip


@pytest.mark.parametrize(("members", "cause"), TABLES.values(), ids=TABLES)
def test_tables_that_are_refused_leave_the_store(tmp_path, store, members, cause):
    before = _answers(store)
    said = _outcome(shapes.write_zip(tmp_path / "new.zip", members), store)
    assert said.startswith("refused: ")
    assert any(part in said for part in cause.split("|")), said
    assert _answers(store) == before


def _renamed(data: bytes) -> bytes:
    return data.replace(b"Products.txt", b"../ducts.txt")


def _encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[data.index(b"PK\1\2") + 8] |= 1
    return bytes(changed)


BYTES = {
    "names that lead out": (_renamed, "leads out of the archive"),
    "a password": (_encrypted, "is encrypted"),
    "cut short": (lambda data: data[: len(data) // 2], "no whole zip archive"),
    "without its end": (lambda data: data[:-1], "no whole zip archive"),
    "no zip": (lambda data: b"ApplNo\tApplType\n" * 100, "no whole zip archive"),
    "empty": (lambda data: b"", "no whole zip archive"),
    "one bit turned": (lambda data: data[:70] + bytes([data[70] ^ 16]) + data[71:], "is damaged|line "),
}


@pytest.mark.parametrize(("change", "cause"), BYTES.values(), ids=BYTES)
def test_archives_that_are_refused_leave_the_store(tmp_path, store, change, cause):
    before = _answers(store)
    path = shapes.write_drugsfda(tmp_path / "new.zip", shapes.many_applications(50))
    path.write_bytes(change(path.read_bytes()))
    said = _outcome(path, store)
    assert said.startswith("refused: ")
    assert any(part in said for part in cause.split("|")), said
    assert _answers(store) == before


def _workbook(tmp_path: Path) -> dict[str, bytes]:
    path = shapes.write_ema(tmp_path / "good.xlsx", [shapes.medicine("Calmexa", "zortivane")])
    with zipfile.ZipFile(path) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


LAUGHS = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10 if level else b"ha" * 10) for level in range(10)
)
SHEET = "xl/worksheets/sheet1.xml"


def _laughing(part: bytes) -> bytes:
    return b"<!DOCTYPE worksheet [" + LAUGHS + b"]><worksheet>&l9;</worksheet>"


def _reading_a_file(part: bytes) -> bytes:
    return b'<!DOCTYPE worksheet [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>'


def _far_down(part: bytes) -> bytes:
    return part.replace(b"</sheetData>", b'<row r="999999999999"><c r="A1"><v>1</v></c></row></sheetData>')


def _far_right(part: bytes) -> bytes:
    cells = b'<row><c r="ZZZ1"><v>1</v></c></row>' * 150_000
    return part.replace(b"</sheetData>", cells + b"</sheetData>")


def _many_elements(part: bytes) -> bytes:
    return part.replace(b"</sheetData>", b"<row/>" * 5_000_000 + b"</sheetData>")


def _deep(part: bytes) -> bytes:
    return b"<worksheet>" + b"<a>" * 300_000 + b"</a>" * 300_000 + b"</worksheet>"


PARTS = {
    "entities within entities": (SHEET, _laughing, "declares a document type"),
    "an entity that reads a file": (SHEET, _reading_a_file, "declares a document type"),
    "entities in another part": ("xl/workbook.xml", _laughing, "declares a document type"),
    "a row far down": (SHEET, _far_down, "more than 100,000 rows"),
    "rows far to the right": (SHEET, _far_right, "would unpack to|more than 100,000 rows"),
    "many elements": (SHEET, _many_elements, "would unpack to|more elements"),
    "deep elements": (SHEET, _deep, "would unpack to|more elements"),
    "no sheet": (SHEET, lambda part: b"not XML", "no header with|no workbook"),
    "other columns": (
        SHEET, lambda part: part.replace(b"Active substance", b"Passive substance"), "'active substance'",
    ),
    "no list of parts": ("[Content_Types].xml", lambda part: b"<a/>", "no workbook that can be read"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "change", "cause"), PARTS.values(), ids=PARTS)
def test_workbooks_that_are_refused_leave_the_store(tmp_path, store, name, change, cause):
    before = _answers(store)
    members = _workbook(tmp_path)
    members[name] = change(members[name])
    with zipfile.ZipFile(tmp_path / "new.xlsx", "w", zipfile.ZIP_STORED) as target:
        for member, data in members.items():
            target.writestr(member, data)
    said = _outcome(tmp_path / "new.xlsx", store)
    assert said.startswith("refused: "), said
    assert any(part in said for part in cause.split("|")), said
    assert _answers(store) == before


def _grown(store: Path, size: int) -> bool:
    """Whether the transaction is under way and has begun to change the file itself."""
    journal = store.with_name(f"{store.name}-journal")
    return journal.exists() and store.stat().st_size > size + 2**20


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no signal that cannot be caught")
def test_an_import_that_is_killed_half_way_leaves_the_old_store(tmp_path, store):
    before = _answers(store)
    size = store.stat().st_size
    for count in (40_000, 80_000, 160_000):
        path = shapes.write_drugsfda(tmp_path / "large.zip", shapes.many_applications(count))
        process = subprocess.Popen([sys.executable, "-c", IMPORT, str(path), str(store)], cwd=ROOT)
        while process.poll() is None and not _grown(store, size):
            time.sleep(0.001)
        process.kill()
        if process.wait() == -signal.SIGKILL:
            break
        # It was done before the signal came; the old store is put back and a larger file takes longer.
        store.unlink()
        import_file(tmp_path / "small.zip", store, today=date(2026, 1, 1))
    assert process.returncode == -signal.SIGKILL
    assert _grown(store, size), "the signal came before or after the change"
    assert _answers(store) == before
    assert not store.with_name(f"{store.name}-journal").exists()
    imported = import_file(path, store, today=date(2026, 3, 1))
    assert (imported.unchanged, imported.source.substances) == (False, count)
    assert _answers(store) != before


def test_an_import_that_is_killed_at_the_first_leaves_a_store_to_begin(tmp_path):
    # What is left of a first transaction: a file of no bytes.
    (tmp_path / "store").write_bytes(b"")
    path = shapes.write_drugsfda(tmp_path / "small.zip")
    assert not import_file(path, tmp_path / "store", today=date(2026, 3, 1)).unchanged
