"""Every category and subtype comes out of the whole chain, on text of the corpus that the model learnt from.

This shows that nothing between the data and a finding loses a category; how well unseen text is read
stands in the model card.
"""

from __future__ import annotations

import pytest

from hypecheck.categories import CATEGORY_IDS, SUBTYPES

BATCHES = (
    "b02-clinic-and-product-pages",
    "b07-portals-magazines-opinion",
    "b09-content-sites-mind",
    "b10-content-sites-body",
)


@pytest.fixture(scope="module")
def kinds(root, checker):
    files = [file for batch in BATCHES for file in sorted((root / "training_data" / "documents" / batch).glob("*.md"))]
    return {(f.category, f.subtype) for report in checker.check_files(files) for f in report.findings}


@pytest.mark.parametrize("category", CATEGORY_IDS)
def test_the_category_is_reported(kinds, category):
    assert category in {name for name, _ in kinds}


@pytest.mark.parametrize(
    ("category", "subtype"),
    [(category, subtype) for category, subtypes in SUBTYPES.items() for subtype in subtypes]
    + [("missing-risk", "document")],
)
def test_the_subtype_is_reported(kinds, category, subtype):
    assert (category, subtype) in kinds
