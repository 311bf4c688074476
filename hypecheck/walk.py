"""Which files a command's paths mean."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Literal

from hypecheck.globs import Glob, make_glob, matches
from hypecheck.types import HypecheckError

LOCK = "~$"
"""Begins the name of the file that Word puts beside a document while it is open; it holds no text."""

Reason = Literal["kind", "special", "hidden", "excluded", "ignored", "link"]

_WORDING: dict[Reason, tuple[str, str]] = {
    "kind": ("file of another kind", "files of other kinds"),
    "special": ("that is no regular file", "that are no regular files"),
    "hidden": ("hidden folder", "hidden folders"),
    "excluded": ("left out by include or exclude", "left out by include or exclude"),
    "ignored": ("that git ignores", "that git ignores"),
    "link": ("link not followed", "links not followed"),
}

Ignored = Callable[[str], Collection[str]]
"""Real paths of the files and folders below a folder that are ignored; raises HypecheckError where that is unknown."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Files to check, in order, and what walked folders held beside them.

    `passed` counts by reason; a folder that was not entered counts once. `notes` say why files are
    here that might have been left out: git could not be asked what it ignores.
    """

    files: tuple[str, ...]
    passed: Mapping[Reason, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def passed_over(self) -> int:
        """How many files no reader takes: those of other kinds and those that are no regular files."""
        return self.passed.get("kind", 0) + self.passed.get("special", 0)

    @property
    def summary(self) -> str:
        """What was passed over, in words; empty where nothing was."""
        counts = [(self.passed.get(reason, 0), words) for reason, words in _WORDING.items()]
        parts = [f"{count} {words[count > 1]}" for count, words in counts if count]
        return f"{', '.join(parts)} passed over" if parts else ""


def select_files(
    paths: Iterable[str],
    suffixes: Collection[str],
    *,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    base: str = ".",
    ignored: Ignored | None = None,
) -> Selection:
    """Named files as they are and always, walked folders by suffix, each file once.

    In a walked folder a file is left out where `include` is given and no glob of it matches, where
    one of `exclude` matches, or where `ignored` names it; hidden folders are not entered. Globs are
    written as in .gitignore, without negation or escapes: one without a slash means a name at any
    depth, one with a slash a path from `base` on (from the walked folder on, where that is not in
    `base`), one that ends in a slash only folders; what matches a folder matches all that is in it.
    A named folder is entered even if it is hidden or excluded.

    A symbolic link to a file is read where that file is in a walked folder and not read under its
    own name; a link to a folder is not entered. A folder that cannot be listed, and a link that
    leads nowhere, stand among the files, so that reading them fails and is told.
    Raises SettingsError for a glob that can match nothing.
    """
    named = list(paths)
    roots = tuple(_real(Path(path)) for path in named if _is_folder(path))
    taken = tuple(make_glob("include", glob) for glob in include)
    left_out = tuple(make_glob("exclude", glob) for glob in exclude)
    walk = _Walk(frozenset(suffixes), taken, left_out, ignored, roots)
    found: list[_Found] = []
    for path in named:
        if _is_folder(path):
            found += walk.enter(path, _parts_below(path, base))
        else:
            # Links in the folders are followed; a last name that is a link was asked for by that name.
            real = path if path == "-" else str(_real(Path(path).parent) / Path(path).name)
            found.append(_Found(path, real, named=True))
    # What a link to a folder leads to may have been walked under its own name.
    walk.passed["link"] += sum(real not in walk.entered for real in walk.folder_links)
    passed = {reason: walk.passed[reason] for reason in _WORDING if walk.passed[reason]}
    return Selection(tuple(_each_once(found)), passed, tuple(walk.notes))


@dataclass(frozen=True, slots=True)
class _Found:
    """A file, and the real path that tells it from others."""

    path: str
    real: str
    link: bool = False
    named: bool = False


def _each_once(found: list[_Found]) -> Iterator[str]:
    """A link gives way to the file's own name: a report under a link's name is of no use to a diff."""
    own = {file.real for file in found if not file.link}
    taken: set[str] = set()
    for file in found:
        if file.real in taken or (file.link and file.real in own):
            continue
        # What a named link leads to is read as well, once, wherever else it comes up.
        taken |= {file.real, str(_real(Path(file.path)))} if file.named else {file.real}
        yield file.path


@dataclass(slots=True)
class _Walk:
    """The way through all walked folders of one command; counts as it goes."""

    suffixes: frozenset[str]
    include: tuple[Glob, ...]
    exclude: tuple[Glob, ...]
    ignored: Ignored | None
    roots: tuple[Path, ...]
    passed: Counter[Reason] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    entered: set[str] = field(default_factory=set)
    folder_links: list[str] = field(default_factory=list)

    def enter(self, root: str, parts: tuple[str, ...]) -> Iterator[_Found]:
        """The files below a named folder: those of a folder by name, then its folders by name.

        `parts` is where the folder stands for the globs.
        """
        included = any(matches(self.include, parts[:end], True) for end in range(1, len(parts) + 1))
        start = Path(root)
        real = _real(start)
        # A list of its own instead of a recursion: a hostile tree is deeper than Python's stack.
        waiting = [_Place(start, real, parts, included or not self.include, self._ignored_in(start, real))]
        while waiting:
            folder = waiting.pop()
            self.entered.add(str(folder.real))
            try:
                with os.scandir(folder.path) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except OSError:
                yield _Found(str(folder.path), str(folder.real))
                continue
            if folder.path != start and any(entry.name == ".git" for entry in listed):
                # A repository within has rules of its own, and those of the outer one end here.
                folder = replace(folder, ignored=self._ignored_in(folder.path, folder.real))
            inner: list[_Place] = []
            for entry in listed:
                if entry.name == ".git":
                    continue
                place = folder.child(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    inner += self._open(place)
                else:
                    yield from self._take(place, entry.is_symlink())
            waiting += reversed(inner)

    def _open(self, folder: _Place) -> Iterator[_Place]:
        if folder.parts[-1].startswith("."):
            self.passed["hidden"] += 1
        elif matches(self.exclude, folder.parts, True):
            self.passed["excluded"] += 1
        elif str(folder.real) in folder.ignored:
            self.passed["ignored"] += 1
        else:
            yield replace(folder, included=folder.included or matches(self.include, folder.parts, True))

    def _take(self, file: _Place, link: bool) -> Iterator[_Found]:
        target = _real(file.path) if link else file.real
        kind = _kind(file.path)
        if kind == "folder":
            self.folder_links.append(str(target))
        elif file.path.suffix.lower() not in self.suffixes or file.path.name.startswith(LOCK):
            self.passed["kind"] += 1
        elif self._is_left_out(file):
            self.passed["excluded"] += 1
        elif str(file.real) in file.ignored:
            self.passed["ignored"] += 1
        elif kind == "unknown":
            yield _Found(str(file.path), str(file.real))
        elif kind == "special":
            # A read of a pipe, a socket or a device could wait for ever.
            self.passed["special"] += 1
        elif link and not self._is_walked(target):
            self.passed["link"] += 1
        else:
            yield _Found(str(file.path), str(target), link)

    def _is_left_out(self, file: _Place) -> bool:
        included = file.included or matches(self.include, file.parts, False)
        return not included or matches(self.exclude, file.parts, False)

    def _is_walked(self, target: Path) -> bool:
        """Whether a file lies in a walked folder, and not in a hidden one of it: .git holds credentials."""
        below = [target.relative_to(root).parts[:-1] for root in self.roots if target.is_relative_to(root)]
        return any(not any(name.startswith(".") for name in folders) for folders in below)

    def _ignored_in(self, path: Path, real: Path) -> frozenset[str]:
        if self.ignored is None:
            return frozenset()
        try:
            return frozenset(self.ignored(str(real)))
        except HypecheckError as error:
            self.notes.append(f"{path}: read without regard to .gitignore: {error}")
            return frozenset()


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder or a file on the way: as it is shown, as it is, as globs see it, and what holds there."""

    path: Path
    real: Path
    parts: tuple[str, ...]
    included: bool
    ignored: frozenset[str]

    def child(self, name: str) -> _Place:
        return _Place(self.path / name, self.real / name, (*self.parts, name), self.included, self.ignored)


def _real(path: Path) -> Path:
    """Path.resolve without its errors, for a link that leads to itself and for a NUL."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return path


def _is_folder(path: str) -> bool:
    """Whether a path names a folder; an empty one, which is an unset variable's, does not mean the present one."""
    return path != "" and _kind(Path(path)) == "folder"


def _kind(path: Path) -> Literal["folder", "file", "special", "unknown"]:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return "unknown"
    return "folder" if S_ISDIR(mode) else "file" if S_ISREG(mode) else "special"


def _parts_below(path: str, base: str) -> tuple[str, ...]:
    """The names from `base` down to a folder; none where it lies elsewhere."""
    for resolve in (os.path.abspath, os.path.realpath):
        if Path(resolve(path)).is_relative_to(resolve(base)):
            return Path(resolve(path)).relative_to(resolve(base)).parts
    return ()
