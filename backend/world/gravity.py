"""Which way is up throughout a shot, from all that speaks of it.

Tilt on rendered_dev in degrees, median / 90th percentile, each beside how cameras are held: nothing 3.4 / 8.3,
network 3.0 / 9.0, edges 1.7 / 5.4, both 2.0 / 3.3, and 0.7 / 2.5 where the lens is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite import hermgauss

from backend.cameras.camera_path import CameraPath
from backend.lift.beliefs import Beliefs
from backend.lift.lift import Lift
from backend.world.beside import CameraBeside
from backend.world.hints import WorldHints
from backend.world.standing import standing_frames, up_of_bodies
from backend.world.up_words import Components, Turned, UprightEdges, UpWord, agreed, direction
from motion.arrays import Array
from motion.rotations import normalised

# As cameras are held: nearly level across but for some held askew, and looking slightly down.
_HELD_ROLL_SIGMA_DEG, _HELD_ROLL_FREEDOM = 1.5, 2.0
_HELD_PITCH_DEG, _HELD_PITCH_SIGMA_DEG, _HELD_PITCH_FREEDOM = 9.0, 9.0, 6.0
_NOT_UPSIDE_DOWN_DEG = 30.0
_HELD_CAMERAS = 16          # of a path, that are asked how they are held

# A network's error is nearly the same throughout a clip of seconds: shares of its own doubt that last and that pass.
_LASTING, _PASSING, _PASSES_AFTER_S = 0.8, 0.25, 1.0
_NETWORK_FREEDOM = 4.0   # errors over doubts of 36 clips are likeliest with 2 to 4

# A standing body says where up is well across the picture and badly in depth; its lean, too, lasts.
_BODY_ACROSS_DEG, _BODY_ALONG_DEG = 5.0, 9.0
_BODY_LASTING_ACROSS_DEG, _BODY_LASTING_ALONG_DEG = 2.0, 5.0
_BODY_PASSES_AFTER_S = 1.0
_BODY_FREEDOM = 4.0

# Of edges that look upright about half are; the same edge comes several times, as both sides of a post and in
# several pictures.
_EDGE_SIGMA_DEG, _OTHER_EDGES_DEG, _UPRIGHT_SHARE, _EDGE_COUNTS = 0.7, 20.0, 0.5, 0.25
_MOST_EDGES = 80

# Of the logarithm of the true focal length over the guessed one (backend/train/cameras/lenses.py, cameras/focal.py).
_LENS_LOG_MEAN, _LENS_LOG_SIGMA, _LENSES = 0.08, 0.2, 7

_FILE_SIGMA_DEG, _DRAWN_SIGMA_DEG, _SAID_UPRIGHT_SIGMA_DEG = 0.1, 0.3, 1.0


@dataclass(frozen=True, eq=False)
class UpBelief:
    """Up in the first camera's axes, and how surely."""

    up: Array                     # [3] unit
    covariance: Array             # [3, 3] rad², of rank 2
    rests_on: tuple[str, ...]     # of network, bodies, camera, edges, file, artist

    @property
    def sigma_rad(self) -> float:
        """Root mean square over both ways of tilting."""
        return float(np.sqrt(0.5 * np.trace(self.covariance)))


def up_of_shot(
    lifts: list[Lift], camera: CameraPath, hints: WorldHints | None = None, *, lens_known: bool = False,
    beside: Sequence[CameraBeside] = (),
) -> UpBelief:  # fmt: skip
    """One up for all people of a shot, whether its camera stands, turns or travels.

    `lens_known`: the focal length is no guess, so that edges of the background say more. Cameras `beside` this one are
    held as cameras are, and have backgrounds of their own.
    """
    words = words_of(lifts, camera, hints or WorldHints(), lens_known)
    if not len(camera.up_first):
        words += [word for other in beside for word in _of_camera_beside(other)]
    up, covariance = agreed(words)
    return UpBelief(up, covariance, tuple(dict.fromkeys(word.source for word in words)))


def words_of(lifts: list[Lift], camera: CameraPath, hints: WorldHints, lens_known: bool = False) -> list[UpWord]:
    """All that speaks of up in a shot, in the first camera's axes. The artist overrules bodies, a file all but them."""
    said = _of_artist(lifts, camera, hints)
    if len(camera.up_first):
        return [direction("file", camera.up_first[0], np.deg2rad(_FILE_SIGMA_DEG)), *said]
    seen = [word for lift in lifts for word in _of_person(lift, camera)]
    if hints.upright_at_s is not None:
        seen = []
    return [*_of_holding(camera), *seen, *_of_edges(camera, lens_known), *said]


def _of_holding(camera: CameraPath) -> list[UpWord]:
    """What is known before anything is seen, the less the further the camera has drifted."""
    chosen = np.linspace(0, len(camera.times_s) - 1, _HELD_CAMERAS).round().astype(int)
    right, below, ahead = np.moveaxis(camera.R_first_from_camera[chosen], -1, 0)
    pitch = np.full(_HELD_CAMERAS, -np.sin(np.deg2rad(_HELD_PITCH_DEG)))
    drift_rad = camera.drift_rad()[chosen]
    level, looking, upright = ((np.deg2rad(sigma) ** 2 + drift_rad**2) ** -1 / _HELD_CAMERAS
                               for sigma in (_HELD_ROLL_SIGMA_DEG, _HELD_PITCH_SIGMA_DEG, _NOT_UPSIDE_DOWN_DEG))
    return [Components("camera", right, np.zeros(_HELD_CAMERAS), level, 1, _HELD_ROLL_FREEDOM),
            Components("camera", ahead, pitch, looking, 1, _HELD_PITCH_FREEDOM),
            Components("camera", below, np.full(_HELD_CAMERAS, -1.0), upright, 1)]  # fmt: skip


