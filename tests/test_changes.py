"""What git says of files: real repositories, an isolated configuration."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hypecheck.changes import EVERY_LINE, changed_lines, describe_changes, ignored_paths, keep_changed, read_patch
from hypecheck.types import Finding, HypecheckError, Report, ToolLine
from hypecheck.walk import select_files

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

ARTICLE = "one\ntwo\nthree\nfour\n"


class Repository:
    """A folder under git; `files` are written and committed."""

    def __init__(self, folder: Path, files: dict[str, str] | None = None) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        if files is not None:
            self.write(files)
            self.commit()

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "surrogateescape"))

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "state")

    def changed(self, *names: str, base: str = "main") -> dict[str, tuple[range, ...]]:
        lines = changed_lines(str(self.folder), base, [str(self.folder / name) for name in names])
        return {str(Path(path).relative_to(self.folder)): ranges for path, ranges in lines.items()}


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    values = {"CONFIG_GLOBAL": os.devnull, "CONFIG_NOSYSTEM": "1", "CEILING_DIRECTORIES": str(tmp_path)}
    people = {f"{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for name, value in {**values, **people}.items():
        monkeypatch.setenv(f"GIT_{name}", value)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "site", {"a.md": ARTICLE, "b.md": ARTICLE})
    made.git("checkout", "-q", "-b", "draft")
    return made


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(ARTICLE, (), id="the same"),
        pytest.param("one\nTWO\nthree\nfour\n", (range(2, 3),), id="one line"),
        pytest.param("ONE\ntwo\nthree\nFOUR\n", (range(1, 2), range(4, 5)), id="first and last"),
        pytest.param("one\ntwo\nthree\nfour\nfive\nsix\n", (range(5, 7),), id="lines added"),
        pytest.param("one\nfour\n", (range(2, 2),), id="lines taken out"),
        pytest.param("", (range(1, 1),), id="emptied"),
        pytest.param("one\ntwo\nthree\nfour", (), id="near miss: the last line end taken out"),
        pytest.param("one\r\ntwo\r\nthree\r\nfour\r\n", (), id="near miss: other line ends"),
        pytest.param(
            "one\ntwo\nthree\n@@ -1 +9 @@\ndiff --git a/b.md b/b.md\n", (range(4, 6),), id="text like a patch"
        ),
        pytest.param(
            "one\ntwo\nBinary files a/x and b/x differ\nfour\n", (range(3, 4),), id="text like a remark of git"
        ),
        pytest.param("one\rtwo\rthree\n", (range(1, 2),), id="a lone carriage return ends no line of git's"),
    ],
)
def test_the_lines_of_a_change(repository: Repository, text: str, lines: tuple[range, ...]) -> None:
    repository.write({"a.md": text})
    assert repository.changed("a.md", "b.md") == {"a.md": lines, "b.md": ()}


@pytest.mark.parametrize(
    ("steps", "lines"),
    [
        pytest.param([("commit",)], (range(2, 3),), id="committed"),
        pytest.param([("add", "a.md")], (range(2, 3),), id="staged"),
        pytest.param([], (range(2, 3),), id="unstaged"),
        pytest.param([("add", "a.md"), ("restore", "--source=HEAD", "a.md")], (), id="staged and then undone"),
        pytest.param([("rm", "-q", "--cached", "a.md")], EVERY_LINE, id="no longer tracked"),
        pytest.param([("update-index", "--assume-unchanged", "a.md")], EVERY_LINE, id="to be assumed unchanged"),
        pytest.param([("update-index", "--skip-worktree", "a.md")], EVERY_LINE, id="to be skipped"),
    ],
)
def test_a_change_in_any_state_counts(repository: Repository, steps, lines) -> None:
    repository.write({"a.md": "one\nTWO\nthree\nfour\n"})
    for step in steps:
        repository.commit() if step == ("commit",) else repository.git(*step)
    assert repository.changed("a.md") == {"a.md": lines}


def test_lines_that_changed_on_the_base_alone_do_not_count(repository: Repository) -> None:
    repository.git("checkout", "-q", "main")
    repository.write({"b.md": "another text\n"})
    repository.commit()
    repository.git("checkout", "-q", "draft")
    repository.write({"a.md": ARTICLE + "five\n"})
    assert repository.changed("a.md", "b.md") == {"a.md": (range(5, 6),), "b.md": ()}


@pytest.mark.parametrize("stage", [True, False], ids=["staged", "with the intent to add"])
def test_a_renamed_file_is_followed(repository: Repository, stage: bool) -> None:
    text = "".join(f"line {number}\n" for number in range(40))
    repository.write({"old.md": text})
    repository.commit()
    repository.git("branch", "-f", "main")
    (repository.folder / "new").mkdir()
    (repository.folder / "old.md").rename(repository.folder / "new" / "name of it.md")
    repository.write({"new/name of it.md": text.replace("line 7\n", "line seven\n")})
    repository.git("add", *([] if stage else ["-N"]), "new")
    assert repository.changed("new/name of it.md") == {"new/name of it.md": (range(8, 9),)}


def test_a_file_that_is_only_renamed_has_no_changed_line(repository: Repository) -> None:
    repository.git("mv", "a.md", "c.md")
    assert repository.changed("c.md") == {"c.md": ()}


def test_a_file_that_git_does_not_track_has_changed_in_every_line(repository: Repository, tmp_path: Path) -> None:
    repository.write({"new.md": ARTICLE, ".gitignore": "ignored.md\n", "ignored.md": ARTICLE, "../outside.md": ARTICLE})
    Repository(repository.folder / "theme", {"within.md": ARTICLE})
    (repository.folder / "outside").symlink_to(tmp_path)
    names = ["new.md", "ignored.md", "theme/within.md", "outside/outside.md"]
    assert repository.changed(*names) == dict.fromkeys(names, EVERY_LINE)


def test_what_cannot_be_read_is_left_for_the_reader_to_report(repository: Repository) -> None:
    (repository.folder / "a.md").unlink()
    names = ["a.md", "never.md", "n" * 5000, "a\0b"]
    assert repository.changed(*names) == dict.fromkeys(names, EVERY_LINE)


def test_a_conflict_has_changed_in_every_line(repository: Repository) -> None:
    for branch in ("draft", "main"):
        repository.git("checkout", "-q", branch)
        repository.write({"a.md": f"one of {branch}\ntwo\n"})
        repository.commit()
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "draft")
    assert repository.changed("a.md") == {"a.md": EVERY_LINE}


@pytest.mark.parametrize(
    ("attributes", "text", "lines"),
    [
        pytest.param("*.md -diff\n", "one\nTWO\n", EVERY_LINE, id="no text to git"),
        pytest.param("*.md filter=pointer\n", "one\nTWO\n", EVERY_LINE, id="filtered"),
        pytest.param("*.md filter=pointer\n", ARTICLE, (), id="near miss: filtered and unchanged"),
        pytest.param("*.md -filter\n", "one\nTWO\nthree\nfour\n", (range(2, 3),), id="near miss: filter unset"),
        pytest.param(
            "*.md text eol=crlf\n", "one\r\nTWO\r\nthree\r\nfour\r\n", (range(2, 3),), id="line ends converted"
        ),
        pytest.param("*.md diff=odd\n", "one\nTWO\nthree\nfour\n", (range(2, 3),), id="a driver of the user's"),
    ],
)
def test_attributes(repository: Repository, attributes: str, text: str, lines: tuple[range, ...]) -> None:
    repository.git("config", "diff.odd.command", "false")
    repository.git("config", "diff.odd.textconv", "false")
    repository.write({".git/info/attributes": attributes, "a.md": text})
    assert repository.changed("a.md") == {"a.md": lines}


def test_a_text_in_utf_16_has_changed_in_every_line(repository: Repository) -> None:
    (repository.folder / "a.md").write_bytes(ARTICLE.encode("utf-16"))
    assert repository.changed("a.md") == {"a.md": EVERY_LINE}


def test_a_link_has_the_lines_of_its_file_until_it_leads_elsewhere(repository: Repository) -> None:
    (repository.folder / "link.md").symlink_to("a.md")
    repository.commit()
    repository.git("branch", "-f", "main")
    repository.write({"a.md": ARTICLE + "five\n"})
    assert repository.changed("link.md") == {"link.md": (range(5, 6),)}
    (repository.folder / "link.md").unlink()
    (repository.folder / "link.md").symlink_to("b.md")
    assert repository.changed("link.md") == {"link.md": EVERY_LINE}


SETTINGS = {
    "diff.external": "false", "diff.noprefix": "true", "diff.mnemonicPrefix": "true", "color.ui": "always",
    "color.diff": "always", "core.quotePath": "false", "core.autocrlf": "true", "core.safecrlf": "true",
    "diff.interHunkContext": "9", "diff.context": "9", "diff.renames": "false", "diff.relative": "true",
    "diff.orderFile": "missing", "diff.submodule": "diff", "diff.ignoreSubmodules": "none", "diff.algorithm": "patience",
    "diff.wordRegex": ".", "diff.suppressBlankEmpty": "true", "core.pager": "false", "alias.diff-index": "!false",
}  # fmt: skip


@pytest.mark.parametrize("key", SETTINGS)
def test_configuration_does_not_change_the_answer(repository: Repository, key: str) -> None:
    repository.git("mv", "b.md", "c.md")
    repository.write({"a.md": "ONE\ntwo\nTHREE\nfour\n"})
    repository.git("config", key, SETTINGS[key])
    assert repository.changed("a.md", "c.md") == {"a.md": (range(1, 2), range(3, 4)), "c.md": ()}


def test_what_a_hook_has_set_does_not_change_the_answer(repository: Repository, monkeypatch) -> None:
    repository.write({"a.md": ARTICLE + "five\n"})
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(repository.folder / "elsewhere"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert repository.changed("a.md") == {"a.md": (range(5, 6),)}


def test_no_program_of_the_repository_is_run(repository: Repository) -> None:
    ran = repository.folder.parent / "ran"
    program = repository.folder.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\nprintf 0\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    repository.git("config", "core.fsmonitor", str(program))
    repository.write({"a.md": "one\n", "new.md": "one\n"})
    repository.changed("a.md", "new.md")
    ignored_paths(str(repository.folder))
    assert not ran.exists()
    repository.git("status")
    assert ran.exists(), "the trap does not work, so this test shows nothing"


NAMES = [
    "line\nfeed.md", 'a "quote".md', "back\\slash.md", "tab\t.md", "emoji 🧪.md", "right\u202eto left.md", "byte\udcff.md",
    "-x.md", "--output=x.md", "x b/x.md", "x => y.md", " space ", "diff --git a/a.md b/a.md", "x\n@@ -0,0 +1,9 @@\n.md",
    "x\ndiff --git a/a.md b/a.md\n@@ -0,0 +1,9 @@\n", ":(exclude)x.md", "bell\a\b\v\f\r\x7f.md", "caf\u00e9.md", "*.md",
]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be given")
@pytest.mark.parametrize("renamed", [False, True], ids=["changed", "renamed"])
def test_names_of_every_kind(repository: Repository, renamed: bool) -> None:
    body = "".join(f"line {number}\n" for number in range(20))
    texts = {name: f"text {number}\n" * 20 + body for number, name in enumerate(NAMES)}
    repository.write({f"was/{number}" if renamed else name: text for number, (name, text) in enumerate(texts.items())})
    repository.commit()
    repository.git("branch", "-f", "main")
    if renamed:
        shutil.rmtree(repository.folder / "was")
    repository.write({name: text + "added\n" for name, text in texts.items()})
    repository.git("add", "-A")
    expected: dict[str, tuple[range, ...]] = dict.fromkeys(NAMES, (range(41, 42),))
    assert repository.changed("a.md", *NAMES) == {"a.md": (), **expected}


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "-a", "+b", "@@ -1 +1 @@", "\\ No newline"]), max_size=12)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(LINES, LINES), min_size=10, max_size=20))
def test_what_did_not_change_was_there_before_in_its_order(tmp_path_factory, texts) -> None:
    # A commit is slow, and so one holds many files.
    made = Repository(
        tmp_path_factory.mktemp("site"), {f"{number}.md": lines(old) for number, (old, _) in enumerate(texts)}
    )
    made.write({f"{number}.md": lines(new) for number, (_, new) in enumerate(texts)})
    changed = made.changed(*(f"{number}.md" for number in range(len(texts))))
    for (before, after), ranges in zip(texts, changed.values(), strict=True):
        numbers = {number for each in ranges for number in each}
        assert numbers <= set(range(1, len(after) + 1))
        assert all(left.stop <= right.start for left, right in pairwise(ranges))
        rest = iter(before)
        assert all(line in rest for number, line in enumerate(after, 1) if number not in numbers)
        assert bool(ranges) == (before != after)


def lines(texts: list[str]) -> str:
    return "".join(f"{text}\n" for text in texts)


@given(st.binary(max_size=400) | st.lists(st.sampled_from([b"diff --git ", b'"', b"a/x b/x", b"\n", b"@@ -1 +2,3 @@",
                                                           b"rename to ", b"\\7", b"Binary files differ"])).map(b"".join))  # fmt: skip
def test_no_patch_upsets_the_reading_of_it(patch: bytes) -> None:
    for ranges in read_patch(patch).values():
        assert all(each.start >= 1 for each in ranges)


@pytest.mark.parametrize(
    ("base", "said"),
    [
        pytest.param("nowhere", "holds no such commit", id="no such branch"),
        pytest.param("main..draft", "holds no such commit", id="a range"),
        pytest.param("main:a.md", "holds no such commit", id="a file"),
        pytest.param("", "no name of a commit", id="empty"),
        pytest.param("--output=stolen", "no name of a commit", id="an option"),
        pytest.param("-O", "no name of a commit", id="a short option"),
        pytest.param("main\0", "git cannot be run", id="a NUL"),
        pytest.param("$(touch stolen)", "holds no such commit", id="a command"),
    ],
)
def test_a_base_that_is_none(repository: Repository, base: str, said: str) -> None:
    with pytest.raises(HypecheckError, match=said):
        repository.changed("a.md", base=base)
    assert not (repository.folder / "stolen").exists()


def test_a_base_may_be_a_tag_or_a_commit(repository: Repository) -> None:
    repository.git("tag", "-m", "first", "v1")
    for base in ("v1", repository.git("rev-parse", "main").strip(), "HEAD", "draft@{0}"):
        assert repository.changed("a.md", base=base) == {"a.md": ()}


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    with pytest.raises(HypecheckError, match="not in a git repository"):
        changed_lines(str(tmp_path), "main", [])


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    made = Repository(tmp_path / "new")
    with pytest.raises(HypecheckError, match="holds no such commit"):
        made.changed("a.md")


def test_no_history_in_common(repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "other")
    repository.write({"a.md": "another beginning"})
    repository.commit()
    with pytest.raises(HypecheckError, match="no commit in common with HEAD; name a base"):
        repository.changed("a.md")


@pytest.mark.parametrize("base", ["origin/main", "origin/gone"])
def test_a_shallow_clone_is_told_how_to_deepen(repository: Repository, tmp_path: Path, base: str) -> None:
    for branch in ("draft", "main"):
        repository.git("checkout", "-q", branch)
        repository.write({f"{branch}.md": ARTICLE})
        repository.commit()
    clone = Repository(tmp_path / "clone")
    clone.git("remote", "add", "origin", repository.folder.as_uri())
    clone.git("fetch", "-q", "--depth=1", "origin", "main", "draft")
    clone.git("fetch", "-q", "--depth=1", "origin", "+refs/heads/*:refs/remotes/origin/*")
    clone.git("checkout", "-q", "--detach", "origin/draft")
    with pytest.raises(HypecheckError, match=r"git fetch --deepen=1000 .* fetch-depth: 0"):
        clone.changed("a.md", base=base)
    clone.git("fetch", "-q", "--deepen=1000")
    if base == "origin/main":
        assert clone.changed("a.md", "draft.md", base=base) == {"a.md": (), "draft.md": (range(1, 5),)}


def test_without_git(repository: Repository, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(repository.folder))
    with pytest.raises(HypecheckError, match="git is not installed"):
        repository.changed("a.md")


def test_a_repository_of_another_user(repository: Repository, monkeypatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(HypecheckError, match=r"dubious ownership.*config --global --add safe\.directory"):
        repository.changed("a.md")


def test_standard_input_has_no_base(repository: Repository) -> None:
    with pytest.raises(HypecheckError, match="standard input"):
        changed_lines(str(repository.folder), "main", ["-"])


SOURCE = "one claim\ntwo\rclaim\r\nthree claim\nfour\n"


def report_on(*places: tuple[int, int, str | None]) -> Report:
    findings = tuple(
        Finding(
            "hype-language", subtype, "high", 0.9, True, start, end, 1, 1, 1, 1, SOURCE[start:end],
            "message", "advice", (), (), "f",
        )
        for start, end, subtype in places
    )  # fmt: skip
    tool = ToolLine("hypecheck", "1", "linear", "", date(2026, 1, 1), None, "")
    return Report("a.md", 50.0, findings, (), {}, (), (), None, None, None, tool, SOURCE, ("before",))


def place(text: str, subtype: str | None = None) -> tuple[int, int, str | None]:
    start = SOURCE.index(text)
    return start, start + len(text), subtype


@pytest.mark.parametrize(
    ("finding", "lines", "kept"),
    [
        pytest.param(place("one"), (range(1, 2),), True, id="on the line"),
        pytest.param(place("one"), (range(2, 3),), False, id="on the line before"),
        pytest.param(place("three"), (range(1, 3),), False, id="on the line behind"),
        pytest.param(place("three"), (range(1, 2), range(3, 4)), True, id="in the second range"),
        pytest.param(place("two\rclaim"), (range(2, 3),), True, id="a carriage return ends no line"),
        pytest.param(place("claim\ntwo"), (range(2, 3),), True, id="ends on the line"),
        pytest.param(place("one claim\n"), (range(2, 3),), False, id="a line feed belongs to its line"),
        pytest.param(place("claim\r\nthree"), (range(3, 3),), True, id="a line taken out within"),
        pytest.param(place("three"), (range(3, 3),), False, id="a line taken out before"),
        pytest.param(place("three"), (range(4, 4),), False, id="a line taken out behind"),
        pytest.param(place("three"), EVERY_LINE, True, id="every line"),
        pytest.param(place("three"), (), False, id="no line"),
        pytest.param(place("one", "document"), (range(4, 5),), True, id="the document, changed elsewhere"),
        pytest.param(place("one", "document"), (range(4, 4),), True, id="the document, a line taken out"),
        pytest.param(place("one", "document"), (), False, id="the document, unchanged"),
        pytest.param(place("one", "passage"), (range(4, 5),), False, id="a passage, changed elsewhere"),
    ],
)
def test_findings_on_changed_lines_are_kept(finding, lines, kept) -> None:
    report = report_on(finding)
    assert keep_changed(report, {"a.md": lines}).findings == (report.findings if kept else ())


RANGES = st.lists(st.integers(1, 8), max_size=6, unique=True).map(
    lambda ends: tuple(range(a, b) for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)


@given(start=st.integers(0, len(SOURCE)), length=st.integers(1, 20), lines=RANGES)
def test_a_finding_is_kept_where_one_of_its_characters_stands_on_a_changed_line(start, length, lines) -> None:
    end = min(start + length, len(SOURCE))
    own = {SOURCE.count("\n", 0, at) + 1 for at in range(start, max(end, start + 1))}
    kept = keep_changed(report_on((start, end, None)), {"a.md": lines}).findings
    assert bool(kept) == any(number in each for number in own for each in lines)


@pytest.mark.parametrize(
    ("lines", "note"),
    [
        pytest.param((), ["no line changed, so nothing was checked"], id="nothing"),
        pytest.param((range(1, 2),), ["1 finding on lines that did not change left out"], id="one left out"),
        pytest.param((range(4, 5),), ["2 findings on lines that did not change left out"], id="two left out"),
        pytest.param(EVERY_LINE, [], id="none left out"),
    ],
)
def test_a_report_says_what_was_left_out(lines, note) -> None:
    kept = keep_changed(report_on(place("one"), place("three")), {"a.md": lines})
    assert kept.notes == ("before", *note)
    assert kept.score == 50.0


def test_a_report_on_a_file_that_git_was_not_asked_about_is_no_pass() -> None:
    with pytest.raises(HypecheckError, match=r"a\.md: it is not known"):
        keep_changed(report_on(place("one")), {"./a.md": EVERY_LINE})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "no line changed since main in 0 files: nothing was checked"),
        ({"a": ()}, "no line changed since main in 1 file: nothing was checked"),
        ({"a": (), "b": (range(2, 2),)}, "lines changed since main in 1 of 2 files; only those lines were checked"),
    ],
)
def test_the_summary_of_changes(changed, said) -> None:
    assert describe_changes(changed, "main") == said


RULES = "public/\n*.tmp.md\n/top.md\n!keep.tmp.md\n"
TREE = ["a.md", "top.md", "in/top.md", "public/b.md", "in/public/c.md", "d.tmp.md", "keep.tmp.md", "in/deep/e.md"]


def selected(folder: Path, *named: str) -> list[str]:
    selection = select_files([str(folder / name) for name in named], {".md"}, ignored=ignored_paths)
    assert selection.notes == ()
    return [Path(file).relative_to(folder).as_posix() for file in selection.files]


@pytest.mark.parametrize(
    ("named", "files"),
    [
        pytest.param(["."], ["a.md", "keep.tmp.md", "in/top.md", "in/deep/e.md"], id="the whole"),
        pytest.param(["in"], ["in/top.md", "in/deep/e.md"], id="a folder within"),
        pytest.param(["public"], ["public/b.md"], id="an ignored folder that is named"),
        pytest.param(["in/public"], ["in/public/c.md"], id="an ignored folder within that is named"),
        pytest.param(["top.md", "d.tmp.md"], ["top.md", "d.tmp.md"], id="ignored files that are named"),
        pytest.param(
            ["public/b.md", "."], ["public/b.md", "a.md", "keep.tmp.md", "in/top.md", "in/deep/e.md"], id="both"
        ),
    ],
)
def test_what_git_ignores_is_passed_over_unless_it_is_named(tmp_path: Path, named, files) -> None:
    made = Repository(tmp_path / "site")
    made.write({".gitignore": RULES, **dict.fromkeys(TREE, "text")})
    assert selected(made.folder, *named) == files


def test_ignored_files_are_counted_a_folder_once(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    made.write({".gitignore": RULES, **dict.fromkeys([*TREE, "public/x/y.md", "public/z.md"], "text")})
    selection = select_files([str(made.folder)], {".md"}, ignored=ignored_paths)
    # .gitignore itself is of another kind.
    assert selection.passed == {"kind": 1, "ignored": 4}


def test_what_git_tracks_it_does_not_ignore(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    made.write({".gitignore": RULES, **dict.fromkeys(TREE, "text")})
    made.git("add", "-f", "public/b.md", "top.md")
    made.write({"public/untracked.md": "text"})
    assert selected(made.folder, ".") == ["a.md", "keep.tmp.md", "top.md", "in/top.md", "in/deep/e.md", "public/b.md"]


def test_a_repository_within_has_its_own_rules(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    theme = Repository(made.folder / "theme")
    made.write({".gitignore": "drafts.md\n", "theme/drafts.md": "text", "drafts.md": "text", "own.md": "text"})
    theme.write({".gitignore": "own.md\n", "own.md": "text"})
    assert selected(made.folder, ".") == ["own.md", "theme/drafts.md"]


def test_outside_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*\n")
    assert ignored_paths(str(tmp_path)) == frozenset()


def test_where_git_cannot_be_asked_everything_is_read_and_it_is_said(tmp_path: Path, monkeypatch) -> None:
    made = Repository(tmp_path / "site")
    made.write({".gitignore": RULES, **dict.fromkeys(TREE, "text")})
    monkeypatch.setenv("PATH", str(tmp_path))
    selection = select_files([str(made.folder)], {".md"}, ignored=ignored_paths)
    assert len(selection.files) == len(TREE)
    assert selection.notes == (
        f"{made.folder}: read without regard to .gitignore: git is not installed, or not on the PATH; install it",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be given")
def test_ignored_names_of_every_kind(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    made.write({".gitignore": "*\n!a.md\n", "a.md": "text", **dict.fromkeys([f"{name}.md" for name in NAMES], "text")})
    assert selected(made.folder, ".") == ["a.md"]


def test_a_rule_that_holds_git_up_is_given_up_on(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("hypecheck.changes._SECONDS", 0.3)
    made = Repository(tmp_path / "site")
    made.write({".gitignore": "**/a/" * 30 + "b\n", "a/" * 60 + "c.md": "text"})
    selection = select_files([str(made.folder)], {".md"}, ignored=ignored_paths)
    assert [Path(file).name for file in selection.files] == ["c.md"]
    assert [note.endswith("gave no answer in 0.3 seconds; run it by hand") for note in selection.notes] == [True]


PART = st.sampled_from(["a", "b", "*", "**", "a*", "?", "[ab]", "a.md", "*.md"])
RULE = st.builds(
    lambda negated, rooted, parts, folder: f"{negated}{rooted}{'/'.join(parts)}{folder}",
    st.sampled_from(["", "", "!"]), st.sampled_from(["", "/"]), st.lists(PART, min_size=1, max_size=3), st.sampled_from(["", "/"]),
)  # fmt: skip
WAYS = ["", "a/", "b/", "a/b/", "a/a/", "b/a/b/"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Repository:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    made = Repository(tmp_path_factory.mktemp("tree"))
    made.write({f"{way}{name}": "text" for way in WAYS for name in ("a.md", "b.md")})
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(RULE, max_size=4), inner=st.lists(RULE, max_size=2))
def test_the_selection_is_what_git_would_add(tree: Repository, rules, inner) -> None:
    tree.write({".gitignore": "\n".join(rules), "a/.gitignore": "\n".join(inner)})
    would = tree.git("ls-files", "--others", "--exclude-standard", "-z").split("\0")
    assert set(selected(tree.folder, ".")) == {name for name in would if name.endswith(".md")}
