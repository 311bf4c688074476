"""What git knows of files: which of their lines changed since a base, and which files it ignores.

Git is asked, and not imitated, for both. For .gitignore the library at hand (pathspec 1.1) was
measured against it: matching one name of 60 letters with `*a*a*a*a*a*a*a*a*b` took it 55 seconds and
git 0.04; it refuses lines that git accepts; and it cannot know that git never ignores a tracked
file. Asking git takes 8 ms, importing the library 14. A chain such as `**/a/**/a/…` holds up git
too, which is why it is given up on after a while.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from hypecheck.types import Finding, HypecheckError, Report

Lines = tuple[range, ...]
"""Lines of a file, 1-based, each range half-open; an empty range stands where lines were taken out, before its start.

A line ends at a line feed and at nothing else, as git counts.
"""

EVERY_LINE: Lines = (range(1, sys.maxsize),)

_SECONDS = 60.0
"""How long git may take. It answers in hundredths of a second, on a network drive in seconds; one
that waits for ever, or is held up by a hostile rule, must not hold up a publish button."""

_FOREIGN = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_IMPLICIT_WORK_TREE GIT_COMMON_DIR GIT_INDEX_FILE GIT_PREFIX GIT_NAMESPACE "
    "GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_SHALLOW_FILE GIT_GRAFT_FILE GIT_QUARANTINE_PATH "
    "GIT_EXTERNAL_DIFF GIT_DIFF_OPTS GIT_LITERAL_PATHSPECS GIT_GLOB_PATHSPECS GIT_NOGLOB_PATHSPECS "
    "GIT_ICASE_PATHSPECS LANGUAGE".split()
)
"""What a git hook that runs us has set for its own repository, and what changes git's answers."""

# An fsmonitor is a program that a repository's configuration names, and no answer here is worth
# running one. The other two could turn each line of a file into a changed one.
_SETTINGS = ("-c", "core.fsmonitor=", "-c", "core.autocrlf=false", "-c", "core.safecrlf=false")

# diff-index, unlike diff, reads no settings on how a user likes a diff to look; the options say it again
# for other versions of git. Without -z names stand quoted: see read_patch.
_DIFF = (
    *("diff-index", "--patch", "--unified=0", "--inter-hunk-context=0", "--find-renames", "--ignore-cr-at-eol"),
    *("--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"),
    "--ignore-submodules=all",
)


def changed_lines(root: str, base: str, paths: Iterable[str]) -> dict[str, Lines]:
    """The changed lines of each path, as the file is now against where HEAD left `base`.

    Staged, unstaged and committed changes count alike. `root` is a folder of the repository; the
    paths are relative to the process's folder and are the keys. A file without a change has no
    lines. Every line counts as changed where git cannot tell: in a file that it does not track
    (untracked, ignored, in another repository or outside), that cannot be read, that is no text to
    git or is passed through a filter, or whose changes git was told to overlook.
    Raises HypecheckError without git, repository, commit of that name or common ancestor.
    """
    asked = list(paths)
    if "-" in asked:
        raise HypecheckError(
            "standard input has no lines of a base to compare with; name a file, or leave the base out"
        )
    top = _top(root)
    commit = _fork_point(top, base)
    patch = read_patch(_answer(top, *_DIFF, commit, "--"))
    known = _tracked(top)
    targets = {path: _name_in(top, _real(Path(path))) for path in asked}
    filtered = _filtered(top, {target for target in targets.values() if target in patch})

    def lines(path: str) -> Lines:
        target = targets[path]
        # A link that leads elsewhere now shows a text that was not under its name before.
        name = _name_in(top, _real(Path(path).parent) / Path(path).name)
        led_elsewhere = name != target and name in patch
        if target not in known or target in filtered or led_elsewhere or not _is_there(Path(path)):
            return EVERY_LINE
        return patch.get(target, ())

    return {path: lines(path) for path in asked}


