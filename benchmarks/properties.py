"""Edits towards care, over the probes of the corpus: properties.py [--model NAME] [--sample N]

For each edit: how often a category's highest score rises by more than a hundredth, by how much at
worst, and the median change. Every positive probe of the category is edited; nothing is held out,
because what is measured is how a score answers to an edit. Last, a paragraph that oversells is added
to documents: how often, and by how much, that lowers the document's score.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from hypecheck import Checker
from hypecheck.train.corpus import GoldDocument, read_corpus, read_probes

ROOT = Path(__file__).resolve().parents[1]
NOTICED = 0.01
"""Scores are shown with two decimals."""

DOCUMENTS = 200
OVERSELLS = "It is completely safe and has no side effects."

Edit = Callable[[str], str | None]


def hedge(text: str) -> str | None:
    """The first verb that can take it hedged with "may", None where there is none."""
    plain = {"cures": "cure", "ends": "end", "stops": "stop", "works": "work", "reverses": "reverse"}
    plain |= {"eliminates": "eliminate", "heals": "heal", "restores": "restore", "prevents": "prevent"}
    verb = re.search(rf"\b({'|'.join(plain)})\b", text)
    if verb:
        return f"{text[: verb.start()]}may {plain[verb.group()]}{text[verb.end() :]}"
    for found, hedged in ((r"\b(?:is|are)\b(?! no\b)", "may be"), (r"\bwill\b", "may"), (r"\bcan\b", "may")):
        verb = re.search(found, text)
        if verb:
            return text[: verb.start()] + hedged + text[verb.end() :]
    return None


def append(words: str) -> Edit:
    """A further sentence."""
    return lambda text: f"{text} {words}"


def quantify(text: str) -> str | None:
    """An absolute effect with its comparator in the last sentence."""
    return re.sub(r"([.!?]?)$", r" (31 of 200 people, against 44 of 198 with a dummy treatment)\1", text, count=1)


def name_source(text: str) -> str | None:
    """The source in the last sentence."""
    return re.sub(r"([.!?]?)$", r", according to a trial of 412 adults in The Lancet in 2021\1", text, count=1)


EDITS: tuple[tuple[str, str, Edit], ...] = (
    ("hedge the verb", "certainty-overclaim", hedge),
    ("hedge the verb", "cure-claim", hedge),
    ("hedge the verb", "risk-minimization", hedge),
    ("name the source", "vague-attribution", name_source),
    ("give the effect with its comparator", "unquantified-benefit", quantify),
    ("name a harm", "missing-risk", append("Nausea troubled 12 in 100 people and two had to go to hospital.")),
)


def main(model: str | None, sample: int | None) -> int:
    """Print a row an edit."""
    checker = Checker(model=model)
    probes = [probe for probe in read_probes(ROOT / "training_data") if probe.id.endswith("/positive")]
    print(f"{'edit':<38}{'category':<24}{'cases':>6}{'raised':>8}{'worst':>8}{'median':>8}")
    for name, category, edit in EDITS:
        chosen = [probe for probe in probes if probe.probe_category == category]
        if sample is not None:
            chosen = random.Random(0).sample(chosen, min(sample, len(chosen)))
        print(_row(name, category, changes(checker, chosen, category, edit)))
    falls = added(checker, sample or DOCUMENTS)
    lower = sum(fall > 0 for fall in falls)
    print(f"a paragraph that oversells lowers the score of {lower} in {len(falls)} documents, worst {max(falls):.2f}")
    return 0


def added(checker: Checker, sample: int) -> list[float]:
    """How much the score of each of `sample` documents falls when a paragraph that oversells is added."""
    documents = random.Random(0).sample(read_corpus(ROOT / "training_data"), sample)
    rows = []
    for item in documents:
        texts = (item.text, f"{item.text.rstrip()}\n\n{OVERSELLS}\n")
        before, after = (checker.check(text, format=item.format).score for text in texts)
        rows.append(before - after)
    return rows


def changes(checker: Checker, probes: list[GoldDocument], category: str, edit: Edit) -> list[float]:
    """How much each edited text scores above the text as it was."""
    rows = []
    for probe in probes:
        edited = edit(probe.text)
        if edited is not None:
            before, after = (checker.check(text).category_scores[category] for text in (probe.text, edited))
            rows.append(after - before)
    return rows


def _row(name: str, category: str, rows: list[float]) -> str:
    raised = sum(row > NOTICED for row in rows) / max(1, len(rows))
    return f"{name:<38}{category:<24}{len(rows):>6}{raised:>8.1%}{max(rows):>8.2f}{median(rows):>8.2f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model")
    parser.add_argument("--sample", type=int)
    options = parser.parse_args()
    sys.exit(main(options.model, options.sample))
