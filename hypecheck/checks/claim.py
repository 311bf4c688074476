"""A claim about approval, as the parser, the judge and the report pass it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["status", "prediction", "presupposed", "designation", "availability"]

UNLISTED = "unlisted"
"""The indication of a claim that names a use which the record does not know."""


class Clause(NamedTuple):
    """A part of a sentence, half-open code points of the sentence."""

    start: int
    end: int


_NOWHERE = Clause(0, 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim in sentence `line`, `start` to `end` its half-open code points.

    What the sentence leaves open is taken from what was said before, else None. `clause` is its part
    of the sentence. `stated`, `placed`: the sentence says for what use, and where. `lasting`: it tells
    a state, not an event of the past. `imminent`: a forecast that calls its event near or sure.
    """

    line: int
    start: int
    end: int
    kind: Kind
    substance: str | None = None
    indication: str | None = None
    jurisdiction: str | None = None
    clause: Clause = _NOWHERE
    stated: bool = False
    placed: bool = False
    lasting: bool = True
    imminent: bool = False
