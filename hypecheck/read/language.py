"""Whether a text is English, by the share of its words that hardly any other language uses."""

from __future__ import annotations

import re
from collections.abc import Iterable

FEWEST_WORDS = 20
"""With fewer words one word more or less moves the share by more than ENGLISH_SHARE."""

ENGLISH_SHARE = 0.05
"""The passages of tests/read/test_language.py in ten other languages, cut to 25 words, reach 0.04.
Of 2,870 stretches of 25 words from English articles on health 21 fall short of 0.05, most of them
lists of names or signs; of 1,788 stretches of 40 words two, of 886 of 80 words none. Whole articles
reach 0.19 and more, product pages without one sentence 0.17.
"""

ENGLISH_WORDS = frozenset(
    """
    the and to that with are this from by be they their its which been were not you your it when
    who if may could would should but our how what while these those there into than after about
    more most such also does did only any some because his she
    all free new now day days daily made use take keep buy best better well support supports
    health healthy body skin heart sleep pain care doctor study strength relief feel help helps
    said has people week weeks month months year years drug drugs trial trials treatment disease
    showed found
    """.split()
)
"""Function words, and the plain words that do their work on a product page or in a terse report.

Words that are frequent elsewhere are left out: of, is, was, had (Dutch), for, have (Danish),
or (French), as, do (Portuguese), in, will (German), no (Spanish), can, her (Turkish).
"""

_WORD = re.compile(r"[^\W\d_]+")
_NOT_LATIN = re.compile(r"[^A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]")


def detect(texts: Iterable[str]) -> str:
    """The language, "en" or "other"; "" with fewer than FEWEST_WORDS words to judge by."""
    words = english = letters = foreign_letters = 0
    for text in texts:
        for match in _WORD.finditer(text):
            word = match.group()
            letters += len(word)
            if word.isascii():
                words += 1
                english += word.lower() in ENGLISH_WORDS
            else:
                foreign = len(_NOT_LATIN.findall(word))
                foreign_letters += foreign
                words += foreign < len(word)
    # Chinese or Arabic text has few words between spaces, or none, so letters are counted.
    if foreign_letters >= FEWEST_WORDS and 2 * foreign_letters > letters:
        return "other"
    if words < FEWEST_WORDS:
        return ""
    return "en" if english >= ENGLISH_SHARE * words else "other"
