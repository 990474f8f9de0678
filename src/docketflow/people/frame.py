"""Which combinations of traits can exist, with starting weights: the frame that is raked.

Structure by law and by definition stands here (parole is an entry, DACA needs long residence, families are not
detained, a child alone has no record); sizes do not: they come from the margins.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from docketflow.core.vocabulary import labels, vocabulary
from docketflow.people.facts import Facts

TRAITS = (
    "posture",
    "nationality",
    "area",
    "years",
    "entry",
    "criminal",
    "family",
    "status",
    "counsel",
    "agency",
    "order",
)
DOCKET = ("none", "on_docket")
POSTURES = ("never_encountered", "proceedings", "final_order", "detained")


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
        """Return the cells that hold anyone as a table of labels and counts."""
        some = count > 0
        columns = {
            trait: pd.Categorical.from_codes(
                self.codes[trait][some].astype(np.int64), pd.Index(labels(trait))
            )
            for trait in TRAITS
        }
        return pd.DataFrame({**columns, "count": count[some].astype(np.int64)})


def names(trait: str) -> tuple[str, ...]:
    """Return the labels of a trait; `docket` is this room's own and never leaves it."""
    return DOCKET if trait == "docket" else labels(trait)


def frame(facts: Facts) -> Frame:
    """Return every combination that can exist, over all nationality groups and areas."""
    profiles = [profile for posture in POSTURES for profile in _profiles(facts, posture)]
    nations = len(labels("nationality"))
    areas = np.arange(1, len(labels("area")))
    shape = (len(profiles), nations, len(areas))
    codes = {
        trait: np.broadcast_to(
            np.array([names(trait).index(profile[trait]) for profile in profiles], dtype=np.int8)[
                :, None, None
            ],
            shape,
        ).ravel()
        for trait in (*TRAITS, "docket")
        if trait not in ("nationality", "area")
    }
    codes["nationality"] = np.broadcast_to(np.arange(nations, dtype=np.int8)[None, :, None], shape).ravel()
    codes["area"] = np.broadcast_to(areas.astype(np.int8)[None, None, :], shape).ravel()
    seeds = np.array([profile["weight"] for profile in profiles])
    return Frame(codes, np.broadcast_to(seeds[:, None, None], shape).ravel().copy())


def _profiles(facts: Facts, posture: str) -> list[dict]:
    """Return the combinations of everything but nationality and area that one posture allows."""
    entry = facts.shares("population.weight.entry")[posture]
    years = facts.shares("population.years")
    found = []
    for status, docket, time, way, crime in product(
        labels("status"), DOCKET, labels("years"), labels("entry"), labels("criminal")
    ):
        if not _allowed(posture, status, docket, time, way, crime):
            continue
        agency = _agency(posture, docket, way, crime)
        weight = float(years[time] * max(entry[way], 0.01) * _crime_weight(facts, posture, crime))
        for family, counsel, who, order in product(
            _families(posture, docket, status, crime),
            ("no", "yes") if posture in ("proceedings", "detained") else ("no",),
            agency,
            _orders(posture),
        ):
            share = _family_weight(facts, posture, docket, family)
            if share == 0:
                continue
            found.append(
                {
                    **{trait: values[0] for trait, values in vocabulary().items()},
                    **{"posture": posture, "docket": docket, "status": status, "years": time, "entry": way},
                    **{
                        "criminal": crime,
                        "family": family,
                        "counsel": counsel,
                        "agency": who,
                        "order": order,
                    },
                    "weight": weight * share,
                }
            )
    return found


def _allowed(posture: str, status: str, docket: str, time: str, way: str, crime: str) -> bool:
    if (docket == "none") != (posture == "never_encountered") and docket == "none":
        return False
    if posture == "detained" and status != "none":
        return False
    if status != "none" and crime != "none":
        return False  # a record bars TPS, DACA and most parole; claims are few enough to leave out
    if status == "parole_cbp_one":
        return way == "paroled" and time == "under_2" and docket == "on_docket" and posture != "final_order"
    if status == "parole_other":
        return (
            way == "paroled"
            and time != "over_10"
            and _off_docket(posture, docket)
            and posture != "final_order"
        )
    if way == "paroled" and (posture == "final_order" or docket == "none"):
        return False
    if status == "daca":
        return time == "over_10" and _off_docket(posture, docket)
    if status == "asylum_affirmative":
        return posture == "never_encountered" and docket == "none"
    if status == "tps":
        return _off_docket(posture, docket)
    return True


def _off_docket(posture: str, docket: str) -> bool:
    """Return whether a status without a case lies off ICE's docket."""
    return posture != "never_encountered" or docket == "none"


def _agency(posture: str, docket: str, way: str, crime: str) -> tuple[str, ...]:
    """Return whose arrest stands behind the case: ICE's for records, CBP's at the border, none for referrals."""
    if docket == "none":
        return ("none",)
    if posture == "detained":
        return ("ice", "cbp")
    if posture == "never_encountered":
        return ("ice",) if way == "admitted" or crime == "convicted" else ("ice", "cbp")
    if crime != "none":
        return ("ice",)
    return ("none",) if way == "admitted" else ("cbp",)


def _families(posture: str, docket: str, status: str, crime: str) -> tuple[str, ...]:
    if posture == "detained" or docket == "none" or status == "daca":
        return ("single_adult",)
    return ("single_adult",) if crime != "none" else labels("family")


def _orders(posture: str) -> tuple[str, ...]:
    if posture == "final_order":
        return ("judge", "in_absentia")
    if posture == "detained":
        return ("none", "expedited", "reinstated", "administrative", "judge")
    return ("none",)


def _crime_weight(facts: Facts, posture: str, crime: str) -> float:
    if posture == "detained":
        return 1.0
    return float(facts.shares("population.weight.criminal")[posture, crime])


def _family_weight(facts: Facts, posture: str, docket: str, family: str) -> float:
    if posture == "detained" or docket == "none":
        return 1.0
    if posture == "proceedings":
        return float(facts.shares("population.proceedings_family")[family])
    return float(facts.shares("population.family_of")[posture, family])
