"""The command line: what it exits with, what it reads and writes, and what it never sends to a terminal."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from hypecheck import checker as checker_module
from hypecheck import cli
from hypecheck.config import Settings
from hypecheck.record.record import Record
from hypecheck.types import NOTICE, Document, Finding, HypecheckError, ModelError, Report, ToolLine

RealChecker = checker_module.Checker

PROSE = "The trial of the tablets was small, and it is not known whether they help people with sore knees or not.\n"
SPANISH = (
    "El estudio de las tabletas fue breve y no se sabe si los pacientes con dolor de rodilla mejoran o no con ellas. "
    * 3
)


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


class Pipe(io.TextIOWrapper):
    """Standard input or output that is no terminal, or says that it is one."""

    def __init__(self, data: bytes = b"", terminal: bool = False) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


class MarkerChecker(RealChecker):
    """Reads as the real one does, and finds what the text tells it to: 'gated-high', 'maybe-low', 'absent', 'score=42'."""

    made: list[MarkerChecker] = []  # noqa: RUF012

    def __init__(
        self,
        *,
        model: str | None = None,
        settings: Settings | None = None,
        record: Record | None = None,
        as_of: date | None = None,
    ) -> None:
        if model not in {None, "linear"}:
            raise ModelError(f"{model}: there is no such folder; name a model folder")
        self.settings = settings or Settings()
        self.as_of = as_of
        self.tool = ToolLine("hypecheck", "1.0", "stub", "0" * 64, as_of, None, "0" * 64)
        self.texts: dict[str, str] = {}
        self.made.append(self)

    def with_settings(self, settings: Settings) -> MarkerChecker:
        self.settings = replace(settings, max_bytes=min(settings.max_bytes, self.settings.max_bytes))
        return self

    def _judge(self, document: Document) -> Report:
        self.texts[document.path] = " ".join(block.text for block in document.blocks)
        score = re.search(r"score=([\d.]+)", document.source)
        return Report(
            path=document.path, score=float(score[1]) if score else 0.0, findings=tuple(_marked(document.source)),
            cleared=(), category_scores={}, checklist=(), suppressed=(), written=None, as_of=self.as_of,
            record_as_of=None, model=self.tool, source=document.source,
        )  # fmt: skip


def _marked(source: str) -> Iterator[Finding]:
    for match in re.finditer(r"(gated|maybe)-(low|medium|high)|absent", source):
        absent = match[0] == "absent"
        yield Finding(
            category="missing-risk" if absent else "cure-claim", subtype="document" if absent else None,
            severity="high" if absent else match[2], score=0.9, gated=absent or match[1] == "gated",
            start=match.start(), end=match.end(), text=match[0],
            line=1, column=match.start() + 1, end_line=1, end_column=match.end() + 1,
            message="Why.", rewrite="Instead.", standards=(), evidence=(), fingerprint="0" * 64,
        )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def call(tmp_path: Path, monkeypatch, capsys) -> Callable[..., Outcome]:
    """Run the command line in an empty folder, on the packaged model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", Pipe(terminal=True))

    def run(*arguments: str, stdin: bytes | None = None) -> Outcome:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", Pipe(stdin))
        code = 0
        try:
            cli.main(arguments)
        except SystemExit as exit:
            code = int(exit.code or 0)
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def stub(call, monkeypatch) -> Callable[..., Outcome]:
    """The same on texts that say what is to be found."""
    monkeypatch.setattr(checker_module, "Checker", MarkerChecker)
    monkeypatch.setattr(MarkerChecker, "made", [])
    return call


def write(**files: str | bytes) -> None:
    """Files in the current folder; the last underscore of a name is its dot."""
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        Path(".".join(name.rsplit("_", 1))).write_bytes(data)


