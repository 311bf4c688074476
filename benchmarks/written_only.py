"""What the written corpus teaches alone: written_only.py [REAL_FOLDER]

Trains the linear model without the real documents and measures on them, none of which it has seen; prints
the figures with the digest of the data.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hypecheck import Checker
from hypecheck.train.evaluate import evaluate
from hypecheck.train.fit import train

ROOT = Path(__file__).resolve().parents[1]


def main(real: Path) -> int:
    """Print the figures."""
    with TemporaryDirectory() as folder:
        manifest = train(ROOT / "training_data", Path(folder), say=print)
        unseen = evaluate(str(real / "real"), Checker(model=folder)).to_dict()
    figures = {
        "data_sha256": manifest["data"]["sha256"],
        "written": manifest["metrics"]["written"],
        "real": {name: round(value, 4) for name, value in unseen["typed"].items()},
    }
    print(json.dumps(figures, indent=1, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "real"))
