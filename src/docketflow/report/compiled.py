"""Templates kept compiled between processes, where Python keeps its own forms: never needed, never stale.

A form is sealed; what is missing, damaged or of another template is as if it had never been kept.
"""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from docketflow.core import places, sealed


class Compiled(jinja2.BytecodeCache):
    """Compiled templates in files."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its form, if one is kept; it says itself of which source and Python it is."""
        for place in places.readable():
            kept = sealed.read(place / _name(bucket))
            if kept is not None:
                bucket.bytecode_from_string(kept)
                if bucket.code is not None:
                    return

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's form, if that is possible anywhere."""
        place = places.writable()
        if place is not None:
            sealed.write(place / _name(bucket), bucket.bytecode_to_string())


def _name(bucket: Bucket) -> Path:
    """Return the name of a template's form: of its place, the compiler and what the compiler was told."""
    kitchen = bucket.environment
    told = (kitchen.autoescape, kitchen.trim_blocks, kitchen.lstrip_blocks, version("jinja2"))
    by = hashlib.sha256(repr(told).encode()).hexdigest()[:8]
    return Path(f"template-{bucket.key}-{sys.implementation.cache_tag}-{by}")
