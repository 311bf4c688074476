"""Parses claims about approval: what is said of it, by whom, of which substance, for what, where and when.

A claim needs an anchor (a word for approval, or for reaching the market) in a clause; the cues beside it
tell a fact from a forecast. Negated, undecided and foreign uses (an ethics board's) are no claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hypecheck.checks.claim import Claim, Clause, Kind
from hypecheck.checks.reference import VERB, Context, find_places
from hypecheck.checks.wording import countries, cue, rebutted, to_come
from hypecheck.record.record import Record

_CLAUSE_END = re.compile(r"[;:]\s|\s[–—]\s|,\s(?=(?:while|whereas|but|although|though|and|so)\b)", re.IGNORECASE)
_BEFORE = 60
"""Code points before an anchor in which a cue belongs to it; about ten words."""
_AFTER = 60


_PAST_EVENT = re.compile(
    r"\b(?:was|were|had)\b"
    r"|(?<!has )(?<!have )\b(?:received|won|gained|secured|got)\b|^\s*(?:an?|its|the) (?:\w+ )?(?:approval|licen[cs]e)",
    re.IGNORECASE,
)
"""After "when" or "after": it has happened."""

_PRESENT_EVENT = re.compile(r"\b(?:is|are|gets?|has|have|be|been)\b", re.IGNORECASE)

_OPEN = re.compile(r"\b(?:if|unless|whether|should it)\b", re.IGNORECASE)

_DATED = re.compile(
    r"[^.,;]{0,40}?\b(?:in (?:\w+ )?(?:of )?(?:(?:19|20)\d\d|this year|last year)|on \d|ago|earlier|since"
    r"|last (?:year|month|week))",
    re.IGNORECASE,
)
"""A time that lies behind, after a verb: "cleared by the FDA in 2022"."""

_PERFECT = re.compile(
    r"\b(?:was|were|has|have|had|been|already|since|first|gave|given|won|received|gained|secured|got)\b", re.IGNORECASE
)

_ATTRIBUTE = re.compile(
    r"\b(?:the|an?|its|their|this|that) (?:approved|cleared|licensed|registered|authori[sz]ed)\b", re.IGNORECASE
)
"""Tells which thing is meant, and no event: "near the approved clinic"."""


def find_claims(sentences: Sequence[str], record: Record, marked: Sequence[Claim] = ()) -> list[Claim]:
    """The claims of a document's sentences, in order.

    `marked` are claims that somebody else found, of which line, place and kind are known; they
    stand beside the parsed ones where they do not overlap, and are resolved like them.
    """
    patterns = [cue(name) for name in ("anchor", "availability", "designation")]
    if not marked and not any(pattern.search(text) for text in sentences for pattern in patterns):
        return []
    context = Context(sentences, record)
    claims = []
    for number, text in enumerate(sentences):
        following = sentences[number + 1] if number + 1 < len(sentences) else ""
        parsed = list(_in_sentence(number, text, following))
        others = [claim for claim in marked if claim.line == number and not any(_overlap(claim, p) for p in parsed)]
        for claim in sorted([*parsed, *others], key=lambda claim: claim.start):
            claims.append(context.resolve(claim))
    return claims


def _overlap(one: Claim, other: Claim) -> bool:
    return one.start < other.end and other.start < one.end


def _in_sentence(number: int, text: str, following: str) -> Iterator[Claim]:
    if text.rstrip().endswith("?") or rebutted().search(following):
        return
    designation = _designation(text, following)
    if designation:
        yield Claim(number, *designation, "designation", clause=Clause(0, len(text)))
    for clause in _clauses(text):
        part = text[clause.start : clause.end]
        found = _approval(part, text) or _availability(part)
        if found is None:
            continue
        start, end, kind = found
        start, end = start + clause.start, end + clause.start
        if designation and clause.start <= designation[0] < clause.end:
            continue
        imminent = (
            kind == "prediction"
            and cue("imminent").search(text, start, end) is not None
            and _ATTRIBUTE.search(text, start, end) is None
        )
        yield Claim(number, start, end, kind, clause=clause, imminent=imminent)


def _clauses(text: str) -> Iterator[Clause]:
    at = 0
    for match in _CLAUSE_END.finditer(text):
        yield Clause(at, match.start())
        at = match.end()
    yield Clause(at, len(text))


def _designation(text: str, following: str) -> tuple[int, int] | None:
    """A designation with a word that makes it a proof, in one sentence or the next."""
    match = cue("designation").search(text)
    if match is None and cue("actor").search(text):
        match = cue("would-not").search(text)
        return match.span() if match else None
    if match is None or cue("explained").search(text) or cue("explained").search(following[:80]):
        return None
    rest = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    proof = cue("proof").search(rest)
    if proof is None:
        return None
    return min(match.start(), proof.start()), max(match.end(), proof.end())


def _approval(part: str, sentence: str) -> tuple[int, int, Kind] | None:
    beside = cue("actor").search(sentence) is not None or bool(find_places(countries(), sentence))
    for anchor in cue("anchor").finditer(part):
        if cue("foreign").search(part, max(0, anchor.start() - 40), min(len(part), anchor.end() + 40)):
            continue
        if not (cue("strong").fullmatch(anchor[0]) or beside):
            continue
        before = part[max(0, anchor.start() - _BEFORE) : anchor.start()]
        after = part[anchor.end() : anchor.end() + _AFTER]
        if (
            cue("negated").search(part[: anchor.start()])
            or cue("negated").match(anchor[0])
            or cue("negated").search(after[:30])
        ):
            continue
        kind = _kind_of(before, anchor[0], after)
        if kind is None:
            continue
        start, end = _extent(part, anchor, kind)
        return start, end, kind
    return None


def _kind_of(before: str, anchor: str, after: str) -> Kind | None:
    """Whether the anchor is told as a fact, a forecast, or something settled to come; None for none of them."""
    near = before[_last_break(before) :]
    lead = list(cue("presupposed").finditer(near))
    if lead and not _has_happened(near[lead[-1].end() :], anchor, after):
        return "presupposed"
    undecided = cue("unsure").search(near) or cue("unsure").search(after) or _OPEN.search(before)
    verb = VERB.search(anchor)
    told = _PERFECT.search(near) or cue("actor").search(near) or _DATED.match(after)
    if not (verb and told and not cue("future").search(near)):
        ahead = cue("future").search(before) or (not verb and to_come().search(after))
        timed = (cue("time").search(before) or cue("time").search(after)) and not (verb or _PERFECT.search(near))
        if ahead or timed:
            return None if undecided else "prediction"
    if cue("unsure").search(near):
        return None
    stated = verb or cue("past").search(near) or cue("past").search(after)
    return "status" if stated else None


def _has_happened(between: str, anchor: str, after: str) -> bool:
    """Whether what stands between "after" and the anchor is told as past: "after the MHRA licensed it"."""
    if _PAST_EVENT.search(between + anchor + after[:15]):
        return True
    finite = cue("actor").search(between) and not _PRESENT_EVENT.search(between)
    return bool(finite and re.search(r"(?:ed|signed off)$", anchor, re.IGNORECASE))


def _last_break(before: str) -> int:
    """Where the words begin that belong to what follows: behind the last comma but one of a list."""
    at = before.rfind(", ")
    return at + 2 if at >= 0 and len(before) - at > 12 else 0


def _extent(part: str, anchor: re.Match[str], kind: Kind) -> tuple[int, int]:
    """From the nearest cue to the anchor, and on to a cue close behind it."""
    start, end = anchor.span()
    cues = {"prediction": cue("future"), "presupposed": cue("presupposed"), "status": cue("past")}.get(kind)
    if cues is None:
        return start, end
    near = list(cues.finditer(part, max(0, start - _BEFORE), start))
    behind = part[end : end + _AFTER]
    if near:
        start = near[-1].start()
    elif kind == "prediction" and (match := to_come().search(behind) or cue("time").search(behind)):
        end += match.end()
    if kind == "status" and (actor := list(cue("actor").finditer(part, max(0, anchor.start() - 20), anchor.start()))):
        start = min(start, actor[-1].start())
    return start, end


def _availability(part: str) -> tuple[int, int, Kind] | None:
    for match in cue("availability").finditer(part):
        around = part[max(0, match.start() - 30) : match.end() + 15]
        if not (
            cue("negated").search(around) or cue("unsure").search(around) or cue("future").search(part[: match.start()])
        ):
            return *match.span(), "availability"
    return None