def keep_changed(report: Report, changed: Mapping[str, Lines]) -> Report:
    """The report with only those findings that touch a changed line of its file.

    A risk that the whole document leaves out is kept where any line changed or was taken out. The
    scores stay those of the document. A note says how many findings were left out, or that nothing
    was checked. Raises HypecheckError for a report on a path that `changed` does not hold.
    """
    if report.path not in changed:
        raise HypecheckError(f"{report.path}: it is not known which of its lines changed; ask for them by this path")
    lines = changed[report.path]
    ends = [match.start() for match in re.finditer("\n", report.source)]
    kept = tuple(finding for finding in report.findings if _touches(finding, lines, ends))
    left_out = len(report.findings) - len(kept)
    note = f"{left_out} finding{'s'[: left_out > 1]} on lines that did not change left out" if left_out else ""
    if not lines:
        note = "no line changed, so nothing was checked"
    return replace(report, findings=kept, notes=(*report.notes, *([note] if note else [])))


def describe_changes(changed: Mapping[str, Lines], base: str) -> str:
    """A line for the summary: in how many files lines changed, or that nothing was checked."""
    touched, files = sum(map(bool, changed.values())), len(changed)
    of_files = f"{files} file{'s'[: files != 1]}"
    if not touched:
        return f"no line changed since {base} in {of_files}: nothing was checked"
    return f"lines changed since {base} in {touched} of {of_files}; only those lines were checked"


