from __future__ import annotations

import hashlib
import json

import pytest
import yaml

from hypecheck.train.caveats import read_caveats
from hypecheck.train.corpus import format_of, joined_text, read_corpus, read_probes, read_real
from hypecheck.types import CorpusError

TEXT = "A miracle drop\n\nThe drop works wonders, and the drop works wonders at night. It stung."
LABELS = {
    "benefit_claim": True,
    "named_harm": True,
    "missing_risk": False,
    "hype": 3,
    "spans": [
        {"category": "hype-language", "severity": "high", "quote": "miracle"},
        {"category": "hype-language", "severity": "medium", "quote": "works wonders", "occurrence": 2},
    ],
    "roles": [
        {"role": "benefit-claim", "quote": "The drop works wonders"},
        {"role": "risk-statement", "quote": "It stung"},
    ],
}


def corpus(folder, **changes):
    """A corpus of one document with some labels changed."""
    batch, labels = folder / "documents" / "b1", folder / "labels" / "b1"
    batch.mkdir(parents=True)
    labels.mkdir(parents=True)
    (batch / "a.md").write_text(TEXT, encoding="utf-8")
    (batch / "batch.yaml").write_text(yaml.safe_dump([{"id": "a", "facts": "drops", "genre": "blog"}]))
    (labels / "a.yaml").write_text(yaml.safe_dump({**LABELS, **changes}))
    return folder


def test_quotes_become_offsets(tmp_path):
    (document,) = read_corpus(corpus(tmp_path))
    assert [document.text[s.start : s.end] for s in document.spans] == ["miracle", "works wonders"]
    assert document.spans[1].start == TEXT.rindex("works wonders")
    assert (document.id, document.batch, document.topic, document.genre) == ("b1/a", "b1", "drops", "blog")
    assert [r.role for r in document.roles] == ["benefit-claim", "risk-statement"]


def span(**changes):
    return {"spans": [{"category": "hype-language", "severity": "low", "quote": "miracle", **changes}]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (span(category="hype"), "no category 'hype'"),
        (span(severity="huge"), "no severity 'huge'"),
        (span(subtype="timeline"), "has no subtype 'timeline'"),
        (span(category="approval-overclaim"), "has no subtype None"),
        (span(quote="marvel"), "not in the text"),
        (span(quote="works wonders"), "stands 2 times"),
        (span(quote="works wonders", occurrence=3), "there is no occurrence 3"),
        (span(quote="wonders,"), "neither begins nor ends with punctuation"),
        (span(quote="drop\n\nThe"), "on one line"),
        (span(quote=""), "not in the text"),
        ({"hype": 5}, "hype is 0 to 4"),
        ({"named_harm": "no"}, "named_harm is true or false"),
        ({"missing_risk": True}, "missing_risk holds exactly"),
        ({"benefit_claim": False, "missing_risk": False}, "benefit_claim and the benefit-claim roles disagree"),
        ({"roles": LABELS["roles"][:1]}, "named_harm without a risk-statement"),
        ({"roles": [{"role": "praise", "quote": "It stung"}]}, "no role 'praise'"),
    ],
)
def test_a_faulty_label_is_named(tmp_path, changes, said):
    with pytest.raises(CorpusError) as error:
        read_corpus(corpus(tmp_path, **changes))
    assert said in str(error.value)
    assert "a.yaml" in str(error.value)


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(CorpusError) as error:
        read_corpus(corpus(tmp_path, hype=9, **span(severity="huge")))
    assert len(str(error.value).splitlines()) == 2


def test_missing_labels_and_texts_are_faults(tmp_path):
    corpus(tmp_path)
    (tmp_path / "labels" / "b1" / "a.yaml").unlink()
    with pytest.raises(CorpusError, match="no labels"):
        read_corpus(tmp_path)
    (tmp_path / "documents" / "b1" / "a.md").unlink()
    with pytest.raises(CorpusError, match="not there"):
        read_corpus(tmp_path)


def test_broken_yaml_is_a_fault(tmp_path):
    corpus(tmp_path)
    (tmp_path / "labels" / "b1" / "a.yaml").write_text("spans: [")
    with pytest.raises(CorpusError, match="a.yaml"):
        read_corpus(tmp_path)


def pair(positive_spans, near_spans):
    return {
        "pair": "p1",
        "category": "cure-claim",
        "topic": "gout",
        "positive": {"text": "It cures gout.", "spans": positive_spans},
        "near_miss": {"text": "Nothing cures gout.", "spans": near_spans},
    }


CURE = [{"category": "cure-claim", "severity": "high", "quote": "cures gout"}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (pair([], []), "positive lacks a cure-claim span"),
        (pair(CURE, CURE), "near_miss carries a cure-claim span"),
        ({**pair(CURE, []), "category": "cure"}, "no category 'cure'"),
        ({**pair(CURE, []), "positive": "It cures gout."}, "positive wants text and spans"),
    ],
)
def test_a_faulty_probe_is_named(tmp_path, row, said):
    (tmp_path / "probes").mkdir()
    (tmp_path / "probes" / "x.yaml").write_text(yaml.safe_dump([row]))
    with pytest.raises(CorpusError, match=said):
        read_probes(tmp_path)


def test_the_two_sides_of_a_probe_stand_together(tmp_path):
    (tmp_path / "probes").mkdir()
    (tmp_path / "probes" / "x.yaml").write_text(yaml.safe_dump([pair(CURE, [])]))
    positive, near_miss = read_probes(tmp_path)
    assert (positive.pair, near_miss.pair) == ("p1", "p1")
    assert positive.fields is near_miss.fields is None


