"""Plain values on disk: an uncompressed joblib file that holds no objects and is read without running any.

Such a file is an ordinary pickle of protocol 4, so that reading it takes neither joblib nor numpy.
"""

from __future__ import annotations

import io
import pickle
from pathlib import Path

from hypecheck.types import ModelError

PROTOCOL = 4
"""Stated, since joblib's default moves with the Python that runs it and the bytes are to stay the same."""

MAX_DEPTH = 50
"""Lists and dicts within one another; a model's tables need three or four."""

MAX_INTEGER = 2**63
"""Exclusive bound of an integer. Past 64 bits a file may hold any number of dict keys with one hash,
and a dict of those takes time quadratic in its size."""

MAX_OPCODES = 3_000_000
"""A linear model of 100,000 words and 14 weights each takes 1.7 million."""

MAX_CONTAINERS = 300_000
"""Lists and dicts in one file; a list for each of those words would take 100,000. An empty dict costs
one byte on disk and 150 in memory while it is read and checked, more than any other opcode."""

_SCALARS = frozenset({str, bytes, int, float, bool, type(None)})

_FIXED_SIZE = {
    **dict.fromkeys(
        (pickle.NONE, pickle.NEWTRUE, pickle.NEWFALSE, pickle.MARK, pickle.MEMOIZE, pickle.EMPTY_LIST,
         pickle.EMPTY_DICT, pickle.APPEND, pickle.APPENDS, pickle.SETITEM, pickle.SETITEMS, pickle.STOP),
        0,
    ),
    **dict.fromkeys((pickle.BININT1, pickle.BINGET), 1),
    pickle.BININT2: 2,
    **dict.fromkeys((pickle.BININT, pickle.LONG_BINGET), 4),
    **dict.fromkeys((pickle.BINFLOAT, pickle.FRAME), 8),
}  # fmt: skip
"""Opcodes that plain values need: opcode to bytes of its argument. MEMOIZE counts by itself;
PUT, which names its index and so makes an unpickler grow to any size, is not among them."""

_COUNTED = {
    **dict.fromkeys((pickle.SHORT_BINUNICODE, pickle.SHORT_BINBYTES, pickle.LONG1), 1),
    **dict.fromkeys((pickle.BINUNICODE, pickle.BINBYTES), 4),
    **dict.fromkeys((pickle.BINUNICODE8, pickle.BINBYTES8), 8),
}
"""Opcodes whose argument begins with its own length: opcode to bytes of that length."""

_HEADER = pickle.PROTO + bytes([PROTOCOL])


def write_values(value: object, path: Path) -> None:
    """Write str, bytes, int, float, bool, None and lists and dicts of them, always as the same bytes.

    Raises TypeError for any other type, subclasses included, and ValueError for what `read_values`
    would refuse: an integer of more than 64 bits, or nesting past MAX_DEPTH.
    """
    import joblib  # 120 ms, which only training pays

    stream = io.BytesIO()  # given a path, joblib would compress by its suffix
    joblib.dump(_copy(value, {}, 0), stream, protocol=PROTOCOL)
    path.write_bytes(stream.getvalue())


def read_values(data: bytes, *, trusted: bool, max_bytes: int, name: str = "the data") -> object:
    """The value of a file that `write_values` wrote; no code of it can run. `name` stands in errors.

    Data that is not trusted is scanned before it is unpickled, so that its time and memory are bounded.
    Raises ModelError for anything else than plain values.
    """
    if len(data) > max_bytes:
        raise ModelError(f"{name}: holds {len(data):,} bytes, more than the {max_bytes:,} allowed; use a smaller model")
    try:
        if not data.startswith(_HEADER):
            raise ValueError("it does not begin as an uncompressed joblib file does")
        if not trusted:
            _scan(data)
        stream = io.BytesIO(data)
        value = _PlainUnpickler(stream).load()
        if stream.read(1):
            raise ValueError("bytes follow its end")
        check_plain(value)
    except Exception as error:  # a damaged pickle makes the unpickler raise nearly anything
        cause = str(error) or type(error).__name__
        raise ModelError(
            f"{name}: not a file of plain values, {cause}; get the model afresh from a source you trust"
        ) from error
    return value


