from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from hypecheck.score.scorer import Scorer
from hypecheck.train import OverclaimClassifier
from hypecheck.train.estimator import hash_rows
from hypecheck.train.subtypes import scorer_values

SENTENCES = ["a proven cure", "proven to work", "it may help some", "nausea in two of ten"] * 8
LABELS = np.array([1, 1, 0, 0] * 8)
WIDE = np.column_stack([LABELS, 1 - LABELS, np.zeros_like(LABELS)])


def model(**given):
    return OverclaimClassifier(C=1.0, buckets=1 << 10, fewest=1, **given)


def test_it_learns_and_a_vector_gives_a_vector():
    fitted = model().fit(SENTENCES, LABELS)
    assert (fitted.predict(SENTENCES) == LABELS).all()
    assert fitted.decision_function(SENTENCES).shape == (32,)
    assert fitted.predict_proba(SENTENCES).shape == (32, 2)
    assert fitted.predict_proba(SENTENCES).sum(axis=1) == pytest.approx(1)


def test_a_column_without_positives_scores_low_everywhere():
    fitted = model().fit(SENTENCES, WIDE)
    assert fitted.predict(SENTENCES).shape == WIDE.shape
    assert (fitted.predict_proba(SENTENCES)[:, 2] < 0.1).all()


def test_clone_pipeline_and_grid_search():
    assert clone(model(n_jobs=2)).get_params() == model(n_jobs=2).get_params()
    assert make_pipeline(model()).fit(SENTENCES, LABELS).score(SENTENCES, LABELS) == 1
    search = GridSearchCV(model(), {"C": [0.1, 1.0]}, cv=2).fit(SENTENCES, LABELS)
    assert search.best_params_["C"] in (0.1, 1.0)


def test_an_unfitted_model_says_so():
    with pytest.raises(NotFittedError):
        model().decision_function(SENTENCES)


def test_rows_and_labels_must_match():
    with pytest.raises(ValueError, match="32 rows and 31 labels"):
        model().fit(SENTENCES, LABELS[:-1])


def test_the_same_data_give_the_same_weights():
    one, two = (model(n_jobs=jobs).fit(SENTENCES, WIDE) for jobs in (1, 2))
    assert one.packed_rows() == two.packed_rows()
    assert (one.intercepts_ == two.intercepts_).all()


def test_the_plain_scorer_gives_the_same_log_odds():
    rows = [["s=proven", "s=cure"], ["s=may", "s=may"], [], ["s=unheard"] * 300]
    fitted = model().fit(SENTENCES, WIDE)
    scorer = Scorer.from_values(scorer_values(fitted, ["a", "b", "c"]))
    expected = fitted.decision_function(hash_rows(rows, 1 << 10))
    assert np.array([scorer.log_odds(row, {}) for row in rows]) == pytest.approx(expected, abs=1e-12)


def test_weights_sum_to_the_log_odds():
    fitted = model().fit(SENTENCES, WIDE)
    scorer = Scorer.from_values(scorer_values(fitted, ["a", "b", "c"]))
    row = ["s=proven", "s=cure", "s2=a proven"]
    total = scorer.intercepts[0] + sum(scorer.weights(name, 0) for name in row)
    assert total == pytest.approx(scorer.log_odds(row, {})[0], abs=1e-12)
