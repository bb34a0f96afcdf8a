"""The direct lift: from MediaPipe's landmarks to joint rotations in closed form, no network.

Baseline and fallback: bones keep their length, limbs point where the picture shows their ends, depth follows the
detector, twists come from the planes in which elbows and knees bend and from hands and feet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from backend.cameras.projection import root_by_reprojection
from backend.lift.direct.evidence import DepthBelief, Evidence, SmoothingSettings, gather
from backend.lift.direct.limbs import pose_arm, pose_leg
from backend.lift.direct.trunk import mid_hip_offset, pose_neck, trunk_orientations
from backend.lift.fingers import pose_fingers
from backend.lift.lift import Lift
from backend.lift.root import DEPTH_SMOOTHING_S, root_over_landmarks
from backend.lift.score_of_joints import joint_confidence
from backend.track.tracks import Track
from motion.arrays import Array
from motion.body import Body
from motion.kinematics import local_rotations
from motion.landmarks import LIMB_LANDMARKS
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations
from motion.skeleton import JOINT, JOINT_COUNT

_SURE_SCORE = 0.6   # mean over the limbs
_PASSES = 3   # root from landmarks, pose at that root, root from the posed body, and again: settled to a millimetre


@dataclass(frozen=True)
class DirectSettings:
    """How landmarks become rotations in closed form."""

    smoothing: SmoothingSettings = field(default_factory=SmoothingSettings)
    depth: DepthBelief = field(default_factory=DepthBelief)
    depth_smoothing_s: float = DEPTH_SMOOTHING_S   # of the person's distance


def lift_direct(track: Track, body: Body, K: Array, settings: DirectSettings) -> Lift:
    """Pose and place of one tracked person in the camera's frame. The track must be seen on at least one frame."""
    evidence = gather(track, body, K, settings.smoothing, settings.depth)
    R_camera_from_joint, root = _solve(evidence, body, K, settings)
    R_parent_from_joint = local_rotations(R_camera_from_joint)
    for number, side in enumerate(("left", "right")):
        pose_fingers(R_parent_from_joint, R_camera_from_joint[:, JOINT[f"{side}_wrist"]],
                     evidence.hands_camera[:, number], evidence.hand_scores[:, number], body, side)  # fmt: skip
    return Lift(
        track=track,
        body=body,
        K=K,
        R_parent_from_joint=_bridged(R_parent_from_joint, evidence),
        root_camera=interpolate_linear(root, track.times_s[evidence.frames], track.times_s),
        confidence=joint_confidence(track.scores) * track.seen[:, None],
    )


def _bridged(R_parent_from_joint: Array, evidence: Evidence) -> Array:
    """Poses [S, 55, 3, 3] of the seen frames spread over the track: elsewhere from the nearest sure frames.

    The last frames before somebody is lost often show a broken pose, which must not be held.
    """
    sure = evidence.scores[:, LIMB_LANDMARKS].mean(axis=1) >= _SURE_SCORE
    if not sure.any():
        sure[:] = True
    seen_s = evidence.times_s[evidence.frames]
    whole = interpolate_rotations(R_parent_from_joint[sure], seen_s[sure], evidence.times_s)
    whole[evidence.frames] = R_parent_from_joint
    return whole


def _solve(evidence: Evidence, body: Body, K: Array, settings: DirectSettings) -> tuple[Array, Array]:
    """R_camera_from_joint [S, 55, 3, 3] and root [S, 3] m on the seen frames."""
    mid_hip = root_by_reprojection(evidence.landmarks_camera, evidence.landmarks_px, evidence.weights, K)
    root = None
    for _ in range(_PASSES):
        depth = mid_hip[:, 2] if root is None else root[:, 2]
        R = _trunk(evidence, body, depth)
        if root is None:
            root = mid_hip - R[:, 0] @ mid_hip_offset(body)
        pose_neck(R, root, evidence, body)
        for side in ("left", "right"):
            pose_arm(R, root, evidence, body, side)
            pose_leg(R, root, evidence, body, side)
        root = root_over_landmarks(local_rotations(R), evidence, body, K, settings.depth_smoothing_s)
    return R, root


def _trunk(evidence: Evidence, body: Body, depth: Array) -> Array:
    """R_camera_from_joint [S, 55, 3, 3] with the trunk in place, limbs still in the chest's and pelvis' pose."""
    R = np.broadcast_to(np.eye(3), (len(depth), JOINT_COUNT, 3, 3)).copy()
    for name, orientation in trunk_orientations(evidence, body, depth).items():
        R[:, JOINT[name]] = orientation
    return R
