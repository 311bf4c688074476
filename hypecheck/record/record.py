"""The record as checks use it: names in a text, facts of a substance, from the package, the user and the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from hypecheck.record.names import Mention, NameIndex
from hypecheck.record.naming import fold
from hypecheck.record.types import Fact, Indication, RecordFile, Substance
from hypecheck.types import RecordError

MAX_NAME_WORDS = 8
"""Words of the longest name looked up in the store; combination products are longer, and no article spells them out."""


@dataclass(frozen=True)
class Record:
    """Substances, indications and facts. `store` is the file that `hypecheck record import` fills, None for none.

    A record does not change; threads may share it.
    """

    files: RecordFile
    store: Path | None = None

    @cached_property
    def _substance_names(self) -> NameIndex:
        return _index(self.files.substances.values())

    @cached_property
    def _indication_names(self) -> NameIndex:
        return _index(self.files.indications.values())

    @cached_property
    def _wider(self) -> dict[str, frozenset[str]]:
        """Each indication with all that hold it, itself included."""
        closed = {id: {id, *indication.within} for id, indication in self.files.indications.items()}
        for ids in closed.values():
            while more := {wider for id in ids for wider in closed.get(id, ())} - ids:
                ids |= more
        return {id: frozenset(ids) for id, ids in closed.items()}

    def substances_in(self, text: str) -> list[Mention]:
        """Substances named in a text, from left to right, the longest name at each place."""
        found = self._substance_names.find(text)
        if self.store is None:
            return found
        taken = [(mention.start, mention.end) for mention in found]
        stored = list(self._stored(text))
        more = NameIndex.of(
            (name.casefold(), item.id) for item in stored for name in (item.id, item.name, *item.aliases)
        )
        for mention in more.find(text):
            name = text[mention.start : mention.end]
            # A register holds brands that are ordinary words; as a brand they have a capital.
            meant = name[0].isupper() or fold(name) == fold(mention.id)
            if meant and all(mention.end <= a or mention.start >= b for a, b in taken):
                found.append(mention)
        return sorted(found, key=lambda mention: mention.start)

    def indications_in(self, text: str) -> list[Mention]:
        """Conditions named in a text, from left to right."""
        return self._indication_names.find(text)

    def related(self, one: str, other: str) -> bool:
        """Whether one indication is the other or lies within it."""
        return other in self._wider.get(one, {one}) or one in self._wider.get(other, {other})

    def name_of(self, id: str) -> str:
        """The name of a substance or an indication; an id of the store is a name already."""
        known = self.files.substances.get(id) or self.files.indications.get(id)
        return known.name if known else id

    def facts_of(self, substance: str) -> tuple[Fact, ...]:
        """All facts of a substance by date; those without one come last.

        A substance of a file may have another id in the store (a combination is named by its ingredients there):
        what the store has under any of its names is told under the id of the file.
        """
        facts = [fact for fact in self.files.facts.values() if fact.substance == substance]
        if self.store is not None:
            from hypecheck.record.store import open_store

            known = self.files.substances.get(substance)
            names = {fold(name) for name in (known.name, *known.aliases)} if known else set()
            with open_store(self.store) as store:
                ids = {item.id for item in store.substances_named(names).values()} - self.files.substances.keys()
                for id in sorted({substance, *ids}):
                    facts += (replace(fact, substance=substance) for fact in store.facts_of(id))
        return tuple(sorted(facts, key=lambda fact: (fact.date is None, fact.date or (), fact.id)))

    def resolve(self, name: str) -> str | None:
        """The id of the substance that a name means; None for an unknown one."""
        if name in self.files.substances:
            return name
        mentions = self.substances_in(name)
        return mentions[0].id if len(mentions) == 1 else None

    @property
    def newest(self) -> date | None:
        """The day of the newest fact that is written down in a file; past it the record knows nothing."""
        return max((fact.date.first for fact in self.files.facts.values() if fact.date), default=None)

    def _stored(self, text: str) -> Iterable[Substance]:
        """Substances of the store whose names may stand in the text."""
        from hypecheck.record.store import open_store

        assert self.store is not None
        words = fold(text).split()
        with open_store(self.store) as store:
            longest = store.first_words(words)
            names = {
                " ".join(words[at : at + count])
                for at, word in enumerate(words)
                if word in longest
                for count in range(1, min(longest[word], MAX_NAME_WORDS) + 1)
            }
            return list({item.id: item for item in store.substances_named(names).values()}.values())


def load_record(user: Path | None = None, store: Path | None = None) -> Record:
    """The shipped record, with a user's own file, which overrides facts of the same id, and an imported store.

    Raises RecordError where one of them cannot be read.
    """
    from hypecheck.record.reading import read_file, read_shipped

    shipped = read_shipped()
    if user is None:
        return Record(shipped, store)
    own = read_file(user, shipped)
    return Record(_merge(shipped, own), store)


def read_newest() -> date:
    """The day of the shipped record's newest fact, without reading the facts."""
    with (files("hypecheck.data") / "record.yaml").open(encoding="utf-8") as file:
        for line in file:
            if line.startswith("newest: "):
                return date.fromisoformat(line.removeprefix("newest: ").strip().strip('"'))
    raise RecordError("record.yaml: newest is missing")


def _merge(shipped: RecordFile, own: RecordFile) -> RecordFile:
    substances = dict(shipped.substances)
    for id, item in own.substances.items():
        known = substances.get(id)
        aliases = (*known.aliases, *item.aliases) if known else item.aliases
        substances[id] = Substance(id, item.name, tuple(dict.fromkeys(aliases)))
    indications = dict(shipped.indications)
    for id, condition in own.indications.items():
        before = indications.get(id)
        names = (*before.aliases, *condition.aliases) if before else condition.aliases
        within = (*before.within, *condition.within) if before else condition.within
        indications[id] = Indication(id, condition.name, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(within)))
    return RecordFile(substances, indications, {**shipped.facts, **own.facts})


def _index(items: Iterable[Substance] | Iterable[Indication]) -> NameIndex:
    return NameIndex.of((name, item.id) for item in items for name in (item.name, *item.aliases))
