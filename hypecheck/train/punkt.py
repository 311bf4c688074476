"""Learns the sentence rules from the project's own text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nltk.tokenize.punkt import PunktTrainer

from hypecheck.segment import ANNOUNCERS, NUMBER, SEEN_LOWER, TITLES, PunktRules

ABBREVIATIONS = frozenset(
    "al fig figs u.s u.k u.n e.u d.c inc ltd co corp st jr sr ph.d m.d a.m p.m etc tel "
    "jan feb aug sept oct nov dec p.o i.v i.m s.c b.i.d t.i.d q.i.d".split()
)
"""What health writing shortens and a corpus of this size may hold once or never: half a million
characters had `vs.` twice, `Oct.` once, `p.o.` never. `no` is none of them, as sentences end with
it; nor are the titles, which segment knows by their capital."""

COLLOCATIONS = frozenset(
    [(word, NUMBER) for word in ("no", "nos", "p", "pp", "vol", "fig", "figs")]
    + [("u.s", word) for word in "centers department food national preventive public supreme surgeon".split()]
)
"""`No. 4` and `p. 12`; and the American bodies named after `U.S.`: `food`, `national` and
`department` open sentences as well, so Punkt would end one at `U.S. Food and Drug Administration`."""

_PARAGRAPH = re.compile(r"\n\s*\n")
_FINISHED = re.compile(r"[.?!…][^\w.?!…]*\Z")
_NEW_START = re.compile(r"(?<=[:–—])\s+(?=[\"“‘']?[A-Z])|(?<=,)\s+(?=[\"“][A-Z])")
"""Speech begins here, or a list. Unmended, `said: “We` counts as a capital inside a sentence; seven
such places hid that `we` starts sentences."""

_QUOTE = re.compile(r"[\"“”«»()\[\]*]|(?<!\w)['‘’]|(?<=[.?!])['’](?!\w)")
"""Taken out: Punkt counts a mark as a word, so that `now.” She` has its `She` inside a sentence."""

_LETTERED = re.compile(r"[^\W\d_]{1,2}(?:\.[^\W\d_]{1,2})+")
_GOES_ON = r"\b(?i:{})\.(?=[,;:]|\s+[a-z0-9])"


def learn_rules(texts: Iterable[str]) -> PunktRules:
    """The rules that Punkt's training finds in `texts`, with those above; their order is of no account.

    A paragraph without a mark at its end is left out: a heading in Title Case would show words
    with a capital inside a sentence, which is what tells names from words that start sentences.
    """
    paragraphs = (paragraph for text in texts for paragraph in _PARAGRAPH.split(text))
    finished = (_NEW_START.sub("\n\n", paragraph) for paragraph in paragraphs if _FINISHED.search(paragraph))
    text = "\n\n".join(sorted(_QUOTE.sub("", paragraph) for paragraph in finished))
    given = ABBREVIATIONS | ANNOUNCERS | {title.lower() for title in TITLES}
    # Collocations keep to Punkt's default, initials and numbers. INCLUDE_ALL_COLLOCS found
    # `weeks. Researchers` and `years. Among` in this corpus: pairs that met twice across a
    # boundary, which then is none. What it is for, `Dr. Brent`, the titles do.
    trainer = PunktTrainer()
    trainer.get_params().abbrev_types.update(given)  # so that training ends no sentence at `Dr.`
    trainer.train(text)
    learned = trainer.get_params()
    return PunktRules(
        abbreviations=ABBREVIATIONS | ANNOUNCERS | _proven(learned.abbrev_types - given, text),
        # Punkt pairs numbers for languages that write ordinals `4.`; in English it learns
        # `2019. Thirteen`, an end and a beginning.
        collocations=COLLOCATIONS | {pair for pair in learned.collocations if pair[0] != NUMBER},
        sentence_starters=frozenset(learned.sent_starters),
        # A word never seen in lower case decides nothing that an unseen word would not.
        orthography={word: seen for word, seen in sorted(learned.ortho_context.items()) if seen & SEEN_LOWER},
    )


def _proven(abbreviations: set[str], text: str) -> frozenset[str]:
    """Those built of letters and stops (`n.v`), and those that a sentence was seen to go on after.

    In half a million characters a three-letter word that came once, at the end of a sentence,
    passes Punkt's test (`nap`, `log`). A single letter is an initial, which Punkt decides by the
    word behind it; as an abbreviation it would never end a sentence (`vitamin D.`).
    """
    return frozenset(
        word
        for word in abbreviations
        if _LETTERED.fullmatch(word) or (len(word) > 1 and word.isalpha() and re.search(_GOES_ON.format(word), text))
    )
