"""Laws of names and places: whatever a file or a user names, nothing is touched but the result's own folder.

Two hundred hostile names and places, each in a box of its own: a neighbour's thesis, links, devices, and
letters that only look like letters.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from docketflow.cli.main import main
from docketflow.core import files
from docketflow.core.errors import ResultError
from docketflow.policy import load_scenario
from docketflow.results import is_result, load, save
from docketflow.results.folder import CHECKSUMS
from results.made import made

HEAD = {
    "title": "From the web",
    "summary": "s",
    "first": dt.date(2024, 10, 1),
    "start": dt.date(2025, 1, 20),
    "end": dt.date(2025, 3, 31),
}
WORK = "chapter one"
UP = (
    *("../thesis", "../../thesis", "a/../../thesis", "nosuch/../../thesis", "./../thesis"),
    "results/../../thesis",
)
SLASHES = ["/", "\\", "∕", "⁄", "／", "＼", "⧸", "╱"]  # fullwidth, division, fraction, big solidus
DOTS = [".", "..", "...", "․․", "．．", "‥", "。", ".hidden", "..thesis", "trailing.", "·"]
ALIKE = (  # Cyrillic, Greek, mathematical, fullwidth, dotless, ligature, script, superscript, decomposed
    "b\u0430seline",
    "\u0440lan",
    "\u03bflan",
    "\U0001d429lan",
    "\uff50lan",
    "pl\u0131n",
    "\ufb01scal",
    "\u0261oal",
    "plan\u00b2",
    "cafe\u0301",
    "p\u0335lan",
    "plan\u2010a",
    "plan\u2013a",
    "plan\u2212a",
    "plan\u00ada",
    "plan\u200ba",
    "plan\u202enalp",
    "plan\u2066a",
    "\ufeffplan",
    "\u0660\u0661",
    "\u00df",
)
CONTROLS = [
    f"plan{chr(c)}a" for c in (*range(0x20, 0x2D), 0x2F, *range(0x3A, 0x41), *range(0x5B, 0x5F), 0x60)
]
MATHS = [chr(0x1D400 + 52 * alphabet) + "lan" for alphabet in range(13)]  # 13 alphabets that look like ours
MORE = [f"plan{c}" for c in "{|}~\U0001f4a3\u0301\u200d"] + [f"{c}plan" for c in "-_.~$%&#@!*+="]
DEVICES = ["CON", "con", "Prn", "aux", "NUL", "nul.txt", "COM1", "com9.yaml", "LPT1", "lpt9"]
LONG = ["x" * length for length in (101, 255, 256, 5_000)] + ["../" * 50 + "thesis", "a/" * 2_000 + "b"]
WORDS = """-rf --out $(rm) `id` %2e%2e%2fthesis ~root C: file:thesis <script> a;b a&&b * ? x* [a] {a} ' con.
@a =a +a C:\\thesis \\\\host\\c \u212aelvin \u017f \u1e9e \u00f8 \u00e6 \u0142 \u03b1 \u0436 \u4e2d \u05d0
\u0e01 \u2160 \u24b6 \u1d00 p\x7fq p>q p<q a:b aux.yaml \ud7a3\u0308""".split()  # noqa: SIM905
NAMES = [
    *UP,
    *(f"..{slash}..{slash}thesis" for slash in SLASHES),
    *DOTS,
    *ALIKE,
    *CONTROLS,
    *MATHS,
    *(f"plan-{letter}" for letter in "øßłđħ"),
    *MORE,
    *DEVICES,
    *LONG,
    *WORDS,
    "BOX/thesis",
    "BOX/thesis/new",
    "/",
    "/dev/null",
    "/proc/self/cwd/../thesis",
]
PLACES = [
    *(up for up in UP if up != "../../thesis"),
    "nosuch/../../../BOX_NAME/thesis",
    "BOX/thesis",
    "BOX/thesis/chapters",
    "BOX/thesis/chapters/1.txt",
    "BOX/thesis/chapters/1.txt/below",
    "",
    ".",
    "..",
    "./.",
    "/",
    "//",
    "/dev",
    "/dev/null",
    "/dev/full",
    "/dev/stdout",
    "/dev/fd/1",
    "/proc/self/fd",
    "/proc/self/cwd",
    "/proc/self/cwd/../thesis",
    "/proc/nowhere",
    "/sys/nowhere",
    "pipe",
    "pipe/below",
    "to-thesis",
    "to-chapter",
    "to-thesis/.",
    "to-thesis/chapters",
    "to-thesis/../thesis",
    "to-link-to-thesis",
    "to-above",
    "to-here",
    "loop",
    "loop/below",
    "loop/../../thesis",
    "to-null",
    "x" * 256,
    "x" * 5_000,
    "a/" * 3_000 + "b",
]


@pytest.fixture
def box(tmp_path, monkeypatch):
    """Return a folder with a thesis, and work in its folder `work`, among links and a pipe."""
    work, thesis = tmp_path / "work", tmp_path / "thesis"
    (thesis / "chapters").mkdir(parents=True)
    (thesis / "chapters" / "1.txt").write_text(WORK)
    work.mkdir()
    os.mkfifo(work / "pipe")
    for link, target in {
        "to-thesis": "../thesis",
        "to-chapter": "../thesis/chapters/1.txt",
        "to-link-to-thesis": "to-thesis",
        "to-above": "..",
        "to-here": ".",
        "loop": "loop",
        "to-null": "/dev/null",
    }.items():
        (work / link).symlink_to(target)
    monkeypatch.chdir(work)

    def simulate(scenario, *, progress=None, members=4, scale=Fraction(1, 100), seed=1, **more):
        told = scenario.between(start=more.get("start"), end=more.get("end")).with_sets(more.get("sets", ()))
        settings = {"settings": told.hash}
        return made(scenario.name, members, seed=seed, scale=str(scale), manifest=settings)

    monkeypatch.setattr("docketflow.conductor.simulator.MEMBERS", 4)

    def simulate_all(scenarios, *, meanwhile=None, **given):
        return [simulate(scenario, **given) for scenario in scenarios]

    monkeypatch.setattr("docketflow.conductor.ensemble.simulate_all", simulate_all)
    monkeypatch.setattr("docketflow.report.render", lambda *_, **__: "<p>")
    return tmp_path


def seen(folder, but=()):
    """Return all that lies below a folder: kind, content, where links lead."""
    found = {}
    for above, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(above, name)
            link = os.readlink(path) if path.is_symlink() else ""
            content = path.read_bytes() if path.is_file() and not link else b""
            found[os.path.relpath(path, folder)] = (path.lstat().st_mode, link, content)
    return {path: what for path, what in found.items() if not path.startswith(tuple(but))}


def plan(place, name="plan", **more):
    path = place / "work" / "plan.yaml"
    path.write_text(yaml.safe_dump({"name": name, **HEAD, **more}, allow_unicode=True), encoding="utf-8")
    return str(path)


def refused(capsys, *words):
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (2, "", 1), (words, code, out[:99], err)
    assert err.startswith("docketflow: ")
    return err


@pytest.fixture
def meant(box):
    """Put the box's own path into a hostile text."""
    return lambda text: text.replace("BOX_NAME", box.name).replace("BOX", str(box))


