"""Model folders made to do harm, each opened by a process of its own under limits of memory and time."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import pytest

import hypecheck
from hypecheck.categories import CATEGORY_IDS
from hypecheck.score import values
from hypecheck.score.folder import write_manifest
from hypecheck.score.values import write_values

pytest.importorskip("resource", reason="this system cannot limit the memory of a process")

ROOT = Path(hypecheck.__file__).parents[1]
MEMORY = 512 * 2**20
NO_LIMIT = 77

LIMITED = f"""
import resource, sys
try:
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
except (OSError, ValueError):
    sys.exit({NO_LIMIT})
from pathlib import Path
"""

OPEN = f"""{LIMITED}
from hypecheck.score.folder import load_values, open_model
from hypecheck.types import ModelError
try:
    opened = open_model(Path(sys.argv[1]), trusted=sys.argv[2] == "trusted")
    load_values(opened, "linear.joblib")
except ModelError as error:
    print("refused:", ascii(str(error)))
else:
    print("loaded")
"""

UNPICKLE = f"""{LIMITED}
import pickle
try:
    pickle.loads((Path(sys.argv[1]) / "linear.joblib").read_bytes())
except MemoryError:
    print("out of memory")
except pickle.UnpicklingError:
    print("refused")
else:
    print("loaded")
"""


def run(script: str, folder: Path, *arguments: str) -> str:
    """What a limited process says; one that dies, or is stopped by its limits, fails the test."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", script, str(folder), *arguments],
        check=False, capture_output=True, text=True, timeout=120,
        cwd=folder.parent, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if done.returncode == NO_LIMIT:
        pytest.skip("this system cannot limit the memory of a process")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def make_model(folder: Path, data: bytes | None = None) -> Path:
    """A folder with a sound manifest, whose digest is that of `data`, or of values that are plain."""
    folder.mkdir()
    if data is None:
        write_values({"weights": [0.5]}, folder / "linear.joblib")
    else:
        (folder / "linear.joblib").write_bytes(data)
    write_manifest(
        folder,
        kind="linear", name="linear", version="1", files=["linear.joblib"],
        thresholds={category: {"report": 0.5, "gate": 0.5} for category in CATEGORY_IDS},
        calibration={}, data={"sha256": "0" * 64}, versions={}, metrics={},
    )  # fmt: skip
    return folder


def assert_refused(folder: Path, cause: str, trust: str = "foreign") -> None:
    said = run(OPEN, folder, trust)
    assert said.startswith("refused:")
    assert cause in said
    assert "MemoryError" not in said  # refused by a rule, not saved by the limit


def packed(body: bytes) -> bytes:
    return b"\x80\x04" + body + b"."


def text(word: bytes) -> bytes:
    return b"\x8c" + bytes([len(word)]) + word


@pytest.mark.parametrize("trust", ["trusted", "foreign"])
def test_a_sound_folder_loads_under_the_same_limits(tmp_path: Path, trust: str) -> None:
    assert run(OPEN, make_model(tmp_path / "model"), trust) == "loaded"


def test_a_large_sound_folder_loads_under_the_same_limits(tmp_path: Path) -> None:
    value = {"rows": bytes(20_000_000), "words": {f"w{i}": i / 3 for i in range(20_000)}}
    write_values(value, tmp_path / "big.joblib")
    model = make_model(tmp_path / "model", (tmp_path / "big.joblib").read_bytes())
    assert run(OPEN, model, "foreign") == "loaded"


