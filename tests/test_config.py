"""What a user may set: values that hold beside those that are refused, and a digest that no order changes."""

from __future__ import annotations

import pickle
from dataclasses import fields
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hypecheck.categories import CATEGORY_IDS
from hypecheck.checks.phrases import Flag
from hypecheck.config import KEYS, Settings, run_digest, settings_from
from hypecheck.gate import DEFAULT_FLOOR
from hypecheck.types import SettingsError

HYPE, CURE, FEAR = "hype-language", "cure-claim", "fear-appeal"
FLAG = {"phrase": "magic pill", "category": HYPE, "severity": "high", "reason": "we say tablet"}

TAKEN = {
    "role": ({"role": "sponsor"}, "role", "sponsor"),
    "jurisdictions in the one order": ({"jurisdictions": ["AU", "US", "AU"]}, "jurisdictions", ("US", "AU")),
    "no jurisdiction": ({"jurisdictions": []}, "jurisdictions", ()),
    "max-bytes": ({"max-bytes": 1}, "max_bytes", 1),
    "a date": ({"as-of": date(2026, 1, 31)}, "as_of", date(2026, 1, 31)),
    "a date in words": ({"as-of": "2026-01-31"}, "as_of", date(2026, 1, 31)),
    "no day": ({"as-of": "none"}, "as_of", "none"),
    "never": ({"fail-on": "never"}, "fail_on", "never"),
    "a whole score": ({"fail-score": 40}, "fail_score", 40.0),
    "the lowest score": ({"fail-score": 0}, "fail_score", 0.0),
    "the highest score": ({"fail-score": 100}, "fail_score", 100.0),
    "no score": ({"fail-score": "none"}, "fail_score", None),
    "off": ({"categories": {FEAR: False, HYPE: True}}, "off", (FEAR,)),
    "all on": ({"categories": {FEAR: True}}, "off", ()),
    "thresholds sorted": (
        {"report-thresholds": {HYPE: 1, CURE: 0.25}}, "report_thresholds", ((CURE, 0.25), (HYPE, 1.0)),
    ),
    "no threshold": ({"gate-thresholds": {}}, "gate_thresholds", ()),
    "severity": ({"severity": {HYPE: "low"}}, "severity", ((HYPE, "low"),)),
    "phrases folded, sorted, once": ({"allow": ["b  c", "a", "b c"]}, "allow", ("a", "b c")),
    "a phrase to flag": ({"flag": [FLAG]}, "flag", (Flag("magic pill", HYPE, "high", "we say tablet"),)),
    "patterns keep their order": ({"exclude": ["b", "a"]}, "exclude", ("b", "a")),
    "missing-risk": ({"missing-risk-fails": True}, "missing_risk_fails", True),
}  # fmt: skip

