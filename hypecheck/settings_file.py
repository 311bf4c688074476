"""Reads settings files and knows the line of each value: setup.cfg, pyproject.toml, .hypecheck.toml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path
from typing import Any

from hypecheck.checks.phrases import Flag
from hypecheck.config import RUN_KEYS, TABLES, settings_from, shown
from hypecheck.globs import Glob, make_glob, matches
from hypecheck.types import SettingsError

FLAG_PARTS = tuple(part.name for part in fields(Flag))
"""In setup.cfg a phrase to flag is a line of these, with bars between them."""

OWN_FILE, PYPROJECT, SETUP = ".hypecheck.toml", "pyproject.toml", "setup.cfg"
FILES = (OWN_FILE, PYPROJECT, SETUP)

MAX_BYTES = 1_000_000
"""No settings file that people write is nearly as long; one that is was not meant to be read."""

MOST_TRIED = 100
"""Lines with the name of a key that are tried when its own is looked for; each costs reading what is above it."""

PACKAGED_MODELS = ("contextual", "linear")
"""Any other model is a folder, and relative to the settings file that names it."""

TOO_DEEP = "it is nested too deeply to be read"

Path_ = tuple[str | int, ...]
"""Where a value stands in what a settings file holds: names of tables and keys, numbers in lists."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a settings file, with which the line of a value can be told."""

    path: Path
    text: str = field(repr=False)

    def line_of(self, where: Path_) -> int | None:
        """The line, from 1, on which the statement begins that says the value at `where`; None where none is found."""
        lines = self.text.split("\n")
        key = next((step for step in reversed(where) if isinstance(step, str)), "")
        if not self._holds(lines, len(lines), where):
            return None
        # What ends between two statements can be read by itself, so the reader of the file is the judge.
        found = None
        named = (number for number, line in enumerate(lines) if key in line)
        for before in islice(named, MOST_TRIED):
            holds = self._holds(lines, before, where)
            if holds:
                break
            found = found if holds is None else before + 1
        return found

    def _holds(self, lines: Sequence[str], count: int, where: Path_) -> bool | None:
        """Whether the first `count` lines say the value; None where they end within a statement."""
        try:
            node: Any = parse("\n".join(lines[:count]) + "\n", self.path.name)
        except SettingsError:
            return None
        for step in where:
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was said: in a settings file, or by what `name` tells."""

    name: str
    source: Source | None = None
    where: Path_ = ()

    @property
    def line(self) -> int | None:
        """The line in the settings file, from 1; looked for when it is asked for."""
        return self.source.line_of(self.where) if self.source else None

    def __str__(self) -> str:
        return f"{self.name}:{line}" if (line := self.line) else self.name


DEFAULT, COMMAND_LINE = Origin("default"), Origin("command line")


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that hold for the files that `patterns` match, or for all where it is None."""

    patterns: tuple[str, ...] | None
    values: Mapping[str, Any]
    where: Path_


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file, checked from end to end: the section for all files first, then those for paths in order."""

    source: Source
    sections: tuple[Section, ...]


def find_settings(folder: Path) -> SettingsFile | None:
    """The settings that stand in this folder itself. Raises SettingsError, also where two files hold some."""
    found = [settings for name in FILES if (settings := read_settings(folder / name)) is not None]
    if len(found) > 1:
        names = " and ".join(settings.source.path.name for settings in found)
        raise SettingsError(f"{folder}: {names} both hold settings of hypecheck; keep them in one of the two")
    return found[0] if found else None


def read_settings(path: Path) -> SettingsFile | None:
    """The settings in a file; None where there is no such file, or no word of hypecheck in it. Raises SettingsError."""
    try:
        if not path.is_file():
            if path.name == OWN_FILE and path.is_symlink():
                raise SettingsError(f"{path}: is a link to nothing that can be read; mend it or remove it")
            return None
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    if path.name != OWN_FILE and b"hypecheck" not in data:
        return None  # other tools' settings are theirs to judge
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{path}: is longer than {MAX_BYTES:,} bytes; keep the settings in {OWN_FILE}")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    source = Source(path, text)
    try:
        sections = _sections(parse(text, path.name), path.name)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error
    if not sections:
        return None
    for section in sections:
        _check(source, section)
    return SettingsFile(source, tuple(_with_paths(section, path.parent) for section in sections))


def parse(text: str, name: str) -> dict[str, Any]:
    """What a settings file of this name holds. Raises SettingsError, without the name."""
    import tomllib

    try:
        return _parse_cfg(text) if name == SETUP else tomllib.loads(text + "\n")  # with a last line to name in an error
    except ValueError as error:
        raise SettingsError(str(error)) from error
    except RecursionError:
        raise SettingsError(TOO_DEEP) from None


def _parse_cfg(text: str) -> dict[str, Any]:
    """The sections of ours, and those that look so, with values as TOML would have them."""
    from configparser import Error, RawConfigParser

    parser = RawConfigParser(default_section="")  # no section lends its keys to others
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text, SETUP)
    except Error as error:
        raise SettingsError(" ".join(str(error).split())) from error
    return {
        name: {key: _cfg_value(key, value) for key, value in parser.items(name)}
        for name in parser.sections()
        if "hypecheck" in name
    }


def _cfg_value(key: str, text: str) -> Any:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if key in TABLES:
        table: dict[str, Any] = {}
        for line in lines:
            name, _, value = (part.strip() for part in line.partition("="))
            if name in table:
                raise SettingsError(f"{key}: {shown(name)} is given twice")
            table[name] = _cfg_word(key, value)
        return table
    if key == "flag":
        rows = [[part.strip() for part in line.split("|", len(FLAG_PARTS) - 1)] for line in lines]
        return [dict(zip(FLAG_PARTS, row, strict=False)) for row in rows]
    if key == "jurisdictions":
        return [word.strip() for line in lines for word in line.split(",") if word.strip()]
    return lines if key in {"allow", "include", "exclude", "field", "metadata"} else _cfg_word(key, text.strip())


def _cfg_word(key: str, text: str) -> Any:
    if key in {"categories", "missing-risk-fails"}:
        return {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}.get(text, text)
    for number in (int, float) if key in {"fail-score", "max-bytes", "report-thresholds", "gate-thresholds"} else ():
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _sections(held: dict[str, Any], name: str) -> list[Section]:
    """The sections of ours, none where there is none; what is in them is not checked yet."""
    if name == SETUP:
        return _cfg_sections(held)
    where: Path_ = () if name == OWN_FILE else ("tool", "hypecheck")
    if name == OWN_FILE and "tool" in held:
        raise SettingsError("the whole file is hypecheck's: write the keys without [tool.hypecheck]")
    if name == PYPROJECT:
        if "hypecheck" in held or "tool:hypecheck" in held:
            raise SettingsError("the settings of hypecheck stand in [tool.hypecheck] here")
        tools = held.get("tool", {})
        if not isinstance(tools, dict) or "hypecheck" not in tools:
            return []
        held = tools["hypecheck"]
        if not isinstance(held, dict):
            raise SettingsError(f"tool.hypecheck is a table, not {shown(held)}")
    values = {key: value for key, value in held.items() if key != "paths"}
    sections, paths = [Section(None, values, where)], held.get("paths", [])
    if not isinstance(paths, list) or not all(isinstance(row, dict) for row in paths):
        raise SettingsError(f"paths is an array of tables, each with files and settings, not {shown(paths)}")
    for number, row in enumerate(paths):
        patterns = row.get("files")
        if not isinstance(patterns, list) or not patterns or not all(isinstance(each, str) for each in patterns):
            raise SettingsError(f"paths: files is a list of patterns, in every entry; not {shown(patterns)}")
        values = {key: value for key, value in row.items() if key != "files"}
        sections.append(Section(tuple(patterns), values, (*where, "paths", number)))
    return sections


def _cfg_sections(held: dict[str, Any]) -> list[Section]:
    whole = "tool:hypecheck"
    sections = [Section(None, held.get(whole, {}), (whole,))]
    for name, values in held.items():
        if name.startswith(f"{whole}:"):
            sections.append(Section((name.removeprefix(f"{whole}:").strip(),), values, (name,)))
        elif name.split(":")[0] in {"hypecheck", "tool.hypecheck"}:
            raise SettingsError(f"[{name}] is not read in {SETUP}; the settings of hypecheck stand in [{whole}]")
    return sections if len(sections) > 1 or whole in held else []


def _check(source: Source, section: Section) -> None:
    """Raise SettingsError, with its line, for a key or a value that means nothing."""
    at = section.where
    try:
        compile_globs("files", section.patterns or ())
        for at, key, value in _parts(section):  # noqa: B007, the error below names it
            if section.patterns is not None and key in (*RUN_KEYS, "include", "exclude"):
                raise SettingsError(f"{key} holds for a whole run and cannot differ by path")
            settings = settings_from({key: value})
            compile_globs(key, settings.include + settings.exclude)
    except SettingsError as error:
        raise SettingsError(f"{Origin(str(source.path), source, at)}: {error}") from error


def _parts(section: Section) -> Iterator[tuple[Path_, str, Any]]:
    """Every value with its key and its place; tables and phrases entry by entry first, whose line is nearer."""
    for key, value in section.values.items():
        where = (*section.where, key)
        if key in TABLES and isinstance(value, dict):
            yield from (((*where, name), key, {name: each}) for name, each in value.items())
        if key == "flag" and isinstance(value, list):
            yield from (((*where, number), key, [each]) for number, each in enumerate(value))
        yield where, key, value


def _with_paths(section: Section, folder: Path) -> Section:
    """The section with the paths in its values relative to the folder of the settings file."""
    values = dict(section.values)
    if "record" in values:
        values["record"] = str(folder / values["record"])
    if values.get("model", PACKAGED_MODELS[0]) not in PACKAGED_MODELS:
        values["model"] = str(folder / values["model"])
    return Section(section.patterns, values, section.where)


def compile_globs(key: str, patterns: Iterable[str]) -> tuple[Glob, ...]:
    """Raises SettingsError for a pattern that matches nothing; one language with include and exclude."""
    return tuple(make_glob(key, pattern) for pattern in patterns)


def matches_path(globs: tuple[Glob, ...], path: str) -> bool:
    """Whether a path, or a folder that it lies in, matches."""
    parts = tuple(path.split("/"))
    return matches(globs, parts, False) or any(matches(globs, parts[:end], True) for end in range(1, len(parts)))
