"""The contextual model's errors on held-out documents, by kind: worst_errors.py REAL_FOLDER WORK_FOLDER

Arguments as for compare_models.py. Writes docs/errors.md: counts over all held-out documents, and
twenty examples, all from documents written for this project.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hypecheck.train.corpus import GoldSpan
from hypecheck.train.decoding import fit_decoding
from hypecheck.train.fit import read_everything
from hypecheck.train.vectors import HELD, Encoded, encode, refold, token_labels

ROOT = Path(__file__).resolve().parents[1]
SHOWN = 10
"""Examples of false alarms, and of misses."""

AROUND = 70
"""Characters shown on either side."""


@dataclass(frozen=True, slots=True)
class Found:
    """A reported phrase in a document."""

    category: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Error:
    """A false alarm or a miss, with what weighs most first in `rank`."""

    kind: str
    item: Encoded
    category: str
    start: int
    end: int
    rank: float


def main(real: Path, work: Path) -> int:
    """Write docs/errors.md."""
    gold, rules = read_everything(ROOT / "training_data", real, print)
    encoded = [item for item in encode(gold, rules) if not item.gold.roles_only]
    saved = np.load(work / "held.npz")
    held = refold([item for item in encoded if item.fold == HELD])
    fit = fit_decoding(held, saved["tags"], token_labels(encoded), saved["roles"], lambda _: None)
    documents = {item.token_row: item for item in held if not item.is_probe}
    reported: dict[int, list[Found]] = {row: [] for row in documents}
    candidates: dict[int, list[Found]] = {row: [] for row in documents}
    for category, phrases in fit.phrases.items():
        for i, score in enumerate(phrases.scores.tolist()):
            row = int(phrases.phrases.documents[i])
            found = Found(category, int(phrases.phrases.starts[i]), int(phrases.phrases.ends[i]), score)
            candidates[row].append(found)
            if score >= fit.report[category]:
                reported[row].append(found)
    alarms = [e for row, item in documents.items() for e in false_alarms(item, reported[row])]
    misses = [e for row, item in documents.items() for e in missed(item, reported[row], candidates[row])]
    text = page(alarms, misses, sum(map(len, reported.values())), sum(len(d.gold.spans) for d in documents.values()))
    (ROOT / "docs" / "errors.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def false_alarms(item: Encoded, reported: list[Found]) -> Iterator[Error]:
    """Reported phrases that touch no annotated phrase of their category."""
    for found in reported:
        touched = [span for span in item.gold.spans if _touch(span, found)]
        if any(span.category == found.category for span in touched):
            continue
        careful = item.gold.fields and item.gold.fields["hype"] == 0
        kind = (
            "annotated as another category"
            if touched
            else "nothing annotated, in a document graded 0"
            if careful
            else "nothing annotated"
        )
        yield Error(kind, item, found.category, found.start, found.end, found.score)


def missed(item: Encoded, reported: list[Found], candidates: list[Found]) -> Iterator[Error]:
    """Annotated phrases that no reported phrase of their category touches."""
    for span in item.gold.spans:
        if span.category == "missing-risk" or any(f.category == span.category and _touch(span, f) for f in reported):
            continue
        other = any(_touch(span, f) for f in reported)
        below = [f.score for f in candidates if f.category == span.category and _touch(span, f)]
        kind = (
            "reported as another category" if other else "a candidate below the threshold" if below else "no candidate"
        )
        weight = {"low": 0, "medium": 1, "high": 2}[span.severity] - max(below, default=0.0)
        yield Error(kind, item, span.category, span.start, span.end, weight)


def page(alarms: list[Error], misses: list[Error], reported: int, annotated: int) -> str:
    """docs/errors.md."""
    lines = [
        "<!-- Written by benchmarks/worst_errors.py. -->",
        "# Errors on held-out documents",
        "",
        "The contextual model before the rules that clear phrases, on documents that its encoder has not seen: "
        f"{reported} phrases reported, {annotated} annotated. An error touches nothing of its category on the other "
        "side; a phrase that is a few words short or long is none.",
        "",
        "| error | kind | count |",
        "|---|---|---|",
    ]
    for name, errors in (("false alarm", alarms), ("miss", misses)):
        lines += [f"| {name} | {kind} | {count} |" for kind, count in Counter(e.kind for e in errors).most_common()]
    for title, errors in (("False alarms, surest first", alarms), ("Misses, gravest and furthest first", misses)):
        lines += ["", f"## {title}", "From written documents only, one a document.", ""]
        lines += [_example(error) for error in _worst(errors)]
    return "\n".join(lines) + "\n"


def _worst(errors: list[Error]) -> list[Error]:
    seen: set[int] = set()
    chosen = []
    for error in sorted(errors, key=lambda e: (-e.rank, e.item.gold.id, e.start)):
        if error.item.gold.batch != "real" and error.item.token_row not in seen and len(chosen) < SHOWN:
            seen.add(error.item.token_row)
            chosen.append(error)
    return chosen


def _example(error: Error) -> str:
    text = error.item.gold.text
    before = text[max(0, error.start - AROUND) : error.start].rpartition("\n")[2]
    after = text[error.end : error.end + AROUND].partition("\n")[0]
    phrase = text[error.start : error.end]
    return f"- {error.category}, {error.kind} ({error.item.gold.id}): … {before}**{phrase}**{after} …"


def _touch(span: GoldSpan, found: Found) -> bool:
    return span.start < found.end and found.start < span.end


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
