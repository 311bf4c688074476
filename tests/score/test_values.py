from __future__ import annotations

import io
import math
import os
import pickle
import pickletools
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hypecheck
from hypecheck.score import values
from hypecheck.score.values import MAX_DEPTH, MAX_INTEGER, read_values, write_values
from hypecheck.types import ModelError

ROOT = Path(hypecheck.__file__).parents[1]
LIMIT = 1_000_000

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER - 1)
    | st.floats()
    | st.text(st.characters(), max_size=300)
    | st.binary(max_size=300)
)
nestings = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(scalars, inner, max_size=6),
    max_leaves=25,
)


def written(value: object, folder: Path) -> bytes:
    file = folder / "values.joblib"
    write_values(value, file)
    return file.read_bytes()


def read(data: bytes, *, trusted: bool = False) -> object:
    return read_values(data, trusted=trusted, max_bytes=LIMIT)


def shape(value: object) -> Any:
    """A value with its types, so that 1, 1.0 and True differ, -0.0 and 0.0 too, and NaN equals itself."""
    if isinstance(value, dict):
        return ("dict", [(shape(key), shape(item)) for key, item in value.items()])
    if isinstance(value, list):
        return ("list", [shape(item) for item in value])
    return (type(value).__name__, repr(value))


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "scanned"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=nestings)
def test_any_nesting_of_plain_values_survives(value: object, trusted: bool, tmp_path: Path) -> None:
    assert shape(read(written(value, tmp_path), trusted=trusted)) == shape(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="empty text"),
        pytest.param("a" * 255 + "é", id="text past one byte of length"),
        pytest.param("\ud800", id="a lone surrogate"),
        pytest.param("x" * 70_000, id="text past a frame"),
        pytest.param(b"\x80\x04cos\nsystem\n", id="bytes that look like a pickle"),
        pytest.param(b"y" * 70_000, id="bytes past a frame"),
        pytest.param([2**31, -(2**31) - 1, 2**63 - 1, -(2**63)], id="integers past 32 bits"),
        pytest.param([math.inf, -math.inf, math.nan, -0.0], id="odd floats"),
        pytest.param(list(range(3000)), id="a list longer than a batch"),
        pytest.param({f"word{i}": i / 7 for i in range(3000)}, id="a dict longer than a batch"),
        pytest.param(["word"] * 700, id="one text many times"),
        pytest.param([f"w{i}" for i in range(300)] * 2, id="references past one byte"),
        pytest.param({1: "a", None: "b", b"k": "c", 2.5: "d", "t": True}, id="keys of each kind"),
    ],
)
def test_what_a_model_may_hold(value: object, tmp_path: Path) -> None:
    data = written(value, tmp_path)
    assert shape(read(data)) == shape(read(data, trusted=True)) == shape(value)


def test_the_file_is_one_that_joblib_and_pickle_read(tmp_path: Path) -> None:
    value = {"weights": [0.5, -1.25], "words": ["cure", "may"]}
    data = written(value, tmp_path)
    assert joblib.load(tmp_path / "values.joblib") == value
    assert pickle.loads(data) == value


def test_a_suffix_does_not_turn_compression_on(tmp_path: Path) -> None:
    write_values([1.5], tmp_path / "values.gz")
    assert read((tmp_path / "values.gz").read_bytes()) == [1.5]


def test_the_bytes_are_the_same_in_every_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from hypecheck.score.values import write_values\n"
        "words = ['cure', 'may help', 'é']\n"
        "write_values({w: [w.upper(), len(w), w.encode()] for w in words}, Path(sys.argv[1]))\n"
    )
    for seed in ("1", "2"):
        command = [sys.executable, "-c", script, str(tmp_path / seed)]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, check=True, timeout=60, env=environment)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_the_bytes_do_not_show_which_equal_values_are_one_object(tmp_path: Path) -> None:
    word, twin, row = b"abcd".decode(), b"abcd".decode(), [1]
    assert word is not twin
    assert written([word, word, row, row], tmp_path) == written([word, twin, [1], [1]], tmp_path)


