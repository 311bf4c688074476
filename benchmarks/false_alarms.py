"""Findings on careful text: false_alarms.py CORPORA [--sample N] [--model NAME]

CORPORA holds medquad/answers.jsonl and cochrane_pls/pairs.jsonl; the longest text of a row is checked.
Prints findings per 1,000 words (missing-risk apart) and the share of documents that the default gate blocks.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from hypecheck import Checker, ReadError
from hypecheck.gate import fails

FILES = {"medquad": "medquad/answers.jsonl", "cochrane_pls": "cochrane_pls/pairs.jsonl"}
FIELDS = {"medquad": None, "cochrane_pls": "plain_language_summary"}


def main(arguments: list[str]) -> int:
    """Print a line a corpus."""
    folder = Path(arguments[0])
    sample = int(arguments[arguments.index("--sample") + 1]) if "--sample" in arguments else None
    # With a day of judgement, so that what the record says counts as it does on the command line.
    model = arguments[arguments.index("--model") + 1] if "--model" in arguments else None
    checker = Checker(model=model, as_of=date.today())
    for name, file in FILES.items():
        rows = [json.loads(line) for line in (folder / file).read_text(encoding="utf-8").splitlines()]
        if sample is not None:
            rows = random.Random(0).sample(rows, min(sample, len(rows)))
        words = blocked = lacking = refused = 0
        found: Counter[str] = Counter()
        for row in rows:
            field = FIELDS[name]
            text = row[field] if field else max((v for v in row.values() if isinstance(v, str)), key=len)
            try:
                report = checker.check(text)
            except ReadError:
                refused += 1
                continue
            words += len(text.split())
            blocked += fails(report)
            lacking += any(finding.category == "missing-risk" for finding in report.findings)
            found.update(f.category for f in report.findings if f.category != "missing-risk")
        rate = 1000 * found.total() / words
        print(
            f"{name}: {len(rows)} documents, {words} words, {rate:.2f} findings per 1,000 words, "
            f"{blocked / len(rows):.1%} blocked by the default gate, missing-risk in {lacking / len(rows):.0%}, "
            f"{refused} not analysed; most: {', '.join(f'{k} {v}' for k, v in found.most_common(3))}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
