"""A YAML file of ours read into its model; what does not fit it is one line that says where."""

from __future__ import annotations

from importlib import resources
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from docketflow.core.errors import EvidenceError
from docketflow.core.strict_yaml import parse_yaml

Model = TypeVar("Model", bound=BaseModel)


def declared(model: type[Model], package: str, file: str) -> Model:
    """Return what a file of a package declares."""
    text = resources.files(package).joinpath(file).read_text(encoding="utf-8")
    try:
        return model.model_validate(parse_yaml(text, where=file))
    except ValidationError as error:
        first = error.errors()[0]
        place = ": ".join(map(str, (file, *first["loc"])))
        raise EvidenceError(f"{place}: {first['msg']}") from None
