"""Every counting rule filters the same departures; each resource acts where the law says it does."""

from fractions import Fraction

import pytest

from docketflow.conductor import model
from docketflow.core.errors import UsageError
from docketflow.evidence import load
from docketflow.lifecycle import forked

from .conftest import FIRST


def test_that_ice_removals_are_those_after_an_ice_and_those_after_a_cbp_arrest(plain):
    assert plain["removals.ice"] == plain["removals.ice_arrest"] + plain["removals.cbp_arrest"]


def test_that_ohss_removals_are_the_sum_of_their_kinds(plain):
    kinds = [plain[f"removals.ohss.{kind}"] for kind in ("expedited", "reinstated", "other")]
    assert plain["removals.ohss"] == sum(kinds)


def test_that_repatriations_are_removals_returns_and_crew(plain):
    parts = [plain[name] for name in ("removals.ohss", "returns.enforcement", "returns.administrative")]
    assert plain["repatriations.all"] == sum(parts)


def test_that_nationality_groups_add_up_to_ice_removals(plain):
    groups = [value for name, value in plain.items() if name.startswith("removals.by_nationality_group.")]
    assert plain["removals.ice"] == sum(groups)


def test_that_arrests_are_the_sum_of_three_ways_of_finding_people(plain):
    ways = [plain[f"arrests.{way}"] for way in ("custodial", "supervision", "at_large")]
    assert plain["arrests.ice"] == sum(ways)


def test_that_people_in_custody_are_those_after_an_ice_or_a_cbp_arrest(plain):
    assert plain["detained.average"] == pytest.approx(
        plain["detained.ice_arrest"] + plain["detained.cbp_arrest"]
    )


def test_that_removals_through_detention_are_the_book_outs_for_removal(plain):
    through = plain["removals.through_detention"] * plain["removals.ice"]
    assert through == pytest.approx(plain["book_outs.removal"])


def test_that_without_detainers_nobody_is_taken_from_a_jail(run):
    assert run(arrest__custodial__detainers_per_day=0)["arrests.custodial"] == 0


def test_that_without_officers_nobody_is_found_by_a_search(run):
    assert run(arrest__at_large__officers=0)["arrests.at_large"] == 0


def test_that_officers_beyond_the_usual_number_find_fewer_each(run, plain):
    doubled = run(arrest__at_large__share_of_time=0.2)["arrests.at_large"]
    assert plain["arrests.at_large"] * 1.3 < doubled < plain["arrests.at_large"] * 1.9


def test_that_without_judges_no_case_is_decided(run):
    assert run(court__judges=0)["courts.total_completions"] == 0


def test_that_without_seats_nobody_is_removed_by_ice(run):
    none = {f"removal__seats__{mode}_per_day": 0 for mode in ("charter", "commercial", "land")}
    assert run(**none)["removals.ice"] == 0


def test_that_detention_never_passes_beds_and_declared_overflow(run):
    small = run(
        detention__beds__contract=20_000, detention__beds__usable_share=1, detention__beds__overflow=1_000
    )
    assert small["detained.point"] <= 37_000  # nobody who was held on the first day is put out
    assert small["book_ins.cbp_arrest"] < run()["book_ins.cbp_arrest"]


def test_that_placing_people_keeps_every_one_of_them(cells):
    starts, _ = model.dealt(cells, load().central(), FIRST).records(Fraction(1, 500))
    assert len(starts) == cells["count"].sum() // 500
    order = model.program().order["start"]
    assert {order[f"start.{name}"] for name in ("inactive", "merits", "master")} <= set(starts.tolist())


def test_that_an_unknown_posture_names_the_nearest_one(cells):
    with pytest.raises(UsageError, match="proceedings"):
        forked(cells.replace("proceedings", "proceeding"))
