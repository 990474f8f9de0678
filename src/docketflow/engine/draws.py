"""The only room that draws luck. Luck is a hash of (seed, decision, person, visit): no generator, no order.

Two runs that ask the same question of the same person on the same visit get the same answer, whatever else
happened, in whatever order, on however many threads. The functions come twice: for one number (compiled, in
the kernel) and for arrays (NumPy, used to place the starting stock and to draw members).
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence

import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)

EXPONENTIAL_ONE = 32  # binary places of the fixed-point exponential variate
EXPONENTIAL_BITS = 12
EXPONENTIAL_TABLE = np.concatenate(
    [
        np.rint(
            -np.log(0.5 + np.arange(1 << EXPONENTIAL_BITS) / (2 << EXPONENTIAL_BITS)) * 2.0**EXPONENTIAL_ONE
        ),
        [0.0],
    ]
).astype(np.int64)
LN2 = int(EXPONENTIAL_TABLE[0])
DIGITS = 52  # of a member's quantile


def mix(z: np.ndarray) -> np.ndarray:
    """Scramble 64-bit integers (the splitmix64 finaliser, Steele, Lea and Flood 2014).

    Parameters
    ----------
    z : ndarray of uint64

    Returns
    -------
    ndarray of uint64, same shape
    """
    with np.errstate(over="ignore"):
        z = (z ^ (z >> _S30)) * _M1
        z = (z ^ (z >> _S27)) * _M2
        return z ^ (z >> _S31)


@functools.lru_cache(maxsize=1 << 14)
def name_key(name: str) -> int:
    """Return the 64-bit key of a decision, by its name alone, so that adding another changes no luck."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def seed_key(seed: int) -> int:
    """Return the 64-bit key of a run's seed."""
    return name_key(f"seed {seed}")


def person_key(seed: int, identity: np.ndarray, visit: int = 0) -> np.ndarray:
    """Return each person's key at a visit; ``seed`` is a `seed_key`, ``identity`` an array of uint64."""
    with np.errstate(over="ignore"):
        return mix(np.uint64(seed) + ((identity << np.uint64(16)) | np.uint64(visit)) * GOLDEN)


def decide(person: np.ndarray, decision: str) -> np.ndarray:
    """Return one 64-bit number a person for a decision."""
    return mixed(person, np.uint64(name_key(decision)))


def mixed(person: np.ndarray, decision: np.ndarray | np.uint64) -> np.ndarray:
    """Return one 64-bit number a person for the decision of a key, or one each."""
    with np.errstate(over="ignore"):
        return mix(person + decision)


def quantiles(seed: int, names: Sequence[str], members: Sequence[int]) -> np.ndarray:
    """Return, for each of some members and each name, the number in (0, 1) at which it is drawn.

    Over members, each name alone is a nested Latin hypercube: of members 2k and 2k+1 one falls in each half,
    of 4k to 4k+3 one in each quarter, and so on, so that the first N members fill a name's range evenly
    whatever N is. In which order they do so is hashed for each name, so that names are not tied to each
    other. The design knows neither N nor the other names: members and names can be added.

    Binary digit k of the number is digit k of the member, flipped by a coin of all higher digits of the
    member (which member falls where) and by a coin of the digits before it (where in its part it falls).
    """
    with np.errstate(over="ignore"):
        keys = np.array([name_key(name) for name in names], dtype=np.uint64) + np.uint64(seed_key(seed))
        keys, places = keys[:, None], np.arange(DIGITS, dtype=np.uint64)  # [member, name, digit]
        numbers = np.array(members, dtype=np.uint64)[:, None, None]
        higher, digits = numbers >> (places + np.uint64(1)), numbers >> places & np.uint64(1)
        digits = digits ^ _coins(mix(keys), higher, places)
        before = np.cumsum(digits << places, axis=-1, dtype=np.uint64) - (digits << places)
        digits = digits ^ _coins(mix(mix(keys)), before, places)
    whole = (digits << (np.uint64(DIGITS - 1) - places)).sum(axis=-1, dtype=np.uint64)
    return (whole.astype(np.float64) + 0.5) / 2.0**DIGITS


def _coins(keys: np.ndarray, branch: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return zeros and ones: one for each key and branch of its binary tree."""
    with np.errstate(over="ignore"):
        return mix(mix(keys + branch * GOLDEN) + places) >> np.uint64(63)


def exponential(z: int) -> int:
    """Return the fixed-point exponential variate (mean one) of a 64-bit hash, without transcendentals."""
    zeros = 0
    while not z >> 63 and zeros < 63:
        z = (z << 1) & 0xFFFFFFFFFFFFFFFF
        zeros += 1
    cell = (z >> 51) & 0xFFF
    rest = (z >> 31) & 0xFFFFF
    here, after = int(EXPONENTIAL_TABLE[cell]), int(EXPONENTIAL_TABLE[cell + 1])
    return zeros * LN2 + here - (((here - after) * rest) >> 20)
