"""Findings that are known already, so that a run can fail on new ones only.

A baseline is a JSON file that counts findings by path, category and fingerprint. It holds no line, no
time and no score: text that moves inside its file keeps its identity, and two branches merge line by line.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from hypecheck.checks.findings import FINGERPRINT_VERSION
from hypecheck.types import SEVERITIES, Finding, Report, SettingsError

VERSION = 1
"""Of the file's format. A change of what identifies a finding has its own mark, `fingerprints`."""

MAX_BYTES = 20_000_000
"""A finding takes about 75 bytes: this holds a quarter of a million of them."""

_REMEDY = "write it with 'hypecheck baseline'"
_HEXADECIMAL = frozenset("0123456789abcdef")
_DIGITS = 64


class Identity(NamedTuple):
    """What makes two findings of a file the same one. The fingerprint depends on the category, too."""

    category: str
    fingerprint: str


Counts = Mapping[Identity, int]


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each finding is known, by path.

    Paths are relative to `folder`, the real path of the baseline's folder, with forward slashes.
    `gone` are those at which no file stood when the baseline was read.
    """

    folder: Path
    known: Mapping[str, Counts] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The findings of one report, parted by a baseline; both keep the order of the report."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]


def read_baseline(path: str | Path) -> Baseline:
    """The baseline in a file. Looks, too, which of its paths there still are.

    Raises SettingsError, with the place, for a file that cannot be read or is no baseline of this version.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}; {_REMEDY}") from error
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{path}: more than {MAX_BYTES} bytes; record fewer files in one baseline")
    known = _read_files(_parse(data, str(path)), str(path))
    folder = _folder_of(path)
    return Baseline(folder, known, frozenset(name for name in known if not os.path.lexists(folder / name)))


def make_baseline(reports: Iterable[Report], path: str | Path) -> Baseline:
    """All findings of the reports, sure ones and others, for a baseline that is to stand at `path`.

    Suppressed findings are not in it. Raises SettingsError for a report of a file on another drive.
    """
    return renew(Baseline(_folder_of(path)), reports)


def renew(baseline: Baseline, reports: Iterable[Report]) -> Baseline:
    """The baseline with the files of these reports recorded anew, and without those that are gone.

    Other files stay as they are, so that one can be accepted without checking all.
    """
    found = {name: _count(report) for name, report in _named(reports, baseline.folder)}
    kept = {name: counts for name, counts in baseline.known.items() if name not in baseline.gone}
    return _with(baseline, {**kept, **found})


def compare(reports: Iterable[Report], baseline: Baseline) -> tuple[Comparison, ...]:
    """For each report, which of its findings are new; give all reports of a run at once.

    A finding known twice leaves the third copy new: of copies that differ the gravest, since a text that
    got worse must not pass for what was known. A finding that its own path does not know is looked up
    under the paths that are gone and were not reported, whose counts all reports share: so a renamed file
    keeps its findings, and a second copy of it does not. A path that still exists lends nothing.
    """
    named = _named(reports, baseline.folder)
    return tuple(_part(report, matched) for (_, report), matched in zip(named, _match(named, baseline), strict=True))


def prune(baseline: Baseline, reports: Iterable[Report]) -> Baseline:
    """The baseline without what no longer occurs; nothing new comes in.

    What a renamed file still has moves to its new path. Files that exist and were not reported stay,
    because nothing is known of them.
    """
    named = _named(reports, baseline.folder)
    kept = {name: counts for name, counts in baseline.known.items() if name not in baseline.gone}
    found = {name: matched for (name, _), matched in zip(named, _match(named, baseline), strict=True)}
    return _with(baseline, {**kept, **found})


def format_baseline(baseline: Baseline) -> str:
    """The baseline as the file holds it: sorted, one line a finding, the same text for the same findings.

    In ASCII, so that no name of a file can hide or turn round what a reviewer sees of it.
    """
    files: dict[str, dict[str, dict[str, int]]] = {}
    for name, counts in baseline.known.items():
        for identity, count in counts.items():
            files.setdefault(name, {}).setdefault(identity.category, {})[identity.fingerprint] = count
    body = {"version": VERSION, "fingerprints": FINGERPRINT_VERSION, "files": files}
    return json.dumps(body, indent=1, sort_keys=True) + "\n"


def stored_path(path: str, folder: Path) -> str:
    """A path as a baseline in `folder` stores it: relative, with forward slashes.

    Links among its folders are resolved, so that two ways to one file agree; a link to a file keeps its
    name. Raises SettingsError where no relative path leads there.
    """
    try:
        relative = os.path.relpath(_folder_of(path) / Path(path).name, folder)
    except ValueError as error:
        raise SettingsError(f"{path}: on another drive than the baseline; keep one there") from error
    return relative.replace(os.sep, "/")


def _folder_of(path: str | Path) -> Path:
    return Path(path).parent.resolve()


