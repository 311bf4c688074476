"""Training from end to end on a corpus made here: small, quick, and the same bytes twice."""

from __future__ import annotations

import hashlib
import json

import pytest
import yaml

from hypecheck import Checker
from hypecheck.train.evaluate import evaluate
from hypecheck.train.fit import train
from hypecheck.types import CorpusError

GAINS = ["eases", "soothes", "ends", "halves", "lifts", "calms"]
THINGS = ["gout", "asthma", "migraine", "tinnitus", "eczema", "insomnia"]


def text(i: int) -> tuple[str, list[dict], list[dict]]:
    gain, thing = GAINS[i % 6], THINGS[i % 5]
    careful = i % 2
    claim = f"The patch number {i} {gain} {thing} in many of the people who try it."
    praise = f"Doctor {i} calls it a miracle cure for {thing} that works wonders."
    plain = f"The trial of {thing} ran for {i + 3} weeks in the town of Lund. People came to the clinic on Mondays."
    harm = f"Nausea and rash were seen in {i + 2} of 90 people."
    body = f"{claim} {plain}\n\n{harm if careful else praise} {plain}"
    roles = [{"role": "benefit-claim", "quote": claim[:30]}]
    roles += [{"role": "risk-statement", "quote": "Nausea and rash"}] if careful else []
    spans = [] if careful else [{"category": "hype-language", "severity": "medium", "quote": "miracle cure"}]
    return f"A patch for {thing}, part {i}\n\n{body}\n", spans, roles


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    documents, labels = folder / "documents" / "b1", folder / "labels" / "b1"
    documents.mkdir(parents=True)
    labels.mkdir(parents=True)
    rows = []
    for i in range(30):
        body, spans, roles = text(i)
        (documents / f"{i}.md").write_text(body)
        careful = bool(i % 2)
        fields = {
            "benefit_claim": True,
            "named_harm": careful,
            "missing_risk": not careful,
            "hype": 0 if careful else 3,
        }
        (labels / f"{i}.yaml").write_text(yaml.safe_dump({**fields, "spans": spans, "roles": roles}))
        rows.append({"id": str(i), "facts": f"topic{i % 10}", "genre": "blog"})
    (documents / "batch.yaml").write_text(yaml.safe_dump(rows))
    return folder


@pytest.fixture(scope="module")
def model(corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("model")
    train(corpus, out)
    return out


def digest(folder):
    return [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("linear.joblib", "manifest.json")]


def test_the_same_data_give_the_same_bytes(corpus, model, tmp_path):
    train(corpus, tmp_path)
    assert digest(tmp_path) == digest(model)


def test_the_model_loads_as_a_foreign_folder_and_finds_what_it_learnt(model):
    report = Checker(model=str(model)).check(
        "A patch\n\nDoctor 99 calls it a miracle cure for gout that works wonders.\n"
    )
    assert {f.category for f in report.findings if f.category != "missing-risk"} == {"hype-language"}
    assert "miracle" in " ".join(f.text for f in report.findings)


def test_faulty_data_are_refused_before_anything_is_written(corpus, tmp_path):
    broken = tmp_path / "corpus"
    (broken / "documents" / "b1").mkdir(parents=True)
    (broken / "documents" / "b1" / "batch.yaml").write_text("- {id: x, facts: y, genre: z}")
    with pytest.raises(CorpusError, match="not there"):
        train(broken, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="no documents"):
        train(tmp_path, tmp_path / "out")


@pytest.fixture(scope="module")
def gold(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gold")
    docs, rows = [], []
    for i in range(12):
        body, spans, _ = text(i)
        docs.append({"doc_id": str(i), "text": body})
        marked = [
            {"category": s["category"], "subtype": None, "severity": s["severity"], "start": body.index(s["quote"]),
             "end": body.index(s["quote"]) + len(s["quote"])}
            for s in spans
        ]  # fmt: skip
        fields = {"missing_risk": not i % 2, "benefit_claim": True, "named_harm": bool(i % 2), "hype": 3 * (1 - i % 2)}
        rows.append({"doc_id": str(i), "doc": fields, "spans": marked, "roles": []})
    (folder / "x.docs.jsonl").write_text("\n".join(map(json.dumps, docs)))
    (folder / "x.gold.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def test_evaluate_measures_a_pair_by_prefix_and_by_folder(gold, model):
    checker = Checker(model=str(model))
    by_prefix, by_folder = evaluate(str(gold / "x"), checker), evaluate(str(gold), checker)
    assert by_prefix.to_dict() == by_folder.to_dict()
    figures = by_prefix.to_dict()
    assert figures["documents"] == 12
    assert figures["typed"]["gold"] == 6
    assert 0.5 < figures["measures"]["typed span F1"] <= 1
    assert figures["measures"]["Spearman of score and hype grade"] > 0.5
    low, high = figures["intervals"]["typed span F1"]
    assert low <= figures["measures"]["typed span F1"] <= high
    assert json.loads(json.dumps(figures)) is not None
    assert "typed span F1" in by_prefix.to_text()


def test_below_ten_documents_there_are_no_intervals(gold, model, tmp_path):
    for kind in ("docs", "gold"):
        lines = (gold / f"x.{kind}.jsonl").read_text().splitlines()[:9]
        (tmp_path / f"y.{kind}.jsonl").write_text("\n".join(lines))
    found = evaluate(str(tmp_path / "y"), Checker(model=str(model)))
    assert found.to_dict()["intervals"] == {}
    assert "no intervals" in found.to_text()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "holds no pair"),
        ({"a.docs.jsonl": ""}, "not there"),
        ({"a.docs.jsonl": "{", "a.gold.jsonl": ""}, "not JSON"),
        ({"a.docs.jsonl": "", "a.gold.jsonl": '{"doc_id": "1"}'}, "has labels and no text"),
    ],
    ids=["empty folder", "half a pair", "broken line", "no text"],
)
def test_faulty_gold_is_named(tmp_path, model, files, said):
    for name, body in files.items():
        (tmp_path / name).write_text(body)
    with pytest.raises(CorpusError, match=said):
        evaluate(str(tmp_path), Checker(model=str(model)))
