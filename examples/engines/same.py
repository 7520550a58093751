"""Whether an engine wrote the rows that one process wrote, in whatever order.

    same.py WHOLE.csv OUT

OUT is a Parquet file, or a folder of Parquet files or of files of JSON lines.
"""

import csv
import json
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet

COLUMNS = ("status", "decoded_vin", "brand", "typename", "match.year")


def row(found):
    """The decoded columns as texts; the VIN is called `vin` where the input has no such column."""
    vin = found.get("decoded_vin") if "decoded_vin" in found else found.get("vin")
    cells = [vin if name == "decoded_vin" else found.get(name) for name in COLUMNS]
    return tuple("" if cell is None else str(cell) for cell in cells)


def rows(path):
    parts = sorted(path.glob("part-*")) if path.is_dir() else [path]
    for part in parts:
        if part.suffix == ".parquet":
            yield from pyarrow.parquet.read_table(part).to_pylist()
        else:
            yield from (json.loads(line) for line in part.read_text().splitlines())


def main(whole, out):
    with open(whole, encoding="utf-8", newline="") as file:
        wanted = Counter(row(found) for found in csv.DictReader(file))
    found = Counter(row(found) for found in rows(Path(out)))
    missing, more = wanted - found, found - wanted
    if missing or more:
        sys.exit(f"{out}: {missing.total()} rows are missing, {more.total()} are there that should not: {list((missing + more).items())[:4]}")
    print(f"{out}: the same {found.total()} rows")


main(*sys.argv[1:])