def _named(reports: Iterable[Report], folder: Path) -> list[tuple[str, Report]]:
    return [(stored_path(report.path, folder), report) for report in reports]


def _identify(finding: Finding) -> Identity:
    return Identity(finding.category, finding.fingerprint)


def _count(report: Report) -> Counter[Identity]:
    return Counter(map(_identify, report.findings))


def _with(baseline: Baseline, known: Mapping[str, Counts]) -> Baseline:
    return replace(baseline, known={name: counts for name, counts in known.items() if counts}, gone=frozenset())


def _match(named: Sequence[tuple[str, Report]], baseline: Baseline) -> list[Counter[Identity]]:
    """How many of each finding every report has that are known."""
    reported = {name for name, _ in named}
    orphans: Counter[Identity] = Counter()
    for name in sorted(baseline.gone - reported):
        orphans.update(baseline.known.get(name, {}))
    known: dict[str, Counter[Identity]] = {}
    matches = []
    for name, report in named:
        found = _count(report)
        if name not in known:
            own = Counter(baseline.known.get(name, {}))
            moved = (found - own) & orphans
            orphans -= moved
            known[name] = own + moved
        # A file that is reported twice, by two ways to write its path, is not a copy of itself.
        matches.append(found & known[name])
    return matches


def _part(report: Report, matched: Counter[Identity]) -> Comparison:
    left = matched.copy()
    known: set[int] = set()
    for at in sorted(range(len(report.findings)), key=lambda at: (_gravity(report.findings[at]), at)):
        identity = _identify(report.findings[at])
        if left[identity] > 0:
            left[identity] -= 1
            known.add(at)
    return Comparison(
        new=tuple(finding for at, finding in enumerate(report.findings) if at not in known),
        known=tuple(finding for at, finding in enumerate(report.findings) if at in known),
    )


def _gravity(finding: Finding) -> tuple[bool, int, float]:
    return finding.gated, SEVERITIES.index(finding.severity), finding.score


def _parse(data: bytes, path: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start} is not valid UTF-8; {_REMEDY}") from error
    except json.JSONDecodeError as error:
        cause = f"{path}:{error.lineno}:{error.colno}: not JSON ({error.msg})"
        raise SettingsError(f"{cause}; resolve the merge if there was one, else {_REMEDY}") from error
    except RecursionError as error:
        raise SettingsError(f"{path}: nested too deeply for a baseline; {_REMEDY}") from error
    except ValueError as error:
        raise SettingsError(f"{path}: {error}; resolve the merge if there was one, else {_REMEDY}") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        repeated = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"{_shown(repeated)} stands twice in one place")
    return found


def _read_files(body: Any, path: str) -> dict[str, dict[Identity, int]]:
    """The counts in a parsed file."""
    if not isinstance(body, dict) or body.keys() != {"version", "fingerprints", "files"}:
        raise SettingsError(f"{path}: no baseline, which has version, fingerprints and files alone; {_REMEDY}")
    if type(body["version"]) is not int or body["version"] != VERSION:
        cause = f"{path}: version {_shown(body['version'])} of the format, where this is {VERSION}"
        raise SettingsError(f"{cause}; use the hypecheck that wrote it, or {_REMEDY}")
    if body["fingerprints"] != FINGERPRINT_VERSION:
        cause = f"{path}: fingerprints {_shown(body['fingerprints'])} cannot be compared with {FINGERPRINT_VERSION}"
        raise SettingsError(f"{cause}; {_REMEDY}")
    known: dict[str, dict[Identity, int]] = {}
    for name, categories in _entries(body["files"], path, "files"):
        where = f"files, {_shown(name)}"
        if not name or name.startswith("/") or "\0" in name:
            raise SettingsError(f"{path}: {where}: not a path below or beside the baseline; {_REMEDY}")
        known[name] = {
            Identity(category, fingerprint): _read_count(fingerprint, count, path, f"{where}, {_shown(category)}")
            for category, counts in _entries(categories, path, where)
            for fingerprint, count in _entries(counts, path, f"{where}, {_shown(category)}")
        }
    return known


def _entries(value: Any, path: str, where: str) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise SettingsError(f"{path}: {where}: {_shown(value)} is no object; {_REMEDY}")
    return value.items()


def _read_count(fingerprint: str, count: Any, path: str, where: str) -> int:
    if len(fingerprint) != _DIGITS or not _HEXADECIMAL.issuperset(fingerprint):
        raise SettingsError(f"{path}: {where}: {_shown(fingerprint)} is no fingerprint; {_REMEDY}")
    if type(count) is not int or count < 1:
        raise SettingsError(f"{path}: {where}: {_shown(count)} is no count of 1 or more; {_REMEDY}")
    return count


def _shown(value: Any) -> str:
    """A value of the file as a message repeats it: on one line, cut."""
    return ascii(value)[:80]
