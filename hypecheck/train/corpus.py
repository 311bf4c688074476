"""The written corpus: documents, their labels, and probes, read from a folder and validated.

    documents/BATCH/ID.md     a text as its writer left it
    documents/BATCH/batch.yaml  id, facts, topic, genre, outlet, aim, date of each
    labels/BATCH/ID.yaml      spans, sentence roles and document fields
    probes/NAME.yaml          pairs of a positive and a near-miss
    real/labels.jsonl         standoff labels on texts that are kept elsewhere

Quotes locate spans, so that a person can edit a text without counting characters.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hypecheck.categories import CATEGORY_IDS, SUBTYPES
from hypecheck.types import SEVERITIES, CorpusError

ROLES = ("benefit-claim", "risk-statement", "limitation")
DATASET_FOLDERS = ("HealthStory", "HealthRelease")
"""The FakeHealth dataset's folders of articles (real/source.json)."""

LONGEST_SPAN = 35
"""Words. The longest of the 1,787 spans annotated on real news and releases has 35."""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A labelled phrase; `start` and `end` are half-open code points of the document's text."""

    category: str
    subtype: str | None
    severity: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GoldRole:
    """What a sentence does; `start` and `end` mark a part of it."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A labelled text with what folds are grouped by. `fields` is None for a probe and for a caveat text.

    A caveat text has its sentences' roles labelled and no phrases: `roles_only`.
    """

    id: str
    text: str
    spans: tuple[GoldSpan, ...]
    roles: tuple[GoldRole, ...]
    fields: dict[str, Any] | None
    batch: str
    topic: str
    genre: str
    format: str = "text"
    pair: str = ""
    probe_category: str = ""
    roles_only: bool = False


def read_corpus(folder: Path, *, labels: str = "labels") -> list[GoldDocument]:
    """Every labelled document of the written corpus, in a fixed order.

    Raises CorpusError with all faults, a line each.
    """
    faults: list[str] = []
    documents: list[GoldDocument] = []
    for batch_file in sorted((folder / "documents").glob("*/batch.yaml")):
        batch = batch_file.parent.name
        for row in load_yaml(batch_file, faults) or []:
            text_file = batch_file.parent / f"{row['id']}.md"
            label_file = folder / labels / batch / f"{row['id']}.yaml"
            if not text_file.is_file():
                faults.append(f"{text_file}: named in batch.yaml and not there")
            elif label_file.is_file():
                documents.append(_read_document(text_file, label_file, row, batch, faults))
            elif labels == "labels":
                faults.append(f"{label_file}: no labels for {text_file.name}")
    refuse(faults)
    return documents


def read_probes(folder: Path) -> list[GoldDocument]:
    """Every probe, the two sides of a pair next to each other; a near-miss may stand alone. Raises CorpusError."""
    faults: list[str] = []
    probes: list[GoldDocument] = []
    for file, row, where in load_rows(folder / "probes", "pair", faults):
        if row.get("category") not in CATEGORY_IDS:
            faults.append(f"{where}: no category {row.get('category')!r}")
            continue
        probes.extend(_read_pair(row, file.stem, where, faults))
    refuse(faults)
    return probes


def read_real(labels_file: Path, texts: Path) -> list[GoldDocument]:
    """The standoff labels joined with their texts; a text whose sha256 differs is refused.

    `texts` holds the dataset's folders HealthStory and HealthRelease with a JSON file a document,
    as its dataset/content has them, or real.docs.jsonl with the texts put together.
    """
    rows = [json.loads(line) for line in labels_file.read_text(encoding="utf-8").splitlines()]
    by_id = _real_texts(texts, rows)
    faults: list[str] = []
    documents: list[GoldDocument] = []
    for row in rows:
        text = by_id.get(row["doc_id"])
        if text is None:
            faults.append(f"{row['doc_id']}: its text is not in {texts}")
            continue
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest != row["sha256"]:
            faults.append(f"{row['doc_id']}: sha256 of the text is {digest}, the labels were made on {row['sha256']}")
            continue
        documents.append(
            GoldDocument(
                id=row["doc_id"],
                text=text,
                spans=tuple(GoldSpan(*span) for span in row["spans"]),
                roles=tuple(GoldRole(*role) for role in row["roles"]),
                fields=row["doc"],
                batch="real",
                topic=row["doc_id"],
                genre=row["genre"],
            )
        )
    refuse(faults)
    return documents


