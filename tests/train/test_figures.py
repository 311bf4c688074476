from __future__ import annotations

import numpy as np
import pytest

from hypecheck.train.figures import error_by_chance, expected_error


@pytest.mark.parametrize(
    ("chances", "truth", "error"),
    [
        pytest.param([0.25] * 40, [1.0, 0.0, 0.0, 0.0] * 10, 0.0, id="as often as said"),
        pytest.param([0.9] * 40, [1.0, 0.0] * 20, 0.4, id="too sure"),
        pytest.param([0.0] * 20 + [1.0] * 20, [1.0] * 20 + [0.0] * 20, 1.0, id="upside down"),
    ],
)
def test_the_error_is_the_gap_between_said_and_seen(chances, truth, error):
    # Each of the ten bins holds a whole round of the pattern.
    assert expected_error(chances, truth) == pytest.approx(error, abs=1e-9)


def test_exact_probabilities_are_as_wrong_as_chance_says_and_false_ones_more():
    chance = np.random.default_rng(7)
    chances = chance.uniform(0.05, 0.95, 400)
    expected = error_by_chance([chances.tolist()])
    exact = np.median([expected_error(chances.tolist(), (chance.random(400) < chances).tolist()) for _ in range(30)])
    assert exact == pytest.approx(expected, rel=0.15)
    sure = np.where(chances > 0.5, 0.95, 0.05).tolist()
    assert expected_error(sure, (chance.random(400) < chances).tolist()) > 2 * expected


def test_fewer_sentences_and_more_categories_come_out_worse():
    chances = np.linspace(0.05, 0.95, 1000).tolist()
    assert error_by_chance([chances[::10]]) > 2 * error_by_chance([chances])
    assert error_by_chance([chances[::10]] * 8) > error_by_chance([chances[::10]])
    assert error_by_chance([]) is None
