"""The linear model: one sum of word weights per word and category, and the phrases that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypecheck.score.features import Line, is_mark, sentence_features, token_features
from hypecheck.score.packed import PackedTable
from hypecheck.score.spans import Candidate, SpanRule, document_heat, find_candidates, logistic
from hypecheck.segment import PunktRules
from hypecheck.types import Evidence, ModelError


@dataclass(frozen=True, slots=True)
class Scorer:
    """A table of weights with what turns its integer sums into log-odds."""

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
    """Weights of the missing-risk decision: strongest benefit claim, strongest named harm."""

    benefit: float
    harm: float
    intercept: float

    def decision(self, benefit: float, harm: float) -> float:
        """Log-odds that a document claims a benefit and names no harm."""
        return self.benefit * benefit + self.harm * harm + self.intercept


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A trained model in memory: plain values that nothing changes after they are read."""

    tagger: Scorer
    roles: Scorer
    subtypes: Mapping[str, Scorer]
    rules: Mapping[str, SpanRule]
    risk: RiskRule
    punkt: PunktRules
    score_scale: float
    score_gain: float

    @classmethod
    def from_values(cls, values: Any, where: str) -> LinearModel:
        """Read what `hypecheck.train` wrote. Raises ModelError, naming `where`, for anything else."""
        try:
            model = cls(
                tagger=Scorer.from_values(values["tagger"]),
                roles=Scorer.from_values(values["roles"]),
                subtypes={name: Scorer.from_values(row) for name, row in values["subtypes"].items()},
                rules={name: SpanRule(*map(float, row)) for name, row in values["spans"].items()},
                risk=RiskRule(*map(float, values["missing_risk"])),
                punkt=PunktRules.from_values(values["punkt"]),
                score_scale=float(values["score"][0]),
                score_gain=float(values["score"][1]),
            )
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise ModelError(
                f"{where}: its values are not those of a linear model ({error!r}); train it again"
            ) from error
        if set(model.rules) != set(model.tagger.names) or not (model.score_scale > 0 and model.score_gain > 0):
            raise ModelError(f"{where}: its parts do not fit together; train it again")
        return model

    def find_phrases(self, lines: Sequence[Line]) -> tuple[list[Phrase], dict[str, float]]:
        """Every candidate phrase with its score, and the highest score of each category.

        Phrases come line by line, in the model's order of categories within a line.
        """
        lanes: dict[str, int] = {}
        tagged = [self.tag(line, lanes) for line in lines]
        heat = document_heat([max(map(max, rows)) for rows in tagged])
        phrases: list[Phrase] = []
        highest = dict.fromkeys(self.rules, 0.0)
        for number, (line, rows) in enumerate(zip(lines, tagged, strict=True)):
            marks = [is_mark(token) for token in line.tokens]
            for category, values in zip(self.tagger.names, zip(*rows, strict=True), strict=True):
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

    def tag(self, line: Line, lanes: dict[str, int]) -> list[list[float]]:
        """Log-odds of a line, a row a word, a column a category."""
        return [
            self.tagger.log_odds([name for name, _ in found], lanes)
            for found in token_features(line.tokens, line.context)
        ]

    def role_odds(self, lines: Sequence[Line]) -> list[dict[str, float]]:
        """For each line the log-odds that it is a benefit claim, a risk statement, a limitation."""
        lanes: dict[str, int] = {}
        return [
            dict(
                zip(
                    self.roles.names,
                    self.roles.log_odds([name for name, _ in sentence_features(line)], lanes),
                    strict=True,
                )
            )
            for line in lines
        ]

    def subtype_of(self, category: str, line: Line, candidate: Candidate) -> str | None:
        """The likeliest subtype of a phrase, None where the category has none."""
        scorer = self.subtypes.get(category)
        if scorer is None:
            return None
        values = scorer.log_odds(subtype_features(line, candidate.first, candidate.last), {})
        return max(zip(scorer.names, values, strict=True), key=lambda pair: pair[1])[0]

    def explain_phrase(self, line: Line, phrase: Phrase) -> tuple[Evidence, ...]:
        """What each word and each context added; the weights sum to the decision value."""
        column = self.tagger.names.index(phrase.category)
        rule, candidate = self.rules[phrase.category], phrase.candidate
        rows = list(token_features(line.tokens, line.context))[candidate.first : candidate.last + 1]
        share = rule.mean / len(rows)
        gathered: dict[str | int, float] = {}
        for offset, found in enumerate(rows):
            factor = share + (rule.peak if candidate.first + offset == candidate.peak else 0.0)
            for name, position in found:
                weight = factor * self.tagger.weights(name, column)
                key = position if 0 <= position < len(line.tokens) else _context_name(name)
                gathered[key] = gathered.get(key, 0.0) + weight
        base = (rule.peak + rule.mean) * self.tagger.intercepts[column] + rule.intercept
        silent = [0.0] * len(line.tokens)
        length = rule.decision(silent, candidate, 0.0) - rule.intercept
        around = {"length of the phrase": length, "how the document reads": rule.heat * phrase.heat}
        return _evidence(line, gathered, around, base)

    def explain_role(self, line: Line, role: str, factor: float, label: str) -> tuple[Evidence, ...]:
        """What each word of a sentence adds to `factor` times its log-odds of a role."""
        column = self.roles.names.index(role)
        gathered: dict[str | int, float] = {}
        for name, position in sentence_features(line):
            key = position if 0 <= position < len(line.tokens) else _context_name(name)
            gathered[key] = gathered.get(key, 0.0) + factor * self.roles.weights(name, column)
        rows = _evidence(line, gathered, {}, factor * self.roles.intercepts[column])
        return tuple(Evidence(row.kind, f"{row.text} ({label})", row.weight) for row in rows)


def subtype_features(line: Line, first: int, last: int) -> list[str]:
    """Words of a phrase and of the five words on either side, apart."""
    words = [token.word for token in line.tokens]
    inside = words[first : last + 1]
    around = words[max(0, first - 5) : first] + words[last + 1 : last + 6]
    pairs = [f"in2={a} {b}" for a, b in pairwise(inside)]
    return [f"in={word}" for word in inside] + pairs + [f"near={word}" for word in around]


def _context_name(feature: str) -> str:
    return feature.partition(":")[2] if feature.startswith("context:") else "edge of the sentence"


def _evidence(
    line: Line, gathered: dict[str | int, float], extra: dict[str, float], base: float
) -> tuple[Evidence, ...]:
    words = [
        Evidence("word", line.tokens[key].text, weight) for key, weight in gathered.items() if isinstance(key, int)
    ]
    context = [Evidence("context", key, weight) for key, weight in gathered.items() if isinstance(key, str)]
    context += [Evidence("context", key, weight) for key, weight in extra.items()]
    ranked = sorted(words + context, key=lambda row: -abs(row.weight or 0.0))
    return (*ranked, Evidence("intercept", "before any word is read", base))
