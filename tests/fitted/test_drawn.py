"""Laws of runs that draw from a posterior."""

from __future__ import annotations

import dataclasses
import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

from docketflow import study
from docketflow.answers.sensitivity.answer import APART, Sensitivity
from docketflow.answers.why.since import _Drawn
from docketflow.calibrate.grounds import grounds
from docketflow.calibrate.method import declared
from docketflow.calibrate.record import THIS
from docketflow.calibrate.targets import LAST, series
from docketflow.cli.main import main
from docketflow.cli.record.posterior import drawn_room, told_of
from docketflow.conductor import lived_before, rooms
from docketflow.conductor.drawing import Drawn, draw
from docketflow.conductor.ensemble import gather, leaving_out, run
from docketflow.conductor.simulator import Simulator
from docketflow.core import files
from docketflow.core.quantity import Dated
from docketflow.evidence import Room, load
from docketflow.fitted import kept as keeping
from docketflow.fitted.drawn import Joint, drawn_from
from docketflow.fitted.grounds import is_of, parameters
from docketflow.fitted.kept import MANIFEST, TABLE
from docketflow.fitted.places import Space, fitted
from docketflow.policy import load_scenario

SPACE = Space(fitted(), tuple(range(2019, 2026)), (dt.date(2021, 2, 18),))
HELD = 12
SCENARIO = "baseline-january-2025"
COARSE = "1/10000"


def short():
    return load_scenario(SCENARIO).between(end=dt.date(2025, 3, 31))


@pytest.fixture(scope="module")
def members():
    return SPACE.prior(3, HELD)


@pytest.fixture(scope="module")
def kept(tmp_path_factory, members):
    """A posterior of this evidence, made up."""
    folder = tmp_path_factory.mktemp("posterior")
    lines = [",".join(SPACE.names), *(",".join(map(repr, row.tolist())) for row in members)]
    (folder / TABLE).write_text("\n".join(lines) + "\n")
    about = {
        "parameters": parameters(load(), LAST),
        "until": str(LAST),
        "sha256": {TABLE: files.checksum(folder / TABLE)},
    }
    files.write(folder / MANIFEST, files.sealed(about))
    return folder


@pytest.fixture
def believed(kept, monkeypatch):
    """The evidence with that posterior as the one that is shipped."""
    room = drawn_from(load(), kept)
    monkeypatch.setattr(keeping, "SHIPPED", kept)
    monkeypatch.setattr(rooms, "_is_fitted", lambda: True)
    monkeypatch.setattr(rooms, "_believed", lambda one: room if one.private is None else one)
    rooms._ranges.cache_clear()
    yield room
    rooms._ranges.cache_clear()


@pytest.fixture
def plain(monkeypatch):
    """The evidence where the posterior that is shipped is of another."""
    monkeypatch.setattr(rooms, "_is_fitted", lambda: False)
    monkeypatch.setattr(rooms, "_believed", lambda one: one)
    rooms._ranges.cache_clear()
    yield load()
    rooms._ranges.cache_clear()


def test_that_a_run_draws_what_was_fitted_from_the_posterior_and_the_rest_as_ever(kept, members):
    room, scenario = drawn_from(load(), kept), load_scenario("historical")
    usual = draw(scenario, 1, [0, 3], load())
    found = draw(scenario, 1, [0, 3], room)
    mine, own = Drawn(found, 1).parameters, SPACE.values(members[3], load().central())
    for path in load().parameters:
        value = own.get(path) or Drawn(usual, 1).parameters[path]
        assert mine[path].starts == value.starts
        for one, other in zip(mine[path].values, value.values, strict=True):
            assert np.allclose(getattr(one, "data", one), getattr(other, "data", other)), path


def test_that_a_result_keeps_what_was_fitted_as_it_is_on_the_first_day_of_the_answer(kept):
    room, scenario = drawn_from(load(), kept), load_scenario("historical")
    scenario = scenario.between(start=dt.date(2021, 6, 1), end=dt.date(2021, 6, 30))
    found = draw(scenario, 1, [0, 3], room)
    for place in range(2):
        own, design = Drawn(found, place).parameters, Drawn(found, place).design
        for path in room.jointly.paths:
            value = own[path].at(scenario.start.toordinal())
            cells = {path + where: at for where, at in Dated.always(value).cells()}
            mine = {name: at for name, at in design.items() if name.partition("[")[0] == path}
            assert mine and mine.items() <= cells.items()
    one = "release.recognizance_share"  # fitted of two labels of three
    labels = {name.partition("[")[2].partition(",")[0] for name in design if name.startswith(one)}
    assert labels == {"cbp", "ice"}
    plainly = Drawn(draw(scenario, 1, [0], load()), 0).design
    rest = [name for name in plainly if not name.startswith(room.jointly.paths)]
    assert rest == [name for name in design if not name.startswith(room.jointly.paths)]


