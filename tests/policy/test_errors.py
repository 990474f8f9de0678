"""Every wrong scenario gets one line that says what, where and the nearest valid choice."""

# ruff: noqa: E501 (a table of texts reads better on long lines)

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docketflow.core.errors import DocketflowError, ScenarioError, UsageError
from docketflow.policy import load_scenario

HEAD = """\
name: trial
title: A trial
summary: For tests.
first: 2024-10-01
start: 2025-01-20
end: 2026-01-19
target: {removals: 1000000, series: removals.ice, assumed: true, note: test}
settings:
"""
ROW = "  - {lever: LEVER, from: 2025-02-01, lag: 0, assumed: true, note: test, REST}\n"


def row(lever="custody.beds", rest="value: 50000"):
    return ROW.replace("LEVER", lever).replace("REST", rest)


GOOD = HEAD + row()

WRONG = {
    "unknown lever": (HEAD + row("custody.bed"), r"unknown lever.*line 9; did you mean 'custody\.beds'"),
    "unknown operation": (
        HEAD + row(rest="operation: scales, value: 2"),
        r"line 9 \(custody\.beds\).*unknown operation 'scales'; did you mean 'scale'",
    ),
    "operation that does not fit": (
        HEAD + row("removal.third_country", "operation: scale, value: 2"),
        "cannot scale this lever; it allows set, open, close",
    ),
    "two overlapping sets": (
        HEAD + row() + row(),
        r"line 9 \(custody\.beds\) and trial\.yaml, line 10: two sets of one lever overlap",
    ),
    "two overlapping ramps": (
        HEAD + row(rest="operation: ramp, to: 2025-05-01, value: 1")
        + row(rest="operation: ramp, to: 2025-03-01, value: 2"),
        "line 9.*line 10: two ramps of one lever overlap",
    ),
    "set hidden by a ramp": (
        HEAD
        + row(rest="operation: ramp, to: 2025-05-01, value: 1")
        + row(rest="value: 2").replace("2025-02-01", "2025-03-01"),
        "line 10.*line 9.*after a ramp of the same lever that hides it",
    ),
    "negative capacity": (HEAD + row(rest="value: -5"), "line 9.*negative capacity -5 beds"),
    "out of bounds": (HEAD + row("custody.released", "value: 55"), "55 share is out of bounds; allowed: 0 to 1"),
    "capacity without lag": (HEAD + row().replace("lag: 0, ", ""), "line 9.*capacity needs a lag"),
    "unit that does not fit": (
        HEAD + row(rest="value: 5, unit: judges"),
        "line 9.*unit 'judges' does not fit 'beds'",
    ),
    "unknown unit": (HEAD + row(rest="value: 5, unit: bedds"), "unknown unit 'bedds'; did you mean 'beds'"),
    "not a number": (HEAD + row(rest="value: many"), "needs a number in beds, got 'many'"),
    "no value": (HEAD + row(rest="locator: p"), "needs a number in beds, got no value"),
    "nan": (HEAD + row(rest="value: .nan"), "line 9.*not a finite number"),
    "infinity": (HEAD + row(rest="value: .inf"), "line 9.*not a finite number"),
    "huge integer": (HEAD + row(rest="value: 1" + "0" * 400), "finite number"),
    "before the horizon": (HEAD + row().replace("2025-02-01", "2024-02-01"), "from 2024-02-01 is outside the horizon"),
    "after the horizon": (HEAD + row().replace("2025-02-01", "2027-02-01"), "from 2027-02-01 is outside the horizon"),
    "ends after the horizon": (HEAD + row(rest="value: 5, to: 2027-01-01"), "to 2027-01-01 is outside the horizon"),
    "lag beyond the horizon": (HEAD + row().replace("lag: 0", "lag: 900"), "with its lag of 900 days it first acts on 2027-07-21"),
    "ends before it starts": (HEAD + row(rest="value: 5, to: 2025-01-25"), "ends on 2025-01-25, before it starts"),
    "lag longer than its time": (
        HEAD + row(rest="value: 5, to: 2025-02-10").replace("lag: 0", "lag: 30"),
        "lag of 30 days is longer than its time in force",
    ),
    "ramp without an end": (HEAD + row(rest="operation: ramp, value: 5"), "a ramp needs 'to'"),
    "no such day": (HEAD + row().replace("2025-02-01", "2025-02-30"), "not valid YAML|must be a date"),
    "date as text": (HEAD + row().replace("2025-02-01", "soon"), "from must be a date such as 2025-01-20, got 'soon'"),
    "negative lag": (HEAD + row().replace("lag: 0", "lag: -1"), "lag must be a whole number of days"),
    "negative factor": (HEAD + row(rest="operation: scale, value: -1"), "cannot scale by -1"),
    "open with a value": (HEAD + row("removal.third_country", "operation: open, value: 1"), "open takes no value"),
    "label of nothing": (
        HEAD + row("custody.released", "value: {icee: 0.1}"),
        "'icee' is not a label of agency or criminal; did you mean 'ice'",
    ),
    "labels on one number": (HEAD + row(rest="value: {ice: 1}"), "is one number, not a number by label"),
    "no source": (HEAD + row().replace("assumed: true, note: test, ", ""), "needs a source .* or assumed: true"),
    "source without locator": (
        HEAD + row(rest="value: 5, source: A").replace("assumed: true, ", ""),
        "needs a locator",
    ),
    "assumed without a note": (HEAD + row().replace("note: test, ", ""), "needs a note that says why"),
    "unknown field": (HEAD + row(rest="value: 5, form: 1"), "line 9: unknown field 'form'.*did you mean 'from'"),
    "unknown top field": (GOOD.replace("summary", "sumary"), "line 3: unknown field 'sumary'; did you mean 'summary'"),
    "dates in the wrong order": (GOOD.replace("2026-01-19", "2024-12-01"), "first, start, end"),
    "too long": (GOOD.replace("2026-01-19", "9999-12-31"), "longer than 7305 days"),
    "no start": (GOOD.replace("start: 2025-01-20\n", ""), "start must be a date.*got nothing"),
    "unknown series": (GOOD.replace("removals.ice", "removals.icy"), "unknown value 'removals.icy'; did you mean"),
    "target twice": (HEAD + "  - {lever: target.removals, value: 5, assumed: true, note: t}\n", "set twice"),
    "target with a date": (
        HEAD.replace("target:", "#") + row("target.removals", "value: 5"),
        "is set once, for a whole scenario, and has no dates or lag",
    ),
    "alias": (GOOD.replace("note: test", "note: &a test", 1) + row().replace("note: test", "note: *a"), "aliases"),
    "key given twice": (GOOD + "name: again\n", "line 10.*'name' is given twice"),
    "malformed": (HEAD + "  - {lever: [}\n", "trial.yaml: line 9"),
    "tab": ("name:\tx\n\t- y\n", "trial.yaml"),
    "empty": ("", "a scenario is a mapping"),
    "list": ("- 1\n", "a scenario is a mapping"),
    "settings that are no list": (HEAD.replace("settings:", "settings: 5"), "line 8: settings must be a list"),
    "setting that is no mapping": (HEAD + "  - 5\n", "line 9: a setting is a mapping"),
    "unknown parent": ("extends: baselin\n", "extends: unknown scenario 'baselin'|unknown scenario 'baselin'"),
    "left out of nothing": (GOOD + "leave_out: [custody.beds]\n", "unknown setting 'custody.beds' in trial"),
    "left out, no list": (GOOD + "leave_out: custody.beds\n", "leave_out must be a list of levers"),
    "parent that is itself": ("extends: ./trial.yaml\n", "leads back to itself"),
    "parent that is not there": ("extends: ./other.yaml\n", "there is no scenario file"),
    "wrong tag": (HEAD + row(rest="value: !!float ''"), "line 9: tags such as"),
    "terminal escape": (HEAD.replace("title: A trial", 'title: "\\e]0;owned"'), "line 2: .*no character of plain text"),
    "lag past the calendar": (
        HEAD.replace("2024-10-01", "9990-10-01").replace("2025-01-20", "9990-10-01").replace("2026-01-19", "9999-12-31")
        + row(rest="value: 5").replace("2025-02-01", "9999-06-01").replace("lag: 0", "lag: 36500"),
        "line 9.*its lag of 36500 days.*after the horizon",
    ),
    "python object": ("name: !!python/object/apply:os.system [ls]\n", "trial.yaml"),
    "too deep": ("name: " + "[" * 5000 + "]" * 5000 + "\n", "nest"),
}  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write(text, name="trial.yaml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def one_line(error):
    text = str(error)
    assert "\n" not in text and 0 < len(text) < 400, text
    return text


def test_that_the_good_scenario_of_these_tests_loads(written):
    scenario = load_scenario(written(GOOD))
    assert scenario.name == "trial" and len(scenario.settings) == 3
    assert scenario.target.removals == 1_000_000 and scenario.target.series == "removals.ice"


@pytest.mark.parametrize("case", WRONG)
def test_that_a_wrong_scenario_gets_one_clear_line(case, written):
    text, wanted = WRONG[case]
    with pytest.raises(ScenarioError, match=wanted) as caught:
        load_scenario(written(text))
    assert "trial.yaml" in one_line(caught.value)


def test_that_files_that_cannot_be_read_get_one_clear_line(written, tmp_path):
    for path, wanted in (
        (tmp_path / "none.yaml", "there is no scenario file"),
        (str(tmp_path), "is a folder"),
        (written(b"\xff\xfe\x00bad"), "UTF-8"),
        (written("#" * 2_000_000, "large.yaml"), "larger than"),
        ("a\x00b.yaml", "not a path|no scenario file"),
        ("x" * 5000 + ".yaml", "not a path"),
        ("basline", "unknown scenario"),
    ):
        with pytest.raises(ScenarioError, match=wanted) as caught:
            load_scenario(path)
        one_line(caught.value)


def test_that_more_than_twenty_scenarios_do_not_extend_one_another(written):
    written(GOOD, "s0.yaml")
    for n in range(1, 21):
        written(f"name: s{n}\nextends: ./s{n - 1}.yaml\n", f"s{n}.yaml")
    assert len(load_scenario(written("extends: ./s18.yaml\n")).layers) == 20
    with pytest.raises(ScenarioError, match="more than 20 scenarios that extend one another") as caught:
        load_scenario(written("extends: ./s20.yaml\n"))
    one_line(caught.value)


def test_that_a_unit_which_fits_is_converted(written):
    scenario = load_scenario(written(HEAD + row("court.minutes", "value: 4, unit: hours")))
    assert scenario.settings[-1].value == pytest.approx(240)


def test_that_a_child_inherits_dates_and_settings_and_adds_a_layer(written, values):
    written(GOOD, "parent.yaml")
    child = load_scenario(written("extends: ./parent.yaml\nsettings:\n" + row(rest="value: 60000")))
    assert child.name == "trial" and child.title == "A trial" and len(child.layers) == 2
    assert child.compose(values)["custody.beds"].at(child.end.toordinal()) == 60_000


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("custody.bed=5", "unknown lever 'custody.bed'.*did you mean 'custody.beds'"),
        ("custody.beds", "write it as PATH=VALUE@DATE"),
        ("custody.beds=", "write it as PATH=VALUE@DATE"),
        ("custody.beds=five", "needs a number in beds, got 'five'"),
        ("custody.beds=nan", "finite number"),
        ("custody.beds=--5", "needs a number in beds"),
        ("custody.beds=5@someday", "'someday' is not a date"),
        ("custody.beds=5@2031-01-01", "outside the horizon"),
        ("custody.released[icee]=0.1", "not a label"),
        ("target.series=removals.icy", "unknown value"),
        ("", "write it as PATH=VALUE@DATE"),
    ],
)
def test_that_a_wrong_set_on_the_command_line_gets_one_clear_line(text, wanted, written):
    with pytest.raises((ScenarioError, UsageError), match=wanted) as caught:
        load_scenario(written(GOOD)).with_sets([text])
    one_line(caught.value)


