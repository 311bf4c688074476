from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

import hypecheck
from hypecheck.categories import CATEGORY_IDS
from hypecheck.score import folder as folder_module
from hypecheck.score.folder import (
    find_model,
    load_values,
    model_digest,
    open_model,
    read_file,
    write_manifest,
)
from hypecheck.score.manifest import MAX_FILE_BYTES, MAX_MANIFEST_BYTES, ModelFile, Thresholds
from hypecheck.score.values import write_values
from hypecheck.types import ModelError

ROOT = Path(hypecheck.__file__).parents[1]
VALUES = {"words": ["guarantees", "may help"], "weights": [1.5, -0.25]}

MANIFEST: dict[str, Any] = {
    "kind": "linear",
    "name": "linear",
    "version": "1.0",
    "files": ["linear.joblib"],
    "thresholds": {category: {"report": 0.25, "gate": 0.75} for category in CATEGORY_IDS},
    "calibration": {"method": "logistic", "phrases": {"hype-language": 120}},
    "data": {"sha256": "0" * 64, "documents": 12},
    "versions": {"joblib": "1.4.2"},
    "metrics": {"f1": 0.5, "by category": {"hype-language": [1, 2.5, None, True]}},
}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A sound model folder."""
    folder = tmp_path / "model"
    folder.mkdir()
    write_values(VALUES, folder / "linear.joblib")
    write_manifest(folder, **MANIFEST)
    return folder


def rewrite(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest on disk, past the checks of `write_manifest`."""
    file = folder / "manifest.json"
    table = json.loads(file.read_text(encoding="utf-8"))
    change(table)
    file.write_text(json.dumps(table), encoding="utf-8")


def test_a_model_is_read_as_it_was_written(model: Path) -> None:
    opened = open_model(model, trusted=False)
    manifest = opened.manifest
    data = (model / "linear.joblib").read_bytes()
    assert load_values(opened, "linear.joblib") == VALUES
    assert manifest.files == (ModelFile("linear.joblib", hashlib.sha256(data).hexdigest(), len(data)),)
    assert (manifest.format, manifest.kind, manifest.name, manifest.version) == (1, "linear", "linear", "1.0")
    assert manifest.categories == CATEGORY_IDS
    assert manifest.thresholds == dict.fromkeys(CATEGORY_IDS, Thresholds(0.25, 0.75))
    for key in ("calibration", "data", "versions", "metrics"):
        assert getattr(manifest, key) == MANIFEST[key]
    assert (opened.path, opened.trusted) == (model, False)


def test_the_digest_is_that_of_the_manifest(model: Path) -> None:
    data = (model / "manifest.json").read_bytes()
    assert open_model(model, trusted=True).sha256 == model_digest(data) == hashlib.sha256(data).hexdigest()


def test_a_manifest_and_an_opened_folder_cannot_be_changed(model: Path) -> None:
    opened = open_model(model, trusted=False)
    with pytest.raises(FrozenInstanceError):
        opened.trusted = True  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        opened.manifest.kind = "other"  # type: ignore[misc]


def test_the_manifest_is_written_the_same_way_whatever_the_order(model: Path) -> None:
    write_values([], model / "second.joblib")
    write_manifest(model, **{**MANIFEST, "files": ["linear.joblib", "second.joblib"]})
    before = (model / "manifest.json").read_bytes()
    shuffled: dict[str, Any] = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value
        for key, value in reversed(MANIFEST.items())
    }
    body = write_manifest(model, **{**shuffled, "files": ["second.joblib", "linear.joblib"]})
    text = (model / "manifest.json").read_text(encoding="utf-8")
    assert text.encode() == before
    assert text == json.dumps(json.loads(text), sort_keys=True, indent=1) + "\n"
    assert body == json.loads(text)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        pytest.param({"thresholds": {}}, "thresholds are not for its categories", id="no thresholds"),
        pytest.param({"metrics": {"f1": float("nan")}}, "not finite", id="a metric that is no number"),
        pytest.param({"files": ["absent.joblib"]}, "no such file", id="a file that is not there"),
        pytest.param({"files": ["../linear.joblib"]}, "no such file|no plain file name", id="a file elsewhere"),
        pytest.param({"categories": CATEGORY_IDS[1:]}, "categories", id="a category short"),
        pytest.param({"name": "a\x1b[2J"}, "'name' is no short printable text", id="a name that steers"),
        pytest.param({"data": {"documents": 3}}, "sha256", id="no digest of the data"),
        pytest.param({"metrics": {"note": "x" * MAX_MANIFEST_BYTES}}, "more than 1,000,000", id="too long"),
    ],
)
def test_a_manifest_that_could_not_be_read_is_not_written(model: Path, change: dict[str, Any], cause: str) -> None:
    before = (model / "manifest.json").read_bytes()
    with pytest.raises(ModelError, match=cause):
        write_manifest(model, **{**MANIFEST, **change})
    assert (model / "manifest.json").read_bytes() == before


