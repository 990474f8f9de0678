"""Laws of the citations: nothing is cited that the room does not know, and the printed table is of today."""

from pathlib import Path

import pytest

import docketflow
from docketflow.core.errors import EvidenceError
from docketflow.evidence import Room, load, table_of_authorities, unknown_citations
from docketflow.evidence.law import citations, is_known

HOUSE = Path(docketflow.__file__).parent
TABLE = Path(__file__).parents[2] / "docs" / "authorities.md"


@pytest.mark.parametrize("room", ["lifecycle", "policy"])
def test_that_the_model_cites_no_law_that_the_room_does_not_know(room):
    assert unknown_citations(HOUSE / room) == []


def test_that_the_table_of_authorities_is_printed_from_the_file():
    assert TABLE.read_text(encoding="utf-8") == table_of_authorities(), (
        "stale: docketflow evidence law > docs/authorities.md"
    )


def test_that_every_citation_of_a_list_is_read_in_full():
    text = "(INA 240B(a)(2) and (b)(2), 8 CFR 1003.1, 1003.38;\n# Zadvydas v. Davis), 69 FR 48877: 100 miles"
    assert list(citations(text)) == [
        "INA 240B(a)(2)",
        "INA 240B(b)(2)",
        "8 CFR 1003.1",
        "8 CFR 1003.38",
        "69 FR 48877",
        "Zadvydas v. Davis",
    ]


@pytest.mark.parametrize(
    "citation", ["INA 236(a)(2)", "8 USC 1226(c)", "8 CFR 236.1(c)(8)", "Matter of M-S-"]
)
def test_that_a_paragraph_of_a_known_law_is_known(citation):
    assert is_known(citation, load().laws.values())


@pytest.mark.parametrize("citation", ["INA 2360", "8 CFR 1003.11", "8 CFR 236.10", "Marbury v. Madison"])
def test_that_a_law_which_only_begins_alike_is_not_known(citation):
    assert not is_known(citation, load().laws.values())


def test_that_an_unknown_citation_is_refused_with_its_place_and_the_nearest(tmp_path):
    (tmp_path / "gate.py").write_text('"""Bond (INA 236(x))."""\n', encoding="utf-8")
    (line,) = unknown_citations(tmp_path)
    assert "gate.py" in line
    assert "INA 236(x)" in line
    assert "did you mean 'INA 236(c)'" in line


def test_that_a_day_of_verification_names_where_the_text_was_read(copy):
    law = copy / "law.csv"
    lines = law.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("demore,"))
    lines[at] = lines[at].replace(",,,https", ",2026-11-26,,https")
    law.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"law\.csv line .*seen go together"):
        _ = Room(copy).laws
