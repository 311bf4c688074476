"""Which settings hold for a file, where each was said, and what is refused with its line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hypecheck.categories import CATEGORY_IDS
from hypecheck.cli.config import by_settings_file, config, run_settings
from hypecheck.config import Settings, settings_from
from hypecheck.discovery import SettingsFinder
from hypecheck.score.folder import PACKAGED
from hypecheck.settings_file import (
    COMMAND_LINE,
    DEFAULT,
    MAX_BYTES,
    PACKAGED_MODELS,
    Source,
    find_settings,
    read_settings,
)
from hypecheck.types import SettingsError

OWN, PYPROJECT, SETUP = ".hypecheck.toml", "pyproject.toml", "setup.cfg"

TOML = """
role = "clinic"
jurisdictions = ["UK", "US"]
fail-score = 12.5
missing-risk-fails = true
allow = ["Miracle Whip", "Cure, the band"]

[categories]
fear-appeal = false

[report-thresholds]
cure-claim = 0.5

[severity]
hype-language = "low"
cure-claim = "medium"

[[flag]]
phrase = "magic | pill"
category = "hype-language"
severity = "high"
reason = "we say 100% tablet"

[[paths]]
files = ["blog/**"]
fail-on = "never"
severity = {hype-language = "high"}

[[paths]]
files = ["*.html", "blog/new.md"]
fail-on = "low"
"""

CFG = """
[metadata]
name = another tool's

[tool:hypecheck]
role = clinic
jurisdictions = UK, US
fail-score: 12.5
missing-risk-fails = yes
allow =
    Miracle Whip
    # no phrase
    Cure, the band
categories = fear-appeal = off
report-thresholds =
    cure-claim = 0.5
severity =
    hype-language = low

    cure-claim = medium
flag =
    magic pill | hype-language | high | we say 100% tablet | or pill

