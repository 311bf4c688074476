"""Reads a record in YAML: the one that ships, and those that users write. Faults come with their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from hypecheck.record.types import EVENTS, JURISDICTIONS, QUALITIES, Fact, Indication, Interval, RecordFile, Substance
from hypecheck.types import RecordError

VERSION = 1

MAX_BYTES = 5_000_000
"""Bytes of a record that is read whole; the shipped one has some 90,000. A national register goes into the store."""

MAX_DEPTH = 12
"""A record nests four deep."""

MAX_FAULTS = 20
"""Faults listed at once."""

_KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "substances": (frozenset({"id", "name"}), frozenset({"aliases"})),
    "indications": (frozenset({"id", "name"}), frozenset({"aliases", "within"})),
    "facts": (
        frozenset({"id", "substance", "indication", "jurisdiction", "event", "date", "quality"}),
        frozenset({"source", "more_sources", "detail", "target", "conflict"}),
    ),
}
"""Keys that an entry must have, and those that it may have."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C is ten times as fast; where PyYAML was built without libyaml the other does the same."""


class _Entry(NamedTuple):
    """An entry of a list with the line it begins on, and the line of each key."""

    values: dict[str, Any]
    line: int
    lines: dict[str, int]


def read_shipped() -> RecordFile:
    """The record that comes with the package."""
    data = (files("hypecheck.data") / "record.yaml").read_bytes()
    return parse_record(data, "record.yaml")


