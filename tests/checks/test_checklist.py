from __future__ import annotations

import pytest

from hypecheck.checks.checklist import fill_checklist
from hypecheck.read import read_text
from hypecheck.score.features import prepare
from hypecheck.segment import PunktRules, segment

RULES = PunktRules(frozenset(), frozenset(), frozenset(), {})
ITEMS = ("costs", "alternatives", "conflicts", "availability", "date", "sources", "uncertainty")


def fill(text: str, *, claims: bool = True, format: str = "text"):
    document = read_text(text, "page", format)
    return {item.item: item for item in fill_checklist(document, prepare(document, segment(document, RULES)), claims)}


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("costs", "A course of three sessions is £4,200."),
        ("costs", "Most insurers pay for the first two scans."),
        ("costs", "It costs about 30 euros a month."),
        ("alternatives", "Physiotherapy works as well as the operation."),
        ("alternatives", "It was compared with usual care."),
        ("conflicts", "The study was funded by the maker of the patch."),
        ("conflicts", "Dr Osei, who was not involved in the trial, is not convinced."),
        ("availability", "The drug is in phase 2 trials."),
        ("availability", "The gel is available on prescription."),
        ("date", "Last updated on 3 May 2024."),
        ("sources", "It was published on Monday in a medical journal."),
        ("sources", "See NCT01234567 for the protocol."),
        ("uncertainty", "It is not known how long the effect lasts."),
        ("uncertainty", "Larger trials are needed."),
    ],
)
def test_a_sentence_that_speaks_of_it_is_shown(item, text):
    found = fill(f"A page about a patch\n\nIt is worn at night.\n\n{text}")[item]
    assert (found.status, found.text) == ("present", text)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("costs", "The patch is worth every minute of your evening."),
        ("alternatives", "There is nothing like it."),
        ("conflicts", "Everyone at the clinic loves it."),
        ("availability", "It beats every tablet on the market."),
        ("date", "It was invented 40 years ago."),
        ("sources", "Everybody says so."),
        ("uncertainty", "It certainly works."),
    ],
)
def test_other_sentences_do_not_count(item, text):
    assert fill(f"A page about a patch\n\n{text}")[item].status == "absent"


def test_what_asks_of_a_treatment_applies_only_where_one_is_praised():
    found = fill("A page about a hospital\n\nIt has twelve rooms.", claims=False)
    assert {name for name, item in found.items() if item.status == "not applicable"} == {*ITEMS} - {"date", "sources"}


def test_a_date_in_the_metadata_counts():
    found = fill("---\ndate: 2024-05-03\n---\n\nIt is worn at night.\n", format="markdown")["date"]
    assert (found.status, found.text, found.start) == ("present", "2024-05-03", None)


def test_the_sentence_is_found_in_the_source():
    text = "A page about a patch\n\nIt is worn at night. It costs 30 euros a month."
    found = fill(text)["costs"]
    assert text[found.start :].startswith("It costs 30 euros")


def test_every_item_names_its_standards():
    assert tuple(fill("A page")) == ITEMS
    assert all(item.standards and item.question.endswith("?") for item in fill("A page").values())
