"""Settings files, baselines, changed lines and directives as a user of the command line meets them."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from hypecheck import cli

OVERSOLD = """Calf patch is a miracle for restless legs

The patch is a miracle cure that works for everyone, and it is completely safe. It is worn on the calf at night and
sends weak pulses through the skin. MDMA is FDA-approved for PTSD, the company says.
"""
CAREFUL = """Calf patch lowered symptoms a little in a small trial

In a trial of 60 people the score fell by 3 points with the patch and by 2 with a sham one. Skin burns were seen in 4
of 30 people. It is not known how long the effect lasts, and the patch has not been approved.
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(run):
    """By the model that starts fastest: nothing here hangs on which one reads."""
    return lambda *arguments: run(*arguments, "--model", "linear")


@pytest.fixture
def found(run):
    """Category and severity of each finding of a check, with its exit status."""

    def found(*arguments: str) -> tuple[int, list[tuple[str, str]]]:
        code, out, _ = run("check", "--format", "json", *arguments)
        reports = json.loads(out)["reports"]
        return code, [(f["category"], f["severity"]) for report in reports for f in report["findings"]]

    return found


def test_without_settings_the_page_fails(place, found):
    (place / "page.txt").write_text(OVERSOLD)
    code, findings = found("page.txt")
    assert code == 1
    assert {"hype-language", "cure-claim"} & {category for category, _ in findings}


def test_a_category_that_is_off_reports_nothing(place, found):
    (place / "page.txt").write_text(OVERSOLD)
    (place / ".hypecheck.toml").write_text("[categories]\nhype-language = false\ncure-claim = false\n")
    assert not {"hype-language", "cure-claim"} & {category for category, _ in found("page.txt")[1]}


def test_severity_and_floor_are_the_users(place, found):
    (place / "page.txt").write_text(OVERSOLD)
    everything = "\n".join(f'{category} = "low"' for category, _ in set(found("page.txt")[1]))
    (place / ".hypecheck.toml").write_text(f"[severity]\n{everything}\n")
    code, findings = found("page.txt")
    assert code == 0
    assert {severity for _, severity in findings} == {"low"}
    assert found("page.txt", "--fail-on", "low")[0] == 1


def test_a_section_holds_for_its_paths_only(place, found):
    for folder in ("blog", "press"):
        (place / folder).mkdir()
        (place / folder / "page.txt").write_text(OVERSOLD)
    (place / ".hypecheck.toml").write_text('[[paths]]\nfiles = ["blog/**"]\nfail-on = "never"\n')
    assert found("blog")[0] == 0
    assert found("press")[0] == 1


def test_an_allowed_name_is_cleared_and_an_own_phrase_is_flagged(place, found):
    (place / "page.txt").write_text(CAREFUL.replace("the patch and", "the Miracle Patch and"))
    (place / "pyproject.toml").write_text(
        '[tool.hypecheck]\nallow = ["Miracle Patch"]\n[[tool.hypecheck.flag]]\nphrase = "weak pulses"\n'
        'category = "hype-language"\nseverity = "low"\nreason = "house style"\n'
    )
    assert ("hype-language", "low") not in found("page.txt")[1]
    (place / "page.txt").write_text(CAREFUL + "\nIt sends weak pulses.\n")
    assert ("hype-language", "low") in found("page.txt")[1]


def test_a_text_without_a_word_on_risk_fails_where_it_shall(place, found):
    text = (
        "Walnuts lower the risk of heart disease\n\n"
        + (
            "People who ate walnuts every day had lower cholesterol and stronger hearts, the study found. "
            "Walnuts protect the heart and lower blood pressure, and they help people to live longer lives. "
        )
        * 2
    )
    (place / "page.txt").write_text(text)
    _, findings = found("page.txt", "--fail-on", "high")
    assert "missing-risk" in {category for category, _ in findings}
    (place / ".hypecheck.toml").write_text("missing-risk-fails = true\n")
    assert found("page.txt", "--fail-on", "medium")[0] == 1


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (".hypecheck.toml", "fail-onn = 'low'\n", "did you mean fail-on?"),
        ("pyproject.toml", "[tool.hypecheck]\n\nrole = 'doctor'\n", "pyproject.toml:3"),
        ("setup.cfg", "[tool:hypecheck]\nfail_on = sometimes\n", "setup.cfg"),
    ],
    ids=["a misspelt key", "no such role", "no such value"],
)
def test_faulty_settings_end_the_run_before_anything_is_checked(place, run, name, text, words):
    (place / "page.txt").write_text(CAREFUL)
    (place / name).write_text(text)
    code, out, err = run("check", "page.txt")
    assert (code, out) == (2, "")
    assert words in err


