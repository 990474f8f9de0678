"""Whether people come to where they are known to be: arrests at appointments and in court keep some away."""

from __future__ import annotations

from docketflow.core.quantity import Quantity, p


def kept_away(arrested: Quantity) -> Quantity:
    """Return the share of those who would come that stay away, where some of those who come are arrested.

    The response moves odds: as a share it would keep everybody away where half of those who come are
    arrested, and nobody could be. So some still come, and a larger share arrested is never fewer arrests.
    """
    odds = p("arrest.appearance.response") * arrested
    return odds / (1 + odds)
