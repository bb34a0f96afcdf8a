"""The motions that can be brought to a character: a person of a take, a file, any armature that moves."""

from __future__ import annotations

from dataclasses import dataclass

from ...motion.arrays import Array
from ...motion.retarget.source_pose import SourcePose


@dataclass(frozen=True, eq=False)
class Source:
    """A motion as it is now, and where it lies in the scene's time."""

    pose: SourcePose
    frames: Array    # [T] scene frames, evenly spaced
    name: str        # of the motion
