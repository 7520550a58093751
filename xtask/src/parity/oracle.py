"""Makes a corpus of VINs and the oracle's answers to it, with a frozen clock.

    oracle.py make DIR      corpus.txt, kinds.txt, expected.jsonl and the small ones in DIR
    oracle.py decode FILE   the oracle's answers to the lines of FILE, on stdout
    oracle.py golden DIR N  a covering selection of N lines out of DIR's corpus, as golden lines
    oracle.py cars FILE N   N realistic cars of 1996-2026, one VIN per line
    oracle.py makes FILE MAKE=N...  N cars of 2010-2026 of each make, one VIN per line

A line is `VIN` or `VIN,year`. The corpus depends on nothing but the seed below and the oracle.
"""

import datetime
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

import ultravin

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
SEED = 20261101
VEHICLE_TYPES = (1, 2, 3, 5, 6, 7, 9, 10, 13)
ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
STRANGE = "IOQioq*?-_.#&![]^| $@/\\'\"<>:;"
FOREIGN = "ÉéßОСВАΑΒ车架ＡＢ１２ｗ٣ı"
SMALL = 2_000


def generated(seed, per_type, invalid_rate):
    for vehicle_type in VEHICLE_TYPES:
        yield from ultravin.generate(
            per_type, seed=seed + vehicle_type, vehicle_type=vehicle_type, invalid_rate=invalid_rate, now=NOW
        )


def years_of(vins, **limits):
    """A number of VINs within a range of model years."""
    return ultravin.generate(vins, seed=SEED + 99, invalid_rate=0, now=NOW, **limits)


def formula_vins(rng, rows):
    """VINs that a formula pattern (with `#`) answers, and their neighbours with other digits."""
    found = []
    for vin in rows:
        elements = ultravin.decode(vin, full=True, now=NOW)["elements"]
        if any("#" in (e["keys"] or "") for e in elements):
            found.append(vin)
    out = []
    for vin in rng.sample(found, min(len(found), 300)):
        out.append(vin)
        for _ in range(2):
            descriptor = "".join(rng.choice("0123456789") if c.isdigit() else c for c in vin[3:8])
            out.append(vin[:3] + descriptor + vin[8:])
    return out


def replaced(vin, position, character):
    return vin[:position] + character + vin[position + 1 :]


def wrong_check_digit(rng, vin):
    return replaced(vin, 8, rng.choice([c for c in "0123456789X" if c != vin[8]]))


def wrong_characters(rng, vin):
    for position in rng.sample(range(17), rng.choice((1, 1, 1, 2, 3))):
        vin = replaced(vin, position, rng.choice(ALPHABET))
    return vin


def strange_characters(rng, vin):
    for position in rng.sample(range(17), rng.choice((1, 1, 2, 4))):
        vin = replaced(vin, position, rng.choice(STRANGE))
    return vin


def foreign_characters(rng, vin):
    for position in rng.sample(range(17), rng.choice((1, 1, 2))):
        vin = replaced(vin, position, rng.choice(FOREIGN))
    return vin


def unknown_positions(rng, vin):
    for position in rng.sample(range(17), rng.choice((1, 2, 5, 9))):
        vin = replaced(vin, position, "*")
    return vin


def unknown_wmi(rng, vin):
    return "".join(rng.choice(ALPHABET) for _ in range(3)) + vin[3:]


def small_maker(rng, vin):
    return vin[:2] + "9" + vin[3:11] + "".join(rng.choice(ALPHABET) for _ in range(3)) + vin[14:]


def other_year(rng, vin):
    return replaced(vin, 9, rng.choice(ALPHABET + "IOQ"))


def other_era(rng, vin):
    return replaced(vin, 6, rng.choice(ALPHABET))


def lettered_serial(rng, vin):
    return replaced(vin, rng.randrange(11, 17), rng.choice(ALPHABET))


def lower_case(rng, vin):
    return vin.lower() if rng.random() < 0.5 else "".join(rng.choice((c, c.lower())) for c in vin)


def over_long(rng, vin):
    return vin + "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 12)))


def noise(rng, _vin):
    return "".join(rng.choice(ALPHABET) for _ in range(17))