EXIT_CODES = [
    # nothing to fail
    pytest.param("plain", [], 0, id="no finding"),
    pytest.param("", [], 0, id="empty file"),
    pytest.param("maybe-high", [], 0, id="a finding that is not sure"),
    pytest.param("gated-medium gated-low", [], 0, id="sure findings below the default of high"),
    pytest.param("gated-low", ["--fail-on", "medium"], 0, id="low below medium"),
    pytest.param("maybe-high", ["--fail-on", "low"], 0, id="not sure, whatever the severity"),
    pytest.param("absent", [], 0, id="missing-risk of the document alone"),
    pytest.param("absent", ["--fail-on", "low"], 0, id="missing-risk of the document alone, at low"),
    pytest.param("gated-high", ["--fail-on", "never"], 0, id="never"),
    pytest.param("score=41.9", ["--fail-score", "42"], 0, id="score below"),
    pytest.param("gated-high score=41", ["--fail-score", "42", "--fail-on", "never"], 0, id="score below, never"),
    # findings
    pytest.param("gated-high", [], 1, id="sure and high"),
    pytest.param("absent and gated-high", [], 1, id="missing-risk beside another"),
    pytest.param("gated-medium", ["--fail-on", "medium"], 1, id="medium at medium"),
    pytest.param("gated-high", ["--fail-on", "low"], 1, id="high above low"),
    pytest.param("gated-low", ["--fail-on", "low"], 1, id="low at low"),
    pytest.param("score=42", ["--fail-score", "42"], 1, id="score reached"),
    pytest.param("score=42", ["--fail-score", "42", "--fail-on", "never"], 1, id="score reached, never"),
    pytest.param("plain", ["--fail-score", "0"], 1, id="a score of 0 reaches 0"),
    # could not be judged
    pytest.param(b"a\x00b", [], 2, id="binary"),
    pytest.param("text".encode("utf-16-le"), [], 2, id="UTF-16 without its mark"),
    pytest.param(b"caf\xe9", [], 2, id="Latin-1"),
    pytest.param("plain", ["missing.txt"], 2, id="a missing file beside"),
    pytest.param("gated-high", ["missing.txt"], 2, id="2 beats 1"),
    pytest.param("plain", ["--model", "nowhere"], 2, id="unknown model"),
    pytest.param("plain", ["--no-such-option"], 2, id="unknown option"),
    pytest.param("plain", ["--format", "yaml"], 2, id="unknown format"),
    pytest.param("plain", ["--fail-on", "grave"], 2, id="unknown severity"),
    pytest.param("plain", ["--fail-score", "101"], 2, id="score beyond 100"),
    pytest.param("plain", ["--fail-score", "nan"], 2, id="a score that nothing reaches"),
    pytest.param("plain", ["--as-of", "2026-13-01"], 2, id="no such month"),
    pytest.param("plain", ["--as-of", "yesterday"], 2, id="no date"),
]


@pytest.mark.parametrize("output_format", ["text", "json"])
@pytest.mark.parametrize(("content", "options", "code"), EXIT_CODES)
def test_exit_code(stub, content, options, code, output_format) -> None:
    write(page_txt=content)
    outcome = stub("check", "page.txt", "--format", output_format, *options)
    assert outcome.code == code
    assert "Traceback" not in outcome.err
    assert bool(outcome.err) == (code == 2)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_encodings_with_their_mark_are_read(stub, mark) -> None:
    write(page_txt="gated-high".encode(mark))
    assert stub("check", "page.txt").code == 1


def test_other_files_are_checked_and_shown_beside_a_bad_one(stub) -> None:
    write(bad_txt=b"\xff\xfe\x00", first_txt="gated-high", last_txt="gated-low")
    outcome = stub("check", "first.txt", "bad.txt", "missing.txt", "last.txt", "--format", "json")
    body = json.loads(outcome.out)
    assert outcome.code == 2
    assert [report["path"] for report in body["reports"]] == ["first.txt", "last.txt"]
    assert [error["path"] for error in body["errors"]] == ["bad.txt", "missing.txt"]
    assert outcome.err.splitlines() == [f"hypecheck: {error['message']}" for error in body["errors"]]


def test_a_bad_file_stands_in_the_text_report_too(stub) -> None:
    outcome = stub("check", "missing.txt")
    assert "not analysed: missing.txt: " in outcome.out
    assert "1 file not analysed" in outcome.out


