"""The contextual model: a small encoder that reads a word with its neighbours, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypecheck.score.blend import RoleBlend
from hypecheck.score.decoding import Decoding, Phrase, Reading
from hypecheck.score.windows import MASK, Window, make_windows
from hypecheck.types import Evidence, ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    from hypecheck.score.features import Line

UNREAD = -20.0
"""Log-odds of a word that the encoder has no piece for (a line of control characters)."""

THREADS = 2
"""A fixed number: how a sum is split over threads decides its last bits, and findings shall not depend on cores."""

EXTERNAL = b"location"
"""The key under which ONNX names a file that holds weights (TensorProto.external_data); ours hold their own."""

APPROXIMATE = "weights are approximate: each word was hidden in turn, and the sentence read alone"


@dataclass(frozen=True, slots=True)
class ContextualModel:
    """A fine-tuned encoder in memory, with the decoding that was fitted on its log-odds."""

    session: InferenceSession
    tokenizer: Tokenizer
    roles: tuple[str, ...]
    blend: RoleBlend
    decoding: Decoding

    @classmethod
    def from_files(cls, onnx: bytes, tokenizer: bytes, values: Any, where: str) -> ContextualModel:
        """Read what `hypecheck.train` wrote. Raises ModelError, naming `where`, for anything else."""
        decoding = Decoding.from_values(values, where)
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ModelError(
                f"{where}: needs {error.name}, which is not installed: pip install {error.name}, or use linear"
            ) from error
        if EXTERNAL in onnx:
            raise ModelError(f"{where}: its encoder names another file to read; train it again")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
            reader = Tokenizer.from_str(tokenizer.decode("utf-8"))
            roles = tuple(map(str, values["roles"]))
            blend = RoleBlend.from_values(values["blend"])
            columns = session.get_outputs()[0].shape[-1]
        except Exception as error:  # onnxruntime and tokenizers raise kinds of their own for a damaged file
            raise ModelError(f"{where}: its files are not those of a contextual model; train it again") from error
        if columns != len(decoding.names) + len(roles) or not set(blend.shares) <= set(roles):
            raise ModelError(f"{where}: its parts do not fit together; train it again")
        reader.no_truncation()
        reader.no_padding()
        return cls(session, reader, roles, blend, decoding)

    def read(self, lines: Sequence[Line]) -> Reading:
        """Log-odds of every word and of every line."""
        reading = self._unread(lines)
        for window in make_windows(lines, self._pieces):
            self._fill(reading, window, self._odds([window.ids])[0])
        self.blend.apply(lines, reading.roles)
        return reading

    def explain_phrases(
        self, lines: Sequence[Line], reading: Reading, phrases: Sequence[Phrase], closely: Sequence[bool]
    ) -> list[tuple[Evidence, ...]]:
        """For each phrase the weight of each of its words; the weights sum to its decision value.

        A word's weight is what its own log-odds add. Where `closely` says so it is what hiding the
        word takes away, found by reading the sentence again, alone, once a word.
        """
        hidden: dict[int, dict[int, Reading]] = {}
        for phrase, close in zip(phrases, closely, strict=True):
            if close:
                wanted = {-1, *range(phrase.candidate.first, phrase.candidate.last + 1)}
                rows = hidden.setdefault(phrase.line, {})
                rows.update(self._hide(lines[phrase.line], sorted(wanted - rows.keys())))
        return [
            self._by_hiding(lines[phrase.line], reading, phrase, hidden[phrase.line])
            if close
            else self._by_words(lines[phrase.line], reading, phrase)
            for phrase, close in zip(phrases, closely, strict=True)
        ]

    def explain_role(
        self, lines: Sequence[Line], reading: Reading, number: int, role: str, factor: float, label: str
    ) -> tuple[Evidence, ...]:
        """What each word of line `number` adds to `factor` times its log-odds of a role.

        A word's part is its own log-odds, in the line read alone and weighed as the pooling of pieces weighs
        them, and what it adds by being counted where the role is blended.
        """
        line = lines[number]
        weights = self._pooled(line, role)
        if role in self.blend.shares:
            counted = self.blend.explain(line, role)
            share = self.blend.shares[role].encoder
            weights = [share * weight + more for weight, more in zip(weights, counted, strict=True)]
        rows = [
            Evidence("word", f"{token.text} ({label})", factor * weight)
            for token, weight in zip(line.tokens, weights, strict=True)
        ]
        rest = factor * (reading.roles[number][role] - sum(weights))
        return (
            *sorted(rows, key=lambda row: -abs(row.weight or 0.0)),
            Evidence("context", f"everything else, read together ({label})", rest),
        )

    def _pooled(self, line: Line, role: str) -> list[float]:
        """What each word of a line, read alone, adds to the encoder's log-odds of a role."""
        import numpy as np

        column = len(self.decoding.names) + self.roles.index(role)
        weights = [0.0] * len(line.tokens)
        for window in make_windows([line], self._pieces):
            odds = self._odds([window.ids])[0, :, column].astype(float)
            for stretch in window.stretches:
                inside = odds[stretch.start : stretch.end]
                parts = odds * np.exp(odds - inside.max()) / np.exp(inside - inside.max()).sum()
                ends = (*stretch.pieces, stretch.end)
                for offset, (start, end) in enumerate(pairwise(ends)):
                    weights[stretch.first + offset] = float(parts[start : max(start + 1, end)].sum())
        return weights

    def _by_words(self, line: Line, reading: Reading, phrase: Phrase) -> tuple[Evidence, ...]:
        column, rule = self.decoding.names.index(phrase.category), self.decoding.rules[phrase.category]
        first, last, peak = phrase.candidate
        odds = [row[column] for row in reading.tags[phrase.line]]
        share = rule.mean / (last - first + 1)
        words = [
            Evidence("word", line.tokens[i].text, (share + rule.peak * (i == peak)) * (odds[i] - rule.floor))
            for i in range(first, last + 1)
        ]
        length = rule.decision([0.0] * len(odds), phrase.candidate, 0.0) - rule.intercept
        return (
            *sorted(words, key=lambda row: -abs(row.weight or 0.0)),
            Evidence("context", "length of the phrase", length),
            Evidence("context", "how the document reads", rule.heat * phrase.heat),
            Evidence("intercept", "", (rule.peak + rule.mean) * rule.floor + rule.intercept),
        )

    def _by_hiding(
        self, line: Line, reading: Reading, phrase: Phrase, hidden: dict[int, Reading]
    ) -> tuple[Evidence, ...]:
        column, rule = self.decoding.names.index(phrase.category), self.decoding.rules[phrase.category]
        candidate = phrase.candidate

        def decision(tags: Sequence[Sequence[float]]) -> float:
            return rule.decision([row[column] for row in tags], candidate, phrase.heat)

        alone = decision(hidden[-1].tags[0])
        weights = {i: alone - decision(hidden[i].tags[0]) for i in range(candidate.first, candidate.last + 1)}
        words = [Evidence("word", line.tokens[i].text, weight) for i, weight in weights.items()]
        rest = decision(reading.tags[phrase.line]) - sum(weights.values())
        return (
            *sorted(words, key=lambda row: -abs(row.weight or 0.0)),
            Evidence("context", "everything else, read together", rest),
            Evidence("note", APPROXIMATE),
        )

    def _hide(self, line: Line, words: Iterable[int]) -> dict[int, Reading]:
        """Readings of a line by itself with one of its words hidden in each; -1 hides none."""
        readings = {word: self._unread([line]) for word in words}
        for window in make_windows([line], self._pieces) if readings else []:
            rows = [_masked(window, word) for word in readings]
            for reading, odds in zip(readings.values(), self._odds(rows), strict=True):
                self._fill(reading, window, odds)
        return readings

    def _unread(self, lines: Sequence[Line]) -> Reading:
        nothing = [UNREAD] * len(self.decoding.names)
        return Reading(
            [[nothing] * len(line.tokens) for line in lines], [dict.fromkeys(self.roles, UNREAD) for _ in lines]
        )

    def _fill(self, reading: Reading, window: Window, odds: NDArray[np.float32]) -> None:
        """Put a window's log-odds, pieces by columns, where its lines stand; a line's role is its strongest part's."""
        count = len(self.decoding.names)
        for stretch in window.stretches:
            words = odds[list(stretch.pieces), :count].astype(float).tolist()
            reading.tags[stretch.line][stretch.first : stretch.first + len(words)] = words
            pooled = pool(odds[stretch.start : stretch.end, count:].astype(float)).tolist()
            known = reading.roles[stretch.line]
            known.update({role: max(known[role], value) for role, value in zip(self.roles, pooled, strict=True)})

    def _odds(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Log-odds of rows of equal length: rows by pieces by columns."""
        import numpy as np

        ids = np.array(rows, dtype=np.int64)
        (odds,) = self.session.run(None, {"ids": ids})
        return np.asarray(odds, dtype=np.float32)

    def _pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, encoding.offsets


def _masked(window: Window, word: int) -> tuple[int, ...]:
    """A window's ids with the pieces of a word of its only line hidden."""
    ids = list(window.ids)
    for stretch in window.stretches:
        if stretch.first <= word < stretch.first + len(stretch.pieces):
            pieces = (*stretch.pieces, stretch.end)
            start = pieces[word - stretch.first]
            end = max(start + 1, pieces[word - stretch.first + 1])
            ids[start:end] = [MASK] * (end - start)
    return tuple(ids)


def pool(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The log-odds of a sentence's roles, of those of its pieces (pieces by roles): log of the mean of exp.

    A harm named in three words of a long sentence counts nearly as much as in a short one, where the mean drowned it.
    """
    import numpy as np

    highest = odds.max(axis=0)
    return np.asarray(highest + np.log(np.exp(odds - highest).mean(axis=0)))
