"""Validate the written corpus and print its size, densities and variety: validate.py [FOLDER]."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

from hypecheck.train.caveats import read_caveats
from hypecheck.train.corpus import GoldDocument, read_corpus, read_probes
from hypecheck.types import CorpusError


def main(folder: Path) -> int:
    """Print the figures; 1 where the data is faulty."""
    try:
        documents, probes, caveats = read_corpus(folder), read_probes(folder), read_caveats(folder)
    except CorpusError as error:
        print(error)
        return 1
    words = sum(len(d.text.split()) for d in documents)
    topics, genres = {d.topic for d in documents}, {d.genre for d in documents}
    print(f"{len(documents)} documents, {words} words, {len(topics)} topics, {len(genres)} genres")
    sides = Counter(probe.id.rpartition("/")[2] for probe in probes)
    lone = sides["near_miss"] - sides["positive"]
    print(f"{len(probes)} probes: {sides['positive']} pairs and {lone} lone near-misses")
    named = sum(any(role.role == "risk-statement" for role in text.roles) for text in caveats)
    print(f"{len(caveats)} caveat texts, {sum(len(c.text.split()) for c in caveats)} words, {named} name a harm\n")
    print(f"{'genre':<22}{'documents':>10}{'words':>8}{'spans per 1,000 words':>23}")
    for genre in sorted(genres):
        print(_genre_row(genre, [d for d in documents if d.genre == genre]))
    print(f"\n{'category':<24}{'in documents':>13}{'in probes':>11}{'near-misses':>13}")
    positives = Counter(s.category for d in documents for s in d.spans)
    probed = Counter(s.category for p in probes for s in p.spans)
    near = Counter(p.probe_category for p in probes if p.id.endswith("/near_miss"))
    for category in sorted(positives | probed | near):
        print(f"{category:<24}{positives[category]:>13}{probed[category]:>11}{near[category]:>13}")
    lengths = sorted(len(d.text[s.start : s.end].split()) for d in documents for s in d.spans)
    print(f"\nspan length: median {median(lengths)} words, ninetieth percentile {lengths[int(0.9 * len(lengths))]}")
    print(f"spans whose wording occurs once: {_once(documents):.0%}")
    print(f"distinct four-word runs per thousand words: {_distinct(documents):.0f}")
    return 0


def _genre_row(genre: str, documents: list[GoldDocument]) -> str:
    words = sum(len(d.text.split()) for d in documents)
    spans = sum(len(d.spans) for d in documents)
    return f"{genre:<22}{len(documents):>10}{words:>8}{1000 * spans / words:>23.1f}"


def _once(documents: list[GoldDocument]) -> float:
    wordings = Counter(d.text[s.start : s.end].casefold() for d in documents for s in d.spans)
    return sum(count == 1 for count in wordings.values()) / max(1, sum(wordings.values()))


def _distinct(documents: list[GoldDocument]) -> float:
    runs: defaultdict[tuple[str, ...], int] = defaultdict(int)
    words = 0
    for document in documents:
        row = document.text.casefold().split()
        words += len(row)
        for i in range(len(row) - 3):
            runs[tuple(row[i : i + 4])] += 1
    return 1000 * len(runs) / max(1, words)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
