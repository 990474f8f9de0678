"""Laws of the command line: one object, one line, no traceback, nothing half-written."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from docketflow.cli.main import main
from docketflow.policy import load_scenario
from docketflow.results import is_result, load
from results.made import made

QUICK = """\
name: quick
title: A quick one
summary: For tests.
first: 2024-10-01
start: 2025-01-20
end: 2025-03-31
target: {removals: 3000, series: removals.ice, assumed: true, note: test}
"""


@pytest.fixture
def type_(capsys, tmp_path, monkeypatch):
    """Type a command in an empty folder; return its exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def typed(*words):
        code = main(list(words))
        out, err = capsys.readouterr()
        return code, out, err

    return typed


@pytest.fixture
def simulated(monkeypatch):
    """Answer every run at once with synthetic numbers; return what was asked."""
    asked = []

    def simulate(scenario, *, progress=None, members=40, scale=Fraction(1, 100), seed=1, **more):
        days = {name: more.pop(name, None) for name in ("start", "end")}
        settings = scenario.between(**days).with_sets(more.pop("sets", ())).hash
        asked.append({"settings": settings, "members": members, "scale": scale, "seed": seed, **more})
        progress(members, members)
        return made(
            scenario.name,
            members,
            seed=seed,
            scale=str(scale),
            manifest={"settings": settings, "code": "0.1.0"},
        )

    def simulate_all(scenarios, *, meanwhile=None, **given):
        return [simulate(scenario, **given) for scenario in scenarios]

    monkeypatch.setattr("docketflow.conductor.simulator.MEMBERS", 40)
    monkeypatch.setattr("docketflow.conductor.ensemble.simulate", simulate)
    monkeypatch.setattr("docketflow.conductor.ensemble.simulate_all", simulate_all)
    monkeypatch.setattr("docketflow.report.render", lambda *_, **__: "<p>")
    return asked


@pytest.fixture
def quick(tmp_path):
    path = tmp_path / "quick.yaml"
    path.write_text(QUICK)
    return str(path)


def one_object(out):
    data = json.loads(out)
    assert isinstance(data, dict)
    return data


# --- answers ----------------------------------------------------------------------------------------
def test_that_run_prints_the_answer_and_keeps_it_with_its_report(type_, simulated, quick, tmp_path):
    code, out, err = type_("run", quick)
    assert code == 0 and "removals.ice" in out and "target" in out and err == ""
    assert is_result(tmp_path / "results" / "quick") and (tmp_path / "results/quick/report.html").exists()
    assert load(tmp_path / "results" / "quick").members == 40


def test_that_run_json_prints_one_object_with_the_promised_fields(type_, simulated, quick):
    code, out, _ = type_("run", quick, "--json", "--out", "r")
    data = one_object(out)
    assert code == 0
    assert {"scenario", "from", "to", "members", "scale", "seed", "manifest", "outcomes"} <= set(data)
    assert set(data["outcomes"]["removals.ice"]) == {
        *("unit", "definition", "days", "value", "low", "high", "by_month")
    }


def test_that_run_passes_on_what_was_typed_and_nothing_else(type_, simulated, quick):
    type_("run", quick)
    assert simulated[-1] == {
        "settings": load_scenario(quick).hash,
        "members": 40,
        "scale": Fraction(1, 100),
        "seed": 1,
    }
    type_("run", quick, "--members", "3", "--scale", "1/20", "--seed", "7", "--set", "target.removals=5",
          "--from", "2025-02-01")  # fmt: skip
    assert simulated[-1]["members"] == 3 and simulated[-1]["scale"] == Fraction(1, 20)
    later = load_scenario(quick).between(start=dt.date(2025, 2, 1)).with_sets(["target.removals=5"])
    assert simulated[-1]["settings"] == later.hash


def test_that_a_recount_is_asked_for_and_only_then(type_, simulated, quick):
    type_("run", quick)
    type_("run", quick, "--recount")
    assert "recount" not in simulated[0] and simulated[1]["recount"] is True


