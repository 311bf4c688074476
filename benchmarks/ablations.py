"""Methods and features beside each other on the same held-out documents: ablations.py REAL_FOLDER [--quick]

Every row is fitted on four folds and decoded and measured on the fifth, as the contextual model is:
a lexicon, a classifier of sentences whose words share its score, the tagger of words, the mean of
both, the tagger without one group of features each, and the tagger on a quarter, a half and three
quarters of the subjects. Writes docs/ablations.md. About a quarter of an hour on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.metrics import average_precision_score

from hypecheck.score.features import CONTEXT, read_lexicon, sentence_features, token_features
from hypecheck.train.estimator import OverclaimClassifier, hash_rows
from hypecheck.train.fit import ROLE_STRENGTH, read_everything
from hypecheck.train.measures import total
from hypecheck.train.phrases import compare_all, fit_phrases
from hypecheck.train.thresholds import report_threshold
from hypecheck.train.vectors import HELD, PROBE_WEIGHT, TAGGED, Encoded, encode, refold, token_labels

ROOT = Path(__file__).resolve().parents[1]
GROUPS: dict[str, Callable[[str], bool]] = {
    "context of the sentence and register": lambda name: name.startswith("context:"),
    "word classes": lambda name: name.startswith("class"),
    "word lists": lambda name: name.startswith(("hedge", "booster", "hype")),
    "affixes": lambda name: name.startswith(("head", "tail")),
    "words up to six away, unordered": lambda name: name.startswith(("left=", "right=")),
    "pairs, triples and skips": lambda name: "," in name.partition("=")[0],
    "imminence beside a regulator": lambda name: name.startswith("imminent"),
}
REST = "the word, its four neighbours on either side, shapes"

Scores = NDArray[np.float64]


def main(real: Path, quick: bool) -> int:
    """Write docs/ablations.md."""
    gold, rules = read_everything(ROOT / "training_data", real, print)
    encoded = [item for item in encode(gold, rules) if not item.gold.roles_only]
    if quick:
        encoded = _first(encoded, 40)
    bench = Bench(encoded)
    rows: list[tuple[str, Scores]] = [("lexicon", bench.lexicon())]
    tagged = bench.tag(list(bench.groups))
    rows += [("tagger of words", tagged), ("classifier of sentences", bench.sentences())]
    rows.append(("mean of tagger and sentence classifier", (tagged + rows[-1][1]) / 2))
    for group in GROUPS:
        rows.append((f"tagger without {group}", bench.tag([name for name in bench.groups if name != group])))
    for quarters in (1, 2, 3):
        rows.append((f"tagger, {25 * quarters} % of the subjects", bench.tag(list(bench.groups), quarters)))
    lines = [bench.row(name, scores) for name, scores in rows]
    header = [
        "<!-- Written by benchmarks/ablations.py. -->",
        "# Methods and features of the linear model",
        "",
        f"Fitted on four folds, decoded and measured on the fifth ({bench.counts()}). Typed span F1 at the threshold "
        "that keeps to half a false finding in 1,000 words of reference pages, the best typed F1 at any threshold, and "
        "the mean over categories of the average precision of words.",
        "",
        "| method | real | written | real, best | average precision |",
        "|---|---|---|---|---|",
    ]
    text = "\n".join([*header, *lines]) + "\n"
    if not quick:
        (ROOT / "docs" / "ablations.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


class Bench:
    """The data in groups of columns, built once; every method is a choice of groups and rows."""

    def __init__(self, encoded: list[Encoded]) -> None:
        self.encoded = encoded
        self.labels = token_labels(encoded)
        self.counts_of = [sum(len(line.tokens) for line in item.lines) for item in encoded]
        self.folds = np.repeat([item.fold for item in encoded], self.counts_of)
        self.weights = np.repeat([PROBE_WEIGHT if item.is_probe else 1.0 for item in encoded], self.counts_of)
        self.groups = {name: hash_rows(self._names(chosen)) for name, chosen in [*GROUPS.items(), (REST, None)]}
        self.held = refold([item for item in encoded if item.fold == HELD])
        topics = sorted({item.gold.pair or item.gold.topic for item in encoded})
        quarter = {topic: number % 4 for number, topic in enumerate(topics)}
        self.quarters = np.repeat([quarter[i.gold.pair or i.gold.topic] for i in encoded], self.counts_of)

    def counts(self) -> str:
        """How many documents are measured on."""
        documents = [item for item in self.held if not item.is_probe]
        real = sum(item.gold.batch == "real" for item in documents)
        return f"{real} real and {len(documents) - real} written documents"

    def tag(self, groups: Sequence[str], quarters: int = 4) -> Scores:
        """Log-odds of all words by a tagger on these groups of features and this share of the subjects."""
        matrix: csr_matrix = sum(self.groups[name] for name in groups)
        held = self.folds == HELD
        seen = ~held & (self.quarters < quarters)
        model = OverclaimClassifier(n_jobs=2).fit(matrix[seen], self.labels[seen], self.weights[seen])
        scores = np.full(self.labels.shape, -20.0)
        scores[held] = model.decision_function(matrix[held])
        return scores

    def lexicon(self) -> Scores:
        """A word on the lists of boosters and hype words is hype-language."""
        scores = np.full(self.labels.shape, -20.0)
        words = (token.word for item in self.encoded for line in item.lines for token in line.tokens)
        lists = read_lexicon()
        hits = [bool({"booster", "hype"} & set(lists.get(word, ()))) for word in words]
        scores[hits, TAGGED.index("hype-language")] = 0.0
        return scores

    def sentences(self) -> Scores:
        """A classifier of sentences; a word gets its sentence's log-odds and what the word adds above the mean."""
        lines = [line for item in self.encoded for line in item.lines]
        lengths = [len(line.tokens) for line in lines]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        marked = np.maximum.reduceat(self.labels, starts, axis=0)
        found = [sentence_features(line) for line in lines]
        matrix = hash_rows([name for name, _ in row] for row in found)
        held = self.folds[starts] == HELD
        model = OverclaimClassifier(C=ROLE_STRENGTH, fewest=2, n_jobs=2)
        model.fit(matrix[~held], marked[~held], self.weights[starts][~held])
        scores = np.full(self.labels.shape, -20.0)
        whole = model.decision_function(matrix[held])
        for sentence, number in zip(whole, np.flatnonzero(held), strict=True):
            at = [position for _, position in found[number]]
            parts = hash_rows([name] for name, _ in found[number])
            added = (parts @ model.weights_.T.astype(float)) * model.scales_
            share = np.zeros((lengths[number], len(TAGGED)))
            for position, values in zip(at, np.asarray(added), strict=True):
                if position != CONTEXT:
                    share[position] += values
            scores[starts[number] : starts[number] + lengths[number]] = sentence + share - share.mean(axis=0)
        return scores

    def row(self, name: str, scores: Scores) -> str:
        """A line of the table."""
        documents = [item for item in self.held if not item.is_probe]
        rows = np.concatenate([_rows(item) for item in documents])
        precision = [
            average_precision_score(self.labels[rows, c], scores[rows, c])
            for c in range(len(TAGGED))
            if self.labels[rows, c].any()
        ]
        fits = fit_phrases(self.held, scores, self.labels[rows])
        kept = report_threshold(self.held, fits)
        parts = {
            "real": [item for item in documents if item.gold.batch == "real"],
            "written": [item for item in documents if item.gold.batch != "real"],
        }

        def agreement(part: str, threshold: float) -> float:
            return total(compare_all(parts[part], fits, dict.fromkeys(fits, threshold))).typed().agreement().f1

        best = max(agreement("real", round(step / 50, 2)) for step in range(2, 31))
        cells = [agreement("real", kept), agreement("written", kept), best, float(np.mean(precision))]
        return f"| {name} | {' | '.join(f'{cell:.3f}' for cell in cells)} |"

    def _names(self, chosen: Callable[[str], bool] | None) -> Iterator[list[str]]:
        for item in self.encoded:
            for line in item.lines:
                for found in token_features(line.tokens, line.context):
                    names = [name for name, _ in found]
                    if chosen is not None:
                        yield [name for name in names if chosen(name)]
                    else:
                        yield [name for name in names if not any(of(name) for of in GROUPS.values())]


def _rows(item: Encoded) -> NDArray[np.int64]:
    return np.arange(item.token_row, item.token_row + sum(len(line.tokens) for line in item.lines))


def _first(encoded: Sequence[Encoded], count: int) -> list[Encoded]:
    """The first documents, for trying the script out."""
    return list(encoded[:count])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--quick" in sys.argv))