def read_file(path: Path, known: RecordFile | None = None) -> RecordFile:
    """A user's record. Its facts may name substances and indications of `known`. Raises RecordError with lines."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise RecordError(f"{path}: is larger than {MAX_BYTES:,} bytes; import registers with hypecheck record import")
    return parse_record(data, str(path), known)


def parse_record(data: bytes, name: str, known: RecordFile | None = None) -> RecordFile:
    """The record in `data`. Raises RecordError that lists the faults, each with `name` and its line."""
    known = known or RecordFile()
    try:
        root = yaml.compose(data.decode("utf-8"), Loader=_LOADER)
    except UnicodeDecodeError as error:
        raise RecordError(f"{name}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        raise RecordError(f"{where}: is not YAML: {getattr(error, 'problem', None) or error}") from error
    reader = _Reader(name)
    sections = reader.sections(root)
    substances = dict(reader.substances(sections["substances"]))
    indications = dict(reader.indications(sections["indications"], known.indications))
    facts = dict(
        reader.facts(sections["facts"], {*known.substances, *substances}, {*known.indications, *indications, "any"})
    )
    if reader.faults:
        listed = reader.faults[:MAX_FAULTS]
        more = len(reader.faults) - len(listed)
        raise RecordError("\n".join([*listed, *([f"{name}: and {more} more"] if more else [])]))
    return RecordFile(substances, indications, facts)


class _Reader:
    """Collects faults while it goes, so that a user mends them in one round."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[str] = []

    def fault(self, line: int, text: str) -> None:
        self.faults.append(f"{self.name}:{line}: {text}")

    def sections(self, root: yaml.Node | None) -> dict[str, list[_Entry]]:
        found: dict[str, list[_Entry]] = {section: [] for section in _KEYS}
        if not isinstance(root, yaml.MappingNode):
            self.fault(1, "a record is a mapping with version, substances, indications and facts")
            return found
        version = None
        for key, value in root.value:
            line = key.start_mark.line + 1
            if key.value == "version":
                version = value.value
            elif key.value == "newest":
                pass  # for a quick look; what it says is tested against the facts
            elif key.value not in _KEYS:
                self.fault(line, f"there is no key {key.value!r}; write version, {', '.join(_KEYS)}")
            elif not isinstance(value, yaml.SequenceNode):
                self.fault(line, f"{key.value} is a list")
            else:
                found[key.value] = list(self._entries(key.value, value))
        if version != str(VERSION):
            self.fault(1, f"version is {VERSION}, not {version}")
        return found

    def _entries(self, section: str, node: yaml.SequenceNode) -> Iterator[_Entry]:
        required, optional = _KEYS[section]
        seen: set[str] = set()
        for item in node.value:
            line = item.start_mark.line + 1
            if not isinstance(item, yaml.MappingNode):
                self.fault(line, f"an entry of {section} is a mapping")
                continue
            values = {str(key.value): self._plain(value) for key, value in item.value}
            lines = {str(key.value): key.start_mark.line + 1 for key, _ in item.value}
            for key in sorted(values.keys() - required - optional):
                self.fault(lines[key], f"{section} have no key {key!r}")
            for key in sorted(required - values.keys()):
                self.fault(line, f"{key} is missing")
            name = values.get("id")
            if name in seen:
                self.fault(line, f"id {name!r} stands twice")
            if required <= values.keys():
                seen.add(str(name))
                yield _Entry(values, line, lines)

    def _plain(self, node: yaml.Node, depth: int = 0) -> Any:
        """Strings and lists as they are written: a date stays the text that the user typed."""
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag.endswith(":null") else node.value
        if isinstance(node, yaml.SequenceNode) and depth < MAX_DEPTH:
            return [self._plain(item, depth + 1) for item in node.value]
        self.fault(node.start_mark.line + 1, "a value is a text or a list of texts")
        return None

    def _texts(self, entry: _Entry, key: str) -> tuple[str, ...]:
        value = entry.values.get(key) or []
        if not (isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)):
            self.fault(entry.lines[key], f"{key} is a list of texts")
            return ()
        return tuple(value)

    def substances(self, entries: list[_Entry]) -> Iterator[tuple[str, Substance]]:
        for entry in entries:
            values = entry.values
            yield values["id"], Substance(values["id"], values["name"], self._texts(entry, "aliases"))

    def indications(self, entries: list[_Entry], known: Mapping[str, Indication]) -> Iterator[tuple[str, Indication]]:
        ids = {*known, *(entry.values["id"] for entry in entries)}
        for entry in entries:
            values, within = entry.values, self._texts(entry, "within")
            for wider in set(within) - ids:
                self.fault(entry.lines["within"], f"there is no indication {wider!r}")
            yield values["id"], Indication(values["id"], values["name"], self._texts(entry, "aliases"), within)

    def facts(self, entries: list[_Entry], substances: set[str], indications: set[str]) -> Iterator[tuple[str, Fact]]:
        for entry in entries:
            before = len(self.faults)
            values = entry.values
            for key, allowed, kind in (
                ("substance", substances, "substance"),
                ("indication", indications, "indication"),
                ("jurisdiction", JURISDICTIONS, "jurisdiction"),
                ("event", EVENTS, "event"),
                ("quality", QUALITIES, "quality"),
            ):
                if values[key] not in allowed:
                    self.fault(entry.lines[key], f"there is no {kind} {values[key]!r}")
            when, target = self._interval(entry), self._day(entry, "target")
            self._check_source(entry)
            more = self._texts(entry, "more_sources")
            if len(self.faults) == before:
                yield (
                    values["id"],
                    Fact(
                        values["id"],
                        values["substance"],
                        None if values["indication"] == "any" else values["indication"],
                        values["jurisdiction"],
                        values["event"],
                        when,
                        values.get("source") or "",
                        values["quality"],
                        values.get("detail") or "",
                        target,
                        values.get("conflict") or "",
                        more,
                    ),
                )

    def _check_source(self, entry: _Entry) -> None:
        source = entry.values.get("source")
        if not source:
            if entry.values["event"] != "horizon":
                self.fault(entry.line, "source is missing: the address of the page that states the fact")
        elif urlsplit(source).scheme not in ("http", "https"):
            self.fault(entry.lines["source"], f"source is an address that begins with https://, not {source!r}")

    def _interval(self, entry: _Entry) -> Interval | None:
        value = entry.values["date"]
        if value == "unknown":
            return None
        try:
            parts = [Interval.parse(str(part)) for part in (value if isinstance(value, list) else [value])]
            if len(parts) not in (1, 2) or parts[0].first > parts[-1].last:
                raise ValueError("a list of dates is the earliest and the latest")
        except ValueError as error:
            self.fault(entry.lines["date"], f"{error}; write unknown where it is not known")
            return None
        return Interval(parts[0].first, parts[-1].last)

    def _day(self, entry: _Entry, key: str) -> date | None:
        value = entry.values.get(key)
        if value is None:
            return None
        try:
            return Interval.parse(str(value)).last
        except ValueError as error:
            self.fault(entry.lines[key], str(error))
            return None
