"""A character that is as it was when anything fails halfway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import bpy

from ....motion.arrays import Array
from ..rig.held_values import HeldValue, value_at
from ..rig.pose_channels import pose_of, write_pose


@contextmanager
def whole_or_nothing(character: bpy.types.Object, held: Sequence[HeldValue] = ()) -> Iterator[None]:
    """Keep action, pose and the numbers at the paths of `held`; bring them back when what is done inside fails."""
    before = _Before.of(character, held)
    try:
        yield
    except BaseException:
        before.restore(character)
        raise


@dataclass(frozen=True, eq=False)
class _Before:
    """What moved a character, and its pose."""

    has_data: bool
    action: bpy.types.Action | None
    slot: object | None            # bpy.types.ActionSlot, from Blender 4.4 on
    is_kept: bool                  # by a fake user
    blending: tuple[str, float]    # with NLA tracks
    pose: dict[str, Array]
    numbers: tuple[HeldValue, ...]

    @classmethod
    def of(cls, character: bpy.types.Object, held: Sequence[HeldValue]) -> _Before:
        animation = character.animation_data
        action = animation.action if animation else None
        blending = (animation.action_blend_type, animation.action_influence) if animation else ("REPLACE", 1.0)
        numbers = tuple(HeldValue(each.path, value_at(character, each), each.group, each.index) for each in held)
        return cls(animation is not None, action, getattr(animation, "action_slot", None),
                   action is not None and action.use_fake_user, blending, pose_of(character), numbers)  # fmt: skip

    def restore(self, character: bpy.types.Object) -> None:
        self._restore_action(character)
        write_pose(character, self.pose)
        for number in self.numbers:
            number.set_on(character)
        character.update_tag(refresh={"OBJECT", "DATA"})

    def _restore_action(self, character: bpy.types.Object) -> None:
        animation = character.animation_data
        new = animation.action if animation else None
        if animation is not None:
            animation.action = self.action
            animation.action_blend_type, animation.action_influence = self.blending
            if self.slot is not None:
                animation.action_slot = self.slot
        if self.action is not None and self.action.library is None:
            self.action.use_fake_user = self.is_kept
        if new is not None and new != self.action:
            bpy.data.actions.remove(new)
        if not self.has_data:
            character.animation_data_clear()