class Word(str):
    __slots__ = ()


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def endless() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param((1, 2), TypeError, id="a tuple"),
        pytest.param({"a": {1, 2}}, TypeError, id="a set"),
        pytest.param({(1, 2): 3}, TypeError, id="a tuple as key"),
        pytest.param([bytearray(b"a")], TypeError, id="a bytearray"),
        pytest.param([1j], TypeError, id="a complex number"),
        pytest.param([Word("a")], TypeError, id="a subclass of str"),
        pytest.param([Path("a")], TypeError, id="an object"),
        pytest.param([print], TypeError, id="a function"),
        pytest.param(2**63, ValueError, id="an integer of 65 bits"),
        pytest.param(-(2**63) - 1, ValueError, id="a negative integer of 65 bits"),
        pytest.param(nested(MAX_DEPTH + 1), ValueError, id="too deep"),
        pytest.param(endless(), ValueError, id="a list that holds itself"),
    ],
)
def test_what_cannot_be_written(value: object, error: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(error, match="cannot be written"):
        write_values(value, tmp_path / "values.joblib")
    assert not list(tmp_path.iterdir())


def test_numbers_of_numpy_are_not_plain(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    for value in (numpy.float64(0.5), numpy.int64(1), numpy.zeros(2), numpy.str_("a")):
        with pytest.raises(TypeError, match="numpy"):
            write_values([value], tmp_path / "values.joblib")


def test_the_deepest_nesting_is_written_and_read(tmp_path: Path) -> None:
    assert read(written(nested(MAX_DEPTH), tmp_path)) == nested(MAX_DEPTH)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_raise_nothing_but_model_error(data: bytes) -> None:
    refuse_or_read(data)


CODES = sorted({code[0] for code in (*values._FIXED_SIZE, *values._COUNTED)})


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(CODES) | st.integers(0, 12), max_size=60))
def test_any_opcodes_raise_nothing_but_model_error(opcodes: list[int]) -> None:
    """Most random bytes fall at the first opcode; these get past the scan and into the unpickler."""
    refuse_or_read(b"\x80\x04" + bytes(opcodes) + b".")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(value=nestings, data=st.data())
def test_any_damage_raises_nothing_but_model_error(value: object, data: st.DataObject, tmp_path: Path) -> None:
    sound = bytearray(written(value, tmp_path))
    place = data.draw(st.integers(0, len(sound) - 1))
    sound[place] = data.draw(st.integers(0, 255))
    refuse_or_read(bytes(sound))


def refuse_or_read(data: bytes) -> None:
    try:
        value = read(data)
    except ModelError:
        return
    values.check_plain(value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=nestings)
def test_a_file_cut_anywhere_is_refused(value: object, tmp_path: Path) -> None:
    data = written(value, tmp_path)
    for end in {0, 1, 2, len(data) // 3, len(data) // 2, len(data) - 1}:
        for trusted in (True, False):
            with pytest.raises(ModelError):
                read(data[:end], trusted=trusted)


def test_more_bytes_than_allowed_are_refused(tmp_path: Path) -> None:
    data = written("a" * 100, tmp_path)
    assert read_values(data, trusted=True, max_bytes=len(data)) == "a" * 100
    with pytest.raises(ModelError, match="more than the"):
        read_values(data, trusted=True, max_bytes=len(data) - 1)


def test_an_error_names_the_file_the_cause_and_the_remedy() -> None:
    with pytest.raises(ModelError, match=r"^m/x\.joblib: .*'os' 'system'.*; get the model afresh"):
        read_values(b"\x80\x04cos\nsystem\n.", trusted=True, max_bytes=LIMIT, name="m/x.joblib")


def test_the_opcodes_allowed_are_those_that_pickletools_describes_so() -> None:
    described = {opcode.code.encode("latin-1"): opcode for opcode in pickletools.opcodes}
    for code, size in values._FIXED_SIZE.items():
        argument = described[code].arg
        assert size == (argument.n if argument else 0), described[code].name
    lengths = {
        pickletools.TAKEN_FROM_ARGUMENT1: 1,
        pickletools.TAKEN_FROM_ARGUMENT4U: 4,
        pickletools.TAKEN_FROM_ARGUMENT8U: 8,
    }
    for code, size in values._COUNTED.items():
        argument = described[code].arg
        assert argument is not None
        assert size == lengths[argument.n], described[code].name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=nestings)
