"""A second reader of sentences: words counted one by one, beside the encoder that reads them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypecheck.score.features import Line, sentence_features
from hypecheck.score.scorer import Scorer


@dataclass(frozen=True, slots=True)
class Share:
    """How two readers' log-odds of a role become one."""

    encoder: float
    words: float
    intercept: float


@dataclass(frozen=True, slots=True)
class RoleBlend:
    """Roles that a linear classifier of sentences reads too; the others are left to the encoder."""

    scorer: Scorer
    shares: Mapping[str, Share]

    @classmethod
    def from_values(cls, values: Any) -> RoleBlend:
        """Read what `hypecheck.train` wrote; raises ValueError where its parts do not fit together."""
        scorer = Scorer.from_values(values["words"])
        shares = {role: Share(*map(float, row)) for role, row in values["shares"].items()}
        if set(scorer.names) != set(shares):
            raise ValueError(f"shares of {sorted(shares)} and a classifier of {sorted(scorer.names)}")
        return cls(scorer, shares)

    def apply(self, lines: Sequence[Line], roles: Sequence[dict[str, float]]) -> None:
        """Put the blended log-odds in place of the encoder's."""
        lanes: dict[str, int] = {}
        for line, row in zip(lines, roles, strict=True):
            odds = self.scorer.log_odds([name for name, _ in sentence_features(line)], lanes)
            for role, words in zip(self.scorer.names, odds, strict=True):
                share = self.shares[role]
                row[role] = share.encoder * row[role] + share.words * words + share.intercept

    def explain(self, line: Line, role: str) -> list[float]:
        """What each word of a line adds to the blended log-odds of a role by being counted."""
        column, share = self.scorer.names.index(role), self.shares[role].words
        weights = [0.0] * len(line.tokens)
        for name, position in sentence_features(line):
            if 0 <= position < len(weights):
                weights[position] += share * self.scorer.weights(name, column)
        return weights
