"""Published projections of others, run from their own assumptions."""

from docketflow.replications.lived import Lived, replicate
from docketflow.replications.read import Projection, names, projections

__all__ = ["Lived", "Projection", "names", "projections", "replicate"]
