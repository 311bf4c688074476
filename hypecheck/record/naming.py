"""How names are compared, and how ingredients of several sources become one substance."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SIGNS = str.maketrans({**dict.fromkeys("™®©\u00ad\u200b", ""), **dict.fromkeys("‐‑‒–−", "-"), "’": "'", "ʼ": "'"})

_WORD = re.compile(r"[^\W_]+")

_METALS = frozenset(
    "aluminum aluminium ammonium barium bismuth calcium chromic copper cupric ferric ferrous gold iron lithium "
    "magnesium manganese potassium rubidium silver sodium strontium thallous zinc".split()
)
"""What is left of a salt whose other half is no drug: magnesium sulfate is not the substance "magnesium"."""
_SALTS = frozenset(
    "acetate anhydrous besilate besylate bitartrate bromide calcium chloride citrate dihydrate dihydrochloride "
    "dimeglumine disodium fumarate hemihydrate hydrobromide hydrochloride lactate magnesium malate maleate meglumine "
    "mesilate mesylate monohydrate phosphate potassium sodium succinate sulfate sulphate tartrate tosilate tosylate "
    "trihydrate".split()
)
"""Last words that tell the salt. Esters are not among them: they are other substances, with approvals of their own."""


def tidy(name: str) -> str:
    """A name in lower case and one line, with one kind of hyphen and apostrophe and no trade mark signs."""
    lower = unicodedata.normalize("NFC", name).translate(_SIGNS).casefold()
    return " ".join(unicodedata.normalize("NFC", lower).split())


def fold(name: str) -> str:
    """A name as the store compares it: its words, tidied, with one space between; "COMP-360" is two words."""
    return " ".join(_WORD.findall(tidy(name)))


def substance_id(ingredients: Iterable[str]) -> str:
    """The id under which sources meet: tidied, salts left out, in alphabetical order, joined by "and"."""
    return " and ".join(sorted({_without_salt(tidy(name)) for name in ingredients} - {""}))


def _without_salt(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1] in _SALTS and not _METALS.issuperset(words[:-1]):
        words.pop()
    return " ".join(words)
