"""ClickHouse, as chDB in this process, with the program: `executable` runs it over a query's rows.

    chdb_function.py FOLDER CARS.csv OUT.parquet

FOLDER is for ClickHouse's own files; in a server it is the setting `user_scripts_path`, where the script
below stands.
"""

import os
import sys
from pathlib import Path

from chdb import session

SCRIPT = """#!/bin/sh
exec chejia batch - --from tsv --to tsv --columns status,vin,brand,typename,match.year --as-of 2026-11-24 --threads 1
"""


def main(folder, cars, out):
    scripts = Path(folder, "user_scripts")
    scripts.mkdir(parents=True, exist_ok=True)
    script = scripts / "decode.sh"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    db = session.Session(f"{folder}/data?user_scripts_path={scripts}")
    db.query(f"""
        select * from executable('decode.sh', TabSeparatedWithNames,
            'no String, vin String, status String, decoded_vin String, brand String, typename String, "match.year" Nullable(Int64)',
            (select no, vin from file('{os.path.abspath(cars)}', CSVWithNames, 'no String, vin String')))
        into outfile '{os.path.abspath(out)}' truncate format Parquet
        settings input_format_tsv_empty_as_default = 1
    """)


main(*sys.argv[1:])