def test_config_says_what_holds_and_where_it_was_said(place, capsys):
    (place / ".hypecheck.toml").write_text("# ours\nrole = 'clinic'\n")
    cli.main(["config", "page.txt"])
    lines = capsys.readouterr().out.splitlines()
    (role,) = [line for line in lines if line.startswith("role ")]
    assert '"clinic"' in role
    assert role.endswith(".hypecheck.toml:2")


def test_a_baseline_lets_known_findings_pass_and_new_ones_fail(place, run, found):
    (place / "page.txt").write_text(OVERSOLD)
    assert run("baseline", "page.txt")[0] == 0
    recorded = (place / ".hypecheck-baseline.json").read_text()
    assert found("--baseline", ".hypecheck-baseline.json", "page.txt") == (0, [])
    moved = "A line above.\n\n" + OVERSOLD.partition("\n\n")[2]
    (place / "page.txt").write_text(moved + "\nIn America MDMA is an FDA-approved medicine for PTSD.\n")
    code, findings = found("--baseline", ".hypecheck-baseline.json", "page.txt")
    assert code == 1
    assert findings
    assert (place / ".hypecheck-baseline.json").read_text() == recorded
    (place / "page.txt").write_text(CAREFUL)
    assert run("baseline", "--prune", "page.txt")[0] == 0
    assert json.loads((place / ".hypecheck-baseline.json").read_text())["files"] == {}


PAGE = """---
title: Calf patch
teaser: Blue pads come in two sizes.
description: Blue pads come in two sizes.
---

In a trial of 60 people the score fell by 3 points with the patch and by 2 with a sham one. Burns were seen in 4.

![Blue pads come in two sizes](patch.png)
"""


FLAG = """
[[flag]]
phrase = "blue pads"
category = "cure-claim"
severity = "high"
reason = "house style 1"
"""


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("", {4, 9}),
        ("metadata = ['title', 'teaser']\n", {3}),
        ("metadata = ['teaser', 'alt', 'description']\n", {3, 4, 9}),
        ("metadata = []\n", set()),
    ],
    ids=["as shipped", "another key", "keys and pictures", "none"],
)
def test_settings_say_what_of_the_metadata_is_read(place, run, said, lines):
    (place / "page.md").write_text(PAGE)
    (place / ".hypecheck.toml").write_text(said + FLAG)
    _, out, _ = run("check", "--format", "json", "page.md")
    (report,) = json.loads(out)["reports"]
    assert {finding["line"] for finding in report["findings"] if finding["text"] == "Blue pads"} == lines


@pytest.mark.parametrize("asked", [False, True], ids=["as shipped", "asked for"])
def test_a_page_says_of_itself_what_is_asked_for(place, run, asked):
    head = '<meta name="teaser" content="Blue pads."><title>Calf patch</title>'
    (place / "page.html").write_text(f"<html><head>{head}</head><body><p>{CAREFUL}</p></body></html>")
    (place / ".hypecheck.toml").write_text("metadata = ['teaser']\n" * asked + FLAG)
    _, out, _ = run("check", "--format", "json", "page.html")
    (report,) = json.loads(out)["reports"]
    assert [f["text"] for f in report["findings"] if f["category"] == "cure-claim"] == ["Blue pads"] * asked


def test_metadata_is_a_list_in_setup_cfg(place, capsys):
    (place / "setup.cfg").write_text("[tool:hypecheck]\nmetadata =\n    title\n    teaser\n")
    cli.main(["config", "page.md"])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("metadata ")]
    assert '["teaser", "title"]' in line


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        ((), ["Blue pads"]),
        (("--field-format", "html"), ["Blue pads"]),
        (("--field-format", "markdown"), ["Blue pads"]),
        (("--field-format", "text"), []),
    ],
    ids=["auto", "html", "markdown", "text"],
)
def test_values_of_an_export_are_read_as_told(place, run, arguments, texts):
    (place / "posts.json").write_text(json.dumps([{"body": "<p>Here <b>Blue</b> pads lie.</p>"}]))
    (place / ".hypecheck.toml").write_text(FLAG)
    _, out, _ = run("check", "--format", "json", "--field", "body", *arguments, "posts.json")
    (report,) = json.loads(out)["reports"]
    assert [" ".join(finding["text"].replace("</b>", "").split()) for finding in report["findings"]] == texts


