"""`hypecheck record`: what the regulatory record says, and how regulators' files get into it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypecheck.cli.common import day_of_judgement, load_given_record, print_lines, record_option, store_path
from hypecheck.types import RecordError

if TYPE_CHECKING:
    from hypecheck.record.record import Record
    from hypecheck.record.types import Fact


@click.group()
def record() -> None:
    """The dated regulatory record that approval claims are judged by."""


@record.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Import FILE: the Drugs@FDA data files (zip) or the EMA medicines table (xlsx), as downloaded."""
    from hypecheck.record.importing import import_file

    store = store_path()
    store.parent.mkdir(parents=True, exist_ok=True)
    with click.progressbar(length=1000, label=f"reading {file.name}", show_eta=False, file=sys.stderr) as bar:
        shown = 0

        def progress(done: int, total: int) -> None:
            nonlocal shown
            now = 1000 * done // max(total, 1)
            bar.update(now - shown)
            shown = now

        imported = import_file(file, store, today=date.today(), progress=progress)
    source = imported.source
    if imported.unchanged:
        print_lines([f"{file.name} was imported on {source.imported}; nothing has changed"])
    else:
        print_lines([f"{source.kind}: {source.substances:,} substances, {source.facts:,} facts, in {store}"])


@record.command()
@click.argument("substance")
@record_option
@click.option("--as-of", metavar="DATE", help="What was known on this day (YYYY-MM-DD); everything, unless given.")
@click.option("--jurisdiction", metavar="CODE", help="Only this one: US, EU, UK, AU, CA, CH, JP, NZ.")
def show(substance: str, record_file: Path | None, as_of: str | None, jurisdiction: str | None) -> None:
    """Show what is recorded of SUBSTANCE: a name, a brand, a code or an abbreviation."""
    from hypecheck.record.types import JURISDICTIONS

    if jurisdiction is not None and jurisdiction.upper() not in JURISDICTIONS:
        raise click.BadParameter(f"one of {', '.join(JURISDICTIONS)}", param_hint="--jurisdiction")
    found = load_given_record(record_file)
    id = found.resolve(substance)
    if id is None:
        raise RecordError(
            f"{substance}: not in the record, which does not say that it is not approved{_hint(found, substance)}"
        )
    day = day_of_judgement(as_of) if as_of else None
    print_lines(_timeline(found, id, day, jurisdiction.upper() if jurisdiction else None))


@record.command()
@record_option
def sources(record_file: Path | None) -> None:
    """List what the record is made of."""
    from hypecheck.record.store import open_store

    found = load_given_record(record_file)
    files = found.files
    lines = [f"shipped{f' and {record_file}' if record_file else ''}: {len(files.substances)} substances, "]
    lines[0] += f"{len(files.facts)} facts, the newest of {found.newest}"
    store = store_path()
    if store.is_file():
        with open_store(store) as opened:
            lines += [
                f"{source.kind}: {source.file}, imported {source.imported}, {source.substances:,} substances, "
                f"{source.facts:,} facts, sha256 {source.sha256}"
                for source in opened.sources()
            ]
    else:
        lines.append("nothing imported: hypecheck record import FILE")
    print_lines(lines)


def _timeline(record: Record, id: str, day: date | None, jurisdiction: str | None) -> Iterator[str]:
    from hypecheck.record.standing import standing_on

    facts = [fact for fact in record.facts_of(id) if jurisdiction in (None, fact.jurisdiction)]
    facts = [fact for fact in facts if day is None or fact.date is None or fact.date.first <= day]
    known = record.files.substances.get(id)
    names = f" ({', '.join(known.aliases[:6])})" if known and known.aliases else ""
    yield f"{record.name_of(id)}{names}"
    if not facts:
        yield "  nothing recorded there: that is unknown, not refused"
    groups: dict[tuple[str, str | None], list[Fact]] = {}
    for fact in facts:
        groups.setdefault((fact.jurisdiction, fact.indication), []).append(fact)
    for (place, use), rows in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        yield ""
        standing = f": {standing_on(rows, day).status} on {day}" if day else ""
        yield f"{place}, {record.name_of(use) if use else 'any use, or none named'}{standing}"
        for fact in rows:
            yield f"  {fact.date or 'date unknown'!s:<24} {fact.event:<22} {fact.detail}"
            if fact.target:
                yield f"  {'':<24} decision due by {fact.target}"
            if fact.conflict:
                yield f"  {'':<24} note: {fact.conflict}"
            if fact.source:
                yield f"  {'':<24} {fact.quality}: {fact.source}"


def _hint(record: Record, name: str) -> str:
    from difflib import get_close_matches

    names = {
        alias.casefold(): item.name for item in record.files.substances.values() for alias in (item.name, *item.aliases)
    }
    close = dict.fromkeys(names[match] for match in get_close_matches(name.casefold(), names))
    return f"; did you mean {' or '.join(close)}?" if close else ""