def remove(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def damage(position: int) -> Callable[[Path], None]:
    def flip(folder: Path) -> None:
        file = folder / "linear.joblib"
        data = bytearray(file.read_bytes())
        data[position] ^= 1
        file.write_bytes(bytes(data))

    return flip


def resize(change: int) -> Callable[[Path], None]:
    def cut_or_pad(folder: Path) -> None:
        file = folder / "linear.joblib"
        data = file.read_bytes()
        file.write_bytes(data[:change] if change < 0 else data + bytes(change))

    return cut_or_pad


def make_folder(folder: Path) -> None:
    (folder / "linear.joblib").unlink()
    (folder / "linear.joblib").mkdir()


@pytest.mark.parametrize(
    ("spoil", "place", "cause"),
    [
        pytest.param(remove, "manifest.json", "no such file", id="no manifest"),
        pytest.param(
            lambda folder: (folder / "linear.joblib").unlink(),
            "linear.joblib",
            "no such file",
            id="no values",
        ),
        pytest.param(make_folder, "linear.joblib", "no such file", id="a folder for a file"),
        pytest.param(damage(-1), "linear.joblib", "its sha256 is not", id="last byte changed"),
        pytest.param(damage(0), "linear.joblib", "its sha256 is not", id="first byte changed"),
        pytest.param(resize(-1), "linear.joblib", "holds fewer than", id="cut short"),
        pytest.param(resize(1), "linear.joblib", "holds more than", id="a byte too many"),
    ],
)
@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "foreign"])
def test_a_damaged_folder(model: Path, spoil: Callable[[Path], None], place: str, cause: str, trusted: bool) -> None:
    spoil(model)
    remedy = "install hypecheck again" if trusted else "get the model afresh"
    with pytest.raises(ModelError, match=f"{place}: .*{cause}.*; .*{remedy}") as raised:
        load_values(open_model(model, trusted=trusted), "linear.joblib")
    assert str(raised.value).startswith(str(model))