def test_a_near_miss_may_stand_alone_and_a_positive_may_not(tmp_path):
    (tmp_path / "probes").mkdir()
    whole = pair(CURE, [])
    lone = {key: value for key, value in whole.items() if key != "positive"}
    (tmp_path / "probes" / "x.yaml").write_text(yaml.safe_dump([lone]))
    [probe] = read_probes(tmp_path)
    assert probe.id == "p1/near_miss"
    lone = {key: value for key, value in whole.items() if key != "near_miss"}
    (tmp_path / "probes" / "x.yaml").write_text(yaml.safe_dump([lone]))
    with pytest.raises(CorpusError, match="near_miss wants text and spans"):
        read_probes(tmp_path)


def standoff(folder, text, digest=None):
    row = {
        "doc_id": "d1", "dataset_id": "story_1", "genre": "release", "sha256": digest or hashlib.sha256(text.encode()).hexdigest(),
        "doc": {"missing_risk": False, "benefit_claim": False, "named_harm": False, "hype": 0},
        "spans": [["hype-language", None, "low", 0, 4]], "roles": [],
    }  # fmt: skip
    labels = folder / "labels.jsonl"
    labels.write_text(json.dumps(row) + "\n")
    return labels


def test_standoff_labels_are_joined_with_their_text(tmp_path):
    (tmp_path / "real.docs.jsonl").write_text(json.dumps({"doc_id": "d1", "text": "Bold claim"}))
    (document,) = read_real(standoff(tmp_path, "Bold claim"), tmp_path)
    assert document.text[document.spans[0].start : document.spans[0].end] == "Bold"


@pytest.mark.parametrize("part", ["HealthStory", "HealthRelease"])
def test_standoff_labels_are_joined_with_the_folders_of_the_dataset(tmp_path, part):
    (tmp_path / part).mkdir()
    article = {"title": "Bold claim ", "text": "\n First line.\n\n\n\nSecond line. \n", "url": "x"}
    (tmp_path / part / "story_1.json").write_text(json.dumps(article))
    wanted = "Bold claim\n\nFirst line.\n\nSecond line."
    (document,) = read_real(standoff(tmp_path, wanted), tmp_path)
    assert document.text == wanted


def test_an_article_without_a_title_is_its_text():
    assert joined_text({"title": None, "text": " A.\n"}) == "A."


@pytest.mark.parametrize(
    ("stored", "labelled", "said"),
    [("Bold claims", "Bold claim", "sha256 of the text is"), (None, "Bold claim", "is not in")],
    ids=["another text", "no text"],
)
def test_a_real_text_must_be_the_labelled_one(tmp_path, stored, labelled, said):
    rows = [] if stored is None else [json.dumps({"doc_id": "d1", "text": stored})]
    (tmp_path / "real.docs.jsonl").write_text("\n".join(rows))
    with pytest.raises(CorpusError, match=said):
        read_real(standoff(tmp_path, labelled), tmp_path)


def test_a_folder_without_texts_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="holds neither"):
        read_real(standoff(tmp_path, "x"), tmp_path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("---\ntitle: x\n---\nA", "markdown"),
        ("# A\n\nB", "markdown"),
        ("See [a](b).", "markdown"),
        ("A\n\nB #1", "text"),
    ],
    ids=["front matter", "heading", "link", "plain"],
)
def test_format_of(text, name):
    assert format_of(text) == name


def test_the_corpus_of_this_project_is_valid(root):
    assert len(read_corpus(root / "training_data")) >= 150
    assert len(read_probes(root / "training_data")) >= 700


CAVEAT = [
    {
        "id": "c9-001",
        "intervention": "a drop",
        "blocks": [
            {"kind": "heading", "sentences": [["b", "A drop clears the eye"]]},
            {
                "kind": "paragraph",
                "sentences": [["b", "It works in a day."], ["rl", "It stung some, in a small trial."]],
            },
            {"kind": "item", "sentences": [["r", "Not for children."]]},
            {"kind": "item", "sentences": [["", "Shake the bottle."]]},
        ],
    }
]


def caveats(folder, rows):
    (folder / "caveats").mkdir()
    (folder / "caveats" / "c9.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    return folder


def test_a_caveat_text_is_put_together_and_its_sentences_keep_their_roles(tmp_path):
    (text,) = read_caveats(caveats(tmp_path, CAVEAT))
    assert text.text == (
        "## A drop clears the eye\n\nIt works in a day. It stung some, in a small trial.\n\n"
        "- Not for children.\n- Shake the bottle.\n"
    )
    assert [(role.role, text.text[role.start : role.end]) for role in text.roles] == [
        ("benefit-claim", "A drop clears the eye"),
        ("benefit-claim", "It works in a day."),
        ("risk-statement", "It stung some, in a small trial."),
        ("limitation", "It stung some, in a small trial."),
        ("risk-statement", "Not for children."),
    ]
    assert (text.fields, text.spans, text.roles_only, text.format) == (None, (), True, "markdown")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"blocks": [{"kind": "cell", "sentences": [["b", "It helps."]]}]}, "no kind of block 'cell'"),
        ({"blocks": [{"kind": "item", "sentences": [["bx", "It helps."]]}]}, "no role in 'bx'"),
        ({"blocks": [{"kind": "item", "sentences": [["r", "It stung."]]}]}, "claims no benefit"),
    ],
    ids=["an unknown block", "an unknown role", "no benefit"],
)
def test_a_faulty_caveat_text_is_named(tmp_path, change, said):
    with pytest.raises(CorpusError, match=said):
        read_caveats(caveats(tmp_path, [{**CAVEAT[0], **change}]))


def test_a_caveat_text_has_a_name_of_its_own(tmp_path):
    with pytest.raises(CorpusError, match="stands twice"):
        read_caveats(caveats(tmp_path, CAVEAT * 2))