REFUSED = {
    "unknown key": ({"rolle": "sponsor"}, "there is no setting 'rolle'; did you mean role?"),
    "the field's name": ({"fail_on": "low"}, "did you mean fail-on?"),
    "unlike any key": ({"zzzz": 1}, "there is no setting 'zzzz'"),
    "the field that key does not name": ({"off": [FEAR]}, "there is no setting 'off'"),
    "role": ({"role": "sponsors"}, "did you mean sponsor?"),
    "role in capitals": ({"role": "Sponsor"}, "did you mean sponsor?"),
    "role a list": ({"role": ["sponsor"]}, "role is one of publisher, sponsor, clinic"),
    "jurisdiction": ({"jurisdictions": ["US", "usa"]}, "not 'usa'"),
    "jurisdictions a text": ({"jurisdictions": "US"}, "jurisdictions is a list of texts, not 'US'"),
    "max-bytes 0": ({"max-bytes": 0}, "max-bytes is a positive whole number"),
    "max-bytes a switch": ({"max-bytes": True}, "not True"),
    "max-bytes not whole": ({"max-bytes": 1.0}, "not 1.0"),
    "model empty": ({"model": " "}, "model is a text that is not empty"),
    "record a number": ({"record": 1}, "record is a text"),
    "no such day": ({"as-of": "2026-02-30"}, "as-of is a date (YYYY-MM-DD) or none, not '2026-02-30'"),
    "a time": ({"as-of": datetime(2026, 1, 1)}, "as-of is a date"),
    "fail-on": ({"fail-on": "hihg"}, "did you mean high?"),
    "score too high": ({"fail-score": 100.1}, "fail-score is a number from 0 to 100, not 100.1"),
    "score below 0": ({"fail-score": -1}, "not -1"),
    "score nan": ({"fail-score": float("nan")}, "not nan"),
    "score a text": ({"fail-score": "40"}, "not '40'"),
    "score a switch": ({"fail-score": True}, "not True"),
    "a number that Python does not write": ({"fail-score": 10**5000}, "too long to show"),
    "unknown category": ({"categories": {"hype": False}}, "categories: there is no category 'hype'"),
    "misspelt category": ({"severity": {"hype-langage": "low"}}, "did you mean hype-language?"),
    "category a word": ({"categories": {HYPE: "off"}}, f"categories: {HYPE} is true or false, not 'off'"),
    "categories a list": ({"categories": [HYPE]}, "categories is a table"),
    "categories an empty list": ({"categories": []}, "categories is a table"),
    "all off": ({"categories": dict.fromkeys(CATEGORY_IDS, False)}, "nothing would be checked"),
    "threshold above 1": ({"gate-thresholds": {HYPE: 1.5}}, f"gate-thresholds: {HYPE} is a number from 0 to 1"),
    "gate below report": (
        {"report-thresholds": {HYPE: 0.5}, "gate-thresholds": {HYPE: 0.4}}, "what is not reported cannot fail",
    ),
    "severity": ({"severity": {HYPE: "higher"}}, "did you mean high?"),
    "allow nothing": ({"allow": [" "]}, "allow: an entry is a text that is not empty"),
    "allow a table": ({"allow": {"a": 1}}, "allow is a list of texts"),
    "flag without a reason": ({"flag": [{**FLAG, "reason": ""}]}, "reason is a text that is not empty"),
    "flag lacks a part": ({"flag": [{"phrase": "x"}]}, "an entry has phrase, category, severity, reason"),
    "flag has more": ({"flag": [{**FLAG, "score": 1}]}, "and no other"),
    "flag a text": ({"flag": "magic pill"}, "flag is a list of phrases"),
    "flag what is absent": ({"flag": [{**FLAG, "category": "missing-risk"}]}, "choose another category"),
    "flag in no category": ({"flag": [{**FLAG, "category": "hyp-language"}]}, "did you mean hype-language?"),
    "missing-risk a number": ({"missing-risk-fails": 1}, "is true or false, not 1"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "field", "value"), TAKEN.values(), ids=TAKEN)
def test_is_taken(values, field, value):
    settings = settings_from(values)
    assert getattr(settings, field) == value
    assert type(getattr(settings, field)) is type(value)
    untouched = {each.name for each in fields(Settings)} - {field}
    assert all(getattr(settings, name) == getattr(Settings(), name) for name in untouched)


@pytest.mark.parametrize(("values", "words"), REFUSED.values(), ids=REFUSED)
def test_is_refused(values, words):
    with pytest.raises(SettingsError) as caught:
        settings_from(values)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 400


def test_every_field_has_its_key_and_takes_its_default():
    assert set(KEYS.values()) == {field.name for field in fields(Settings)}
    assert settings_from({}) == Settings()


def test_the_gate_and_the_settings_agree_on_what_fails():
    assert Settings().fail_on == DEFAULT_FLOOR


THRESHOLDS = {
    "none of the user's": ({}, {}, (0.3, 0.9)),
    "report raised": ({HYPE: 0.5}, {}, (0.5, 0.9)),
    "report raised over the gate": ({HYPE: 0.95}, {}, (0.95, 0.95)),
    "report lowered": ({HYPE: 0.1}, {}, (0.1, 0.9)),
    "gate lowered": ({}, {HYPE: 0.5}, (0.3, 0.5)),
    "gate lowered under the report threshold": ({}, {HYPE: 0.1}, (0.3, 0.3)),
    "another category's": ({CURE: 0.5}, {CURE: 0.5}, (0.3, 0.9)),
}


@pytest.mark.parametrize(("report", "gate", "expected"), THRESHOLDS.values(), ids=THRESHOLDS)
def test_thresholds(report, gate, expected):
    settings = Settings(report_thresholds=report, gate_thresholds=gate)
    assert settings.thresholds_of(HYPE, 0.3, 0.9) == expected


SHARE = st.floats(0, 1)


