"""A source taken at other moments: some of its frames, or another rate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...arrays import Array
from ...contacts.contacts import Contacts
from ...resample import interpolate_linear
from ...rotations import interpolate_rotations
from .source_pose import SourcePose


def sampled(source: SourcePose, indices: Array, rate: float) -> SourcePose:
    """`source` at frame numbers [N] of its own, rising and in between too, which then follow at `rate` a second.

    Orientations go along shortest arcs, places linearly; contacts are those of the nearest frame.
    """
    own = np.arange(source.frame_count, dtype=float)
    return replace(
        source, rate=rate,
        R_world_from_joint=interpolate_rotations(source.R_world_from_joint, own, indices),
        joints_world=interpolate_linear(source.joints_world, own, indices),
        contacts=_at(source.contacts, np.rint(indices).astype(np.int64)),
    )  # fmt: skip


def _at(contacts: Contacts, frames: Array) -> Contacts:
    return replace(contacts, held=contacts.held[frames], probability=contacts.probability[frames],
                   height_m=contacts.height_m[frames])  # fmt: skip