def test_that_more_members_than_a_posterior_holds_come_of_its_shape(members):
    joint = Joint(SPACE, members, load().central())
    assert np.array_equal(joint.moves(1, HELD - 1), members[-1])
    more = np.array([joint.moves(1, HELD + k) for k in range(600)])
    assert np.array_equal(more[0], joint.moves(1, HELD)) and not np.array_equal(more[0], more[1])
    assert more.std(axis=0) == pytest.approx(members.std(axis=0, ddof=1), rel=0.15)
    assert np.allclose(more.mean(axis=0), members.mean(axis=0), atol=0.2 * members.std(axis=0).max())
    away = members - members.mean(axis=0)
    beyond = more[0] - members.mean(axis=0)  # nothing that no member differs in
    assert np.allclose(beyond, away.T @ np.linalg.lstsq(away.T, beyond, rcond=None)[0])


# --- who draws from it -----------------------------------------------------------------------------------
def test_that_whoever_names_no_room_draws_from_the_posterior(believed):
    assert Simulator(load_scenario(SCENARIO)).room is believed
    assert rooms.known_on(LAST) is believed
    assert rooms.known_on(LAST - dt.timedelta(1)).jointly is None  # it was shown what came later


def test_that_own_rows_and_evidence_without_a_source_draw_from_ranges(believed, monkeypatch):
    private = Room()
    private.private = object()
    monkeypatch.setattr("docketflow.conductor.model.evidence", lambda: private)
    assert rooms.believed() is rooms.ranges() is private and not rooms.is_fitted()
    monkeypatch.undo()
    _, left_out = leaving_out(load_scenario("historical"), "YB2021_T35")
    assert left_out.room.jointly is None


def test_that_a_run_of_ranges_is_told_from_the_usual_one_and_differs(believed):
    size = {"members": 2, "scale": COARSE}
    usual, ranges = (run(short(), ranges=it, **size) for it in (False, True))
    assert usual.manifest["settings"] == short().hash != ranges.manifest["settings"]
    assert usual.manifest["evidence"] != ranges.manifest["evidence"]
    assert not np.array_equal(usual["cost.total"].values, ranges["cost.total"].values)


def test_that_a_study_draws_as_a_run_does_and_goes_on_as_it_began(believed, tmp_path):
    size = {"members": 2, "scale": COARSE, "workers": 1}
    for ranges in (False, True):
        folder = tmp_path / str(ranges)
        found = study(short(), out=folder, ranges=ranges, **size)[SCENARIO]
        alone = run(short(), ranges=ranges, members=2, scale=COARSE)
        assert np.array_equal(found["removals.ice"].values, alone["removals.ice"].values)
        again = study(short(), out=folder, resume=True, workers=1)[SCENARIO]
        assert again.manifest["settings"] == alone.manifest["settings"]


def test_that_a_baseline_of_one_room_is_not_kept_for_another(believed, monkeypatch):
    there = {}
    monkeypatch.setattr(lived_before.cache, "read", lambda kind, key, _: there.get(key))
    monkeypatch.setattr(lived_before.cache, "write", lambda kind, key, _, data: there.update({key: data}))
    simulator = Simulator(short(), scale=COARSE)
    answers = [simulator.member(0)]
    lived_before.keep(simulator, gather(simulator, answers, simulator.made_of(1)))
    assert lived_before.kept(simulator, 1) is not None
    for room in (load(), rooms.ranges()):
        assert lived_before.kept(Simulator(short(), scale=COARSE, room=room), 1) is None


def test_that_two_results_of_one_posterior_differ_in_nothing_that_was_drawn(believed):
    simulator = Simulator(short(), scale=COARSE)
    result = gather(simulator, [simulator.member(0)], simulator.made_of(1))
    drawn = _Drawn(result)
    assert drawn.is_as(simulator) and not drawn.strange
    other = _Drawn(
        dataclasses.replace(result, arrays={**result.arrays, "design": result.arrays["design"] + 1})
    )
    assert not other.is_as(simulator) and other.strange & set(believed.jointly.paths)


