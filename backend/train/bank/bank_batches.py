"""What a lifter trains on beside simulated detections: what the real detector said of drawn people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from backend.train.bank.bank_clip import BankClip
from backend.train.bank.packed_bank import BankFrames, PackedBank
from backend.train.batches import Batch, Teaching, seen_only
from backend.train.bodies import Bodies
from backend.train.cameras.cameras import Cameras
from backend.train.chance import Chance
from backend.train.endless import EndlessBatches, mixed_seed
from backend.train.kinematics import gravity_view, steps_between
from backend.train.part import Part
from backend.train.views import SimulatedDetections, Views


class BankBatches(EndlessBatches[Batch]):
    """Batches of a bank's clips, all as likely a frame; half of the windows are mirrored."""

    def __init__(self, clips: Sequence[BankClip], batch_size: int, frames: int,
                 device: torch.device | str = "cpu", seed: int = 0, part: Part | None = None,
                 mirrored_share: float = 0.5) -> None:  # fmt: skip
        """Of `clips` whose motion is known; with a `part`, only its rows of whole batches are made.

        Raises ValueError for a clip without motion.
        """
        super().__init__(seed)
        self.part, self.frames, self.mirrored_share = part or Part.of(batch_size), frames, mirrored_share
        self.device = torch.device(device)
        self._bank = PackedBank(clips, device)

    @property
    def lengths(self) -> Tensor:
        """[C] frames of the clips."""
        return self._bank.lengths[: self._bank.count]

    @torch.no_grad()
    def batch(self, number: int) -> Batch:
        """Mirrored windows have zero features; rates differ from 30 Hz where the clips' do."""
        rows = self.part.rows
        chance = Chance.seeded(mixed_seed(self.seed, number), self.device, self.part)
        clip = chance.one_of(self._bank.lengths[: self._bank.count], rows)
        room = (self._bank.lengths[clip] - self.frames).clamp(min=0)
        start = (chance.uniform(0.0, 1.0, rows) * (room + 1)).long().clamp(max=room)
        return replace(self.windows(clip, start, chance.yes(self.mirrored_share, rows)), part=self.part)

    def windows(self, clip: Tensor, start: Tensor, mirrored: Tensor) -> Batch:
        """The windows from frame `start` [B] of clips [B] on, left for right where `mirrored` [B] says so."""
        bank, stored = self._bank, clip + self._bank.count * mirrored
        place, inside = bank.places(stored, start, self.frames)
        frames, shots = bank.frames[place], bank.shots[stored]
        cameras = Cameras(frames.R_camera_from_world, frames.t_camera_from_world, shots.K, shots.size_px, shots.kind)
        teaching = Teaching(inside, shots.joints, shots.path, shots.speed, shots.contacts)
        return _batch(clip, frames, cameras, bank.bodies[stored], teaching, shots.rate_hz)


def _batch(clip: Tensor, frames: BankFrames, cameras: Cameras, bodies: Bodies, teaching: Teaching,
           rate_hz: Tensor) -> Batch:  # fmt: skip
    said = SimulatedDetections(frames.said_px, frames.scores, frames.said_camera, frames.seen)
    said = seen_only(said, teaching.inside)
    return Batch(
        clip=clip,
        views=Views(frames.landmarks_camera, cameras.K, cameras.size_px, frames.hidden.float(), rate_hz),
        detections=said,
        cameras=cameras,
        bodies=bodies,
        teaching=teaching,
        R_parent_from_joint=frames.R_parent_from_joint,
        R_gravity_view_from_pelvis=gravity_view(cameras.down_camera) @ frames.R_parent_from_joint[:, :, 0],
        root_camera=frames.joints_camera[:, :, 0],
        root_velocity=frames.root_velocity,
        joints_camera=frames.joints_camera,
        still=frames.still,
        R_camera_from_previous=steps_between(cameras.R_camera_from_world),
        part=Part.of(len(clip)),
        features=frames.features.float() * said.seen[..., None],
    )
