"""Every reader of files that come from outside or lie on a disk, each with small whole files that it reads.

The whole files are those that the tests make up, written by the product's own writers wherever there is one.
"""

from __future__ import annotations

from bench.reliability_reader import Reader
from bench.reliability_readers_backend import BACKEND_READERS
from bench.reliability_readers_motion import MOTION_READERS
from bench.reliability_readers_words import WORD_READERS

READERS: dict[str, Reader] = {**MOTION_READERS, **WORD_READERS, **BACKEND_READERS}


def numbers_of(amount: int) -> dict[str, int]:
    """How many damaged files each reader gets of so many, by their shares."""
    shares = {name: reader.share for name, reader in READERS.items()}
    whole = sum(shares.values())
    counts = {name: int(amount * share / whole) for name, share in shares.items()}
    counts[max(shares, key=lambda name: shares[name])] += amount - sum(counts.values())
    return counts
