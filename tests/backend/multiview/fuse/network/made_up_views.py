"""A made-up person before several made-up cameras, and lifters with weights of chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lift_network import inputs_of_row
from backend.lift.network.sampling import rows_of
from backend.multiview.fuse.network.meeting import MeetingConfiguration
from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
from backend.multiview.fuse.network.together import Together
from backend.multiview.rig import Rig
from motion.arrays import Array
from motion.rotations import matrix_from_axis_angle
from tests.backend.lift.made_up_track import K, MadeUp, reaching_and_stepping, seen
from tests.backend.lift.network.made_up_inputs import SMALL, some_lifter

ROOT = (0.2, 0.1, 4.0)
WANTED = MeetingConfiguration(width=8, heads=2, before_blocks=(0, 1), numbers_width=12)


def around(*angles_rad: float, frames: int = 45, rate: float = 30.0) -> tuple[list[MadeUp], Rig]:
    """What cameras see that stand at these angles from the first, about the person's upright axis."""
    first = reaching_and_stepping(root=ROOT, frames=frames, rate=rate)
    turns = matrix_from_axis_angle(np.array([[0.0, angle, 0.0] for angle in (0.0, *angles_rad)]))
    places = np.array([np.array(ROOT) - R @ np.array(ROOT) for R in turns])
    made = [_seen_by(first, R, place, rate) for R, place in zip(turns, places, strict=True)]
    count = len(turns)
    return made, Rig(np.tile(K, (count, 1, 1)), turns, places, np.zeros(count), np.ones(count))


def _seen_by(first: MadeUp, R_first_from_camera: Array, place_first: Array, rate: float) -> MadeUp:
    pose = first.R_parent_from_joint.copy()
    pose[:, 0] = R_first_from_camera.T @ pose[:, 0]
    root = (np.tile(ROOT, (len(pose), 1)) - place_first) @ R_first_from_camera
    return seen(first.body, pose, root, rate)


def some_multiview_lifter(wanted: MeetingConfiguration = WANTED) -> MultiviewLifter:
    """Of a small lifter; what was added says something."""
    lifter = MultiviewLifter(some_lifter(SMALL), wanted).eval()
    generator = torch.Generator().manual_seed(3)
    for values in lifter.meetings.parameters():
        torch.nn.init.normal_(values, std=0.05, generator=generator)
    return lifter.requires_grad_(False)


def inputs_of_views(made: Sequence[MadeUp]) -> LifterInputs:
    """One take, its views as rows."""
    rows = [inputs_of_row(each.track, K, rows_of(len(each.track.times_s), 30.0)[0], "cpu") for each in made]
    return LifterInputs(*(torch.cat([getattr(row, name) for row in rows]) for name in (
        "landmarks_px", "scores", "landmarks_camera", "seen", "K", "R_camera_from_previous")))  # fmt: skip


def together_of(rig: Rig, known: bool = True) -> Together:
    return Together(torch.from_numpy(rig.R_first_from_camera.copy())[None].float(),
                    torch.from_numpy(rig.places_first.copy())[None].float(), torch.tensor([known]))  # fmt: skip
