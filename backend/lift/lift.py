"""What a lifter makes of one track: a body in front of the camera."""

from __future__ import annotations

from dataclasses import dataclass

from backend.lift.beliefs import Beliefs
from backend.track.tracks import Track
from motion.arrays import Array, check_shape, freeze, frozen
from motion.body import Body
from motion.kinematics import attached_points, forward_kinematics


@dataclass(frozen=True, eq=False)
class LifterFeatures:
    """What the lifting network kept of each frame, for networks that ask on."""

    hidden: Array                # [T, W] its last tokens
    R_view_from_camera: Array    # [T, 3, 3] the camera turned to the person's hips, in which it thinks

    def __post_init__(self) -> None:
        freeze(self, {"hidden": "T W", "R_view_from_camera": "T 3 3"}, T=len(self.hidden))


@dataclass(frozen=True, eq=False)
class Lift:
    """One person in the camera's frame (OpenCV axes), evenly spaced in time; held or interpolated where unseen."""

    track: Track
    body: Body
    K: Array                     # [3, 3] px
    R_parent_from_joint: Array   # [T, 55, 3, 3]; entry 0 is R_camera_from_pelvis
    root_camera: Array           # [T, 3] m, the pelvis joint
    confidence: Array            # [T, 55] 0..1
    beliefs: Beliefs | None = None   # of a network; the direct lift has none
    features: LifterFeatures | None = None   # likewise

    def __post_init__(self) -> None:
        shapes = {"K": "3 3", "R_parent_from_joint": "T 55 3 3", "root_camera": "T 3", "confidence": "T 55"}
        for name, shape in shapes.items():
            array = frozen(getattr(self, name))
            check_shape(name, array, shape, T=len(self.track.times_s))
            object.__setattr__(self, name, array)

    def points_camera(self) -> Array:
        """The body's named points, [T, P, 3] m in the camera's frame."""
        R_camera_from_joint, joints_camera = forward_kinematics(
            self.body.skeleton, self.R_parent_from_joint, self.root_camera
        )
        body = self.body
        return attached_points(R_camera_from_joint, joints_camera, body.skeleton, body.points, body.model.point_joints)
