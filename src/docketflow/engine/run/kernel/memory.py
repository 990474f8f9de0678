"""The machine's memory: unchecked access to flat arrays, packed words, and the hash behind all luck.

Where the compiler is told to check bounds (``NUMBA_BOUNDSCHECK=1``), so are these: slow, and how it is shown
that no run leaves its arrays.

One array of 64-bit numbers holds tables, controls, lists and tallies (`layout.py` says where); people,
calendar entries and pools lie in arrays of their own. All of it is compiled into `batch.py` and `days.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils, config
from numba.extending import intrinsic

from docketflow.engine import layout as L
from docketflow.engine.run.compiler.compiled import inner

_u = np.uint64
U0, U1, U2, U3, U6, U8, U16, U32, U48 = (_u(k) for k in (0, 1, 2, 3, 6, 8, 16, 32, 48))
_U27, _U30, U31, U54, U64 = _u(27), _u(30), _u(31), _u(54), _u(64)
M6, M8, M12, M16, M24, M32, M48 = (_u((1 << k) - 1) for k in (6, 8, 12, 16, 24, 32, 48))
GOLDEN, MIX1, MIX2 = _u(0x9E3779B97F4A7C15), _u(0xBF58476D1CE4E5B9), _u(0x94D049BB133111EB)
TOP = _u(1 << 63)
WORDS, NUMBERS = types.uint64[::1], types.int64[::1]
DAYS = types.Array(types.uint16, 1, "C", readonly=True)  # of laws, which are only read
AHEAD = 20  # how many people ahead memory is asked for: hides most of its latency


def _place(context: Any, builder: Any, kind: Any, given: Any, index: Any) -> Any:
    """Return where an entry of an array lies."""
    array = context.make_array(kind)(context, builder, given)
    if config.BOUNDSCHECK:
        size = builder.extract_value(array.shape, 0)
        with cgutils.if_unlikely(builder, builder.icmp_unsigned(">=", index, size)):
            context.call_conv.return_user_exc(builder, IndexError, ("outside the machine's memory",))
    return builder.gep(array.data, [index])


@intrinsic
def prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of ``array[index]`` without waiting for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer_type, integer = ir.IntType(8).as_pointer(), ir.IntType(32)
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        pointer = builder.bitcast(builder.gep(data, [arguments[1]]), pointer_type)
        kind = ir.FunctionType(ir.VoidType(), [pointer_type, integer, integer, integer])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [pointer, integer(1), integer(3), integer(1)])
        return context.get_dummy_value()

    return types.void(array, index), generate


@intrinsic
def load(typing_context: Any, array: Any, index: Any) -> Any:
    """Read ``array[index]``; no sign is checked, nor a bound unless asked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_place(context, builder, signature.args[0], *arguments))

    return array.dtype(array, index), generate


@intrinsic
def store(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Write ``array[index] = value``; no sign is checked, nor a bound unless asked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _place(context, builder, signature.args[0], *arguments[:2]))
        return context.get_dummy_value()

    return types.void(array, index, array.dtype), generate


@intrinsic
def add(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Do ``array[index] += value``; no sign is checked, nor a bound unless asked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature.args[0], *arguments[:2])
        builder.store(builder.add(builder.load(place), arguments[2]), place)
        return context.get_dummy_value()

    return types.void(array, index, array.dtype), generate


@inner(forceinline=True, _nrt=False)
def mix(z):
    """Scramble a 64-bit integer (as `draws.mix`)."""
    z = (z ^ (z >> _U30)) * MIX1
    z = (z ^ (z >> _U27)) * MIX2
    return z ^ (z >> U31)


@inner(forceinline=True, _nrt=False)
def cell_of(mem, place, traits, more):
    """Return the row of both words of traits in a table: a word a field, ended by zero."""
    cell = 0
    word = load(mem, place)
    while word != 0:  # not counted: a counted loop is made wide by the compiler, and slow for so few fields
        field = _u(word)
        lies = more if field & U64 != U0 else traits
        cell += np.int64((lies >> (field & M6)) & ((field >> U8) & M24)) * (word >> 32)
        place += 1
        word = load(mem, place)
    return cell


@inner(forceinline=True, _nrt=False)
def lane_of(rec, j, bit):
    """Return the version of the lane that begins at a bit of the record at ``j``."""
    return (load(rec, j + (bit >> U6)) >> (bit & M6)) & M12


@inner(forceinline=True, _nrt=False)
def set_lane(rec, j, bit, version):
    """Set the version of a lane."""
    word = load(rec, j + (bit >> U6))
    store(rec, j + (bit >> U6), (word & ~(M12 << (bit & M6))) | (version << (bit & M6)))


@inner(forceinline=True, _nrt=False)
def least(z):
    """Return what an exponential variate is at least, for little: minus ln of u is no less than one minus u.

    (The table's chords lie above the curve; four is more than its roundings.)
    """
    return max(np.int64(~z >> U32) - 4, 0)


@inner(forceinline=True, _nrt=False)
def exponential(z, mem):
    """Return a fixed-point exponential variate (as `draws.exponential`)."""
    zeros = 0
    while z & TOP == U0 and zeros < 63:
        z = z << U1
        zeros += 1
    place = np.int64((z >> _u(51)) & _u(0xFFF))
    rest = np.int64((z >> U31) & _u(0xFFFFF))
    place += load(mem, L.H_EXPONENTIAL)
    here = load(mem, place)
    return zeros * load(mem, L.H_LN2) + here - (((here - load(mem, place + 1)) * rest) >> 20)
