"""The traits and labels that evidence, people and lifecycle share, read from `vocabulary.yaml`."""

from __future__ import annotations

import functools
from importlib import resources

from docketflow.core.strict_yaml import parse_yaml


@functools.cache
def vocabulary() -> dict[str, tuple[str, ...]]:
    """Return trait name to its labels, in the order of the small integers that stand for them."""
    text = resources.files("docketflow.core").joinpath("vocabulary.yaml").read_text(encoding="utf-8")
    return {name: tuple(labels) for name, labels in parse_yaml(text, where="vocabulary.yaml").items()}


def labels(trait: str) -> tuple[str, ...]:
    """Return the labels of one trait."""
    return vocabulary()[trait]
