from __future__ import annotations

import pytest

from hypecheck.categories import load_categories
from hypecheck.checks.severity import severity_of
from hypecheck.read import read_text
from hypecheck.score.features import prepare
from hypecheck.score.spans import Candidate
from hypecheck.segment import PunktRules, segment

RULES = PunktRules(frozenset(), frozenset(), frozenset(), {})
FILLER = "The clinic stands at the edge of the town and has twelve rooms for guests on two floors. " * 4


def judged(category: str, text: str, phrase: str, *, title: str = "A page"):
    document = read_text(f"{title}\n\n{FILLER}\n\n{text}", "page.txt", "text")
    lines = prepare(document, segment(document, RULES))
    for number, line in enumerate(lines):
        at = line.sentence.text.find(phrase)
        if at >= 0:
            begin = line.sentence.start + at
            inside = [i for i, t in enumerate(line.tokens) if begin <= t.start < begin + len(phrase)]
            candidate = Candidate(inside[0], inside[-1], inside[0])
            return severity_of(category, load_categories()[category].severity, lines, number, candidate)
    raise AssertionError(phrase)


@pytest.mark.parametrize(
    ("category", "text", "phrase", "severity"),
    [
        ("hype-language", "It is a promising drug.", "promising", "low"),
        ("hype-language", "It is a promising new approach for clinics.", "promising new approach", "low"),
        ("hype-language", "It ushers in a new dawn for medicine.", "ushers in a new dawn for medicine", "low"),
        ("hype-language", "It is the holy grail of pain relief.", "the holy grail of pain relief", "medium"),
        ("vague-attribution", "Studies have shown it.", "Studies have shown", "low"),
        ("cure-claim", "It ends gout for good.", "ends gout for good", "high"),
        ("risk-minimization", "It has hardly any harms.", "hardly any harms", "medium"),
        ("care-avoidance", "People order it online.", "order it online", "high"),
    ],
)
def test_the_default_of_the_category(category, text, phrase, severity):
    assert judged(category, text, phrase) == (severity, ())


@pytest.mark.parametrize(
    ("category", "text", "phrase", "severity", "reason"),
    [
        ("certainty-overclaim", "It could be certain to work.", "certain to work", "medium", "hedged"),
        ("causal-overclaim", "It might stop gout.", "stop gout", "low", "hedged"),
        ("cure-claim", 'He said: "It ends gout for good."', "ends gout for good", "medium", "quotation"),
        ("certainty-overclaim", "You will surely be well.", "surely be well", "high", "reader"),
    ],
)
def test_what_stands_around_moves_it(category, text, phrase, severity, reason):
    found, reasons = judged(category, text, phrase)
    assert found == severity
    assert reason in " ".join(reasons)


def test_a_title_weighs_one_step_more():
    title = "Patch works wonders against the pain of gout"
    assert judged("hype-language", "Nothing else.", "works wonders against the pain", title=title)[0] == "high"


@pytest.mark.parametrize("category", ["anecdote-as-evidence", "vague-attribution"])
def test_a_quotation_softens_no_testimonial(category):
    assert not judged(category, '"My knee is new," he said.', "My knee is new")[1]
