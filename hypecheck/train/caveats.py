"""Reads caveat texts: short texts whose sentences are labelled with their roles, and no phrases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypecheck.train.corpus import GoldDocument, GoldRole, format_of, load_rows, refuse

ROLE_LETTERS = {"b": "benefit-claim", "r": "risk-statement", "l": "limitation"}
"""How caveat texts abbreviate the roles."""

BLOCK_MARKS = {"heading": "## ", "paragraph": "", "item": "- "}
"""What begins a block of a caveat text."""


def read_caveats(folder: Path) -> list[GoldDocument]:
    """Every caveat text: short, its sentences labelled, with or without a named harm. Raises CorpusError."""
    faults: list[str] = []
    texts: list[GoldDocument] = []
    for file, row, where in load_rows(folder / "caveats", "id", faults):
        text, roles = _join_blocks(row.get("blocks") or [], where, faults)
        name = str(row.get("id"))
        texts.append(
            GoldDocument(
                name, text, (), tuple(roles), None, file.stem, name, "caveat", format_of(text), roles_only=True
            )
        )
    refuse(faults)
    return texts


def _join_blocks(blocks: list[dict[str, Any]], where: str, faults: list[str]) -> tuple[str, list[GoldRole]]:
    """The text of a caveat text's blocks, and the roles of its sentences by place."""
    text, roles = "", []
    for block in blocks:
        kind = block.get("kind")
        if kind not in BLOCK_MARKS:
            faults.append(f"{where}: no kind of block {kind!r}")
            continue
        text += ("\n" if kind == "item" and text.rpartition("\n")[2].startswith("- ") else "\n\n") if text else ""
        text += BLOCK_MARKS[kind]
        for letters, sentence in block.get("sentences") or []:
            if set(letters) - set(ROLE_LETTERS):
                faults.append(f"{where}: no role in {letters!r} ({sentence!r})")
            start = len(text)
            text += sentence + " "
            known = [ROLE_LETTERS[letter] for letter in letters if letter in ROLE_LETTERS]
            roles += [GoldRole(role, start, start + len(sentence)) for role in known]
        text = text.removesuffix(" ")
    if not any(role.role == "benefit-claim" for role in roles):
        faults.append(f"{where}: claims no benefit")
    return text + "\n", roles
