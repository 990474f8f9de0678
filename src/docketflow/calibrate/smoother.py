"""ES-MDA, the ensemble smoother with multiple data assimilation, by `dageo`, localised by year."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np

from docketflow.calibrate.method import method
from docketflow.core.errors import UsageError

EXTRA = "calibrate"
CHANCE = float(method("chance_of_hearing"))


def needed(module: str) -> Any:
    """Return a module of the extra, or say in one line how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise UsageError(
            f"calibrate: needs {module}; install it with: pip install 'docketflow[{EXTRA}]'"
        ) from None


def heard(ensemble: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Return which data a place hears at all [place, datum]: those it goes with beyond what is chance.

    Among so many members chance alone gives correlations of one over the root of their number; up to some
    times that is taken for chance (`method.yaml`).
    """
    moves, logs = (part - part.mean(axis=0) for part in (ensemble, said))
    scale = np.outer(np.sqrt((moves**2).sum(axis=0)), np.sqrt((logs**2).sum(axis=0)))
    together = np.abs(moves.T @ logs) / np.maximum(scale, np.finfo(float).tiny)
    return np.asarray(together > CHANCE / np.sqrt(len(ensemble)), dtype=float)


def smooth(
    prior: np.ndarray,
    forward: Callable[[np.ndarray], np.ndarray],
    wanted: np.ndarray,
    sd: np.ndarray,
    nearness: np.ndarray,
    *,
    steps: int,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the posterior ensemble [member, place] and what it says [member, datum].

    Parameters
    ----------
    prior : [member, place]
    forward : what an ensemble says of the data
    wanted, sd : of each datum
    nearness : how far each datum may move each place [place, datum]
    steps, seed : assimilations, and the seed of the noise put on the data
    """
    with contextlib.redirect_stdout(io.StringIO()):  # it prints its steps
        posterior, said = needed("dageo").esmda(
            model_prior=prior.copy(),
            forward=forward,
            data_obs=wanted,
            sigma=sd,
            alphas=steps,
            localization_matrix=nearness,
            return_post_data=True,
            random=seed,
        )
    return np.asarray(posterior), np.asarray(said)
