from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypecheck.score.packed import BIAS, PackedTable, bucket_of


def table(columns: int, buckets: int, seed: int) -> tuple[PackedTable, bytes]:
    rows = random.Random(seed).randbytes(columns * buckets).replace(b"\0", b"\1")
    return PackedTable(rows, columns, buckets), rows


@given(st.lists(st.text(), max_size=600), st.integers(1, 14), st.integers(0, 9))
def test_the_packed_sum_is_the_sum_of_the_rows(features, columns, seed):
    packed, rows = table(columns, 64, seed)
    expected = [0] * columns
    for feature in features:
        start = bucket_of(feature, 64) * columns
        for column in range(columns):
            expected[column] += rows[start + column] - BIAS
    assert packed.total(features, {}) == expected


def test_extreme_rows_do_not_spill_into_their_neighbours():
    packed = PackedTable(bytes([255, 1, 255]), 3, 1)
    assert packed.total(["x"] * 1000, {}) == [127_000, -127_000, 127_000]


@pytest.mark.parametrize(
    ("rows", "columns", "buckets"), [(b"12", 1, 1), (b"123", 1, 3), (b"", 1, 0)], ids=["size", "not 2^n", "none"]
)
def test_a_table_of_another_shape_is_refused(rows, columns, buckets):
    with pytest.raises(ValueError, match="are not"):
        PackedTable(rows, columns, buckets)


def test_the_memory_of_rows_changes_nothing():
    packed, _ = table(5, 64, 3)
    lanes: dict[str, int] = {}
    features = ["a", "b", "a", "\ud800"]
    assert packed.total(features, lanes) == packed.total(features, lanes) == packed.total(features, {})
