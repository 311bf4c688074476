"""The category documents, the table of standards, and the parser that reads both."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck import categories
from hypecheck.categories import (
    CATEGORY_IDS,
    SUBTYPES,
    Category,
    CategoryError,
    load_categories,
    load_standards,
    parse_category,
    parse_standards,
)
from hypecheck.types import HypecheckError

ROOT = Path(__file__).resolve().parents[1]
ALL = [pytest.param(category, id=category.id) for category in load_categories().values()]

HIGH = {
    "certainty-overclaim",
    "cure-claim",
    "risk-minimization",
    "missing-risk",
    "approval-overclaim",
    "care-avoidance",
}
LOW = {"vague-attribution"}

OFFICIAL_HOSTS = (
    "fda.gov", "legislation.gov.uk", "ahpra.gov.au", "tga.gov.au", "asa.org.uk", "discern.org.uk",
    "healthnewsreview.org", "doi.org", "pmc.ncbi.nlm.nih.gov",
)  # fmt: skip

GOOD = """\
# A name

Finds: What it finds.
Severity: medium
Facts: helps
Subtypes: loud, quiet
Standards: A-1, B-2
Message: This is wrong.

## Why

Because of this.
And that.

## Flagged

- It works for all.
- It always works.

## Left alone

- It may work (in some). (reason: hedged)

## Rewrite

Say "N of M".

## Messages

