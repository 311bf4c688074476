"""How far two annotators agree who did not see each other's work: agreement.py [FOLDER].

Compares labels/ with second_labels/ where both hold a document: per category typed partial-overlap
F1 and, over sentences, Krippendorff's alpha.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from hypecheck.train.corpus import GoldDocument, read_corpus
from hypecheck.train.measures import SENTENCE_GAP, cells, compare, dice, total


def main(folder: Path) -> int:
    """Print the table."""
    second = {document.id: document for document in read_corpus(folder, labels="second_labels")}
    first = [document for document in read_corpus(folder) if document.id in second]
    summed = total(compare(document.text, _spans(document), _spans(second[document.id])) for document in first)
    rated: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for document in first:
        for category, pairs in _rate(document, second[document.id], sorted(summed.categories)).items():
            rated[category] += pairs
    print(f"{len(first)} documents labelled twice, batches {', '.join(sorted({d.batch for d in first}))}")
    print(f"{'category':<24}{'F1':>6}{'alpha':>7}   spans")
    for name, tally in sorted(summed.categories.items()):
        counts = f"{tally.gold} and {tally.predicted}"
        print(f"{name:<24}{tally.agreement().f1:>6.2f}{_shown(alpha(rated[name])):>7}   {counts}")
    everything = [pair for pairs in rated.values() for pair in pairs]
    print(f"{'typed':<24}{summed.typed().agreement().f1:>6.2f}{_shown(alpha(everything)):>7}")
    print(f"{'untyped':<24}{summed.untyped.agreement().f1:>6.2f}")
    print(f"{'sentences':<24}{dice(summed.sentences):>6.2f}")
    same = [d.fields == second[d.id].fields for d in first if d.fields]
    graded = [d.fields["hype"] == second[d.id].fields["hype"] for d in first if d.fields and second[d.id].fields]
    lacking = [d.fields["missing_risk"] == second[d.id].fields["missing_risk"] for d in first if d.fields]
    print(f"all fields alike {sum(same)}, missing_risk {sum(lacking)}, hype grade {sum(graded)} of {len(first)}")
    return 0


def alpha(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Krippendorff's alpha for two raters and yes or no (Krippendorff 2004, 11.3); None where nobody said yes."""
    values = [value for pair in pairs for value in pair]
    yes, no = sum(values), len(values) - sum(values)
    if not yes or not no:
        return None
    observed = sum(one != other for one, other in pairs) / len(pairs)
    expected = 2 * yes * no / (len(values) * (len(values) - 1))
    return 1 - observed / expected


def _rate(one: GoldDocument, other: GoldDocument, categories: Iterable[str]) -> dict[str, list[tuple[bool, bool]]]:
    """For each category whether either annotator marked each sentence."""
    sentences = cells(one.text, SENTENCE_GAP, split=True)
    return {
        category: [
            tuple(
                any(s.category == category and s.start < end and s.end > start for s in document.spans)
                for document in (one, other)
            )
            for start, end in sentences
        ]
        for category in categories
    }  # type: ignore[return-value]


def _spans(document: GoldDocument) -> list[tuple[str, int, int]]:
    return [(s.category, s.start, s.end) for s in document.spans]


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
