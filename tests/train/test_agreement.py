"""The scripts of the corpus: agreement of two annotators, variety."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest

from hypecheck.train.corpus import GoldDocument


@pytest.fixture(scope="module")
def script(root):
    def load(name: str):
        spec = importlib.util.spec_from_file_location(f"corpus_{name}", root / "training_data" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    return load


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(True, True), (False, False)], 1.0),
        ([(True, False), (False, True)], -0.5),
        # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section A: ten units, two observers, 0.095.
        ([*[(False, True)] * 3, (True, False), (True, True), *[(False, False)] * 5], 0.0952),
    ],
    ids=["agreed", "opposed", "published example"],
)
def test_alpha(script, pairs, expected):
    assert script("agreement").alpha(pairs) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("pairs", [[(False, False)] * 3, [(True, True)] * 3], ids=["never", "always"])
def test_alpha_without_variation_has_no_value(script, pairs):
    assert script("agreement").alpha(pairs) is None


def test_nearest_neighbours_leave_out_documents_of_one_subject(script):
    def document(number: int, topic: str, text: str) -> GoldDocument:
        return GoldDocument(str(number), text, (), (), None, "b", topic, "blog")

    variety = script("variety")
    texts = [
        document(0, "gout", "the patch helps with gout in the toe"),
        document(1, "gout", "the patch helps with gout in the toe"),
        document(2, "asthma", "the spray helps with asthma in the chest"),
    ]
    similar = variety.similarities(texts)
    assert similar[0, 1] == -1
    assert 0 < similar[0, 2] < 1
    assert variety.nearest(np.array([[-1.0, 0.25], [0.75, -1.0], [0.5, 0.1]])) == 0.5
