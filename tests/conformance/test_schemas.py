"""The wire format keeps its schema, the schema its documentation, and foreign formats the schemas of their makers."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hypecheck import Checker
from hypecheck.render import RENDERERS
from hypecheck.types import NOTICE, ChecklistItem, Clearance, Evidence, Failure, Finding, Report, ToolLine

ROOT = Path(__file__).resolve().parents[2]

ARTICLE = """---
title: A groundbreaking pill for knees
date: 2026-02-01
---
This groundbreaking drug cures arthritis for good, and experts say it has no side effects.
“My knees were healed in a week,” says Ann, 61. 💊 It will be approved within months.

The trial had 12 people; pain fell from 6.1 to 5.4 points on a scale of 10.
"""
"""Our own: every list of a report has something in it, the regulatory record included."""

HOSTILE = 'a "b"\n::error::,%\u202e[c](d) </script> \ud800 {0}'


@pytest.fixture(scope="module")
def reports() -> tuple[Report, ...]:
    """A real report, the same with a suppressed finding under a hostile name, and one of an empty file."""
    checker = Checker(as_of=date(2026, 3, 1))
    report = checker.check_bytes(ARTICLE.encode(), "posts/pill.md")
    assert report.findings and report.checklist
    hostile = replace(
        report, path=HOSTILE, findings=report.findings[1:], suppressed=report.findings[:1], notes=(HOSTILE,)
    )
    clearance = Clearance("cure-claim", 0, 3, HOSTILE, 1, 1, HOSTILE)
    return report, replace(hostile, cleared=(clearance,)), checker.check_bytes(b"", "empty.txt")


@pytest.fixture(scope="module")
def written(reports: tuple[Report, ...]) -> dict[str, str]:
    """What every machine format makes of the reports and a failure."""
    failures = [Failure(HOSTILE, f"{HOSTILE}: cannot be read; mend it")]
    formats = ("json", "jsonl", "sarif", "gitlab", "rdjson")
    return {name: RENDERERS[name](reports, failures, reports[0].model, False) for name in formats}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads((ROOT / "hypecheck" / "data" / "wire-schema.json").read_text(encoding="utf-8"))


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with every object shut, so that a key it does not tell of is a fault."""
    shut = copy.deepcopy(schema)
    del shut["definitions"]["line"]
    for definition in [shut, *shut["definitions"].values()]:
        definition["additionalProperties"] = False
    return shut


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema", reason="the package jsonschema is not installed")
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def test_real_output_keeps_the_schema_and_has_no_other_key(schema, written) -> None:
    assert faults(closed(schema), json.loads(written["json"])) == []


def test_no_file_at_all_keeps_the_schema(schema, reports) -> None:
    assert faults(closed(schema), json.loads(RENDERERS["json"]([], [], reports[0].model, False))) == []


def test_each_line_of_jsonl_keeps_the_schema(schema, written) -> None:
    lines = {"$ref": "#/definitions/line", "definitions": schema["definitions"]}
    values = [json.loads(line) for line in written["jsonl"].split("\n")[:-1]]
    assert [value["kind"] for value in values] == ["report", "report", "report", "error"]
    assert [fault for value in values for fault in faults(lines, value)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param(["version"], 2, id="another version"),
        pytest.param(["tool", "as_of"], "yesterday", id="no date"),
        pytest.param(["tool", "model_sha256"], "f" * 63, id="a short digest"),
        pytest.param(["reports", 0, "score"], 101, id="a score above 100"),
        pytest.param(["reports", 0, "findings", 0, "severity"], "grave", id="an unknown severity"),
        pytest.param(["reports", 0, "findings", 0, "column"], 0, id="a column from 0"),
        pytest.param(["reports", 0, "findings", 0, "score"], None, id="no score"),
        pytest.param(["reports", 0, "suppressed"], {}, id="an object for a list"),
        pytest.param(["reports", 0, "categories", "cure-claim", "count"], -1, id="a negative count"),
        pytest.param(["reports", 0, "verdict"], "false", id="a key that is not told of"),
        pytest.param(["errors", 0], "unreadable", id="a failure without its path"),
    ],
)
def test_the_schema_refuses(schema, written, path, value) -> None:
    body = json.loads(written["json"])
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert faults(closed(schema), body)


@pytest.mark.parametrize(
    ("name", "type"),
    [("tool", ToolLine), ("finding", Finding), ("evidence", Evidence), ("clearance", Clearance),
     ("checklist_item", ChecklistItem), ("failure", Failure)],
)  # fmt: skip
def test_the_schema_names_every_field_in_its_order(schema, name, type) -> None:
    definition = schema["definitions"][name]
    assert list(definition["properties"]) == [field.name for field in fields(type)]
    assert definition["required"] == list(definition["properties"])


