"""The limbs that can be taken from another pose on their own."""

from __future__ import annotations

from types import MappingProxyType
from typing import Mapping

from ..skeleton import JOINT_COUNT, JOINT_NAMES, PARENTS

WHOLE_BODY = "body"
_ROOTS = {"left_arm": "left_collar", "right_arm": "right_collar", "left_leg": "left_hip", "right_leg": "right_hip",
          "head": "neck"}  # fmt: skip


def _below(joint: int) -> tuple[int, ...]:
    """A joint and all that hang on it."""
    found = {joint}
    for other in range(JOINT_COUNT):   # parents come first
        if PARENTS[other] in found:
            found.add(other)
    return tuple(sorted(found))


# Joints by limb, the first one being where the limb begins; the whole body has all of them.
LIMBS: Mapping[str, tuple[int, ...]] = MappingProxyType({
    **{limb: _below(JOINT_NAMES.index(root)) for limb, root in _ROOTS.items()},
    WHOLE_BODY: tuple(range(JOINT_COUNT)),
})  # fmt: skip
LIMB_WORDS: Mapping[str, str] = MappingProxyType({limb: limb.replace("_", " ") for limb in _ROOTS}
                                                 | {WHOLE_BODY: "whole body"})  # fmt: skip
