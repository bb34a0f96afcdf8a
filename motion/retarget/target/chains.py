"""Spines, necks and collars of other lengths: each bone follows the source at its own share of the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import Array, Indices
from ...skeleton import JOINT
from ..slots import part_of, side_of
from .anatomy import joint_followed
from .target import Target

_SPINE = ("pelvis", "spine1", "spine2", "spine3", "neck")
_BEFORE = {"neck": "spine3", "clavicle": "spine3"}


@dataclass(frozen=True, eq=False)
class Followed:
    """Of which two SMPL-X joints each of J target joints takes its turn, and how far it lies between them."""

    first: Indices     # [J]
    second: Indices    # [J]
    share: Array       # [J] 0: the first's turn, 1: the second's


def followed(target: Target, source_rest: Array) -> Followed:
    """What each joint follows. The last bone of a chain has exactly the turn of the source's last joint.

    source_rest [55, 3] m. A bone's share of a chain is where it ends, along the chain at rest; of a single one that is
    the whole chain.
    """
    found = [_followed(target, joint, source_rest) for joint in range(len(target.slots))]
    first, second, share = zip(*found, strict=True)
    return Followed(np.array(first), np.array(second), np.array(share))


def _followed(target: Target, joint: int, source_rest: Array) -> tuple[int, int, float]:
    slot = target.slots[joint]
    part = part_of(slot)
    chain = [other for other, name in enumerate(target.slots) if name == slot]
    place = chain.index(joint)
    if part not in ("spine", "neck", "clavicle"):
        own = joint_followed(slot, place)
        return own, own, 0.0
    share = _end_shares(target, chain)[place]
    if part == "spine":
        return _along_spine(share, source_rest)
    return JOINT[_BEFORE[part]], joint_followed(slot), share


def _end_shares(target: Target, chain: list[int]) -> Array:
    """Where each bone of a chain ends, 0..1 of its length; the last at 1."""
    rest = target.figure.rest_joints
    lengths = np.linalg.norm(np.diff(rest[[*chain, _after(target, chain)]], axis=0), axis=1)
    if len(chain) == 1 or lengths.sum() < 1e-9:
        return (np.arange(len(chain)) + 1.0) / len(chain)
    ends = np.cumsum(lengths) / lengths.sum()
    return np.append(ends[:-1], 1.0)


def _after(target: Target, chain: list[int]) -> int:
    """The joint at which a chain ends: where its neck, head or arm begins."""
    slot = target.slots[chain[-1]]
    names = {"spine": ("neck", "head", "left_clavicle", "left_upper_arm"), "neck": ("head",),
             "clavicle": (f"{side_of(slot)}_upper_arm",)}[part_of(slot)]  # fmt: skip
    return next((target.slots.index(name) for name in names if name in target.slots), chain[-1])


def _along_spine(share: float, source_rest: Array) -> tuple[int, int, float]:
    """The two joints of the source's spine between whose ends a share of its length lies."""
    joints = [JOINT[name] for name in _SPINE]
    lengths = np.linalg.norm(np.diff(source_rest[joints[1:]], axis=0), axis=1)
    ends = np.append(0.0, np.cumsum(lengths) / lengths.sum())   # of the pelvis, where the spine begins, and each bone
    after = int(np.clip(np.searchsorted(ends, share - 1e-9), 1, len(lengths)))
    between = (share - ends[after - 1]) / (ends[after] - ends[after - 1])
    return joints[after - 1], joints[after], float(np.clip(between, 0.0, 1.0))