def test_that_two_hundred_are_tried():
    assert len({*NAMES, *PLACES}) >= 200


def test_that_no_command_takes_a_name_that_is_a_path_or_looks_like_another(box, meant, capsys):
    (box / "work" / "plan.yaml").touch()
    before = seen(box, but=["work/plan.yaml"])
    for name in NAMES:
        file = plan(box, meant(name))
        for command in ("run", "validate", "study"):
            refused(capsys, command, file)
        assert seen(box, but=["work/plan.yaml"]) == before, name


def test_that_no_place_makes_a_run_or_a_study_touch_what_is_there(box, meant, capsys):
    file = plan(box)
    before, devices = seen(box), os.lstat("/dev/null").st_mode
    for place in PLACES:
        for command in ("run", "study"):
            refused(capsys, command, file, "--out", meant(place))
            assert seen(box) == before, (command, place)
    assert os.lstat("/dev/null").st_mode == devices


@pytest.mark.parametrize("name", ["plan", "Plan_2.b-c", "2025", "é", "año-ü", "x" * 100])
def test_that_a_plain_name_is_taken_accents_allowed(name, box):
    assert main(["run", plan(box, name)]) == 0
    assert is_result(box / "work" / "results" / name)


def test_that_a_refused_name_comes_with_one_that_would_do(box, capsys):
    assert "for instance 'Half-the-beds-2025'" in refused(capsys, "run", plan(box, "Half the beds (2025)"))


