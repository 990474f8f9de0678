"""Which combinations of traits can exist, with starting weights: the frame that is raked.

Structure by law and by definition stands here (parole is an entry, DACA needs long residence, families are
not detained, a child alone has no record); sizes do not: they come from the margins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from docketflow.core.vocabulary import labels, vocabulary
from docketflow.people.facts import Facts

POSTURES = ("never_encountered", "awaiting_filing", "proceedings", "final_order", "detained")
TRAITS = (
    "posture",
    "agency",
    "criminal",
    "order",
    "status",
    "nationality",
    "years",
    "entry",
    "family",
    "counsel",
    "area",
)
LISTED = ("no", "yes")  # on ICE's docket
LEAST_WEIGHT = 0.01  # a combination that can exist is never quite without weight


@dataclass
class Frame:
    """Cells as one small-integer array a trait, and a weight each."""

    codes: dict[str, np.ndarray]
    weight: np.ndarray

    def __len__(self) -> int:
        return len(self.weight)

    def keep(self, chosen: np.ndarray) -> Frame:
        """Return the chosen cells."""
        return Frame({trait: code[chosen] for trait, code in self.codes.items()}, self.weight[chosen])

    def table(self, count: np.ndarray) -> pd.DataFrame:
        """Return the cells that hold anyone as labels and counts, sorted in the order of `TRAITS`."""
        some = np.flatnonzero(count > 0)
        some = some[np.lexsort([self.codes[trait][some] for trait in reversed(TRAITS)])]
        columns = {
            trait: pd.Categorical.from_codes(
                self.codes[trait][some].astype(np.int64), pd.Index(labels(trait))
            )
            for trait in TRAITS
        }
        return pd.DataFrame({**columns, "count": count[some].astype(np.int64)})


def names(trait: str) -> tuple[str, ...]:
    """Return the labels of a trait; `listed` (on ICE's docket) is this room's own and never leaves it."""
    return LISTED if trait == "listed" else labels(trait)


def frame(facts: Facts) -> Frame:
    """Return every combination that can exist, over all nationality groups and areas."""
    profiles = [profile for posture in POSTURES for profile in _profiles(facts, posture)]
    nations, areas = np.arange(len(labels("nationality"))), np.arange(1, len(labels("area")))
    shape = (len(profiles), len(nations), len(areas))
    codes = {
        trait: _spread(
            np.array([names(trait).index(made[trait]) for made, _ in profiles])[:, None, None], shape
        )
        for trait in (*TRAITS, "listed")
        if trait not in ("nationality", "area")
    }
    codes["nationality"] = _spread(nations[None, :, None], shape)
    codes["area"] = _spread(areas[None, None, :], shape)
    weight = np.array([weight for _, weight in profiles])[:, None, None]
    return Frame(codes, np.broadcast_to(weight, shape).ravel().copy())


def _spread(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(values.astype(np.int8), shape).ravel()


@dataclass(frozen=True)
class _Kind:
    """What decides which further traits a person can have."""

    posture: str
    listed: bool
    status: str
    years: str
    entry: str
    criminal: str


def _profiles(facts: Facts, posture: str) -> Iterator[tuple[dict[str, str], float]]:
    """Yield the combinations of all but nationality and area that one posture allows, with a weight."""
    years, entry = facts.shares("population.years"), facts.shares("population.weight.entry")
    first = {trait: values[0] for trait, values in vocabulary().items()}
    for listed, status, time, way, crime in product(
        (False, True), labels("status"), labels("years"), labels("entry"), labels("criminal")
    ):
        kind = _Kind(posture, listed, status, time, way, crime)
        if not _exists(kind):
            continue
        common = float(years[time] * max(entry[posture, way], LEAST_WEIGHT) * _crime_weight(facts, kind))
        for family, counsel, agency, order in product(
            _families(kind), _counsels(kind), _agencies(kind), _orders(kind)
        ):
            made = {
                **first,
                "posture": posture,
                "listed": LISTED[listed],
                "status": status,
                "years": time,
                "entry": way,
                "criminal": crime,
                "family": family,
                "counsel": counsel,
                "agency": agency,
                "order": order,
            }
            own = _family_weight(facts, kind, family) * _order_weight(facts, kind, agency, order)
            yield made, common * own


def _exists(kind: _Kind) -> bool:
    """Return whether the law and the definitions allow the combination."""
    at_large = kind.posture == "never_encountered"
    if not kind.listed and not at_large:
        return False  # everyone with a notice, a case or an order is on the docket
    if kind.status != "none":
        return _status_exists(kind)
    return not (kind.entry == "paroled" and (kind.posture == "final_order" or not kind.listed))


def _status_exists(kind: _Kind) -> bool:
    if kind.posture == "detained" or kind.criminal != "none":
        return False  # a record bars TPS, DACA and most parole; claims with one are left out
    if kind.posture == "never_encountered" and kind.listed:
        return False  # a status without a case is not on ICE's docket
    if kind.status.startswith("parole") and (kind.entry != "paroled" or kind.posture == "final_order"):
        return False
    if kind.status == "parole_cbp_one":
        return kind.years == "under_2" and kind.posture != "never_encountered"  # given a notice on entry
    if kind.status == "parole_other":
        return kind.years != "over_10"
    if kind.entry == "paroled":
        return False
    if kind.status == "daca":
        return kind.years == "over_10" and kind.posture != "awaiting_filing"
    return kind.status == "tps" or kind.posture == "never_encountered"


def _families(kind: _Kind) -> tuple[str, ...]:
    alone = kind.posture == "detained" or not kind.listed or kind.status == "daca" or kind.criminal != "none"
    return ("single_adult",) if alone else labels("family")


def _counsels(kind: _Kind) -> tuple[str, ...]:
    return labels("counsel") if kind.posture in ("proceedings", "detained") else ("no",)


def _agencies(kind: _Kind) -> tuple[str, ...]:
    """Return whose arrest stands behind: ICE's for a record, CBP's at the border, none for referrals."""
    if not kind.listed:
        return ("none",)
    if kind.posture == "detained":
        return ("ice", "cbp")
    if kind.posture == "never_encountered":
        return ("ice",) if kind.entry == "admitted" or kind.criminal == "convicted" else ("ice", "cbp")
    if kind.criminal != "none":
        return ("ice",)
    return ("none",) if kind.entry == "admitted" else ("cbp",)


def _orders(kind: _Kind) -> tuple[str, ...]:
    if kind.posture == "final_order":
        return ("judge", "in_absentia")
    if kind.posture == "detained":
        return ("none", "expedited", "reinstated", "administrative", "judge")
    return ("none",)


def _crime_weight(facts: Facts, kind: _Kind) -> float:
    if kind.posture == "detained":
        return 1.0
    return float(facts.shares("population.weight.criminal")[kind.posture, kind.criminal])


def _order_weight(facts: Facts, kind: _Kind, agency: str, order: str) -> float:
    if kind.posture != "detained":
        return 1.0
    return float(facts.shares("population.weight.detained_order")[agency, order])


def _family_weight(facts: Facts, kind: _Kind, family: str) -> float:
    if kind.posture == "detained" or not kind.listed:
        return 1.0
    if kind.posture == "proceedings":
        return float(facts.shares("population.proceedings_family")[family])
    return float(facts.shares("population.family_of")[kind.posture, family])
