"""The linear model: one sum of word weights per word and category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypecheck.score.decoding import Decoding, Phrase, Reading
from hypecheck.score.features import Line, sentence_features, token_features
from hypecheck.score.scorer import Scorer
from hypecheck.types import Evidence, ModelError


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A trained model in memory: plain values that nothing changes after they are read."""

    tagger: Scorer
    roles: Scorer
    decoding: Decoding

    @classmethod
    def from_values(cls, values: Any, where: str) -> LinearModel:
        """Read what `hypecheck.train` wrote. Raises ModelError, naming `where`, for anything else."""
        decoding = Decoding.from_values(values, where)
        try:
            model = cls(Scorer.from_values(values["tagger"]), Scorer.from_values(values["roles"]), decoding)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise ModelError(
                f"{where}: its values are not those of a linear model ({error!r}); train it again"
            ) from error
        if model.tagger.names != decoding.names:
            raise ModelError(f"{where}: its parts do not fit together; train it again")
        return model

    def read(self, lines: Sequence[Line]) -> Reading:
        """Log-odds of every word and of every line."""
        lanes: dict[str, int] = {}
        tags = [
            [
                self.tagger.log_odds([name for name, _ in found], lanes)
                for found in token_features(line.tokens, line.context)
            ]
            for line in lines
        ]
        lanes = {}
        roles = [
            dict(
                zip(
                    self.roles.names,
                    self.roles.log_odds([name for name, _ in sentence_features(line)], lanes),
                    strict=True,
                )
            )
            for line in lines
        ]
        return Reading(tags, roles)

    def explain_phrases(
        self,
        lines: Sequence[Line],
        _reading: Reading,
        phrases: Sequence[Phrase],
        _closely: Sequence[bool],
    ) -> list[tuple[Evidence, ...]]:
        """For each phrase what each word and each context added; the weights sum to its decision value."""
        return [self._explain_phrase(lines[phrase.line], phrase) for phrase in phrases]

    def _explain_phrase(self, line: Line, phrase: Phrase) -> tuple[Evidence, ...]:
        column = self.tagger.names.index(phrase.category)
        rule, candidate = self.decoding.rules[phrase.category], phrase.candidate
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

    def explain_role(
        self, lines: Sequence[Line], _reading: Reading, number: int, role: str, factor: float, label: str
    ) -> tuple[Evidence, ...]:
        """What each word of line `number` adds to `factor` times its log-odds of a role."""
        line, column = lines[number], self.roles.names.index(role)
        gathered: dict[str | int, float] = {}
        for name, position in sentence_features(line):
            key = position if 0 <= position < len(line.tokens) else _context_name(name)
            gathered[key] = gathered.get(key, 0.0) + factor * self.roles.weights(name, column)
        rows = _evidence(line, gathered, {}, factor * self.roles.intercepts[column])
        return tuple(Evidence(row.kind, f"{row.text} ({label})", row.weight) for row in rows)


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
