"""What a lifter makes of one track: a body in front of the camera."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from backend.lift.beliefs import Beliefs
from backend.track.tracks import Track
from motion.arrays import Array, freeze
from motion.body import Body
from motion.kinematics import attached_points, forward_kinematics


@dataclass(frozen=True, eq=False)
class LifterFeatures:
    """What the lifting network kept of each frame, for networks that ask on."""

    hidden: Array                # [T, W] its last tokens
    R_view_from_camera: Array    # [T, 3, 3] the camera turned to the person's hips, in which it thinks

    def __post_init__(self) -> None:
        freeze(self, {"hidden": "T W", "R_view_from_camera": "T 3 3"}, T=len(self.hidden))

    def during(self, frames: slice) -> LifterFeatures:
        return LifterFeatures(self.hidden[frames], self.R_view_from_camera[frames])


@dataclass(frozen=True, eq=False)
class OtherView:
    """What another camera, which stands, saw of the same person at the same times."""

    landmarks_px: Array           # [T, 33, 2] px, NaN where nobody is seen
    scores: Array                 # [T, 33] 0..1
    bias_px: Array                # [T, 33, 2] by how much a network sees landmarks beside the body's points
    K: Array                      # [3, 3] px
    R_view_from_camera: Array     # [3, 3] from the axes of the lift's own camera
    t_view_from_camera: Array     # [3] m

    def __post_init__(self) -> None:
        freeze(self, {"landmarks_px": "T 33 2", "scores": "T 33", "bias_px": "T 33 2", "K": "3 3",
                      "R_view_from_camera": "3 3", "t_view_from_camera": "3"}, T=len(self.scores))  # fmt: skip

    def in_view(self, points_camera: Array) -> Array:
        """Points [..., 3] m of the lift's own camera in the frame of this one."""
        return points_camera @ self.R_view_from_camera.T + self.t_view_from_camera

    def during(self, frames: slice) -> OtherView:
        return replace(self, landmarks_px=self.landmarks_px[frames], scores=self.scores[frames],
                       bias_px=self.bias_px[frames])  # fmt: skip


@dataclass(frozen=True, eq=False)
class Lift:
    """One person in the camera's frame (OpenCV axes), evenly spaced in time; held or interpolated where unseen.

    Where only other views see the person, the track's landmarks are where this camera would see them, with scores of
    zero.
    """

    track: Track
    body: Body
    K: Array                     # [3, 3] px
    R_parent_from_joint: Array   # [T, 55, 3, 3]; entry 0 is R_camera_from_pelvis
    root_camera: Array           # [T, 3] m, the pelvis joint
    confidence: Array            # [T, 55] 0..1
    beliefs: Beliefs | None = None   # of a network; the direct lift has none
    features: LifterFeatures | None = None   # likewise
    others: tuple[OtherView, ...] = ()   # of the same take
    seen_height_m: float | None = None   # how tall a network takes the person for, whatever the body is

    def __post_init__(self) -> None:
        freeze(self, {"K": "3 3", "R_parent_from_joint": "T 55 3 3", "root_camera": "T 3", "confidence": "T 55"},
               T=len(self.track.times_s))  # fmt: skip

    def during(self, frames: slice) -> Lift:
        """The same person in some of the frames, evenly spaced."""
        beliefs = None if self.beliefs is None else replace(self.beliefs, **{
            field.name: getattr(self.beliefs, field.name)[frames] for field in fields(self.beliefs)})  # fmt: skip
        return replace(
            self, track=self.track.during(frames), R_parent_from_joint=self.R_parent_from_joint[frames],
            root_camera=self.root_camera[frames], confidence=self.confidence[frames], beliefs=beliefs,
            features=None if self.features is None else self.features.during(frames),
            others=tuple(view.during(frames) for view in self.others),
        )  # fmt: skip

    def points_camera(self) -> Array:
        """The body's named points, [T, P, 3] m in the camera's frame."""
        R_camera_from_joint, joints_camera = forward_kinematics(
            self.body.skeleton, self.R_parent_from_joint, self.root_camera
        )
        body = self.body
        return attached_points(R_camera_from_joint, joints_camera, body.skeleton, body.points, body.model.point_joints)
