"""DuckDB with the Python package: a table of decoded cars out of a query, and a function for SQL.

    duckdb_arrow.py CARS.csv OUT.parquet
"""

import sys

import chejia
import duckdb
import pyarrow

OPTIONS = {"columns": ["status", "vin", "brand", "typename", "match.year"], "as_of": "2026-11-24"}


def brand(vins):
    """The brands of an array of VINs, for SQL."""
    decoded = chejia.decode_arrow(vins, columns=["brand"], as_of=OPTIONS["as_of"])
    return pyarrow.table(decoded)["brand"].combine_chunks()


def main(cars, out):
    db = duckdb.connect()
    # A query's batches in, decoded batches out; nothing is copied, and never is all of it in memory.
    rows = db.cursor().sql("select * from read_csv(?, all_varchar = true)", params=[cars]).to_arrow_reader()
    decoded = pyarrow.RecordBatchReader.from_stream(chejia.decode_arrow(rows, **OPTIONS))
    db.sql(f"copy (select * from decoded) to '{out}' (format parquet)")
    # The function, one value for each VIN.
    db.create_function("brand", brand, ["VARCHAR"], "VARCHAR", type="arrow", null_handling="special")
    print(db.sql("select brand('1HGCM82633A004352')").fetchall()[0][0])


main(*sys.argv[1:])