def test_a_format_that_no_value_has_is_refused(place, run):
    (place / "posts.json").write_text('[{"body": "x"}]')
    code, out, err = run("check", "--field", "body", "--field-format", "markup", "posts.json")
    assert (code, out) == (2, "")
    assert "markdown" in err


@pytest.mark.parametrize(("heading", "code"), [("References", 0), ("Reference values", 1)])
def test_a_list_of_references_does_not_fail_a_page(place, found, heading, code):
    (place / "page.md").write_text(f"# Calf patch\n\n{CAREFUL}\n## {heading}\n\n- Blue pads. 2019.\n")
    (place / ".hypecheck.toml").write_text(FLAG)
    assert found("page.md") == (code, [("cure-claim", "high")] * code)


def test_sarif_beside_a_baseline_tells_what_is_new(place, run):
    (place / "page.txt").write_text(OVERSOLD)
    run("baseline", "page.txt")
    _, out, _ = run("check", "--format", "sarif", "--baseline", ".hypecheck-baseline.json", "page.txt")
    states = {result["baselineState"] for result in json.loads(out)["runs"][0]["results"]}
    assert states == {"unchanged"}


def test_a_baseline_is_left_as_it_was_where_a_file_cannot_be_read(place, run):
    (place / "page.txt").write_text(OVERSOLD)
    run("baseline", "page.txt")
    before = (place / ".hypecheck-baseline.json").read_text()
    (place / "bad.txt").write_bytes(b"\xff\xfe\x00")
    code, _, err = run("baseline", "page.txt", "bad.txt")
    assert code == 2
    assert "left as it was" in err
    assert (place / ".hypecheck-baseline.json").read_text() == before


def test_a_suppressed_finding_fails_nothing_and_is_shown_with_its_reason(place, run):
    (place / "page.md").write_text("# A page\n\nIt is a miracle. <!-- hypecheck: ignore -- quoted from the label -->\n")
    code, out, _ = run("check", "--format", "json", "page.md")
    (report,) = json.loads(out)["reports"]
    assert (code, report["findings"]) == (0, [])
    assert "quoted from the label" in json.dumps(report["suppressed"])


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_only_changed_lines_are_judged(place, found, run):
    (place / ".git").rmdir()

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments], check=True, capture_output=True
        )

    git("init", "--initial-branch=main")
    (place / "page.txt").write_text(OVERSOLD)
    git("add", ".")
    git("commit", "-m", "page")
    code, _, err = run("check", "--diff-base", "main", "page.txt")
    assert code == 0
    assert "nothing was checked" in err
    (place / "page.txt").write_text(OVERSOLD + "\nIn America MDMA is an FDA-approved medicine for PTSD.\n")
    code, out, _ = run("check", "--diff-base", "main", "--format", "json", "page.txt")
    findings = json.loads(out)["reports"][0]["findings"]
    # What a whole text leaves out is judged anew whenever any of its lines changes.
    lines = {finding["line"] for finding in findings if finding["subtype"] != "document"}
    assert code == 1
    assert lines == {6}


def test_fields_of_an_export_are_read_where_they_stand(place, run):
    (place / "posts.json").write_text(json.dumps([{"id": 1, "body": "A note.\nMDMA is FDA-approved for PTSD."}]))
    assert run("check", "posts.json")[0] == 2
    code, out, _ = run("check", "--field", "body", "--format", "json", "posts.json")
    source = (place / "posts.json").read_text()
    findings = json.loads(out)["reports"][0]["findings"]
    assert code == 1
    assert findings
    assert all(source[f["start"] : f["end"]] == f["text"] for f in findings)


@pytest.mark.parametrize("name", ["jsonl", "sarif", "github", "markdown", "gitlab", "rdjson", "html"])
def test_every_format_tells_of_a_finding_and_of_a_file_that_was_not_analysed(place, run, name):
    (place / "page.txt").write_text(OVERSOLD)
    code, out, err = run("check", "--format", name, "page.txt", "missing.txt")
    assert code == 2
    assert "miracle" in out
    assert "missing.txt" in out.replace("\\", "") or name in ("gitlab", "rdjson")
    assert "missing.txt" in err


def test_a_summary_is_appended(place, run):
    (place / "page.txt").write_text(OVERSOLD)
    (place / "summary.md").write_text("before\n")
    run("check", "--summary", "summary.md", "page.txt")
    text = (place / "summary.md").read_text()
    assert text.startswith("before\n")
    assert "page.txt" in text.replace("\\", "")