[tool:hypecheck:blog/**]
fail-on = never
severity =
    hype-language = high

[tool:hypecheck:*.htm[lx]]
fail-on = low
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def in_pyproject(text: str) -> str:
    """The text of an own file as it stands in pyproject.toml."""
    lines = (line.replace("[[", "[[tool.hypecheck.") if line.startswith("[[") else line for line in text.splitlines())
    lines = (line.replace("[", "[tool.hypecheck.", 1) if line[:1] == "[" and line[1] != "[" else line for line in lines)
    return '[project]\nname = "x"\n[tool.hypecheck]\n' + "\n".join(lines)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """The root of a repository."""
    (tmp_path / ".git").mkdir()
    return Path(os.path.realpath(tmp_path))


def refusal(folder: Path, path: str = "a.md") -> str:
    with pytest.raises(SettingsError) as caught:
        SettingsFinder().effective(folder / path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [(OWN, TOML), (PYPROJECT, in_pyproject(TOML)), (SETUP, CFG)],
    ids=["own", "pyproject", "setup.cfg"],
)
def test_each_kind_of_file_says_the_same(top, name, text):
    finder = SettingsFinder()
    write(top, {name: text})
    settings = finder.effective(top / "page.md")[0]
    assert (settings.role, settings.jurisdictions, settings.fail_score) == ("clinic", ("US", "UK"), 12.5)
    assert (settings.missing_risk_fails, settings.off, settings.fail_on) == (True, ("fear-appeal",), "high")
    assert settings.allow == ("Cure, the band", "Miracle Whip")
    assert (settings.report_thresholds, settings.gate_thresholds) == ((("cure-claim", 0.5),), ())
    assert dict(settings.severity) == {"hype-language": "low", "cure-claim": "medium"}
    assert [flag.category for flag in settings.flag] == ["hype-language"]
    assert "100% tablet" in settings.flag[0].reason
    blog = finder.effective(top / "blog" / "a.md")[0]
    assert (blog.fail_on, dict(blog.severity)) == ("never", {"hype-language": "high", "cure-claim": "medium"})
    assert finder.effective(top / "b.html")[0].fail_on == "low"
    assert finder.effective(top / "blog" / "b.html")[0].fail_on == "low"


NEAREST = {
    "beside": ({OWN: 'role = "clinic"'}, "a.md", "clinic"),
    "further up": ({OWN: 'role = "clinic"'}, "x/y/z/a.md", "clinic"),
    "the nearest": ({OWN: 'role = "clinic"', f"x/{OWN}": 'role = "sponsor"'}, "x/y/a.md", "sponsor"),
    "the nearest alone": ({OWN: 'role = "clinic"', f"x/{OWN}": 'fail-on = "low"'}, "x/a.md", "publisher"),
    "an empty one too": ({OWN: 'role = "clinic"', f"x/{OWN}": ""}, "x/a.md", "publisher"),
    "an empty section too": ({OWN: 'role = "clinic"', f"x/{SETUP}": "[tool:hypecheck]"}, "x/a.md", "publisher"),
    "past other tools'": (
        {OWN: 'role = "clinic"', f"x/{SETUP}": "[tool:pytest]", f"x/{PYPROJECT}": "[tool.ruff]"}, "x/a.md", "clinic",
    ),
    "past a mention": ({OWN: 'role = "clinic"', f"x/{PYPROJECT}": 'dev = ["hypecheck"]'}, "x/a.md", "clinic"),
    "past a broken file of others": ({OWN: 'role = "clinic"', f"x/{PYPROJECT}": "[[["}, "x/a.md", "clinic"),
    "two kinds, one of ours": ({SETUP: "[tool:hypecheck]\nrole = clinic", PYPROJECT: "[tool.x]"}, "a.md", "clinic"),
    "not past the repository": ({OWN: 'role = "clinic"', "x/.git": "gitdir: ../.git/x"}, "x/a.md", "publisher"),
    "the repository's own": ({OWN: 'role = "clinic"', "x/.git": "", f"x/{OWN}": ""}, "x/a.md", "publisher"),
    "none": ({}, "a.md", "publisher"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "path", "role"), NEAREST.values(), ids=NEAREST)
def test_the_nearest_folder_with_settings_counts(top, files, path, role):
    write(top, files)
    assert SettingsFinder().effective(top / path)[0].role == role


PATTERNS = {
    "a folder": ("blog/**", "blog/x/a.md", True),
    "not beside it": ("blog/**", "blogs/a.md", False),
    "a path starts at the settings": ("blog/**", "old/blog/a.md", False),
    "a name at any depth": ("*.html", "a/b/c.html", True),
    "its ending only": ("*.html", "a.html.md", False),
    "a folder at any depth": ("drafts/", "a/drafts/b/c.md", True),
    "not a file of its name": ("drafts/", "a/drafts", False),
    "a star does not cross folders": ("a/*.md", "a/b/c.md", False),
    "two stars do": ("a/**/c.md", "a/b/b/c.md", True),
    "spaces and quotes": ("it's new/*", "it's new/a.md", True),
    "beyond ASCII": ("müsli/*", "müsli/\N{RIGHT-TO-LEFT MARK}\U0001f600.md", True),
    "no try again of its stars": ("*a" * 40 + "b", "a" * 200, False),
    "nor of its folders": ("**/a/" * 40 + "b", "a/" * 200 + "c", False),
    "what cannot be encoded": ("b/*", "b/\udcff\n.md", True),
}


@pytest.mark.parametrize(("pattern", "path", "matches"), PATTERNS.values(), ids=PATTERNS)
@pytest.mark.parametrize("name", [OWN, SETUP])
def test_sections_for_paths(top, name, pattern, path, matches):
    toml = f"[[paths]]\nfiles = [{json.dumps(pattern)}]\nrole = 'clinic'"
    write(top, {name: f"[tool:hypecheck:{pattern}]\nrole = clinic" if name == SETUP else toml})
    assert SettingsFinder().effective(top / path)[0].role == ("clinic" if matches else "publisher")


def test_the_command_line_overrides_every_file(top):
    write(top, {OWN: 'fail-on = "low"\nrole = "clinic"\n[[paths]]\nfiles = ["*"]\nfail-on = "medium"'})
    finder = SettingsFinder({"fail-on": "never", "fail-score": None})
    settings, origins = finder.effective(top / "a.md")
    assert (settings.fail_on, settings.role, settings.fail_score) == ("never", "clinic", None)
    assert (origins["fail-on"], origins["fail-score"]) == (COMMAND_LINE, DEFAULT)


