"""Shots of edited footage: between two hard cuts everybody moves in one world, before one camera."""

from __future__ import annotations

from collections.abc import Sequence

from .motion import Motion


def shots_of(motions: Sequence[Motion]) -> list[int]:
    """The shot of each motion, 0, 1, ... in the order of time.

    A captured motion has the frames of its shot and no others, so that motions of one shot are those that share time.
    """
    shots = [0] * len(motions)
    shot, end_s = -1, -float("inf")
    for index in sorted(range(len(motions)), key=lambda index: motions[index].start_s):
        motion = motions[index]
        if motion.start_s > end_s - 0.5 / float(motion.rate):
            shot += 1
        shots[index] = shot
        end_s = max(end_s, motion.start_s + motion.frame_count / float(motion.rate))
    return shots
