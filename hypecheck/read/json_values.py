"""The texts that stand under chosen keys of JSON, each with its place.

The standard library's parser tells no places. Packages that do (json-source-map) go character by character, call
themselves for each level and build a map of every value; this passes once over the tokens and keeps what was asked
for. json.loads is the oracle of its tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hypecheck.offsets import OffsetMap, OffsetMapBuilder

MAX_DEPTH = 100
"""Levels of nesting; exports of content systems have five to ten, and rich text as JSON some 30."""

_TOKEN = re.compile(
    r"""[ \t\n\r]*+(?:
    (?P<mark>[{}\[\]:,])
    | (?P<string>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")
    | (?P<scalar>(?:-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?|true|false|null)(?![\w.+-]))
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\n\r]*+")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^u])")
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_NO_CHARACTER = "\ufffd"
_LONG_KEY = 200
"""Code points of a key that may be one asked for; longer ones are not resolved."""

Path = tuple[str, ...]


class BrokenError(Exception):
    """JSON that does not keep its format or lacks what was asked for: the position, and why."""

    def __init__(self, position: int, cause: str) -> None:
        super().__init__(cause)
        self.position = position
        self.cause = cause


class Text(NamedTuple):
    """A string under a key that was asked for; `start` and `end` are half-open and lie inside its quotation marks.

    `record` counts, from 1, the objects that hold this key.
    """

    field: Path
    record: int
    start: int
    end: int


@dataclass(slots=True)
class _Frame:
    """An object or an array being read. `path` leads to it, by keys alone; None where nothing in it was asked for."""

    closing: str
    path: Path | None
    position: int
    missing: set[str] = field(default_factory=set)
    key: str = ""


class Search:
    """Finds the texts of `fields`, paths of keys that go through arrays without naming them.

    One search may go through several JSON texts, as lines of one file, and counts their records together.
    """

    def __init__(self, fields: Sequence[Path]) -> None:
        self._fields = frozenset(fields)
        self._records: Counter[Path] = Counter()
        self._frames: list[_Frame] = []

    def texts(self, source: str, start: int, end: int) -> Iterator[Text]:
        """The texts in the JSON that stands at `start` to `end` of the source, in its order.

        Raises BrokenError for what is not JSON by RFC 8259, for an object on the way to a field that lacks the
        next key, and for a field whose value is no string and no array of strings.
        """
        self._frames = []
        expected = "value"
        at = start
        while match := _TOKEN.match(source, at, end):
            token = match.start(match.lastgroup or 0)
            at = match.end()
            mark = match["mark"]
            if mark == "," or mark == ":":
                if expected != mark:
                    raise _unexpected(token)
                is_object = self._frames[-1].closing == "}"
                expected = "key" if mark == "," and is_object else "value"
            elif mark == "}" or mark == "]":
                self._close(mark, expected, token)
                expected = "," if self._frames else "end"
            elif expected in ("key", "key or }"):
                if match["string"] is None:
                    raise _unexpected(token)
                self._frames[-1].key = _key(source, token + 1, at - 1) if self._frames[-1].path is not None else ""
                expected = ":"
            elif expected not in ("value", "value or ]"):
                raise _unexpected(token)
            elif mark:
                expected = self._open(mark, token)
            else:
                yield from self._scalar(source, token, at)
                expected = "," if self._frames else "end"
        space = _SPACE.match(source, at, end)
        at = space.end() if space else at
        if expected != "end" or at < end:
            raise _unexpected(at)

    def _close(self, mark: str, expected: str, position: int) -> None:
        if (
            not self._frames
            or self._frames[-1].closing != mark
            or expected not in (",", f"key or {mark}", f"value or {mark}")
        ):
            raise _unexpected(position)
        frame = self._frames.pop()
        if frame.missing:
            raise BrokenError(frame.position, f"there is no {min(frame.missing)!r} in the record")

    def _open(self, mark: str, position: int) -> str:
        """Begin an object or an array; what is expected in it."""
        path = self._next_path()
        closing = "}" if mark == "{" else "]"
        if len(self._frames) == MAX_DEPTH:
            raise BrokenError(position, f"it is nested more than {MAX_DEPTH} levels deep")
        if mark == "[" or path is None:
            self._frames.append(_Frame(closing, path, position))
            return "value or ]" if mark == "[" else "key or }"
        missing = {name[len(path)] for name in self._fields if len(name) > len(path) and name[: len(path)] == path}
        if not missing:
            raise BrokenError(position, f"{path[-1]!r} holds an object, not a text")
        self._records[path] += 1
        self._frames.append(_Frame(closing, path, position, missing))
        return "key or }"

    def _next_path(self) -> Path | None:
        """The path of the value that comes next, None where it was not asked for."""
        if not self._frames:
            return ()
        frame = self._frames[-1]
        if frame.closing == "]" or frame.path is None:
            return frame.path
        path = (*frame.path, frame.key)
        frame.missing.discard(frame.key)
        return path if any(name[: len(path)] == path for name in self._fields) else None

    def _scalar(self, source: str, start: int, end: int) -> Iterator[Text]:
        path = self._next_path()
        if path is None:
            return
        if path not in self._fields:
            raise BrokenError(start, f"there is no {self._below(path)!r} in the record")
        if source[start] != '"':
            raise BrokenError(start, f"{path[-1]!r} holds {source[start:end][:20]}, not a text")
        yield Text(path, self._records[path[:-1]], start + 1, end - 1)

    def _below(self, path: Path) -> str:
        return min(name[len(path)] for name in self._fields if name[: len(path)] == path)


def _unexpected(position: int) -> BrokenError:
    return BrokenError(position, "it is no valid JSON from here on")


def _key(source: str, start: int, end: int) -> str:
    return resolve(source, start, end)[0] if end - start <= _LONG_KEY else ""


def resolve(source: str, start: int, end: int) -> tuple[str, OffsetMap]:
    """The text of a string from between its quotation marks, and its map to the source.

    NUL and half of a surrogate pair, which no text can hold, become U+FFFD.
    """
    builder = OffsetMapBuilder()
    at = start
    for match in _ESCAPE.finditer(source, start, end):
        builder.add(source[at : match.start()], at)
        builder.add(_unescape(match.group()), match.start(), len(match.group()))
        at = match.end()
    builder.add(source[at:end], at)
    return builder.build()


def _unescape(escape: str) -> str:
    if escape[1] != "u":
        return _LETTERS.get(escape[1], escape[1])
    code = int(escape[2:6], 16)
    if len(escape) > 6:
        return chr(0x10000 + ((code & 0x3FF) << 10) + (int(escape[8:], 16) & 0x3FF))
    return _NO_CHARACTER if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)
