"""What was used of a person's other poses where it is kept: as text on the armature, so that clean-up finds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bpy

from ...motion.hypotheses.limbs import LIMB_WORDS
from ...motion.hypotheses.uses import Use, read_uses, uses_text

USES = "mambocap_used_poses"   # on a person's armature


def uses_of(person: bpy.types.Object) -> list[Use]:
    """In the order in which they were made. Raises Refusal for a broken text."""
    return read_uses(str(person.get(USES, "")))


def store_uses(person: bpy.types.Object, uses: Sequence[Use]) -> None:
    person[USES] = uses_text(uses)


def words_of_use(use: Use, frame_at: Callable[[float], int]) -> str:
    """Such as "Left arm of pose 3, 90 to 130"; `frame_at` a second since the motion's first frame."""
    limb = LIMB_WORDS[use.limb].capitalize()
    return f"{limb} of pose {use.number + 1}, {frame_at(use.from_s)} to {frame_at(use.to_s)}"
