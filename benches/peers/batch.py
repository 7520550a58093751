"""`decode_batch` of both packages over the same VINs, on one thread, rounds interleaved.

    batch.py FILE

Prints lines `what<TAB>figure`.
"""

import os
import statistics
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"

import chejia
import ultravin

CARS = 20_000
ROUNDS = 7


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        vins = [line.strip() for line, _ in zip(file, range(CARS))]
    contenders = {
        "`chejia.decode_batch(vins, vpic=True)`, all attributes": lambda: chejia.decode_batch(vins, vpic=True),
        "`ultravin.decode_batch(vins)`, all attributes": lambda: ultravin.decode_batch(vins),
        "`chejia.decode_batch(vins)`, all fields": lambda: chejia.decode_batch(vins),
    }
    times = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, decode in contenders.items():
            started = time.perf_counter()
            answers = decode()
            times[name].append(time.perf_counter() - started)
            assert len(answers) == len(vins)
            del answers
    for name, seconds in times.items():
        print(f"{name}\t{len(vins) / statistics.median(seconds):.0f}")
    attributes, peer, fields = times.values()
    for what, own in (("all attributes", attributes), ("all fields", fields)):
        ratio = statistics.median(theirs / ours for ours, theirs in zip(own, peer))
        print(f"`chejia.decode_batch` ÷ `ultravin.decode_batch`, {what}\t{ratio:.2f}")


main()