def test_that_two_overlapping_sets_on_the_command_line_name_both(written):
    with pytest.raises(ScenarioError, match=r"--set custody\.beds=1.*--set custody\.beds=2"):
        load_scenario(written(GOOD)).with_sets(["custody.beds=1", "custody.beds=2"])


def test_that_sets_on_the_command_line_reach_labels_switches_and_targets(written, values):
    scenario = load_scenario(written(GOOD)).with_sets(
        ["custody.released[ice]=0.1@2025-03-01", "removal.third_country=open", "target.removals=5e5"]
    )
    done = scenario.compose(values)
    assert done["custody.released"].at(scenario.end.toordinal()).data[0].tolist() == [0.1, 0.1, 0.1]
    assert done["removal.third_country"].at(scenario.start.toordinal()) == 1
    assert scenario.target.removals == 500_000


MUTANTS = st.lists(
    st.tuples(
        st.integers(0, len(GOOD)),
        st.integers(0, 12),
        st.text(alphabet="abcdef0123456789 \n\t:-{}[]*&!|>'\"#,.%@~\x00é", max_size=8)
        | st.sampled_from(
            ["null", "true", "!!set ", "<<: ", "1e999", "2025-13-40", "0o17", "? ", "---\n", "12:30:45"]
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(MUTANTS)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_a_mutated_scenario_loads_or_raises_a_scenario_error(written, changes):
    text = GOOD
    for place, drop, new in changes:
        text = text[:place] + new + text[place + drop :]
    try:
        load_scenario(written(text)).with_sets(["custody.beds=5"])
    except DocketflowError as error:
        assert isinstance(error, ScenarioError)
        one_line(error)
