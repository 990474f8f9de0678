"""A forecast in the form of the hubverse: a model-output file and the tasks that it answers.

One round a forecast, named by its origin; every target may be answered or not. (hubverse.io, schemas v5.)
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from typing import Any

from docketflow.core.outcomes import outcome
from docketflow.forecasts.table import LEVELS, Forecast

TEAM = "docketflow"
SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.0/tasks-schema.json"
TASKS = ("origin_date", "target", "period_start", "target_end_date")


def model_id(name: str, team: str = TEAM) -> str:
    """Return a team's name and a model's, joined as a hub wants them: no dash within either."""
    return f"{re.sub(r'[^A-Za-z0-9_]', '_', team)}-{re.sub(r'[^A-Za-z0-9_]', '_', name)}"


def files_of(forecast: Forecast, origin: dt.date) -> dict[str, str]:
    """Return the files of a forecast in a hub, by their place in it."""
    model = model_id(forecast.name)
    return {
        "hub-config/tasks.json": json.dumps(tasks(forecast, origin), indent=1) + "\n",
        f"model-output/{model}/{origin}-{model}.csv": model_output(forecast, origin),
    }


def model_output(forecast: Forecast, origin: dt.date) -> str:
    """Return the quantiles as a model-output file."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([*TASKS, "output_type", "output_type_id", "value"])
    for (name, start, end), values in forecast.quantiles.items():
        for level, value in zip(LEVELS, values, strict=True):
            lines.writerow([origin, name, start, end, "quantile", level, repr(float(value))])
    return text.getvalue()


def tasks(forecast: Forecast, origin: dt.date) -> dict[str, Any]:
    """Return the modelling tasks that the forecast answers."""
    names = list(dict.fromkeys(name for name, _, _ in forecast.quantiles))
    ids = {
        "origin_date": [str(origin)],
        "target": names,
        "period_start": sorted({str(start) for _, start, _ in forecast.quantiles}),
        "target_end_date": sorted({str(end) for _, _, end in forecast.quantiles}),
    }
    task = {
        "task_ids": {name: {"required": None, "optional": values} for name, values in ids.items()},
        "output_type": {
            "quantile": {
                "output_type_id": {"required": list(LEVELS)},
                "is_required": True,
                "value": {"type": "double"},
            }
        },
        "target_metadata": [_about(name) for name in names],
    }
    round_ = {
        "round_id_from_variable": True,
        "round_id": "origin_date",
        "model_tasks": [task],
        "submissions_due": {"start": str(origin), "end": str(origin)},
    }
    return {"schema_version": SCHEMA, "rounds": [round_]}


def _about(name: str) -> dict[str, Any]:
    known = outcome(name)
    return {
        "target_id": name,
        "target_name": name,
        "target_units": known.unit,
        "target_keys": {"target": name},
        "description": known.definition,
        "target_type": "continuous",
        "is_step_ahead": False,
    }