def test_nothing_is_parsed_before_its_digest_is_checked(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def note(data: bytes, **_: object) -> None:
        parsed.append(data)

    monkeypatch.setattr(folder_module, "read_values", note)
    opened = open_model(model, trusted=False)
    sound = (model / "linear.joblib").read_bytes()
    load_values(opened, "linear.joblib")
    assert parsed == [sound]
    damage(5)(model)
    with pytest.raises(ModelError, match="sha256"):
        load_values(opened, "linear.joblib")
    assert parsed == [sound]


def test_a_file_that_the_manifest_does_not_list_is_not_read(model: Path) -> None:
    write_values([1], model / "other.joblib")
    opened = open_model(model, trusted=True)
    for name in ("other.joblib", "manifest.json", "../model/linear.joblib", ""):
        with pytest.raises(ModelError, match="lists no"):
            read_file(opened, name)


def setting(*path: str | int, to: Any) -> Callable[[dict[str, Any]], object]:
    def change(table: dict[str, Any]) -> None:
        inner: Any = table
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = to

    return change


def thresholds(report: Any, gate: Any) -> Callable[[dict[str, Any]], object]:
    return setting("thresholds", "cure-claim", to={"report": report, "gate": gate})


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        pytest.param(setting("format", to=2), "made by a newer hypecheck.*; upgrade", id="a newer format"),
        pytest.param(setting("format", to=0), "format is not 1", id="format 0"),
        pytest.param(setting("format", to=True), "format is not 1", id="format true"),
        pytest.param(setting("format", to="1"), "format is not 1", id="format as text"),
        pytest.param(lambda table: table.pop("format"), "format is not 1", id="no format"),
        pytest.param(lambda table: table.pop("metrics"), "keys .* 'metrics'", id="a key short"),
        pytest.param(setting("code", to="x"), "keys .* 'code'", id="a key too many"),
        pytest.param(setting("kind", to="neural"), "kind is none of linear, contextual", id="another kind"),
        pytest.param(setting("kind", to=["linear"]), "kind is none of linear", id="a list as kind"),
        pytest.param(setting("name", to=""), "'name'", id="an empty name"),
        pytest.param(setting("name", to=3), "'name'", id="a number as name"),
        pytest.param(setting("version", to="1\n::error::"), "'version'", id="a version of two lines"),
        pytest.param(setting("version", to="1" * 101), "'version'", id="a long version"),
        pytest.param(setting("versions", "x", to="\x1b[2J"), "'x'", id="a package version that steers"),
        pytest.param(setting("versions", "\x1b[2J", to="1"), "'versions'", id="a package name that steers"),
        pytest.param(setting("versions", to=[]), "versions is no object", id="versions as list"),
        pytest.param(setting("metrics", to=[]), "metrics is no object", id="metrics as list"),
        pytest.param(setting("calibration", to=None), "calibration is no object", id="no calibration"),
        pytest.param(setting("data", to="0" * 64), "data is no object", id="data as text"),
        pytest.param(setting("data", "sha256", to="0" * 63), "sha256", id="a short digest of the data"),
        pytest.param(setting("categories", to=["hype"]), "categories .*; train it again", id="one category"),
        pytest.param(setting("categories", to={}), "categories", id="categories as object"),
        pytest.param(setting("categories", to=[[]]), "categories", id="categories as lists"),
        pytest.param(lambda table: table["categories"].append("hype-language"), "categories", id="a category twice"),
        pytest.param(lambda table: table["thresholds"].pop("cure-claim"), "thresholds", id="a threshold short"),
        pytest.param(setting("thresholds", "x", to={}), "thresholds", id="a threshold too many"),
        pytest.param(setting("thresholds", "cure-claim", to=0.5), "cure-claim is no object", id="one number"),
        pytest.param(thresholds(0.8, 0.7), "cure-claim are not 0 <= report <= gate <= 1", id="gate below report"),
        pytest.param(thresholds(-0.1, 0.7), "cure-claim are not 0", id="a negative threshold"),
        pytest.param(thresholds(0.5, 1.01), "cure-claim are not 0", id="a threshold above 1"),
        pytest.param(thresholds("0.5", 0.7), "cure-claim are not two numbers", id="a threshold as text"),
        pytest.param(thresholds(True, True), "cure-claim are not two numbers", id="a threshold as truth value"),
        pytest.param(thresholds(float("nan"), 0.7), "not finite", id="a threshold that is no number"),
        pytest.param(thresholds(0.5, float("inf")), "not finite", id="an infinite threshold"),
        pytest.param(setting("files", to={}), "files is no list", id="files as object"),
        pytest.param(setting("files", to=["linear.joblib"]), "files is no list", id="files as names"),
        pytest.param(lambda table: table["files"].append(table["files"][0]), "twice", id="a file twice"),
        pytest.param(
            lambda table: table["files"].append({**table["files"][0], "name": "LINEAR.joblib"}),
            "twice",
            id="a file twice but for case",
        ),
        pytest.param(setting("files", 0, "mode", to=1), "name, sha256 and bytes", id="a key too many in a file"),
        pytest.param(setting("files", 0, "sha256", to="0" * 65), "sha256", id="a long digest"),
        pytest.param(setting("files", 0, "sha256", to="A" * 64), "sha256", id="a digest in capitals"),
        pytest.param(setting("files", 0, "bytes", to=-1), "bytes of linear.joblib", id="negative length"),
        pytest.param(setting("files", 0, "bytes", to=True), "bytes of linear.joblib", id="length as truth value"),
        pytest.param(setting("files", 0, "bytes", to=5.0), "bytes of linear.joblib", id="length as float"),
        pytest.param(
            setting("files", 0, "bytes", to=MAX_FILE_BYTES + 1),
            "bytes of linear.joblib",
            id="too large a file",
        ),
    ],
)
def test_a_manifest_that_is_not_sound(model: Path, change: Callable[[dict[str, Any]], object], cause: str) -> None:
    rewrite(model, change)
    with pytest.raises(ModelError, match=f"manifest.json: .*{cause}"):
        open_model(model, trusted=False)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(thresholds(0, 1), id="thresholds as integers"),
        pytest.param(thresholds(0.5, 0.5), id="gate at report"),
        pytest.param(lambda table: table["categories"].reverse(), id="categories in another order"),
        pytest.param(setting("files", to=[]), id="no files"),
        pytest.param(setting("version", to="1.0 ü"), id="a version beyond ASCII"),
        pytest.param(setting("calibration", to={}), id="an empty calibration"),
        pytest.param(setting("files", 0, "bytes", to=MAX_FILE_BYTES), id="the largest file"),
    ],
)
def test_a_manifest_that_is_unusual_and_sound(model: Path, change: Callable[[dict[str, Any]], object]) -> None:
    rewrite(model, change)
    opened = open_model(model, trusted=False)
    assert set(opened.manifest.thresholds) == set(opened.manifest.categories)


