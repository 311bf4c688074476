"""The packaged checker, made once: the only cache that outlives a call."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from hypecheck.checker import Checker


@lru_cache(maxsize=8)
def checker_for(as_of: date | None) -> Checker:
    """The checker of the packaged model for a day of judgement."""
    return Checker(as_of=as_of)
