"""A cheap stand-in for the simulator: straight lines and a Gaussian process over the rest, with its error.

It is trained on members that draw all inputs, each under its own luck; what it is not given (inputs that were
screened out, luck) is noise to it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from docketflow.answers.sensitivity.extra import needed

FOLDS = 10
SHRINK = 1e-2  # of the straight lines, against as many members as inputs

_score = np.vectorize(NormalDist().inv_cdf, otypes=[float])


@dataclass(frozen=True)
class Fit:
    """Lines and a process fitted to the same members."""

    mean: float
    spread: float
    slopes: np.ndarray
    process: Any

    def __call__(self, quantiles: np.ndarray) -> np.ndarray:
        """Return the outcome at quantiles [point, input]."""
        scores = _score(quantiles)
        return self.mean + self.spread * (scores @ self.slopes + self.process.predict(scores))


@dataclass(frozen=True)
class Emulator:
    """A fit to all members, the fits that leave a tenth of them out, and how far those were off.

    Attributes
    ----------
    error : root mean square of what the fits say of members they were not shown, less what those did
    explained : the share of the members' variance that is foretold so (Q2)
    """

    whole: Fit
    without: tuple[Fit, ...]
    error: float
    explained: float


def emulate(quantiles: np.ndarray, values: np.ndarray) -> Emulator:
    """Return an emulator of values [member] over quantiles [member, input]."""
    whole = _fit(quantiles, values)
    places = np.arange(len(values)) % FOLDS
    fits = tuple(
        _fit(quantiles[places != fold], values[places != fold], whole.process.kernel_)
        for fold in range(FOLDS)
    )
    foretold = np.empty(len(values))
    for fold, fit in enumerate(fits):
        foretold[places == fold] = fit(quantiles[places == fold])
    error = float(np.sqrt(np.mean((foretold - values) ** 2)))
    variance = float(np.var(values))
    return Emulator(whole, fits, error, 1 - error**2 / variance if variance else 0.0)


def _fit(quantiles: np.ndarray, values: np.ndarray, kernel: Any = None) -> Fit:
    """Return one fit; with a kernel its form is taken as it is."""
    process, kernels = needed("sklearn.gaussian_process"), needed("sklearn.gaussian_process.kernels")
    scores = _score(quantiles)
    mean, spread = float(values.mean()), float(values.std()) or 1.0
    y = (values - mean) / spread
    inputs = scores.shape[1]
    slopes = np.linalg.solve(scores.T @ scores + SHRINK * len(y) * np.eye(inputs), scores.T @ y)
    free = kernel is None
    if free:
        near, far = (1.0, 100.0), (0.01, 1.0)
        kernel = kernels.ConstantKernel(0.5, (1e-3, 10.0)) * kernels.Matern(
            np.full(inputs, 4.0), near, nu=2.5
        ) + kernels.WhiteKernel(0.1, far)
    gp = process.GaussianProcessRegressor(kernel, optimizer="fmin_l_bfgs_b" if free else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a length at the end of its range: an input that does little
        gp.fit(scores, y - scores @ slopes)
    return Fit(mean, spread, slopes, gp)