def test_an_option_that_means_nothing_is_refused():
    with pytest.raises(SettingsError, match="did you mean high"):
        SettingsFinder({"fail-on": "hig"})


def test_no_variable_of_the_environment_is_read(top, monkeypatch):
    for name in ("ROLE", "HYPECHECK_ROLE", "HYPECHECK_CONFIG"):
        monkeypatch.setenv(name, "clinic")
    assert SettingsFinder().effective(top / "a.md")[0] == Settings()


@pytest.mark.parametrize(("name", "text"), [(OWN, TOML), (SETUP, CFG)], ids=["own", "setup.cfg"])
def test_every_origin_names_the_line_of_its_key(top, name, text):
    write(top, {name: text})
    said = {}
    for path in ("a.md", "blog/a.md", "b.html"):
        for key, origin in SettingsFinder().effective(top / path)[1].items():
            if origin is not DEFAULT:
                said[str(origin)] = key
                assert origin.name == str(top / name)
                # A table's entry may stand in the line of its table.
                line = text.splitlines()[origin.line - 1]
                assert key.split(".")[-1] in line or line == "[[flag]]"
    assert len(said) == 13


TEXT = '[project]\nname = """\nrole = 1\n"""\n\n[tool.hypecheck]\n# role\nallow = [\n  "role",\n]\nrole = "clinic"\n'

LINES = {
    "behind a text of many lines": (PYPROJECT, TEXT, ("tool", "hypecheck", "role"), 11),
    "where a list begins": (PYPROJECT, TEXT, ("tool", "hypecheck", "allow"), 8),
    "an entry of the list": (PYPROJECT, TEXT, ("tool", "hypecheck", "allow", 0), 8),
    "in the first line": (OWN, "role = 1", ("role",), 1),
    "dotted": (OWN, "a = 1\nseverity.x = 1", ("severity", "x"), 2),
    "of the second table in an array": (OWN, "[[paths]]\nx = 1\n[[paths]]\nx = 1\ny = 1", ("paths", 1, "x"), 4),
    "the array's table": (OWN, "[[paths]]\nx = 1\n\n[[paths]]\nx = 1", ("paths", 1), 4),
    "not there": (OWN, "role = 1", ("roles",), None),
    "a step into a text": (OWN, "role = 'x'", ("role", 0, "x"), None),
    "setup.cfg": (SETUP, "[a]\nrole = x\n[tool:hypecheck]\n# role\nrole = y", ("tool:hypecheck", "role"), 5),
    "an entry in setup.cfg": (SETUP, CFG, ("tool:hypecheck", "severity", "cure-claim"), 20),
    "a line separator ends no line": (OWN, "# a\u2028 b\nrole = 1", ("role",), 2),
}


@pytest.mark.parametrize(("name", "text", "where", "line"), LINES.values(), ids=LINES)
def test_the_line_of_a_value(name, text, where, line):
    assert Source(Path(name), text).line_of(where) == line