def format_of(text: str) -> str:
    """The reader a corpus text wants: Markdown where it has front matter, headings or links, else plain text."""
    return "markdown" if re.search(r"\A---\n|^#{1,6} |\]\(|\*\*", text, re.MULTILINE) else "text"


def _real_texts(folder: Path, rows: list[dict[str, Any]]) -> dict[str, str]:
    packed = folder / "real.docs.jsonl"
    if packed.is_file():
        lines = map(json.loads, packed.read_text(encoding="utf-8").splitlines())
        return {row["doc_id"]: row["text"] for row in lines}
    if not any((folder / part).is_dir() for part in DATASET_FOLDERS):
        raise CorpusError(f"{folder}: holds neither real.docs.jsonl nor the folders {' and '.join(DATASET_FOLDERS)}")
    texts = {}
    for row in rows:
        for part in DATASET_FOLDERS:
            file = folder / part / f"{row['dataset_id']}.json"
            if file.is_file():
                texts[row["doc_id"]] = joined_text(json.loads(file.read_text(encoding="utf-8")))
    return texts


def joined_text(article: dict[str, Any]) -> str:
    """An article of the dataset as it was labelled: title, an empty line, the text with line gaps folded."""
    title = (article.get("title") or "").strip()
    text = re.sub(r"\n{3,}", "\n\n", (article.get("text") or "").strip())
    return f"{title}\n\n{text}" if title else text


def _read_document(
    text_file: Path, label_file: Path, row: dict[str, Any], batch: str, faults: list[str]
) -> GoldDocument:
    text = text_file.read_text(encoding="utf-8")
    data = load_yaml(label_file, faults) or {}
    where = str(label_file)
    spans = tuple(_locate_spans(text, data.get("spans") or [], where, faults))
    roles = tuple(_locate_roles(text, data.get("roles") or [], where, faults))
    fields = {key: data.get(key) for key in ("missing_risk", "benefit_claim", "named_harm", "hype")}
    _check_fields(fields, roles, where, faults)
    return GoldDocument(
        f"{batch}/{row['id']}", text, spans, roles, fields, batch, row["facts"], row["genre"], format_of(text)
    )


def _read_pair(row: dict[str, Any], batch: str, where: str, faults: list[str]) -> Iterator[GoldDocument]:
    for side in ("positive", "near_miss"):
        body = row.get(side)
        if side == "positive" and body is None:
            continue
        if not isinstance(body, dict) or not isinstance(body.get("text"), str):
            faults.append(f"{where}: {side} wants text and spans")
            continue
        spans = tuple(_locate_spans(body["text"], body.get("spans") or [], f"{where} {side}", faults))
        marked = {span.category for span in spans}
        category = row["category"]
        if category != "missing-risk" and (category in marked) != (side == "positive"):
            faults.append(f"{where}: {side} {'lacks' if side == 'positive' else 'carries'} a {category} span")
        roles = tuple(_locate_roles(body["text"], body.get("roles") or [], f"{where} {side}", faults))
        yield GoldDocument(
            f"{row['pair']}/{side}", body["text"], spans, roles, None, f"probes/{batch}", row["topic"], "probe",
            pair=row["pair"], probe_category=category,
        )  # fmt: skip