def test_that_histories_lie_beside_the_result_every_line_marked_and_without_place(
    type_, simulated, quick, tmp_path
):
    Path(quick).write_text(QUICK.replace("2025-01-20", "2024-10-05").replace("2025-03-31", "2024-10-31"))
    small = ("run", quick, "--scale", "1/10000", "--members", "2", "--trace", "3")
    code, out, _ = type_(*small, "--out", "r")
    text = (tmp_path / "r" / "trace.txt").read_text()
    assert code == 0 and text in out and "nobody" in text
    assert all(line.startswith("synthetic |") for line in text.splitlines())
    rows = (tmp_path / "r" / "trace.csv").read_text().splitlines()
    assert len(rows) > 3 and all(row.startswith("synthetic: nobody,") for row in rows[1:])
    code, out, _ = type_(*small, "--out", "r", "--trace-to", "mine.json", "--json")
    told = one_object(out)["trace"]
    assert code == 0 and told == one_object((tmp_path / "mine.json").read_text())
    assert told["left_out"] == ["area"] and {row["person"] for row in told["moves"]} == {1, 2, 3}
    assert not any(trait.startswith("area ") for row in told["moves"] for trait in row["traits"])


def test_that_compare_pairs_a_kept_result_with_a_run_on_its_members(type_, simulated, quick):
    type_("run", quick, "--members", "12", "--seed", "3", "--out", "kept")
    code, out, _ = type_("compare", "kept", quick, "--json")
    assert code == 0 and simulated[-1]["members"] == 12 and simulated[-1]["seed"] == 3
    rows = one_object(out)["outcomes"]
    assert {row["outcome"] for row in rows} >= {"removals.ice", "target.probability"}
    assert all(row["difference"] == 0 for row in rows)


def test_that_compare_with_evidence_gives_each_check_a_verdict(type_, simulated):
    code, out, _ = type_("compare", "fiscal-year-2024", "--with", "evidence", "--json")
    figures = one_object(out)["figures"]
    assert code == 0 and figures
    assert {row["verdict"] for row in figures} <= {"pass", "off", "input", "not modelled"}
    assert all(row["source"] and row["locator"] for row in figures)


@pytest.mark.parametrize(
    "words",
    [
        ("scenarios",),
        ("scenarios", "fiscal-year-2024"),
        ("levers",),
        ("levers", "target"),
        ("outcomes",),
        ("outcomes", "removals"),
        ("evidence", "population"),
        ("explain", "removals.ice"),
        ("explain", "target.removals"),
        ("explain", "population.unauthorized"),
        ("validate", "fiscal-year-2024"),
        ("tables", "fiscal-year-2024"),
        ("tables", "fiscal-year-2024", "booking"),
        ("tables", "fiscal-year-2024", "nothing_on_file", "--set", "court.judges=0@2024-06-01"),
    ],
)
def test_that_every_command_answers_people_and_programs(words, type_):
    code, out, err = type_(*words)
    assert code == 0 and out.strip() and err == ""
    code, out, err = type_(*words, "--json")
    assert code == 0 and one_object(out) and err == ""


def test_that_ranges_of_shipped_settings_are_shown_wherever_settings_are(type_):
    row = one_object(type_("levers", "borrowed", "--json")[1])["levers"][0]
    plan = [one for one in row["ranges"] if one["scenario"] == "one-million-first-year"]
    assert plan and all(one["operation"] == "add" for one in plan)
    rows = one_object(type_("scenarios", "one-million-first-year", "--json")[1])["settings"]
    mine = [one["range"] for one in rows if one["lever"] == row["path"]]
    assert mine == [one["range"] for one in plan]
    for words in (("scenarios", "one-million-first-year"), ("explain", row["path"])):
        low, high = mine[0]["low"], mine[0]["high"]
        assert f"{low:g} to {high:g} ({mine[0]['shape']})" in type_(*words)[1]


def test_that_a_bench_prints_one_line_of_json(type_):
    code, out, _ = type_("bench", "docket-ref", "--people", "10000", "--days", "5", "--json")
    assert code == 0 and out.count("\n") == 1
    assert {"people", "days", "events", "seconds", "events_per_second", "peak_rss_mb"} <= set(one_object(out))