class Command:
    """Pickles as a call of os.system."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (self.command,)


def canary(tmp_path: Path) -> tuple[Path, Command]:
    """A file, and an object that makes it when it is unpickled by an ordinary unpickler."""
    file = tmp_path / "canary"
    return file, Command(f'echo sang > "{file}"')


def test_the_canary_sings_where_nothing_guards_it(tmp_path: Path) -> None:
    file, command = canary(tmp_path)
    assert run(UNPICKLE, make_model(tmp_path / "model", pickle.dumps(command, 4))) == "loaded"
    assert file.exists()


@pytest.mark.parametrize("trust", ["trusted", "foreign"])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_command_does_not_run(tmp_path: Path, protocol: int, trust: str) -> None:
    file, command = canary(tmp_path)
    model = make_model(tmp_path / "model", pickle.dumps([1, command], protocol))
    assert_refused(model, "not a file of plain values", trust)
    assert not file.exists()


@pytest.mark.parametrize("trust", ["trusted", "foreign"])
def test_a_command_under_the_header_of_plain_values_does_not_run(tmp_path: Path, trust: str) -> None:
    file, command = canary(tmp_path)
    data = packed(pickle.dumps(command, 2)[2:-1])
    assert run(UNPICKLE, make_model(tmp_path / "bare", data)) == "loaded"
    file.unlink()
    cause = "it asks for" if trust == "trusted" else "opcode 0x63"
    assert_refused(make_model(tmp_path / "model", data), cause, trust)
    assert not file.exists()


@pytest.mark.parametrize(
    ("body", "opcode"),
    [
        pytest.param(b"cos\nsystem\n", b"c", id="GLOBAL"),
        pytest.param(text(b"os") + text(b"system") + b"\x93", b"\x93", id="STACK_GLOBAL"),
        pytest.param(b"N)R", b")", id="EMPTY_TUPLE"),
        pytest.param(b"NNR", b"R", id="REDUCE"),
        pytest.param(b"]}b", b"b", id="BUILD"),
        pytest.param(b"\x82\x01", b"\x82", id="EXT1"),
        pytest.param(b"\x83\x01\x00", b"\x83", id="EXT2"),
        pytest.param(b"\x84\x01\x00\x00\x00", b"\x84", id="EXT4"),
        pytest.param(b"(" + text(b"ls") + b"ios\nsystem\n", b"i", id="INST"),
        pytest.param(b"(NNo", b"o", id="OBJ"),
        pytest.param(b"NN\x81", b"\x81", id="NEWOBJ"),
        pytest.param(b"NN}\x92", b"\x92", id="NEWOBJ_EX"),
        pytest.param(b"Pname\n", b"P", id="PERSID"),
        pytest.param(b"NQ", b"Q", id="BINPERSID"),
        pytest.param(b"\x97", b"\x97", id="NEXT_BUFFER"),
        pytest.param(b"N2", b"2", id="DUP"),
        pytest.param(b"\x80\x04N", b"\x80", id="PROTO again"),
    ],
)
def test_opcodes_that_plain_values_do_not_need_are_refused(tmp_path: Path, body: bytes, opcode: bytes) -> None:
    assert_refused(make_model(tmp_path / "model", packed(body)), f"opcode {opcode[0]:#04x}")


HUGE = 2**33
GREEDY = {
    "a memo index of two thousand million": packed(b"Nr" + struct.pack("<I", 2**31 - 1)),
    "bytes of 8 GiB": packed(b"\x8e" + struct.pack("<Q", HUGE)),
    "a bytearray of 8 GiB": packed(b"\x96" + struct.pack("<Q", HUGE)),
}


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in GREEDY.items()])
def test_a_few_bytes_exhaust_an_ordinary_unpickler(tmp_path: Path, data: bytes) -> None:
    """Shows that the limit holds and that the attacks below are real."""
    said = run(UNPICKLE, make_model(tmp_path / "model", data))
    if said == "refused":
        pytest.skip("this version of Python bounds it by itself")
    assert said == "out of memory"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        pytest.param(GREEDY["a memo index of two thousand million"], "opcode 0x72", id="LONG_BINPUT"),
        pytest.param(packed(b"p2147483647\n"), "opcode 0x70", id="PUT"),
        pytest.param(packed(b"Nq\xff"), "opcode 0x71", id="BINPUT"),
        pytest.param(GREEDY["bytes of 8 GiB"], "declared longer", id="BINBYTES8"),
        pytest.param(packed(b"\x8e" + b"\xff" * 8), "declared longer", id="BINBYTES8 past 63 bits"),
        pytest.param(GREEDY["a bytearray of 8 GiB"], "opcode 0x96", id="BYTEARRAY8"),
        pytest.param(packed(b"B" + b"\xff" * 4), "declared longer", id="BINBYTES"),
        pytest.param(packed(b"C\xff"), "declared longer", id="SHORT_BINBYTES"),
        pytest.param(packed(b"\x8d" + struct.pack("<Q", HUGE)), "declared longer", id="BINUNICODE8"),
        pytest.param(packed(b"X" + b"\xff" * 4), "declared longer", id="BINUNICODE"),
        pytest.param(packed(b"\x8c\xff"), "declared longer", id="SHORT_BINUNICODE"),
        pytest.param(packed(b"\x95" + struct.pack("<Q", HUGE) + b"N"), "a frame is declared", id="FRAME"),
        pytest.param(packed(b"\x8b\xff\xff\xff\x7f"), "opcode 0x8b", id="LONG4"),
        pytest.param(packed(b"\x8a\xff"), "declared longer", id="LONG1"),
        pytest.param(packed(b"L" + b"9" * 1_000_000 + b"L\n"), "opcode 0x4c", id="LONG in decimal"),
        pytest.param(packed(b"\x95\x04"), "a frame is declared", id="FRAME without its length"),
    ],
)
def test_a_few_bytes_cannot_ask_for_much_memory(tmp_path: Path, data: bytes, cause: str) -> None:
    assert_refused(make_model(tmp_path / "model", data), cause)


def laughs(opening: bytes, each: Callable[[bytes], bytes]) -> bytes:
    """Forty containers, each of which holds the one before twice; a walk by value would take 2**40 steps."""
    body = opening + b"\x94"
    for index in range(40):
        body += opening + b"\x94(" + each(b"h" + bytes([index]))
    return packed(body)


COLLIDING = b"".join(b"\x8a\x0a" + (k * (2**61 - 1)).to_bytes(10, "little") + b"N" for k in range(1000, 101_000))
"""Dict keys with one hash, since Python hashes integers modulo 2**61 - 1."""


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        pytest.param(lambda: packed(b"]" * 100_000 + b"a" * 99_999), "nested more than 50", id="nested lists"),
        pytest.param(
            lambda: packed(b"}" + b"K\x00}" * 100_000 + b"s" * 100_000),
            "nested more than 50",
            id="nested dicts",
        ),
        pytest.param(lambda: laughs(b"]", lambda get: get + get + b"e"), "stands in it twice", id="laughing lists"),
        pytest.param(
            lambda: laughs(b"}", lambda get: b"K\x00" + get + b"K\x01" + get + b"u"),
            "stands in it twice",
            id="laughing dicts",
        ),
        pytest.param(lambda: packed(b"]\x94h\x00a"), "stands in it twice", id="a list that holds itself"),
        pytest.param(lambda: packed(b"}\x94K\x00h\x00s"), "stands in it twice", id="a dict that holds itself"),
        pytest.param(lambda: packed(b"](" + b"}" * 2_500_000 + b"e"), "lists and dicts", id="a pile of empty dicts"),
        pytest.param(lambda: packed(b"](" + b"N" * 60_000_000 + b"e"), "opcodes", id="a pile of None"),
        pytest.param(lambda: packed(b"(" * 60_000_000), "opcodes", id="a pile of marks"),
        pytest.param(lambda: packed(b"\x95" + bytes(8) + b"N" + b"\x94" * 60_000_000), "opcodes", id="a pile of memos"),
        pytest.param(lambda: packed(b"}(" + COLLIDING + b"u"), "more than 64 bits", id="keys with one hash"),
        pytest.param(lambda: packed(b"K\x01(a"), "not a file of plain values", id="an append to a number"),
        pytest.param(lambda: packed(b"h\x07"), "not a file of plain values", id="an absent memo"),
        pytest.param(lambda: packed(b""), "not a file of plain values", id="an empty stack"),
        pytest.param(lambda: packed(b"}]Ns"), "not a file of plain values", id="a list as key"),
        pytest.param(lambda: packed(b"\x8c\x01\xff"), "not a file of plain values", id="text that is no UTF-8"),
    ],
)
def test_a_shape_made_to_explode(tmp_path: Path, make: Callable[[], bytes], cause: str) -> None:
    assert_refused(make_model(tmp_path / "model", make()), cause)


def sound_values(tmp_path: Path) -> bytes:
    write_values({"weights": [0.5] * 100}, tmp_path / "sound.joblib")
    return (tmp_path / "sound.joblib").read_bytes()


@pytest.mark.parametrize("trust", ["trusted", "foreign"])
@pytest.mark.parametrize(
    ("change", "cause"),
    [
        pytest.param(lambda data: data[:-1], "not a file of plain values", id="cut before STOP"),
        pytest.param(lambda data: data[: len(data) // 2], "not a file of plain values", id="cut in half"),
        pytest.param(lambda data: data[:2], "not a file of plain values", id="the header alone"),
        pytest.param(lambda data: b"", "does not begin", id="empty"),
        pytest.param(lambda data: data + b"\0", "bytes follow its end", id="a byte behind it"),
        pytest.param(lambda data: data + data, "bytes follow its end", id="two pickles"),
        pytest.param(lambda data: b"\x80\x05" + data[2:], "does not begin", id="another protocol"),
    ],
)
def test_a_file_cut_or_stretched(tmp_path: Path, change: Callable[[bytes], bytes], cause: str, trust: str) -> None:
    model = make_model(tmp_path / "model", change(sound_values(tmp_path)))
    assert_refused(model, cause, trust)


def zipped(tmp_path: Path) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packing:
        packing.writestr("linear.joblib", sound_values(tmp_path))
    return archive.getvalue()


def compressed(method: str) -> Callable[[Path], bytes]:
    def dump(tmp_path: Path) -> bytes:
        joblib.dump({"weights": [0.5] * 100}, tmp_path / "packed", compress=(method, 3))
        return (tmp_path / "packed").read_bytes()

    return dump


@pytest.mark.parametrize("trust", ["trusted", "foreign"])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(zipped, id="a zip archive"),
        pytest.param(lambda _: gzip.compress(bytes(100_000_000), 1), id="a bomb of 100 MB"),
        *(pytest.param(compressed(method), id=method) for method in ("zlib", "gzip", "bz2", "lzma", "xz")),
    ],
)
def test_nothing_is_decompressed(tmp_path: Path, make: Callable[[Path], bytes], trust: str) -> None:
    assert_refused(make_model(tmp_path / "model", make(tmp_path)), "does not begin", trust)


def test_an_array_of_numpy_is_no_plain_value(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    joblib.dump({"weights": numpy.zeros(3)}, tmp_path / "array", protocol=4)
    model = make_model(tmp_path / "model", (tmp_path / "array").read_bytes())
    assert_refused(model, "opcode 0x93")
    assert_refused(model, "it asks for", "trusted")


def put(name: str, data: bytes) -> Callable[[Path, Path], None]:
    def write(model: Path, _: Path) -> None:
        (model / name).write_bytes(data)

    return write


def set_in_manifest(*path: str | int, to: Any) -> Callable[[Path, Path], None]:
    def change(model: Path, _: Path) -> None:
        table = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
        inner: Any = table
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = to
        (model / "manifest.json").write_text(json.dumps(table), encoding="utf-8")

    return change


def swell(name: str, size: int) -> Callable[[Path, Path], None]:
    """Make a file as long as `size`; most of it a hole that takes no room on the disk."""

    def truncate(model: Path, _: Path) -> None:
        os.truncate(model / name, size)

    return truncate


def double_key(model: Path, _: Path) -> None:
    text = (model / "manifest.json").read_text(encoding="utf-8")
    twice = text.replace('"kind": "linear"', '"kind": "linear", "kind": "linear"')
    assert twice != text
    (model / "manifest.json").write_text(twice, encoding="utf-8")


def link_out(name: str) -> Callable[[Path, Path], None]:
    """Move a file out of the folder and leave a link to it; content and digest stay right."""

    def move(model: Path, outside: Path) -> None:
        (model / name).rename(outside / name)
        (model / name).symlink_to(outside / name)

    return move


def link_to_device(name: str) -> Callable[[Path, Path], None]:
    def link(model: Path, _: Path) -> None:
        (model / name).unlink()
        (model / name).symlink_to("/dev/zero")

    return link


def make_pipe(name: str) -> Callable[[Path, Path], None]:
    def pipe(model: Path, _: Path) -> None:
        (model / name).unlink()
        os.mkfifo(model / name)

    return pipe


@pytest.mark.parametrize(
    ("spoil", "cause"),
    [
        pytest.param(swell("manifest.json", 100_000_000), "more than 1,000,000 bytes", id="100 MB"),
        pytest.param(put("manifest.json", b"[" * 100_000), "nested", id="lists 100,000 deep"),
        pytest.param(put("manifest.json", b"[" * 100_000 + b"]" * 100_000), "nested", id="closed lists"),
        pytest.param(put("manifest.json", b'{"a":' * 100_000), "nested", id="objects 100,000 deep"),
        pytest.param(put("manifest.json", b'{"a":' + b"9" * 900_000 + b"}"), "20 digits", id="900,000 digits"),
        pytest.param(put("manifest.json", b'{"a":"' + b"\\" * 900_000), "JSON", id="900,000 backslashes"),
        pytest.param(put("manifest.json", b"[" + b"{}," * 330_000), "JSON", id="330,000 objects"),
        pytest.param(double_key, "a key stands in it twice", id="a key twice"),
        pytest.param(set_in_manifest("files", 0, "name", to="../../etc/passwd"), "no plain file name", id="a way out"),
        pytest.param(set_in_manifest("files", 0, "name", to="/etc/passwd"), "no plain file name", id="a root"),
        pytest.param(
            set_in_manifest("files", 0, "name", to="..\\..\\boot.ini"),
            "no plain file name",
            id="a way out, Windows",
        ),
        *(
            pytest.param(
                set_in_manifest("thresholds", "cure-claim", to={"report": number, "gate": number}),
                "not finite",
                id=f"a threshold of {number}",
            )
            for number in (float("nan"), float("inf"), float("-inf"))
        ),
        pytest.param(set_in_manifest("files", 0, "bytes", to=2**40), "the bytes of linear.joblib", id="2**40 bytes"),
        pytest.param(set_in_manifest("files", 0, "bytes", to=2**26), "holds fewer", id="64 MiB that are not there"),
        pytest.param(swell("linear.joblib", 2**36), "holds more", id="a file of 64 GiB"),
        pytest.param(link_out("linear.joblib"), "a symbolic link", id="values linked out"),
        pytest.param(link_out("manifest.json"), "a symbolic link", id="manifest linked out"),
        pytest.param(link_to_device("linear.joblib"), "a symbolic link", id="values linked to a device"),
        pytest.param(make_pipe("linear.joblib"), "no such file", id="values from a pipe"),
        pytest.param(make_pipe("manifest.json"), "no such file", id="manifest from a pipe"),
    ],
)
def test_a_folder_made_to_harm(tmp_path: Path, spoil: Callable[[Path, Path], None], cause: str) -> None:
    model = make_model(tmp_path / "model")
    spoil(model, tmp_path)
    assert_refused(model, cause)


def test_a_device_is_not_read_even_in_a_trusted_folder(tmp_path: Path) -> None:
    model = make_model(tmp_path / "model")
    link_to_device("manifest.json")(model, tmp_path)
    assert_refused(model, "no such file", "trusted")


@pytest.mark.parametrize("trust", ["trusted", "foreign"])
def test_a_wrong_digest_is_refused_before_anything_is_parsed(tmp_path: Path, trust: str) -> None:
    """The file is one that a parser would complain of, and of the length that the manifest states."""
    sound = sound_values(tmp_path)
    model = make_model(tmp_path / "model", sound)
    loud = packed(b"cos\nsystem\n" + b"N" * (len(sound) - 14))
    assert len(loud) == len(sound)
    (model / "linear.joblib").write_bytes(loud)
    assert_refused(model, "its sha256 is not the one", trust)


def test_the_bounds_leave_room_for_what_they_protect() -> None:
    """The piles above are past the bounds, and lie within the bytes that a file may have."""
    assert values.MAX_CONTAINERS < 2_500_000 < values.MAX_OPCODES < 60_000_000