def _locate_spans(text: str, rows: list[dict[str, Any]], where: str, faults: list[str]) -> Iterator[GoldSpan]:
    for row in rows:
        quote = str(row.get("quote", ""))
        category, subtype, severity = row.get("category"), row.get("subtype"), row.get("severity")
        before = len(faults)
        if category not in CATEGORY_IDS:
            faults.append(f"{where}: no category {category!r}")
        elif subtype not in (SUBTYPES.get(str(category)) or (None,)):
            faults.append(f"{where}: {category} has no subtype {subtype!r} ({quote!r})")
        if severity not in SEVERITIES:
            faults.append(f"{where}: no severity {severity!r} ({quote!r})")
        if "\n" in quote or len(quote.split()) > LONGEST_SPAN:
            faults.append(f"{where}: a span is a phrase on one line, at most {LONGEST_SPAN} words ({quote[:60]!r})")
        if re.search(r"^[\s.,;:!?]|[\s.,;:!?]$", quote) or not quote:
            faults.append(f"{where}: a span neither begins nor ends with punctuation or space ({quote!r})")
        place = _find(text, quote, row.get("occurrence"), where, faults)
        if place is not None and len(faults) == before:
            yield GoldSpan(str(category), subtype, str(severity), place, place + len(quote))


def _locate_roles(text: str, rows: list[dict[str, Any]], where: str, faults: list[str]) -> Iterator[GoldRole]:
    for row in rows:
        quote = str(row.get("quote", ""))
        if row.get("role") not in ROLES:
            faults.append(f"{where}: no role {row.get('role')!r}")
        place = _find(text, quote, row.get("occurrence"), where, faults)
        if place is not None:
            yield GoldRole(str(row.get("role")), place, place + len(quote))


def _find(text: str, quote: str, occurrence: Any, where: str, faults: list[str]) -> int | None:
    places = [match.start() for match in re.finditer(re.escape(quote), text)] if quote else []
    if not places:
        faults.append(f"{where}: not in the text: {quote!r}")
    elif occurrence is None and len(places) > 1:
        faults.append(f"{where}: stands {len(places)} times, say which occurrence: {quote!r}")
    elif not 1 <= int(occurrence or 1) <= len(places):
        faults.append(f"{where}: there is no occurrence {occurrence} of {quote!r}")
    else:
        return places[int(occurrence or 1) - 1]
    return None


def _check_fields(fields: dict[str, Any], roles: tuple[GoldRole, ...], where: str, faults: list[str]) -> None:
    for key in ("missing_risk", "benefit_claim", "named_harm"):
        if not isinstance(fields[key], bool):
            faults.append(f"{where}: {key} is true or false")
    if fields["hype"] not in range(5):
        faults.append(f"{where}: hype is 0 to 4")
    if fields["missing_risk"] != (fields["benefit_claim"] and not fields["named_harm"]):
        faults.append(f"{where}: missing_risk holds exactly where benefit_claim does and named_harm does not")
    present = {role.role for role in roles}
    if bool(fields["benefit_claim"]) != ("benefit-claim" in present):
        faults.append(f"{where}: benefit_claim and the benefit-claim roles disagree")
    if fields["named_harm"] and "risk-statement" not in present:
        faults.append(f"{where}: named_harm without a risk-statement role")


def load_rows(folder: Path, key: str, faults: list[str]) -> Iterator[tuple[Path, dict[str, Any], str]]:
    """File, row and place of each row of a folder's lists, in a fixed order; `key` names a row, once in all files."""
    seen: set[Any] = set()
    for file in sorted(folder.glob("*.yaml")):
        for row in load_yaml(file, faults) or []:
            where = f"{file}: {key} {row.get(key)}"
            if row.get(key) in seen:
                faults.append(f"{where}: the name stands twice")
            seen.add(row.get(key))
            yield file, row, where


def load_yaml(file: Path, faults: list[str]) -> Any:
    """What a file of the corpus holds; None, and a fault, where it is no YAML."""
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        faults.append(f"{file}: {error}")
        return None


def refuse(faults: list[str]) -> None:
    """Raise CorpusError with all faults, where there are any."""
    if faults:
        raise CorpusError("\n".join(faults))
