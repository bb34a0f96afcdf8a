"""Lifts by network beside the truth, clip by clip: what other poses are sampled about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from backend.body.actor import BodySettings, bodies_of
from backend.cameras.camera_path import CameraPath
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lifter import Lifter
from backend.track.tracks import Track
from bench.accuracy_figures import nearest
from bench.captures import kept_capture
from bench.reference import Reference, of_four_cameras, of_rendered, of_rendered_clip
from bench.simulated import simulated_tracks
from bench.world_figures import LEAST_FRAMES
from motion.arrays import Array, Indices

SIMULATED = 68      # of 136 takes: two of every plan


@dataclass(frozen=True, eq=False)
class Judged:
    """One person of one clip, seen on F frames of the lift's T."""

    name: str
    lift: Lift              # refined, as it goes to the camera and the world
    frames: Indices         # [F]
    times_s: Array          # [F]
    truth: Array            # [F, 12, 3] m, the limbs' joints in the camera's axes


def simulated(prepared: Path, lifter: Lifter, device: str) -> Iterator[Judged]:
    """Motion that training never saw, as the model of the detector's errors sees it. Raises Refusal without it."""
    for clip, track in islice(simulated_tracks(prepared), SIMULATED):
        yield judged(of_rendered_clip(clip), track, clip.K, None, lifter, device)


def filmed(name: str, references: list[Reference], lifter: Lifter, device: str) -> Iterator[Judged]:
    """Films through the product's detection and cameras; those in which nobody is found are left out."""
    for reference in references:
        take = kept_capture(name, reference.film)
        person = nearest(take, reference)
        if person is not None and person.motion.seen[: len(reference.times_s)].sum() >= LEAST_FRAMES:
            K, track = person.motion.cameras[0].K[0], person.track
            yield judged(reference, track, K, take.cameras[track.shot], lifter, device)


SETS: dict[str, Callable[[Path, Lifter, str], Iterator[Judged]]] = {
    "simulated": simulated,
    "rendered_dev": lambda _, *how: filmed("rendered_dev", of_rendered("rendered_dev"), *how),
    "rendered": lambda _, *how: filmed("rendered", of_rendered("rendered"), *how),
    "four_cameras": lambda _, *how: filmed("four_cameras", of_four_cameras(), *how),
}  # fmt: skip


def judged(
    reference: Reference, track: Track, K: Array, camera: CameraPath | None, lifter: Lifter, device: str
) -> Judged:
    """A track of which the truth is known, lifted as the pipeline does."""
    body = bodies_of([track], K, BodySettings(), None)[0].body
    lift = lift_by_network(track, body, K, lifter, device=device, camera=camera)
    frames = np.flatnonzero(track.seen[: len(reference.times_s)])
    return Judged(reference.name, lift, frames, reference.times_s[frames], reference.limbs_camera[frames])
