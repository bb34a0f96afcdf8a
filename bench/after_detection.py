"""`python -m bench.after_detection FRAMES`: from a track to the cleaned motion, milliseconds a frame, as JSON.

Lift, refinement, world and clean-up on the shipped film's track, again and again to the length asked for.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from backend.body.actor import BodySettings, bodies_of
from backend.cameras.camera_path import standing_camera
from backend.cameras.focal import CameraSettings, intrinsics
from backend.lift.lift_track import LiftSettings, lift_track
from backend.track.tracks import Track
from backend.video.clip import Clip
from backend.world.place import WorldSettings, place
from bench.captures import kept_capture
from bench.looped_film import SAMPLE, looped_track
from bench.peak_memory import peak_mb

WARM_FRAMES = 30


def main(frames: int, film: Path = SAMPLE) -> dict[str, float]:
    take = kept_capture("speed", film)
    track = take.people[0].track
    _to_motion(looped_track(track, WARM_FRAMES), take.clip)
    long = looped_track(track, frames)
    began_s, cpu_began_s = time.perf_counter(), time.process_time()
    _to_motion(long, take.clip)
    taken_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_began_s
    return {"ms_per_frame": 1000.0 * taken_s / frames, "cpu_ms_per_frame": 1000.0 * cpu_s / frames,
            "peak_mb": peak_mb()}  # fmt: skip


def _to_motion(track: Track, clip: Clip) -> None:
    K = intrinsics(clip, CameraSettings())
    (start,) = bodies_of([track], K, BodySettings(), None)
    place([lift_track(track, start, K, LiftSettings(), "cpu")], clip, standing_camera(track.times_s), WorldSettings())


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
