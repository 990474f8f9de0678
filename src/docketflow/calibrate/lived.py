"""An ensemble lived, member by member, each kept on disk: what was lived once is read, not lived again.

So a fit that was killed goes on where it was, and to the same bits: the smoother asks for the same members.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np

from docketflow.calibrate.method import method
from docketflow.conductor.simulator import Simulator
from docketflow.core import sealed
from docketflow.core.dates import month_label, months
from docketflow.core.quantity import Dated
from docketflow.evidence import Room
from docketflow.fitted.places import Space
from docketflow.policy import Scenario

Progress = Callable[[int, int], None]
LUCK_ALONE = int(method("luck_alone"))


class Lived:
    """Members of a scenario under moves of what is fitted.

    Parameters
    ----------
    scenario : Scenario
    space : what a member's vector means
    outcomes : those that are kept, by month
    scale, seed : as of a run
    folder : where lived members are kept
    room : the evidence; not as an earlier fit has it
    given : parameters given outright to every member (inputs, such as the border as it was forecast)
    """

    def __init__(
        self,
        scenario: Scenario,
        space: Space,
        outcomes: Sequence[str],
        *,
        scale: Fraction | str,
        seed: int,
        folder: Path,
        room: Room,
        given: Mapping[str, Dated] | None = None,
    ) -> None:
        self.scenario, self.space, self.outcomes = scenario, space, tuple(outcomes)
        self.simulator = Simulator(scenario, scale=scale, seed=seed, room=room)
        self.folder, self.given = folder, dict(given or {})
        self.known = self.simulator.room.central()
        self.months = tuple(month_label(first) for first, _ in months(scenario.start, scenario.end))
        made = self.simulator.made_of(1)
        fitted = [vars(one) for one in space.fitted]
        said = {name: [list(v.starts), [str(x) for x in v.values]] for name, v in self.given.items()}
        about = [
            made["hash"],
            str(self.simulator.room.otherwise),
            self.outcomes,
            fitted,
            space.years,
            [str(day) for day in space.turns],
            said,
        ]
        self.identity = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()

    def __call__(self, ensemble: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """Return the outcomes [member, outcome, month] of an ensemble [member, place]."""
        done: list[int] = []

        def one(number: int) -> np.ndarray:
            found = self.one(number, ensemble[number])
            done.append(number)
            if progress is not None:
                progress(len(done), len(ensemble))
            return found

        first = one(0)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return np.array([first, *pool.map(one, range(1, len(ensemble)))])

    def one(self, number: int, member: np.ndarray) -> np.ndarray:
        """Return the outcomes [outcome, month] of one member, which need be none of an ensemble."""
        return self._kept(f"{number}", member, lambda: self._member(number, member))

    def luck(self) -> np.ndarray:
        """Return the outcomes [run, outcome, month] of runs that differ by chance alone."""
        nothing = np.zeros(len(self.space.places))
        return np.array(
            [self._kept(f"luck {k}", nothing, lambda k=k: self._alone(k)) for k in range(LUCK_ALONE)]  # type: ignore[misc]
        )

    def _member(self, number: int, member: np.ndarray) -> np.ndarray:
        values = self.given | self.space.values(member, self.known)
        return self._read(self.simulator.member(number, values=values).outcomes)

    def _alone(self, luck: int) -> np.ndarray:
        return self._read(self.simulator.at(luck, self.given).outcomes)

    def _read(self, found: Mapping[str, tuple[np.ndarray, float]]) -> np.ndarray:
        return np.array([found[name][0] for name in self.outcomes], dtype=float)

    def _kept(self, what: str, member: np.ndarray, live: Callable[[], np.ndarray]) -> np.ndarray:
        shape = (len(self.outcomes), len(self.months))
        return once(self.folder, f"{self.identity} {what} ".encode() + member.tobytes(), shape, live)


def luck_of(runs: np.ndarray) -> np.ndarray:
    """Return the variance that luck alone leaves in the logarithm of a month, by outcome."""
    return np.asarray(_log(runs).var(axis=0, ddof=1).mean(axis=1))


def without_luck(lived: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return outcomes [member, outcome, month] drawn together by what the luck of a coarse scale spread them.

    At one record a person luck is hundreds of times less; no band should be as wide as its scale is coarse.
    """
    centre = np.log(np.maximum(lived.mean(axis=0), 1.0))
    away = _log(lived) - centre
    spread = away.var(axis=0, ddof=1)
    keep = np.sqrt(np.clip(1 - luck[:, None] / np.maximum(spread, 1e-12), 0.0, 1.0))
    return np.asarray(np.exp(centre + away * keep))


def _log(lived: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(lived, 1.0))


def once(folder: Path, key: bytes, shape: tuple[int, int], live: Callable[[], np.ndarray]) -> np.ndarray:
    """Return numbers kept under a key, or find them and keep them; a damaged file is none."""
    place = folder / f"{hashlib.sha256(key).hexdigest()[:32]}.bin"
    data = sealed.read(place)
    if data is not None:
        return np.frombuffer(data, dtype="<f8").reshape(shape)
    found = live().astype("<f8")
    sealed.keep(place, found.tobytes())
    return found


def by_month(
    lived: np.ndarray, outcomes: Sequence[str], months_of: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return one member's outcomes [outcome, month] by name and month."""
    return {
        name: dict(zip(months_of, line.tolist(), strict=True))
        for name, line in zip(outcomes, lived, strict=True)
    }
