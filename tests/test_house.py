"""The rules of the house: who imports whom, who speaks of immigration, where luck and figures come from."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import docketflow

HOUSE = Path(docketflow.__file__).parent

SURFACE = {"core", "evidence", "policy", "results"}
ARROWS: dict[str, set[str]] = {
    "core": set(),
    "engine": {"core"},
    "evidence": {"core"},
    "policy": {"core"},
    "results": {"core"},
    "lifecycle": {"core", "engine.declare"},
    "people": {"core", "evidence"},
    "report": SURFACE,
    "fitted": {"core", "evidence", "engine.draws"},
    "conductor": {*SURFACE, "engine", "fitted", "lifecycle", "people"},
    "workloads": {"core", "engine", "policy", "conductor"},
    "forecasts": {"core", "policy", "results", "conductor"},
    "replications": {"core", "engine"},
    "calibrate": {*SURFACE, "conductor", "fitted", "forecasts"},
    "studies": {"core", "policy", "results", "conductor"},
    "answers": {*SURFACE, "conductor", "studies", "engine.declare"},
    "app": {*SURFACE, "answers", "calibrate", "conductor", "report", "studies"},
    "cli": {
        *SURFACE,
        "answers",
        "app",
        "calibrate",
        "conductor",
        "fitted",
        "forecasts",
        "replications",
        "report",
        "workloads",
        "studies",
        "engine.inspect",
    },
    "__init__": {*SURFACE, "answers", "conductor", "studies"},
}
"""Who may import whom: a room, or one file of a room."""

SUBJECT_WORDS = (
    "immigration immigrant migrant noncitizen citizen citizenship alien deport deportation removal "
    "removals repatriation asylum refugee visa passport border arrest arrests officer officers agent jail "
    "prison detain detained detention detainee custody bed beds parole bond court courts judge judges "
    "hearing hearings docket nationality country countries consulate counsel attorney appeal flight "
    "flights deportable enforcement encounter expulsion ice cbp eoir uscis dhs ohss ero tps daca habeas "
)
"""Words of the subject, which the machine must not know (our own name is not one of them)."""

LUCK = ("random", "secrets", "uuid")
LUCKY_CALLS = {"numpy.random", "np.random", "os.urandom", "os.getrandom", "random.random"}

UNIT_CONVERSIONS = {7, 12, 24, 52, 60, 100, 365, 365.25, 1440}
"""Days a week, months a year, hours a day, weeks a year, minutes an hour or day, per cent, days a year."""
FREE = {0, 1, -1, 2}


LARGE = 2500
"""Lines above which a room has rooms of its own."""


def files(room: str = "") -> list[Path]:
    return sorted((HOUSE / room).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room_of(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[0]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name, below docketflow, of everything of ours that a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name.removeprefix("docketflow").lstrip(".")) for name in node.names
                        if name.name.split(".")[0] == "docketflow")  # fmt: skip
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write imports in full"
            if (node.module or "").split(".")[0] != "docketflow":
                continue
            base = (node.module or "").removeprefix("docketflow").lstrip(".")
            for name in node.names:
                full = f"{base}.{name.name}".lstrip(".")
                is_module = (HOUSE / full.replace(".", "/")).with_suffix(".py").exists()
                yield node.lineno, full if is_module or not base else base


def test_that_every_room_has_its_arrows_and_a_readme():
    rooms = {room_of(path) for path in files()}
    assert rooms == set(ARROWS) & rooms, f"rooms without arrows: {rooms - set(ARROWS)}"
    for room in rooms:
        if (HOUSE / room).is_dir():
            assert (HOUSE / room / "README.md").exists(), f"{room} has no README"


@pytest.mark.parametrize("room", ARROWS)
def test_that_a_room_imports_only_along_its_arrows(room):
    wrong = []
    for path in (p for p in files() if room_of(p) == room):
        for line, name in imported(path):
            target = name.split(".")[0] or "__init__"
            allowed = {room} | ARROWS[room]
            if target not in allowed and not any(name == a or name.startswith(f"{a}.") for a in allowed):
                wrong.append(f"{path.relative_to(HOUSE)}:{line} imports docketflow.{name}")
    assert not wrong, "\n".join(wrong)


def test_that_arrows_make_no_circle():
    def below(room: str, above: tuple[str, ...]) -> None:
        assert room not in above, f"circle: {' > '.join((*above, room))}"
        for target in ARROWS[room]:
            below(target.split(".")[0], (*above, room))

    for room in ARROWS:
        below(room, ())


ENGINE_ROOMS = ("declare", "compile", "run", "inspect")


def test_that_a_room_of_the_engine_imports_only_those_before_it():
    for k, room in enumerate(ENGINE_ROOMS):
        later = tuple(f"engine.{name}" for name in ENGINE_ROOMS[k + 1 :])
        for path in files(f"engine/{room}"):
            for line, name in imported(path):
                assert not name.startswith(later), f"{path.relative_to(HOUSE)}:{line} imports {name}"
                assert name != "engine", f"{path.relative_to(HOUSE)}:{line} goes in by the front door"


def test_that_no_files_make_a_circle():
    """Also not by an import inside a function, or one for the type checker alone."""
    names = {path: ".".join(path.relative_to(HOUSE).with_suffix("").parts) for path in files()}
    ahead = {name: {target for _, target in imported(path)} for path, name in names.items()}
    done: set[str] = set()

    def follow(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"circle: {' > '.join((*above[above.index(name) :], name))}"
        for target in sorted(ahead.get(name, set()) - done):
            follow(target, (*above, name))
        done.add(name)

    for name in sorted(ahead):
        follow(name, ())


def test_that_files_are_short_and_a_large_room_has_rooms_of_its_own():
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    assert not {path.name: many for path, many in lines.items() if many > 400}
    for room in {HOUSE, *(path.parent for path in lines)}:  # at any depth
        many = sum(count for path, count in lines.items() if path.is_relative_to(room))
        own = sum(count for path, count in lines.items() if path.parent == room)
        assert many <= LARGE or any(path.is_dir() for path in room.glob("[a-z]*")), f"{room.name}: {many}"
        assert own <= LARGE, f"{room.name}: {own} lines in no room of their own"


def test_that_the_engine_knows_no_word_of_its_subject():
    wanted = re.compile(r"\b(" + "|".join(SUBJECT_WORDS.split()) + r")\b", re.IGNORECASE)
    found = []
    for path in files("engine"):
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
            if token.type in (tokenize.NAME, tokenize.STRING, tokenize.COMMENT):
                words = re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", token.string.replace("docketflow", ""))
                for match in wanted.finditer(words):
                    found.append(f"{path.name}:{token.start[0]} says {match.group()!r}")
    assert not found, "\n".join(found)


def test_that_only_one_file_draws_luck():
    found = []
    for path in files():
        if path.relative_to(HOUSE).as_posix() == "engine/draws.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{name.name}" for name in node.names)]
            elif isinstance(node, ast.Attribute):
                names = [ast.unparse(node)]
            else:
                continue
            if any(name.split(".")[0] in LUCK or name in LUCKY_CALLS for name in names):
                found.append(f"{path.relative_to(HOUSE)}:{node.lineno} {names[0]}")
    assert not found, "\n".join(found)


def test_that_no_figure_stands_in_lifecycle_code():
    """Numbers of the world live in the evidence room; code holds 0, 1, -1, 2 and conversions of units."""
    found = []
    for path in files("lifecycle"):
        for node in ast.walk(tree(path)):
            number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
            if number and node.value not in FREE | UNIT_CONVERSIONS:
                found.append(f"{path.name}:{node.lineno} holds {node.value}")
    assert not found, "\n".join(found)


def test_that_the_public_door_is_what_it_says_in_order():
    assert sorted(docketflow.__all__) == list(docketflow.__all__)
    for name in docketflow.__all__:
        assert getattr(docketflow, name) is not None
    shown = {name for name in dir(docketflow) if not name.startswith("_")}
    rooms = {room_of(path) for path in files()} | {"annotations"}
    assert set(docketflow.__all__) <= shown | {"__version__"}
    assert shown - rooms <= set(docketflow.__all__), shown - rooms - set(docketflow.__all__)


def test_that_no_file_names_a_machine_or_an_assistant():
    hidden = re.compile(
        r"(?<![\w.-])/work/|\.\./shared|\b(claude|anthropic|chatgpt|openai|copilot)\b", re.IGNORECASE
    )
    texts = (".py", ".md", ".yaml", ".csv", ".html", ".css", ".js")
    every = [*HOUSE.rglob("*"), *Path(__file__).parent.rglob("*.py")]
    found = {
        path.name: match.group()
        for path in sorted(every)
        if path.suffix in texts and path != Path(__file__)
        if (match := hidden.search(path.read_text(encoding="utf-8")))
    }
    assert not found, found