- loud: Too loud.
- quiet: Too quiet: whisper.
"""

ROW = "A-1 | A citation, section 1 (2001) | https://example.org/a | sponsor, clinic | UK | What it asks."


# The documents


def test_every_id_has_its_document_and_every_document_an_id() -> None:
    names = sorted(entry.name for entry in (files("hypecheck.data") / "categories").iterdir())
    assert [name for name in names if name.endswith(".md")] == [
        f"{number:02d}-{category_id}.md" for number, category_id in enumerate(CATEGORY_IDS, 1)
    ]
    assert tuple(load_categories()) == CATEGORY_IDS


def test_default_severities() -> None:
    for category in load_categories().values():
        expected = "high" if category.id in HIGH else "low" if category.id in LOW else "medium"
        assert category.severity == expected, category.id


def test_subtypes_in_code_are_those_of_the_documents() -> None:
    documents = {category.id: category.subtypes for category in load_categories().values() if category.subtypes}
    assert documents.pop("missing-risk") == ("document", *SUBTYPES["missing-risk"])
    assert {**documents, "missing-risk": ("passage",)} == SUBTYPES


@pytest.mark.parametrize("category", ALL)
def test_messages_are_plain_sentences_without_figures(category: Category) -> None:
    for message in (category.message, *category.subtype_messages.values()):
        assert re.fullmatch(r"[A-Z][^.!?{}0-9]+\.", message), message
        assert 5 <= len(message.split()) <= 26, message


@pytest.mark.parametrize("category", ALL)
def test_rewrites_hold_places_to_fill_in_and_no_figures(category: Category) -> None:
    assert not re.search(r"\d", category.rewrite)
    if category.id != "causal-overclaim":  # its advice is a choice of verbs
        assert re.search(r"\b(N of M|N adults|N mice|N in M|X points|PRODUCT)\b", category.rewrite)


@pytest.mark.parametrize("category", ALL)
def test_examples_are_many_whole_and_not_on_both_sides(category: Category) -> None:
    near_misses = [text for text, _ in category.left_alone]
    assert len(category.flagged) >= 7
    assert len(near_misses) >= 5
    for text in (*category.flagged, *near_misses):
        assert re.fullmatch(r"""["A-Z].*[.?!"]""", text), text
        assert len(text.split()) <= 35, text
    everything = [*category.flagged, *near_misses]
    assert len(set(everything)) == len(everything)
    assert all(reason and not reason.endswith(".") for _, reason in category.left_alone)


@pytest.mark.parametrize("category", ALL)
def test_definition_and_reason_are_sentences(category: Category) -> None:
    assert re.fullmatch(r"[A-Z].*\.", category.definition)
    assert 2 <= len(re.findall(r"[.?!](?= |$)", category.why)) <= 5
    assert category.body.startswith(f"# {category.name}\n")


def test_a_flagged_example_belongs_to_one_category() -> None:
    flagged = [text for category in load_categories().values() for text in category.flagged]
    assert len(set(flagged)) == len(flagged)


@pytest.mark.parametrize(
    ("category_id", "subtype", "words"),
    [
        pytest.param("hype-language", None, "without loss of fact", id="no subtype"),
        pytest.param("missing-risk", "document", "anywhere", id="document"),
        pytest.param("missing-risk", "passage", "passage", id="passage"),
        pytest.param("approval-overclaim", "designation", "designation", id="designation"),
        pytest.param("care-avoidance", "suppression-narrative", "hide", id="suppression"),
    ],
)
def test_message_for(category_id: str, subtype: str | None, words: str) -> None:
    assert words in load_categories()[category_id].message_for(subtype)


def test_message_for_a_foreign_subtype_is_refused() -> None:
    with pytest.raises(KeyError):
        load_categories()["hype-language"].message_for("timeline")


# The standards


def test_every_standard_is_used_and_every_key_known() -> None:
    used = {key for category in load_categories().values() for key in category.standards}
    checklist = files("hypecheck.data").joinpath("checklist.txt").read_text(encoding="utf-8")
    used |= {key for line in checklist.splitlines() if line.startswith("[") for key in line.partition("]")[2].split()}
    assert used == set(load_standards())
    assert list(load_standards()) == sorted(load_standards())


def test_no_standard_rests_on_wording_that_was_not_read() -> None:
    data = files("hypecheck.data")
    texts = [data.joinpath("standards.txt").read_text(encoding="utf-8")]
    texts += [category.body for category in load_categories().values()]
    assert not [text for text in texts if "(K)" in text]


def test_links_lead_to_official_hosts_only() -> None:
    hosts = {urlsplit(standard.url).hostname or "" for standard in load_standards().values() if standard.url}
    strangers = [host for host in hosts if not any(host == own or host.endswith(f".{own}") for own in OFFICIAL_HOSTS)]
    assert len(hosts) > 5 and not strangers


def test_rules_for_sponsors_say_that_they_bind_no_journalist() -> None:
    rules = [standard for key, standard in load_standards().items() if key.startswith("21CFR")]
    assert len(rules) == 2
    for rule in rules:
        assert rule.binds == ("sponsor",) and "binds sponsors, not journalists" in rule.note


@pytest.mark.parametrize("category", ALL)
@pytest.mark.parametrize("role", ["sponsor", "clinic", "publisher"])
def test_a_standard_is_left_for_every_role(category: Category, role: str) -> None:
    audiences = [load_standards()[key].binds for key in category.standards]
    assert any("everyone" in binds or role in binds for binds in audiences)


def test_a_yardstick_for_everyone_names_nobody_else() -> None:
    assert all(standard.binds == ("everyone",) or "everyone" not in standard.binds
               for standard in load_standards().values())  # fmt: skip


# The parser


def test_a_document_is_read_whole() -> None:
    category = parse_category("a-name", GOOD, "a.md")
    assert (category.id, category.name, category.definition) == ("a-name", "A name", "What it finds.")
    assert (category.severity, category.facts_needed, category.message) == (
        "medium",
        "helps",
        "This is wrong.",
    )
    assert category.subtypes == ("loud", "quiet") and category.standards == ("A-1", "B-2")
    assert category.subtype_messages == {"loud": "Too loud.", "quiet": "Too quiet: whisper."}
    assert category.why == "Because of this. And that."
    assert category.flagged == ("It works for all.", "It always works.")
    assert category.left_alone == (("It may work (in some).", "hedged"),)
    assert category.rewrite == 'Say "N of M".' and category.body == GOOD


def test_line_ends_make_no_difference() -> None:
    assert parse_category("a-name", GOOD.replace("\n", "\r\n"), "a.md").flagged == (
        "It works for all.",
        "It always works.",
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "cause"),
    [
        pytest.param("# A name", "A name", 1, "begins with its name", id="no name"),
        pytest.param("# A name", "\n# A name", 1, "begins with its name", id="name not in the first line"),
        pytest.param("Severity: medium", "Severity: grave", 4, "'grave' is not known", id="severity"),
        pytest.param("Facts: helps", "Facts: maybe", 5, "'maybe' is not known", id="facts"),
        pytest.param("Facts: helps", "Fact: helps", 5, "is no 'Key: value'", id="unknown key"),
        pytest.param("Facts: helps", "Facts:", 5, "is no 'Key: value'", id="empty value"),
        pytest.param("Facts: helps", "Severity: low", 5, "Severity stands twice", id="key twice"),
        pytest.param("Message: This is wrong.\n", "", 30, "Message is missing", id="key missing"),
        pytest.param("Standards: A-1, B-2", "Standards: A-1,, B-2", 7, "empty or repeated", id="empty key"),
        pytest.param("Standards: A-1, B-2", "Standards: A-1, A-1", 7, "empty or repeated", id="repeated key"),
        pytest.param("Subtypes: loud, quiet\n", "", 30, "Messages without Subtypes", id="messages alone"),
        pytest.param("## Flagged", "## Flaged", 15, "not expected here", id="unknown section"),
        pytest.param("## Flagged", "### Flagged", 15, "not expected here", id="level of a section"),
        pytest.param("## Rewrite", "## Why", 24, "not expected here", id="section twice or out of order"),
        pytest.param("\nBecause of this.\nAnd that.", "", 29, "Why is missing or empty", id="empty section"),
        pytest.param("- It always works.", "It always works.", 18, "is no list item", id="no list item"),
        pytest.param(" (reason: hedged)", "", 22, "gives no reason", id="near-miss without reason"),
        pytest.param("(reason: hedged)", "(reason: )", 22, "gives no reason", id="near-miss with empty reason"),
        pytest.param("- quiet: Too quiet: whisper.\n", "", 30, "no message for quiet", id="subtype without message"),
        pytest.param("- quiet: Too", "- silent: Too", 31, "'silent' is no subtype", id="message for a stranger"),
        pytest.param("- quiet: Too", "- loud: Too", 31, "'loud' is no subtype", id="message twice"),
    ],
)
def test_a_malformed_document_names_file_line_and_cause(old: str, new: str, line: int, cause: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(CategoryError, match=cause) as caught:
        parse_category("a-name", GOOD.replace(old, new), "nn-a.md")
    assert str(caught.value).startswith(f"nn-a.md:{line}: ")
    assert "; " in str(caught.value)


def test_a_row_is_read_whole() -> None:
    table = parse_standards(f"# a comment | with | bars\n\n{ROW}\n", "s.txt")
    standard = table["A-1"]
    assert standard.citation == "A citation, section 1 (2001)" and standard.url == "https://example.org/a"
    assert standard.binds == ("sponsor", "clinic") and standard.jurisdiction == "UK"
    assert parse_standards(ROW.replace("https://example.org/a", "-"), "s.txt")["A-1"].url == ""


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        pytest.param(ROW.rpartition(" | ")[0], "a row has 6 cells", id="too few cells"),
        pytest.param(f"{ROW} | more", "a row has 6 cells", id="too many cells"),
        pytest.param(ROW.replace("UK", " "), "none empty", id="empty cell"),
        pytest.param(ROW, "the key A-1 stands twice", id="repeated key"),
        pytest.param(ROW.replace("A-1", "B").replace("https", "ftp"), "is no link", id="another scheme"),
        pytest.param(ROW.replace("A-1", "B").replace("clinic", "doctor"), "'doctor' is not known", id="audience"),
        pytest.param(ROW.replace("A-1", "B").replace("UK", "Mars"), "'Mars' is not known", id="jurisdiction"),
    ],
)
def test_a_malformed_row_names_file_line_and_cause(row: str, cause: str) -> None:
    with pytest.raises(CategoryError, match=cause) as caught:
        parse_standards(f"{ROW}\n# comment\n{row}\n", "s.txt")
    assert str(caught.value).startswith("s.txt:3: ")


@given(st.text(alphabet=st.sampled_from("#- :,|\n()abWhy"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (lambda: parse_category("x", text, "x.md"), lambda: parse_standards(text, "x.txt")):
        try:
            parse()
        except HypecheckError as error:
            assert re.match(r"x\.(md|txt):\d+: ", str(error))


@given(
    st.integers(0, GOOD.count("\n") - 1),
    st.sampled_from(["", "# X", "## Why", "## X", "- a", "Facts: none", "a"]),
)
def test_a_document_with_one_line_replaced_is_read_or_refused(number: int, line: str) -> None:
    lines = GOOD.split("\n")
    lines[number] = line
    try:
        category = parse_category("x", "\n".join(lines), "x.md")
    except CategoryError as error:
        assert 1 <= int(str(error).split(":")[1]) <= len(lines)
    else:
        assert set(category.subtype_messages) == set(category.subtypes)
        assert category.name and category.why and category.flagged and category.left_alone and category.rewrite


# Loading


def test_what_is_cached_cannot_be_changed() -> None:
    loaded = load_categories()
    assert loaded is load_categories()
    with pytest.raises(TypeError):
        loaded["x"] = loaded["hype-language"]  # type: ignore[index]
    with pytest.raises(TypeError):
        loaded["missing-risk"].subtype_messages["document"] = ""  # type: ignore[index]
    with pytest.raises(AttributeError):
        loaded["missing-risk"].severity = "low"  # type: ignore[misc]
    with pytest.raises(TypeError):
        load_standards()["x"] = load_standards()["HNR-2"]  # type: ignore[index]
    assert len(set(loaded.values())) == len(CATEGORY_IDS)


def test_a_missing_document_is_an_error_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(categories, "CATEGORY_IDS", ("no-such",))
    with pytest.raises(CategoryError, match=r"^categories/01-no-such\.md: .*install hypecheck anew$"):
        load_categories.__wrapped__()


def test_import_reads_no_data_and_loading_imports_nothing_heavy() -> None:
    program = (
        "import sys, hypecheck.categories as c\n"
        "early = 'hypecheck.data' in sys.modules\n"
        "c.load_categories(), c.load_standards()\n"
        "print(early, sorted({'yaml', 'numpy', 'sklearn', 'nltk'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "False []\n"
