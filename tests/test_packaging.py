"""What an installer gets: a wheel, an editable install, and a checkout with nothing but the dependencies.

Everything is built from a copy of the files that git knows or would take. Where no registry can be
reached, what needs one is skipped and says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

pytest.importorskip("build", reason="needs build, of the extra test")

SHOWN = 800
"""Characters of a tool's last words in a reason or a failure."""


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run in a folder, without what this process or its virtual environment set for Python."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment | {"PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace", timeout=300,
    )  # fmt: skip


def succeed(*command: str | Path, folder: Path) -> str:
    done = run(*command, folder=folder)
    assert done.returncode == 0, (done.stdout + done.stderr)[-SHOWN:]
    return done.stdout


def make_environment(folder: Path) -> Path:
    """A fresh virtual environment; its Python."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def pip_install(python: Path, *what: str | Path) -> subprocess.CompletedProcess[str]:
    return run(python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *what, folder=python.parent)


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two articles, and with nothing that Python could import."""
    folder = tmp_path_factory.mktemp("elsewhere")
    folder.joinpath("careful.txt").write_text("The trial was small, and it is not known whether the tablets help.\n")
    folder.joinpath("page.md").write_text(
        "# Knees\n\nIt is not known whether the tablets help people with sore knees.\n"
    )
    return folder


@pytest.fixture(scope="session")
def checkout(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a clone would hold, were everything committed."""
    if shutil.which("git") is None or not root.joinpath(".git").exists():
        pytest.skip("needs git and a checkout, to know which files belong to the project")
    listed = succeed("git", "ls-files", "-co", "--exclude-standard", "-z", folder=root)
    copy = tmp_path_factory.mktemp("checkout") / "hypecheck"
    for name in filter(None, listed.split("\0")):
        if root.joinpath(name).is_file():
            copy.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def bare_python(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the dependencies and without hypecheck."""
    settings = ConfigParser(interpolation=None)
    settings.read(root / "setup.cfg")
    requirements = settings["options"]["install_requires"].split()
    python = make_environment(tmp_path_factory.mktemp("bare"))
    done = pip_install(python, *requirements)
    if done.returncode != 0:
        pytest.skip(f"pip could not install the dependencies: {done.stderr[-SHOWN:]}")
    return python


@pytest.fixture(scope="session")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = tmp_path_factory.mktemp("source") / "hypecheck"
    shutil.copytree(checkout, source)
    command = (sys.executable, "-m", "build", "--wheel", "--outdir", folder)
    done = run(*command, folder=source)
    if done.returncode != 0:
        isolated = done.stdout + done.stderr
        done = run(*command, "--no-isolation", folder=source)
        if done.returncode != 0 and "ERROR Missing dependencies" in done.stdout + done.stderr:
            pytest.skip(f"no wheel could be built, isolated or not: {isolated[-SHOWN:]}")
    assert done.returncode == 0, (done.stdout + done.stderr)[-SHOWN:]
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="session")
def wheel_python(wheel: Path, bare_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; `bare_python` has shown that a registry answers."""
    python = make_environment(tmp_path_factory.mktemp("installed"))
    done = pip_install(python, wheel)
    assert done.returncode == 0, done.stderr[-SHOWN:]
    return python


@pytest.fixture(scope="session")
def editable_python(checkout: Path, bare_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("editable") / "hypecheck"
    shutil.copytree(checkout, source)
    python = make_environment(tmp_path_factory.mktemp("environment"))
    done = pip_install(python, "--editable", source)
    assert done.returncode == 0, done.stderr[-SHOWN:]
    return python


CONTEXTUAL = ("LICENSE", "NOTICE", "decoding.joblib", "encoder.onnx", "manifest.json", "tokenizer.json")


def test_the_wheel_holds_what_it_needs(names, root) -> None:
    needed = {
        "hypecheck/cli/app.py",
        "hypecheck/py.typed",
        "hypecheck/models/__init__.py",
        "hypecheck/models/linear/manifest.json",
        "hypecheck/models/linear/linear.joblib",
        *(f"hypecheck/models/contextual/{name}" for name in CONTEXTUAL),
        *(f"hypecheck/data/{file.name}" for file in root.glob("hypecheck/data/*.*") if file.suffix != ".py"),
        *(f"hypecheck/data/categories/{file.name}" for file in root.glob("hypecheck/data/categories/*.md")),
    }
    assert needed <= set(names)
    assert len([name for name in names if name.startswith("hypecheck/data/categories/")]) == 14
    assert [name for name in names if name.endswith("/licenses/LICENSE")]


def test_the_wheel_holds_every_module(names, root) -> None:
    modules = {file.relative_to(root).as_posix() for file in root.glob("hypecheck/**/*.py")}
    assert modules <= set(names)


def test_the_wheel_holds_nothing_else(names) -> None:
    folders = {name.split("/")[0] for name in names}
    assert len(folders) == 2
    assert "hypecheck" in folders
    assert not [name for name in names if {"__pycache__", "tests", "training_data"} & set(name.split("/"))]


def test_the_installed_command_works_with_its_own_model(wheel_python, elsewhere) -> None:
    command = wheel_python.with_name("hypecheck")
    shown = succeed(command, "check", "careful.txt", "page.md", folder=elsewhere)
    assert "2 files checked" in shown
    where = "import hypecheck, hypecheck.models as m; print(hypecheck.__file__, m.__file__, sep='\\n')"
    for place in succeed(wheel_python, "-c", where, folder=elsewhere).split():
        assert Path(place).is_relative_to(wheel_python.parents[1])


def test_the_installed_package_explains_and_imports(wheel_python, elsewhere) -> None:
    assert len(succeed(wheel_python.with_name("hypecheck"), "explain", folder=elsewhere).splitlines()) == 14
    code = "import hypecheck; print(hypecheck.check('It is not known whether the tablets help.').score)"
    assert float(succeed(wheel_python, "-c", code, folder=elsewhere)) >= 0


def test_training_without_its_extra_names_the_remedy(wheel_python, elsewhere) -> None:
    for command in ("train", "evaluate"):
        done = run(wheel_python, "-m", "hypecheck", command, ".", folder=elsewhere)
        assert done.returncode == 2
        assert 'pip install "hypecheck[train]"' in done.stderr
        assert "Traceback" not in done.stderr


def test_an_editable_install_works_from_elsewhere(editable_python, elsewhere) -> None:
    command = editable_python.with_name("hypecheck")
    assert "2 files checked" in succeed(command, "check", "careful.txt", "page.md", folder=elsewhere)
    where = "import hypecheck; print(hypecheck.__file__)"
    place = Path(succeed(editable_python, "-c", where, folder=elsewhere).strip())
    assert not place.is_relative_to(editable_python.parents[1])


def test_a_checkout_needs_only_the_dependencies(checkout, bare_python, elsewhere) -> None:
    assert run(bare_python, "-c", "import hypecheck", folder=elsewhere).returncode == 1
    for folder, script in ((checkout, "cli.py"), (elsewhere, checkout / "cli.py")):
        shown = succeed(bare_python, script, "check", elsewhere / "careful.txt", elsewhere / "page.md", folder=folder)
        assert "2 files checked" in shown


def test_a_checkout_goes_before_the_installed_wheel(checkout, wheel_python) -> None:
    where = "import hypecheck.cli as c; from hypecheck import Checker; Checker(); print(c.__file__)"
    place = succeed(wheel_python, "-c", where, folder=checkout).strip()
    assert Path(place).resolve().is_relative_to(checkout.resolve())
    assert succeed(wheel_python, "cli.py", "--version", folder=checkout).startswith("hypecheck, version ")
