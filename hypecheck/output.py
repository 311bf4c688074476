"""Writes a report to standard output or to a file, whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypecheck.types import HypecheckError


def write_output(text: str, output: str | None) -> None:
    """To stdout or to a file, as UTF-8 whatever the terminal's encoding.

    Raises HypecheckError where that fails; exits with 141 where the reader of a pipe went away.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        if output is not None:
            _write_file(data, Path(output))
        elif sys.stdout is None:
            raise OSError("it is closed")
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    except OSError as error:
        if output is None and sys.stdout is not None:
            # Python flushes once more on its way out, and would fail once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if output is None and isinstance(error, BrokenPipeError):
            # The reader has had enough. 141 is what a shell reports for SIGPIPE.
            sys.exit(141)
        where = output or "standard output"
        raise HypecheckError(f"{where}: cannot be written: {error.strerror or error}") from error


def _write_file(data: bytes, target: Path) -> None:
    """Written beside the file and then renamed over it, so that no half-written report is left."""
    if target.exists() and not target.is_file():
        # A pipe or a device takes what is written; a rename would put a file in its place.
        target.write_bytes(data)
        return
    target = target.resolve()
    beside = target.with_name(f".hypecheck-{os.getpid()}")
    file = beside.open("xb")
    try:
        with file:
            file.write(data)
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o777)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
