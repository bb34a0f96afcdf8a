"""The parts of a character that a motion can move, by the names that tables, panels and errors use.

A slot holds one bone or, where it is a chain, any number from the hips outwards.
"""

from __future__ import annotations

CENTRE_SLOTS = ("root", "hips", "pelvis", "spine", "neck", "head")
_LIMB_SLOTS = ("clavicle", "upper_arm", "upper_arm_twist", "forearm", "forearm_twist", "hand",
               "thigh", "thigh_twist", "shin", "shin_twist", "foot", "toe")  # fmt: skip
LIMB_PARTS = {"arm": ("upper_arm", "forearm", "hand"), "leg": ("thigh", "shin", "foot")}
NEXT_PART = {part: after for parts in LIMB_PARTS.values() for part, after in zip(parts, parts[1:])}   # where each ends
FINGERS = ("thumb", "index", "middle", "ring", "pinky")
SIDES = ("left", "right")
SIDE_SLOTS = (*_LIMB_SLOTS, *FINGERS)

SLOTS: tuple[str, ...] = (*CENTRE_SLOTS, *(f"{side}_{slot}" for side in SIDES for slot in SIDE_SLOTS))
_CHAINS = ("spine", "neck", "clavicle", "upper_arm_twist", "forearm_twist", "thigh_twist", "shin_twist", *FINGERS)
# Without these nobody could tell what the motion was. `pelvis` is for rigs whose hips bone carries the whole body while
# another one below it turns the pelvis.
NEEDED_SLOTS = ("hips", *(f"{side}_{slot}" for slot in ("thigh", "shin", "upper_arm", "forearm") for side in SIDES))


def side_of(slot: str) -> str:
    """ "left", "right" or "" """
    return next((side for side in SIDES if slot.startswith(f"{side}_")), "")


def part_of(slot: str) -> str:
    """The slot without its side."""
    return slot.removeprefix(f"{side_of(slot)}_")


CHAIN_SLOTS: frozenset[str] = frozenset(slot for slot in SLOTS if part_of(slot) in _CHAINS)
