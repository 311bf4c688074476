"""A model of either kind, as the checker uses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hypecheck.score.decoding import Decoding, Phrase, Reading
from hypecheck.score.features import Line
from hypecheck.score.folder import ModelFolder, load_values, read_file
from hypecheck.types import Evidence

LINEAR_FILE = "linear.joblib"
DECODING_FILE, ENCODER_FILE, TOKENIZER_FILE = "decoding.joblib", "encoder.onnx", "tokenizer.json"


class Model(Protocol):
    """Log-odds of words and lines, and what they rest on."""

    @property
    def decoding(self) -> Decoding:
        """How the log-odds become phrases and decisions."""

    def read(self, lines: Sequence[Line]) -> Reading:
        """Log-odds of every word and of every line of a document."""

    def explain_phrases(
        self, lines: Sequence[Line], reading: Reading, phrases: Sequence[Phrase], closely: Sequence[bool], /
    ) -> list[tuple[Evidence, ...]]:
        """For each phrase rows of evidence whose weights sum to its decision value.

        `closely` marks the phrases that are worth the time of a second reading.
        """

    def explain_role(
        self, lines: Sequence[Line], reading: Reading, number: int, role: str, factor: float, label: str, /
    ) -> tuple[Evidence, ...]:
        """Rows of evidence whose weights sum to `factor` times a line's log-odds of a role."""


def load_model(opened: ModelFolder) -> Model:
    """The model of an opened folder. Raises ModelError."""
    where = str(opened.path)
    if opened.manifest.kind == "linear":
        from hypecheck.score.linear import LinearModel

        return LinearModel.from_values(load_values(opened, LINEAR_FILE), where)
    from hypecheck.score.contextual import ContextualModel

    encoder, tokenizer = read_file(opened, ENCODER_FILE), read_file(opened, TOKENIZER_FILE)
    return ContextualModel.from_files(encoder, tokenizer, load_values(opened, DECODING_FILE), where)
