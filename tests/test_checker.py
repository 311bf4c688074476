"""The contract of findings and reports, on the packaged model."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hypecheck
from hypecheck.categories import CATEGORY_IDS
from hypecheck.checks.findings import FAINTEST, document_score, faint_weight, fingerprint
from hypecheck.score.spans import logistic
from hypecheck.types import Failure, ReadError, Report

OVERSOLD = (
    "A breakthrough patch for restless legs\n\nStudies have shown that the patch is completely safe and has no side "
    "effects. Patients saw dramatic improvements in sleep. It is a promising, revolutionary treatment.\n"
)
WORDS = (
    "the patch is proven safe and effective studies have shown that patients saw dramatic improvements promising new "
    'treatment may help some people it was approved by the FDA in mice 12 of 30 nausea . , " “ ” % \n \n\n'
).split(" ")
SPOKEN = tuple(category for category in CATEGORY_IDS if category != "missing-risk")
LINEAR = hypecheck.Checker(model="linear")
texts = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join)


def test_the_words_of_a_finding_stand_where_it_says(checker):
    report = checker.check(OVERSOLD)
    assert {f.category for f in report.findings} >= {"hype-language", "risk-minimization", "vague-attribution"}
    for finding in report.findings:
        assert OVERSOLD[finding.start : finding.end] == finding.text
        line = OVERSOLD.splitlines()[finding.line - 1]
        assert line[finding.column - 1 :].startswith(finding.text.split()[0])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_properties_of_every_report(checker, text):
    report = checker.check(text)
    assert 0 <= report.score <= 100
    assert tuple(report.category_scores) == CATEGORY_IDS
    assert all(0 <= value <= 1 for value in report.category_scores.values())
    keys = [(f.start, f.end, f.category) for f in report.findings]
    assert keys == sorted(keys)
    for finding in report.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert " ".join(text[finding.start : finding.end].split()) == finding.text
        weights = [row.weight for row in finding.evidence if row.weight is not None]
        if finding.subtype != "passage":
            assert logistic(math.fsum(weights)) == pytest.approx(finding.score, abs=1e-9)
        assert finding.score <= report.category_scores[finding.category] + 1e-12
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False)) == report.to_dict()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_another_overclaiming_paragraph_never_lowers_the_linear_score(text):
    """The contextual model reads a window as a whole; `benchmarks/properties.py` counts how often it differs there."""
    more = text + "\n\nIt is completely safe and has no side effects.\n"
    assert LINEAR.check(more).score >= LINEAR.check(text).score


@pytest.mark.parametrize("name", ["careful.txt", "oversold.txt", "clinic-post.md"])
def test_another_overclaiming_paragraph_does_not_lower_the_score_of_an_article(checker, root, name):
    text = (root / "examples" / name).read_text(encoding="utf-8")
    more = text + "\n\nIt is completely safe and has no side effects.\n"
    assert checker.check(more).score > checker.check(text).score


def test_markup_around_a_text_changes_no_finding(checker):
    sentence = "Studies have shown that the patch is completely safe and has no side effects."
    plain = checker.check(f"Of patches\n\n{sentence}\n")
    marked = checker.check(
        "# Of patches\n\n*Studies have shown* that the patch is **completely safe** and has no side effects.\n",
        format="markdown",
    )
    html = checker.check(
        "<h1>Of patches</h1><p><i>Studies have shown</i> that the patch is <b>completely safe</b> and has no side effects.</p>",
        format="html",
    )
    shown = [[(f.category, f.text) for f in report.findings] for report in (plain, marked, html)]
    assert shown[0]
    assert shown[0] == shown[1] == shown[2]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"], ids=["empty", "white space", "only a mark"])
def test_nothing_to_judge_is_score_zero_and_noted(checker, text):
    report = checker.check(text)
    assert (report.score, report.findings) == (0, ())
    assert "there is no text to judge" in report.notes


def test_another_language_is_refused_and_named(checker):
    spanish = (
        "El parche es completamente seguro y los pacientes duermen mejor desde la primera noche, dicen los médicos "
        "que lo han probado en una clínica de la ciudad durante el último año con muy buenos resultados."
    )
    with pytest.raises(ReadError, match="English"):
        checker.check(spanish)


def test_files_come_back_in_order_and_a_bad_one_stops_no_other(checker, tmp_path):
    good, bad, other = tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.md"
    good.write_text(OVERSOLD)
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    other.write_text("# A page\n\nThe clinic opens at nine.\n")
    first, second, third, fourth = checker.check_files([good, bad, other, tmp_path / "none.txt"])
    assert isinstance(first, Report)
    assert isinstance(second, Failure)
    assert isinstance(third, Report)
    assert isinstance(fourth, Failure)
    assert "b.txt" in second.message


def test_a_file_over_the_limit_is_refused(tmp_path):
    small = hypecheck.Checker(settings=hypecheck.Settings(max_bytes=10))
    file = tmp_path / "a.txt"
    file.write_text("eleven char")
    with pytest.raises(ReadError):
        small.check_file(file)


def test_threads_agree(checker):
    expected = checker.check(OVERSOLD).to_dict()
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(checker.check(OVERSOLD).to_dict())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 4


def test_identity_holds_no_place():
    one = fingerprint("hype-language", None, "A  miracle\tdrop.")
    assert one == fingerprint("hype-language", None, "a miracle drop.")
    assert one != fingerprint("cure-claim", None, "a miracle drop.")
    assert one != fingerprint("hype-language", "x", "a miracle drop.")


def test_missing_risk_counts_once(checker):
    report = checker.check("A drop\n\n" + "The drop eases pain and helps people sleep through the night. " * 12)
    lacking = [f for f in report.findings if f.category == "missing-risk"]
    assert [f.subtype for f in lacking] == ["document"]
    assert document_score(lacking * 5, 3, 5.0, 1.0) == document_score(lacking, 3, 5.0, 1.0)


def test_phrases_too_unsure_to_show_count_for_the_score(checker):
    mild = "A drop\n\nThe drop may well be a good choice for many people, and it works nicely, its maker says.\n"
    report = checker.check(mild)
    assert report.faint > 0
    assert report.score > 0
    higher = hypecheck.Checker(
        model=checker.tool.model, settings=hypecheck.Settings(report_thresholds=dict.fromkeys(SPOKEN, 1.0))
    )
    unshown = higher.check(OVERSOLD)
    assert [f for f in unshown.findings if f.category in SPOKEN] == []
    assert unshown.faint > checker.check(OVERSOLD).faint
    assert unshown.score > 10


def test_what_is_off_or_suppressed_is_not_even_faint(checker):
    whole = checker.check(OVERSOLD)
    off = hypecheck.Checker(model=checker.tool.model, settings=hypecheck.Settings(off=tuple(SPOKEN[1:]))).check(
        OVERSOLD
    )
    assert off.faint < whole.faint
    silenced = checker.check(OVERSOLD + "\n[hypecheck: ignore-file -- a test]\n")
    assert (silenced.findings, silenced.faint, silenced.score) == ((), 0.0, 0.0)


@given(st.lists(st.floats(0, 1), max_size=9), st.integers(0, 50))
def test_a_faint_phrase_never_lowers_the_score(scores, quiet):
    before = document_score([], quiet, 40.0, 2.0, faint=faint_weight(scores))
    assert document_score([], quiet, 40.0, 2.0, faint=faint_weight([*scores, 0.5])) > before or before > 99.9
    assert faint_weight([0.5 * FAINTEST] * 9) == 0.0


def test_a_named_harm_ends_the_document_finding(checker):
    claim = "The drop eases pain and helps people sleep through the night. " * 12
    harm = "Nausea was reported by 12 of 90 people, two had a serious allergic reaction, and it must not be used in pregnancy."
    reassurance = "Safety. It has been shown to be safe. Talk to your doctor."
    lacking = [
        any(f.subtype == "document" for f in checker.check(f"A drop\n\n{claim}\n\n{end}\n").findings)
        for end in (harm, reassurance)
    ]
    assert lacking == [False, True]


def test_as_of_is_told_in_the_report_and_nothing_else_reads_the_clock():
    dated = hypecheck.check(OVERSOLD, as_of=date(2024, 1, 2))
    assert dated.to_dict()["written"] is None
    assert dated.as_of == date(2024, 1, 2)
    assert hypecheck.check(OVERSOLD).model.as_of is None


def test_the_public_names_are_there_and_lazy():
    assert set(hypecheck.__all__) <= set(dir(hypecheck))
    assert hypecheck.Report is Report
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        hypecheck.Nothing  # noqa: B018


@pytest.mark.parametrize(("model", "allowed"), [("linear", set()), ("contextual", {"numpy"})])
def test_checking_a_text_imports_no_heavy_package(root, tmp_path, model, allowed):
    """A text that speaks of approval reads the record, and with it PyYAML; this one does not."""
    page = tmp_path / "page.txt"
    page.write_text("The score fell by 3 points with the patch and by 2 with a sham one; 4 of 30 people had burns.")
    program = (
        "import sys; from hypecheck.cli import main\n"
        f"try: main(['check', '--model', '{model}', {str(page)!r}])\n"
        "except SystemExit: pass\n"
        "heavy = {'sklearn', 'scipy', 'nltk', 'numpy', 'joblib', 'yaml', 'tree_sitter', 'torch', 'transformers'}\n"
        f"sys.exit(', '.join(sorted((heavy & set(sys.modules)) - {allowed!r})) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_time_grows_with_the_text_and_not_faster(checker):
    def seconds(text):
        taken = []
        for _ in range(3):
            begin = time.perf_counter()
            checker.check(text)
            taken.append(time.perf_counter() - begin)
        return min(taken)

    page = OVERSOLD * 40
    # Four times the text; the bound leaves room for a busy machine and none for a square (16).
    assert seconds(page * 4) < 8 * seconds(page)
