"""What was used of a person's other poses where it is kept: as text on the armature, so that clean-up finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import bpy

from ...motion.hypotheses.choice import Choice
from ...motion.hypotheses.limbs import LIMB_WORDS
from ...motion.hypotheses.uses import Use, read_uses, uses_text
from ..take_scene import NUMBER
from .kept_hypotheses import hypotheses_of

USES = "mambocap_used_poses"   # on a person's armature
_NOTHING = uses_text([])


@dataclass(frozen=True)
class Used:
    """What was used of one person's poses, and which there were."""

    choices: tuple[Choice, ...]
    text: str


def uses_of(person: bpy.types.Object) -> list[Use]:
    """In the order in which they were made. Raises Refusal for a broken text."""
    return read_uses(str(person.get(USES, "")))


def has_uses(person: bpy.types.Object) -> bool:
    """Whether anything was used, be it written in a text that cannot be read."""
    return person.get(USES, _NOTHING) != _NOTHING


def store_uses(person: bpy.types.Object, uses: Sequence[Use]) -> None:
    person[USES] = uses_text(uses)


def used_by_number(people: Iterable[bpy.types.Object]) -> dict[int, Used]:
    """What was used of whom, by their numbers, of those of whom anything was."""
    return {int(person[NUMBER]): Used(_choices_of(person), str(person[USES])) for person in people
            if has_uses(person)}  # fmt: skip


def use_again(person: bpy.types.Object, used: Mapping[int, Used]) -> bool:
    """Store on somebody who was built anew what was used before, if there still are the same poses to choose from.

    Returns False where something was lost.
    """
    before = used.get(int(person[NUMBER]))
    if before is None:
        return True
    if before.choices != _choices_of(person):
        return False
    person[USES] = before.text
    return True


def _choices_of(person: bpy.types.Object) -> tuple[Choice, ...]:
    return tuple(kept.choice for kept in hypotheses_of(person))


def words_of_use(use: Use, frame_at: Callable[[float], int]) -> str:
    """Such as "Left arm of pose 3, 90 to 130"; `frame_at` a second since the motion's first frame."""
    limb = LIMB_WORDS[use.limb].capitalize()
    return f"{limb} of pose {use.number + 1}, {frame_at(use.from_s)} to {frame_at(use.to_s)}"
