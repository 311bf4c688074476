"""Training and evaluation: the only place that needs scikit-learn, nltk and numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypecheck.train.estimator import OverclaimClassifier as OverclaimClassifier

__all__ = ["OverclaimClassifier"]


def __getattr__(name: str) -> Any:
    if name != "OverclaimClassifier":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hypecheck.train.estimator import OverclaimClassifier

    return OverclaimClassifier
