"""Edits towards care, over the probes of the corpus: properties.py [--sample N]

For each edit and model: how often a category's highest score rises by more than a hundredth, by how
much at worst, and the median change. N positive probes of the category are edited; nothing is held out,
because what is measured is how a score answers to an edit. Last, a paragraph that oversells is added
to N documents: how often, and by how much, that lowers the document's score. Writes docs/properties.json,
which the model card shows.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from hypecheck import Checker
from hypecheck.score.folder import PACKAGED
from hypecheck.train.corpus import GoldDocument, read_corpus, read_probes

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "properties.json"
NOTICED = 0.01
"""Scores are shown with two decimals."""

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


def main() -> None:
    """Write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=60)
    sample = parser.parse_args().sample
    figures = {model: measure(Checker(model=model), sample) for model in PACKAGED}
    FILE.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def measure(checker: Checker, sample: int) -> dict[str, Any]:
    """How a checker's scores answer to each edit, and to a paragraph more."""
    probes = [probe for probe in read_probes(ROOT / "training_data") if probe.id.endswith("/positive")]
    edits = []
    for name, category, edit in EDITS:
        chosen = [probe for probe in probes if probe.probe_category == category]
        rows = changes(checker, random.Random(0).sample(chosen, min(sample, len(chosen))), category, edit)
        raised = sum(row > NOTICED for row in rows)
        edits.append({"edit": name, "category": category, "cases": len(rows), "raised": raised,
                      "worst": round(max(rows), 3), "median": round(median(rows), 3)})  # fmt: skip
    falls = added(checker, sample)
    lowered = {"documents": len(falls), "lowered": sum(fall > 0 for fall in falls), "worst": round(max(falls), 2)}
    return {"model_sha256": checker.tool.model_sha256, "edits": edits, "paragraph": lowered}


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


if __name__ == "__main__":
    main()