# --- what it is of ---------------------------------------------------------------------------------------
def test_that_a_posterior_of_other_evidence_is_not_taken_up(kept, tmp_path):
    room = load()
    assert is_of(room, kept)
    later = SimpleNamespace(parameters=dict(room.parameters))
    path, one = next((p, one) for p, one in room.parameters.items() if one.shape and not one.by)
    later.parameters[path] = one.model_copy(update={"shape": None})
    assert not is_of(later, kept)
    assert parameters(room, LAST) != parameters(room, LAST, fitted()[:-1])
    (tmp_path / TABLE).write_bytes((kept / TABLE).read_bytes())
    said = {key: value for key, value in files.unsealed(kept / MANIFEST).items() if key != "parameters"}
    files.write(tmp_path / MANIFEST, files.sealed(said))
    assert not is_of(room, tmp_path)  # an earlier version's, which does not say


def test_that_what_it_is_of_is_looked_for_once(monkeypatch, kept):
    there, asked = {}, []
    monkeypatch.setattr(keeping, "SHIPPED", kept)
    monkeypatch.setattr(rooms.cache, "read_plain", lambda kind, key: there.get(key))
    monkeypatch.setattr(rooms.cache, "write_plain", lambda kind, key, data: there.update({key: data}))
    monkeypatch.setattr("docketflow.fitted.grounds.is_of", lambda _: asked.append(1) or True)
    for _ in range(2):
        assert rooms._is_fitted.__wrapped__()
    assert asked == [1]


def test_that_all_that_decides_a_fit_is_in_its_grounds(monkeypatch):
    room, scenario = load(), load_scenario("historical")
    found = [grounds(room, scenario)]
    found.append(grounds(room, load_scenario("fiscal-year-2024")))
    found.append(grounds(room, scenario, fitted()[:-1]))
    first, *rest = series(room)
    for error in ("reporting", "revised", "discrepancy"):
        surer = dataclasses.replace(first, **{error: getattr(first, error) / 2})
        with monkeypatch.context() as other:
            other.setattr("docketflow.calibrate.grounds.series", lambda _, one=surer: (one, *rest))
            found.append(grounds(room, scenario))
    steps = {**declared(), "steps": declared()["steps"] | {"value": 5}}
    monkeypatch.setattr("docketflow.calibrate.grounds.declared", lambda: steps)
    found.append(grounds(room, scenario))
    assert len(set(found)) == len(found) == 7


def test_that_the_posterior_that_is_shipped_is_of_this_evidence_and_of_this_method():
    assert is_of(load())
    assert files.unsealed(keeping.SHIPPED / MANIFEST)["grounds"] == grounds(
        load(), load_scenario("historical")
    )


# --- what is said of it ----------------------------------------------------------------------------------
def test_that_it_is_said_what_members_are_drawn_from_where_that_was_not_asked_for(believed, capsys):
    assert drawn_room(HELD, ranges=False) is believed and not capsys.readouterr().err
    assert drawn_room(HELD, ranges=True) is rooms.ranges() and not capsys.readouterr().err
    assert drawn_room(HELD + 5, ranges=False) is believed
    assert "the other 5 are drawn from its fitted shape" in capsys.readouterr().err
    assert drawn_room(HELD, ranges=False, without="YB2021_T35").jointly is None
    [line] = capsys.readouterr().err.splitlines()
    assert "--without YB2021_T35" in line and "not from the posterior" in line


def test_that_a_posterior_of_other_evidence_is_said(plain, capsys):
    assert drawn_room(HELD, ranges=False) is plain
    [line] = capsys.readouterr().err.splitlines()
    assert "other evidence" in line


@pytest.mark.parametrize("of_this", [True, False])
def test_that_a_report_and_the_command_agree_on_what_the_posterior_is_of(of_this, request):
    room = request.getfixturevalue("believed" if of_this else "plain")
    told = told_of(SimpleNamespace(name="x", target=None), room)
    assert of_this == (told["fit"]["of"] == THIS)
    assert of_this == told["drawn"].startswith("What was fitted is drawn from the posterior")


def test_that_what_asks_of_the_usual_members_is_refused_beside_ranges(capsys):
    assert main(["run", "historical", "--ranges", "--why", SCENARIO]) == 2
    assert "leave out either" in capsys.readouterr().err


def test_that_a_sensitivity_study_says_that_each_input_moves_apart():
    found = Sensitivity({}, [], [], {}, 0, {})
    assert found.to_json()["says"][0] == APART
