"""The evidence by plain words: parameters, published figures, levers, sources. Data read; no markup."""

from __future__ import annotations

from typing import Any

from docketflow.app.pages.levers import find as find_levers
from docketflow.app.words import _
from docketflow.core.dates import period_label
from docketflow.evidence import load
from docketflow.evidence.explanation import brief


def find(words: str, *, offset: int = 0, limit: int = 40) -> dict[str, Any]:
    """Return what words find, a part of each list; everything for no word.

    Parameters
    ----------
    words : all must be in what is found
    offset, limit : which part of the figures
    """
    room = load()
    wanted = words.casefold().split()

    def fits(*texts: str | None) -> bool:
        whole = " ".join(text or "" for text in texts).casefold()
        return all(word in whole for word in wanted)

    figures = [
        row
        for row in room.rows.values()
        if fits(row.id, row.metric, row.definition, room.sources[row.source].title)
    ]
    parameters = [
        one for one in room.parameters.values() if fits(one.path.replace(".", " "), one.path, one.note)
    ]
    sources = [one for one in room.sources.values() if fits(one.title, one.publisher, one.id)]
    return {
        "figures": [_figure(row) for row in figures[offset : offset + limit]],
        "figures_all": len(figures),
        "parameters": [
            {"path": one.path, "value": brief(one.value), "unit": one.unit, "how": one.how, "note": one.about}
            for one in parameters[: limit if wanted else 12]
        ],
        "parameters_all": len(parameters),
        "levers": [
            {"path": path, "title": _(one.title), "description": one.description}
            for path, one in (find_levers(words) if wanted else {}).items()
        ],
        "sources": [
            {"title": one.title, "publisher": one.publisher, "published": one.published, "url": one.url}
            for one in sources[: limit if wanted else 12]
        ],
        "sources_all": len(sources),
    }


def _figure(row: Any) -> dict[str, Any]:
    source = load().sources[row.source]
    value = f"{row.value:,.10g}"
    return {
        "id": row.id,
        "metric": row.metric,
        "value": value,
        "unit": row.unit,
        "period": period_label(row.period_start, row.period_end),
        "subgroup": "" if row.subgroup == "all" else row.subgroup,
        "grade": row.confidence,
        "title": source.title,
        "url": source.url,
        "locator": row.locator,
    }