@hypothesis_settings(deadline=None)
@given(st.none() | SHARE, st.none() | SHARE, SHARE, SHARE, st.sampled_from(["report_thresholds", "gate_thresholds"]))
def test_raising_a_threshold_only_makes_fewer_findings(low, high, fitted, score, raised):
    """What is found, and what fails, with the higher threshold is among what was with the lower."""
    low, high = sorted((low or 0.0, high or 0.0))
    report, gate = sorted((fitted, 1.0))
    before = Settings(**{raised: {HYPE: low}}).thresholds_of(HYPE, report, gate)
    after = Settings(**{raised: {HYPE: high}}).thresholds_of(HYPE, report, gate)
    assert all(score >= threshold for threshold, new in zip(before, after, strict=True) if score >= new)
    assert after[0] <= after[1]


def test_categories():
    settings = Settings(off=(FEAR,), severity={CURE: "low"})
    assert (settings.is_on(FEAR), settings.is_on(CURE)) == (False, True)
    assert (settings.severity_of(CURE), settings.severity_of(FEAR)) == ("low", None)


def test_the_digest_of_the_first_settings_stays():
    # What the first release wrote in its audit line for its defaults.
    assert Settings().digest() == "263c65923f6e7b4e2486ccd83e405de61722d38584aba97ce3a28289a3372462"


DIFFERENT = {
    "role": {"role": "clinic"},
    "jurisdictions": {"jurisdictions": ("US",)},
    "max_bytes": {"max_bytes": 9},
    "fail_on": {"fail_on": "low"},
    "fail_score": {"fail_score": 0},
    "missing_risk_fails": {"missing_risk_fails": True},
    "off": {"off": (FEAR,)},
    "report": {"report_thresholds": {HYPE: 0.95}},
    "gate": {"gate_thresholds": {HYPE: 0.95}},
    "severity": {"severity": {HYPE: "low"}},
    "allow": {"allow": ("a",)},
    "flag": {"flag": (Flag("a", HYPE, "low", "b"),)},
    "include": {"include": ("a",)},
    "exclude": {"exclude": ("a",)},
    "patterns in another order": {"exclude": ("a", "b")},
    "patterns in one order": {"exclude": ("b", "a")},
}


def test_different_settings_have_different_digests():
    digests = [Settings(**values).digest() for values in [{}, *DIFFERENT.values()]]
    assert len(set(digests)) == len(digests)


SAME = {
    "lists in another order": ({"allow": ("a", "b"), "off": (FEAR, CURE)}, {"off": (CURE, FEAR), "allow": ("b", "a")}),
    "jurisdictions": ({"jurisdictions": ("US", "UK")}, {"jurisdictions": ("UK", "US")}),
    "tables": ({"severity": {HYPE: "low", CURE: "low"}}, {"severity": {CURE: "low", HYPE: "low"}}),
    "a mapping and its pairs": ({"severity": {HYPE: "low"}}, {"severity": ((HYPE, "low"),)}),
    "a number's type": ({"fail_score": 40}, {"fail_score": 40.0}),
    "negative zero": ({"fail_score": -0.0}, {"fail_score": 0}),
    "said as the default": ({"fail_on": "high"}, {}),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_equal_settings_have_one_digest(one, other):
    one, other = Settings(**one), Settings(**other)
    assert (one, hash(one), one.digest()) == (other, hash(other), other.digest())


@pytest.mark.parametrize("told", [{"model": "m"}, {"record": "r.yaml"}, {"as_of": "none"}], ids=str)
def test_what_the_audit_line_names_is_not_in_the_digest(told):
    assert Settings(**told) != Settings()
    assert Settings(**told).digest() == Settings().digest()


def test_the_digest_of_a_run():
    one, other = Settings(), Settings(role="clinic")
    assert run_digest([one, one]) == one.digest()
    assert run_digest([one, other]) == run_digest([other, one, other])
    assert run_digest([one, other]) not in {one.digest(), other.digest()}


def test_settings_go_to_another_process():
    settings = Settings(severity={HYPE: "low"}, flag=(Flag("a", HYPE, "low", "b"),), as_of=date(2026, 1, 1))
    assert pickle.loads(pickle.dumps(settings)) == settings


LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.datetimes()
WORD = st.sampled_from(["low", "high", "none", "US", *CATEGORY_IDS[:3], *FLAG])
PLAIN = st.recursive(
    LEAF | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD | st.text(max_size=3), inner, max_size=3),
)


@hypothesis_settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(KEYS)) | st.text(max_size=4), PLAIN, max_size=4))
def test_any_values_are_settings_or_an_error(values):
    try:
        settings = settings_from(values)
    except SettingsError:
        return
    again = Settings(**{field.name: getattr(settings, field.name) for field in fields(Settings)})
    assert (again, again.digest()) == (settings, settings.digest())
