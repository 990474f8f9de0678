"""How near the machine is to theory and to its peers: measured, as the tables of docs/exactness.md.

Uses the very code of the tests, with ``--more`` times as many runs.
Usage: python benchmarks/exactness.py [--more N] [--only TABLE] [--write]     (N times three minutes)
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

HOME = Path(__file__).parent.parent
PAGE = HOME / "docs" / "exactness.md"
sys.path.insert(0, str(HOME / "tests"))

from agreement import compare  # noqa: E402
from engine.oracles import systems, test_jackson, test_many_servers, test_no_line, test_one_server  # noqa: E402
from engine.oracles.findings import Finding  # noqa: E402

ORACLES = (test_many_servers, test_one_server, test_no_line, test_jackson)


def oracle_rows(findings: Iterable[Finding]) -> Iterable[str]:
    """Yield a row of Markdown for each number, and one for all."""
    yield "| system | number | exact in days | machine | off | error | off in errors | textbook | off |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    z = []
    for f in findings:
        book = ["", ""] if f.textbook is None else [f"{f.textbook:.4g}", f"{f.mean / f.textbook - 1:+.2%}"]
        z.append(f.z)
        yield (
            f"| {f.oracle} | {f.what} | {f.expected:.5g} | {f.mean:.5g} | {f.mean / f.expected - 1:+.2%} "
            f"| {f.error / f.expected:.2%} | {f.z:+.1f} | {book[0]} | {book[1]} |"
        )
    yield ""
    yield (
        f"{len(z)} numbers: furthest {np.abs(z).max():.1f} standard errors, root mean square "
        f"{np.sqrt(np.mean(np.square(z))):.2f} (1 if only chance is at work)."
    )


def limit_rows() -> Iterable[str]:
    """Yield a row of Markdown for how far each exact law in days is off the textbook, by length of day."""
    yield "| system | days a service: how far off the textbook |"
    yield "|---|---|"

    def row(name: str, offs: Iterable[tuple[float, float]]) -> str:
        return f"| {name} | " + ", ".join(f"{days:g}: {off:+.3%}" for days, off in offs) + " |"

    many = test_many_servers
    for servers, *_ in many.LINES:
        for rho in many.LOADS:
            offs = [(days, many.off_erlang(servers, rho, days)) for days in (25.0, 100.0, 400.0)]
            yield row(f"M/M/{servers} at load {rho}, present", offs)
    for servers, places in [*many.ROOMS, (12, 12)]:
        offs = [(days, many.off_birth_and_death(servers, places, 0.8, days)) for days in (50.0, 200.0, 800.0)]
        yield row(f"M/M/{servers}/{places} at load 0.8, refused", offs)
    one = test_one_server
    for kind, stay in one.STAYS.items():
        work = float(systems.days_of(stay).mean())
        offs = [(work * k, one.off_pollaczek_khinchine(kind, 0.95, k)) for k in (10, 100)]
        yield row(f"M/G/1, {kind} services, load 0.95, days waited", [(round(d), off) for d, off in offs])
    offs = [(4 * k, float(np.abs(one.off_cobham(k)).max())) for k in (10, 100)]
    yield row("three classes, one server, furthest class", offs)
    yield row("M(t)/M/infinity, at most", [(30 * k, test_no_line.off_waves(k)) for k in (1, 4, 16)])
    for i in range(3):
        offs = [
            (days, test_jackson.exact(days)[0][i] / test_jackson.exact(days)[1][i] - 1) for days in (3.0, 6.0)
        ]
        offs.append((float("inf"), 2 * offs[1][1] - offs[0][1]))
        yield row(f"Jackson, in line {i + 1} (inf: continued along the line)", offs)


def peer_rows(more: int) -> Iterable[str]:
    """Yield a row of Markdown for each mean compared with a peer, and the tests of laws."""
    yield "| network | number | docketflow | SimPy | off in errors | Ciw | off in errors |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    chances = {}
    for network in compare.NETWORKS:
        ours = compare.runs("docketflow", network, compare.OURS * more)
        found = {}
        for peer in compare.PEERS:
            theirs = compare.runs(peer, network, compare.THEIRS[network] * more)
            for apart in compare.means_apart(network, peer, ours, theirs):
                found.setdefault(apart.what, []).append(apart)
            for what, chance in compare.chance_of_laws(network, ours, theirs).items():
                chances[network, what, peer] = chance
        for what, (one, two) in found.items():
            if one.error:
                yield (
                    f"| {network} | {what} | {one.ours:.4f} | {one.theirs:.4f} | {one.z:+.1f} "
                    f"| {two.theirs:.4f} | {two.z:+.1f} |"
                )
    yield ""
    yield "| law of | peer | chance | after Holm |"
    yield "|---|---|--:|--:|"
    corrected = compare.holm(list(chances.values()))
    for ((network, what, peer), chance), raised in zip(chances.items(), corrected, strict=True):
        yield f"| {network}: {what} | {peer} | {chance:.3f} | {raised:.3f} |"


def main() -> None:
    """Measure, print and, if told to, write into the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--more", type=int, default=1)
    asked.add_argument("--write", action="store_true", help="put the tables into docs/exactness.md")
    asked.add_argument("--only", choices=("oracles", "limits", "peers"), help="one of the tables")
    given = asked.parse_args()
    tables = {
        "oracles": oracle_rows(f for module in ORACLES for f in module.findings(given.more)),
        "limits": limit_rows(),
        "peers": peer_rows(given.more),
    }
    for name, rows in tables.items():
        if given.only not in (None, name):
            continue
        kept = []
        for row in rows:
            print(row, flush=True)
            kept.append(row)
        if given.write:
            before, rest = PAGE.read_text(encoding="utf-8").split(f"<!-- {name} -->\n")
            after = rest.split(f"<!-- end of {name} -->")[1]
            text = [f"{before}<!-- {name} -->", *kept, f"<!-- end of {name} -->{after}"]
            PAGE.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
