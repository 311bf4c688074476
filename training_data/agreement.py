"""How far two annotators agree who did not see each other's work: agreement.py [FOLDER].

Compares labels/ with second_labels/ where both hold a document: typed partial-overlap F1 per category.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hypecheck.train.corpus import read_corpus
from hypecheck.train.measures import compare, dice, total


def main(folder: Path) -> int:
    """Print the table."""
    second = {document.id: document for document in read_corpus(folder, labels="second_labels")}
    first = [document for document in read_corpus(folder) if document.id in second]
    summed = total(
        compare(
            document.text,
            [(s.category, s.start, s.end) for s in document.spans],
            [(s.category, s.start, s.end) for s in second[document.id].spans],
        )
        for document in first
    )
    print(f"{len(first)} documents labelled twice")
    for name, tally in sorted(summed.categories.items()):
        print(f"{name:<24}{tally.agreement().f1:>7.2f}{tally.gold:>6} and {tally.predicted}")
    print(f"{'typed':<24}{summed.typed().agreement().f1:>7.2f}")
    print(f"{'untyped':<24}{summed.untyped.agreement().f1:>7.2f}")
    print(f"{'sentences':<24}{dice(summed.sentences):>7.2f}")
    same = [d.fields == second[d.id].fields for d in first if d.fields]
    graded = [d.fields["hype"] == second[d.id].fields["hype"] for d in first if d.fields and second[d.id].fields]
    lacking = [d.fields["missing_risk"] == second[d.id].fields["missing_risk"] for d in first if d.fields]
    print(f"all fields alike {sum(same)}, missing_risk {sum(lacking)}, hype grade {sum(graded)} of {len(first)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
