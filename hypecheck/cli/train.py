"""`hypecheck train` and `hypecheck evaluate`."""

from __future__ import annotations

from pathlib import Path

import click

from hypecheck.cli.common import format_option, make_checker, model_option, needing_extra, print_lines


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--real",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the texts that the standoff labels of DIR/real belong to.",
)
@click.option(
    "--model",
    "kind",
    type=click.Choice(["linear", "contextual"]),
    default="linear",
    show_default=True,
    help="What to train.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that the model is written to; models/linear or models/contextual, unless given.",
)
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the encoder to tune, where its package is not installed. For contextual.",
)
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".training"),
    show_default=True,
    help="Where checkpoints are kept, so that a stopped run goes on. For contextual.",
)
def train(folder: Path, real: Path | None, kind: str, out: Path | None, base: Path | None, work: Path) -> None:
    """Train a model on the annotated documents of DIR."""
    import json

    def say(line: str) -> None:
        click.echo(line, err=True)

    out = out or Path("models") / kind
    if kind == "linear":
        with needing_extra("train"):
            from hypecheck.train.fit import train as fit

            manifest = fit(folder, out, real=real, say=say)
    else:
        with needing_extra("train-contextual"):
            from hypecheck.train.contextual import train_contextual

            manifest = train_contextual(folder, out, real=real, base=base, work=work, say=say)
    print_lines([json.dumps(manifest["metrics"], indent=1)])


@click.command()
@click.argument("gold")
@model_option
@format_option
def evaluate(gold: str, model: str | None, output_format: str) -> None:
    """Measure findings against annotated documents: GOLD is a pair's prefix or a folder of pairs."""
    import json

    checker = make_checker(model, None)
    with needing_extra("train"):
        from hypecheck.train.evaluate import evaluate as measure

        evaluation = measure(gold, checker)
    shown = json.dumps(evaluation.to_dict(), indent=1) + "\n" if output_format == "json" else evaluation.to_text()
    print_lines([shown.removesuffix("\n")])
