"""Directives in the comments of a text, and the findings that they suppress.

    hypecheck: ignore                   the line it stands on; alone on its line, the next line with text
    hypecheck: ignore-next-line         the next line with text
    hypecheck: off ... hypecheck: on    all that begins in between
    hypecheck: ignore-file              the whole file

Each may name categories, and say why behind ` -- `:

    <!-- hypecheck: ignore [hype-language, cure-claim] -- quoted from the label -->

A finding stands where it begins, which is the line that every output shows.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import Literal, NamedTuple, get_args

from hypecheck.categories import CATEGORY_IDS
from hypecheck.offsets import LineIndex
from hypecheck.types import Comment, Document, Evidence, Finding

Verb = Literal["ignore", "ignore-next-line", "ignore-file", "off", "on"]
VERBS: tuple[Verb, ...] = get_args(Verb)

MAX_DIRECTIVES = 1_000
"""Bounds the work on a hostile text; whoever needs more wants a setting or a baseline instead."""

MAX_REASON = 300
"""Characters of a reason that are kept: it is repeated with every finding that it suppresses."""

_SHOWN_NAME, _SHOWN_NAMES, _SHOWN_LINES = 40, 3, 10
"""How much of a text's own words, and how many of its lines, a note repeats."""

_MEANT: dict[str, Verb] = {
    "disable": "off",
    "enable": "on",
    "ignore-line": "ignore",
    "disable-line": "ignore",
    "disable-next-line": "ignore-next-line",
}
"""What other tools call these; by spelling alone some are closer to a verb that means something else."""

_OPENING = re.compile(r"\s*hypecheck(?:\s*(?P<colon>:)\s*|[\s-]+)(?P<verb>[\w-]*)", re.IGNORECASE)
_REASON = re.compile(r"(?:^|\s)(?:-{2,}|—|–)(?:\s|$)")
_NAME = re.compile(r"[^\s,\[\]()]+")
_LINE_END = re.compile(r"\r\n|\n|\r")
_TEXT_OF_LINE = re.compile(r"\S[^\r\n]*")


class Scope(NamedTuple):
    """Categories, and the half-open code points of the source in which their findings are suppressed."""

    categories: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Directive:
    """What a comment asks for. One that cannot be followed has no scope, and notes that say why.

    `verb`: None for an unknown one. `named`: known categories, none for all. `place`: its start in the source.
    """

    verb: Verb | None
    named: tuple[str, ...]
    reason: str
    place: int
    scopes: tuple[Scope, ...] = ()
    notes: tuple[str, ...] = ()

    def reaches_whole(self, category: str) -> bool:
        """Whether it may speak for a finding of that category about the whole document: only by its name.

        Such a finding is shown at one of the lines by chance, and what is said of the line is not about it.
        """
        return self.verb == "ignore-file" or category in self.named


@dataclass(frozen=True, slots=True)
class Suppression:
    """Findings that stand and findings that are suppressed, both in their order, and notes with their lines.

    The last evidence of a suppressed finding is a note with the line and the reason of its directive.
    """

    kept: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    notes: tuple[str, ...]


def read_directives(document: Document) -> tuple[Directive, ...]:
    """The directives among the comments of a document, in the order of the source.

    A comment that begins with `hypecheck:` is one, if only a faulty one. From `MAX_DIRECTIVES` on none
    is read, regions end there, and a note says so.
    """
    comments = sorted(document.comments, key=lambda comment: comment.start)
    parsed = ((comment, directive) for comment in comments if (directive := _parse(comment)) is not None)
    found = list(islice(parsed, MAX_DIRECTIVES + 1))
    if not found:
        return ()
    lines = _Lines(document)
    placed = [_place(directive, comment, lines) for comment, directive in found[:MAX_DIRECTIVES]]
    if len(found) <= MAX_DIRECTIVES:
        return tuple(_pair_regions(placed, lines.length))
    end = found[MAX_DIRECTIVES][1].place
    note = f"more than {MAX_DIRECTIVES} directives; this one and those below are not read"
    return (*_pair_regions(placed, end), Directive(None, (), "", end, notes=(note,)))


