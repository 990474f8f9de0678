"""Citations of law: which are known (`law.csv`), which a text uses, and the printed table of authorities.

Knows how citations are written, not what any text of ours is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from docketflow.core.errors import unknown
from docketflow.evidence.room import Room, load
from docketflow.evidence.schema import Law

_REPORTER = r"INA|\d+ (?:USC|CFR|FR|I&N Dec\.|U\.S\.|F\.[34]t?h?d?)|Pub\. L\."
_ITEM = r"\d{2,}[A-Z]?[a-z]?(?:[.-]\d+)?(?:\([0-9A-Za-z]+\))*(?!\d| (?:USC|CFR|FR|I&N|U\.S\.))"
_PARTS = r"(?:\([0-9A-Za-z]+\))+"
_CITED = re.compile(rf"({_REPORTER}) ({_ITEM}(?:(?:, | and |, and )(?:{_ITEM}|{_PARTS}))*)")
_NAMED = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)? v\. [A-Z][\w'-]+|Matter of [A-Z][\w&. -]*[\w-]")
_KINDS = {
    "statute": "Statutes",
    "regulation": "Regulations",
    "notice": "Notices",
    "proclamation": "Proclamations and orders of the President",
    "executive order": "Proclamations and orders of the President",
    "decision": "Decisions",
}


def citations(text: str) -> Iterator[str]:
    """Yield every citation in a text, each in full: ``INA 240B(a) and (b)`` is two of INA 240B."""
    text = re.sub(r"\s*\n\s*#?\s*", " ", text)
    for found in _CITED.finditer(text):
        section = ""
        for item in re.split(r", and |, | and ", found[2]):
            if item.startswith("("):
                item = section + item
            section = re.match(r"[^(]+", item)[0]  # type: ignore[index]  # an item begins with its number
            yield f"{found[1]} {item}"
    for named in _NAMED.finditer(text):
        yield named[0]


def is_known(citation: str, laws: Iterable[Law]) -> bool:
    """Return whether a citation is that of a law, or of a paragraph of one."""
    if " v. " in citation or citation.startswith("Matter of "):
        return any(citation in law.title or law.title.split(":")[0] in citation for law in laws)
    return any(
        citation == name or (name and citation.startswith(f"{name}("))
        for law in laws
        for name in (law.cite, law.ina)
    )


def unknown_citations(folder: Path, room: Room | None = None) -> list[str]:
    """Return one line for each citation in the texts under a folder that `law.csv` does not know."""
    laws = (room or load()).laws
    names = [name for law in laws.values() for name in (law.ina, law.cite) if name]
    problems = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".yaml", ".md")):
        for citation in dict.fromkeys(citations(path.read_text(encoding="utf-8"))):
            if not is_known(citation, laws.values()):
                where = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                problems.append(unknown("citation", citation, names, where))
    return problems


def table_of_authorities(room: Room | None = None) -> str:
    """Return the table of authorities as a page."""
    laws = list((room or load()).laws.values())
    seen = sum(law.verified_on is not None for law in laws)
    lines = [
        "# Table of authorities",
        "",
        "Printed from `evidence/law.csv` by `docketflow evidence law`; not written by hand.",
        "",
        f"{len(laws)} authorities. Of {seen} the text was read on the day under *verified*, mostly in a"
        " stored copy (the link leads to it); the others are cited from knowledge and not yet read. Dates of"
        " force that no note explains are from knowledge too.",
    ]
    for heading in dict.fromkeys(_KINDS.values()):
        rows = [law for law in laws if _KINDS[law.kind] == heading]
        if not rows:
            continue
        lines += ["", f"## {heading}", "", "| cite | what | in force | verified |", "|---|---|---|---|"]
        for law in rows:
            cite = f"[{law.cite}]({law.address})" + (f", {law.ina}" if law.ina else "")
            what = law.title + (f" ({law.note})" if law.note else "")
            force = f"from {law.in_force_from}" if law.in_force_from else ""
            force += f" to {law.in_force_to}" if law.in_force_to else ""
            verified = f"[{law.verified_on}]({law.seen})" if law.verified_on else "no"
            lines.append(f"| {cite} | {what} | {force} | {verified} |")
    return "\n".join(lines) + "\n"
