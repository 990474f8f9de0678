"""Laws of fits: on toys whose answer is known, and of what a fit may look at."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pytest

from docketflow.calibrate.fit import LAST, fit
from docketflow.calibrate.lived import luck_of, once, without_luck
from docketflow.calibrate.matching import match, refocused, sarle
from docketflow.calibrate.method import declared, method
from docketflow.calibrate.picture import HEIGHT, TOP, pictures
from docketflow.calibrate.targets import FITTED, HELD_OUT, IN_PART, data, series, vector
from docketflow.calibrate.targets import told as told_to_a_fit
from docketflow.cli.record.backtest import backtest
from docketflow.cli.record.calibrate import calibrate
from docketflow.core.errors import ResultError, UsageError
from docketflow.core.files import unsealed
from docketflow.core.quantity import Dated, Table
from docketflow.core.runs import of_run
from docketflow.evidence import load
from docketflow.fitted.kept import SHIPPED, members_of, values_of
from docketflow.fitted.places import SCALES, Fitted, Space, fitted, nearness
from docketflow.policy import load_scenario

YEARS = (2019, 2020, 2021)
TOY = Space((Fitted("pace", "a.b", "log", 0.5, 0.2, "year"), Fitted("share", "a.c", "odds", 0.5)), YEARS)


# --- what is fitted --------------------------------------------------------------------------------------
def test_that_a_member_without_moves_is_what_the_evidence_says():
    known = load().central()
    space = Space(fitted(), tuple(range(2019, 2026)))
    values = space.values(np.zeros(len(space.places)), known)
    for path, value in values.items():
        for day in (dt.date(2019, 5, 1), dt.date(2023, 10, 1), dt.date(2024, 12, 1)):
            here, there = (one.at(day.toordinal()) for one in (value, known[path]))
            assert np.allclose(getattr(here, "data", here), getattr(there, "data", there))


def test_that_practice_moves_in_its_own_fiscal_year_alone():
    known = {"a.b": Dated.always(2.0), "a.c": Dated.always(Table.of("x", {"one": 0.0, "two": 0.5}))}
    member = np.array([0.0, np.log(2), 0.0, np.log(3)])
    values = TOY.values(member, known)
    days = [dt.date(2019, 9, 30), dt.date(2019, 10, 1), dt.date(2020, 9, 30), dt.date(2020, 10, 1)]
    assert [values["a.b"].at(day.toordinal()) for day in days] == pytest.approx([2, 4, 4, 2])
    assert values["a.c"].values[0].data.tolist() == pytest.approx([0.0, 0.75])


def test_that_the_prior_is_a_walk_and_each_member_its_own():
    prior = TOY.prior(1, 256)
    assert np.array_equal(prior[:64], TOY.prior(1, 64))
    assert prior.std(axis=0) == pytest.approx(TOY.sd, rel=0.15)
    assert np.corrcoef(prior[:, 0], prior[:, 2])[0, 1] > 0.7


def test_that_a_walk_goes_out_both_ways_from_the_year_that_is_known_best():
    turn = dt.date(2020, 3, 18)
    one = Fitted("pace", "a.b", "log", 0.3, 0.4, "regime")
    space = Space((one,), YEARS, (turn,), known=2021)
    assert space.names == ["pace.2019", "pace.2020", "pace.2020-03-18", "pace.2021"]
    assert space.sd**2 == pytest.approx([0.09 + 3 * 0.16, 0.09 + 2 * 0.16, 0.09 + 0.16, 0.09])
    middle = Space((one,), YEARS, (turn,), known=2020)  # its last place of that year
    assert middle.sd**2 == pytest.approx([0.09 + 2 * 0.16, 0.09 + 0.16, 0.09, 0.09 + 0.16])
    assert np.corrcoef(middle.prior(1, 512)[:, [0, 3]].T)[0, 1] == pytest.approx(0.09 / 0.5, abs=0.15)


def test_that_a_regime_turns_on_its_day_and_a_place_may_be_of_one_label_alone():
    turn = dt.date(2020, 3, 18)
    one = Fitted("share", "a.b", "odds", 0.5, 0.2, "regime", {"x": "two"})
    space = Space((one,), YEARS, (turn,), known=2021)
    known = {"a.b": Dated.always(Table.of("x", {"one": 0.5, "two": 0.5}))}
    value = space.values(np.array([0.0, 0.0, np.log(3), 0.0]), known)["a.b"]
    days = (turn - dt.timedelta(1), turn, dt.date(2020, 9, 30), dt.date(2020, 10, 1))
    assert [value.at(day.toordinal()).data.tolist() for day in days] == [
        [0.5, 0.5],
        *[pytest.approx([0.5, 0.75])] * 2,
        [0.5, 0.5],
    ]


def test_that_members_side_by_side_are_what_each_is_alone():
    space, known = Space(fitted(), tuple(range(2019, 2026)), known=2024), load().central()
    members = space.prior(5, 3)
    together = space.values(members, known)
    for number, member in enumerate(members):
        for path, value in space.values(member, known).items():
            assert of_run(together[path], number).starts == value.starts
            for one, other in zip(of_run(together[path], number).values, value.values, strict=True):
                assert np.array_equal(getattr(one, "data", one), getattr(other, "data", other)), path


def test_that_data_move_only_places_near_them_in_time():
    near = nearness(TOY, [2019, 2019, 2020])
    assert near[0].tolist() == [1, 1, 1] and near[3].tolist() == [1, 1, 1]
    assert near[2].tolist() == near[1].tolist()  # after the data: as near as the last year that has any
    assert nearness(Space(TOY.fitted, tuple(range(2019, 2025))), [2019, 2024])[0].tolist() == [1, 0]


def test_that_what_is_fitted_is_declared_and_never_a_target_of_a_plan(tmp_path):
    known = load().parameters
    for one in fitted():
        assert one.path in known and one.scale in SCALES
    (wrong := tmp_path / "wrong.yaml").write_text("- {name: a, path: b.c, scale: lgo, sd: 1}\n")
    with pytest.raises(UsageError, match="did you mean 'log'"):
        fitted(wrong)


# --- targets ---------------------------------------------------------------------------------------------
def test_that_no_target_is_later_than_the_last_day():
    every = series(load())
    assert max(figure.period_end for one in every for figure in one.figures) <= LAST
    with pytest.raises(UsageError, match="no fit looks past"):
        fit(load_scenario("historical"), until=dt.date(2025, 1, 31), folder=None)


def test_that_quarters_add_up_to_what_was_published():
    [one] = [one for one in series(load()) if one.outcome == "book_ins.ice_arrest"]
    found = data([one], dt.date(2018, 10, 1))
    months = [figure for figure in one.figures if figure.period_start >= dt.date(2018, 10, 1)]
    assert sum(datum.value for datum in found) == pytest.approx(sum(figure.value for figure in months))
    logs, sd = vector(found)
    assert np.exp(logs[0]) == pytest.approx(found[0].value) and np.all(sd >= one.discrepancy)


# --- the method ------------------------------------------------------------------------------------------
def linear(ensemble):
    return ensemble @ np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]).T


def test_that_the_smoother_meets_the_answer_of_a_linear_toy():
    smoother = pytest.importorskip("docketflow.calibrate.smoother")
    pytest.importorskip("dageo")
    prior = np.stack([TOY.prior(seed, 400)[:, 0] * 2 for seed in (3, 4)], axis=1)
    true, sd = np.array([0.7, -0.4]), np.full(4, 0.1)
    wanted, near = linear(true[None])[0], np.ones((2, 4))
    one, _ = smoother.smooth(prior, linear, wanted, sd, near, steps=4, seed=7)
    design = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    precision = design.T @ design / 0.1**2 + np.eye(2)
    exact = np.linalg.solve(precision, design.T @ wanted / 0.1**2)
    assert one.mean(axis=0) == pytest.approx(exact, abs=0.03)
    assert one.std(axis=0) == pytest.approx(np.sqrt(np.diag(np.linalg.inv(precision))), rel=0.15)
    again, _ = smoother.smooth(prior, linear, wanted, sd, near, steps=4, seed=7)
    assert np.array_equal(one, again)
    apart, _ = smoother.smooth(prior, linear, wanted, sd, near * 0, steps=4, seed=7)
    assert np.array_equal(apart, prior)


def test_that_what_was_lived_is_read_to_the_bit_and_a_damaged_file_lived_again(tmp_path):
    lives = []

    def live():
        lives.append(1)
        return np.arange(6.0).reshape(2, 3) / 7

    first = once(tmp_path, b"key", (2, 3), live)
    assert np.array_equal(once(tmp_path, b"key", (2, 3), live), first) and len(lives) == 1
    [kept] = tmp_path.glob("*.bin")
    kept.write_bytes(kept.read_bytes()[:-3])
    assert np.array_equal(once(tmp_path, b"key", (2, 3), live), first) and len(lives) == 2
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert np.array_equal(once(tmp_path, b"key", (2, 3), live), first) and len(lives) == 3
    assert not np.shares_memory(once(tmp_path, b"other", (2, 3), live), first) and len(lives) == 4


def test_that_matching_rules_out_what_misses_and_sees_two_modes():
    line = np.linspace(-1, 1, 101)
    ensemble = np.stack([line, line**3], axis=1)
    said = np.abs(line)[:, None] * np.ones(4)
    found = match(ensemble, said, np.full(4, 0.8), np.full(4, 0.05), list("aabb"), ["x", "y"], np.zeros(2))
    assert set(found.modes) == {"x", "y"} and not found.ruled_out_all
    assert np.all(np.abs(np.abs(line[found.kept]) - 0.8) < 0.15)
    far = match(ensemble, said, np.full(4, 9.0), np.full(4, 0.05), list("aabb"), ["x", "y"], np.zeros(2))
    assert far.ruled_out_all and len(far.kept) == 25
    assert sarle(line) < sarle(np.sign(line[line != 0]))


def test_that_each_year_is_looked_for_by_its_own_data():
    ensemble = TOY.prior(2, 200)
    misses = np.abs(ensemble[:, [0, 1]] - np.array([0.6, -0.6])) / 0.1
    centre = refocused(ensemble, misses, [2019, 2020], [2019, 2020, 2021, None])
    assert 0.3 < centre[0] < 0.75 and -0.75 < centre[1] < -0.3
    blind = refocused(ensemble, np.ones((200, 2)), [2019, 2020], [2019, 2020, 2021, None])
    assert np.all(np.abs(blind) < 0.15)  # data that say nothing move nothing but by chance


def test_that_a_place_hears_only_what_it_goes_with():
    smoother = pytest.importorskip("docketflow.calibrate.smoother")
    moves = TOY.prior(5, 64)
    said = np.stack([3 * moves[:, 0], moves[::-1, 1], moves[:, 0] + moves[:, 2]], axis=1)
    heard = smoother.heard(moves, said)
    assert heard[0].tolist()[0] == 1 and heard[:, 1].sum() <= 1
    assert heard[3].tolist() == [0, 0, 0]


def test_that_the_luck_of_a_coarse_scale_is_taken_out_of_bands():
    wave = np.sin(np.arange(8 * 24.0) ** 1.7).reshape(8, 1, 24)
    runs = np.exp(7 + 0.2 * wave)
    members = np.exp(7 + 0.2 * np.sin(np.arange(64 * 24.0) ** 1.9).reshape(64, 1, 24))
    alone = without_luck(members, luck_of(runs))
    assert np.log(alone).std() < 0.6 * np.log(members).std()
    shifted = members * np.exp(np.linspace(-1, 1, 64))[:, None, None]
    assert np.log(without_luck(shifted, luck_of(runs))).std() > 0.9 * np.log(shifted).std()


def test_that_every_constant_of_the_method_has_its_reason():
    for name, one in declared().items():
        assert {"value", "because"} <= set(one) <= {"value", "because", "fits"}, name
        assert len(one["because"]) > 10, name
    assert set(method("bands_only")) < set(method("origins"))
    with pytest.raises(UsageError, match="did you mean 'weight'"):
        method("wieght")


@pytest.mark.parametrize("command", [calibrate, backtest], ids=["calibrate", "backtest"])
def test_that_help_says_the_sizes_that_are_declared(command):
    said_of = {one.name: re.findall(r"\[(.+)\]", one.help or "") for one in command.params}
    for size in ("members", "steps", "scale"):
        assert said_of[size] == [str(method(size))]


def test_that_what_a_fit_is_told_follows_from_the_declared_targets():
    room, year = load(), (dt.date(2019, 10, 1), dt.date(2020, 9, 30))
    for one in series(room):
        assert told_to_a_fit(room, one.outcome, *year) == FITTED
        assert told_to_a_fit(room, one.outcome, dt.date(2025, 1, 1), dt.date(2025, 9, 30)) == HELD_OUT
    assert told_to_a_fit(room, "removals.ice", *year) == FITTED  # the sum of two targets is no test
    assert told_to_a_fit(room, "appeals.pending", *year) == HELD_OUT
    for one in series(room):
        start, end = one.figures[-1].period_start, one.figures[-1].period_end
        beyond = end + dt.timedelta(40)
        stock = one.outcome == "courts.pending.all"  # on the last day, of which there is a figure or none
        assert told_to_a_fit(room, one.outcome, start, end) == FITTED
        assert told_to_a_fit(room, one.outcome, start, beyond) == (HELD_OUT if stock else IN_PART)
    months = dt.date(2024, 8, 1), dt.date(2024, 9, 30)
    assert told_to_a_fit(room, "book_ins", *months) == IN_PART


# --- what is kept ----------------------------------------------------------------------------------------
def test_that_the_shipped_posterior_is_whole_and_fits_what_is_fitted_now():
    known = load().central()
    found = values_of(SHIPPED, known)
    assert len(found) == method("members")
    for values in (found[0], found[-1]):
        assert set(values) == {one.path for one in fitted()}
    said = unsealed(SHIPPED / "manifest.json")
    assert said["summary"]["what"] == "in sample" and said["until"] == "2024-12-31"


def test_that_a_posterior_changed_afterwards_is_refused(tmp_path):
    for name in ("posterior.csv", "manifest.json"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    table = tmp_path / "posterior.csv"
    table.write_text(table.read_text().replace("0.", "1.", 1))
    with pytest.raises(ResultError, match="sha256 differs"):
        members_of(tmp_path)


def test_that_a_picture_holds_every_month_and_stays_in_its_frame():
    rows = [
        {
            "series": "x",
            "month": f"2020-{m:02}",
            "published": 5.0 * m,
            "low": 4.0,
            "median": 30.0,
            "high": 59.0,
        }
        for m in range(1, 13)
    ]
    [drawn] = pictures(rows).values()
    assert drawn.count("<circle") == 12
    heights = [float(at) for at in re.findall(r'cy="([\d.]+)"', drawn)]
    assert heights == sorted(heights, reverse=True) and TOP <= min(heights) <= max(heights) <= HEIGHT
