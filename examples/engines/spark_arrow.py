"""Spark with the Python package: each worker decodes its batches of Arrow.

    spark_arrow.py MASTER CARS.csv OUT

MASTER is that of your cluster, `local[*]`, or `local-cluster[2,1,1024]`: two workers on this machine.
Every worker needs the packages chejia and pyarrow. OUT becomes a folder of Parquet files.
"""

import sys

import chejia
import pyarrow
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

OPTIONS = {"columns": ["status", "vin", "brand", "typename", "match.year"], "as_of": "2026-11-24"}


def decode(batches):
    for batch in batches:
        yield from pyarrow.RecordBatchReader.from_stream(chejia.decode_arrow(batch, **OPTIONS))


def main(master, cars, out):
    spark = SparkSession.builder.master(master).appName("chejia").getOrCreate()
    rows = spark.read.csv(cars, header=True).repartition(4)
    # The columns are known before a row is decoded.
    empty = to_arrow_schema(rows.schema).empty_table()
    schema = from_arrow_schema(pyarrow.schema(chejia.decode_arrow(empty, **OPTIONS)))
    rows.mapInArrow(decode, schema).write.mode("overwrite").parquet(out)
    spark.stop()


main(*sys.argv[1:])
