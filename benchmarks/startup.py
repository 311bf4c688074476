"""One article in a cold process, beside what others take: startup.py [--runs N] [--check].

Commands run in turn, so that a change of the machine's speed meets all of them; medians are printed.
With --check the exit status is 1 where checking an article takes more than twice as long as it took
against `import sklearn.linear_model` when the bound was set.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = ROOT / "examples" / "oversold.txt"
LONG = ("oversold.txt", "careful.txt")
LONG_CHARACTERS = 9_500
"""About 1,693 words, the length for which the design states a bound."""

LOOSE_RATIO = 1.4
"""Twice the seven tenths of the import of scikit-learn that a check took when this was written."""


def commands(long: Path) -> dict[str, list[str]]:
    """What is measured; a tool that is not installed is left out."""
    python = sys.executable
    check = [python, "-m", "hypecheck", "check", "--fail-on", "never"]
    rows = {
        "python -c pass": [python, "-c", "pass"],
        "import click": [python, "-c", "import click"],
        "hypecheck check ARTICLE": [*check, str(ARTICLE)],
        "... --model linear": [*check, "--model", "linear", str(ARTICLE)],
        "... 1,693 words": [*check, str(long)],
        "hypecheck --help": [python, "-m", "hypecheck", "--help"],
        "import sklearn.linear_model": [python, "-c", "import sklearn.linear_model"],
    }
    proselint = shutil.which("proselint", path=str(Path(python).parent))
    if proselint:
        rows["proselint check ARTICLE"] = [proselint, "check", str(ARTICLE)]
    return rows


def measure(rows: dict[str, list[str]], runs: int) -> dict[str, float]:
    """Median milliseconds a command, after one run that is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in rows}
    for run in range(runs + 1):
        for name, command in rows.items():
            begin = time.perf_counter()
            subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            if run:
                taken[name].append(1000 * (time.perf_counter() - begin))
    return {name: median(values) for name, values in taken.items()}


def main(arguments: list[str]) -> int:
    """Print the table."""
    runs = int(arguments[arguments.index("--runs") + 1]) if "--runs" in arguments else 11
    with TemporaryDirectory() as folder:
        long = Path(folder) / "long.txt"
        words = " ".join((ROOT / "examples" / name).read_text(encoding="utf-8") for name in LONG).split(" ")
        long.write_text(" ".join(words * 9)[:LONG_CHARACTERS], encoding="utf-8")
        taken = measure(commands(long), runs)
    base = taken["import sklearn.linear_model"]
    print(f"{'command':<32}{'median ms':>10}{'of the import':>15}   ({runs} runs)")
    for name, value in taken.items():
        print(f"{name:<32}{value:>10.0f}{value / base:>15.2f}")
    return int("--check" in arguments and taken["hypecheck check ARTICLE"] / base > LOOSE_RATIO)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
