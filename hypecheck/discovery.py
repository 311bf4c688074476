"""Finds the settings that hold for a file, and knows where each of them was said.

`[tool:hypecheck]` in setup.cfg, `[tool.hypecheck]` in pyproject.toml, or all of .hypecheck.toml. From the
folder of a file upward, to the folder that has .git, the first folder with settings counts, and it alone:
settings further up are not merged into it. Sections for paths (`[[tool.hypecheck.paths]]` with `files`,
`[tool:hypecheck:PATTERN]`) override the others of their file key by key, tables entry by entry; lists are
replaced. Of several that match, the last one in the file wins. Patterns are those of walk.select_files,
relative to the folder of the settings file. Options of the command line override all of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hypecheck.config import KEYS, TABLES, Settings, settings_from
from hypecheck.globs import Glob
from hypecheck.settings_file import (
    COMMAND_LINE,
    DEFAULT,
    Origin,
    Path_,
    Section,
    SettingsFile,
    Source,
    compile_globs,
    find_settings,
    matches_path,
)
from hypecheck.types import SettingsError


class SettingsFinder:
    """The settings of files under one set of command-line options; each settings file is read once.

    `options`: what the command line says, by the keys of settings files; None is what it does not say.
    Raises SettingsError for an option that means nothing; the methods raise it for settings files that do.
    """

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self._options = {key: value for key, value in (options or {}).items() if value is not None}
        settings_from(self._options)
        self._nearest: dict[Path, SettingsFile | None] = {}
        self._globs: dict[tuple[str, ...], tuple[Glob, ...]] = {}
        self._effective: dict[tuple[Path | None, tuple[Path_, ...]], tuple[Settings, Mapping[str, Origin]]] = {}

    def nearest(self, path: str | Path) -> SettingsFile | None:
        """The settings file that holds for a file or a folder, whether it is there or not."""
        folder = _place(path)[0]
        passed: list[Path] = []
        while folder not in self._nearest:
            passed.append(folder)
            found = find_settings(folder)
            if found is not None or os.path.lexists(folder / ".git") or folder.parent == folder:
                self._nearest[folder] = found
            else:
                folder = folder.parent
        self._nearest.update(dict.fromkeys(passed, self._nearest[folder]))
        return self._nearest[folder]

    def effective(self, path: str | Path) -> tuple[Settings, Mapping[str, Origin]]:
        """The settings that hold for a file, and by key where each value comes from; `severity.CATEGORY` in tables.

        The same object for all files that the same sections hold for.
        """
        found = self.nearest(path)
        sections = self._matching(found, path) if found else ()
        held = (found.source.path if found else None, tuple(section.where for section in sections))
        if held not in self._effective:
            self._effective[held] = self._merge(found.source if found else None, sections)
        return self._effective[held]

    def _matching(self, found: SettingsFile, path: str | Path) -> tuple[Section, ...]:
        folder, name = _place(path)
        below = (folder / name).relative_to(found.source.path.parent).as_posix()
        return tuple(section for section in found.sections if self._matches(section, below))

    def _matches(self, section: Section, path: str) -> bool:
        if section.patterns is None:
            return True
        if section.patterns not in self._globs:
            self._globs[section.patterns] = compile_globs("files", section.patterns)
        return matches_path(self._globs[section.patterns], path)

    def _merge(self, source: Source | None, sections: Iterable[Section]) -> tuple[Settings, Mapping[str, Origin]]:
        values: dict[str, Any] = {}
        origins = dict.fromkeys(KEYS, DEFAULT)
        layers = [(section.values, source, section.where) for section in sections]
        for said, place, where in [*layers, (self._options, None, ())]:
            for key, value in said.items():
                if key not in TABLES:
                    values[key] = value
                    origins[key] = Origin(str(place.path), place, (*where, key)) if place else COMMAND_LINE
                    continue
                values[key] = values.get(key, {}) | value
                for name in value:
                    origins.pop(key, None)
                    at = Origin(str(place.path), place, (*where, key, name)) if place else COMMAND_LINE
                    origins[f"{key}.{name}"] = at
        try:
            return settings_from(values), origins
        except SettingsError as error:
            raise SettingsError(f"{source.path if source else 'command line'}: {error}") from error


def _place(path: str | Path) -> tuple[Path, str]:
    """The folder of a file without links, and the file's name; a folder, and no name."""
    place = Path(path)
    return (Path(os.path.realpath(place)), "") if place.is_dir() else (Path(os.path.realpath(place.parent)), place.name)
