"""Shots of edited footage: between two hard cuts everybody moves in one world, before one camera."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Array
from .motion import Camera, Motion

_BODY_M = 1.5        # from the pelvis to what an arm reaches
_WIDEST_SLOPE = 3.0  # metres aside for each metre ahead: fish-eyes and cameras that turn see everything


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


def side_by_side_m(motions: Sequence[Motion], shots: Sequence[int]) -> list[float]:
    """How far to the right each shot's world is to be moved, whole metres, the first one not at all.

    So far that no camera of a shot sees people of another one, who stand beside its own and not behind them.
    """
    farthest_m = max(float(motion.root_world[:, 1].max()) for motion in motions) + _BODY_M
    places_m, end_m = [], 0.0
    for shot in range(max(shots) + 1):
        reaches_m = np.array([_reach_m(motion, farthest_m) for motion, own in zip(motions, shots) if own == shot])
        places_m.append(float(np.ceil(end_m - reaches_m[:, 0].min())) if shot else 0.0)
        end_m = places_m[-1] + float(reaches_m[:, 1].max())
    return places_m


def _reach_m(motion: Motion, farthest_m: float) -> tuple[float, float]:
    """From where to where along x a person goes, and the cameras see up to y = `farthest_m`."""
    edges = [motion.root_world[:, 0] - _BODY_M, motion.root_world[:, 0] + _BODY_M]
    edges += [_seen_m(camera, farthest_m) for camera in motion.cameras]
    return min(float(each.min()) for each in edges), max(float(each.max()) for each in edges)


def _seen_m(camera: Camera, farthest_m: float) -> Array:
    """Where a camera [T] and the corners of its picture lie along x at y = `farthest_m`, [5, T] m."""
    corners_px = np.array([(x, y, 1.0) for x in (0, camera.width_px) for y in (0, camera.height_px)])
    rays = np.linalg.inv(camera.K) @ corners_px.T                                        # [T, 3, 4]
    rays_world = np.swapaxes(camera.R_camera_from_world, 1, 2) @ rays
    places_world = -np.einsum("tji,tj->ti", camera.R_camera_from_world, camera.t_camera_from_world)
    slopes = rays_world[:, 0] / np.maximum(rays_world[:, 1], np.abs(rays_world[:, 0]) / _WIDEST_SLOPE + 1e-9)
    ahead_m = np.maximum(farthest_m - places_world[:, 1], 0.0)
    return np.concatenate([places_world[:, :1], places_world[:, :1] + slopes * ahead_m[:, None]], axis=1).T
