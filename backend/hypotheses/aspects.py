"""In what samples differ from their lift, limb by limb, in the terms in which an artist would say it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.hypotheses.samples import Samples
from motion.arrays import Array
from motion.hypotheses.limbs import WHOLE_BODY
from motion.kinematics import forward_kinematics
from motion.rotations import normalised
from motion.skeleton import JOINT, PARENTS

# Where the second and the first bone of a limb end. Legs begin at the hip, arms at the collar.
_BONE_ENDS = {f"{side}_{limb}": (f"{side}_{second}", f"{side}_{first}") for side in ("left", "right")
              for limb, second, first in (("arm", "wrist", "elbow"), ("leg", "ankle", "knee"))}  # fmt: skip
_TRUNK = [JOINT[name] for name in ("pelvis", "spine1", "spine2", "spine3")]
# What a turn moves, m: the shoulders or the face when turning, the neck or the crown when leaning.
_TRUNK_LEVERS, _HEAD_LEVERS = np.array([0.5, 0.25, 0.5]), np.array([0.2, 0.2, 0.2])
_KNEE_SHARE = 0.5   # of what both ankles do together, the knees do when the hips shift over them

Ways = tuple[tuple[str, str], tuple[str, str], tuple[str, str]]   # for each axis in positive and in negative direction
_PLACE_WAYS: Ways = (("screen right", "screen left"), ("lower", "higher"),
                     ("farther", "nearer"))  # fmt: skip
_TRUNK_WAYS: Ways = (("leaning {}° forwards", "leaning {}° backwards"),
                     ("turned {}° to their left", "turned {}° to their right"),
                     ("leaning {}° to their right", "leaning {}° to their left"))  # fmt: skip
_HEAD_WAYS: Ways = (("head {}° further down", "head {}° further up"),
                    ("head turned {}° to their left", "head turned {}° to their right"),
                    ("head tilted {}° to their right", "head tilted {}° to their left"))  # fmt: skip


@dataclass(frozen=True, eq=False)
class Aspect:
    """One thing of a limb that is elsewhere in N samples than in their lift, over T frames."""

    offset_m: Array    # [N, T, 3]; of turns, how far they move what turns
    per_metre: Array   # [3] in the unit that is said
    ways: Ways         # with a place for the number

    def words(self, offset_m: Array) -> str:
        """An offset [3] by its largest part, such as "left wrist 18 cm nearer"."""
        axis = int(np.argmax(np.abs(offset_m)))
        way = self.ways[axis][0 if offset_m[axis] > 0.0 else 1]
        return way.format(round(float(abs(offset_m[axis]) * self.per_metre[axis])))


def aspects_of(samples: Samples) -> dict[str, tuple[Aspect, ...]]:
    """What samples differ in, for each of LIMBS, in the order in which it would be named.

    Limbs are measured from where they begin, since they are taken over onto the main motion's trunk. Places are told in
    the axes of the camera turned to the person, turns in those of the body.
    """
    lift = samples.lift
    R_camera_from_joint, joints = forward_kinematics(lift.body.skeleton, lift.R_parent_from_joint, lift.root_camera)
    R_camera_from_view = _camera_from_view(lift.root_camera)
    places = {limb: np.einsum("antc,tcv->antv", _places(samples, joints, limb), R_camera_from_view)
              for limb in _BONE_ENDS}  # fmt: skip
    hips = _shared(places["left_leg"][0], places["right_leg"][0])
    for leg in ("left_leg", "right_leg"):
        places[leg] = places[leg] - np.multiply.outer([1.0, _KNEE_SHARE], hips)
    found = {limb: tuple(map(_place, _BONE_ENDS[limb], offsets)) for limb, offsets in places.items()}
    found["head"] = (_turn(samples, R_camera_from_joint, [JOINT["head"]], _HEAD_LEVERS, _HEAD_WAYS),)
    trunk = _turn(samples, R_camera_from_joint, _TRUNK, _TRUNK_LEVERS, _TRUNK_WAYS)
    return found | {WHOLE_BODY: (trunk, _place("hips", -hips))}


def _places(samples: Samples, joints_camera: Array, limb: str) -> Array:
    """[2, N, T, 3] how far the ends of a limb's second and first bone are moved against where the limb begins."""
    second, first = _BONE_ENDS[limb]
    to_first = _moved_bone(samples, joints_camera, JOINT[first])
    if limb.endswith("arm"):
        to_first = to_first + _moved_bone(samples, joints_camera, PARENTS[JOINT[first]])
    return np.stack([to_first + _moved_bone(samples, joints_camera, JOINT[second]), to_first])


def _moved_bone(samples: Samples, joints_camera: Array, joint: int) -> Array:
    """[N, T, 3] how far a joint is moved against its parent (Rodrigues)."""
    bone = joints_camera[:, joint] - joints_camera[:, PARENTS[joint]]
    turns_rad = samples.turns_rad[:, :, PARENTS[joint]]
    angle = np.linalg.norm(turns_rad, axis=-1, keepdims=True)
    across = np.cross(turns_rad, bone)
    return np.sinc(angle / np.pi) * across + 0.5 * np.sinc(angle / (2.0 * np.pi)) ** 2 * np.cross(turns_rad, across)


def _camera_from_view(root_camera: Array) -> Array:
    """[T, 3, 3] axes to the right, downwards and away, of a camera turned to the person."""
    away = normalised(root_camera)
    right = normalised(np.cross([0.0, 1.0, 0.0], away))
    return np.stack([right, np.cross(away, right), away], axis=-1)


def _shared(left: Array, right: Array) -> Array:
    """What two offsets [N, T, 3] have in common: in each direction the smaller of both, where they agree."""
    return np.where(left * right > 0.0, np.sign(left) * np.minimum(np.abs(left), np.abs(right)), 0.0)


def _place(joint: str, offset_m: Array) -> Aspect:
    name = joint.replace("_", " ")
    right, down, away = ((f"{name} {{}} cm {one}", f"{name} {{}} cm {other}") for one, other in _PLACE_WAYS)
    return Aspect(offset_m, np.full(3, 100.0), (right, down, away))


def _turn(samples: Samples, R_camera_from_joint: Array, joints: list[int], levers_m: Array, ways: Ways) -> Aspect:
    """The mean turn of some joints, in their own axes."""
    turns = np.einsum("tjba,ntjb->nta", R_camera_from_joint[:, joints], samples.turns_rad[:, :, joints]) / len(joints)
    return Aspect(turns * levers_m, np.rad2deg(1.0) / levers_m, ways)
