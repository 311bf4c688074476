"""`hypecheck config`: which settings hold for a file, and where each was said; and what a run makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypecheck.cli.common import print_lines
from hypecheck.types import SettingsError

if TYPE_CHECKING:
    from hypecheck.config import Settings
    from hypecheck.discovery import SettingsFinder
    from hypecheck.settings_file import Origin

NEAREST = "The nearest folder with settings counts alone: settings further up are not merged into it."


@click.command()
@click.argument("path", default=".")
def config(path: str) -> None:
    """Show the settings that hold for PATH, a file or a folder (this one, unless given), and where each was said."""
    from hypecheck.config import KEYS
    from hypecheck.discovery import SettingsFinder
    from hypecheck.render.plain import visible
    from hypecheck.settings_file import DEFAULT

    finder = SettingsFinder()
    settings, origins = finder.effective(path)
    found = finder.nearest(path)
    file = f"are in {_short(str(found.source.path))}" if found else "are the defaults: no file holds any"
    order = list(KEYS)
    keys = sorted(origins, key=lambda key: (order.index(key.partition(".")[0]), key))
    rows = [(key, _written(_value(settings, key), origins[key] is DEFAULT), _said(origins[key])) for key in keys]
    widths = [max(len(visible(row[column])) for row in rows) for column in (0, 1)]
    lines = [f"The settings for {visible(path)} {visible(file)}. {NEAREST}", ""]
    for row in rows:
        key, value, said = map(visible, row)
        lines.append(f"{key:<{widths[0]}}  {value:<{min(widths[1], _WIDEST)}}  {said}")
    print_lines([*lines, "", f"settings_sha256  {settings.digest()}"])


_WIDEST = 40
"""Columns up to which values push the column behind them to the right."""


def run_settings(finder: SettingsFinder, files: Iterable[str]) -> Settings:
    """The settings of the first file, or of this folder where there is none.

    Raises SettingsError where another file has another model, record or day of judgement: the audit line
    of a run names one of each.
    """
    from hypecheck.config import KEYS, RUN_KEYS, shown

    first: tuple[str, Settings, Mapping[str, Origin]] | None = None
    for file in files:
        settings, origins = finder.effective(file)
        first = first or (file, settings, origins)
        for key in RUN_KEYS:
            ours, theirs = (getattr(each, KEYS[key]) for each in (first[1], settings))
            if ours != theirs:
                raise SettingsError(
                    f"{first[0]} and {file} want another {key}: {shown(ours)} ({first[2][key]}) and "
                    f"{shown(theirs)} ({origins[key]}); check them in two runs, or pass --{key}"
                )
    return first[1] if first else finder.effective(".")[0]


def by_settings_file(finder: SettingsFinder, paths: Iterable[str]) -> Iterator[tuple[Path, Settings, list[str]]]:
    """The paths, together where one settings file holds for them: the file's folder, the settings, the paths.

    The folder is what the patterns of `include` and `exclude` are relative to; without a file it is this one.
    """
    groups: dict[Path | None, tuple[Path, Settings, list[str]]] = {}
    for path in paths:
        found = finder.nearest(path)
        file = found.source.path if found else None
        group = groups.setdefault(file, (file.parent if file else Path.cwd(), finder.effective(path)[0], []))
        group[2].append(path)
    yield from groups.values()


def _value(settings: Settings, key: str) -> Any:
    from hypecheck.config import KEYS

    key, dot, name = key.partition(".")
    if key == "categories":
        return settings.is_on(name) if dot else None
    value = getattr(settings, KEYS[key])
    return dict(value)[name] if dot else value


def _written(value: Any, default: bool = False) -> str:
    """The value as a settings file in TOML would have it."""
    from json import dumps

    if value is None or (default and value == ()):
        return "not set"
    if isinstance(value, tuple):
        return "[" + ", ".join(_written(getattr(each, "phrase", each)) for each in value) + "]"
    return dumps(value, ensure_ascii=False) if isinstance(value, (bool, str, int, float)) else str(value)


def _said(origin: Origin) -> str:
    return f"{_short(origin.name)}:{line}" if (line := origin.line) else _short(origin.name)


def _short(path: str) -> str:
    """The path from this folder on, where it lies in it."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path
