"""From log-odds to phrases and decisions: what every kind of model shares, whatever made the log-odds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from hypecheck.score.features import Line, is_mark
from hypecheck.score.scorer import Scorer
from hypecheck.score.severity import judge_severity
from hypecheck.score.spans import Candidate, SpanRule, document_heat, find_candidates, logistic
from hypecheck.segment import PunktRules
from hypecheck.types import SEVERITIES, ModelError, Severity

FEWEST_HARMS = 0.001
"""Expected harms of a text without any; keeps the logarithm finite."""


class Reading(NamedTuple):
    """What a model says of a document's lines.

    `tags`: log-odds by line, word and category. `roles`: for each line the log-odds that it is a
    benefit claim, a risk statement, a limitation.
    """

    tags: list[list[list[float]]]
    roles: list[dict[str, float]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A scored phrase of a line, with the heat of its document."""

    category: str
    line: int
    candidate: Candidate
    score: float
    heat: float


@dataclass(frozen=True, slots=True)
class RiskRule:
    """Weights of the missing-risk decision: strongest benefit claim, strongest named harm, harms in all sentences."""

    benefit: float
    harm: float
    harms: float
    intercept: float

    def sum(self, benefit: float, harm: float, harms: float) -> float:
        """What the weights say, before the bound."""
        return self.benefit * benefit + self.harm * harm + self.harms * harms + self.intercept

    def decision(self, benefit: float, harm: float, harms: float) -> float:
        """Log-odds that a document claims a benefit and names no harm: never above those of the benefit claim alone."""
        return min(benefit, self.sum(benefit, harm, harms))


def risk_features(roles: Sequence[Mapping[str, float]]) -> tuple[float, float, float]:
    """What the missing-risk decision rests on, given the roles' log-odds of one line or more.

    The highest log-odds of a benefit claim and of a named harm, and the logarithm of the number of
    lines that may be expected to name a harm: many that half name one count like one that does.
    """
    expected = sum(logistic(row["risk-statement"]) for row in roles)
    return (
        max(row["benefit-claim"] for row in roles),
        max(row["risk-statement"] for row in roles),
        math.log(expected + FEWEST_HARMS),
    )


@dataclass(frozen=True, slots=True)
class Decoding:
    """How log-odds become phrases, a missing-risk decision and a document score; all of it fitted in folds."""

    names: tuple[str, ...]
    rules: Mapping[str, SpanRule]
    risk: RiskRule
    subtypes: Mapping[str, Scorer]
    severities: Scorer
    punkt: PunktRules
    score_scale: float
    score_gain: float

    @classmethod
    def from_values(cls, values: Any, where: str) -> Decoding:
        """Read what `hypecheck.train` wrote. Raises ModelError, naming `where`, for anything else."""
        try:
            decoding = cls(
                names=tuple(map(str, values["names"])),
                rules={name: SpanRule(*map(float, row)) for name, row in values["spans"].items()},
                risk=RiskRule(*map(float, values["missing_risk"])),
                subtypes={name: Scorer.from_values(row) for name, row in values["subtypes"].items()},
                severities=Scorer.from_values(values["severities"]),
                punkt=PunktRules.from_values(values["punkt"]),
                score_scale=float(values["score"][0]),
                score_gain=float(values["score"][1]),
            )
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise ModelError(f"{where}: its values are not those of a model ({error!r}); train it again") from error
        fits = set(decoding.rules) == set(decoding.names) and decoding.severities.names == SEVERITIES
        if not (fits and decoding.score_scale > 0 and decoding.score_gain > 0):
            raise ModelError(f"{where}: its parts do not fit together; train it again")
        return decoding

    def find_phrases(
        self, lines: Sequence[Line], tags: Sequence[Sequence[Sequence[float]]]
    ) -> tuple[list[Phrase], dict[str, float]]:
        """Every candidate phrase with its score, and the highest score of each category.

        Phrases come line by line, in the model's order of categories within a line.
        """
        heat = document_heat([max(map(max, rows)) for rows in tags])
        phrases: list[Phrase] = []
        highest = dict.fromkeys(self.rules, 0.0)
        for number, (line, rows) in enumerate(zip(lines, tags, strict=True)):
            marks = [is_mark(token) for token in line.tokens]
            for category, values in zip(self.names, zip(*rows, strict=True), strict=True):
                rule = self.rules[category]
                peak = max(range(len(values)), key=values.__getitem__)
                if values[peak] < rule.floor:
                    alone = logistic(rule.decision(values, Candidate(peak, peak, peak), heat))
                    highest[category] = max(highest[category], alone)
                    continue
                for candidate in find_candidates(values, marks, rule.drop, rule.floor):
                    score = logistic(rule.decision(values, candidate, heat))
                    highest[category] = max(highest[category], score)
                    phrases.append(Phrase(category, number, candidate, score, heat))
        return phrases, highest

    def severity_of(self, phrase: Phrase, line: Line) -> tuple[Severity, tuple[str, ...]]:
        """How heavy a phrase weighs, and what spoke most for it."""
        first, last, _ = phrase.candidate
        return judge_severity(self.severities, phrase.category, line, first, last)

    def subtype_of(self, category: str, line: Line, candidate: Candidate) -> str | None:
        """The likeliest subtype of a phrase, None where the category has none."""
        scorer = self.subtypes.get(category)
        if scorer is None:
            return None
        values = scorer.log_odds(subtype_features(line, candidate.first, candidate.last), {})
        return max(zip(scorer.names, values, strict=True), key=lambda pair: pair[1])[0]


def subtype_features(line: Line, first: int, last: int) -> list[str]:
    """Words of a phrase and of the five words on either side, apart."""
    words = [token.word for token in line.tokens]
    inside = words[first : last + 1]
    around = words[max(0, first - 5) : first] + words[last + 1 : last + 6]
    pairs = [f"in2={a} {b}" for a, b in pairwise(inside)]
    return [f"in={word}" for word in inside] + pairs + [f"near={word}" for word in around]
