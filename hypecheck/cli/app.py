"""The command line. What a command needs is imported when it runs, so that --help and a small check start fast."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import StringIO

import click

from hypecheck.cli.baseline import baseline
from hypecheck.cli.check import check, score
from hypecheck.cli.common import Exit, tell
from hypecheck.cli.config import config
from hypecheck.cli.explain import explain
from hypecheck.cli.record import record
from hypecheck.cli.train import evaluate, train
from hypecheck.types import CorpusError, HypecheckError, RecordError
from hypecheck.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hypecheck")
def app() -> None:
    """Find overclaiming in health text: which words, which kind, how sure, what to write instead."""


for command in (check, baseline, config, score, explain, record, train, evaluate):
    app.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every error of ours is one line on stderr and exit 2."""
    try:
        app.main(args=arguments, prog_name="hypecheck", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("hypecheck: interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        tell(shown.getvalue().rstrip("\n").split("\n"))
        sys.exit(Exit.ERROR)
    except (CorpusError, RecordError) as error:
        tell(f"hypecheck: {line}" for line in str(error).split("\n"))
        sys.exit(Exit.ERROR)
    except (HypecheckError, OSError) as error:
        tell([f"hypecheck: {error}"])
        sys.exit(Exit.ERROR)
    except Exception:
        from traceback import print_exc

        # Python itself would exit 1, which here means findings.
        print_exc()
        sys.exit(Exit.ERROR)