WRONG = {
    "unknown key": (OWN, "\nrolle = 'clinic'", ":2: there is no setting 'rolle'; did you mean role?"),
    "unknown key in pyproject.toml": (PYPROJECT, "[tool.hypecheck]\n\nrol = 1", ":3: there is no setting 'rol'"),
    "unknown key in setup.cfg": (SETUP, "[x]\n[tool:hypecheck]\nfail_on = low", ":3: there is no setting 'fail_on'"),
    "a key in capitals": (SETUP, "[tool:hypecheck]\nRole = clinic", ":2: there is no setting 'Role'; did you mean role"),
    "wrong value": (SETUP, "[tool:hypecheck]\n\n\nfail-score = forty", ":4: fail-score is a number from 0 to 100"),
    "empty value": (SETUP, "[tool:hypecheck]\nrole =", ":2: role is one of"),
    "unknown category": (OWN, "[severity]\nfear-appeal='low'\nhype='low'", ":3: severity: there is no category 'hype'"),
    "a category's value": (SETUP, "[tool:hypecheck]\ncategories =\n  cure-claim = of", ":3: categories: cure-claim is"),
    "a category twice": (SETUP, "[tool:hypecheck]\nseverity =\n  cure-claim = low\n  cure-claim = high", "given twice"),
    "a category without a value": (SETUP, "[tool:hypecheck]\nseverity = cure-claim", ":2: severity: cure-claim is one"),
    "a phrase": (OWN, "[[flag]]\nphrase='a'\n\n[[flag]]\nphrase='b'", ":1: flag: an entry has phrase"),
    "the second phrase": (
        SETUP, "[tool:hypecheck]\nflag =\n  a | cure-claim | low | x\n  b | cure | low | x", ":2: flag: 'b': there is no",
    ),
    "in a section for paths": (OWN, "[[paths]]\nfiles=['*']\nrole='x'", ":3: role is one of"),
    "that matches no file here": (OWN, "[[paths]]\nfiles=['no']\nrole='x'", ":3: role is one of"),
    "a model by path": (OWN, "[[paths]]\nfiles=['*']\nmodel='linear'", ":3: model holds for a whole run"),
    "exclude by path": (SETUP, "[tool:hypecheck:*]\nexclude = x", ":2: exclude holds for a whole run"),
    "paths in paths": (OWN, "[[paths]]\nfiles=['*']\n[[paths.paths]]\n", ":3: there is no setting 'paths'"),
    "paths without files": (OWN, "[[paths]]\nrole='clinic'", "files is a list of patterns"),
    "paths with a text": (OWN, "[[paths]]\nfiles='*'", "files is a list of patterns"),
    "paths a table": (OWN, "[paths]\nfiles=['*']", "paths is an array of tables"),
    "a negated pattern": (OWN, "[[paths]]\nfiles=['!a']\n", ":1: files '!a': no glob is negated"),
    "a pattern out of the folder": (SETUP, "[tool:hypecheck:../a/*]\n", ":1: files '../a/*' matches nothing"),
    "a pattern of nothing": (OWN, "\nexclude=['a', '/']", ":2: exclude '/' matches nothing"),
    "a gate below its report threshold": (
        OWN, "gate-thresholds.cure-claim=0.1\nreport-thresholds.cure-claim=0.2", "what is not reported cannot fail",
    ),
    "all of it off": (OWN, "\n".join(["[categories]", *(f"{each}=false" for each in CATEGORY_IDS)]), ":1: categories:"),
    "broken TOML": (OWN, "role = ", "at line 1"),
    "broken setup.cfg": (SETUP, "[tool:hypecheck]\nrole clinic", "setup.cfg"),
    "a section twice": (SETUP, "[tool:hypecheck]\n[tool:hypecheck]", "already exists"),
    "a key twice": (OWN, "role='clinic'\nrole='sponsor'", "line 2"),
    "the TOML header in setup.cfg": (SETUP, "[tool.hypecheck]\nrole=x", "stand in [tool:hypecheck]"),
    "no header in setup.cfg": (SETUP, "[hypecheck]\nrole=x", "stand in [tool:hypecheck]"),
    "no header in pyproject.toml": (PYPROJECT, "[hypecheck]\nrole='x'", "stand in [tool.hypecheck]"),
    "the header of setup.cfg in TOML": (PYPROJECT, "['tool:hypecheck']", "stand in [tool.hypecheck]"),
    "a header in the own file": (OWN, "[tool.hypecheck]\nrole='clinic'", "write the keys without"),
    "no table": (PYPROJECT, "[tool]\nhypecheck=1", "is a table, not 1"),
    "nested to no end": (OWN, "a=" + "[" * 50_000, "nested too deeply"),
    "a number of many digits": (OWN, "max-bytes=" + "9" * 5000, OWN),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_setting_is_refused_with_its_place(top, name, text, words):
    message = refusal(write(top, {name: text}))
    assert message.startswith(str(top / name))
    assert words in message
    assert len(message) - len(str(top)) < 500


def test_two_kinds_in_a_folder_are_refused(top):
    write(top, {SETUP: "[tool:hypecheck]", PYPROJECT: "[tool.hypecheck]"})
    assert f"{PYPROJECT} and {SETUP} both hold settings" in refusal(top, "x/a.md")


BYTES = {
    "not UTF-8": (OWN, b"role = '\xe4'", "byte 8 is not UTF-8"),
    "UTF-16": (OWN, "role = 'clinic'".encode("utf-16"), "is not UTF-8"),
    "too long": (OWN, b"#" * (MAX_BYTES + 1), "is longer than"),
}


@pytest.mark.parametrize(("name", "data", "words"), BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_settings(top, name, data, words):
    (top / name).write_bytes(data)
    assert words in refusal(top)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfrole = 'clinic'", b"\r\nrole = 'clinic'\r\n"], ids=["mark", "CRLF"])
def test_bytes_that_are_settings(top, data):
    (top / OWN).write_bytes(data)
    assert SettingsFinder().effective(top / "a.md")[0].role == "clinic"


def test_a_link_to_nothing_is_not_passed_over(top):
    (top / OWN).symlink_to(top / "gone")
    assert "is a link to nothing" in refusal(top)


def test_a_folder_or_a_pipe_of_that_name_holds_no_settings(top):
    (top / PYPROJECT).mkdir()
    os.mkfifo(top / OWN)
    assert find_settings(top) is None


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([OWN, PYPROJECT, SETUP]),
    st.binary(max_size=40)
    | st.lists(
        st.sampled_from(
            "[tool.hypecheck]|[tool:hypecheck]|[tool:hypecheck:a/**]|[[paths]]|files=['a']|files=[|]|[severity]|role='x'|role=clinic"
            "|allow=|  a|flag=|  a|b|c|severity=|  x = y|  cure-claim = low|'''|\"\"\"|=|#|!|max-bytes=1|fail-score = 1".split(
                "|"
            )
        ),
        max_size=8,
    ).map(lambda lines: "\n".join(lines).encode()),
)
def test_any_bytes_are_settings_or_an_error(tmp_path, name, data):
    file = tmp_path / name
    file.write_bytes(data)
    try:
        found = read_settings(file)
    except SettingsError as error:
        assert str(error).startswith(str(file))
    else:
        assert found is None or found.sections[0].patterns is None


PHRASE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(str.strip)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(["clinic", "sponsor"]),
        "fail-score": st.floats(0, 100) | st.integers(0, 100),
        "missing-risk-fails": st.booleans(),
        "allow": st.lists(PHRASE, max_size=3),
        "severity": st.dictionaries(st.sampled_from(CATEGORY_IDS), st.sampled_from(["low", "high"]), max_size=3),
        "categories": st.dictionaries(st.sampled_from(CATEGORY_IDS[:9]), st.booleans(), max_size=3),
    },
)