def test_the_schema_names_every_key_of_a_report_in_its_order(schema, reports) -> None:
    assert list(schema["definitions"]["report"]["properties"]) == list(reports[0].to_dict())


def document(schema: dict[str, Any]) -> str:
    """docs/wire-schema.md: an introduction and a table an object."""
    lines = [
        "<!-- Made of hypecheck/data/wire-schema.json by tests/conformance/test_schemas.py with --update-golden. -->",
        "",
        "# The wire format",
        "",
        "`hypecheck check --format json` writes one object, whether there are files or not; `--format jsonl` writes a line",
        "for each file. `hypecheck/data/wire-schema.json` (JSON Schema, draft 7) says the same to programs, and is in the",
        "package: `importlib.resources.files(\"hypecheck.data\") / \"wire-schema.json\"`.",
        "",
        "A reader should check `version`, treat a file under `errors` as not checked, and pass over keys that it does not know.",
        "Numbers have six decimals at most. Text is written as it stands in the article: escape it where you show it.",
        "",
    ]  # fmt: skip
    for name, definition in [("The object", schema), *schema["definitions"].items()]:
        lines += [f"## {name}", "", definition["description"], "", "| key | type | meaning |", "| :-- | :-- | :-- |"]
        lines += [
            f"| `{key}` | {kind(value)} | {meaning(schema, value)} |" for key, value in definition["properties"].items()
        ]
        lines.append("")
    return "\n".join(lines)


def kind(value: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in value:
        return f"`{json.dumps(value['const'])}`"
    if "enum" in value:
        return " or ".join(f"`{choice}`" for choice in value["enum"])
    if value["type"] == "array":
        return f"list of {kind(value['items'])}"
    if "additionalProperties" in value:
        return f"object of {kind(value['additionalProperties'])}"
    names = [value["type"]] if isinstance(value["type"], str) else value["type"]
    names = ["date" if name == "string" and value.get("format") == "date" else name for name in names]
    limits = f", {value.get('minimum', '')} to {value['maximum']}" if "maximum" in value else ""
    return " or ".join(names) + limits


def meaning(schema: dict[str, Any], value: dict[str, Any]) -> str:
    if "$ref" in value:
        value = schema["definitions"][value["$ref"].rpartition("/")[2]]
    return value["description"]


def test_the_documentation_is_that_of_the_schema(schema, request) -> None:
    file = ROOT / "docs" / "wire-schema.md"
    if request.config.getoption("--update-golden"):
        file.write_text(document(schema), encoding="utf-8", newline="")
    assert file.read_text(encoding="utf-8") == document(schema)


@pytest.mark.parametrize(
    ("format", "file"),
    [
        pytest.param("sarif", "sarif-2.1.0.json", id="SARIF 2.1.0"),
        pytest.param("sarif", "sarif-2.1.0-rtm.6.json", id="SARIF 2.1.0, release 6 of the schema"),
        pytest.param("gitlab", "gl_array.json", id="GitLab Code Quality"),
        pytest.param("rdjson", "DiagnosticResult.json", id="reviewdog"),
    ],
)
def test_foreign_schemas_hold(written, shared, tmp_path, format, file) -> None:
    """check-jsonschema with the makers' schema, which stays outside this project."""
    pytest.importorskip("check_jsonschema", reason="the package check-jsonschema is not installed")
    maker = shared / "schemas" / file
    if not maker.is_file():
        pytest.skip(f"the schema {file} is not among the shared ones")
    good, bad = tmp_path / f"good.{format}", tmp_path / f"bad.{format}"
    good.write_text(written[format], encoding="utf-8")
    bad.write_text(spoil(format, written[format]), encoding="utf-8")
    assert validate(maker, good).returncode == 0, validate(maker, good).stdout
    assert validate(maker, bad).returncode == 1


def spoil(format: str, text: str) -> str:
    """The same with one fault, so that a validator that passes everything is found out."""
    body = json.loads(text)
    if format == "sarif":
        body["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] = 0
    elif format == "gitlab":
        del body[0]["fingerprint"]
    else:
        body["diagnostics"][0]["severity"] = "BOGUS"
    return json.dumps(body)


def validate(schema: Path, file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("format", RENDERERS)
def test_every_format_carries_the_audit_line_and_the_notice(reports, format) -> None:
    rendered = RENDERERS[format](reports[:1], [], reports[0].model, False).replace("\\", "")
    assert NOTICE in rendered
    for part in (reports[0].model.version, reports[0].model.model_sha256[:12], "2026-03-01"):
        assert part in rendered


@pytest.mark.parametrize("format", RENDERERS)
def test_every_format_writes_what_utf8_can_hold(reports, format) -> None:
    failures = [Failure(HOSTILE, f"{HOSTILE}: cannot be read; mend it")]
    RENDERERS[format](reports, failures, reports[0].model, True).encode("utf-8")
