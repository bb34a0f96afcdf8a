"""A plain copy of a character for the file: bones without constraints, keyed at every frame, on an object at rest.

The armature object of the copy is where the file wants it. Where the artist's object stands, and how it is turned,
goes into the roots' motion; how it is scaled and tilted (Mixamo's lie on their back, a hundredth in size) into the rest
pose, so that programs find the character upright and as tall as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...motion.arrays import Array
from ...motion.rotations import (
    matrix_from_axis_angle,
    matrix_from_quaternion,
    nearest_rotation,
    quaternion_from_matrix,
)
from .plain_bones import PlainBones
from .seen_motion import SeenMotion

_Y_UP = matrix_from_axis_angle(np.array([0.5 * np.pi, 0.0, 0.0]))   # the world, which has Z up, from one with Y up
_SAME_SIZE = 1e-4


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the armature object of a file stands in the world of Blender, and what its unit is."""

    R_world_from_file: Array   # [3, 3]
    unit: float                # Blender units

    def world_from_file(self) -> Array:
        whole = np.eye(4)
        whole[:3, :3] = self.unit * self.R_world_from_file
        return whole

    def to_file(self, points_world: Array) -> Array:
        return points_world @ self.R_world_from_file / self.unit


def layout_of(name: str, metres_per_unit: float) -> Layout:
    """The layout called `name` (format.Layout) in a scene whose unit has so many metres."""
    if name == "blender":
        return Layout(np.eye(3), 1.0)
    return Layout(_Y_UP, (0.01 if name == "y_up_cm" else 1.0) / metres_per_unit)


@dataclass(frozen=True, eq=False)
class StandIn:
    """A plain character in the axes and the unit of a file."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    rest: Array            # [B, 4, 4] turns and heads
    lengths: Array         # [B]
    R_file_from_rest: Array   # [T, B, 3, 3] how far each bone has turned
    heads: Array           # [T, B, 3]
    sizes: Array           # [T, B] as many times as large as at rest
    file_from_object: Array   # [4, 4] where points of the artist's object come to lie at rest
    motion: SeenMotion

    @property
    def is_resized(self) -> bool:
        return bool(np.ptp(self.sizes) > _SAME_SIZE or abs(self.sizes.flat[0] - 1.0) > _SAME_SIZE)


def stand_in_of(motion: SeenMotion, bones: PlainBones, layout: Layout) -> StandIn:
    """The stand-in of what was seen of some bones."""
    stood = motion.world_from_object[0]
    scale = np.cbrt(np.linalg.det(stood[:3, :3]))
    R_world_from_object = _tilt(stood[:3, :3] / scale)
    file_from_object = np.eye(4)
    file_from_object[:3, :3] = layout.R_world_from_file.T @ R_world_from_object * (scale / layout.unit)
    world_from_bone = _seen(motion, bones)
    sizes = np.cbrt(np.linalg.det(world_from_bone[..., :3, :3]))
    R_world_from_bone = nearest_rotation(world_from_bone[..., :3, :3])
    R_rest = layout.R_world_from_file.T @ R_world_from_object @ bones.rest[:, :3, :3]
    rest = np.tile(np.eye(4), (len(bones.names), 1, 1))
    rest[:, :3, :3] = R_rest
    rest[:, :3, 3] = bones.rest[:, :3, 3] @ file_from_object[:3, :3].T
    return StandIn(
        bones.names, bones.parents, rest, bones.lengths * (scale / layout.unit),
        layout.R_world_from_file.T @ R_world_from_bone @ np.swapaxes(R_rest, -1, -2),
        layout.to_file(world_from_bone[..., :3, 3]), _as_usd_keeps(sizes / scale, bones.parents), file_from_object,
        motion,
    )  # fmt: skip


def _as_usd_keeps(sizes: Array, parents: tuple[int, ...]) -> Array:
    """Sizes [T, B] that a bone has of its parent's in half precision, to which USD cuts them down.

    Places of bones below are then told from these, and not off by some tenths of a millimetre.
    """
    kept = np.array(sizes)
    for place, parent in enumerate(parents):
        above = kept[:, parent] if parent >= 0 else 1.0
        kept[:, place] = above * (sizes[:, place] / above).astype(np.float16)
    return kept


def _tilt(R_world_from_object: Array) -> Array:
    """A turn without its turn about the vertical (swing without twist; P. Dobrowolski 2015)."""
    w, _, _, z = quaternion_from_matrix(R_world_from_object)
    if w * w + z * z < 1e-12:
        return R_world_from_object
    return matrix_from_quaternion(np.array([w, 0.0, 0.0, -z])) @ R_world_from_object


def _seen(motion: SeenMotion, bones: PlainBones) -> Array:
    """The bones [T, B, 4, 4] in the world; a root that was added moves with the object."""
    if not bones.has_added_root:
        return motion.world_from_bone
    return np.concatenate([motion.world_from_object[:, None], motion.world_from_bone], axis=1)


def basis_of(stand_in: StandIn, rest: Array) -> tuple[Array, Array, Array]:
    """Keys of bones that rest at `rest` [B, 4, 4]: quaternions wxyz [T, B, 4], locations [T, B, 3], sizes [T, B].

    Blender nearly keeps the rest that it is given; what it kept counts.
    """
    posed = np.tile(np.eye(4), (*stand_in.sizes.shape, 1, 1))
    posed[..., :3, :3] = stand_in.R_file_from_rest @ rest[:, :3, :3] * stand_in.sizes[..., None, None]
    posed[..., :3, 3] = stand_in.heads
    parents = np.array(stand_in.parents)
    below = parents >= 0
    rest_local, posed_local = rest.copy(), posed.copy()
    rest_local[below] = np.linalg.inv(rest[parents[below]]) @ rest[below]
    posed_local[:, below] = np.linalg.inv(posed[:, parents[below]]) @ posed[:, below]
    basis = np.linalg.inv(rest_local) @ posed_local
    sizes = np.cbrt(np.linalg.det(basis[..., :3, :3]))
    return quaternion_from_matrix(basis[..., :3, :3] / sizes[..., None, None]), basis[..., :3, 3], sizes
