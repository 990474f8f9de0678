"""The answers of small national runs, to the last bit."""

from __future__ import annotations

import pytest

from . import kept

HOW = (
    "If that is meant: `cd tests; python -m golden --write`, look through the difference, commit the file, "
    "and say in one line of CHANGES.md what changed the answers and why."
)


@pytest.mark.parametrize("name", kept.SCENARIOS)
def test_that_a_small_national_run_answers_what_it_answered_before_to_the_last_bit(name: str) -> None:
    golden = {key: values for key, values in kept.read().items() if key[0] == name}
    changed = kept.differences(golden, kept.lived(name))
    shown = "\n".join(changed[:20])
    assert not changed, f"{len(changed)} numbers of {name} changed, such as\n{shown}\n{HOW}"


def test_that_the_golden_runs_are_big_enough_to_hold_most_of_what_is_counted() -> None:
    seen: dict[tuple[str, str], bool] = {}
    for (_, kind, name, _), (whole, months) in kept.read().items():
        counted = any(digit in whole + months for digit in "123456789")
        seen[kind, name] = counted or seen.get((kind, name), False)
    told = {key: counted for key, counted in seen.items() if not key[1].endswith(" refused")}
    silent = sorted(name for (_, name), counted in told.items() if not counted)
    # what only a setting opens (wartime, Guantanamo, arrests in court), and the rarest at this size
    assert len(silent) < 0.13 * len(told), silent