@pytest.mark.parametrize(
    "name",
    ["linear.joblib", "model-2_x.onnx", "a", "vocab.v1.txt"],
)
def test_a_plain_file_name(model: Path, name: str) -> None:
    rewrite(model, setting("files", 0, "name", to=name))
    assert open_model(model, trusted=False).manifest.files[0].name == name


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/passwd", "a/b", "a\\b", "..", ".", ".hidden", "a..b", "a.", "C:x", "", "a b", "é", "a\n",
     "manifest.json", "Manifest.JSON", "x" * 101],
)  # fmt: skip
def test_no_plain_file_name(model: Path, name: str) -> None:
    rewrite(model, setting("files", 0, "name", to=name))
    with pytest.raises(ModelError, match=r"no plain file name|no short printable text"):
        open_model(model, trusted=True)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        pytest.param(b"", "no JSON", id="empty"),
        pytest.param(b"[]", "no JSON object", id="a list"),
        pytest.param(b'{"format": 1,}', "no JSON", id="a comma too many"),
        pytest.param(b'{"format": 1} {}', "no JSON", id="two objects"),
        pytest.param(b"\xff\xfe{\x00}\x00", "no JSON", id="UTF-16"),
        pytest.param(b'{"format": 1, "format": 1}', "twice", id="a key twice"),
        pytest.param(b'{"a": {"b": 1, "b": 1}}', "twice", id="an inner key twice"),
        pytest.param(b'{"format": NaN}', "not finite", id="no number"),
        pytest.param(b'{"format": -Infinity}', "not finite", id="infinity"),
        pytest.param(b'{"format": 1e999}', "not finite", id="infinity by overflow"),
        pytest.param(b'{"format": ' + b"9" * 21 + b"}", "more than 20 digits", id="a long integer"),
        pytest.param(b'{"format": ' + b"9" * 20 + b"}", "newer hypecheck", id="a shorter integer"),
        pytest.param(b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}", "nested", id="60 lists deep"),
    ],
)
def test_a_manifest_that_is_no_json_of_ours(model: Path, text: bytes, cause: str) -> None:
    (model / "manifest.json").write_bytes(text)
    with pytest.raises(ModelError, match=f"manifest.json: .*{cause}"):
        open_model(model, trusted=False)


def test_the_default_is_a_packaged_model() -> None:
    opened = find_model()
    assert opened.trusted
    assert opened.manifest.name == folder_module.DEFAULT
    assert folder_module.DEFAULT in folder_module.PACKAGED


