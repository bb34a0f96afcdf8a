"""How far samples fall beside what the camera saw, joint by joint; nothing of the truth is asked.

FMPose3D measures each joint's own place in the picture, about the true root. A joint's place is the work of all joints
above it; the orientation that a sample turns shows in the bone that it holds. So a joint is judged by the way from one
landmark to the next in the picture, on which neither the root's place nor the joints above have a say: on every second
clip of rendered_dev weights by places made the mean of 20 Gaussian samples worse (94.3 mm to 95.6), weights by bones
better (91.8).

Nothing else has a say. With a flow whose 40 samples had 91.0 mm there in the mean and 89.9 by bones in the picture, the
detector's own metres beside them made it 90.3 to 93.8, feet that rest on one level 90.3 to 90.9; how far knees and
elbows bend and whether limbs go through the body changed nothing (89.9), since a flow's samples hardly ever do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from backend.cameras.projection import projected
from backend.hypotheses.samples import Samples
from backend.lift.refine.trust import trust_in
from motion.arrays import Array
from motion.landmarks import LANDMARK, LANDMARK_COUNT
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES, other_side

# From which landmarks to which the bone lies that a joint holds, of the left side and the middle. Joints of the trunk
# have no landmarks of their own: those of the spine share the way from hips to shoulders, the upper one the line of
# the shoulders, the neck the way to the ears.
_HIPS, _SHOULDERS, _EARS = (("left_" + part, "right_" + part) for part in ("hip", "shoulder", "ear"))
_BONES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType({
    "pelvis": (("right_hip",), ("left_hip",)),
    "spine1": (_HIPS, _SHOULDERS), "spine2": (_HIPS, _SHOULDERS), "spine3": (("right_shoulder",), ("left_shoulder",)),
    "neck": (_SHOULDERS, _EARS), "head": (_EARS, ("nose",)),
    "left_hip": (("left_hip",), ("left_knee",)), "left_knee": (("left_knee",), ("left_ankle",)),
    "left_ankle": (("left_heel",), ("left_foot_index",)), "left_foot": (("left_heel",), ("left_foot_index",)),
    "left_collar": (_SHOULDERS, ("left_shoulder",)), "left_shoulder": (("left_shoulder",), ("left_elbow",)),
    "left_elbow": (("left_elbow",), ("left_wrist",)), "left_wrist": (("left_wrist",), ("left_index", "left_pinky")),
})  # fmt: skip


def _ways() -> Array:
    """[22, 33] by which landmarks are multiplied to become the way that a joint holds."""
    ways = np.zeros((BODY_JOINT_COUNT, LANDMARK_COUNT))
    for joint, name in enumerate(JOINT_NAMES[:BODY_JOINT_COUNT]):
        is_right = name not in _BONES
        for sign, ends in zip((-1.0, 1.0), _BONES[other_side(name) if is_right else name], strict=True):
            for end in ends:
                ways[joint, LANDMARK[other_side(end) if is_right else end]] += sign / len(ends)
    return ways


_WAYS = _ways()


def picture_distances(samples: Samples) -> Array:
    """[N, T, 22] of the samples' bones from those of the detected landmarks, 0 where unseen.

    In sigmas of the landmarks: so it is the same in pictures of any size and at any distance, and what the detector is
    not sure of, or what lies outside of the picture, says less. Landmarks are taken without the bias that the lifter
    sees in them. Pictures of several cameras make one distance, the root of the sum of their squares.
    """
    trust = trust_in(samples.lift)
    own = _Bones.of(trust.landmarks_px, trust.sigma_px, samples.lift.K)
    others = [(_Bones.of(view.landmarks_px, view.sigma_px, view.K), view) for view in trust.others]
    return np.stack([_together([own.distances(body.points),
                                *(bones.distances(view.in_view(body.points)) for bones, view in others)])
                     for body in samples.bodies()])  # fmt: skip


def _together(distances: Sequence[Array]) -> Array:
    return distances[0] if len(distances) == 1 else np.sqrt(np.sum(np.square(distances), axis=0))


@dataclass(frozen=True, eq=False)
class _Bones:
    """As one camera saw them."""

    wanted_px: Array    # [T, 33, 2]
    certainty: Array    # [T, 22] one over sigma in pixels; 0 where a bone is not told of
    K: Array

    @classmethod
    def of(cls, landmarks_px: Array, sigma_px: Array, K: Array) -> _Bones:
        known = np.isfinite(landmarks_px).all(axis=-1) & np.isfinite(sigma_px)
        told = ~np.any(~known[:, None] & (_WAYS != 0.0), axis=-1)
        bone_sigma_px = np.sqrt(np.where(known, sigma_px, 1.0) ** 2 @ (_WAYS**2).T)
        return cls(np.where(known[..., None], landmarks_px, 0.0), np.where(told, 1.0 / bone_sigma_px, 0.0), K)

    def distances(self, points: Array) -> Array:
        """[T, 22] in sigmas, of a body's points [T, 33, 3] m before this camera."""
        return self.certainty * np.linalg.norm(_WAYS @ (projected(points, self.K) - self.wanted_px), axis=-1)
