"""Which files a path means."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from hypecheck.walk import select_files

SUFFIXES = {".md", ".txt"}


def make_files(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text")


def selected(folder: Path, *paths: str) -> tuple[list[str], int]:
    """The files relative to the folder, and how many were passed over."""
    selection = select_files([str(folder / path) for path in paths or ("",)], SUFFIXES)
    return [Path(file).relative_to(folder).as_posix() for file in selection.files], selection.passed_over


@pytest.mark.parametrize(
    ("names", "files", "passed_over"),
    [
        pytest.param(["b.md", "a.txt", "B.md"], ["B.md", "a.txt", "b.md"], 0, id="sorted"),
        pytest.param(["z/a.md", "y/b.md", "c.md"], ["c.md", "y/b.md", "z/a.md"], 0, id="folders sorted"),
        pytest.param(["a.MD", "b.Txt"], ["a.MD", "b.Txt"], 0, id="suffix in any case"),
        pytest.param(["a.md", "b.png", "c", "md"], ["a.md"], 3, id="other kinds counted"),
        pytest.param(["a.md", ".git/b.md", "c/.d/e.md"], ["a.md"], 0, id="hidden folders left out"),
        pytest.param([".draft.md"], [".draft.md"], 0, id="near miss: a hidden file"),
        pytest.param(["a.md/b.txt"], ["a.md/b.txt"], 0, id="a folder named like a file"),
    ],
)
def test_a_walked_folder(tmp_path: Path, names, files, passed_over) -> None:
    make_files(tmp_path, *names)
    assert selected(tmp_path) == (files, passed_over)


def test_an_empty_folder_means_no_file(tmp_path: Path) -> None:
    assert selected(tmp_path) == ([], 0)


def test_named_paths_stay_as_they_are_and_in_order(tmp_path: Path) -> None:
    make_files(tmp_path, "z.bin", "a.md")
    paths = [str(tmp_path / "z.bin"), "-", str(tmp_path / "missing"), str(tmp_path / "a.md")]
    assert select_files(paths, SUFFIXES).files == tuple(paths)


def test_a_hidden_folder_that_is_named_is_walked(tmp_path: Path) -> None:
    make_files(tmp_path, ".drafts/a.md")
    assert selected(tmp_path, ".drafts") == ([".drafts/a.md"], 0)


def test_a_file_named_twice_is_checked_once(tmp_path: Path) -> None:
    make_files(tmp_path, "a.md", "b.md")
    assert selected(tmp_path, "b.md", "", "a.md")[0] == ["b.md", "a.md"]


def test_a_loop_of_symbolic_links_ends(tmp_path: Path) -> None:
    make_files(tmp_path, "inner/a.md")
    (tmp_path / "inner" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.md").symlink_to(tmp_path / "self.md")
    # The link to itself stands in the list: it cannot be read, and that is to be told.
    assert selected(tmp_path)[0] == ["self.md", "inner/a.md"]


def test_a_link_to_a_file_is_followed_and_one_to_nothing_is_not_passed_over(tmp_path: Path) -> None:
    make_files(tmp_path, "a.md")
    (tmp_path / "b.md").symlink_to(tmp_path / "a.md")
    (tmp_path / "c.md").symlink_to(tmp_path / "gone")
    assert selected(tmp_path) == (["a.md", "b.md", "c.md"], 0)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in a folder")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    assert selected(tmp_path) == ([], 1)


def test_a_folder_that_cannot_be_listed_is_not_passed_over_in_silence(tmp_path: Path, monkeypatch) -> None:
    make_files(tmp_path, "a.md", "closed/b.md")
    real = os.scandir

    def scandir(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert selected(tmp_path)[0] == ["a.md", "closed"]
