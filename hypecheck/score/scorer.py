"""A table of integer weights with what turns its sums into log-odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypecheck.score.packed import PackedTable


@dataclass(frozen=True, slots=True)
class Scorer:
    """A linear classifier of several columns, each with a name."""

    names: tuple[str, ...]
    table: PackedTable
    scales: tuple[float, ...]
    intercepts: tuple[float, ...]

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Scorer:
        """Read what `hypecheck.train` wrote."""
        names = tuple(values["names"])
        table = PackedTable(values["rows"], len(names), values["buckets"])
        return cls(names, table, tuple(values["scales"]), tuple(values["intercepts"]))

    def log_odds(self, features: Sequence[str], lanes: dict[str, int]) -> list[float]:
        """One value a name, for a row of features."""
        sums = self.table.total(features, lanes)
        return [
            total * scale + intercept
            for total, scale, intercept in zip(sums, self.scales, self.intercepts, strict=True)
        ]

    def weights(self, feature: str, column: int) -> float:
        """What one feature adds to the log-odds of a column."""
        return self.table.weights(feature)[column] * self.scales[column]