@hypothesis_settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SAID)
def test_what_is_written_is_what_holds(tmp_path, said):
    lines = []
    for key, value in said.items():
        rows = {f"{key}.{name}": each for name, each in value.items()} if isinstance(value, dict) else {key: value}
        lines += [f"{name} = {json.dumps(each, ensure_ascii=False)}" for name, each in rows.items()]
    (tmp_path / OWN).write_text("\n".join(lines), encoding="utf-8")
    settings, origins = SettingsFinder().effective(tmp_path / "a.md")
    assert settings == settings_from(said)
    for number, line in enumerate(lines, 1):
        assert origins[line.partition(" = ")[0]].line == number


def test_paths_in_settings_start_at_their_file(top):
    write(top, {f"x/{OWN}": 'record = "own/record.yaml"\nmodel = "tuned"'})
    settings = SettingsFinder().effective(top / "x" / "y" / "a.md")[0]
    assert (settings.record, settings.model) == (str(top / "x" / "own" / "record.yaml"), str(top / "x" / "tuned"))


@pytest.mark.parametrize("model", PACKAGED_MODELS)
def test_a_packaged_model_is_no_path(top, model):
    write(top, {OWN: f'model = "{model}"'})
    assert SettingsFinder().effective(top / "a.md")[0].model == model


def test_the_packaged_models_are_those_of_the_loader():
    assert set(PACKAGED_MODELS) == set(PACKAGED)


def test_each_settings_file_is_read_once(top, monkeypatch):
    write(top, {OWN: "[[paths]]\nfiles=['blog/']\nrole='clinic'", "blog/a.md": "", "x/y/b.md": ""})
    finder, opened, real = SettingsFinder(), [], Path.open

    def count(path, *arguments):
        opened.append(path)
        return real(path, *arguments)

    monkeypatch.setattr(Path, "open", count)
    results = [finder.effective(top / path) for path in ("a.md", "blog/a.md", "x/y/b.md", "blog/new/c.md", "blog")]
    assert opened == [top / OWN]
    assert results[0] is results[2] is results[4]
    assert results[1] is results[3]


