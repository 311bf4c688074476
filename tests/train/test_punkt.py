"""Learning the sentence rules: what is kept of Punkt's training, what is added, the same every time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nltk.tokenize.punkt import PunktTrainer

from hypecheck.offsets import OffsetMap
from hypecheck.segment import INSIDE_UPPER, NUMBER, SEEN_LOWER, PunktRules, segment
from hypecheck.train.punkt import ABBREVIATIONS, COLLOCATIONS, learn_rules
from hypecheck.types import Block, Document

TEXTS = [
    "She walks each day. Nobody knows why she walks. They walked with her, and they all slept well.",
    "Take two tsp. a day. Some took a tsp. of it, and some three tsp. or more.",
    "It was kept by Velkana N.V. in a cold room. Velkana N.V. owns the shares, and N.V. means a company.",
    "She took a nap. Then the work went on. The tablets held vitamin D. They were cheap.",
    "In 2019. Thirteen people fell ill. Then, in 2019. Thirteen more came. We counted thirteen of them.",
    "We grew S. aureus in a dish. The wound held S. aureus. It was S. aureus again, said the nurse.",
    "He said: “Patients liked it.” Patients rested. “Patients slept,” she said. We told the patients.",
    "Researchers Tell Patients How Walking Helps The Heart",
    "Ask Dr. Lee about it. Mr. Roe and Ms. Poe were told by Dr. Lee that it helps.",
    "Mark it with an s, not with two s, or an s and another s, as an s is no name, but a letter like s is.",
    "They counted " + " and ".join(f"item{number}" for number in range(1500)) + " on the way home.",
]
"""The last makes full stops as rare as they are in prose; Punkt weighs a word's stops against that."""


@pytest.fixture(scope="module")
def rules() -> PunktRules:
    return learn_rules(TEXTS)


def split(text: str, rules: PunktRules) -> list[str]:
    block = Block("paragraph", text, OffsetMap.identity(0, len(text)))
    return [sentence.text for sentence in segment(Document("a.txt", text, (block,)), rules)]


@pytest.mark.parametrize("word", ["tsp", "n.v", "p.o", "al", "vs", "u.s"])
def test_abbreviations_are_learned_or_given(rules: PunktRules, word: str) -> None:
    assert word in rules.abbreviations


@pytest.mark.parametrize(
    "word",
    ["nap", "day", "d", "s", "no", "ms", "mr", "dr"],
    ids=["came once at an end", "ends", "vitamin", "initial", "a word", "a disease", "a scan", "a title"],
)
def test_words_that_are_no_abbreviations(rules: PunktRules, word: str) -> None:
    assert word not in rules.abbreviations


def test_nltk_alone_takes_a_word_that_came_once_for_an_abbreviation() -> None:
    trainer = PunktTrainer("\n\n".join(TEXTS))
    assert {"nap", "d"} <= trainer.get_params().abbrev_types


def test_collocations_are_of_initials_not_of_numbers(rules: PunktRules) -> None:
    assert rules.collocations - COLLOCATIONS == {("s", "aureus")}
    assert ("no", NUMBER) in rules.collocations


def test_speech_and_headings_hide_no_sentence_start(rules: PunktRules) -> None:
    assert rules.orthography["patients"] & SEEN_LOWER
    assert not rules.orthography["patients"] & INSIDE_UPPER


def test_only_words_seen_in_lower_case_are_kept(rules: PunktRules) -> None:
    assert all(seen & SEEN_LOWER for seen in rules.orthography.values())
    assert "velkana" not in rules.orthography


@pytest.mark.parametrize(
    "marked",
    [
        "It was given p.o. twice a day.| Patients were told.",
        "The U.S. Food and Drug Administration was asked on Oct. 8 by Velkana N.V.| Patients were not.",
        "She took a nap.| Velkana paid.",
        "It held vitamin D.| They sold it in the U.S.| Patients bought it.",
        "She has MS.| Velkana sells a drug.| See p. 4 and No. 7.",
    ],
)
def test_learned_rules_split(rules: PunktRules, marked: str) -> None:
    assert split(marked.replace("|", ""), rules) == [part.strip() for part in marked.split("|")]


def test_the_order_of_texts_is_of_no_account(rules: PunktRules) -> None:
    assert learn_rules(reversed(TEXTS)) == rules
    assert learn_rules(["\n\n".join(TEXTS)]) == rules


def test_the_values_are_the_same_in_every_process(rules: PunktRules) -> None:
    code = (
        "import json, sys; from hypecheck.train.punkt import learn_rules; "
        "print(json.dumps(learn_rules(json.loads(sys.argv[1])).to_values()))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, json.dumps(TEXTS)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=True,
            text=True,
        )
        assert done.stdout.strip() == json.dumps(rules.to_values())


@pytest.mark.parametrize("texts", [[], [""], ["A Heading Without An End"], ["."]], ids=repr)
def test_nothing_to_learn_from_leaves_what_is_given(texts: list[str]) -> None:
    rules = learn_rules(texts)
    assert rules.abbreviations >= ABBREVIATIONS
    assert rules.sentence_starters == frozenset()
    assert PunktRules.from_values(rules.to_values()) == rules
