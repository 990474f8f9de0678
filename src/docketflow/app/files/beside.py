"""The tables of the pages beside the first screen as files: claims, what it would take, the record.

Each row says by itself what it is of. What a page shows of an answer and what leaves of it are read from the
same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from docketflow.app.pages.tabs.take import amounts
from docketflow.core.labels import label
from docketflow.core.outcomes import outcomes
from docketflow.evidence import load
from docketflow.results import Result
from docketflow.results.result import ABOUT, LICENCE, about

Row = dict[str, Any]
Said = Mapping[str, Any]
NO_NUMBER: Sequence[Said] = ({},)
AMOUNTS = {
    "announced": "announced",
    "here": "here, in all",
    "least": "least, others at top",
    "most": "top looked at",
}


def claims(judged: Sequence[Said]) -> list[Row]:
    """Return each claim with its verdict, a row for each number that it was held against."""
    return [
        {
            "claim": one["claim"],
            "said by": one["said_by"],
            "verdict": one["verdict"],
            "why": one["explanation"],
            "what is true": one["true_sentence"],
            "said": one["said_value"],
            "held against": number.get("label", ""),
            "period": number.get("period", ""),
            "value": number.get("value", ""),
            "low": number.get("low", ""),
            "high": number.get("high", ""),
            "unit": number.get("unit", ""),
            "holds": "" if number.get("holds") is None else "yes" if number["holds"] else "no",
            "made by": number.get("made", ""),
            "figures": "; ".join(number.get("figures", ())),
            "sources": "; ".join(source["title"] for source in one["sources"]),
            "addresses": "; ".join(source["url"] for source in one["sources"] if source["url"]),
            "version": version("docketflow"),
            "licence": LICENCE,
        }
        for one in judged
        for number in one["numbers"] or NO_NUMBER
    ]


def take(said: Said) -> list[Row]:
    """Return what it would take: how far each way goes, each lever, what it would bring with it."""
    of = said["outcome"]
    tail = {
        "goal": said["goal"],
        "verdict": said["verdict"],
        "runs a setting": said["runs_a_setting"],
        **{name: said[name] for name in (*ABOUT, "private") if name in said},
    }
    return [{**row, **tail} for row in (*_ways(said, of), *_levers(said), *_beside(said))]


def _ways(said: Said, of: str) -> Iterator[Row]:
    ways = {
        "the plan, as announced": said["as_it_is"],
        "all at their tops, after the delays": said["at_their_tops"],
        "all at their tops, at once": said["at_their_tops_at_once"],
        **{f"all at their tops but {name}": one for name, one in said["one_as_it_is"].items()},
        "the setting found": said["found"],
    }
    for name, one in ways.items():
        if one:
            ends = one["nine_in_ten_low"], one["nine_in_ten_high"]
            yield _row("way", name, label(of), one["value"], ends, said["unit"], one["runs_that_reach_it"])


def _levers(said: Said) -> Iterator[Row]:
    for one in said["levers"]:
        for what, much in amounts(one, said).items():
            if much is not None:
                yield _row("lever", one["title"], AMOUNTS[what], much, unit=one["unit"])
        yield _row("lever", one["title"], "delay", one["lag"], unit="days")


def _beside(said: Said) -> Iterator[Row]:
    for what, one in (("the plan", said["as_it_is"]), ("this setting", said["found"])):
        for name, value in one["beside"].items():
            if value is not None:
                unit = outcomes()[name].unit if name in outcomes() else ""
                yield _row("beside", label(name), what, value, one["nine_in_ten"][name], unit)


def _row(
    table: str,
    name: str,
    what: str,
    value: float,
    ends: Sequence[float | str | None] = ("", ""),
    unit: str = "",
    reached: int | str = "",
) -> Row:
    low, high = ends
    told = {"table": table, "name": name, "what": what, "value": value, "low": low, "high": high}
    return {**told, "unit": unit, "runs that reach it": reached}


def record(rows: Sequence[Said], result: Result) -> list[Row]:
    """Return each published figure beside what the result says."""
    return [
        {
            "name": label(str(row["outcome"])),
            "outcome": row["outcome"],
            "published": row["published"],
            "value": row["model"],
            "low": row["low"],
            "high": row["high"],
            "unit": row.get("unit", ""),
            "off by": row["relative"],
            "inside the range": "yes" if row["band"] == "inside" else "no",
            "fit": row["told"],
            "source": (source := load().sources[str(row["source"])]).title,
            "address": source.url,
            **about(result),
        }
        for row in rows
    ]
