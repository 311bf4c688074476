from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.record.names import NameIndex

INDEX = NameIndex.of(
    [
        ("MDMA", "mdma"),
        ("MDMA-assisted therapy", "mdma"),
        ("COMP-360", "psilocybin"),
        ("GAD", "anxiety"),
        ("depression", "depression"),
        ("treatment-resistant depression", "trd"),
        ("Crohn's disease", "crohn"),
    ]
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("MDMA helped.", [("mdma", "MDMA")]),
        ("The MDMA-assisted therapy helped.", [("mdma", "MDMA-assisted therapy")]),
        ("mdma assisted  therapy", [("mdma", "mdma assisted  therapy")]),
        ("treatment-resistant depression and depression", [("trd", "treatment-resistant depression"), ("depression", "depression")]),
        ("comp 360 and COMP‑360", [("psilocybin", "comp 360"), ("psilocybin", "COMP‑360")]),
        ("people with GAD", [("anxiety", "GAD")]),
        ("Crohn’s disease", [("crohn", "Crohn’s disease")]),
        ("MDMA's effects", [("mdma", "MDMA")]),
    ],
    ids=["a word", "the longest", "spaces for hyphens", "narrow before wide", "kinds of hyphen", "an acronym", "an apostrophe", "a genitive"],
)  # fmt: skip
def test_names_are_found(text, names):
    assert [(mention.id, text[mention.start : mention.end]) for mention in INDEX.find(text)] == names


@pytest.mark.parametrize(
    "text", ["He was a gad about town.", "COMPANY 360", "MDMAX", "treatment-resistant. Depression?!", ""],
    ids=["an acronym in small letters", "part of a word", "a longer word", "one word of two", "nothing"],
)  # fmt: skip
def test_other_words_are_none(text):
    assert [mention.id for mention in INDEX.find(text)] in ([], ["depression"])


@given(
    st.lists(
        st.sampled_from("MDMA mdma assisted therapy GAD gad - , . treatment resistant depression 360".split()),
        max_size=20,
    )
)
def test_mentions_do_not_overlap_and_begin_and_end_in_words(parts):
    text = " ".join(parts)
    last = 0
    for mention in INDEX.find(text):
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start].isalnum()
        assert text[mention.end - 1].isalnum()
        last = mention.end
