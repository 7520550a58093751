"""Spark with the program: each partition goes through `chejia batch` as text. Nothing but the program
is needed on the workers.

    spark_pipe.py MASTER CARS.txt OUT

CARS.txt has a VIN on each line. OUT becomes a folder of files of JSON lines.
"""

import os
import shlex
import sys

from pyspark.sql import SparkSession

DECODE = "chejia batch - --from txt --to jsonl --columns status,vin,brand,typename,match.year --as-of 2026-11-24 --threads 1"
# The program refuses an empty input, and a partition may be empty.
COMMAND = ["sh", "-c", f'IFS= read -r first || exit 0; {{ printf "%s\\n" "$first"; cat; }} | {DECODE}']


def main(master, cars, out):
    spark = SparkSession.builder.master(master).appName("chejia").getOrCreate()
    vins = spark.sparkContext.textFile(cars, minPartitions=4)
    # Spark hands nothing of the environment on: where the workers have their programs must be told.
    vins.pipe(shlex.join(COMMAND), env={"PATH": os.environ["PATH"]}, checkCode=True).saveAsTextFile(out)
    spark.stop()


main(*sys.argv[1:])
