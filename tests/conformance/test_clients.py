"""Programs that nobody here wrote read what the formats write; each test skips where its program is missing."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hypecheck import Checker
from hypecheck.render import RENDERERS, level
from hypecheck.types import Failure, Report

ARTICLE = "# A groundbreaking pill 💊\n\nThis miracle cures arthritis for good. It has no side effects. Experts say it is the best.\n"
HOSTILE = 'a "b", c\n::error::%\u202e[d](e) </script> {0}.md'


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    """A real report and the same under a hostile name, its first finding suppressed, one sure finding of each severity."""
    report = Checker(as_of=date(2026, 3, 1)).check_bytes(ARTICLE.encode(), "posts/a pill.md")
    assert len(report.findings) >= 3
    sure = [replace(report.findings[0], severity=name, gated=True) for name in ("low", "medium", "high")]
    return [
        report,
        replace(report, path=HOSTILE, findings=tuple(sure), suppressed=report.findings[:1], notes=(HOSTILE,)),
    ]


@pytest.fixture(scope="module")
def sarif(reports, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("clients") / "hypecheck.sarif"
    file.write_text(
        RENDERERS["sarif"](reports, [Failure("scan.pdf", "no text")], reports[0].model, False), encoding="utf-8"
    )
    return file


def sarif_tools(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "sarif", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def has_sarif_tools() -> None:
    pytest.importorskip("sarif", reason="the package sarif-tools is not installed")


@pytest.mark.usefixtures("has_sarif_tools")
def test_sarif_tools_counts_each_level(reports, sarif, tmp_path) -> None:
    table = tmp_path / "out.csv"
    told = sarif_tools("csv", sarif, "-o", table)
    assert told.returncode == 0, told.stderr
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shown = [finding for report in reports for finding in (*report.findings, *report.suppressed)]
    levels = Counter(level(finding) for report in reports for finding in report.findings)
    levels["note"] += sum(len(report.suppressed) for report in reports)
    assert Counter(row["Severity"] for row in rows) == levels
    assert Counter((row["Code"], int(row["Line"])) for row in rows) == Counter((f.category, f.line) for f in shown)
    assert {row["Tool"] for row in rows} == {"hypecheck"}


@pytest.mark.usefixtures("has_sarif_tools")
def test_sarif_tools_gates_on_errors(reports, sarif, tmp_path) -> None:
    quiet = tmp_path / "quiet.sarif"
    calm = [replace(report, findings=tuple(replace(f, gated=False) for f in report.findings)) for report in reports]
    quiet.write_text(RENDERERS["sarif"](calm, [], reports[0].model, False), encoding="utf-8")
    assert sarif_tools("--check", "error", "summary", sarif).returncode != 0
    assert sarif_tools("--check", "error", "summary", quiet).returncode == 0


@pytest.mark.usefixtures("has_sarif_tools")
def test_sarif_tools_sees_no_difference_between_two_runs(reports, sarif, tmp_path) -> None:
    again = tmp_path / "again.sarif"
    again.write_text(
        RENDERERS["sarif"](reports, [Failure("scan.pdf", "no text")], reports[0].model, False), encoding="utf-8"
    )
    table = tmp_path / "diff.json"
    assert sarif_tools("diff", sarif, again, "-o", table).returncode == 0
    assert {value[sign] for value in json.loads(table.read_text(encoding="utf-8")).values() for sign in "+-"} == {0}


@pytest.mark.usefixtures("has_sarif_tools")
def test_sarif_tools_makes_a_page_and_a_code_climate_file(sarif, tmp_path) -> None:
    page, climate = tmp_path / "out.html", tmp_path / "out.json"
    assert sarif_tools("html", sarif, "-o", page).returncode == 0
    assert sarif_tools("codeclimate", sarif, "-o", climate).returncode == 0
    assert page.stat().st_size and json.loads(climate.read_text(encoding="utf-8"))


def multitool() -> str | None:
    """The program itself: the wrapper of npm passes its arguments through a shell."""
    named = os.environ.get("SARIF_MULTITOOL")
    return named or shutil.which("Sarif.Multitool") or shutil.which("sarif-multitool")


def complaints(file: Path) -> list[str]:
    """Errors and warnings; the program exits with 0 whatever it finds."""
    command = [multitool() or "", "validate", str(file), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Analysis completed successfully" in told.stdout, told.stdout + told.stderr
    return [line for line in told.stdout.splitlines() if ": error " in line or ": warning " in line]


@pytest.mark.skipif(
    multitool() is None, reason="npm's @microsoft/sarif-multitool is not at hand (SARIF_MULTITOOL names it)"
)
def test_the_multitool_has_nothing_against_it(sarif, tmp_path) -> None:
    """With the rules of code scanning. SARIF2005 wants the address of the project, which has none yet."""
    assert [line for line in complaints(sarif) if "SARIF2005" not in line] == []
    body = json.loads(sarif.read_text(encoding="utf-8"))
    body["runs"][0]["results"][0]["locations"] = []
    spoiled = tmp_path / "spoiled.sarif"
    spoiled.write_text(json.dumps(body), encoding="utf-8")
    assert any("GH101" in line for line in complaints(spoiled))


@pytest.mark.skipif(
    multitool() is None, reason="npm's @microsoft/sarif-multitool is not at hand (SARIF_MULTITOOL names it)"
)
def test_the_multitool_has_nothing_against_a_run_beside_a_baseline(reports, tmp_path) -> None:
    beside = [replace(report, findings=report.findings[1:], known=report.findings[:1]) for report in reports]
    file = tmp_path / "beside.sarif"
    file.write_text(RENDERERS["sarif"](beside, [], reports[0].model, False), encoding="utf-8")
    assert [line for line in complaints(file) if "SARIF2005" not in line] == []


def test_jq_reads_each_line_of_jsonl(reports) -> None:
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    lines = RENDERERS["jsonl"](reports, [Failure("scan.pdf", "no text")], reports[0].model, False)
    told = subprocess.run(["jq", "-r", ".kind"], input=lines, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["report", "report", "error"]
