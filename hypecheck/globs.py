"""Patterns of paths, as .gitignore writes them, without negation and escapes; one language for options and settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate

from hypecheck.types import SettingsError


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern name by name; None, which is never the last, stands for any number of names."""

    names: tuple[re.Pattern[str] | None, ...]
    folders_only: bool


def make_glob(option: str, pattern: str) -> Glob:
    """The pattern that `option` gives. Raises SettingsError for one that can match nothing."""
    names = [name for name in pattern.split("/") if name not in ("", ".")]
    if pattern.startswith("!"):
        raise SettingsError(f"{option} {pattern!r}: no glob is negated; use include and exclude for the two sides")
    if not names or ".." in names:
        raise SettingsError(
            f"{option} {pattern!r} matches nothing; write a name such as *.md or a path such as blog/**"
        )
    # What is in a folder that matches belongs to it, so one name is enough at the end.
    names[-1:] = ["*"] if names[-1] == "**" else names[-1:]
    if "/" not in pattern.rstrip("/"):
        names.insert(0, "**")
    runs = [None if name == "**" else name for name in names]
    once = [name for name, before in zip(runs, ["", *runs], strict=False) if name is not None or before is not None]
    # fnmatch's expressions do not try their stars again, whatever pattern a settings file holds.
    return Glob(tuple(None if name is None else re.compile(translate(name)) for name in once), pattern.endswith("/"))


def matches(globs: tuple[Glob, ...], parts: tuple[str, ...], folder: bool) -> bool:
    """Whether any pattern matches the names of a path, which is that of a folder or not."""
    return any((folder or not glob.folders_only) and _match(glob.names, parts) for glob in globs)


def _match(names: tuple[re.Pattern[str] | None, ...], parts: tuple[str, ...]) -> bool:
    """All places in the pattern at once, so that none takes more than its length times the path's."""
    places = {0}
    for part in parts:
        places.discard(len(names))
        places |= {place + 1 for place in places if names[place] is None}
        stay = {place for place in places if names[place] is None}
        places = stay | {place + 1 for place in places if (name := names[place]) and name.match(part)}
    return len(names) in places