def test_a_folder_is_walked_in_order_and_other_kinds_are_counted(stub) -> None:
    for name in ("site/b.md", "site/a.html", "site/logo.png", "site/.git/c.md", "site/deep/d.txt", "site/notes"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("plain")
    Path("site/deep/loop").symlink_to(Path("site").resolve(), target_is_directory=True)
    outcome = stub("check", "site", "--format", "json")
    paths = [Path(report["path"]).as_posix() for report in json.loads(outcome.out)["reports"]]
    assert outcome.code == 0
    assert paths == ["site/a.html", "site/b.md", "site/deep/d.txt"]
    assert outcome.err == "hypecheck: 2 files of other kinds passed over\n"


@pytest.mark.parametrize(("options", "code"), [([], 2), (["--allow-empty"], 0)], ids=["fails", "allowed"])
@pytest.mark.parametrize("files", [[], ["logo.png"]], ids=["empty folder", "no file of a known kind"])
def test_a_folder_without_files(stub, files, options, code) -> None:
    Path("site").mkdir()
    for name in files:
        Path("site", name).write_bytes(b"")
    outcome = stub("check", "site", *options)
    assert outcome.code == code
    assert ("no file to check" in outcome.err) == (code == 2)
    assert "0 files checked" in outcome.out


def test_allowing_no_file_allows_no_bad_file(stub) -> None:
    assert stub("check", "missing.txt", "--allow-empty").code == 2


READERS_BY_NAME = [
    pytest.param("page.md", "markdown", id="Markdown"),
    pytest.param("page.MD", "markdown", id="suffix in capitals"),
    pytest.param("page.html", "html", id="HTML"),
    pytest.param("page.txt", "text", id="text"),
    pytest.param("page.rst", "text", id="unknown suffix is plain text"),
    pytest.param("page", "text", id="no suffix is plain text"),
]
KNEES = "# They often ache.\n\n<p>They still ache.</p>\n\n<script>var a = 1</script>\n"


def reader_of(text: str) -> str:
    """Which reader left this of KNEES: one takes the number sign for markup, one the tags, one neither."""
    if "#" not in text:
        return "markdown"
    return "text" if "<script>" in text else "html"


@pytest.mark.parametrize(("name", "reader"), READERS_BY_NAME)
def test_the_suffix_chooses_the_reader(stub, name, reader) -> None:
    Path(name).write_text(KNEES)
    assert stub("check", name).code == 0
    assert reader_of(MarkerChecker.made[0].texts[name]) == reader


# Standard input


@pytest.mark.parametrize("paths", [["-"], []], ids=["named by a dash", "piped without paths"])
def test_standard_input_is_plain_text(stub, paths) -> None:
    outcome = stub("check", *paths, "--format", "json", stdin=b"<script>gated-high</script>")
    [report] = json.loads(outcome.out)["reports"]
    assert (outcome.code, report["path"]) == (1, "<stdin>")
    assert MarkerChecker.made[0].texts == {"<stdin>": "<script>gated-high</script>"}


@pytest.mark.parametrize(("name", "reader"), READERS_BY_NAME)
def test_the_stdin_filename_chooses_the_reader(stub, name, reader) -> None:
    outcome = stub("check", "-", "--stdin-filename", name, "--format", "json", stdin=KNEES.encode())
    assert [report["path"] for report in json.loads(outcome.out)["reports"]] == [name]
    assert reader_of(MarkerChecker.made[0].texts[name]) == reader


def test_stdin_beside_files_keeps_its_place(stub) -> None:
    write(a_txt="plain", b_txt="plain")
    outcome = stub("check", "a.txt", "-", "b.txt", "--format", "json", stdin=b"plain")
    assert [report["path"] for report in json.loads(outcome.out)["reports"]] == ["a.txt", "<stdin>", "b.txt"]


@pytest.mark.parametrize("data", [b"a\x00b", b"\xff"], ids=["binary", "not UTF-8"])
def test_bad_stdin_is_a_failure(stub, data) -> None:
    outcome = stub("check", "-", stdin=data)
    assert (outcome.code, outcome.err.startswith("hypecheck: <stdin>: ")) == (2, True)


def test_stdin_beyond_the_limit_is_a_failure(stub, monkeypatch) -> None:
    monkeypatch.setattr(MarkerChecker, "__init__", _with_limit(MarkerChecker.__init__, 10))
    assert stub("check", "-", stdin=b"a" * 10).code == 0
    assert stub("check", "-", stdin=b"a" * 11).code == 2


def _with_limit(make: Callable[..., None], limit: int) -> Callable[..., None]:
    return lambda self, *, model=None, record=None, as_of=None: make(
        self, model=model, settings=Settings(max_bytes=limit), as_of=as_of
    )


def test_no_paths_on_a_terminal_is_a_usage_error(stub) -> None:
    outcome = stub("check")
    assert (outcome.code, outcome.out) == (2, "")
    assert "name files or folders" in outcome.err


def test_closed_stdin_is_told(stub, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert stub("check").code == 2
    assert stub("check", "-").err == "hypecheck: <stdin>: cannot be read: it is closed\n"


# The day of judgement


@pytest.mark.parametrize(
    ("options", "as_of"),
    [([], date.today), (["--as-of", "2024-02-29"], lambda: date(2024, 2, 29)), (["--as-of", "none"], lambda: None)],
    ids=["today", "a date", "none"],
)
def test_the_day_of_judgement_reaches_checker_and_report(stub, options, as_of) -> None:
    write(page_txt="plain")
    before = as_of()
    body = json.loads(stub("check", "page.txt", "--format", "json", *options).out)
    # The day may end between the two.
    assert MarkerChecker.made[0].as_of in {before, as_of()}
    assert body["tool"]["as_of"] == (MarkerChecker.made[0].as_of and MarkerChecker.made[0].as_of.isoformat())


# Output


def test_output_holds_what_stdout_would_have(stub) -> None:
    write(page_txt="gated-high")
    shown = stub("check", "page.txt", "--as-of", "none")
    outcome = stub("check", "page.txt", "--as-of", "none", "--output", "report.txt")
    assert outcome == (1, "", "")
    assert Path("report.txt").read_text(encoding="utf-8") == shown.out
    assert sorted(file.name for file in Path().iterdir()) == ["page.txt", "report.txt"]


def test_output_keeps_the_mode_of_the_file_and_follows_a_link(stub) -> None:
    write(page_txt="plain", report_txt="old")
    Path("report.txt").chmod(0o640)
    Path("link.txt").symlink_to("report.txt")
    assert stub("check", "page.txt", "--output", "link.txt").code == 0
    assert Path("link.txt").is_symlink()
    assert NOTICE in Path("report.txt").read_text(encoding="utf-8")
    assert Path("report.txt").stat().st_mode & 0o777 == 0o640


def test_a_new_output_is_as_readable_as_any_new_file(stub) -> None:
    write(page_txt="plain")
    stub("check", "page.txt", "--output", "report.txt")
    assert Path("report.txt").stat().st_mode == Path("page.txt").stat().st_mode


@pytest.mark.parametrize("existing", [None, "the last report"], ids=["new", "over an old report"])
@pytest.mark.parametrize("broken", ["open", "write", "replace"])
def test_a_failed_write_leaves_no_half_report(stub, tmp_path, monkeypatch, broken, existing) -> None:
    write(page_txt="plain", **({"report_txt": existing} if existing else {}))
    files = {file.name: file.read_text() for file in tmp_path.iterdir()}

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    real_open = Path.open
    if broken == "write":
        monkeypatch.setattr(Path, "open", _opening_full(real_open))
    elif broken == "open":
        monkeypatch.setattr(
            Path, "open", lambda self, mode="r", *rest: refuse() if "x" in mode else real_open(self, mode, *rest)
        )
    else:
        monkeypatch.setattr(Path, "replace", refuse)
    outcome = stub("check", "page.txt", "--output", "report.txt")
    monkeypatch.undo()
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "hypecheck: report.txt: cannot be written: No space left on device\n"
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == files


@pytest.mark.skipif(not Path("/sys").is_dir(), reason="needs a folder that nobody may write to, root included")
def test_a_folder_that_may_not_be_written_to_is_named(stub) -> None:
    write(page_txt="plain")
    outcome = stub("check", "page.txt", "--output", "/sys/report.txt")
    assert (outcome.code, outcome.out) == (2, "")
    assert re.fullmatch(r"hypecheck: /sys/report.txt: cannot be written: \S.*\n", outcome.err)


def _opening_full(real: Callable[..., io.BufferedWriter]) -> Callable[..., io.BufferedWriter]:
    """As `real`, but what is opened for writing takes three bytes and then is full."""

    def open_full(self: Path, mode: str = "r", *rest: object, **named: object):
        file = real(self, mode, *rest, **named)
        if "x" in mode or "w" in mode:
            return io.BufferedWriter(FullFile(file))
        return file

    return open_full


class FullFile(io.RawIOBase):
    def __init__(self, file: io.BufferedWriter) -> None:
        self.file = file

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.file.write(bytes(data[:3]))
        self.file.close()
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    "output", ["nowhere/report.txt", ".", "page.txt/report.txt"], ids=["no folder", "a folder", "in a file"]
)
def test_an_output_that_cannot_be_written_is_an_error(stub, output) -> None:
    write(page_txt="gated-high")
    outcome = stub("check", "page.txt", "--output", output)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err
    assert "Traceback" not in outcome.err
    assert [file.name for file in Path().iterdir()] == ["page.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in a folder")
def test_a_pipe_as_output_stays_a_pipe(stub) -> None:
    write(page_txt="plain")
    os.mkfifo("queue")
    reader = os.open("queue", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert stub("check", "page.txt", "--output", "queue").code == 0
        assert NOTICE.encode() in os.read(reader, 65536)
    finally:
        os.close(reader)
    assert not Path("queue").is_file()


# Colour


@pytest.mark.parametrize(
    ("terminal", "variables", "options", "coloured"),
    [
        pytest.param(True, {}, [], True, id="terminal"),
        pytest.param(True, {"NO_COLOR": ""}, [], True, id="an empty NO_COLOR asks for nothing"),
        pytest.param(True, {"NO_COLOR": "1"}, [], False, id="NO_COLOR"),
        pytest.param(True, {"TERM": "dumb"}, [], False, id="dumb terminal"),
        pytest.param(True, {}, ["--format", "json"], False, id="JSON"),
        pytest.param(False, {}, [], False, id="piped"),
    ],
)
def test_colour(stub, monkeypatch, terminal, variables, options, coloured) -> None:
    write(page_txt="gated-high")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stdout = Pipe(terminal=terminal)
    monkeypatch.setattr(sys, "stdout", stdout)
    stub("check", "page.txt", *options)
    assert (b"\x1b[" in stdout.buffer.getvalue()) == coloured


def test_a_file_is_never_coloured(stub, monkeypatch) -> None:
    write(page_txt="gated-high")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", Pipe(terminal=True))
    stub("check", "page.txt", "--output", "report.txt")
    assert b"\x1b" not in Path("report.txt").read_bytes()


# Attacks on the terminal and on lines

HOSTILE_NAMES = [
    pytest.param("a\x1b[2J\x1b]0;title\x07.txt", id="escape"),
    pytest.param("a\x9b2J.txt", id="C1"),
    pytest.param("a\u202etxt.md", id="override"),
    pytest.param("a\u200b\u2060.txt", id="zero width"),
    pytest.param("a\u2028b.txt", id="line separator"),
    pytest.param("a\nhypecheck: all is well\nb.txt", id="line feeds"),
    pytest.param("a\r  a.txt:1:1  high  Cure [cure-claim]  0.99.txt", id="carriage return and a finding"),
    pytest.param("a\udc9b2J.txt", id="undecodable byte"),
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("present", [True, False], ids=["present", "missing"])
def test_a_hostile_name_reaches_no_terminal(stub, hostile_characters, name, present) -> None:
    if present:
        try:
            Path(name).write_text("gated-high")
        except (OSError, UnicodeError) as error:
            pytest.skip(f"this file system refuses the name: {error}")
    for command in ("check", "score"):
        outcome = stub(command, name)
        assert not hostile_characters.search(outcome.out + outcome.err)
        assert outcome.err.count("\n") == (not present)
        assert not re.search(r"^(hypecheck: all|b\.txt)", outcome.out + outcome.err, re.MULTILINE)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_keeps_json_valid(stub, name) -> None:
    body = json.loads(stub("check", name, "--format", "json").out)
    assert body["errors"][0]["path"] == name


@pytest.mark.parametrize(
    "arguments",
    [
        ["--\x1b[31m\u202e"],
        ["check", "--\x9b31m"],
        ["check", "--format", "\x1b[31m"],
        ["check", "--as-of", "\x1b[31m"],
        ["check", "--model", "\x1b[31m\n\u202e", "-"],
        ["check", "--output", "\x1b[31m/a", "-"],
        ["explain", "\x1b[31m\u202e"],
        ["\x1b[31m"],
    ],
    ids=["option", "option of a command", "format", "day", "model", "output", "category", "command"],
)
def test_a_hostile_argument_reaches_no_terminal(call, hostile_characters, arguments) -> None:
    outcome = call(*arguments, stdin=b"")
    assert outcome.code == 2
    assert outcome.err
    assert not hostile_characters.search(outcome.out + outcome.err)


def test_a_hostile_article_reaches_no_terminal(stub, hostile_characters) -> None:
    hostile = "\x1b[2J\x9b\u202e\u200b\u2028\x07\x85"
    write(page_txt=f"{hostile} gated-high {hostile}")
    outcome = stub("check", "page.txt")
    assert outcome.code == 1
    assert not hostile_characters.search(outcome.out + outcome.err)


@pytest.fixture
def hostile_characters() -> re.Pattern[str]:
    """All but the line feed, which the report itself is made of."""
    return re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


# Errors and interruptions


@pytest.mark.parametrize(
    ("raised", "code", "message"),
    [
        pytest.param(HypecheckError("the file: a cause; a remedy"), 2, "hypecheck: the file: a cause; a remedy\n", id="ours"),
        pytest.param(PermissionError(13, "Permission denied", "x"), 2, "hypecheck: [Errno 13] Permission denied: 'x'\n", id="system"),
        pytest.param(KeyboardInterrupt(), 130, "\nhypecheck: interrupted\n", id="interrupted"),
        pytest.param(click.Abort(), 130, "hypecheck: interrupted\n", id="aborted"),
    ],
)  # fmt: skip
def test_what_is_raised_is_told_in_one_line(stub, monkeypatch, raised, code, message) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(checker_module, "Checker", fail)
    assert stub("check", "-", stdin=b"") == (code, "", message)


def test_a_fault_of_our_own_is_no_finding(stub, monkeypatch) -> None:
    """Python would exit 1."""
    monkeypatch.setattr(checker_module, "Checker", lambda **_: 1 / 0)
    outcome = stub("check", "-", stdin=b"")
    assert outcome.code == 2
    assert "ZeroDivisionError" in outcome.err


def test_a_closed_stdout_is_told(stub, monkeypatch) -> None:
    write(page_txt="plain")
    monkeypatch.setattr(sys, "stdout", None)
    outcome = stub("check", "page.txt")
    assert (outcome.code, outcome.err) == (2, "hypecheck: standard output: cannot be written: it is closed\n")


# Help, explain, score


def options_of_commands() -> list[tuple[str, click.Option]]:
    commands = {"hypecheck": cli.app, **cli.app.commands}
    return [
        (name, option)
        for name, command in commands.items()
        for option in command.params
        if isinstance(option, click.Option)
    ]


@pytest.mark.parametrize(
    ("command", "option"),
    options_of_commands(),
    ids=[f"{name} {option.opts[0]}" for name, option in options_of_commands()],
)
def test_every_option_has_help(call, command, option) -> None:
    assert option.help
    shown = call(*([] if command == "hypecheck" else [command]), "--help")
    assert shown.code == 0
    assert option.opts[-1] in shown.out
    assert option.help.split()[0] in shown.out


@pytest.mark.parametrize("command", sorted(cli.app.commands))
def test_every_command_has_help(call, command) -> None:
    assert call(command, "-h").out.startswith(f"Usage: hypecheck {command} ")
    assert command in call("--help").out


def test_version(call) -> None:
    from hypecheck import __version__

    assert call("--version").out == f"hypecheck, version {__version__}\n"


def test_explain_lists_and_explains_every_category(call) -> None:
    from hypecheck.categories import CATEGORY_IDS

    assert [line.split()[0] for line in call("explain").out.splitlines()] == list(CATEGORY_IDS)
    for category in CATEGORY_IDS:
        shown = call("explain", category)
        assert shown.code == 0
        assert "## Standards" in shown.out


@pytest.mark.parametrize(
    ("given", "hint"),
    [("hype-langage", "did you mean hype-language?"), ("zzz", "hypecheck explain lists them all")],
    ids=["close", "far"],
)
def test_explain_an_unknown_category(call, given, hint) -> None:
    outcome = call("explain", given)
    assert (outcome.code, outcome.out) == (2, "")
    assert hint in outcome.err


def test_score_is_a_row_a_file_and_exits_0_or_2(stub) -> None:
    write(a_txt="gated-high gated-high maybe-low score=81.25", b_txt="plain")
    header, first, second = stub("score", "a.txt", "b.txt").out.splitlines()
    assert header.split() == ["score", "high", "medium", "low", "path"]
    assert first.split() == ["81.2", "2", "0", "1", "a.txt"]
    assert second.split() == ["0.0", "0", "0", "0", "b.txt"]
    assert stub("score", "a.txt").code == 0
    outcome = stub("score", "missing.txt", "a.txt")
    assert (outcome.code, outcome.out.splitlines()[1].split()[-1]) == (2, "a.txt")
    Path("empty").mkdir()
    assert stub("score", "empty").code == 2
    assert stub("score").code == 2


# The packaged model


def test_a_careful_text_passes_and_an_oversold_one_has_findings(call, root) -> None:
    careful, oversold = (str(root / "examples" / name) for name in ("careful.txt", "oversold.txt"))
    assert call("check", careful).code == 0
    body = json.loads(call("check", careful, oversold, "--format", "json", "--fail-on", "never").out)
    low, high = body["reports"]
    assert len(high["findings"]) > len(low["findings"])
    assert high["score"] > low["score"]
    assert call("check", oversold, "--fail-score", "1").code == 1
    assert body["tool"]["model"] == "contextual"
    assert re.fullmatch(r"[0-9a-f]{64}", body["tool"]["model_sha256"])


def test_a_text_that_is_not_english_is_not_analysed(call) -> None:
    write(page_txt=SPANISH)
    outcome = call("check", "page.txt")
    assert outcome.code == 2
    assert "English" in outcome.err


def test_an_empty_file_scores_0_and_is_noted(call) -> None:
    write(page_txt="")
    outcome = call("check", "page.txt", "--format", "json")
    [report] = json.loads(outcome.out)["reports"]
    assert (outcome.code, report["score"], report["findings"]) == (0, 0, [])
    assert report["notes"]
    assert f"note: {report['notes'][0]}" in call("check", "page.txt").out


@pytest.mark.parametrize("model", ["nowhere", ".", ""], ids=["missing", "a folder without one", "no name"])
def test_a_model_that_is_not_there(call, model) -> None:
    outcome = call("check", "-", "--model", model, stdin=PROSE.encode())
    assert (outcome.code, outcome.out) == (2, "")
    assert re.fullmatch(r"hypecheck: .+\n", outcome.err)


def test_a_model_folder_may_be_named(call, root) -> None:
    named = call("check", "-", "--model", str(root / "models" / "linear"), "--format", "json", stdin=PROSE.encode())
    packaged = call("check", "-", "--model", "linear", "--format", "json", stdin=PROSE.encode())
    assert named == packaged


# A process of its own


@pytest.fixture
def start(root: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run Python on the checkout from another folder."""
    environment = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "PYTHONIOENCODING"}}
    environment |= {"PYTHONPATH": str(root), "TERM": "xterm", "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*arguments: str, **options) -> subprocess.CompletedProcess[bytes]:
        environment_here = environment | options.pop("environment", {})
        if not {"stdout", "stderr"} & set(options):
            options["capture_output"] = True
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run([sys.executable, *arguments], cwd=tmp_path, env=environment_here, timeout=60, **options)

    return run


MODEL_CODE = "hypecheck.checker hypecheck.score hypecheck.segment hypecheck.read joblib numpy scipy sklearn nltk yaml tree_sitter"


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"]], ids=" ".join)
def test_help_loads_no_model_code(start, arguments) -> None:
    code = (
        "import sys; from hypecheck.cli import main; main(sys.argv[1:]); "
        f"sys.exit(', '.join(set(sys.modules) & set({MODEL_CODE.split()!r})) or 0)"
    )
    done = start("-c", code, *arguments)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_check_loads_no_training_code(start, root) -> None:
    code = (
        "import sys\nfrom hypecheck.cli import main\n"
        "main(sys.argv[1:])\n"
        "sys.exit(', '.join(set(sys.modules) & {'sklearn', 'scipy', 'nltk', 'torch', 'transformers'}) or 0)"
    )
    files = [str(root / "examples" / name) for name in ("careful.txt", "clinic-post.md", "near-approval.md")]
    done = start("-c", code, "check", "--fail-on", "never", *files)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [
        ("sklearn", ["train", "."]),
        ("nltk", ["train", "."]),
        ("numpy", ["evaluate", ".", "--model", "linear"]),
        ("scipy", ["evaluate", "."]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_training_without_its_packages_names_the_remedy(start, missing, arguments) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from hypecheck.cli import main; main(sys.argv[1:])"
    done = start("-c", code, *arguments)
    assert done.returncode == 2
    assert (
        done.stderr.decode().splitlines()[-1]
        == f'hypecheck: {missing} is not installed: pip install "hypecheck[train]"'
    )


@pytest.mark.parametrize(
    "command", [["check", "examples/oversold.txt"], ["explain"], ["score", "examples/oversold.txt"]], ids=lambda c: c[0]
)
def test_a_reader_that_left_is_no_error_and_no_finding(start, root, command) -> None:
    """As in `hypecheck check FILE | true`."""
    reader, writer = os.pipe()
    os.close(reader)
    arguments = [str(root / part) if "/" in part else part for part in command]
    try:
        done = start("-m", "hypecheck", *arguments, stdout=writer, stderr=subprocess.PIPE)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", [["check"], ["check", "--output", "/dev/full"], ["score"]], ids=" ".join)
def test_a_full_device_is_told(start, root, command) -> None:
    with Path("/dev/full").open("wb") as full:
        done = start(
            "-m", "hypecheck", *command, str(root / "examples/careful.txt"), stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert re.fullmatch(rb"hypecheck: .+: cannot be written: No space left on device\n", done.stderr)


def test_a_narrow_encoding_is_no_error(start, root) -> None:
    """Reports are UTF-8 whatever the terminal says of itself."""
    for command in (["explain", "hype-language"], ["check", "--fail-on", "never", str(root / "examples/oversold.txt")]):
        done = start("-m", "hypecheck", *command, environment={"PYTHONIOENCODING": "ascii"})
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(
    ("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["colour", "NO_COLOR"]
)
def test_colour_on_a_real_terminal(start, root, variables, coloured) -> None:
    primary, secondary = os.openpty()
    try:
        done = start(
            "-m", "hypecheck", "explain", "--help", stdout=secondary, stderr=subprocess.PIPE, environment=variables
        )
        assert done.returncode == 0
        os.read(primary, 65536)
        with (root / "examples" / "careful.txt").open("rb") as article:
            done = start(
                "-m",
                "hypecheck",
                "check",
                stdin=article,
                stdout=secondary,
                stderr=subprocess.PIPE,
                environment=variables,
            )
        assert (done.returncode, done.stderr) == (0, b"")
        assert (b"\x1b[1m<stdin>" in os.read(primary, 65536)) == coloured
    finally:
        os.close(primary)
        os.close(secondary)


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts are sent otherwise there")
def test_an_interrupt_ends_a_run_without_a_traceback(root: Path, tmp_path: Path) -> None:
    """While it waits for standard input. A job in the background starts with the signal ignored, so the handler is set."""
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from hypecheck import cli; "
        "print('ready', flush=True); cli.main(['check', '--model', 'linear', '-'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(root)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == b""
    assert err.strip() == b"hypecheck: interrupted"


def test_the_shim_and_the_module_are_the_command(start, root) -> None:
    careful = str(root / "examples/careful.txt")
    shim, module = start(str(root / "cli.py"), "check", careful), start("-m", "hypecheck", "check", careful)
    assert shim.returncode == module.returncode == 0
    assert shim.stdout == module.stdout