def ignored_paths(folder: str) -> frozenset[str]:
    """Real paths of the files and folders that git ignores in a folder, for hypecheck.walk.

    What git tracks it never ignores. A folder stands for all that is in it. Empty outside a
    repository, and where git ignores the folder itself or everything in it: a folder that a user
    names is meant. Raises HypecheckError where there is a repository and git does not read it.
    """
    real = _real(Path(folder))
    top = next((place for place in (real, *real.parents) if _is_there(place / ".git", folder=True)), None)
    if top is None:
        return frozenset()
    below = real.relative_to(top)
    only = () if real == top else ("--", str(below))
    # --directory keeps git, as it keeps us, out of the 100,000 files of a folder of packages.
    found = _run(top, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", *only)
    if found.returncode and b"not a git repository" in found.stderr:
        # A folder called .git makes no repository.
        return frozenset()
    listed = _output(top, found)
    names = [Path(os.fsdecode(name)) for name in listed.split(b"\0") if name]
    if any(below.is_relative_to(name) for name in names):
        return frozenset()
    return frozenset(str(top / name) for name in names)


def read_patch(patch: bytes) -> dict[bytes, Lines]:
    """The lines that a patch without context changes, by the new name of each file it is about.

    The patch is one that git writes without -z: names with line feeds would forge its lines, and so
    they stand quoted. A file whose lines stayed (renamed, another mode) has none, a binary one all.
    """
    changed: dict[bytes, Lines] = {}
    for section in re.split(rb"^diff --git ", patch, flags=re.MULTILINE)[1:]:
        name = _new_name(section)
        if _BINARY.search(section):
            changed[name] = EVERY_LINE
            continue
        hunks = [(int(hunk[1]), int(hunk[2] or 1)) for hunk in _HUNK.finditer(section)]
        lines = (range(start, start + count) if count else range(start + 1, start + 1) for start, count in hunks)
        # A file that became a link, or a link a file, has two sections.
        changed[name] = (*changed.get(name, ()), *lines)
    return changed


# Each line of a file is behind a sign in a patch without context, so that none can pass for one of these.
_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_BINARY = re.compile(rb"^Binary files .* differ$", re.MULTILINE)
_RENAMED = re.compile(rb"^rename to (.*)$", re.MULTILINE)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_CONTROLS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


def _new_name(section: bytes) -> bytes:
    renamed = _RENAMED.search(section)
    if renamed:
        return _unquoted(renamed[1])
    # "a/NAME b/NAME": one name twice, so that a space within is no matter.
    twice = section.partition(b"\n")[0]
    return _unquoted(twice[: len(twice) // 2]).removeprefix(b"a/")


def _unquoted(name: bytes) -> bytes:
    if not name.startswith(b'"'):
        return name
    return _ESCAPE.sub(lambda escape: _byte(escape[1]), name[1:-1])


def _byte(escaped: bytes) -> bytes:
    return bytes([int(escaped, 8)]) if len(escaped) == 3 else _CONTROLS.get(escaped, escaped)


def _touches(finding: Finding, lines: Lines, ends: list[int]) -> bool:
    if finding.subtype == "document":
        return bool(lines)
    first = bisect_left(ends, finding.start) + 1
    last = bisect_left(ends, max(finding.start, finding.end - 1)) + 1
    # Ranges ascend and do not overlap: if any touches, the last that begins in time does.
    begun = bisect_right(lines, last, key=lambda each: each.start)
    return begun > 0 and lines[begun - 1].stop > first


def _top(root: str) -> Path:
    found = _run(root, "rev-parse", "--show-toplevel")
    if found.returncode and b"not a git repository" in found.stderr:
        raise HypecheckError(f"{root}: not in a git repository, so no line has a base to compare with; run in one")
    return Path(os.fsdecode(_output(root, found).removesuffix(b"\n")))


def _fork_point(top: Path, base: str) -> str:
    """The newest commit that HEAD and `base` have in common."""
    if not base or base.startswith("-"):
        raise HypecheckError(f"{base!r}: no name of a commit; name a branch, a tag or a commit, such as origin/main")
    named = _run(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    if named.returncode:
        raise HypecheckError(f"{base!r}: {top} holds no such commit; {_fetch(top, 'fetch it, or correct the name')}")
    commit = named.stdout.decode().strip()
    common = _run(top, "merge-base", commit, "HEAD")
    if common.returncode == 1:
        remedy = _fetch(top, "name a base that the present branch came from")
        raise HypecheckError(f"{base!r}: no commit in common with HEAD; {remedy}")
    return _output(top, common).decode().strip()


def _fetch(top: Path, otherwise: str) -> str:
    if _answer(top, "rev-parse", "--is-shallow-repository").strip() != b"true":
        return otherwise
    return "this clone is shallow: git fetch --deepen=1000 (or --unshallow), or fetch-depth: 0 for the checkout in CI"


def _tracked(top: Path) -> set[bytes]:
    """Names that git tracks and looks at: the letter is another for a conflict, and for a file to be overlooked."""
    entries = _answer(top, "ls-files", "-z", "-v", "--cached").split(b"\0")
    return {entry[2:] for entry in entries if entry.startswith(b"H ")}


def _filtered(top: Path, names: set[bytes]) -> set[bytes]:
    """Names whose text git passes through a program: what it compares (of Git LFS, a pointer) has other lines."""
    if not names:
        return set()
    fields = _answer(top, "check-attr", "-z", "--stdin", "filter", stdin=b"\0".join(names) + b"\0").split(b"\0")
    values = zip(fields[::3], fields[2::3], strict=False)
    return {name for name, value in values if value not in (b"unspecified", b"unset")}


def _name_in(top: Path, path: Path) -> bytes:
    """As git names a real path; empty, which is no name, outside the repository."""
    return os.fsencode(path.relative_to(top).as_posix()) if path.is_relative_to(top) else b""


def _real(path: Path) -> Path:
    """Path.resolve without its errors, for a link that leads to itself and for a NUL."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return path


def _is_there(path: Path, *, folder: bool = False) -> bool:
    try:
        return path.is_file() or (folder and path.is_dir())
    except (OSError, ValueError):
        return False


def _answer(folder: str | Path, *arguments: str, stdin: bytes = b"") -> bytes:
    return _output(folder, _run(folder, *arguments, stdin=stdin))


def _output(folder: str | Path, done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
    remedy = f"; trust it with git config --global --add safe.directory {folder}" if "dubious ownership" in said else ""
    raise HypecheckError(f"{folder}: git failed with status {done.returncode}: {said or 'no message'}{remedy}")


def _run(folder: str | Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    environment = {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    options = ("--no-pager", "--no-optional-locks", "--literal-pathspecs", *_SETTINGS)
    command = ["git", "-C", str(folder), *options, *arguments]
    try:
        return subprocess.run(command, input=stdin, capture_output=True, env=environment, timeout=_SECONDS, check=False)
    except FileNotFoundError as error:
        raise HypecheckError("git is not installed, or not on the PATH; install it") from error
    except subprocess.TimeoutExpired as error:
        raise HypecheckError(
            f"{folder}: git {arguments[0]} gave no answer in {_SECONDS:g} seconds; run it by hand"
        ) from error
    except (OSError, ValueError) as error:
        raise HypecheckError(f"{folder}: git cannot be run: {error}; run git status there") from error
