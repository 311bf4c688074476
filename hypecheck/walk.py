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
    """Named files as they are, walked folders by suffix; hidden folders and links to folders are not entered."""
    files: list[str] = []
    passed_over = 0
    for path in paths:
        if not Path(path).is_dir():
            files.append(path)
            continue
        for folder, folders, names in os.walk(path, followlinks=False):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if Path(name).suffix.lower() in suffixes:
                    files.append(str(Path(folder, name)))
                else:
                    passed_over += 1
    # A file that is named twice is checked once.
    return Selection(tuple(dict.fromkeys(files)), passed_over)
