"""All clips of a bank on the training device at once, from which windows are gathered by index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from backend.detect.pose_network import MIRRORED
from backend.lift.network.mirror import other_sides
from backend.train.bank.bank_clip import BankClip, BankMotion
from backend.train.bodies import Bodies, BodyFamily
from backend.train.cameras.cameras import KINDS
from backend.train.kinematics import forward_kinematics
from backend.train.motions.training_clip import RATE_HZ
from backend.train.rows import Rows
from motion.arrays import Array
from motion.contacts.believe import STILL_POINTS
from motion.skeleton import BODY_JOINT_COUNT, JOINT_NAMES

_JOINT_MIRROR = other_sides(JOINT_NAMES[:BODY_JOINT_COUNT])
_STILL_MIRROR = other_sides(STILL_POINTS)
_LANDMARK_MIRROR = MIRRORED.tolist()
_OF_CLIP = ("landmarks_camera", "joints_camera", "hidden", "R_camera_from_world", "seen", "said_px", "said_camera",
            "scores", "features")  # fmt: skip
_OF_MOTION = ("R_parent_from_joint", "still", "t_camera_from_world")
AnyRows = TypeVar("AnyRows", bound=Rows)


@dataclass(frozen=True, eq=False)
class BankFrames(Rows):
    """Frames [...] of the bank: fields as of BankClip and BankMotion, m and px, camera as in OpenCV."""

    landmarks_camera: Tensor        # [..., 33, 3]
    joints_camera: Tensor           # [..., 22, 3]
    hidden: Tensor                  # [..., 33]
    R_camera_from_world: Tensor     # [..., 3, 3]
    seen: Tensor                    # [...]
    said_px: Tensor                 # [..., 33, 2]
    said_camera: Tensor             # [..., 33, 3]
    scores: Tensor                  # [..., 33]
    features: Tensor                # [..., F]
    R_parent_from_joint: Tensor     # [..., 22, 3, 3]
    still: Tensor                   # [..., 6]
    t_camera_from_world: Tensor     # [..., 3]
    root_velocity: Tensor           # [..., 3] m/s in the pelvis' frame, to the next frame; a clip's last is repeated

    def mirrored(self, width_px: Tensor) -> BankFrames:
        """Left for right, in pictures of width_px [...]; the world is mirrored across its X, features are zero.

        What a real detector says of a mirror image is the mirror image of what it says: the product looks at both and
        takes the mean. What its network feels is not.
        """
        flip = torch.tensor([-1.0, 1.0, 1.0], device=width_px.device)
        turn = flip[:, None] * flip
        said_px = self.said_px[..., _LANDMARK_MIRROR, :]
        x_px = torch.where(self.seen[..., None], width_px[..., None] - said_px[..., 0], 0.0)
        return replace(
            self,
            landmarks_camera=self.landmarks_camera[..., _LANDMARK_MIRROR, :] * flip,
            joints_camera=self.joints_camera[..., _JOINT_MIRROR, :] * flip,
            hidden=self.hidden[..., _LANDMARK_MIRROR],
            R_camera_from_world=self.R_camera_from_world * turn,
            said_px=torch.stack([x_px, said_px[..., 1]], -1),
            said_camera=self.said_camera[..., _LANDMARK_MIRROR, :] * flip,
            scores=self.scores[..., _LANDMARK_MIRROR],
            features=torch.zeros_like(self.features),
            R_parent_from_joint=self.R_parent_from_joint[..., _JOINT_MIRROR, :, :] * turn,
            still=self.still[..., _STILL_MIRROR],
            t_camera_from_world=self.t_camera_from_world * flip,
            root_velocity=self.root_velocity * flip,
        )


@dataclass(frozen=True, eq=False)
class BankShots(Rows):
    """What holds for a whole clip [C]: its camera, and what of it is true to life as of Teaches."""

    K: Tensor           # [C, 3, 3]
    size_px: Tensor     # [C, 2]
    rate_hz: Tensor     # [C] after frames were left out
    kind: Tensor        # [C] index into KINDS
    joints: Tensor      # [C, 22]
    path: Tensor        # [C]
    speed: Tensor       # [C]
    contacts: Tensor    # [C]

    def mirrored(self) -> BankShots:
        """Left for right."""
        K = self.K.clone()
        K[:, 0, 2] = self.size_px[:, 0] - K[:, 0, 2]
        return replace(self, K=K, joints=self.joints[:, _JOINT_MIRROR])


class PackedBank:
    """C clips one after another as tensors, at the rate nearest to 30 Hz that leaving out frames gives.

    Each is there twice: clip C + c is clip c left for right, which batch by batch would take most of a batch's time.
    """

    def __init__(self, clips: Sequence[BankClip], device: torch.device | str = "cpu") -> None:
        """`clips` of at least one frame each. Raises ValueError for a clip without motion."""
        strides = [max(1, round(clip.origin.rate_hz / RATE_HZ)) for clip in clips]
        rates_hz = [clip.origin.rate_hz / stride for clip, stride in zip(clips, strides)]
        motions = [_motion(clip) for clip in clips]
        lengths = [len(clip.seen[::stride]) for clip, stride in zip(clips, strides)]
        self.count = len(clips)
        self.lengths = torch.tensor(2 * lengths, device=device)
        self.first = self.lengths.cumsum(0) - self.lengths
        shots = _shots(clips, motions, rates_hz, device)
        frames = _frames(clips, motions, strides, rates_hz, device)
        clip = torch.repeat_interleave(torch.arange(self.count, device=device), self.lengths[: self.count])
        bodies = _filmed_bodies(clips, motions, frames, clip)
        self.shots = _both(shots, shots.mirrored())
        self.frames = _both(frames, frames.mirrored(shots.size_px[clip, 0]))
        self.bodies = _both(bodies, bodies.mirrored())

    def places(self, clip: Tensor, start: Tensor, frames: int) -> tuple[Tensor, Tensor]:
        """Indices into `frames` [B, T] from frame `start` [B] of each clip [B] on, and which are inside of the clip.

        Beyond a clip's end its last frame is held.
        """
        place = start[:, None] + torch.arange(frames, device=clip.device)
        last = self.lengths[clip][:, None] - 1
        return self.first[clip][:, None] + torch.minimum(place, last), place <= last


def _filmed_bodies(clips: Sequence[BankClip], motions: list[BankMotion], frames: BankFrames, clip: Tensor) -> Bodies:
    """The bodies as they were filmed: landmarks lie where the renderer put them, soles where shapes alike do.

    `clip` [N] tells of which clip each of the frames is.
    """
    family = BodyFamily(clip.device)
    bodies = family.on_skeletons(_stacked([motion.rest_joints for motion in motions], clip.device))
    R, joints = forward_kinematics(
        frames.R_parent_from_joint[:, None], frames.joints_camera[:, None, 0], bodies.rest_joints[clip]
    )
    riding = family.landmark_joints
    R, joints = R[:, 0, riding], joints[:, 0, riding]
    offsets = (R.transpose(-1, -2) @ (frames.landmarks_camera - joints)[..., None])[..., 0]
    sums = torch.zeros_like(bodies.landmarks_rest).index_add_(0, clip, offsets)
    landmarks = bodies.rest_joints[:, riding] + sums / torch.bincount(clip)[:, None, None]
    heights_m = torch.tensor([clip.origin.body_height_m for clip in clips], device=clip.device)
    return replace(bodies, height_m=heights_m, landmarks_rest=landmarks)


def _both(one: AnyRows, other: AnyRows) -> AnyRows:
    """The rows of both, one after another."""
    return type(one)(*(torch.cat([getattr(rows, field.name) for rows in (one, other)]) for field in fields(one)))


def _motion(clip: BankClip) -> BankMotion:
    if clip.motion is None:
        raise ValueError(f"clip {clip.origin.index} of the bank holds no motion")
    return clip.motion


def _shots(clips: Sequence[BankClip], motions: list[BankMotion], rates_hz: list[float],
           device: torch.device | str) -> BankShots:  # fmt: skip
    def bools(name: str) -> Tensor:
        return torch.tensor([getattr(motion.teaches, name) for motion in motions], device=device)

    return BankShots(
        K=_stacked([clip.K for clip in clips], device).float(),
        size_px=_stacked([clip.size_px for clip in clips], device).float(),
        rate_hz=torch.tensor(rates_hz, dtype=torch.float32, device=device),
        kind=torch.tensor([KINDS.index(clip.origin.camera) for clip in clips], device=device),
        joints=bools("joints"), path=bools("path"), speed=bools("speed"), contacts=bools("contacts"),
    )  # fmt: skip


def _frames(clips: Sequence[BankClip], motions: list[BankMotion], strides: list[int], rates_hz: list[float],
            device: torch.device | str) -> BankFrames:  # fmt: skip
    parts = []
    for clip, motion, stride, rate_hz in zip(clips, motions, strides, rates_hz):
        cut = {name: getattr(owner, name)[::stride] for owner, names in ((clip, _OF_CLIP), (motion, _OF_MOTION))
               for name in names}  # fmt: skip
        cut["root_velocity"] = root_velocity(cut["joints_camera"][:, 0], cut["R_parent_from_joint"][:, 0],
                                             cut["R_camera_from_world"], cut["t_camera_from_world"], rate_hz)
        parts.append(cut)
    return BankFrames(**{name: _stacked([part[name] for part in parts], device, joined=True) for name in parts[0]})


def root_velocity(root_camera: Array, R_camera_from_pelvis: Array, R_camera_from_world: Array,
                  t_camera_from_world: Array, rate_hz: float) -> Array:  # fmt: skip
    """[T, 3] m/s in the pelvis' frame of a root [T, 3] m before a camera that itself moves; the last is repeated."""
    if len(root_camera) < 2:
        return np.zeros_like(root_camera)
    root_world = np.einsum("tji,tj->ti", R_camera_from_world, root_camera - t_camera_from_world)
    R_world_from_pelvis = np.swapaxes(R_camera_from_world, 1, 2) @ R_camera_from_pelvis
    velocity = np.einsum("tji,tj->ti", R_world_from_pelvis[:-1], rate_hz * np.diff(root_world, axis=0))
    return np.concatenate([velocity, velocity[-1:]])


def _stacked(arrays: Sequence[Array], device: torch.device | str, joined: bool = False) -> Tensor:
    """Arrays stacked, or one after another; floats keep their width."""
    return torch.from_numpy((np.concatenate if joined else np.stack)(arrays)).to(device)