MUTATIONS = (
    (wrong_check_digit, 900),
    (wrong_characters, 2_600),
    (strange_characters, 900),
    (foreign_characters, 300),
    (unknown_positions, 900),
    (unknown_wmi, 400),
    (small_maker, 300),
    (other_year, 900),
    (other_era, 600),
    (lettered_serial, 500),
    (lower_case, 300),
    (over_long, 300),
    (noise, 200),
)


def corpus():
    """Pairs of kind and line, each line once."""
    rng = random.Random(SEED)
    pairs = []

    def add(kind, lines):
        pairs.extend((kind, line) for line in lines)

    clean = list(generated(SEED, 3_000, 0.0))
    add("clean", clean)
    add("invalid", generated(SEED + 1_000, 120, 1.0))
    add("mixed", generated(SEED + 2_000, 80, 0.5))
    add("old cars", years_of(600, min_year=1980, max_year=1995))
    add("new cars", years_of(600, min_year=2022, max_year=2027))
    rows = ultravin.sweep(["pattern"])
    add("sweep pattern", rng.sample(rows, 60_000))
    for dimension, count in (("wmi", 13_000), ("engine", 335), ("vspec", 7_000), ("exception", 8_000), ("default", 9)):
        vins = ultravin.sweep([dimension])
        add("sweep " + dimension, rng.sample(vins, min(count, len(vins))))
    add("cover", ultravin.cover_vins())
    add("formula", formula_vins(rng, rng.sample(rows, 40_000)))
    add("seeded", rng.sample(ultravin.seeded(limit=0), 60_000))

    base = clean + rng.sample(rows, 4_000)
    for mutate, count in MUTATIONS:
        add(mutate.__name__.replace("_", " "), (mutate(rng, vin) for vin in rng.sample(base, count)))
    for length in range(17):
        add("short", (vin[:length] for vin in rng.sample(base, 60)))
    for vin in rng.sample(base, 700):
        year = ultravin.decode(vin, now=NOW)["model_year"] or 2010
        add("year agrees", [f"{vin},{year}"])
        add("year contradicts", [f"{vin},{rng.randint(1980, 2028)}", f"{vin},{year + rng.choice((-30, -1, 1, 30))}"])
    add("year out of range", (f"{vin},{rng.choice((0, 1900, 1979, 2029, 2050, 9999))}" for vin in rng.sample(base, 200)))
    add("short with year", (f"{vin[: rng.randrange(17)]},{rng.randint(1980, 2028)}" for vin in rng.sample(base, 200)))

    seen = set()
    return [(k, line) for k, line in pairs if line not in seen and not seen.add(line)]


def split(line):
    vin, _, year = line.partition(",")
    return vin, int(year) if year else None


