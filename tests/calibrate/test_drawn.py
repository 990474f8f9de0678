"""Laws of runs that draw from a posterior."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from docketflow.calibrate.drawn import Joint, drawn_from, is_of
from docketflow.calibrate.fitted import Space, fitted
from docketflow.calibrate.grounds import grounds
from docketflow.calibrate.method import declared
from docketflow.calibrate.posterior import MANIFEST, TABLE
from docketflow.calibrate.record import THIS
from docketflow.calibrate.targets import series
from docketflow.cli.main import main
from docketflow.cli.record.posterior import fitted_room, told_of
from docketflow.conductor.drawing import Drawn, draw
from docketflow.core import files
from docketflow.evidence import load
from docketflow.policy import load_scenario

SPACE = Space(fitted(), tuple(range(2019, 2026)))
HELD = 12


@pytest.fixture
def members():
    return SPACE.prior(3, HELD)


@pytest.fixture
def kept(tmp_path, members):
    """A posterior of this evidence, made up."""
    lines = [",".join(SPACE.names), *(",".join(map(repr, row.tolist())) for row in members)]
    (tmp_path / TABLE).write_text("\n".join(lines) + "\n")
    about = {
        "grounds": grounds(load(), load_scenario("historical")),
        "sha256": {TABLE: files.checksum(tmp_path / TABLE)},
    }
    files.write(tmp_path / MANIFEST, files.sealed(about))
    return tmp_path


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
    gone = set(Drawn(usual, 1).design) - set(Drawn(found, 1).design)
    assert gone and all(name.startswith(tuple(own)) for name in gone)


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


def test_that_a_posterior_of_other_evidence_is_said_and_not_taken_up(kept, capsys):
    assert is_of(load(), kept)
    assert fitted_room(HELD, kept).jointly is not None and not capsys.readouterr().err
    assert fitted_room(HELD + 5, kept).jointly is not None
    assert "the other 5 are drawn from its fitted shape" in capsys.readouterr().err
    other = {**files.unsealed(kept / MANIFEST), "grounds": "other"}
    files.write(kept / MANIFEST, files.sealed(other))
    assert fitted_room(HELD, kept) is None
    [line] = capsys.readouterr().err.splitlines()
    assert "other evidence" in line


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


def test_that_the_posterior_that_is_shipped_is_of_this_evidence():
    assert is_of(load())


@pytest.mark.parametrize("of_this", [True, False])
def test_that_a_report_and_the_command_agree_on_what_the_posterior_is_of(of_this, monkeypatch, capsys):
    monkeypatch.setattr("docketflow.calibrate.drawn.is_of", lambda *_: of_this)
    taken_up = fitted_room(2) is not None
    told = told_of(SimpleNamespace(name="x", target=None), None)
    assert taken_up == of_this == (told["fit"]["of"] == THIS)


def test_that_what_draws_from_the_evidence_alone_is_refused_beside_a_posterior(capsys):
    assert main(["run", "historical", "--posterior", "--without", "YB2021_T35"]) == 2
    assert "leave out either" in capsys.readouterr().err
