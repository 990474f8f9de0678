"""Whether people come to where they are known to be: arrests at appointments and in court keep some away."""

from __future__ import annotations

from docketflow.core.quantity import Quantity, least, p


def kept_away(arrested: Quantity) -> Quantity:
    """Return the share of those who would come that stay away, where some of those who come are arrested."""
    return least(p("arrest.appearance.response") * arrested, 1)
