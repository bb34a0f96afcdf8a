"""A rig that is posed for a moment to see how it goes, and given back exactly as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import bpy
import numpy as np
from mathutils import Matrix

from ....motion.arrays import Array
from ....motion.refusal import Refusal
from ....motion.rotations import normalised
from ..keys.write_keys import refuse_tweaking
from .pose_channels import pose_of, write_pose

Switchable = bpy.types.PoseBone | bpy.types.Constraint


class BorrowedRig:
    """The character without its own animation. What is set here is undone when the loan ends."""

    def __init__(self, character: bpy.types.Object, given_back: ExitStack) -> None:
        self._character = character
        self._given_back = given_back

    def pose(self, names: Sequence[str], R_basis: Array, locations: Array) -> None:
        """Pose K bones: R_basis [K, 3, 3], locations [K, 3] as their channels mean them. Scales stay."""
        for name, R, location in zip(names, R_basis, locations, strict=True):
            bone = self._character.pose.bones[name]
            turn = Matrix(R.tolist()).to_quaternion()
            bone.matrix_basis = Matrix.LocRotScale(location.tolist(), turn, bone.scale)

    def rest(self, names: Sequence[str]) -> None:
        """Bones as nothing poses them, but for their scale."""
        self.pose(names, np.broadcast_to(np.eye(3), (len(names), 3, 3)), np.zeros((len(names), 3)))

    def switch(self, owner: Switchable, name: str, value: float) -> None:
        """Set a custom property or an attribute, keeping its type."""
        before = read_switch(owner, name)
        if not is_custom(owner, name) and not owner.is_property_set(name):
            self._given_back.callback(owner.property_unset, name)   # an add-on's own, as yet at its default
        self._given_back.callback(_write_switch, owner, name, before)
        _write_switch(owner, name, type(before)(value))
        self._character.update_tag()   # a custom property does not say that it changed

    def seen(self, names: Sequence[str]) -> tuple[Array, Array]:
        """How K bones stand now: R_rig_from_bone [K, 3, 3] and heads [K, 3] rig units."""
        self._character.update_tag()
        bones = self._character.evaluated_get(bpy.context.evaluated_depsgraph_get()).pose.bones
        matrices = np.array([bones[name].matrix for name in names]).reshape(-1, 4, 4)
        axes = normalised(np.swapaxes(matrices[:, :3, :3], -1, -2))
        return np.swapaxes(axes, -1, -2), matrices[:, :3, 3]

    def influence(self, owner: str, constraint: str) -> float:
        """What the influence of a constraint comes to, drivers included."""
        bones = self._character.evaluated_get(bpy.context.evaluated_depsgraph_get()).pose.bones
        return bones[owner].constraints[constraint].influence


@contextmanager
def borrowed(character: bpy.types.Object) -> Iterator[BorrowedRig]:
    """The character, free to be posed. Raises Refusal for one that Blender would not evaluate."""
    refuse_tweaking(character)
    _refuse_unseen(character)
    with ExitStack() as given_back:
        given_back.callback(_evaluate, character)
        given_back.callback(write_pose, character, pose_of(character))
        given_back.callback(_write_influences, character, influences(character))
        own = given_back.enter_context(ExitStack())
        # Its action, coming back, poses the rig anew: what was posed without keys must come back after that.
        given_back.callback(_evaluate, character)
        _set_aside(character, given_back)
        yield BorrowedRig(character, own)


def influences(character: bpy.types.Object) -> dict[tuple[str, str], float]:
    """Of all constraints, by bone and name."""
    return {(bone.name, constraint.name): constraint.influence
            for bone in character.pose.bones for constraint in bone.constraints}  # fmt: skip


def is_custom(owner: Switchable, name: str) -> bool:
    """Whether a property is one of the owner's own, not an attribute of Blender or an add-on."""
    return name not in owner.bl_rna.properties


def read_switch(owner: Switchable, name: str) -> float:
    """An attribute or a custom property. Raises KeyError where there is neither."""
    if not is_custom(owner, name):
        return getattr(owner, name)
    if isinstance(owner, bpy.types.PoseBone):
        return owner[name]
    raise KeyError(name)


def _write_switch(owner: Switchable, name: str, value: float) -> None:
    if is_custom(owner, name):
        owner[name] = value
    else:
        setattr(owner, name, value)


def _write_influences(character: bpy.types.Object, values: dict[tuple[str, str], float]) -> None:
    for (bone, name), value in values.items():
        constraint = character.pose.bones[bone].constraints[name]
        if constraint.influence != value:
            constraint.influence = value


def _set_aside(character: bpy.types.Object, given_back: ExitStack) -> None:
    """Take action and NLA off until they are given back."""
    animation = character.animation_data
    if animation is None:
        return
    given_back.callback(setattr, animation, "use_nla", animation.use_nla)
    animation.use_nla = False
    if animation.action is not None:
        given_back.callback(_give_action_back, animation, animation.action, getattr(animation, "action_slot", None))
        animation.action = None


def _give_action_back(animation: bpy.types.AnimData, action: bpy.types.Action, slot: object) -> None:
    animation.action = action
    if hasattr(animation, "action_slot"):
        animation.action_slot = slot


def _evaluate(character: bpy.types.Object) -> None:
    character.update_tag()
    bpy.context.view_layer.update()


def _refuse_unseen(character: bpy.types.Object) -> None:
    if not character.visible_get():
        raise Refusal("hidden-character", f"{character.name} is hidden, so that its rig cannot be tried out.",
                      "Show it in the viewport.")  # fmt: skip
