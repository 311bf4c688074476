"""Which files a command's paths mean."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Selection:
    """Files to check, in order, and how many were passed over in walked folders."""

    files: tuple[str, ...]
    passed_over: int


def select_files(paths: Iterable[str], suffixes: Collection[str]) -> Selection:
    """Named files as they are, walked folders by suffix; hidden folders and links to folders are not entered.

    A folder that cannot be listed stands among the files, so that reading it fails and is told.
    """
    files: list[str] = []
    passed_over = 0
    for path in paths:
        if not Path(path).is_dir():
            files.append(path)
            continue
        for folder, folders, names in os.walk(path, onerror=lambda error: files.append(error.filename)):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                file = Path(folder, name)
                if file.suffix.lower() in suffixes and not _is_special(file):
                    files.append(str(file))
                else:
                    passed_over += 1
    # A file that is named twice is checked once.
    return Selection(tuple(dict.fromkeys(files)), passed_over)


def _is_special(file: Path) -> bool:
    """Whether a pipe, a socket or a device bears the name; a read could wait for ever."""
    return file.exists() and not file.is_file()
