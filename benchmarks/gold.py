"""Both models on annotated documents kept for measuring: gold.py GOLD_FOLDER

Writes docs/gold.json, which the model card shows. Count the looks: `looks` in that
file goes up by one with each run, because a figure that is looked at often begins to choose.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hypecheck import Checker
from hypecheck.score.folder import PACKAGED
from hypecheck.train.evaluate import evaluate

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "gold.json"
LOOKED_BEFORE = 9
"""Looks before this script counted them."""


def main(folder: Path) -> int:
    """Write the figures."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    figures: dict[str, Any] = {"looks": known.get("looks", LOOKED_BEFORE) + 1}
    for model in PACKAGED:
        checker = Checker(model=model)
        figures[model] = {"model_sha256": checker.tool.model_sha256}
        for name, gold in (("blog", "blog"), ("mixed", "mixed"), ("all", "")):
            found = evaluate(str(folder / gold), checker).figures
            figures[model][name] = {
                key: found[key] for key in ("documents", "words", "typed", "categories", "measures", "intervals")
            }
            print(model, name, json.dumps(found["measures"]))
    FILE.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
