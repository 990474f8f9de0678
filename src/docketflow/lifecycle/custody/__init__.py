"""Immigration detention: a place held beside the legal stage, from booking to release or flight.

A person in custody keeps the place while the case moves on in other files. What is decided here reads the
authority that holds the person (`charge.py`), the circuit of the place, and the date.
"""

from docketflow.lifecycle.custody.parts import custody
from docketflow.lifecycle.custody.stay import LEAVING, released, under

__all__ = ["LEAVING", "custody", "released", "under"]