def _of_person(lift: Lift, camera: CameraPath) -> list[UpWord]:
    """A network has seen who stands: its word and theirs err together."""
    return _of_standing(lift, camera) if lift.beliefs is None else [_of_network(lift, lift.beliefs, camera)]


def _of_network(lift: Lift, beliefs: Beliefs, camera: CameraPath) -> UpWord:
    """The mean of what a network says of a person's frames; the less of one, the further the camera has drifted."""
    times_s, sigma = lift.track.times_s[lift.track.seen], beliefs.down_sigma_rad[lift.track.seen]
    R_first_from_camera = camera.at(times_s).R_first_from_camera
    ups = -np.einsum("tij,tj->ti", R_first_from_camera, beliefs.down_camera[lift.track.seen])
    # As a Kalman smoother of a walk counts what is said of its first state.
    walked_rad = np.interp(times_s, camera.times_s, np.cumsum(camera.turn_sigma_rad))
    counts = np.exp(-walked_rad / (_PASSING * sigma * np.sqrt(lift.track.rate * _PASSES_AFTER_S)))
    mean = normalised((counts * sigma**-2) @ ups)
    doubt = np.mean(sigma**-2) ** -0.5
    length_s = counts.sum() / lift.track.rate
    passing = _PASSING / np.sqrt(max(1.0, length_s / _PASSES_AFTER_S))
    return direction("network", mean, float(np.hypot(_LASTING, passing) * doubt), _NETWORK_FREEDOM)


def _of_standing(lift: Lift, camera: CameraPath) -> list[UpWord]:
    """The middle of the directions from ankles to neck of somebody who stands upright."""
    frames = standing_frames(lift)
    if len(frames) == 0:
        return []
    R_first_from_camera = camera.at(lift.track.times_s[frames]).R_first_from_camera
    ups = np.einsum("tij,tj->ti", R_first_from_camera, up_of_bodies(lift)[frames])
    middle = len(frames) // 2
    up = normalised(np.median(ups, axis=0))
    across = normalised(np.cross(R_first_from_camera[middle] @ lift.root_camera[frames[middle]], up))
    independent = max(1.0, len(frames) / lift.track.rate / _BODY_PASSES_AFTER_S)
    sigmas = np.deg2rad([np.hypot(_BODY_ACROSS_DEG / independent**0.5, _BODY_LASTING_ACROSS_DEG),
                         np.hypot(_BODY_ALONG_DEG / independent**0.5, _BODY_LASTING_ALONG_DEG)])  # fmt: skip
    axes = np.stack([across, np.cross(across, up), up])
    weights = sigmas[[0, 1, 1]] ** -2
    return [Components("bodies", axes, np.array([0.0, 0.0, 1.0]), weights, 2, _BODY_FREEDOM)]


def _of_edges(camera: CameraPath, lens_known: bool) -> list[UpWord]:
    if len(camera.verticals_camera) == 0:
        return []
    chosen = np.linspace(0, len(camera.verticals_camera) - 1, _MOST_EDGES).round().astype(int)
    normals = camera.verticals_camera[np.unique(chosen)]
    steps, shares = (np.zeros(1), np.ones(1)) if lens_known else hermgauss(_LENSES)
    return [UprightEdges("edges", normals, np.deg2rad(_EDGE_SIGMA_DEG), _UPRIGHT_SHARE,
                         np.deg2rad(_OTHER_EDGES_DEG), _EDGE_COUNTS,
                         np.exp(2.0**0.5 * _LENS_LOG_SIGMA * steps + _LENS_LOG_MEAN * (not lens_known)),
                         shares / shares.sum())]  # fmt: skip


def _of_camera_beside(other: CameraBeside) -> list[UpWord]:
    own = [*_of_holding(other.path), *_of_edges(other.path, other.lens_known)]
    return [Turned(word, other.R_first_from_camera.T, other.turn_sigma_rad) for word in own]


def _of_artist(lifts: list[Lift], camera: CameraPath, hints: WorldHints) -> list[UpWord]:
    words: list[UpWord] = []
    for line in hints.vertical_lines():
        rays = [np.linalg.solve(lifts[0].K, [*place_px, 1.0]) for place_px in (line.from_px, line.to_px)]
        turn = camera.at(np.array([line.time_s])).R_first_from_camera[0]
        normal = turn @ normalised(np.cross(*rays))
        weight = np.full(1, np.deg2rad(_DRAWN_SIGMA_DEG) ** -2)
        words.append(Components("artist", normal[None], np.zeros(1), weight, 1))
    if hints.upright_at_s is not None:
        words.append(direction("artist", _said_upright(lifts[0], camera, hints.upright_at_s),
                               np.deg2rad(_SAID_UPRIGHT_SIGMA_DEG)))  # fmt: skip
    return words


def _said_upright(first: Lift, camera: CameraPath, time_s: float) -> Array:
    """The first person's direction from ankles to neck [3], in the first camera's axes, at the nearest time seen."""
    seen = np.flatnonzero(first.track.seen)
    frame = seen[np.argmin(np.abs(first.track.times_s[seen] - time_s))]
    return camera.at(first.track.times_s[frame : frame + 1]).R_first_from_camera[0] @ up_of_bodies(first)[frame]