def test_that_a_place_which_is_no_path_is_one_line(box):
    for place in ("null\0byte", "\udcff\0", "\ud800"):
        with pytest.raises(ResultError, match="is no path"):
            save(made(), Path(place))


# --- what is there already --------------------------------------------------------------------------
def test_that_the_same_run_is_replaced_and_another_gets_a_folder_of_its_own(box, capsys):
    file, results = plan(box), box / "work" / "results"
    for words in (
        (),
        (),
        ("--seed", "2"),
        ("--seed", "2"),
        ("--set", "target.removals=5"),
        ("--members", "3"),
    ):
        assert main(["run", file, *words]) == 0
        said = capsys.readouterr().out
    assert len(list(results.iterdir())) == 4 and "results/plan-" in said
    kept = [load(folder) for folder in results.iterdir()]
    assert sorted((one.members, one.seed) for one in kept) == [(3, 1), (4, 1), (4, 1), (4, 2)]
    assert load(results / "plan").seed == 1


def test_that_another_run_is_never_written_over_where_out_says_so(box, capsys):
    file = plan(box)
    assert main(["run", file, "--out", "r"]) == 0
    before = seen(box)
    for words, why in {
        ("--seed", "2"): "4 members at 1/100, seed 1",
        ("--set", "target.removals=5"): "other settings",
        ("--to", "2025-02-28"): "other settings",
    }.items():
        capsys.readouterr()
        said = refused(capsys, "run", file, "--out", "r", *words)
        assert why in said and "--out" in said
    assert seen(box) == before


@pytest.mark.parametrize("what", ["notes.txt", "report.html", "deep", "link", ".DS_Store"])
def test_that_a_file_docketflow_did_not_write_is_never_deleted(what, box, capsys):
    file, kept = plan(box), box / "work" / "results" / "plan"
    assert main(["run", file]) == 0
    match what:
        case "deep":
            (kept / what).mkdir()
            (kept / what / "notes.txt").write_text("mine")
        case "link":
            (kept / what).symlink_to("../../../thesis")
        case _:
            (kept / what).write_text("mine, or ours with my remarks")
    before = seen(box)
    capsys.readouterr()
    assert f"holds '{what}" in refused(capsys, "run", file)
    assert seen(box) == before


def test_that_a_manifest_cannot_name_files_elsewhere_as_ours(box, capsys):
    file, kept = plan(box), box / "work" / "results" / "plan"
    assert main(["run", file]) == 0
    said = files.unsealed(kept / CHECKSUMS)
    for name in ("../../../thesis/chapters/1.txt", str(box / "thesis/chapters/1.txt"), "..", "."):
        said["files"][name] = files.checksum(box / "thesis/chapters/1.txt")
    (kept / CHECKSUMS).write_text(files.sealed(said))
    assert main(["run", file]) == 0
    assert (box / "thesis/chapters/1.txt").read_text() == WORK


# --- links ------------------------------------------------------------------------------------------
def test_that_a_link_stays_a_link_and_its_folder_is_what_is_replaced(box):
    (box / "real").mkdir()
    (box / "work" / "link").symlink_to("../real")
    file = plan(box)
    for _ in range(2):
        assert main(["run", file, "--out", "link"]) == 0
    assert (box / "work" / "link").is_symlink() and is_result(box / "real")
    assert sorted(entry.name for entry in box.iterdir()) == ["real", "thesis", "work"]