def test_that_scenarios_outcomes_and_levers_are_listed_whole(type_):
    from docketflow.core.outcomes import outcomes
    from docketflow.policy import levers, list_scenarios

    assert len(one_object(type_("outcomes", "--json")[1])["outcomes"]) == len(outcomes())
    assert len(one_object(type_("levers", "--json")[1])["levers"]) == len(levers())
    assert len(one_object(type_("scenarios", "--json")[1])["scenarios"]) == len(list_scenarios())


# --- bad input --------------------------------------------------------------------------------------
WRONG = {
    "unknown command": (("runn",), "unknown command 'runn'; did you mean 'run'"),
    "unknown option": (
        ("run", "fiscal-year-2024", "--member", "5"),
        "unknown option '--member'.*'--members'",
    ),
    "no scenario": (("run",), "missing argument 'SCENARIO'"),
    "unknown scenario": (("run", "fiscal-year-2042"), "unknown scenario.*did you mean 'fiscal-year-2024'"),
    "no such file": (("run", "none.yaml"), "no scenario file"),
    "scale 0": (("run", "fiscal-year-2024", "--scale", "0"), "--scale.*is not a scale.*1/20"),
    "scale over nothing": (("run", "fiscal-year-2024", "--scale", "1/0"), "is not a scale"),
    "scale nan": (("run", "fiscal-year-2024", "--scale", "nan"), "is not a scale"),
    "scale negative": (("run", "fiscal-year-2024", "--scale", "-1/20"), "is not a scale|unknown option"),
    "scale above 1": (("run", "fiscal-year-2024", "--scale", "2"), "is not a scale"),
    "scale of nobody": (("run", "fiscal-year-2024", "--scale", "1/100000"), "too few records"),
    "other periods": (("compare", "fiscal-year-2024", "baseline-january-2025"), "different periods"),
    "no such result": (("compare", "results/none", "fiscal-year-2024"), "no such result folder"),
    "members 0": (("run", "fiscal-year-2024", "--members", "0"), "0 is not in the range"),
    "members negative": (("run", "fiscal-year-2024", "--members=-5"), "-5 is not in the range"),
    "members nan": (("run", "fiscal-year-2024", "--members", "nan"), "'nan' is not a valid integer"),
    "seed negative": (("run", "fiscal-year-2024", "--seed=-1"), "not in the range"),
    "bad date": (("run", "fiscal-year-2024", "--from", "2024-13-01"), "is not a date"),
    "seed of a bench": (("bench", "docket-ref", "--seed=-1"), "not in the range"),
    "more people than entries name": (
        ("bench", "docket-ref", "--people", "99999999999999"),
        "at most 4,294,967,296 people",
    ),
    "days of a bench": (("bench", "docket-ref", "--days", "20000"), "1 to 16384 days, got 20000"),
    "unknown lever": (
        ("run", "fiscal-year-2024", "--set", "target.removal=5"),
        "did you mean 'target.removals'",
    ),
    "lever nan": (("run", "fiscal-year-2024", "--set", "target.removals=nan"), "finite number"),
    "traced nobody": (("run", "fiscal-year-2024", "--trace", "0"), "0 is not in the range"),
    "histories of nobody": (("run", "fiscal-year-2024", "--trace-to", "t.csv"), "needs --trace N"),
    "histories nowhere": (
        ("run", "fiscal-year-2024", "--trace", "2", "--trace-to", "none/t.csv"),
        "in a folder that exists",
    ),
    **{
        f"histories as {name}": (
            ("run", "fiscal-year-2024", "--trace", "2", "--trace-to", name),
            f"--trace-to {name}: needs a file that ends in .txt, .csv or .json",
        )
        for name in ("x.pdf", "x", ".csv", "x.csv.gz", "x.CSV")
    },
    "histories over the result": (
        ("run", "fiscal-year-2024", "--trace", "2", "--trace-to", "results/fiscal-year-2024/answers.csv"),
        "is in a result folder",
    ),
    "histories in a name too long": (
        ("run", "fiscal-year-2024", "--trace", "2", "--trace-to", f"{'x' * 300}.csv"),
        "cannot be written",
    ),
    "histories where nobody may write": (
        ("run", "fiscal-year-2024", "--trace", "2", "--trace-to", "/proc/histories.csv"),
        "/proc/histories.csv: cannot be written",
    ),
    "traced too finely": (
        ("run", "fiscal-year-2024", "--trace", "2", "--scale", "1/2"),
        "nearest scale that can be traced is 1/[23][0-9]$",
    ),
    "malformed set": (("run", "fiscal-year-2024", "--set", "target.removals"), "PATH=VALUE@DATE"),
    "compare with nothing": (
        ("compare", "fiscal-year-2024"),
        "second scenario or result, or --with evidence",
    ),
    "compare too much": (("compare", "a", "b", "--with", "evidence"), "second scenario or result, or --with"),
    "unknown outcome": (("outcomes", "removls"), "unknown outcome"),
    "unknown lever list": (("levers", "zzz"), "unknown lever"),
    "unknown path": (("explain", "removals.icy"), "unknown path 'removals.icy'; did you mean 'removals.ice'"),
    "unknown evidence": (("evidence", "zzzz"), "unknown parameter or figure"),
    "unknown table": (
        ("tables", "fiscal-year-2024", "boking"),
        "unknown name 'boking'.*did you mean 'booking'",
    ),
    "tables of nothing": (("tables", "fiscal-year-2042"), "unknown scenario"),
    "validate nothing": (("validate", "none.yaml"), "no scenario file"),
    "a folder that is no result": (("compare", ".", "fiscal-year-2024"), "is not a result folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_that_bad_input_is_one_line_and_exit_code_2(case, type_, simulated, tmp_path):
    import re

    words, wanted = WRONG[case]
    code, out, err = type_(*words)
    assert (code, out) == (2, "")
    assert err.startswith("docketflow: ") and err.count("\n") == 1
    assert re.search(wanted, err), err
    assert list(tmp_path.iterdir()) == []


def test_that_a_place_that_holds_something_else_is_refused_before_anything_runs(
    type_, simulated, quick, tmp_path
):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    for place in ("mine", "mine/thesis.txt", "mine/thesis.txt/below", "/proc/nowhere", "", "."):
        code, out, err = type_("run", quick, "--out", place)
        assert code == 2 and out == "" and err.count("\n") == 1, place
    assert simulated == []


def test_that_histories_never_overwrite_a_result_nor_anything_before_the_run(
    type_, simulated, quick, tmp_path
):
    type_("run", quick, "--out", "kept")
    (tmp_path / "way").symlink_to("kept")
    (tmp_path / "mine.csv").write_text("mine")
    (tmp_path / "folder.csv").mkdir()
    asked = ("run", quick, "--scale", "1/2", "--trace", "2")  # too fine to be traced
    for place in ("kept/answers.csv", "way/new.csv", "kept/../kept/new.txt", "folder.csv"):
        for out in ("kept", "other"):
            code, said, err = type_(*asked, "--out", out, "--trace-to", place)
            assert (code, said) == (2, "") and err.startswith(f"docketflow: --trace-to {place}"), err
    assert "did not write" in type_(*asked, "--trace-to", "mine.csv")[2]
    assert "nearest scale" in type_(*asked, "--trace-to", "new.csv")[2]
    assert (tmp_path / "mine.csv").read_text() == "mine" and not (tmp_path / "new.csv").exists()
    assert len(simulated) == 1 and load(tmp_path / "kept").members == 40


def test_that_an_interrupted_run_ends_with_130_and_leaves_nothing(type_, quick, tmp_path, monkeypatch):
    def simulate_all(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("docketflow.conductor.ensemble.simulate_all", simulate_all)
    code, out, err = type_("run", quick)
    assert (code, out) == (130, "") and "interrupted" in err
    assert [entry.name for entry in tmp_path.iterdir()] == ["quick.yaml"]


def test_that_a_report_that_breaks_leaves_no_half_written_folder(
    type_, simulated, quick, tmp_path, monkeypatch
):
    def render(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("docketflow.report.render", render)
    code, _, err = type_("run", quick)
    assert code == 2 and "no space left" in err.lower() and err.count("\n") == 1
    assert not (tmp_path / "results" / "quick").exists()
    assert list((tmp_path / "results").iterdir()) == []


# --- the process itself -----------------------------------------------------------------------------
def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)


def test_that_help_and_import_load_nothing_heavy():
    heavy = "{'numba', 'pandas', 'xarray', 'plotly', 'pydantic'} & set(sys.modules)"
    for first in ("import docketflow", "from docketflow.cli.main import main; main(['--help'])"):
        done = python(f"import sys; {first}; assert not {heavy}, {heavy}")
        assert done.returncode == 0, done.stderr


def test_that_the_installed_command_gives_one_line_and_code_2():
    done = subprocess.run(
        [sys.executable, "-m", "docketflow.cli", "runn"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == "docketflow: unknown command 'runn'; did you mean 'run'?\n"


def test_that_a_pipe_closed_early_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m docketflow.cli outcomes | head -1",
        shell=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr and "outcome" in done.stdout


@pytest.mark.parametrize("first", ["9999-01-01", "0001-01-01", "1990-01-01", "2030-01-01"])
def test_that_validate_refuses_a_first_day_that_a_run_would_refuse(first, tmp_path, capsys):
    plan = tmp_path / "plan.yaml"
    plan.write_text(f"name: plan\nfirst: {first}\nstart: {first}\nend: {first}\n")
    assert main(["validate", str(plan)]) == 2
    assert f"plan.yaml: cannot begin on {first}" in capsys.readouterr().err


def test_that_closed_streams_end_no_command():
    closed = f"{sys.executable} -m docketflow.cli levers beds"
    for streams in (">&-", "2>&-", "<&- >&- 2>&-"):
        assert subprocess.run(["sh", "-c", f"{closed} {streams}"], stdout=subprocess.DEVNULL).returncode == 0
    said = subprocess.run(["sh", "-c", f"{closed} 2>&1 >/dev/full"], capture_output=True, text=True)
    assert said.returncode == 2 and said.stdout.count("\n") == 1 and "disk is full" in said.stdout


def test_that_no_line_of_an_error_commands_the_terminal(capsys):
    assert main(["validate", "a\x1b]0;owned\x07b.yaml"]) == 2
    assert capsys.readouterr().err.rstrip("\n").isprintable()


def test_that_a_verdict_is_had_by_what_was_run_and_not_by_a_name(type_, simulated, tmp_path):
    (tmp_path / "copy.yaml").write_text("name: another-name\nextends: fiscal-year-2024\n")
    (tmp_path / "fake.yaml").write_text("name: fiscal-year-2024\nextends: baseline-january-2025\n")
    lever = ("--set", "court.judges=600", "--out", "lever")
    quarter = ("--from", "2023-10-01", "--to", "2023-12-31", "--out", "quarter")
    for words in (("fiscal-year-2024", *quarter), ("fiscal-year-2024", *lever)):
        assert type_("run", *words)[0] == 0
    for name in ("fake.yaml", "quarter", "lever"):
        assert one_object(type_("compare", name, "--with", "evidence", "--json")[1])["figures"] == []
        code, out, _ = type_("compare", name, "--with", "evidence")
        assert code == 0 and "No published figure" in out and "pass" not in out
    one, other = (
        one_object(type_("compare", name, "--with", "evidence", "--json")[1])["figures"]
        for name in ("copy.yaml", "fiscal-year-2024")
    )
    assert one == other and len(one) == 10
    assert all(row["band"] in ("inside", "outside", "") for row in one)


@pytest.mark.parametrize(
    "path", ["resource:judges/supply", "resource:judges/used", "outcome:removals.ice/median"]
)
def test_that_a_number_is_explained_in_forty_lines_or_whole_when_asked(path, capsys):
    from docketflow.cli.main import main

    said = {}
    for more in ((), ("--all",)):
        assert main(["explain", path, *more]) == 0
        said[more] = capsys.readouterr().out.splitlines()
    assert len(said[()]) <= 40
    if "judges" in path:
        assert "court.judges = " in said[()][3] and "EOIR" in said[()][3]
        assert "court.minutes_per_judge_day = " in said[()][4]
    assert not any("--all" in line for line in said[("--all",)])
