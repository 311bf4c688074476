"""What a model folder says of itself: its manifest, parsed as if an enemy had written it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypecheck.categories import CATEGORY_IDS
from hypecheck.score.values import check_plain
from hypecheck.types import ModelError

FORMAT = 1
"""Raise it when a folder of the old shape can no longer be read as the new one."""

KINDS = ("linear", "contextual")

MANIFEST = "manifest.json"

MAX_MANIFEST_BYTES = 1_000_000
"""A manifest with all figures of a training run takes some ten thousand."""

MAX_FILE_BYTES = 64 * 2**20
"""Nearly three times the largest model weighed in the design, a quantised encoder of 23 MB."""

MAX_LABEL = 100
"""Characters of a name or a version, as they are shown in reports."""

_KEYS = {
    "format", "kind", "name", "version", "files", "categories", "thresholds", "calibration", "data",
    "versions", "metrics",
}  # fmt: skip
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MAX_DIGITS = 20


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: a plain name inside the folder, sha256 in hexadecimal, length in bytes."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which a category is reported, and from which it can fail a run; report <= gate."""

    report: float
    gate: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model folder says of itself.

    `categories` are this version's, in the model's order, and `thresholds` has each of them.
    `data` holds at least the sha256 of what it was trained on; `calibration` and `metrics` are
    free tables of plain JSON values.
    """

    format: int
    kind: str
    name: str
    version: str
    files: tuple[ModelFile, ...]
    categories: tuple[str, ...]
    thresholds: Mapping[str, Thresholds]
    calibration: Mapping[str, Any]
    data: Mapping[str, Any]
    versions: Mapping[str, str]
    metrics: Mapping[str, Any]


class _UnsoundError(ValueError):
    """What is wrong with a manifest, and a remedy where there is a better one than a fresh copy."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.remedy = remedy


def parse_manifest(data: bytes, where: str, *, remedy: str) -> Manifest:
    """The manifest in `data`. Raises ModelError, which names `where`, for anything else than a sound one."""
    try:
        if len(data) > MAX_MANIFEST_BYTES:
            raise _UnsoundError(f"it holds more than {MAX_MANIFEST_BYTES:,} bytes")
        return _manifest_of(_parse_object(data))
    except _UnsoundError as fault:
        raise ModelError(f"{where}: {fault}; {fault.remedy or remedy}") from fault


def _parse_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`, held to the depth of a values file."""
    try:
        table = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_keys,
            parse_constant=_finite,
            parse_float=_finite,
            parse_int=_short_integer,
        )
        check_plain(table)
    except _UnsoundError:
        raise
    except RecursionError as error:
        raise _UnsoundError("its lists or objects are nested too deep") from error
    except ValueError as error:
        raise _UnsoundError(f"it is no JSON as a manifest needs it, {error}") from error
    if not isinstance(table, dict):
        raise _UnsoundError("it is no JSON object")
    return table


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise _UnsoundError("a key stands in it twice")
    return table


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _UnsoundError("it holds a number that is not finite")
    return number


def _short_integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:  # int() takes time quadratic in the digits
        raise _UnsoundError(f"it holds an integer of more than {_MAX_DIGITS} digits")
    return int(text)


def _manifest_of(table: dict[str, Any]) -> Manifest:
    _check_format(table)
    categories = _categories_of(table)
    if table["kind"] not in KINDS:
        raise _UnsoundError(f"its kind is none of {', '.join(KINDS)}")
    thresholds = _object(table, "thresholds")
    if thresholds.keys() != set(categories):
        raise _UnsoundError("its thresholds are not for its categories")
    data, versions = _object(table, "data"), _object(table, "versions")
    _text(data, "sha256", _SHA256)
    for package in versions:
        _label({"versions": package}, "versions")
        _label(versions, package)
    files = tuple(map(_model_file, _list_of(table, "files", dict)))
    if len({file.name.casefold() for file in files}) < len(files):
        raise _UnsoundError("a file stands in it twice")
    return Manifest(
        format=FORMAT,
        kind=table["kind"],
        name=_label(table, "name"),
        version=_label(table, "version"),
        files=files,
        categories=categories,
        thresholds={category: _thresholds_of(thresholds, category) for category in categories},
        calibration=_object(table, "calibration"),
        data=data,
        versions=versions,
        metrics=_object(table, "metrics"),
    )


def _check_format(table: dict[str, Any]) -> None:
    found = table.get("format")
    if type(found) is int and found > FORMAT:
        raise _UnsoundError(f"made by a newer hypecheck, of format {found}", "upgrade hypecheck")
    if type(found) is not int or found != FORMAT:
        raise _UnsoundError(f"its format is not {FORMAT}")
    wrong = sorted(key[:MAX_LABEL] for key in table.keys() ^ _KEYS)
    if wrong:
        raise _UnsoundError(f"its keys are not those of format {FORMAT}, see {wrong[0]!a}")


def _categories_of(table: dict[str, Any]) -> tuple[str, ...]:
    categories = tuple(_list_of(table, "categories", str))
    if sorted(categories) != sorted(CATEGORY_IDS):
        raise _UnsoundError(
            "its categories are not those of this version",
            "train it again with this version, or use the version that made it",
        )
    return categories


def _model_file(row: dict[str, Any]) -> ModelFile:
    if row.keys() != {"name", "sha256", "bytes"}:
        raise _UnsoundError("a file needs name, sha256 and bytes, and nothing else")
    name, size = _label(row, "name"), row["bytes"]
    if not _FILE_NAME.fullmatch(name) or name.casefold() == MANIFEST:
        raise _UnsoundError(f"{name!a} is no plain file name")
    if type(size) is not int or not 0 <= size <= MAX_FILE_BYTES:
        raise _UnsoundError(f"the bytes of {name} are not 0 to {MAX_FILE_BYTES:,}")
    return ModelFile(name, _text(row, "sha256", _SHA256), size)


def _thresholds_of(table: dict[str, Any], category: str) -> Thresholds:
    row = _object(table, category)
    if row.keys() != {"report", "gate"} or not {type(row["report"]), type(row["gate"])} <= {int, float}:
        raise _UnsoundError(f"the thresholds of {category} are not two numbers, report and gate")
    if not 0 <= row["report"] <= row["gate"] <= 1:
        raise _UnsoundError(f"the thresholds of {category} are not 0 <= report <= gate <= 1")
    return Thresholds(float(row["report"]), float(row["gate"]))


def _object(table: dict[str, Any], key: str) -> dict[str, Any]:
    value = table[key]
    if not isinstance(value, dict):
        raise _UnsoundError(f"its {key} is no object")
    return value


def _list_of(table: dict[str, Any], key: str, kind: type) -> list[Any]:
    value = table[key]
    if not isinstance(value, list) or not all(type(item) is kind for item in value):
        raise _UnsoundError(f"its {key} is no list as it should be")
    return value


def _text(table: dict[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _UnsoundError(f"its {key} is missing or malformed")
    return value


def _label(table: dict[str, Any], key: str) -> str:
    """A text fit to be shown on a terminal: one that could steer it is refused."""
    value = table[key]
    if not isinstance(value, str) or not 0 < len(value) <= MAX_LABEL or not value.isprintable():
        raise _UnsoundError(f"its {key[:MAX_LABEL]!a} is no short printable text")
    return value