def test_that_a_written_file_follows_its_link_and_never_takes_the_place_of_a_device(box):
    (box / "real.html").write_text("old")
    (box / "work" / "page.html").symlink_to("../real.html")
    files.write(box / "work" / "page.html", "new")
    assert (box / "real.html").read_text() == "new" and (box / "work" / "page.html").is_symlink()
    for place in ("pipe", "to-null", "to-thesis", "/dev/null"):
        with pytest.raises(ResultError, match="is not a file"):
            files.write(place, "x")


# --- races ------------------------------------------------------------------------------------------
def swapped_with(box, monkeypatch, disturb, *, exchange=True):
    """Save twice at one place, and disturb it when the second folder is whole; return what is said."""
    place = save(made(), box / "work" / "r")
    if not exchange:
        monkeypatch.setattr(files, "_exchanged", lambda one, two: False)
    try:
        save(made(), place, also=lambda _: disturb(place))
    except ResultError as error:
        return str(error)
    return ""


def notes(place):
    (place / "notes.txt").write_text("mine")


def into_link(place):
    shutil.rmtree(place)
    place.symlink_to("../thesis")


def into_thesis(place):
    shutil.rmtree(place)
    shutil.copytree(place.parent.parent / "thesis", place)


def into_file(place):
    shutil.rmtree(place)
    place.write_text("mine")


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("disturb", [notes, into_link, into_thesis, into_file])
def test_that_what_came_to_the_place_meanwhile_is_kept_and_the_new_result_too(
    disturb, exchange, box, monkeypatch
):
    said = swapped_with(box, monkeypatch, disturb, exchange=exchange)
    work = box / "work"
    assert "what was made is kept as" in said and "r-2" in said and "\n" not in said
    assert load(work / "r-2").scenario == "trial"
    assert (box / "thesis" / "chapters" / "1.txt").read_text() == WORK
    assert not [name for name in os.listdir(work) if name.startswith(files.PREFIX)]
    left = seen(work / "r") if disturb in (notes, into_thesis) else (work / "r").lstat()
    assert left and (disturb is not notes or (work / "r" / "notes.txt").read_text() == "mine")


@pytest.mark.parametrize("exchange", [True, False])
def test_that_notes_which_come_in_the_very_moment_of_the_swap_are_kept(exchange, box, monkeypatch):
    swap = files._exchange

    def disturbed(aside, place):
        old = swap(aside, place)
        notes(old)  # through an open door: after the first look, before the second
        return old

    monkeypatch.setattr(files, "_exchange", disturbed)
    said = swapped_with(box, monkeypatch, lambda _: None, exchange=exchange)
    assert "notes.txt" in said
    assert (box / "work" / "r" / "notes.txt").read_text() == "mine"
    assert load(box / "work" / "r-2").scenario == "trial"


def test_that_no_moment_is_without_a_result(box, monkeypatch):
    """Stop at every call that changes a name: the place holds a whole result each time."""
    place, moments = save(made(), box / "r"), []
    for name in ("rename", "unlink", "rmdir", "replace"):
        real = getattr(files.Path, name)

        def watched(self, *rest, _real=real, **more):
            done = _real(self, *rest, **more)
            moments.append(is_result(place) and load(place).scenario)
            return done

        monkeypatch.setattr(files.Path, name, watched)
    one = save(made(), place)
    monkeypatch.undo()
    assert one == place and set(moments) == {"trial"} and len(moments) > 5


def test_that_a_scenario_built_in_code_has_a_name_as_well(box):
    import dataclasses

    from docketflow.core.errors import ScenarioError

    plain = load_scenario("baseline-january-2025")
    with pytest.raises(ScenarioError, match="becomes the name of a folder"):
        dataclasses.replace(plain, name="../../thesis")
