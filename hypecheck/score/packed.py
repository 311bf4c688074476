"""Weights of many categories side by side in one integer, so that plain Python adds them at once.

A row holds one byte a column, a weight w of -127 to 127 as w + 128. It is spread into 16-bit
lanes of one integer; adding two such integers adds all their columns in one step.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

BIAS = 128
"""Keeps every lane positive, so that none borrows from its neighbour."""

MOST_ROWS = 257
"""257 rows of at most 255 are the most that a 16-bit lane surely holds."""


def bucket_of(feature: str, buckets: int) -> int:
    """The row of a feature: CRC-32 of its UTF-8 bytes modulo `buckets`, a power of two."""
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) & (buckets - 1)


class PackedTable:
    """`buckets` rows of `columns` int8 weights, looked up by a feature's name."""

    def __init__(self, rows: bytes, columns: int, buckets: int) -> None:
        if len(rows) != columns * buckets or buckets < 1 or buckets & (buckets - 1):
            raise ValueError(f"{len(rows)} bytes are not {buckets} rows of {columns}")
        self.columns = columns
        self.buckets = buckets
        self._rows = rows
        self._unpack = struct.Struct(f"<{columns}H").unpack

    def weights(self, feature: str) -> tuple[int, ...]:
        """The feature's weights, a signed integer a column."""
        return tuple(byte - BIAS for byte in self._row(feature))

    def total(self, features: Sequence[str], lanes: dict[str, int]) -> list[int]:
        """The sum of the features' weights, column by column.

        `lanes` remembers the rows already spread; give the same dict while a document lasts.
        """
        sums = [0] * self.columns
        for first in range(0, len(features), MOST_ROWS):
            part = features[first : first + MOST_ROWS]
            packed = 0
            for feature in part:
                lane = lanes.get(feature)
                if lane is None:
                    lane = lanes[feature] = self._spread(feature)
                packed += lane
            shorts = self._unpack(packed.to_bytes(2 * self.columns, "little"))
            bias = BIAS * len(part)
            sums = [have + short - bias for have, short in zip(sums, shorts, strict=True)]
        return sums

    def _spread(self, feature: str) -> int:
        wide = bytearray(2 * self.columns)
        wide[::2] = self._row(feature)
        return int.from_bytes(wide, "little")

    def _row(self, feature: str) -> bytes:
        start = bucket_of(feature, self.buckets) * self.columns
        return self._rows[start : start + self.columns]
