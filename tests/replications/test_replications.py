"""Laws of replications: published results follow from the assumptions declared, and from nothing else."""

from __future__ import annotations

import json

import pytest

from docketflow.cli.main import main
from docketflow.core.errors import ScenarioError
from docketflow.evidence import load
from docketflow.replications import names, projections, replicate
from docketflow.replications.lived import verdict
from docketflow.replications.read import read


def test_that_three_hundred_more_judges_leave_what_was_published():
    lived = replicate("crs-2023-plus-300")
    [(published, here)] = lived.held
    assert abs(here - published.value) <= 60_000
    assert verdict(published, here) == "pass" and not published.solved


def test_that_the_docket_is_the_sum_of_what_comes_and_goes():
    lived = replicate("crs-2023-plus-100")
    a_year = lived.assumed["receipts"] - 749 * lived.assumed["completions_a_judge"]
    line = lived.years["pending"]
    assert line[2033] - line[2024] == pytest.approx(9 * a_year, rel=0.005)


def test_that_more_judges_never_leave_more_cases():
    ends = [replicate(f"crs-2023-plus-{hired}").years["pending"][2033] for hired in (0, 100, 300, 500, 700)]
    assert ends == sorted(ends, reverse=True) and ends[-1] == 0


def test_that_the_cost_of_a_million_a_year_is_met_in_all_its_parts():
    lived = replicate("aic-2024-million-a-year")
    said = {one.outcome: verdict(one, here) for one, here in lived.held}
    assert said.pop("cost.total") == "pass"
    assert set(said.values()) == {"solved"}
    total = lived.years["cost.total"][2028]
    assert total == pytest.approx(sum(lived.years[part][2028] for part in said))


def test_that_every_assumption_says_what_it_rests_on():
    room = load()
    for one in projections():
        for name, about in one.assumptions.items():
            assert about.rests_on or about.how == "assumed" or "(" in about.why, f"{one.name}: {name}"
            for id in about.rests_on:
                room.figure(id)
        solved = {name for result in one.published for name in result.solved}
        assert solved == {name for name, about in one.assumptions.items() if about.how == "solved"}


def test_that_receipts_are_the_mean_of_the_years_they_rest_on():
    room = load()
    [crs] = [one for one in projections() if one.name == "crs-2023"]
    receipts = crs.assumptions["receipts"]
    years = [room.figure(id).value for id in receipts.rests_on]
    assert receipts.value == pytest.approx(sum(years) / len(years), rel=0.001)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("hired: 300", "hierd: 300"), "did you mean 'hired'"),
        (("network: docket", "network: dockets"), "did you mean 'docket'"),
        (("run: crs-2023-plus-300", "run: crs-2023-plus-3"), "unknown run"),
        (("on: 2033-09-30", "on: 2034-09-30"), "outside the horizon"),
    ],
)
def test_that_a_wrong_projection_is_one_line(tmp_path, change, said):
    import docketflow.replications.read as reading

    text = (reading.Path(reading.__file__).parent / "declared" / "crs-2023.yaml").read_text()
    (path := tmp_path / "wrong.yaml").write_text(text.replace(*change))
    with pytest.raises(ScenarioError, match=said):
        read(path)


def test_that_the_command_prints_one_object_and_names_the_nearest(capsys):
    assert main(["replicate", "crs-2022-plus-0", "--json"]) == 0
    [found] = json.loads(capsys.readouterr().out)["replications"]
    assert found["published"] == [] and found["by_fiscal_year"]["pending"]["FY2032"] > 0
    assert main(["replicate", "crs-2023-plus-30"]) == 2
    assert "did you mean" in capsys.readouterr().err
    assert main(["run", "crs-2023-plus-300"]) == 2
    assert "docketflow replicate crs-2023-plus-300" in capsys.readouterr().err
    assert len(names()) == len(set(names()))
