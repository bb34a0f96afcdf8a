"""The tree of slots: what hangs on what, where each points to, and which SMPL-X joint it follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...skeleton import JOINT
from ..mapping.rig_mapping import RigMapping
from ..slots import CENTRE_SLOTS, FINGERS, SIDES, part_of, side_of

_FOLLOWS = {
    "hips": "pelvis", "pelvis": "pelvis", "head": "head", "neck": "neck", "clavicle": "collar",
    "upper_arm": "shoulder", "forearm": "elbow", "hand": "wrist", "thigh": "hip", "shin": "knee", "foot": "ankle",
    "toe": "foot",
}  # fmt: skip
_HANGS_ON = {
    "pelvis": ("hips",), "spine": ("hips",), "neck": ("spine", "hips"), "head": ("neck", "spine", "hips"),
    "clavicle": ("spine", "hips"), "upper_arm": ("clavicle", "spine", "hips"), "forearm": ("upper_arm",),
    "hand": ("forearm",), "thigh": ("hips",), "shin": ("thigh",), "foot": ("shin",), "toe": ("foot",),
    **dict.fromkeys(FINGERS, ("hand", "forearm")),
}  # fmt: skip
_ORDER = ("hips", "pelvis", "spine", "neck", "head", "clavicle", "upper_arm", "forearm", "hand", *FINGERS,
          "thigh", "shin", "foot", "toe")  # fmt: skip
FINGER_JOINTS = 3   # of SMPL-X


def mapped_bones(mapping: RigMapping, fingers: bool) -> Iterator[tuple[str, str]]:
    """(slot, bone) of all that turn by themselves, what carries before what hangs on it; twist bones do not.

    Of fingers the last three bones: those before them are of the palm.
    """
    for part in _ORDER:
        if part in FINGERS and not fingers:
            continue
        for slot in (part,) if part in CENTRE_SLOTS else tuple(f"{side}_{part}" for side in SIDES):
            bones = mapping.bones.get(slot, ())
            yield from ((slot, bone) for bone in (bones[-FINGER_JOINTS:] if part in FINGERS else bones))


def slots_above(slot: str) -> tuple[str, ...]:
    """The slots on which one may hang, the nearest first; none above the hips."""
    side = side_of(slot)
    return tuple(above if above in CENTRE_SLOTS else f"{side}_{above}" for above in _HANGS_ON.get(part_of(slot), ()))


def last_joint(slots: Sequence[str], slot: str) -> int:
    """The outermost joint of a slot that there is, of joints `slots`: the one on which others hang."""
    return len(slots) - 1 - slots[::-1].index(slot)


def joint_followed(slot: str, place: int = 0) -> int:
    """The SMPL-X joint of a slot; `place` counts along fingers. The spine's is its last."""
    part, side = part_of(slot), side_of(slot)
    if part in FINGERS:
        return JOINT[f"{side}_{part}{place + 1}"]
    if part == "spine":
        return JOINT["spine3"]
    name = _FOLLOWS[part]
    return JOINT[f"{side}_{name}" if side else name]
