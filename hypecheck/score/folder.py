"""A model folder: its manifest states each file's length and digest, which are checked before any parsing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypecheck.categories import CATEGORY_IDS
from hypecheck.score.manifest import (
    FORMAT,
    MANIFEST,
    MAX_FILE_BYTES,
    MAX_MANIFEST_BYTES,
    Manifest,
    parse_manifest,
)
from hypecheck.score.values import read_values
from hypecheck.types import ModelError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


PACKAGED = ("linear", "contextual")
DEFAULT = "contextual"
"""By the rule of docs/model-card.md: typed F1 on held-out documents higher by 0.05 or more, interval above 0."""


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """An opened folder. `sha256` identifies the model in reports; `trusted` came with this package."""

    path: Path | Traversable
    manifest: Manifest
    sha256: str
    trusted: bool


def find_model(name: str | None = None) -> ModelFolder:
    """The packaged model of that name, DEFAULT for None, else the folder of that path. Raises ModelError."""
    if name is None:
        name = DEFAULT
    if name in PACKAGED:
        return open_model(_packaged_folder().joinpath(name), trusted=True)
    if not name:
        raise ModelError(f"a model without a name: use {' or '.join(PACKAGED)}, or the path of a model folder")
    return open_model(Path(name), trusted=False)


def open_model(folder: Path | Traversable, *, trusted: bool) -> ModelFolder:
    """Read the manifest of a folder; no other file is touched. Raises ModelError."""
    if not _is_folder(folder):
        raise ModelError(f"{folder}: there is no such folder; {_remedy(trusted)}")
    data = _read_at_most(folder, MANIFEST, MAX_MANIFEST_BYTES, trusted)
    manifest = parse_manifest(data, str(folder.joinpath(MANIFEST)), remedy=_remedy(trusted))
    return ModelFolder(folder, manifest, model_digest(data), trusted)


def load_values(opened: ModelFolder, file_name: str) -> object:
    """The plain values of a listed file. Raises ModelError."""
    data = read_file(opened, file_name)
    where = str(opened.path.joinpath(file_name))
    return read_values(data, trusted=opened.trusted, max_bytes=MAX_FILE_BYTES, name=where)


def read_file(opened: ModelFolder, file_name: str) -> bytes:
    """The bytes of a listed file, of the length and digest that the manifest states. Raises ModelError."""
    entry = next((entry for entry in opened.manifest.files if entry.name == file_name), None)
    remedy = _remedy(opened.trusted)
    if entry is None:
        raise ModelError(f"{opened.path}: its manifest lists no {file_name}; {remedy}")
    data = _read_at_most(opened.path, entry.name, entry.bytes, opened.trusted)
    where = opened.path.joinpath(entry.name)
    if len(data) != entry.bytes:
        relation = "more" if len(data) > entry.bytes else "fewer"
        raise ModelError(f"{where}: holds {relation} than the {entry.bytes:,} bytes its manifest states; {remedy}")
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise ModelError(f"{where}: its sha256 is not the one its manifest states; {remedy}")
    return data


def model_digest(manifest: bytes) -> str:
    """The sha256 of a manifest's bytes. As it holds the digests of the files, it stands for all of them."""
    return hashlib.sha256(manifest).hexdigest()


def write_manifest(
    folder: Path,
    *,
    kind: str,
    name: str,
    version: str,
    files: Sequence[str],
    thresholds: Mapping[str, Mapping[str, float]],
    calibration: Mapping[str, Any],
    data: Mapping[str, Any],
    versions: Mapping[str, str],
    metrics: Mapping[str, Any],
    categories: Sequence[str] = CATEGORY_IDS,
) -> dict[str, Any]:
    """Write and return the manifest of a folder that holds `files` already; equal input gives equal bytes.

    Raises ModelError, and writes nothing, where the manifest could not be read again.
    """
    body = {
        "format": FORMAT,
        "kind": kind,
        "name": name,
        "version": version,
        "files": [_file_row(folder, file_name) for file_name in sorted(files)],
        "categories": list(categories),
        "thresholds": {category: dict(row) for category, row in thresholds.items()},
        "calibration": dict(calibration),
        "data": dict(data),
        "versions": dict(versions),
        "metrics": dict(metrics),
    }
    text = json.dumps(body, sort_keys=True, indent=1) + "\n"
    parse_manifest(text.encode(), str(folder / MANIFEST), remedy="mend what was passed")
    (folder / MANIFEST).write_bytes(text.encode())
    return body


def _packaged_folder() -> Path | Traversable:
    """The installed models, else those beside the package, where a checkout has them."""
    from importlib import resources  # 4 ms

    try:
        return resources.files("hypecheck.models")
    except ModuleNotFoundError:
        return Path(__file__).resolve().parents[2] / "models"


def _remedy(trusted: bool) -> str:
    if trusted:
        return "install hypecheck again, or write a model there with hypecheck train"
    return "name a folder that hypecheck train wrote, or get the model afresh from a source you trust"


def _is_folder(folder: Path | Traversable) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # a path that is too long, or that may not be looked at
        return False


def _read_at_most(folder: Path | Traversable, file_name: str, limit: int, trusted: bool) -> bytes:
    """The first `limit` + 1 bytes of a file: one more shows that it is longer. Raises ModelError."""
    file = folder.joinpath(file_name)
    try:
        # An installer may link to its cache; a folder from elsewhere has no reason to lead out of itself.
        if not trusted and isinstance(file, Path) and file.is_symlink():
            raise ModelError(f"{file}: a symbolic link; put the file itself into the folder")
        if not file.is_file():  # a named pipe would be waited on, a device read for ever
            raise ModelError(f"{file}: there is no such file; {_remedy(trusted)}")
        with file.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise ModelError(f"{file}: cannot be read, {error.strerror or error}; {_remedy(trusted)}") from error


def _file_row(folder: Path, file_name: str) -> dict[str, str | int]:
    data = _read_at_most(folder, file_name, MAX_FILE_BYTES, trusted=False)
    return {"name": file_name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
