"""Tuning and export of the encoder, on a base of two narrow layers made here. Skips where torch is not installed."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training the encoder needs the extra train-contextual")
transformers = pytest.importorskip("transformers", reason="training the encoder needs the extra train-contextual")
onnxruntime = pytest.importorskip("onnxruntime")

from hypecheck.train.corpus import GoldDocument, GoldRole, GoldSpan  # noqa: E402
from hypecheck.train.encoder import Recipe, find_base  # noqa: E402
from hypecheck.train.export import write_onnx  # noqa: E402
from hypecheck.train.punkt import learn_rules  # noqa: E402
from hypecheck.train.tuning import fit_encoder, read_encoded  # noqa: E402
from hypecheck.train.vectors import encode, line_labels, token_labels  # noqa: E402
from hypecheck.train.windows import Labels, make_examples, read_tokenizer  # noqa: E402
from hypecheck.types import CorpusError  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")

PRAISE = "It is a miracle cure that works wonders."
PLAIN = "The clinic stands in the town of Lund."
RECIPE = Recipe(epochs=4, rate=3e-3, head_rate=3e-2, batch=256, dropout=0.0, hide=0.0, average=0.5)


@pytest.fixture(scope="module")
def base(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("base")
    config = transformers.BertConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
    torch.manual_seed(0)
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    shutil.copyfile(root / "models" / "contextual" / "tokenizer.json", folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="module")
def data(base):
    gold = []
    for number in range(40):
        praised = bool(number % 2)
        text = f"A pill, part {number}\n\n{PLAIN} {PRAISE if praised else PLAIN} {PLAIN}\n"
        start = text.find("miracle")
        spans = (GoldSpan("hype-language", None, "medium", start, start + len("miracle cure")),) if praised else ()
        roles = (GoldRole("benefit-claim", start, start + 5),) if praised else ()
        fields = {"missing_risk": praised, "benefit_claim": praised, "named_harm": False, "hype": 3 * praised}
        gold.append(GoldDocument(str(number), text, spans, roles, fields, "b1", str(number), "news-story"))
    encoded = encode(gold, learn_rules([PLAIN] * 5))
    return encoded, Labels(token_labels(encoded), line_labels(encoded))


@pytest.fixture(scope="module")
def tuned(base, data, tmp_path_factory):
    encoded, labels = data
    tokenizer = read_tokenizer(base)
    examples = make_examples(encoded, tokenizer, labels)
    file = tmp_path_factory.mktemp("work") / "a.pt"
    return fit_encoder(examples, base, RECIPE, checkpoint=file, say=lambda _: None), tokenizer


def test_it_learns_what_is_marked(tuned, data):
    tagger, tokenizer = tuned
    encoded, labels = data
    tags, roles = read_encoded(tagger, encoded, tokenizer, labels)
    marked = labels.tags.any(axis=0)
    assert tags[labels.tags == 1].min() > tags[:, marked][labels.tags[:, marked] == 0].max()
    assert roles[labels.roles[:, 0] == 1, 0].min() > roles[labels.roles[:, 0] == 0, 0].max()


def test_a_stopped_run_goes_on_where_it_stopped(base, data, tuned, tmp_path):
    encoded, labels = data
    examples = make_examples(encoded, read_tokenizer(base), labels)
    said: list[str] = []

    def stop(line: str) -> None:
        said.append(line)
        if line.startswith("epoch 3"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_encoder(examples, base, RECIPE, checkpoint=tmp_path / "a.pt", say=stop)
    resumed = fit_encoder(examples, base, RECIPE, checkpoint=tmp_path / "a.pt", say=said.append)
    assert [line.split(":")[0] for line in said] == [f"epoch {n} of 4" for n in (1, 2, 3, 3, 4)]
    for (name, one), (_, other) in zip(tuned[0].named_parameters(), resumed.named_parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6), name


def test_a_checkpoint_of_another_recipe_is_not_gone_on_with(base, data, tmp_path):
    encoded, labels = data
    examples = make_examples(encoded, read_tokenizer(base), labels)
    said: list[str] = []
    one = replace(RECIPE, epochs=1)
    for recipe in (one, replace(one, seed=1)):
        fit_encoder(examples, base, recipe, checkpoint=tmp_path / "a.pt", say=said.append)
    assert len(said) == 2


def test_what_is_exported_scores_the_same(tuned, data, tmp_path):
    tagger, tokenizer = tuned
    encoded, labels = data
    example = make_examples(encoded, tokenizer, labels)[1]
    ids = np.array([example.window.ids])
    expected = tagger(torch.from_numpy(ids), torch.ones(ids.shape, dtype=torch.long)).detach().numpy()
    for quantise, tolerance in ((False, 1e-4), (True, 0.5)):
        write_onnx(tagger, tmp_path / "e.onnx", quantise=quantise)
        session = onnxruntime.InferenceSession(tmp_path / "e.onnx", providers=["CPUExecutionProvider"])
        (found,) = session.run(None, {"ids": ids})
        assert np.abs(found - expected).max() < tolerance


def test_another_base_is_refused(base, tmp_path):
    with pytest.raises(CorpusError, match="its sha256 is"):
        find_base(base)
    with pytest.raises(CorpusError, match="there is no such file"):
        find_base(tmp_path)
