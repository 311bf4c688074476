"""Which files a path means."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.types import HypecheckError, SettingsError
from hypecheck.walk import Selection, select_files

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
        pytest.param(["a.md", "~$a.md"], ["a.md"], 1, id="a lock of Word's"),
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


LINKS = [
    pytest.param({"b.md": "a.md"}, ["a.md"], {}, id="to a file that is read anyway"),
    pytest.param({"0.md": "a.md"}, ["a.md"], {}, id="met before its file"),
    pytest.param({"in/b.md": "../a.md", "in/c.md": "b.md"}, ["a.md"], {}, id="a link to a link"),
    pytest.param({"b.md": "data"}, ["a.md", "b.md"], {"kind": 1}, id="to a file that is not read by its name"),
    pytest.param({"b.md": "data", "c.md": "data"}, ["a.md", "b.md"], {"kind": 1}, id="twice to such a file"),
    pytest.param({"b.md": "gone"}, ["a.md", "b.md"], {}, id="to nothing: it cannot be read, and that is told"),
    pytest.param({"b.md": "../outside/x.md"}, ["a.md"], {"link": 1}, id="out of the folder"),
    pytest.param({"b.md": "../site-2/x.md"}, ["a.md"], {"link": 1}, id="to a folder whose name begins alike"),
    pytest.param({"b.md": "c.md", "c.md": "../outside/x.md"}, ["a.md"], {"link": 2}, id="out by a link within"),
    pytest.param({"b.md": ".git/config"}, ["a.md"], {"link": 1}, id="to credentials in a hidden folder"),
    pytest.param({"b.png": "a.md"}, ["a.md"], {"kind": 1}, id="near miss: a name of another kind"),
    pytest.param({"in": "../outside"}, ["a.md"], {"link": 1}, id="a folder outside"),
    pytest.param({"in": "deep"}, ["a.md", "deep/d.md"], {}, id="a folder that is walked anyway"),
    pytest.param({"in": ".git"}, ["a.md"], {"link": 1}, id="a hidden folder"),
    pytest.param({"in/loop": "..", "in/out": "../.."}, ["a.md"], {"link": 1}, id="loops"),
]


@pytest.mark.parametrize(("links", "files", "passed"), LINKS)
def test_links_in_a_walked_folder(tmp_path: Path, links, files, passed) -> None:
    site = tmp_path / "site"
    make_files(tmp_path, "site/a.md", "site/.git/config", "outside/x.md", "site-2/x.md")
    make_files(site, *(own for own in ("data", "deep/d.md") if own.split("/")[0] in links.values()))
    for name, target in links.items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).symlink_to(target)
    selection = select_files([str(site)], SUFFIXES)
    assert [Path(file).relative_to(site).as_posix() for file in selection.files] == files
    assert selection.passed == passed


def test_a_link_into_another_walked_folder_is_no_way_out(tmp_path: Path) -> None:
    make_files(tmp_path, "a/x.md", "b/y.md")
    (tmp_path / "a" / "link.md").symlink_to("../b/y.md")
    selection = select_files([str(tmp_path / "a"), str(tmp_path / "b")], SUFFIXES)
    assert [Path(file).name for file in selection.files] == ["x.md", "y.md"]
    assert selection.passed == {}


def test_named_links_are_taken(tmp_path: Path) -> None:
    make_files(tmp_path, "site/a.md", "outside/x.md")
    (tmp_path / "way").symlink_to("site")
    (tmp_path / "site" / "out.md").symlink_to("../outside/x.md")
    assert selected(tmp_path, "way", "site/out.md") == (["way/a.md", "site/out.md"], 0)


@pytest.mark.parametrize(
    ("paths", "files"),
    [
        (["a.md", "./a.md"], ["a.md"]),
        (["a.md", "."], ["a.md"]),
        ([".", "./a.md"], ["a.md"]),
        ([".", "."], ["a.md"]),
        (["in/../a.md", "a.md"], ["in/../a.md"]),
        (["b.md", "b.md", "-", "-"], ["b.md", "-"]),
    ],
)
def test_a_file_has_many_names(tmp_path: Path, monkeypatch, paths, files) -> None:
    make_files(tmp_path, "a.md")
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    assert select_files(paths, SUFFIXES).files == tuple(files)


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


def test_a_tree_deeper_than_the_stack(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    depth = sys.getrecursionlimit()
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.md").write_text("text")
    os.chdir(tmp_path)
    files = select_files(["."], SUFFIXES).files
    # shutil.rmtree, by which pytest tidies up, is not fit for such a tree.
    for _ in range(depth):
        os.chdir("d")
    Path("a.md").unlink()
    for _ in range(depth):
        os.chdir("..")
        Path("d").rmdir()
    assert files == (str(Path(*["d"] * depth, "a.md")),)


@pytest.mark.parametrize("path", ["n" * 5000, "n" * 300, "a\0b", ""], ids=["long path", "long name", "NUL", "empty"])
def test_a_path_that_no_file_can_have_is_left_for_the_reader_to_report(path: str) -> None:
    assert select_files([path], SUFFIXES).files == (path,)


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be given")
def test_names_of_every_kind(tmp_path: Path) -> None:
    names = [
        "line\nfeed.md",
        '"quoted" \'.md',
        "back\\slash.md",
        "🧪.md",
        "\u202emd.exe.md",
        "byte\udcff.md",
        "-.md",
        "*.md",
    ]
    make_files(tmp_path, *names)
    assert sorted(selected(tmp_path)[0]) == sorted(names)
    folder = tmp_path / "in\n\udcff"
    folder.mkdir()
    (folder / "a.md").write_text("text")
    assert select_files([str(folder)], SUFFIXES).files == (str(folder / "a.md"),)


def test_what_is_passed_over_is_counted_by_reason(tmp_path: Path) -> None:
    make_files(
        tmp_path, "a.md", "b.png", "c.png", ".git/d.md", ".github/e.md", ".venv/f/g.md", "old/h.md", "i.md", "j.md"
    )
    (tmp_path / "out.md").symlink_to(__file__)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(tmp_path / "s.md"))
    selection = select_files(
        [str(tmp_path)],
        SUFFIXES,
        exclude=["old/", "i.*"],
        base=str(tmp_path),
        ignored=lambda folder: [f"{folder}/j.md"],
    )
    assert [Path(file).name for file in selection.files] == ["a.md"]
    assert selection.passed == {"kind": 2, "special": 1, "hidden": 2, "excluded": 2, "ignored": 1, "link": 1}
    assert selection.passed_over == 3


@pytest.mark.parametrize(
    ("passed", "summary"),
    [
        ({}, ""),
        ({"kind": 1}, "1 file of another kind passed over"),
        ({"kind": 2}, "2 files of other kinds passed over"),
        ({"ignored": 1, "kind": 3}, "3 files of other kinds, 1 that git ignores passed over"),
        (
            {"special": 1, "hidden": 1, "link": 1},
            "1 that is no regular file, 1 hidden folder, 1 link not followed passed over",
        ),
        ({"hidden": 2, "excluded": 2}, "2 hidden folders, 2 left out by include or exclude passed over"),
    ],
)
def test_the_summary_of_what_was_passed_over(passed, summary) -> None:
    assert Selection((), passed).summary == summary


def test_where_the_ignored_are_unknown_everything_is_read_and_it_is_said(tmp_path: Path) -> None:
    def ignored(folder: str) -> list[str]:
        raise HypecheckError(f"no answer for {Path(folder).name}")

    make_files(tmp_path, "a.md", "in/b.md", "in/.git/c")
    selection = select_files([str(tmp_path)], SUFFIXES, ignored=ignored)
    assert len(selection.files) == 2
    assert [note.rpartition(": ")[2] for note in selection.notes] == [
        f"no answer for {tmp_path.name}",
        "no answer for in",
    ]


TREE = ["a.md", "draft.md", "blog/b.md", "blog/draft.md", "blog/deep/c.md", "blog/deep/draft/d.md", "x/blog/e.md"]
GLOBS = [
    pytest.param("draft.md", ["draft.md", "blog/draft.md"], id="a name, at any depth"),
    pytest.param("/draft.md", ["draft.md"], id="a name at the base"),
    pytest.param("./draft.md", ["draft.md"], id="a name at the base, as a shell writes it"),
    pytest.param("draft", ["blog/deep/draft/d.md"], id="a folder's name"),
    pytest.param("draft*", ["draft.md", "blog/draft.md", "blog/deep/draft/d.md"], id="a star in a name"),
    pytest.param("draft*/", ["blog/deep/draft/d.md"], id="only folders"),
    pytest.param(
        "blog/", ["blog/b.md", "blog/draft.md", "blog/deep/c.md", "blog/deep/draft/d.md", "x/blog/e.md"], id="a folder"
    ),
    pytest.param(
        "/blog/", ["blog/b.md", "blog/draft.md", "blog/deep/c.md", "blog/deep/draft/d.md"], id="a folder at the base"
    ),
    pytest.param(
        "blog/**", ["blog/b.md", "blog/draft.md", "blog/deep/c.md", "blog/deep/draft/d.md"], id="all in a folder"
    ),
    pytest.param("blog/*.md", ["blog/b.md", "blog/draft.md"], id="a star is one name"),
    pytest.param("blog/**/d*", ["blog/draft.md", "blog/deep/c.md", "blog/deep/draft/d.md"], id="any number of names"),
    pytest.param("**/**/c.md", ["blog/deep/c.md"], id="twice any number"),
    pytest.param("blog/?.md", ["blog/b.md"], id="one letter"),
    pytest.param("[!ab].md", ["blog/deep/c.md", "blog/deep/draft/d.md", "x/blog/e.md"], id="not these letters"),
    pytest.param("*", TREE, id="everything"),
    pytest.param("DRAFT.md", [], id="near miss: capitals"),
    pytest.param("deep/c.md", [], id="near miss: a path is from the base on"),
    pytest.param("raft.md", [], id="near miss: part of a name"),
    pytest.param("b.md/", [], id="near miss: a file that is to be a folder"),
]


@pytest.mark.parametrize(("glob", "files"), GLOBS)
def test_globs(tmp_path: Path, glob, files) -> None:
    make_files(tmp_path, *TREE)
    base = str(tmp_path)
    included = select_files([base], SUFFIXES, include=[glob], base=base)
    excluded = select_files([base], SUFFIXES, exclude=[glob], base=base)
    assert {Path(file).relative_to(tmp_path).as_posix() for file in included.files} == set(files)
    assert {Path(file).relative_to(tmp_path).as_posix() for file in excluded.files} == set(TREE) - set(files)


def test_globs_are_relative_to_the_base_and_not_to_the_walked_folder(tmp_path: Path, monkeypatch) -> None:
    make_files(tmp_path, *TREE)
    monkeypatch.chdir(tmp_path / "blog")
    for folder, base in (("deep", ".."), (str(tmp_path / "blog" / "deep"), str(tmp_path))):
        assert select_files([folder], SUFFIXES, exclude=["blog/deep/c.md"], base=base).files == (
            str(Path(folder, "draft/d.md")),
        )
        assert select_files([folder], SUFFIXES, include=["blog/deep/c.md"], base=base).files == (
            str(Path(folder, "c.md")),
        )
        assert len(select_files([folder], SUFFIXES, include=["blog/"], base=base).files) == 2


def test_outside_the_base_globs_are_relative_to_the_walked_folder(tmp_path: Path) -> None:
    make_files(tmp_path, "site/a.md", "site/b.md", "base/c.md")
    files = select_files([str(tmp_path / "site")], SUFFIXES, exclude=["/a.md"], base=str(tmp_path / "base")).files
    assert [Path(file).name for file in files] == ["b.md"]


def test_what_is_named_is_neither_excluded_nor_ignored(tmp_path: Path) -> None:
    make_files(tmp_path, "old/a.md", "b.md")
    paths = [str(tmp_path / "old"), str(tmp_path / "b.md")]
    chosen = select_files(paths, SUFFIXES, exclude=["old", "b.md"], base=str(tmp_path), ignored=lambda _: paths)
    assert [Path(file).name for file in chosen.files] == ["a.md", "b.md"]


def test_what_is_included_may_be_excluded(tmp_path: Path) -> None:
    make_files(tmp_path, *TREE)
    chosen = select_files([str(tmp_path)], SUFFIXES, include=["blog/*"], exclude=["deep"], base=str(tmp_path))
    assert [Path(file).name for file in chosen.files] == ["b.md", "draft.md"]
    assert chosen.passed == {"excluded": 4}


@pytest.mark.parametrize("glob", ["", "/", "./", "!a.md", "../a.md", "a/../b"])
def test_a_glob_that_matches_nothing_is_an_error(glob: str) -> None:
    with pytest.raises(SettingsError, match="^exclude "):
        select_files([], SUFFIXES, exclude=[glob])


def test_no_glob_takes_for_ever(tmp_path: Path) -> None:
    # Tried one after the other, the ways to match these are more than there are seconds in a year.
    way = Path(*["a"] * 60)
    make_files(tmp_path / way, "a" * 200 + ".md")
    files = select_files(
        [str(tmp_path)], SUFFIXES, exclude=["*a" * 60 + "*b", "**/a/" * 30 + "b"], base=str(tmp_path)
    ).files
    assert len(files) == 1


PART = st.sampled_from(["a", "b", "*", "**", "a*", "?", "[ab]", "[!b]", "a.md", "*.md"])
GLOB = st.builds(
    lambda rooted, parts, folder: f"{rooted}{'/'.join(parts)}{folder}",
    st.sampled_from(["", "/"]), st.lists(PART, min_size=1, max_size=4), st.sampled_from(["", "/"]),
)  # fmt: skip


WAYS = [f"{way}{name}" for way in ("", "a/", "b/", "a/b/", "b/a/a/") for name in ("a.md", "b.md")]


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path_factory.mktemp("site")
    make_files(folder, *WAYS)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


@settings(max_examples=60, deadline=None)
@given(globs=st.lists(GLOB, min_size=1, max_size=3))
def test_a_glob_excludes_what_git_would_ignore_by_it(repository: Path, globs) -> None:
    rules = [f"--exclude={glob}" for glob in globs]
    command = ["git", "-C", str(repository), "ls-files", "--others", "-z", *rules]
    left = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    files = select_files([str(repository)], SUFFIXES, exclude=globs, base=str(repository)).files
    assert {Path(file).relative_to(repository).as_posix() for file in files} == {name for name in left if name}
