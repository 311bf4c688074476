"""The values of YAML and TOML front matter, each with the place it was read from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import yaml

MAX_DEPTH = 20
"""Levels of nesting. 20,000 opening brackets took PyYAML 55 s."""

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\n|\r)?")
_NOTHING = {"", "~", "null"}
_TOML_QUOTES = {"long": '"""', "raw": "'''", "basic": '"', "literal": "'"}
_TOML_VALUE = re.compile(
    r"""^[ \t]*(?P<mark>["']?)(?P<key>[A-Za-z_]+)(?P=mark)(?P<equals>[ \t]*=[ \t]*)
    (?: \"\"\"(?P<long>(?:[^"\\]|\\[\s\S]|"(?!""))*)\"\"\" | '''(?P<raw>(?:[^']|'(?!''))*)'''
    | "(?P<basic>(?:[^"\\\r\n]|\\.)*)" | '(?P<literal>[^'\r\n]*)' )[ \t]*(?:\#|\r|\n|\Z)""",
    re.VERBOSE | re.MULTILINE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Value(NamedTuple):
    """A value as its parser read it, and the half-open code points between its quotation marks.

    The range is empty where the value's place could not be told.
    """

    key: str
    text: str
    start: int
    end: int
    quote: str
    """The mark whose escapes hold in the value: `"`, `'` or none."""
    nested: bool


class UnreadableError(Exception):
    """Front matter that does not keep its format, or uses more of it than front matter needs."""


@dataclass(slots=True)
class _Frame:
    """A YAML collection being read; in a mapping, `key` waits for its value."""

    is_mapping: bool
    key: str | None = None


def yaml_values(source: str, start: int, end: int) -> list[Value]:
    """The scalars that have a key, in order; UnreadableError for aliases and for what is no mapping."""
    # Imported here since a file with TOML needs no YAML parser.
    import yaml

    values: list[Value] = []
    frames: list[_Frame] = []
    try:
        # Events, not nodes: building nodes recurses, and an alias would have to be followed.
        for event in yaml.parse(source[start:end], Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise UnreadableError("uses an alias")
            if isinstance(event, yaml.CollectionEndEvent):
                frames.pop()
            elif isinstance(event, yaml.CollectionStartEvent):
                _take_key(frames, "")
                frames.append(_Frame(isinstance(event, yaml.MappingStartEvent)))
                _check_frames(frames)
            elif isinstance(event, yaml.ScalarEvent):
                _check_frames(frames)
                key = _take_key(frames, event.value)
                if key and (event.style or event.value not in _NOTHING):
                    values.append(_yaml_value(source, start, key, event, len(frames) > 1))
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableError("is not valid YAML") from error
    return _checked(values)


def _check_frames(frames: list[_Frame]) -> None:
    if len(frames) > MAX_DEPTH:
        raise UnreadableError(f"is nested more than {MAX_DEPTH} levels deep")
    if not (frames and frames[0].is_mapping):
        raise UnreadableError("is no list of keys and values")


def _take_key(frames: list[_Frame], text: str) -> str | None:
    """The key that a node is the value of; a node that is itself a key is kept as the next one."""
    if not (frames and frames[-1].is_mapping):
        return None
    frame = frames[-1]
    if frame.key is None:
        frame.key = text.lower()
        return None
    key, frame.key = frame.key, None
    return key


def _yaml_value(source: str, shift: int, key: str, event: yaml.ScalarEvent, nested: bool) -> Value:
    start, end = (shift + mark.index if mark else shift for mark in (event.start_mark, event.end_mark))
    properties = _PROPERTIES.match(source, start, end)
    start = properties.end() if properties else start
    if event.style in ('"', "'"):
        return Value(key, event.value, start + 1, end - 1, event.style, nested)
    header = _BLOCK_HEADER.match(source, start, end) if event.style in ("|", ">") else None
    return Value(key, event.value, header.end() if header else start, end, "", nested)


def toml_values(source: str, start: int, end: int) -> list[Value]:
    """The strings and dates that have a key, tables included; UnreadableError for what is no TOML."""
    try:
        table = tomllib.loads(source[start:end])
    except (ValueError, RecursionError) as error:
        raise UnreadableError("is not valid TOML") from error
    expected = {(key, text): nested for key, text, nested in _toml_scalars(table)}
    values = []
    for match in _TOML_VALUE.finditer(source, start, end):
        group = next(name for name in _TOML_QUOTES if match[name] is not None)
        literal = source[match.end("equals") : match.end(group) + len(_TOML_QUOTES[group])]
        key, text = match["key"].lower(), _toml_text(literal)
        # A line inside a longer string may look like a key with its value.
        if (key, text) in expected:
            nested = expected.pop((key, text))
            quote = '"' if '"' in _TOML_QUOTES[group] else ""
            values.append(Value(key, text, *match.span(group), quote, nested))
    values.extend(Value(key, text, start, start, "", nested) for (key, text), nested in expected.items())
    return _checked(values)


def _toml_text(literal: str) -> str:
    try:
        return str(tomllib.loads(f"value = {literal}")["value"])
    except ValueError:
        return ""


def _toml_scalars(table: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """The strings and dates of a table and of the tables in it: key, text, whether nested."""
    pending: list[tuple[Any, bool]] = [(table, False)]
    while pending:
        inside, nested = pending.pop()
        for key, value in inside.items():
            if isinstance(value, (str, date)):
                yield key.lower(), str(value), nested
            elif isinstance(value, dict):
                pending.append((value, True))
            elif isinstance(value, list):
                pending.extend((item, True) for item in value if isinstance(item, dict))


def _checked(values: list[Value]) -> list[Value]:
    # Escapes can write half of a surrogate pair, which no output could encode.
    if any(_SURROGATE.search(value.text) for value in values):
        raise UnreadableError("holds half a character")
    return values