def test_two_finders_share_nothing(top):
    one = SettingsFinder()
    assert one.effective(top / "a.md")[0].role == "publisher"
    write(top, {OWN: 'role = "clinic"'})
    assert SettingsFinder().effective(top / "a.md")[0].role == "clinic"
    assert one.effective(top / "a.md")[0].role == "publisher"


def test_a_very_deep_folder(top):
    write(top, {OWN: 'role = "clinic"'})
    assert SettingsFinder().effective(top.joinpath(*["d"] * 1500, "a.md"))[0].role == "clinic"


def test_a_link_to_a_folder_has_the_settings_of_that_folder(top):
    write(top, {f"real/{OWN}": 'role = "clinic"', "real/a.md": ""})
    (top / "link").symlink_to(top / "real", target_is_directory=True)
    assert SettingsFinder().effective(top / "link" / "a.md")[0].role == "clinic"


def test_a_run_has_one_model(top):
    write(top, {f"x/{OWN}": '\nmodel = "linear"', f"y/{OWN}": 'role = "clinic"\nmodel = "linear"', "a.md": ""})
    finder = SettingsFinder()
    same = [str(top / "x" / "a.md"), str(top / "y" / "b.md")]
    assert run_settings(finder, same) == finder.effective(same[0])[0]
    with pytest.raises(SettingsError) as caught:
        run_settings(finder, [*same, str(top / "a.md")])
    assert f"'linear' ({top / 'x' / OWN}:2) and None (default); check them in two runs, or pass --model" in str(
        caught.value
    )
    pinned = SettingsFinder({"model": "contextual"})
    assert run_settings(pinned, [*same, str(top / "a.md")]).model == "contextual"


def test_a_run_without_a_file_has_the_settings_of_this_folder(top, monkeypatch):
    write(top, {OWN: 'role = "clinic"'})
    monkeypatch.chdir(top)
    assert run_settings(SettingsFinder(), []).role == "clinic"


def test_paths_stand_together_by_their_settings_file(top, monkeypatch):
    write(top, {f"x/{OWN}": 'exclude = ["old/"]', "x/y/b.md": "", "z/c.md": ""})
    monkeypatch.chdir(top)
    groups = list(by_settings_file(SettingsFinder(), ["x", "z", "x/y", "-"]))
    assert [(folder, paths) for folder, _, paths in groups] == [(top / "x", ["x", "x/y"]), (top, ["z", "-"])]
    assert [settings.exclude for _, settings, _ in groups] == [("old/",), ()]


def shown(folder: Path, monkeypatch, *arguments: str) -> str:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(config, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_config_shows_values_and_where_they_were_said(top, monkeypatch):
    write(top, {SETUP: CFG})
    output = shown(top, monkeypatch, "blog/a.md")
    rows = {line.split()[0]: line.split()[1:] for line in output.splitlines() if line}
    assert f"are in {SETUP}." in output
    assert rows["role"] == ['"clinic"', f"{SETUP}:6"]
    assert rows["fail-on"] == ['"never"', f"{SETUP}:25"]
    assert rows["severity.hype-language"] == ['"high"', f"{SETUP}:27"]
    assert rows["categories.fear-appeal"] == ["false", f"{SETUP}:14"]
    assert rows["max-bytes"] == ["10000000", "default"]
    assert rows["settings_sha256"] == [SettingsFinder().effective("blog/a.md")[0].digest()]
    assert "not merged" in output


def test_config_without_any_file(top, monkeypatch):
    output = shown(top, monkeypatch)
    assert "are the defaults" in output
    assert all(line.endswith("default") for line in output.splitlines()[2:-2])


def test_config_shows_what_a_terminal_must_not_be_sent(top, monkeypatch):
    write(top, {OWN: 'allow = ["\\u001b[2J\\u202ex"]'})
    output = shown(top, monkeypatch, "a\x1b[31m.md")
    assert "\x1b" not in output
    assert "\u202e" not in output