def _copy(value: object, shared: dict[tuple[type, object], object], depth: int) -> object:
    """A copy in which equal strings are one object and no list or dict stands twice.

    The pickler writes a reference where an object returns, so identity would show in the bytes.
    """
    kind = type(value)
    if isinstance(value, (str, bytes)) and kind in _SCALARS:
        return shared.setdefault((kind, value), value)
    if kind is int and not -MAX_INTEGER <= value < MAX_INTEGER:  # type: ignore[operator]
        raise ValueError("an integer of more than 64 bits cannot be written")
    if kind in _SCALARS:
        return value
    if kind not in (list, dict):
        raise TypeError(f"a value of type {kind.__module__}.{kind.__qualname__} cannot be written")
    if depth == MAX_DEPTH:
        raise ValueError(f"lists or dicts nested more than {MAX_DEPTH} deep cannot be written")
    if isinstance(value, dict):
        return {_copy(key, shared, depth + 1): _copy(item, shared, depth + 1) for key, item in value.items()}
    assert isinstance(value, list)
    return [_copy(item, shared, depth + 1) for item in value]


def _scan(data: bytes) -> None:
    """Raise ValueError unless `data` holds opcodes of plain values alone, few and with whole arguments.

    Not pickletools.genops: it parses the argument of an opcode before it shows the opcode, and takes
    2.5 times as long.
    """
    position = len(_HEADER)
    stop = pickle.STOP[0]
    fixed = {opcode[0]: 1 + size for opcode, size in _FIXED_SIZE.items()}
    counted = {opcode[0]: size for opcode, size in _COUNTED.items()}
    opening = {pickle.EMPTY_LIST[0], pickle.EMPTY_DICT[0]}
    containers = 0
    for _ in range(MAX_OPCODES):
        if position >= len(data):
            raise ValueError("it is cut short")
        opcode = data[position]
        if opcode in fixed:
            if opcode == pickle.FRAME[0]:
                _check_frame(data, position + 1)
            containers += opcode in opening
            position += fixed[opcode]
        elif opcode in counted:
            position = _end_of_counted(data, position, counted[opcode])
        else:
            raise ValueError(f"it holds the opcode {opcode:#04x}, which plain values do not need")
        if opcode == stop:
            break
    else:
        raise ValueError(f"it holds more than {MAX_OPCODES:,} opcodes")
    if containers > MAX_CONTAINERS:
        raise ValueError(f"it holds more than {MAX_CONTAINERS:,} lists and dicts")


def _check_frame(data: bytes, position: int) -> None:
    start = position + _FIXED_SIZE[pickle.FRAME]
    if int.from_bytes(data[position:start], "little") > len(data) - start:
        raise ValueError("a frame is declared longer than the file")


def _end_of_counted(data: bytes, position: int, size: int) -> int:
    """The place behind a counted argument. Raises ValueError where it would lie outside the data."""
    start = position + 1 + size
    length = int.from_bytes(data[position + 1 : start], "little")
    if length > len(data) - start:
        raise ValueError("a string is declared longer than the file")
    if data[position] == pickle.LONG1[0] and length > 8:
        raise ValueError("it holds an integer of more than 64 bits")
    return start + length


class _PlainUnpickler(pickle.Unpickler):
    """Looks no name up, so that it can make nothing but built-in containers of scalars."""

    def find_class(self, module_name: str, global_name: str, /) -> object:
        raise ModelError(f"it asks for {module_name[:40]!r} {global_name[:40]!r}")

    def persistent_load(self, pid: object) -> object:  # noqa: ARG002
        raise ModelError("it asks for an object kept elsewhere")


def check_plain(value: object) -> None:
    """Raise ValueError unless `value` is a tree of lists, dicts and scalars, at most MAX_DEPTH deep.

    A container that stands in two places is refused, so that whoever walks the value meets each once.
    """
    level = [] if type(value) in _SCALARS else [value]
    seen: set[int] = set()
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        for container in level:
            if id(container) in seen:
                raise ValueError("a list or dict stands in it twice")
            seen.add(id(container))
            below += _containers_in(container)
        if not below:
            return
        level = below
    raise ValueError(f"its lists or dicts are nested more than {MAX_DEPTH} deep")


def _containers_in(container: object) -> list[object]:
    """The items that are no scalars. Types are compared as a set: most lists hold numbers by the thousand."""
    if type(container) is dict:
        if not _SCALARS.issuperset(map(type, container)):
            raise ValueError("a dict has a key that is no plain value")
        items = list(container.values())
    elif type(container) is list:
        items = container
    else:
        raise ValueError(f"it holds a {type(container).__name__}")
    if _SCALARS.issuperset(map(type, items)):
        return []
    return [item for item in items if type(item) not in _SCALARS]
