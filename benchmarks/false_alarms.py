"""Findings on careful text: false_alarms.py CORPORA [--sample N]

CORPORA holds medquad/answers.jsonl and cochrane_pls/pairs.jsonl; the longest text of a row is checked.
Counts findings per 1,000 words (missing-risk apart) and documents that the default gate blocks, with
each model. Writes docs/careful.json, which the README shows.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hypecheck import Checker, ReadError
from hypecheck.gate import fails
from hypecheck.score.folder import PACKAGED

FILE = Path(__file__).resolve().parents[1] / "docs" / "careful.json"
FILES = {"medquad": "medquad/answers.jsonl", "cochrane_pls": "cochrane_pls/pairs.jsonl"}
FIELDS = {"medquad": None, "cochrane_pls": "plain_language_summary"}


def main() -> None:
    """Write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--sample", type=int, default=300, help="documents of each corpus")
    chosen = parser.parse_args()
    figures: dict[str, Any] = {}
    for model in PACKAGED:
        # With a day of judgement, so that what the record says counts as it does on the command line.
        checker = Checker(model=model, as_of=date.today())
        figures[model] = {"model_sha256": checker.tool.model_sha256}
        for name in FILES:
            figures[model][name] = row = count(checker, read_texts(chosen.corpora, name, chosen.sample))
            print(model, name, json.dumps(row), flush=True)
    FILE.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def read_texts(folder: Path, name: str, sample: int) -> list[str]:
    """The same drawn documents each time."""
    lines = (folder / FILES[name]).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    field = FIELDS[name]
    return [
        row[field] if field else max((value for value in row.values() if isinstance(value, str)), key=len)
        for row in random.Random(0).sample(rows, min(sample, len(rows)))
    ]


def count(checker: Checker, texts: Sequence[str]) -> dict[str, Any]:
    """What a checker finds in texts, and which it refuses."""
    words = blocked = lacking = refused = 0
    found: Counter[str] = Counter()
    for text in texts:
        try:
            report = checker.check(text)
        except ReadError:
            refused += 1
            continue
        words += len(text.split())
        blocked += fails(report)
        lacking += any(finding.category == "missing-risk" for finding in report.findings)
        found.update(f.category for f in report.findings if f.category != "missing-risk")
    return {
        "documents": len(texts),
        "refused": refused,
        "words": words,
        "findings": found.total(),
        "findings_per_1000_words": round(1000 * found.total() / words, 2),
        "missing_risk": lacking,
        "blocked": blocked,
        "categories": dict(found.most_common()),
    }


if __name__ == "__main__":
    main()
