"""Who moved a weight beyond what the engine keeps: the line names the setting, and what it may say."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable, Iterator

from docketflow.core.errors import DocketflowError, ScenarioError, WeightError
from docketflow.policy.setting import Setting


@contextlib.contextmanager
def blaming(settings: Iterable[Setting]) -> Iterator[None]:
    """Name the last setting that moved a weight which cannot be kept, in place of what was drawn."""
    try:
        yield
    except WeightError as error:
        raise _told(error, settings) from None


def _told(error: WeightError, settings: Iterable[Setting]) -> DocketflowError:
    moved = [one for one in settings if one.lever in error.paths]
    if not moved:
        return error
    one, small = moved[-1], error.times > 1
    value = one.value if isinstance(one.value, float) and one.operation == "set" else None
    end = _rounded(error.times if value is None else error.times * value, math.ceil if small else math.floor)
    allowed = f"0, or at least {end:g}" if small else f"up to {end:g}"
    of_it = "" if value is not None else " times what it says"
    return ScenarioError(
        f"{one.where}: too {'small' if small else 'large'}: with what is drawn of the other weights of "
        f"{error.draw}, somebody's comes to {error.weight:.3g}; allowed in this draw: {allowed}{of_it}"
    )


def _rounded(number: float, way: Callable[[float], int]) -> float:
    """Return a number to two digits, up or down.

    >>> _rounded(0.01234, math.ceil), _rounded(88.8, math.floor)
    (0.013, 88.0)
    """
    step = 10.0 ** (math.floor(math.log10(number)) - 1)
    return float(f"{way(number / step) * step:.6g}")
