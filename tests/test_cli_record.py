from __future__ import annotations

import pytest

from tests.record.shapes import medicine, write_drugsfda, write_ema

OWN = """version: 1
substances:
  - {id: somnolol, name: somnolol, aliases: [Dormiva]}
indications:
  - {id: hiccups, name: hiccups}
facts:
  - {id: somnolol-us, substance: somnolol, indication: hiccups, jurisdiction: US, event: refusal, date: 2024-03-01,
     quality: own, source: "https://example.org/somnolol", detail: "Turned down."}
"""


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """A data directory of its own, so that no test meets what somebody imported."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def own_record(tmp_path):
    file = tmp_path / "products.yaml"
    file.write_text(OWN, encoding="utf-8")
    return str(file)


def test_a_timeline_reads_by_place_and_day(run):
    code, out, _ = run("record", "show", "Kisunla")
    assert code == 0
    assert out.splitlines()[0].startswith("donanemab (Kisunla")
    assert out.index("2 July 2024") > out.index("10 June 2024")
    assert "EU, early Alzheimer's disease" in out


def test_a_day_shows_what_was_known_on_it(run):
    code, out, _ = run("record", "show", "MDMA", "--as-of", "2024-04-15", "--jurisdiction", "us")
    assert code == 0
    assert "under-review on 2024-04-15" in out
    assert "decision due by 2024-08-11" in out
    assert "August 2024 " not in out
    assert "AU, " not in out


def test_a_place_without_facts_is_unknown_and_not_refused(run):
    code, out, _ = run("record", "show", "MDMA", "--jurisdiction", "JP")
    assert code == 0
    assert "unknown, not refused" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("record", "show", "midomafetamin"), "did you mean midomafetamine?"),
        (("record", "show", "qqqqqq"), "does not say that it is not approved"),
        (("record", "show", "MDMA", "--jurisdiction", "Mars"), "one of US"),
        (("record", "show", "MDMA", "--as-of", "soon"), "neither a date"),
        (("record", "import", "no-such-file.zip"), "does not exist"),
    ],
    ids=["a near name", "an unknown one", "no such place", "no such day", "no such file"],
)
def test_what_cannot_be_shown_is_told(run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in " ".join(err.split())


def test_a_users_record_is_shown_with_the_shipped_one(run, own_record):
    code, out, _ = run("record", "show", "Dormiva", "--record", own_record)
    assert code == 0
    assert "1 March 2024" in out
    assert "own: https://example.org/somnolol" in out
    assert own_record in run("record", "sources", "--record", own_record)[1]


def test_a_faulty_record_is_refused_with_its_line(run, tmp_path):
    file = tmp_path / "products.yaml"
    file.write_text(OWN.replace("refusal", "refused"), encoding="utf-8")
    code, _, err = run("record", "show", "MDMA", "--record", str(file))
    assert code == 2
    assert "products.yaml:7: there is no event 'refused'" in err


def test_downloads_are_imported_and_then_known(run, tmp_path):
    assert "nothing imported" in run("record", "sources")[1]
    archive, table = tmp_path / "drugsatfda.zip", tmp_path / "medicines.xlsx"
    write_drugsfda(archive)
    write_ema(table, [medicine("Dormiva", "somnolol")])
    for file in (archive, table):
        code, out, _ = run("record", "import", str(file))
        assert code == 0
        assert "facts, in " in out
    sources = run("record", "sources")[1]
    assert "drugsatfda.zip" in sources
    assert "medicines.xlsx" in sources
    again = run("record", "import", str(archive))
    assert again[0] == 0
    assert "nothing has changed" in again[1]


def test_a_broken_download_is_refused_and_the_store_kept(run, tmp_path):
    archive, broken = tmp_path / "drugsatfda.zip", tmp_path / "half.zip"
    write_drugsfda(archive)
    run("record", "import", str(archive))
    before = run("record", "sources")[1]
    broken.write_bytes(archive.read_bytes()[:200])
    code, _, err = run("record", "import", str(broken))
    assert code == 2
    assert "half.zip" in err
    assert run("record", "sources")[1] == before


@pytest.mark.parametrize("model", ["linear", "contextual"])
def test_a_check_judges_by_the_users_record(run, own_record, tmp_path, model):
    page = tmp_path / "page.txt"
    page.write_text(
        "Dormiva is FDA-approved for hiccups, the shop says. It is a tablet that people take with water in the evening, "
        "and the box has thirty of them. In a small trial some people slept longer than others did.\n",
        encoding="utf-8",
    )
    arguments = ("check", str(page), "--model", model, "--as-of", "2025-01-01")
    assert "the record contradicts this" not in run(*arguments)[1]
    code, out, _ = run(*arguments, "--record", own_record)
    assert code == 1
    assert "the record contradicts this" in " ".join(out.split())
    assert "Turned down" in " ".join(out.split())


def test_help_names_the_commands(run):
    code, out, _ = run("record", "--help")
    assert code == 0
    assert all(name in out for name in ("import", "show", "sources"))
