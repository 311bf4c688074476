"""What clears a phrase, beside near-misses that it must not clear."""

from __future__ import annotations

import pytest

from hypecheck.checks.context import find_clearance
from hypecheck.read import read_text
from hypecheck.score.features import prepare
from hypecheck.score.spans import Candidate
from hypecheck.segment import PunktRules, segment

RULES = PunktRules(frozenset({"al", "vs"}), frozenset(), frozenset(), {})


def clearance(category: str, text: str, phrase: str) -> str | None:
    """The clearance of `phrase`, in the last paragraph of a longer page."""
    filler = "The clinic stands at the edge of the town and has twelve rooms for guests on two floors. " * 4
    document = read_text(f"A page\n\n{filler}\n\n{text}", "page.txt", "text")
    lines = prepare(document, segment(document, RULES))
    for number, line in enumerate(lines):
        at = line.sentence.text.find(phrase)
        if at >= 0:
            begin, end = line.sentence.start + at, line.sentence.start + at + len(phrase)
            inside = [i for i, t in enumerate(line.tokens) if t.start < end and t.end > begin]
            return find_clearance(category, lines, number, Candidate(inside[0], inside[-1], inside[0]))
    raise AssertionError(f"{phrase!r} is not in {text!r}")


CLEARED = {
    "negated cure": ("cure-claim", "The drops are not a cure for short sight.", "a cure", "negated"),
    "negated absolute": ("certainty-overclaim", "No treatment works for everyone.", "works for everyone", "negated"),
    "negated approval": (
        "approval-overclaim", "It has not been approved by any agency.", "approved by any agency", "negated",
    ),
    "negated studies": ("vague-attribution", "No studies have shown that it helps.", "studies have shown", "negated"),
    "negated praise": ("hype-language", "We should not call this a breakthrough.", "breakthrough", "negated"),
    "not safe": ("risk-minimization", "It is not safe in pregnancy.", "safe", "negated"),
    "hedged certainty": ("certainty-overclaim", "It may end the attacks.", "end the attacks", "hedged"),
    "hedged cause": ("causal-overclaim", "Coffee might prevent gout.", "prevent gout", "hedged"),
    "breakthrough bleeding": (
        "hype-language", "Breakthrough bleeding, and breakthrough bleeding at night, can occur.",
        "breakthrough bleeding", "term of art",
    ),
    "safe room": ("risk-minimization", "Sessions take place in a safe, quiet room.", "safe, quiet room", "term of art"),
    "novel coronavirus": ("hype-language", "The novel coronavirus was found there.", "novel", "term of art"),
    "hope as a name": ("hype-language", "She works at City of Hope in Duarte.", "Hope", "term of art"),
    "absolute figures": (
        "unquantified-benefit", "Pain fell sharply. It was gone in 24 of 100 and 15 of 100 after a dummy.",
        "fell sharply", "absolute",
    ),
    "both arms": (
        "unquantified-benefit", "Significantly more slept: 45% with the pill versus 29% with placebo.",
        "Significantly more slept", "absolute",
    ),
    "named study": (
        "vague-attribution", "Studies have shown a gain. One, by Obi et al, ran in Lagos.", "Studies have shown", "named",
    ),
    "rates of harm": (
        "risk-minimization", "It was well tolerated. Nausea struck 12% and 3% stopped.", "well tolerated", "rates",
    ),
    "rebutted quotation": (
        "certainty-overclaim", 'The maker says it is "proven to work"; regulators found the data thin.',
        "proven to work", "rebutted",
    ),
}  # fmt: skip

KEPT = {
    "a cure": ("cure-claim", "The drops are a cure for short sight.", "a cure"),
    "not only": ("certainty-overclaim", "It not only works for everyone.", "works for everyone"),
    "no longer": ("cure-claim", "Asthma is no longer a life sentence.", "a life sentence"),
    "no doubt": ("certainty-overclaim", "There is no doubt it works.", "it works"),
    "another clause": ("cure-claim", "He did not wait, but found a cure.", "a cure"),
    "negation too far": (
        "cure-claim", "Not long ago the family had given up, and then came the wonderful cure.", "cure",
    ),
    "a modal and praise": ("hype-language", "It could be a game changer.", "game changer"),
    "a modal and approval": ("approval-overclaim", "It could be approved next spring.", "approved next spring"),
    "breakthrough": ("hype-language", "A breakthrough for patients.", "breakthrough"),
    "hope in a title": ("hype-language", "Clinical Evidence: A Beacon of Hope", "Beacon of Hope"),
    "safe drug": ("risk-minimization", "A safe, gentle drug.", "safe, gentle"),
    "relative only": ("unquantified-benefit", "Attacks were cut by 60%.", "cut by 60%"),
    "sample size only": ("unquantified-benefit", "Among 90 adults sleep improved greatly.", "improved greatly"),
    "no source": ("vague-attribution", "Studies have shown a gain. It is large.", "Studies have shown"),
    "no rates": ("risk-minimization", "It was well tolerated. Nausea was seen.", "well tolerated"),
    "quotation believed": ("certainty-overclaim", 'It is "proven to work", she said.', "proven to work"),
}  # fmt: skip


@pytest.mark.parametrize(("category", "text", "phrase", "reason"), CLEARED.values(), ids=CLEARED)
def test_is_cleared(category, text, phrase, reason):
    assert reason in (clearance(category, text, phrase) or "nothing")


@pytest.mark.parametrize(("category", "text", "phrase"), KEPT.values(), ids=KEPT)
def test_is_kept(category, text, phrase):
    assert clearance(category, text, phrase) is None


def test_a_hedge_does_not_clear_a_cause_in_the_title():
    document = read_text("Coffee might prevent gout\n\nA survey of 900 adults is out.", "a.txt", "text")
    lines = prepare(document, segment(document, RULES))
    assert find_clearance("causal-overclaim", lines, 0, Candidate(2, 3, 2)) is None
