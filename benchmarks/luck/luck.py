"""Put the hash behind the luck through TestU01, in every order in which the machine asks for it.

Usage: python benchmarks/luck/luck.py                          (a quarter of an hour; writes results.csv)
       python benchmarks/luck/luck.py STREAM VIEW BATTERY SALT   (one battery again, to the screen)
Needs gcc and TestU01 (Debian, section non-free: libtestu01-0-dev); the package itself needs neither.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from math import sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np

from docketflow.conductor import model
from docketflow.engine.draws import GOLDEN, decide, mix, name_key, person_key, seed_key

HERE = Path(__file__).parent
VIEWS = {"upper": "SmallCrush", "lower": "SmallCrush", "ten": "SmallCrush", "whole": "Rabbit"}
"""Which bits of each word (see luck.c), and the battery that sees them."""
SEEDS, SALT = 1 << 20, "1"
RESULTS = HERE / "results.csv"
RUNS_TOGETHER = "MultinomialBitsOver"
"""Counts equal windows of bits that overlap, as if Poisson. They come in runs of 1, 2, 3 ... with chances of
a half, a quarter ..., so that their variance is three times that; the p-value is read again accordingly."""
OUTSIDE = 0.002  # both tails together: what the battery itself calls suspect
NORMAL = NormalDist()


def names_drawn() -> list[str]:
    """Return every name of the national network that draws luck."""
    program = model.program()
    parts = (*program.nodes, *program.network.clocks, *program.network.draws)
    starts = [f"{start.name}/{what}" for start in program.network.starts for what in ("age", "rest")]
    return [*(part.name for part in parts), *starts]


def build(folder: Path) -> Path:
    """Compile the driver and write the keys it reads."""
    np.array([name_key(name) for name in names_drawn()], dtype="<u8").tofile(folder / "keys.bin")
    np.array([seed_key(n) for n in range(SEEDS)], dtype="<u8").tofile(folder / "seeds.bin")
    driver = folder / "luck"
    libraries = ["-ltestu01", "-ltestu01probdist", "-ltestu01mylib", "-lm"]
    subprocess.run(["gcc", "-O3", "-o", str(driver), str(HERE / "luck.c"), *libraries], check=True)
    return driver


def say(driver: Path, *words: str) -> list[str]:
    """Run the driver and return its lines."""
    done = subprocess.run([driver, *words], cwd=driver.parent, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def check_against_draws(driver: Path) -> None:
    """Raise unless the driver hashes as `docketflow.engine.draws` does."""
    names = names_drawn()
    count = np.arange(4096, dtype=np.uint64)
    seed, key = seed_key(3), names[3]
    with np.errstate(over="ignore"):
        visits = [person_key(seed, np.array([0], dtype=np.uint64), int(v)) for v in count]
        window = np.uint64(5 << 28) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(name_key(key))
        expected = {
            "by_person": decide(person_key(seed, count), key),
            "by_visit": decide(np.concatenate(visits), key),
            "by_seed": np.concatenate(
                [decide(person_key(seed_key(3 + int(n)), np.array([0], dtype=np.uint64)), key) for n in count]
            ),
            "pool_persons": mix(person_key(seed, count, 0xFFFF) + window),
            "control_none": np.uint64(seed) + (count << np.uint64(16)) * GOLDEN,
        }
    for stream, words in expected.items():
        if say(driver, stream, "words", "3") != [f"{int(word):016x}" for word in words]:
            raise SystemExit(f"{stream}: the driver and draws.py disagree")


def main() -> None:
    """Run one battery again, or every battery on every stream, keeping the p-values in results.csv."""
    with tempfile.TemporaryDirectory() as folder:
        driver = build(Path(folder))
        check_against_draws(driver)
        if sys.argv[1:]:
            print(*say(driver, *sys.argv[1:]), sep="\n")
            return
        with RESULTS.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(["stream", "view", "battery", "salt", "test", "p"])
            for view, battery in VIEWS.items():
                for stream in say(driver):
                    writer.writerows(csv.reader(say(driver, stream, view, battery, SALT)))
                    lines.flush()
    print(summary())


def summary() -> str:
    """Return how extreme the p-values are, by stream: the smallest of both tails, and Holm's first step."""
    chances: dict[str, list[float]] = {}
    with RESULTS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            one = float(row["p"])
            if row["test"] == RUNS_TOGETHER and 0 < one < 1:
                one = NORMAL.cdf(NORMAL.inv_cdf(one) / sqrt(3))
            chances.setdefault(row["stream"], []).append(2 * min(one, 1 - one))
    tested = [one for stream, some in chances.items() if not stream.startswith("control") for one in some]
    table = [
        f"{stream:18s} {len(some)} p-values, smallest {min(some):.2g}" for stream, some in chances.items()
    ]
    outside = sum(one < OUTSIDE for one in tested)
    expected = f"{outside} below {OUTSIDE} where {OUTSIDE * len(tested):.1f} are expected"
    holm = min(1.0, len(tested) * min(tested))
    return "\n".join([*table, f"{len(tested)} but the controls: {expected}; smallest after Holm {holm:.2g}"])


if __name__ == "__main__":
    main()