def answers(lines):
    """The oracle's answer to each line, in the shape of `chejia decode --vpic`."""
    vins, years = zip(*map(split, lines), strict=True)
    for answer in json.loads(ultravin.decode_batch_json(list(vins), years=list(years), now=NOW)):
        shape = {k: answer[k] for k in ("vin", "model_year", "error_codes", "attributes")}
        yield json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def write(path, lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def make(folder):
    pairs = corpus()
    every = list(zip(pairs, answers([line for _, line in pairs]), strict=True))
    small = [every[i] for i in sorted(random.Random(SEED).sample(range(len(every)), SMALL))]
    for suffix, chosen in (("", every), ("_small", small)):
        write(folder / f"corpus{suffix}.txt", (line for (_, line), _ in chosen))
        write(folder / f"kinds{suffix}.txt", (kind for (kind, _), _ in chosen))
        write(folder / f"expected{suffix}.jsonl", (answer for _, answer in chosen))
    print(f"{len(every)} lines of {len({k for k, _ in pairs})} kinds in {folder}")


def features(line):
    """What an answer exercises: who gave each element, each error code, each error with its text's shape."""
    vin, year = split(line)
    answer = ultravin.decode(vin, year=year, full=True, now=NOW)
    for element in answer["elements"]:
        if element["value"] not in (None, "", []):
            yield element["source"], element["element_id"], "#" in (element["keys"] or "")
    yield tuple(answer["error_codes"])
    yield "year", answer["model_year"]
    yield "length", len(vin)


def golden(folder, count):
    """Greedy cover of the features by the fewest lines, then an even filling up to `count`."""
    lines = (folder / "corpus.txt").read_text(encoding="utf-8").split("\n")[:-1]
    kinds = (folder / "kinds.txt").read_text(encoding="utf-8").split("\n")[:-1]
    seen, chosen, of_kind = Counter(), [], Counter()
    for i, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        new = [f for f in features(line) if seen[f] < 1]
        if new or of_kind[kind] < 12:
            chosen.append(i)
            of_kind[kind] += 1
            seen.update(new)
    rest = sorted(set(range(len(lines))) - set(chosen))
    step = max(1, len(rest) // max(1, count - len(chosen)))
    chosen = sorted(chosen + rest[::step][: max(0, count - len(chosen))])
    picked = [lines[i] for i in chosen]
    for line, answer in zip(picked, answers(picked), strict=True):
        sys.stdout.write(f"{line}\t{answer}\n")


def cars(path, count):
    """Passenger cars and MPVs as a service sees them: many makes, 1996 to 2026, clean VINs."""
    rng = random.Random(SEED + 7)
    vins = []
    for vehicle_type, share in ((2, 0.55), (7, 0.35), (3, 0.10)):
        vins += ultravin.generate(
            int(count * share), seed=SEED + 7, vehicle_type=vehicle_type, min_year=1996, max_year=2026,
            invalid_rate=0, now=NOW,
        )
    rng.shuffle(vins)
    write(path, vins)


COUNTRIES = {"1": "UNITED STATES", "4": "UNITED STATES", "5": "UNITED STATES", "7": "UNITED STATES"}
COUNTRIES |= {"2": "CANADA", "3": "MEXICO", "J": "JAPAN", "K": "SOUTH KOREA", "W": "GERMANY"}


HEAVY = re.compile(r"Class (2H|[3-8])")


def is_built_so(vin, vehicle_type):
    """Whether body and plant are of the WMI: patterns are also joined to a maker's other WMIs.

    A pick-up or van is a truck; the plant in position 11 lies in the country of the WMI; and what
    EPA rated weighs no more than 8,500 lb loaded, so that no class from 9,001 lb on is of it.
    """
    told = ultravin.decode(vin, now=NOW)["attributes"]
    body = told.get("Body Class") or ""
    plant = told.get("Plant Country") or ""
    weight = " ".join(str(told.get("Gross Vehicle Weight Rating " + end)) for end in ("From", "To"))
    if COUNTRIES.get(vin[0], "") not in plant.upper() or HEAVY.search(weight):
        return False
    pickup = "Pickup" in body or told.get("Cab Type", "Not Applicable") != "Not Applicable"
    return pickup or "Van" in body if vehicle_type == 3 else not pickup


def cars_of_makes(path, makes):
    """Passenger cars, MPVs and trucks of 2010 to 2026, so many of each make."""
    rng = random.Random(SEED + 8)
    vins = []
    for make, count in makes:
        for vehicle_type, share in ((2, 0.4), (7, 0.4), (3, 0.2)):
            made = ultravin.generate(
                round(count * share), seed=SEED + 8, make=make, vehicle_type=vehicle_type, min_year=2010,
                max_year=2026, invalid_rate=0, now=NOW,
            )
            vins += (vin for vin in made if is_built_so(vin, vehicle_type))
    rng.shuffle(vins)
    write(path, vins)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    match sys.argv[1:]:
        case ["make", folder]:
            make(Path(folder))
        case ["decode", file]:
            for text in answers(Path(file).read_text(encoding="utf-8").split("\n")[:-1]):
                sys.stdout.write(text + "\n")
        case ["golden", folder, count]:
            golden(Path(folder), int(count))
        case ["cars", file, count]:
            cars(Path(file), int(count))
        case ["makes", file, *makes]:
            pairs = [make.rsplit("=", 1) for make in makes]
            cars_of_makes(Path(file), [(make, int(count)) for make, count in pairs])
        case _:
            sys.exit(__doc__)