def test_the_scan_sees_the_opcodes_that_pickletools_sees(value: object, tmp_path: Path) -> None:
    data = written(value, tmp_path)
    count = sum(1 for _ in pickletools.genops(data)) - 1  # the scan begins behind PROTO
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "MAX_OPCODES", count)
        read(data)
        patch.setattr(values, "MAX_OPCODES", count - 1)
        with pytest.raises(ModelError, match="more than"):
            read(data)


NOT_ALLOWED = [
    pytest.param(opcode.code.encode("latin-1"), id=opcode.name)
    for opcode in pickletools.opcodes
    if opcode.code.encode("latin-1") not in values._FIXED_SIZE | values._COUNTED
]


@pytest.mark.parametrize("code", NOT_ALLOWED)
def test_every_other_opcode_is_refused_before_its_argument_is_looked_at(code: bytes) -> None:
    with pytest.raises(ModelError, match=f"opcode {code[0]:#04x}"):
        read(b"\x80\x04" + code + b"." * 20)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        pytest.param(b"\x8f.", "holds a set", id="a set"),
        pytest.param(b").", "holds a tuple", id="a tuple"),
        pytest.param(b"]\x94(h\x00h\x00e.", "twice", id="a list that holds itself"),
        pytest.param(b"]]\x94a.", None, id="one list in another"),
        pytest.param(b"](]\x94h\x00e.", "twice", id="one list in two places"),
        pytest.param(b"}K\x01}s.", None, id="one dict in another"),
        pytest.param(b"}(\x8c\x01a}\x94\x8c\x01bh\x00u.", "twice", id="one dict under two keys"),
        pytest.param(b"})K\x01s.", "a dict has a key", id="a tuple as key"),
        pytest.param(b"]" * MAX_DEPTH + b"a" * (MAX_DEPTH - 1) + b".", None, id="the deepest nesting"),
        pytest.param(b"]" * (MAX_DEPTH + 1) + b"a" * MAX_DEPTH + b".", "deep", id="one list deeper"),
    ],
)
def test_the_value_is_checked_after_it_is_read(body: bytes, cause: str | None) -> None:
    data = b"\x80\x04" + body
    if cause is None:
        read(data, trusted=True)
        return
    with pytest.raises(ModelError, match=cause):
        read(data, trusted=True)


def test_persistent_objects_are_refused_by_the_unpickler_too() -> None:
    with pytest.raises(ModelError, match="kept elsewhere"):
        read(b"\x80\x04K\x01Q.", trusted=True)


def test_importing_and_reading_takes_neither_joblib_nor_numpy(tmp_path: Path) -> None:
    write_values({"a": [1.5]}, tmp_path / "values.joblib")
    script = (
        "import sys; from pathlib import Path\n"
        "import hypecheck.score.folder\n"
        "from hypecheck.score.values import read_values\n"
        "read_values(Path(sys.argv[1]).read_bytes(), trusted=False, max_bytes=1000)\n"
        "heavy = {'joblib', 'numpy', 'sklearn', 'yaml', 'pickletools', 'tempfile'}\n"
        "print(*sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "values.joblib")],
        check=True, timeout=60, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout.split() == []


def test_pickletools_finds_the_stream_well_formed(tmp_path: Path) -> None:
    data = written({"rows": b"z" * 100_000, "scales": [0.5] * 20_000}, tmp_path)
    out = io.StringIO()
    pickletools.dis(data, out=out)
    assert "highest protocol among opcodes = 4" in out.getvalue()
