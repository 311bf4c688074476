"""What the contextual model does in its own way, and damage of its files; tests/test_checker.py has what both share."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck import Checker
from hypecheck.checker import CLOSEST
from hypecheck.score.contextual import UNREAD, ContextualModel, pool
from hypecheck.score.folder import find_model, load_values, read_file
from hypecheck.score.model import DECODING_FILE, ENCODER_FILE, TOKENIZER_FILE
from hypecheck.types import ModelError

OVERSOLD = (
    "A breakthrough patch for restless legs\n\nStudies have shown that the patch is completely safe and has no side "
    "effects. Patients saw dramatic improvements in sleep. It is a promising, revolutionary treatment.\n"
)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(model="contextual")


@pytest.fixture(scope="module")
def parts():
    opened = find_model("contextual")
    encoder, tokenizer = read_file(opened, ENCODER_FILE), read_file(opened, TOKENIZER_FILE)
    return encoder, tokenizer, load_values(opened, DECODING_FILE)


odds = st.floats(min_value=UNREAD, max_value=-UNREAD)
pieces = st.lists(st.tuples(odds, odds, odds), min_size=1, max_size=40)


@given(pieces)
def test_a_role_is_pooled_between_the_mean_and_the_highest_of_its_pieces(rows):
    table = np.array(rows)
    pooled = pool(table)
    assert (pooled >= table.mean(axis=0) - 1e-9).all()
    assert (pooled <= table.max(axis=0) + 1e-9).all()


@given(pieces, odds)
def test_a_higher_piece_never_lowers_a_role(rows, other):
    table = np.array(rows)
    higher = table.copy()
    higher[0] = np.maximum(higher[0], other)
    assert (pool(higher) >= pool(table) - 1e-9).all()


def test_a_few_high_pieces_count_in_a_long_sentence():
    table = np.full((40, 1), -4.0)
    table[:3] = 3.0
    assert pool(table)[0] > 0 > table.mean()


def test_the_words_that_matter_weigh_most(checker):
    report = checker.check("Of patches\n\nThe patch is completely safe for every patient in the ward.\n")
    finding = next(f for f in report.findings if f.category == "risk-minimization")
    words = {row.text: row.weight for row in finding.evidence if row.kind == "word"}
    assert max(words, key=lambda word: words[word]) in {"completely", "safe"}


def hidden(finding) -> bool:
    return any("approximate" in row.text for row in finding.evidence)


def test_only_sure_findings_are_explained_by_hiding_words_and_say_so(checker):
    findings = [f for f in checker.check(OVERSOLD).findings if f.category != "missing-risk"]
    assert {f.gated for f in findings} == {True, False}
    assert len([f for f in findings if f.gated]) <= CLOSEST
    for finding in findings:
        assert finding.gated == hidden(finding)


def test_of_many_sure_findings_the_gravest_are_explained_by_hiding_words(checker):
    paragraph = OVERSOLD.rpartition("\n\n")[2]
    findings = [f for f in checker.check("\n\n".join([OVERSOLD, *[paragraph] * 12])).findings if f.gated]
    closely = [f for f in findings if hidden(f)]
    assert len(closely) == CLOSEST < len(findings)
    grave = [f for f in findings if f.severity == "high"]
    assert all(f.severity == "high" for f in closely) or all(hidden(f) for f in grave)


def test_the_same_text_gives_the_same_report(checker):
    again = Checker(model="contextual")
    assert checker.check(OVERSOLD).to_dict() == again.check(OVERSOLD).to_dict()


def test_a_text_longer_than_a_window_is_read_to_its_end(checker):
    filler = "The clinic stands at the edge of the town and is open on five days a week. " * 60
    report = checker.check(f"Of patches\n\n{filler}\n\nThe patch is completely safe and has no side effects.\n")
    assert any(f.category == "risk-minimization" and f.start > len(filler) for f in report.findings)


def test_a_sentence_longer_than_a_window_is_read_to_its_end(checker):
    filler = "and the clinic is open on five days a week " * 60
    report = checker.check(f"Of patches\n\nIt is told that {filler} and the patch is completely safe for everyone.\n")
    assert any(f.category == "risk-minimization" for f in report.findings)


def test_characters_without_a_piece_are_unread(parts):
    model = ContextualModel.from_files(*parts, "here")
    from hypecheck.read import read_text
    from hypecheck.score.features import prepare
    from hypecheck.segment import segment

    document = read_text("\u00ad\u00ad", "page.txt", "text")
    lines = prepare(document, segment(document, model.decoding.punkt))
    reading = model.read(lines)
    assert all(value == UNREAD for rows in reading.tags for row in rows for value in row)


@pytest.mark.parametrize("damaged", [0, 1], ids=["encoder", "tokenizer"])
@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"{}", b"\xff\xfe"], ids=["empty", "zeros", "object", "no text"])
def test_damaged_files_are_refused(parts, damaged, data):
    files = list(parts)
    files[damaged] = data
    with pytest.raises(ModelError, match="there: its files are not those of a contextual model"):
        ContextualModel.from_files(*files, "there")


def test_a_cut_encoder_is_refused(parts):
    encoder, tokenizer, values = parts
    with pytest.raises(ModelError, match="its files are not those"):
        ContextualModel.from_files(encoder[: len(encoder) // 2], tokenizer, values, "there")


def test_an_encoder_that_names_another_file_is_refused(parts):
    encoder, tokenizer, values = parts
    with pytest.raises(ModelError, match="names another file"):
        ContextualModel.from_files(encoder + b"location", tokenizer, values, "there")


def test_parts_of_another_number_of_columns_are_refused(parts):
    encoder, tokenizer, values = parts
    with pytest.raises(ModelError, match="do not fit together"):
        ContextualModel.from_files(encoder, tokenizer, {**values, "roles": [*values["roles"], "x"]}, "there")


def test_a_blend_of_roles_that_the_encoder_has_not_is_refused(parts):
    encoder, tokenizer, values = parts
    blend = values["blend"]
    other = {"words": {**blend["words"], "names": ["price"]}, "shares": {"price": [1.0, 1.0, 0.0]}}
    with pytest.raises(ModelError, match="do not fit together"):
        ContextualModel.from_files(encoder, tokenizer, {**values, "blend": other}, "there")


def test_without_its_runtime_the_error_names_the_remedy():
    code = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from hypecheck import Checker\n"
        "from hypecheck.types import ModelError\n"
        "try:\n    Checker(model='contextual')\n"
        "except ModelError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert "needs onnxruntime" in done.stdout
    assert "linear" in done.stdout


TOLERANCE = 0.05
"""Of a score from machine to machine: processors round the sums of eight-bit products differently."""


def test_fixed_cases_score_as_when_the_model_was_shipped(checker, root, golden, request):
    report = checker.check_file(root / "examples" / "oversold.txt")
    found = [[f.category, f.text, round(f.score, 3)] for f in report.findings if f.score >= 0.5]
    if request.config.getoption("--update-golden"):
        golden("contextual.json", json.dumps(found, indent=1) + "\n")
    expected = json.loads((root / "tests" / "golden" / "contextual.json").read_text(encoding="utf-8"))
    scores = {(f.category, f.text): f.score for f in report.findings}
    for category, text, score in expected:
        assert scores[category, text] == pytest.approx(score, abs=TOLERANCE)
