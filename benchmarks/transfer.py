"""How the linear model carries to what it has never seen: transfer.py REAL_FOLDER

Beside the folds by topic, each written document is scored by a tagger that has seen neither its genre, nor a genre of
the same family, nor any document of its subject, and by one that has seen neither its batch (in five groups) nor its
subject. Writes docs/transfer.md. About twenty minutes on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from hypecheck.train.estimator import OverclaimClassifier
from hypecheck.train.fit import CORES, read_everything, score_out_of_fold
from hypecheck.train.measures import total
from hypecheck.train.phrases import compare_all, fit_phrases
from hypecheck.train.thresholds import report_threshold
from hypecheck.train.vectors import TAGGED, Encoded, Rows, encode, token_rows

ROOT = Path(__file__).resolve().parents[1]
BATCH_GROUPS = 5
FAMILIES = {
    "pages that sell": ("clinic-page", "product-page"),
    "blogs and forums": ("wellness-blog", "forum-faq"),
    "news": ("news-story", "magazine-feature", "opinion", "newsletter"),
    "releases": ("company-release", "university-release", "journal-release"),
    "public information": ("consumer-page", "plain-summary", "patient-leaflet"),
}
"""Genres that are left out together: a university's release teaches how a journal's reads."""

Scores = NDArray[np.float64]


def main(real: Path) -> int:
    """Write docs/transfer.md."""
    gold, rules = read_everything(ROOT / "training_data", real, print)
    encoded = [item for item in encode(gold, rules) if not item.gold.roles_only]
    rows = token_rows(encoded)
    written = [item for item in encoded if not item.is_probe and item.gold.batch != "real"]
    batches = sorted({item.gold.batch for item in written})
    group_of = {batch: f"group {number % BATCH_GROUPS}" for number, batch in enumerate(batches)}
    by_topic = score_out_of_fold(OverclaimClassifier(n_jobs=CORES), rows)
    genres = {item.gold.id: item.gold.genre for item in written}
    family_of = {genre: name for name, members in FAMILIES.items() for genre in members}
    by_genre = leave_out(encoded, rows, {id: family_of[genre] for id, genre in genres.items()})
    by_batch = leave_out(encoded, rows, {item.gold.id: group_of[item.gold.batch] for item in written})
    text = page(
        written,
        rows,
        genres,
        {"subject": by_topic, "subject and batch": by_batch, "subject and family of genre": by_genre},
    )
    (ROOT / "docs" / "transfer.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def leave_out(encoded: Sequence[Encoded], rows: Rows, groups: dict[str, str]) -> Scores:
    """Log-odds of the words of each group of documents, by a tagger that has seen neither group nor its subjects."""
    counts = [sum(len(line.tokens) for line in item.lines) for item in encoded]
    scores = np.zeros(rows.labels.shape)
    for name in sorted(set(groups.values())):
        inside = [groups.get(item.gold.id) == name for item in encoded]
        topics = {item.gold.topic for item, held in zip(encoded, inside, strict=True) if held}
        seen = [not held and item.gold.topic not in topics for item, held in zip(encoded, inside, strict=True)]
        held_rows, seen_rows = np.repeat(inside, counts), np.repeat(seen, counts)
        print(f"{name}: {sum(inside)} documents by {sum(seen)} others", flush=True)
        model = OverclaimClassifier(n_jobs=CORES)
        model.fit(rows.matrix[seen_rows], rows.labels[seen_rows], rows.weights[seen_rows])
        scores[held_rows] = model.decision_function(rows.matrix[held_rows])
    return scores


def page(written: Sequence[Encoded], rows: Rows, genres: dict[str, str], ways: dict[str, Scores]) -> str:
    """The table, a row a genre."""
    lines = [
        "<!-- Written by benchmarks/transfer.py. -->",
        "# What the linear model knows of a genre that it has never seen",
        "",
        f"{len(written)} written documents; the real documents and the probes are always seen. Typed span F1 at the "
        "threshold that keeps to half a false finding in 1,000 words of reference pages, and in brackets the mean over "
        "categories of the average precision of words. A column names what of a document no tagger had seen. "
        "Families of genres: " + "; ".join(f"{name}: {', '.join(members)}" for name, members in FAMILIES.items()) + ".",
        "",
        f"| genre | documents | {' | '.join(ways)} |",
        f"|---|---|{'---|' * len(ways)}",
    ]
    fits = {}
    for name, scores in ways.items():
        phrases = fit_phrases(written, scores, rows.labels)
        fits[name] = (phrases, report_threshold(written, phrases))
    for genre in [*sorted(set(genres.values())), "all"]:
        chosen = [item for item in written if genre in ("all", item.gold.genre)]
        cells = []
        for name, scores in ways.items():
            phrases, report = fits[name]
            f1 = total(compare_all(chosen, phrases, dict.fromkeys(TAGGED, report))).typed().agreement().f1
            cells.append(f"{f1:.2f} ({precision(chosen, rows, scores):.2f})")
        lines.append(f"| {genre} | {len(chosen)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def precision(chosen: Sequence[Encoded], rows: Rows, scores: Scores) -> float:
    """Mean average precision over the categories that occur."""
    at = np.concatenate(
        [np.arange(i.token_row, i.token_row + sum(len(line.tokens) for line in i.lines)) for i in chosen]
    )
    labels = rows.labels[at]
    found = [average_precision_score(labels[:, c], scores[at, c]) for c in range(len(TAGGED)) if labels[:, c].any()]
    return float(np.mean(found)) if found else 0.0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "real"))
