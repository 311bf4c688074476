"""The import of a Drugs@FDA-shaped archive of invented rows: import_size.py [--megabytes N] [--folder FOLDER]

Generates tables of N MB in all (300 unless told), imports them in a process of its own and prints rows
a second, the peak of resident memory and the bytes of the store. Everything is removed at the end.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]

IMPORT = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
from hypecheck.record.importing import import_file
begin = time.perf_counter()
imported = import_file(Path(sys.argv[1]), Path(sys.argv[2]), today=date(2026, 1, 1))
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
source = imported.source
print(json.dumps([seconds, peak, source.rows, source.substances, source.facts]))
"""

HEADERS = {
    "Applications": "ApplNo\tApplType\tApplPublicNotes\tSponsorName",
    "Products": "ApplNo\tProductNo\tForm\tStrength\tReferenceDrug\tDrugName\tActiveIngredient\tReferenceStandard",
    "Submissions": "ApplNo\tSubmissionClassCodeID\tSubmissionType\tSubmissionNo\tSubmissionStatus\t"
    "SubmissionStatusDate\tSubmissionsPublicNotes\tReviewPriority",
    "MarketingStatus": "MarketingStatusID\tApplNo\tProductNo",
}
TYPES = ("NDA", "ANDA", "ANDA", "ANDA", "BLA")

APPLICATIONS_A_MEGABYTE = 860
"""So that all tables together come to the size asked for. Six digits number at most a million applications."""


def application(number: int, chance: random.Random) -> dict[str, list[str]]:
    """The rows of one application in every table: two products, ten submissions, as in the real files, or more."""
    key = f"{number:06}"
    # A third of the applications bring a substance of their own; in the real files a tenth do.
    molecule = f"MOLECULE{chance.randrange(1 + number // 3 * 2)} HYDROCHLORIDE"
    brand = f"BRAND {number}" if chance.random() < 0.3 else molecule
    products = [
        f"{key}\t{item:03}\tTABLET, FILM COATED;ORAL\t{chance.randrange(1, 900)}MG\t0\t{brand}\t{molecule}\t0"
        for item in range(1, 3)
    ]
    submissions = [
        f"{key}\t{chance.randrange(20)}\t{'SUPPL' if item > 1 else 'ORIG':<10}\t{item}\tAP\t"
        f"{chance.randrange(1960, 2026)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02} 00:00:00\t"
        f"note {chance.getrandbits(128):x}\tSTANDARD"
        for item in range(1, 11)
    ]
    statuses = [f"{chance.choice('1133')}\t{key}\t{item:03}" for item in range(1, 3)]
    return {
        "Applications": [f"{key}\t{chance.choice(TYPES)}\t\tMAKER {chance.randrange(3000)} PHARMS INC"],
        "Products": products,
        "Submissions": submissions,
        "MarketingStatus": statuses,
    }


def lines(table: str, count: int) -> Iterator[str]:
    """A table of `count` applications; every table is generated from the same seed, so that they agree."""
    chance = random.Random(1)
    yield HEADERS[table]
    for number in range(count):
        yield from application(number, chance)[table]


def write_archive(path: Path, megabytes: int) -> int:
    """Write the archive; the unpacked bytes."""
    count = APPLICATIONS_A_MEGABYTE * megabytes
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table in HEADERS:
            with archive.open(f"{table}.txt", "w", force_zip64=True) as stream:
                for line in lines(table, count):
                    stream.write(f"{line}\r\n".encode("cp1252"))
        return sum(info.file_size for info in archive.infolist())


def measure(path: Path, store: Path) -> list[float]:
    """Seconds, peak of resident memory in KiB, rows, substances and facts of an import."""
    command = [sys.executable, "-c", IMPORT, str(path), str(store)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    figures: list[float] = json.loads(done.stdout)
    return figures


def main(megabytes: int, folder: str | None, show: Callable[[str], None] = print) -> int:
    """Print the figures."""
    with TemporaryDirectory(dir=folder) as made:
        path, store = Path(made) / "drugs.zip", Path(made) / "store"
        unpacked = write_archive(path, megabytes)
        show(f"tables {unpacked / 1e6:,.0f} MB, archive {path.stat().st_size / 1e6:,.0f} MB")
        seconds, peak, rows, substances, facts = measure(path, store)
        show(f"{rows:,} rows in {seconds:,.1f} s, {rows / seconds:,.0f} rows a second")
        show(f"peak of resident memory {peak / 1024:,.0f} MiB")
        show(f"store {store.stat().st_size / 1e6:,.1f} MB: {substances:,} substances, {facts:,} facts")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--folder", help="where the files are put; the folder for temporary files unless told")
    options = parser.parse_args()
    raise SystemExit(main(options.megabytes, options.folder))
