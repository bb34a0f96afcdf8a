"""The cameras of a motion: where each stands in the world, and what it saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.cameras.camera_path import CameraPath
from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.world.beside import Beside, CameraBeside
from backend.world.in_world import InWorld
from backend.world.turned_picture import turned_px
from motion.arrays import Array
from motion.motion import Camera


def cameras_of(
    person: InWorld, clip: Clip, path: CameraPath, origin: Array, beside: Beside | None, number: int
) -> tuple[Camera, ...]:
    """The first camera, whose way is `path`, and those beside it, by a world with its `origin` [3] at zero.

    The person is the one of this number of those whom `beside` knows.
    """
    R_camera_from_world = np.swapaxes(person.R_world_from_camera, -1, -2)
    track = beside.seen[number][0] if beside else person.lift.track
    first = _camera(clip, person.lift.K, R_camera_from_world, person.camera_world - origin, track,
                    beside.zero_s if beside else 0.0, 1.0, path.kind, path.confidence)  # fmt: skip
    if beside is None:
        return (first,)
    others = [_beside(other, person, origin, own, beside.zero_s)
              for other, own in zip(beside.cameras, beside.seen[number][1:], strict=True)]  # fmt: skip
    return tuple(map(_as_it_trembles, [first, *others], beside.trembling)) if beside.trembling else (first, *others)


def _as_it_trembles(camera: Camera, R_standing_from_camera: Array) -> Camera:
    """The camera with the turns [T, 3, 3] that its footage has, and landmarks where that shows them."""
    if np.array_equal(R_standing_from_camera, np.broadcast_to(np.eye(3), R_standing_from_camera.shape)):
        return camera
    R = np.swapaxes(R_standing_from_camera, -1, -2)
    return replace(
        camera, R_camera_from_world=R @ camera.R_camera_from_world, kind="turning",
        t_camera_from_world=np.einsum("tij,tj->ti", R, camera.t_camera_from_world),
        landmarks_px=turned_px(camera.landmarks_px, camera.K[0], R),
    )  # fmt: skip


def _beside(other: CameraBeside, person: InWorld, origin: Array, track: Track, zero_s: float) -> Camera:
    R_world_from_camera = person.R_world_from_camera @ other.R_first_from_camera
    lens_world = person.camera_world + person.R_world_from_camera @ other.place_first
    return _camera(other.clip, other.K, np.swapaxes(R_world_from_camera, -1, -2), lens_world - origin, track,
                   zero_s - other.start_s, other.clock_rate, "static", other.confidence)  # fmt: skip


def _camera(
    clip: Clip, K: Array, R_camera_from_world: Array, lens_world: Array, track: Track, time_offset_s: float,
    clock_rate: float, kind: str, confidence: float,
) -> Camera:  # fmt: skip
    """A camera whose clock runs at another rate than the take's has the times of its pictures in the take's seconds."""
    return Camera(
        K=np.broadcast_to(K, R_camera_from_world.shape),
        R_camera_from_world=R_camera_from_world,
        t_camera_from_world=-np.einsum("tij,tj->ti", R_camera_from_world, lens_world),
        width_px=clip.width_px,
        height_px=clip.height_px,
        landmarks_px=track.landmarks_px,
        scores=track.scores,
        time_offset_s=time_offset_s,
        video_path=str(clip.path),
        video_sha256=clip.sha256,
        video_bytes=clip.byte_count,
        source_times_s=clip.times_s if clock_rate == 1.0 else clip.times_s / clock_rate,
        kind=kind,
        confidence=confidence,
    )
