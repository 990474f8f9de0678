"""Plain words for the names of outcomes, stages and resources, read from `labels.yaml`. Text only."""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path

from docketflow.core.strict_yaml import read_yaml


@functools.cache
def declared() -> dict[str, str]:
    """Return the names that have words of their own, and the words."""
    found: dict[str, str] = read_yaml(Path(str(resources.files("docketflow.core").joinpath("labels.yaml"))))
    return found


def label(name: str) -> str:
    """Return the plain words for a name of the model."""
    if name.startswith("change:"):
        return f"Change of {in_a_sentence(name.removeprefix('change:'))}"
    name = name.removeprefix("share:")
    plain = declared().get(name)
    if plain:
        return str(plain)
    bare = name.replace("_", " ").replace(".", ", ")
    return bare[:1].upper() + bare[1:]


def in_a_sentence(name: str) -> str:
    """Return the plain words for a name, as they stand within a sentence."""
    bare = label(name)
    return bare if bare[:2].isupper() else bare[0].lower() + bare[1:]
