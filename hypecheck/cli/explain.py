"""`hypecheck explain`."""

from __future__ import annotations

import click

from hypecheck.cli.common import print_lines


@click.command()
@click.argument("category", required=False)
def explain(category: str | None) -> None:
    """Explain a category: what it finds, what it leaves alone, what to write instead."""
    from difflib import get_close_matches

    from hypecheck.categories import load_categories, load_standards

    categories, standards = load_categories(), load_standards()
    if category is None:
        print_lines(f"{known.id:<24}{known.name}" for known in categories.values())
        return
    if category not in categories:
        close = get_close_matches(category, categories)
        hint = f"did you mean {' or '.join(close)}?" if close else "hypecheck explain lists them all"
        raise click.UsageError(f"there is no category {category!r}; {hint}")
    lines = [categories[category].body.rstrip(), "", "## Standards", ""]
    for key in categories[category].standards:
        standard = standards[key]
        lines.append(f"- {standard.citation}" + (f" <{standard.url}>" if standard.url else "") + f": {standard.note}")
    print_lines(lines)