def test_a_path_of_the_user_is_foreign(model: Path) -> None:
    opened = find_model(str(model))
    assert (opened.path, opened.trusted) == (model, False)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        pytest.param("", "without a name", id="no name"),
        pytest.param("absent/folder", "absent.folder: there is no such folder; name a folder", id="no folder"),
        pytest.param("a\0b", "no such folder", id="a null character"),
        pytest.param("x" * 5000, "no such folder", id="a long name"),
        pytest.param(__file__, "no such folder", id="a file"),
    ],
)
def test_no_model_of_that_name(name: str, cause: str) -> None:
    with pytest.raises(ModelError, match=cause):
        find_model(name)


def installed_model(model: Path, place: Path) -> None:
    place.mkdir(parents=True)
    for file in model.iterdir():
        (place / file.name).write_bytes(file.read_bytes())


FIND = (
    "import sys\n"
    "from hypecheck.score.folder import find_model, load_values\n"
    "opened = find_model('linear')\n"
    "print(opened.path, opened.trusted, load_values(opened, 'linear.joblib')['weights'])\n"
)


def copy_package(target: Path) -> None:
    """The modules without any model, apart from the ones under test."""
    left_out = shutil.ignore_patterns("__pycache__", "models", "data")
    shutil.copytree(ROOT / "hypecheck", target / "hypecheck", ignore=left_out)


def run_find(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Find the packaged model with the package that stands at `path`."""
    return subprocess.run(
        [sys.executable, "-S", "-c", FIND],
        check=False, capture_output=True, text=True, timeout=60,
        cwd=folder, env={**os.environ, "PYTHONPATH": str(path)},
    )  # fmt: skip


def test_the_packaged_model_is_found_before_the_folder_beside_it(model: Path, tmp_path: Path) -> None:
    copy_package(tmp_path)
    (tmp_path / "models").mkdir()
    installed_model(model, tmp_path / "hypecheck" / "models" / "linear")
    (tmp_path / "hypecheck" / "models" / "__init__.py").touch()
    done = run_find(tmp_path, model)
    line = f"{tmp_path / 'hypecheck' / 'models' / 'linear'} True [1.5, -0.25]"
    assert (done.stdout.splitlines(), done.stderr) == ([line], "")


def test_a_checkout_has_its_models_beside_the_package(model: Path, tmp_path: Path) -> None:
    copy_package(tmp_path)
    installed_model(model, tmp_path / "models" / "linear")
    done = run_find(tmp_path, model)
    line = f"{tmp_path / 'models' / 'linear'} True [1.5, -0.25]"
    assert (done.stdout.splitlines(), done.stderr) == ([line], "")


def test_a_packaged_model_is_read_out_of_a_zip_file(model: Path, tmp_path: Path) -> None:
    copy_package(tmp_path)
    installed_model(model, tmp_path / "hypecheck" / "models" / "linear")
    (tmp_path / "hypecheck" / "models" / "__init__.py").touch()
    archive = tmp_path / "site.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted((tmp_path / "hypecheck").rglob("*.*")):
            if file.is_file():
                packed.write(file, file.relative_to(tmp_path).as_posix())
    done = run_find(archive, model)
    assert done.stderr == ""
    assert [line.split(" ", 1)[1] for line in done.stdout.splitlines()] == ["True [1.5, -0.25]"]


def test_without_any_model_the_error_names_the_place_and_the_remedy(model: Path, tmp_path: Path) -> None:
    copy_package(tmp_path)
    done = run_find(tmp_path, model)
    assert "ModelError" in done.stderr
    assert f"{tmp_path / 'models' / 'linear'}: there is no such folder; install hypecheck again" in done.stderr


def test_a_link_of_an_installer_is_followed_and_a_foreign_one_is_not(model: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    try:
        for file in model.iterdir():
            (linked / file.name).symlink_to(file)
    except (OSError, NotImplementedError):
        pytest.skip("this system makes no symbolic links")
    assert load_values(open_model(linked, trusted=True), "linear.joblib") == VALUES
    with pytest.raises(ModelError, match="a symbolic link; put the file itself"):
        open_model(linked, trusted=False)


def test_a_link_to_a_whole_folder_is_followed(model: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    try:
        linked.symlink_to(model, target_is_directory=True)
    except (OSError, NotImplementedError):
        pytest.skip("this system makes no symbolic links")
    assert load_values(find_model(str(linked)), "linear.joblib") == VALUES
