"""Compare the figures of two manifests to three digits: same_figures.py ONE OTHER."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a nested value with its place, rounded to three digits."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield from numbers(value[key], f"{path}/{key}")
    elif isinstance(value, (int, float)):
        yield path, round(value, 3)


def main(one: str, other: str) -> int:
    """1 where a figure or the data differ."""
    rows = [json.loads(Path(file).read_text(encoding="utf-8")) for file in (one, other)]
    figures = [dict(numbers({key: row[key] for key in ("metrics", "thresholds")})) for row in rows]
    differing = sorted(key for key in figures[0] | figures[1] if figures[0].get(key) != figures[1].get(key))
    for key in differing:
        print(f"{key}: {figures[0].get(key)} and {figures[1].get(key)}")
    if rows[0]["data"] != rows[1]["data"]:
        print(f"the data differ: {rows[0]['data']} and {rows[1]['data']}")
        return 1
    print("the figures agree to three digits" if not differing else f"{len(differing)} figures differ")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