def apply_directives(findings: Sequence[Finding], directives: Sequence[Directive], source: str) -> Suppression:
    """The findings, ordered by start, parted by the directives of their source; none is lost.

    Notes name directives that are faulty, give no reason or suppress nothing.
    """
    index = LineIndex(source)
    rows: dict[tuple[str, bool], list[int]] = {}
    for at, finding in enumerate(findings):
        rows.setdefault((finding.category, finding.subtype == "document"), []).append(at)
    hidden: dict[int, Directive] = {}
    notes: list[tuple[int, str]] = []
    # The last to hide a finding explains it: that is the first of those that give a reason.
    for directive in sorted(directives, key=lambda directive: (bool(directive.reason), -directive.place)):
        used, spared = set(), False
        for scope in directive.scopes:
            for (category, whole), row in rows.items():
                first, stop = (bisect_left(row, end, key=lambda at: findings[at].start) for end in scope[1:])
                found = first < stop and category in scope.categories
                if found and whole and not directive.reaches_whole(category):
                    spared = True
                elif found:
                    used.add(category)
                    hidden.update(dict.fromkeys(row[first:stop], directive))
        notes += [(directive.place, note) for note in (*directive.notes, *_usage(directive, used, spared))]
    return Suppression(
        kept=tuple(finding for at, finding in enumerate(findings) if at not in hidden),
        suppressed=tuple(_explain(findings[at], hidden[at], index) for at in sorted(hidden)),
        notes=tuple(_group(notes, index)),
    )


def covers(directives: Iterable[Directive], category: str, start: int) -> bool:
    """Whether a phrase of the category that begins at `start` is suppressed."""
    return any(
        category in scope.categories and scope.start <= start < scope.end
        for directive in directives
        for scope in directive.scopes
    )


def _explain(finding: Finding, directive: Directive, index: LineIndex) -> Finding:
    note = f"suppressed on line {index.place(directive.place)[0]}: {directive.reason or 'no reason given'}"
    return replace(finding, evidence=(*finding.evidence, Evidence("note", note)))


def _usage(directive: Directive, used: set[str], spared: bool) -> Iterator[str]:
    """What to tell of a directive that has a scope."""
    shown = f"'hypecheck: {directive.verb}'"
    idle = [category for category in directive.named if category not in used]
    if not directive.scopes:
        return
    if not used and spared:
        yield f"{shown} does not reach what the whole document lacks; name its category, or use ignore-file"
    elif idle and used:
        yield f"{shown} finds nothing of {', '.join(idle)} to suppress; take that out"
    elif not used:
        yield f"{shown} suppresses nothing; take it out"
    if used and not directive.reason:
        yield f"{shown} gives no reason; add one behind ' -- '"


def _group(notes: Iterable[tuple[int, str]], index: LineIndex) -> Iterator[str]:
    """Each note once, with the lines of its places."""
    lines: dict[str, dict[int, None]] = {}
    for place, note in sorted(notes, key=lambda row: row[0]):
        lines.setdefault(note, {})[index.place(place)[0]] = None
    for note, places in lines.items():
        shown = ", ".join(str(line) for line in list(places)[:_SHOWN_LINES])
        more = f" and {len(places) - _SHOWN_LINES} more" if len(places) > _SHOWN_LINES else ""
        yield f"line{'s' if len(places) > 1 else ''} {shown}{more}: {note}"


def _parse(comment: Comment) -> Directive | None:
    """The directive of a comment, not yet placed; None for any other comment."""
    opening = _OPENING.match(comment.text)
    if opening is None:
        return None
    head, reason = _split_reason(" ".join(comment.text[opening.end() :].split()))
    verb, fault = _read_verb(opening["verb"].lower())
    if not opening["colon"]:
        if verb is None or head[:1] not in ("", "["):
            return None
        verb, fault = None, f"no colon, so this is not followed; did you mean 'hypecheck: {verb}'?"
    if verb is None:
        return Directive(None, (), reason, comment.start, (), (fault,))
    names = dict.fromkeys(name.lower() for name in _NAME.findall(head))
    named = tuple(name for name in names if name in CATEGORY_IDS)
    unknown = [name for name in names if name not in CATEGORY_IDS]
    scopes = (Scope(named or CATEGORY_IDS, 0, 0),) if named or not unknown else ()
    return Directive(verb, named, reason, comment.start, scopes, tuple(_category_faults(unknown)))


def _split_reason(text: str) -> tuple[str, str]:
    head, *reason = _REASON.split(text, maxsplit=1)
    return head.strip(), "".join(reason).strip()[:MAX_REASON]


