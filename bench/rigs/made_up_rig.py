"""A character in arrays: what Blender is asked to build, and what retargeting should read from it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from motion.arrays import Array
from motion.retarget.mapping.rig_mapping import RigMapping
from motion.retarget.rig.rig import Rig
from motion.rotations import matrix_from_axis_angle, normalised, smallest_rotation


@dataclass(frozen=True, eq=False)
class RigBone:
    """A bone at rest in the armature's own space, in rig units."""

    name: str
    parent: str             # "" for none
    head: Array             # [3]
    tail: Array             # [3]
    roll_rad: float         # Blender's
    deform: bool = True
    inherit_rotation: bool = True


@dataclass(frozen=True)
class RigConstraint:
    """What a control rig hangs a bone on. Its influence is 1, or driven by a number on a bone."""

    bone: str
    kind: str                           # COPY_TRANSFORMS or IK, as Blender calls them
    target: str
    chain_count: int = 0                # of IK
    pole: str = ""                      # of IK: the control towards which the limb bends
    switch: tuple[str, str] = ("", "")  # bone and custom property that drive the influence
    switched_off_at: float = 0.0        # the property's value, 0 or 1, at which the influence is 0; 1 at the other


@dataclass(frozen=True, eq=False)
class MadeUpRig:
    """A character; its object is turned, scaled evenly and moved: world = place + scale * turn @ rig."""

    name: str
    title: str
    rest: str                                       # "T", "A" or "own"
    bones: tuple[RigBone, ...]                      # parents before children
    slots: Mapping[str, tuple[str, ...]]            # the truth about which bone is what
    object_scale: float = 1.0                       # metres in one rig unit
    object_turn: Array = field(default_factory=lambda: np.eye(3))
    object_place: Array = field(default_factory=lambda: np.zeros(3))   # m
    constraints: tuple[RigConstraint, ...] = ()
    switches: tuple[tuple[str, str, float], ...] = ()   # bone, custom property and its value when the file is opened
    soles: Mapping[str, Array] = field(default_factory=dict)   # left_heel, left_ball, left_toe ..: [3] in rig units
    family: str = ""                                # of its mapping, "" for one of a kind

    def bone(self, name: str) -> RigBone:
        return next(bone for bone in self.bones if bone.name == name)

    def bone_of_sole(self, name: str) -> str:
        """The bone that deforms on which a point of the sole rides."""
        side, _, part = name.partition("_")
        return self.shown_by(self.slots[f"{side}_toe" if part == "toe" else f"{side}_foot"][0])

    def shown_by(self, name: str) -> str:
        """The bone that shows what a control does; itself where it deforms."""
        if self.bone(name).deform:
            return name
        return next(c.bone for c in self.constraints if c.target == name and self.bone(c.bone).deform)

    def end_of(self, bone: RigBone) -> Array:
        """Where the body's part ends [3], rig units: at the farthest child's head; the tail need not say."""
        heads = [child.head for child in self.bones if child.parent == bone.name and child.deform]
        farthest = max(heads, key=lambda head: np.linalg.norm(head - bone.head), default=bone.tail)
        return farthest if np.linalg.norm(farthest - bone.head) > 1e-6 else bone.tail


def as_rig(made_up: MadeUpRig) -> Rig:
    """As retargeting should read it from Blender."""
    names = tuple(bone.name for bone in made_up.bones)
    index = {name: i for i, name in enumerate(names)} | {"": -1}
    heads, tails = (np.array([getattr(bone, end) for bone in made_up.bones]) for end in ("head", "tail"))
    return Rig(
        names=names, parents=np.array([index[bone.parent] for bone in made_up.bones]), heads=heads, tails=tails,
        R_rig_from_bone=axes_of(tails - heads, np.array([bone.roll_rad for bone in made_up.bones])),
        R_world_from_rig=made_up.object_turn, scale=made_up.object_scale, origin_world=made_up.object_place,
        floor_world_m=float(made_up.object_place[2]),
        inherits_rotation=np.array([bone.inherit_rotation for bone in made_up.bones]),
    )  # fmt: skip


def slots_of(made_up: MadeUpRig) -> RigMapping:
    """The truth that finding a mapping should come to."""
    return RigMapping(made_up.slots, family=made_up.family, title=made_up.title)


def axes_of(directions: Array, rolls_rad: Array) -> Array:
    """R_rig_from_bone [B, 3, 3] of bones that point along `directions` [B, 3] with Blender's rolls [B].

    Y along the bone, by the smallest turn from the rig's Y, then turned about itself (Blender's vec_roll_to_mat3).
    """
    along = normalised(directions)
    return matrix_from_axis_angle(rolls_rad[:, None] * along) @ smallest_rotation(np.array([0.0, 1.0, 0.0]), along)
