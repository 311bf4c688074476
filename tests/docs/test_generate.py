"""The pages made from the category documents."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from hypecheck.categories import CATEGORY_IDS, load_categories, load_standards

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_in_the_repository_are_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stale_page_fails_the_check_until_it_is_written(
    generate: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    page, readme = tmp_path / "docs" / "categories.md", tmp_path / "README.md"
    readme.write_text(f"above\n{generate.START}\nold\n{generate.END}\nbelow\n", encoding="utf-8")
    assert generate.main(["--check"], tmp_path) == 1
    complaints = capsys.readouterr().err
    assert "categories.md is out of date" in complaints and "README.md is out of date" in complaints
    assert not page.exists()
    assert generate.main([], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("above\n") and text.endswith("\nbelow\n") and "old" not in text
    page.write_text(page.read_text(encoding="utf-8") + "by hand\n", encoding="utf-8")
    assert generate.main(["--check"], tmp_path) == 1


def test_a_readme_without_marks_is_left_alone(generate: ModuleType) -> None:
    assert generate.replace_block("no marks\n", "table") == "no marks\n"


@pytest.mark.parametrize("form", ["{0}", "{1}", "{1} {0}", "{0} {0} {1}"], ids=["start", "end", "swapped", "twice"])
def test_broken_marks_are_refused(generate: ModuleType, tmp_path: Path, form: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(form.format(generate.START, generate.END), encoding="utf-8")
    assert generate.main(["--check"], tmp_path) == 2


def test_the_page_shows_every_example_rewrite_and_link(generate: ModuleType) -> None:
    page = generate.category_page()
    for category in load_categories().values():
        assert f"\n## {category.id}\n" in page
        for text in (*category.flagged, category.rewrite, category.definition, category.message):
            assert text in page
    for standard in load_standards().values():
        assert (f"]({standard.url})" if standard.url else standard.citation) in page


def test_the_table_has_a_row_for_each_category(generate: ModuleType) -> None:
    rows = generate.readme_table().splitlines()
    assert len(rows) == 2 + len(CATEGORY_IDS)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
