"""What the declaration promises before anybody runs it."""

import datetime as dt

import numpy as np
import pytest

from docketflow.core.outcomes import outcome
from docketflow.core.quantity import Dated, Table, p, quantity
from docketflow.engine.declare.vocabulary import Effort
from docketflow.evidence import load
from docketflow.lifecycle import ACCOUNTS, EDGES, MEASURES, STOCKS, UNITS, national, paths_read
from docketflow.lifecycle.outcomes import prices
from docketflow.lifecycle.part import exclusive
from docketflow.policy import levers, load_scenario


def test_that_every_number_the_lifecycle_reads_stands_in_the_evidence_room():
    assert paths_read() - set(load().parameters) == set()


def test_that_every_measure_is_an_outcome_of_the_catalogue():
    assert [outcome(name).name for name in MEASURES]


def test_that_every_measure_reads_tallies_stages_and_spaces_that_exist():
    network = national()
    known = {
        "tally": {tally.name for tally in network.tallies},
        "stages": {node.name for node in network.nodes},
        "spaces": {space.name for space in network.spaces},
    }

    def check(measure):
        for field in ("tally", "stages", "spaces"):
            names = getattr(measure, field, ())
            for name in (names,) if isinstance(names, str) else names:
                assert name in known[field], name
        for part in ("of", "top", "bottom"):
            if hasattr(measure, part):
                check(getattr(measure, part))
        for item in (*getattr(measure, "parts", ()), *getattr(measure, "items", ())):
            for half in item:
                if hasattr(half, "__dataclass_fields__") and type(half).__module__.endswith("measure"):
                    check(half)

    for group in (MEASURES, ACCOUNTS, EDGES, STOCKS):
        for measure in group.values():
            check(measure)


def test_that_every_limited_resource_has_a_unit():
    limited = {s.name for s in national().spaces if s.capacity is not None} | {
        e.name for e in national().efforts
    }
    assert limited == set(UNITS)


@pytest.mark.parametrize("given", [(0.2, 0.3, 0.4), (0.7, 0.6, 0.5), (1.0, 0.5, 0.2), (0.0, 0.0, 0.0)])
def test_that_exclusive_shares_never_pass_one_and_keep_their_order(given):
    values = {f"a.b{k}": Dated.always(share) for k, share in enumerate(given)}
    cut = [q.evaluate(values.__getitem__).at(1) for q in exclusive(*(p(path) for path in values))]
    assert sum(cut) <= 1 + 1e-12
    assert cut[0] == given[0]
    assert all(0 <= c <= g for c, g in zip(cut, given, strict=True))


FISCAL_YEAR_2024 = dt.date(2023, 10, 1)


def test_that_behaviour_in_fiscal_year_2024_rests_on_figures_that_begin_before_it():
    room = load()
    late = []
    for path in paths_read() - prices():  # a price is no behaviour
        parameter = room.parameters[path]
        if "fiscal-year-2024" in parameter.input_for or not parameter.evidence:
            continue
        if path.endswith(".usual"):  # agreements in force already, from which a plan counts: no behaviour
            continue
        begins = [room.every[id].period_start for id in parameter.evidence]
        changes_later = any(start > FISCAL_YEAR_2024.toordinal() for start in parameter.value.starts)
        if min(begins) >= FISCAL_YEAR_2024 or (not changes_later and max(begins) >= FISCAL_YEAR_2024):
            late.append(path)
    assert late == []


def test_that_behaviour_changes_within_fiscal_year_2024_only_where_it_says_it_was_fitted_with_it_in_view():
    room = load()
    for path in paths_read():
        parameter = room.parameters[path]
        if "fiscal-year-2024" not in parameter.input_for and parameter.how != "fitted":
            changes = [start for start in parameter.value.starts if start > FISCAL_YEAR_2024.toordinal()]
            assert all(start >= dt.date(2024, 10, 1).toordinal() for start in changes), path


SHARES = [path for path, one in levers().items() if one.kind == "share"]
GRID = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)


def supplies():
    network = national()
    efforts = [(one.name, one.per_day if isinstance(one, Effort) else one.limit) for one in network.efforts]
    spaces = [(one.name, one.capacity) for one in network.spaces if one.capacity is not None]
    return {name: quantity(number) for name, number in (*efforts, *spaces)}


def test_that_no_share_makes_what_there_is_of_anything_rise_and_fall_again():
    """A lever at its bound does what it says: more of it on the way is not less of it there."""
    plan = load_scenario("one-million-first-year")
    values, day = plan.compose(load().central()), plan.end.toordinal()
    seen = set()
    for name, number in supplies().items():
        for path in set(SHARES) & number.paths():
            cell = values[path].at(day)
            line = []
            for share in GRID:
                one = Table(cell.axes, np.full_like(cell.data, share)) if isinstance(cell, Table) else share
                found = number.evaluate({**values, path: Dated.always(one)}.__getitem__).at(day)
                line.append(np.ravel(found.data if isinstance(found, Table) else found))
            steps = np.diff(line, axis=0)
            assert ((steps >= -1e-9).all(axis=0) | (steps <= 1e-9).all(axis=0)).all(), (path, name)
            seen.add(path)
    assert {"arrest.supervision.arrest_share", "arrest.interview.arrest_share"} <= seen