def _read_verb(word: str) -> tuple[Verb | None, str]:
    """The verb, or None and what is wrong."""
    if word in VERBS:
        return VERBS[VERBS.index(word)], ""
    known = f"the directives are {', '.join(VERBS)}"
    if not word:
        return None, f"a directive is missing behind 'hypecheck:'; {known}"
    close = [_MEANT[word]] if word in _MEANT else get_close_matches(word[:_SHOWN_NAME], VERBS, 1)
    advice = f"did you mean {close[0]!r}?" if close else known
    return None, f"no directive is called {word[:_SHOWN_NAME]!r}; {advice}"


def _category_faults(unknown: Sequence[str]) -> Iterator[str]:
    for name in unknown[:_SHOWN_NAMES]:
        close = get_close_matches(name[:_SHOWN_NAME], CATEGORY_IDS, 1)
        advice = f"did you mean {close[0]!r}?" if close else "a reason stands behind ' -- '"
        yield f"no category is called {name[:_SHOWN_NAME]!r}; {advice}"
    if len(unknown) > _SHOWN_NAMES:
        yield f"{len(unknown) - _SHOWN_NAMES} more names are no categories"


def _place(directive: Directive, comment: Comment, lines: _Lines) -> Directive:
    """The directive with the code points that it covers; regions are left to be paired."""
    if directive.verb in (None, "on", "off") or not directive.scopes:
        return directive
    covered: tuple[int, int] | None = (0, lines.length + 1)
    if directive.verb == "ignore":
        covered = lines.with_text(lines.around(comment.start)[0])
    elif directive.verb == "ignore-next-line":
        covered = lines.with_text(lines.around(comment.end - 1)[1])
    if covered is None:
        note = f"'hypecheck: {directive.verb}' has no text below it; take it out"
        return replace(directive, scopes=(), notes=(*directive.notes, note))
    return replace(directive, scopes=(Scope(directive.scopes[0].categories, *covered),))


def _pair_regions(directives: Sequence[Directive], end: int) -> Iterator[Directive]:
    """The directives, each `off` with the regions up to where its categories are switched on again."""
    opened: dict[str, int] = {}
    closed: dict[int, dict[int, list[str]]] = {}
    notes: dict[int, str] = {}
    for at, directive in enumerate(directives):
        categories = directive.scopes[0].categories if directive.scopes else ()
        if directive.verb == "off":
            fresh = [category for category in categories if category not in opened]
            opened.update(dict.fromkeys(fresh, at))
            if categories and not fresh:
                notes[at] = "'hypecheck: off' stands where all that it names is off already; take it out"
        elif directive.verb == "on":
            ending = [category for category in categories if category in opened]
            for category in ending:
                closed.setdefault(opened.pop(category), {}).setdefault(directive.place, []).append(category)
            if categories and not ending:
                notes[at] = "'hypecheck: on' switches on what was not off; take it out"
    for category, at in opened.items():
        closed.setdefault(at, {}).setdefault(end, []).append(category)
        notes[at] = "'hypecheck: off' is never switched on again; add 'hypecheck: on' where it is to end"
    for at, directive in enumerate(directives):
        if directive.verb in ("on", "off"):
            regions = closed.get(at, {}).items()
            scopes = tuple(Scope(tuple(categories), directive.place, stop) for stop, categories in regions)
            directive = replace(directive, scopes=scopes)
        yield replace(directive, notes=(*directive.notes, notes[at])) if at in notes else directive


class _Lines:
    """The lines of a document, and which of them bear text that is judged."""

    def __init__(self, document: Document) -> None:
        self.length = len(document.source)
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(document.source))]
        self._texts = sorted(set(_text_starts(document)))

    def around(self, place: int) -> tuple[int, int]:
        """The half-open range of the line at `place`, with its line end."""
        line = bisect_right(self._starts, place)
        return self._starts[line - 1], self._starts[line] if line < len(self._starts) else self.length + 1

    def with_text(self, start: int) -> tuple[int, int] | None:
        """The range of the first line with text from `start` on."""
        at = bisect_left(self._texts, start)
        return self.around(self._texts[at]) if at < len(self._texts) else None


def _text_starts(document: Document) -> Iterator[int]:
    """A place in each line of the source from which text of a block was read."""
    for block in document.blocks:
        for run in block.offsets.runs:
            stop = run.source_start + run.source_length
            if run.text_length == run.source_length:
                yield from (line.start() for line in _TEXT_OF_LINE.finditer(document.source, run.source_start, stop))
            elif not block.text[run.text_start : run.text_start + run.text_length].isspace():
                yield run.source_start
