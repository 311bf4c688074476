"""The user's own phrases: where they stand beside where they only seem to, and what becomes of findings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypecheck.categories import load_categories
from hypecheck.checks.findings import Audience
from hypecheck.checks.phrases import Flag, Phrased, apply_phrases, quiet_lines
from hypecheck.offsets import LineIndex
from hypecheck.read import read_text
from hypecheck.score.features import Line, prepare
from hypecheck.segment import PunktRules, segment
from hypecheck.types import Document, Evidence, Finding

HYPE, CURE = "hype-language", "cure-claim"
RULES = PunktRules()


def lines_of(document: Document) -> list[Line]:
    return prepare(document, segment(document, RULES))


def applied(source: str, *findings: Finding, allow=(), flags=(), format: str = "text") -> Phrased:
    document = read_text(source, "a", format)
    return apply_phrases(
        document, lines_of(document), LineIndex(source), findings, allow=allow, flags=flags,
        categories=load_categories(), audience=Audience("publisher", ("US",)),
    )  # fmt: skip


def found(source: str, text: str, category: str = HYPE, subtype: str | None = None) -> Finding:
    """A finding of the model on `text`, which stands in the source once."""
    start = source.index(text)
    assert source.count(text) == 1
    end = start + len(text)
    place = (*LineIndex(source).place(start), *LineIndex(source).place(end))
    evidence = (Evidence("word", text, 1.0),)
    return Finding(category, subtype, "low", 0.7, False, start, end, *place, text, "Why.", "", (), evidence, "f" * 64)


def flag(phrase: str, category: str = HYPE, reason: str = "house style") -> Flag:
    return Flag(phrase, category, "high", reason)


LINE = "the shop at the corner of the long street in the old town sells jars of"

STANDS = {
    "as it is": ("We sell Miracle Whip here.", "Miracle Whip", "Miracle Whip"),
    "all in capitals": ("MIRACLE WHIP IS HERE.", "Miracle Whip", "MIRACLE WHIP"),
    "in lower case, any case": ("A Magic Pill.", "magic pill", "Magic Pill"),
    "possessive": ("Miracle Whip's taste.", "Miracle Whip", "Miracle Whip's"),
    "possessive with a typographic mark": ("Miracle Whip’s taste.", "Miracle Whip", "Miracle Whip’s"),
    "possessive in capitals": ("MIRACLE WHIP'S taste.", "Miracle Whip", "MIRACLE WHIP'S"),
    "one word, possessive": ("Miracle's taste.", "Miracle", "Miracle's"),
    "typographic apostrophe": ("Use Doctor’s Best now.", "Doctor's Best", "Doctor’s Best"),
    "over a line end": (f"A page\n\n{LINE} Miracle\nWhip, and {LINE}.", "Miracle Whip", "Miracle\nWhip"),
    "over a full stop": ("Ask Dr. Cure for it.", "Dr. Cure", "Dr. Cure"),
    "marks and spaces": ("Relief + More is new.", "Relief+More", "Relief + More"),
    "numbers": ("Take Cure 24 daily.", "Cure 24", "Cure 24"),
    "marks alone": ("It works!!! Now.", "!!!", "!!!"),
    "an accent in two characters": ("The Cure\u0301 band.", "Cur\u00e9", "Cure\u0301"),
    "a compound": ("A miracle-like pill.", "miracle-like", "miracle-like"),
}
NOT_THERE = {
    "lower case where it has a capital": ("It is a miracle whip.", "Miracle Whip"),
    "half in capitals": ("MIRACLe Whip.", "Miracle Whip"),
    "another word between": ("Miracle and Whip.", "Miracle Whip"),
    "part of a word": ("Miracles happen.", "Miracle"),
    "part of a compound": ("A Miracle-like pill.", "Miracle"),
    "another number": ("Take Cure 12 daily.", "Cure 24"),
    "cut short": ("We sell Miracle", "Miracle Whip"),
    "over paragraphs": ("We sell Miracle\n\nWhip here.", "Miracle Whip"),
    "possessive inside": ("Miracle's Whip.", "Miracle Whip"),
    "marks missing": ("Relief More is new.", "Relief+More"),
    "another accent": ("The Cure band.", "Cur\u00e9"),
}


@pytest.mark.parametrize(("source", "phrase", "text"), STANDS.values(), ids=STANDS)
def test_a_phrase_that_stands_there(source, phrase, text):
    (finding,) = applied(source, flags=[flag(phrase)]).findings
    assert source[finding.start : finding.end] == text
    cleared = applied(source, found(source, text), allow=[phrase])
    assert (cleared.findings, [each.text for each in cleared.cleared]) == ((), [text])


@pytest.mark.parametrize(("source", "phrase"), NOT_THERE.values(), ids=NOT_THERE)
def test_a_phrase_that_only_seems_to_stand_there(source, phrase):
    first = found(source, source.split()[0])
    assert applied(source, first, flags=[flag(phrase)], allow=[phrase]) == Phrased((first,), ())


def test_a_flagged_phrase_is_a_sure_finding_with_the_reason():
    source = "Plain words.\nOur magic pill, again."
    (finding,) = applied(source, flags=[flag("magic pill", CURE, "we say tablet")]).findings
    assert (finding.category, finding.severity, finding.score, finding.gated) == (CURE, "high", 1.0, True)
    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (2, 5, 2, 15)
    assert (finding.message, finding.text) == ("we say tablet", "magic pill")
    assert finding.evidence == (Evidence("note", "your settings flag “magic pill”"),)
    assert finding.standards == applied(source, flags=[flag("magic", CURE)]).findings[0].standards


def test_its_identity_is_that_of_its_sentence():
    one, other, third = (
        applied(source, flags=[flag("magic pill")]).findings[0].fingerprint
        for source in ("Our magic pill.", "Once more.\n\nOur  magic pill.", "Our new magic pill.")
    )
    assert one == other != third


def test_every_occurrence_is_flagged_in_order_and_none_overlaps():
    source = "Very very very good. Very good."
    findings = applied(source, flags=[flag("very very"), flag("good", CURE)]).findings
    assert [(each.start, each.text) for each in findings] == [(0, "Very very"), (15, "good"), (26, "good")]


def test_of_phrases_of_a_category_the_longer_one_is_flagged():
    source = "A magic pill and a magic trick."
    flags = [flag("magic"), flag("magic pill", reason="longer"), flag("pill", CURE)]
    findings = applied(source, flags=flags).findings
    assert [(each.text, each.category, each.message) for each in findings] == [
        ("magic pill", HYPE, "longer"), ("pill", CURE, "house style"), ("magic", HYPE, "house style"),
    ]  # fmt: skip


SOURCE = "Our truly magic pill works wonders."

BESIDE = {
    "within the phrase": ("magic", HYPE, [("magic pill", "house style", 1.0)]),
    "the same words": ("magic pill", HYPE, [("magic pill", "house style", 1.0)]),
    "wider": ("truly magic pill works", HYPE, [("truly magic pill works", "house style", 1.0)]),
    "over its edge": ("truly magic", HYPE, [("truly magic", "house style", 1.0)]),
    "beside it": ("works wonders", HYPE, [("magic pill", "house style", 1.0), ("works wonders", "Why.", 0.7)]),
    "of another category": ("magic", CURE, [("magic", "Why.", 0.7), ("magic pill", "house style", 1.0)]),
}


@pytest.mark.parametrize(("text", "category", "expected"), BESIDE.values(), ids=BESIDE)
def test_a_flagged_phrase_and_a_finding_of_the_model(text, category, expected):
    findings = applied(SOURCE, found(SOURCE, text, category), flags=[flag("magic pill")]).findings
    assert [(each.text, each.message, each.score) for each in findings] == expected


def test_a_raised_finding_keeps_its_evidence_and_identity():
    first = found(SOURCE, "truly magic pill")
    (raised,) = applied(SOURCE, first, flags=[flag("magic")]).findings
    assert raised.evidence == (*first.evidence, Evidence("note", "your settings flag “magic”"))
    assert (raised.severity, raised.gated, raised.fingerprint) == ("high", True, first.fingerprint)


ALLOWED = {
    "a word of it": ("truly magic pill", "magic", True),
    "all of it": ("truly magic pill", "truly magic pill", True),
    "beyond its end": ("truly magic", "magic pill", False),
    "beyond its start": ("magic pill", "truly magic", False),
    "around it": ("magic", "truly magic pill", False),
    "beside it": ("magic pill", "wonders", False),
    "from one occurrence to another": ("magic", "magic, oh magic", False),
}


@pytest.mark.parametrize(("phrase", "text", "clears"), ALLOWED.values(), ids=ALLOWED)
def test_a_finding_inside_an_allowed_phrase_is_cleared(phrase, text, clears):
    source = "Our magic, oh magic box." if "oh" in text else SOURCE
    finding = found(source, text)
    result = applied(source, finding, allow=[phrase])
    assert result.findings == (() if clears else (finding,))
    assert [(each.text, each.reason) for each in result.cleared] == (
        [(text, f"your settings allow “{phrase}”")] if clears else []
    )


def test_a_clearance_stands_where_the_finding_did():
    source = "Plain.\nOur Miracle Whip."
    finding = found(source, "Miracle")
    (cleared,) = applied(source, finding, allow=["Miracle Whip"]).cleared
    for name in ("category", "start", "end", "text", "line", "column"):
        assert getattr(cleared, name) == getattr(finding, name)


def test_what_is_allowed_is_not_flagged():
    result = applied("Miracle Whip is a miracle.", flags=[flag("miracle")], allow=["Miracle Whip"])
    assert [each.start for each in result.findings] == [18]
    assert [each.start for each in result.cleared] == [0]


def test_no_phrase_excuses_what_is_missing():
    finding = found(SOURCE, SOURCE[:-1], "missing-risk", "document")
    assert applied(SOURCE, finding, allow=[SOURCE[:-1]]).findings == (finding,)


def test_the_text_of_an_image_between_allowed_words_is_not_allowed():
    source = "Our Miracle ![magic cure](a.png) Whip is new."
    document = read_text(source, "a", "markdown")
    assert any("Miracle Whip" in " ".join(block.text.split()) for block in document.blocks)
    finding = found(source, "magic cure")
    assert applied(source, finding, allow=["Miracle Whip"], format="markdown").findings == (finding,)


MARKED_UP = {
    "emphasis": ("markdown", "A *magic* **pill**.", "magic* **pill"),
    "a link": ("markdown", "A magic [pill](x).", "magic [pill"),
    "a reference": ("html", "<p>A magic&nbsp;&#112;ill.</p>", "magic&nbsp;&#112;ill"),
    "front matter": ("markdown", "---\ntitle: A magic pill\n---\n\nText.", "magic pill"),
    "an image": ("html", "<p>x</p><img alt='A magic pill'>", "magic pill"),
    "a cell": ("html", "<table><tr><td>magic pill</td></tr></table>", "magic pill"),
}


@pytest.mark.parametrize(("format", "source", "marked"), MARKED_UP.values(), ids=MARKED_UP)
def test_phrases_in_markup(format, source, marked):
    (finding,) = applied(source, flags=[flag("magic pill")], format=format).findings
    assert (source[finding.start : finding.end], finding.text) == (marked, "magic pill")
    assert applied(source, finding, allow=["magic pill"], format=format).findings == ()


@pytest.mark.parametrize("source", ["<p>A <code>magic pill</code>.</p>", "<p>A <!-- magic pill -->.</p>"])
def test_no_phrase_where_no_text_is_read(source):
    assert applied(source, flags=[flag("magic pill")], format="html").findings == ()


def test_quiet_lines():
    source = "Our magic pill. It works. A pill for all. No more."
    document = read_text(source, "a", "text")
    lines = lines_of(document)
    findings = [found(source, "magic"), found(source, "pill."), found(source, "No more", "missing-risk")]
    assert quiet_lines(document, lines, []) == len(lines) == 4
    assert quiet_lines(document, lines, findings) == 3
    assert quiet_lines(document, lines, [*findings, found(source, "A pill")]) == 2


def test_ten_thousand_findings_and_phrases_at_every_word():
    source = "magic pill. " * 10_000
    index = LineIndex(source)
    first = found("magic pill. ", "magic")
    findings = [
        replace(first, start=12 * i, end=12 * i + 5, line=1, column=12 * i + 1, category=(HYPE, CURE)[i % 2])
        for i in range(10_000)
    ]
    document = read_text(source, "a", "text")
    lines = lines_of(document)
    result = apply_phrases(
        document, lines, index, findings, allow=["magic"], flags=[flag("pill"), flag("magic pill", CURE)],
        categories=load_categories(), audience=Audience("publisher", ()),
    )  # fmt: skip
    assert (len(result.findings), len(result.cleared)) == (20_000, 5_000)
    assert quiet_lines(document, lines, result.findings) == 0


WORDS = st.sampled_from(["magic", "Magic", "MAGIC", "pill", "pill's", "Pill’s", "!", "a", "a-b", "é", "\N{PILL}"])
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@settings(deadline=None)
@given(st.lists(WORDS | st.sampled_from(["\n", "\n\n", "."]), max_size=12).map(" ".join), st.lists(PHRASES, max_size=4))
def test_findings_keep_their_contract(source, phrases):
    """Exact slices, in order, none of a category inside another; what is flagged and then allowed is cleared."""
    flags = [flag(phrase, category) for phrase, category in zip(phrases, (HYPE, CURE) * 2, strict=False)]
    findings = applied(source, flags=flags).findings
    assert [(each.start, each.end, each.category) for each in findings] == sorted(
        (each.start, each.end, each.category) for each in findings
    )
    for finding in findings:
        assert " ".join(source[finding.start : finding.end].split()) == " ".join(finding.text.split())
        assert not any(
            other is not finding and other.category == finding.category
            and other.start <= finding.start and finding.end <= other.end
            for other in findings
        )  # fmt: skip
    both = applied(source, flags=flags, allow=phrases)
    assert both.findings == ()
    assert len(both.cleared) == len(findings)
    assert applied(source, *findings) == Phrased(findings, ())
