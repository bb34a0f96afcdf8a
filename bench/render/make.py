"""Renders the clips of the benchmark with their truth.

    python -m bench.render.make bench/clips [--motion PREPARED_MOTION] [--only NAME ...]

Run by developers from the repository's root with Blender's module `bpy` (4.2) installed. One clip after the other;
films that are there already are left alone. A film is made from the truth beside it and the seeds in clips.csv; motion
is needed only where there is no truth yet.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np

from backend.train.motions.prepared import read_prepared
from backend.train.motions.training_clip import TrainingClip
from bench.render.camera_paths import CameraPath, camera_path
from bench.render.performance import Performance, performed
from bench.render.plan import SETS, Plan, read_plans
from bench.render.seat import seat_under
from bench.render.surroundings import Ways, surroundings
from bench.render.truth import write_truth
from bench.render.wardrobe import Dressed, dressed
from bench.rendered import RenderedClip, read_clip
from motion.arrays import Array
from motion.body import read_open_body
from motion.kinematics import forward_kinematics
from motion.skeleton import JOINT

UPRIGHT = ("walk", "run", "dance", "gesture", "everyday")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.render.make", description="Render the benchmark's clips.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--motion", type=Path, help="file of python -m backend train prepare")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these clips")
    options = parser.parse_args()
    clips = {clip.origin.name: clip for clip in read_prepared(options.motion)} if options.motion else {}
    for plan in read_plans():
        film = options.out / plan.set / f"{plan.name}.mp4"
        if film.exists() or (options.only is not None and plan.name not in options.only):
            continue
        if not film.with_suffix(".npz").exists():
            make_truth(plan, [clips[name] for name in plan.motion.split("+")], film.with_suffix(".npz"))
        make_film(plan, film)
        print(plan.name, flush=True)


def make_truth(plan: Plan, clips: list[TrainingClip], path: Path) -> None:
    """Writes who moves how before which camera."""
    if wrong := {clip.origin.split for clip in clips} - {SETS[plan.set]}:
        raise ValueError(f"{plan.name} shows motion of the split {', '.join(wrong)}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    performance = performed(plan, clips, read_open_body())
    R_world_from_pelvis = performance.R_parent_from_joint[:, 0]
    camera = camera_path(plan, performance.points_world(), R_world_from_pelvis, performance.body.height)
    write_truth(path, plan, clips, performance, camera)


def make_film(plan: Plan, film: Path) -> None:
    """Writes the film of the truth that lies beside it."""
    from bench.render.scene import render

    shown = read_clip(film)
    performance, camera = _as_written(shown)
    person = dressed(shown.body, np.random.default_rng([plan.seed, 4]), plan.category in UPRIGHT)
    solids = surroundings(plan, _ways(shown.points_world, camera))
    if plan.extra == "seat":
        step = max(1, round(performance.rate_hz / 4))
        solids += seat_under(_seat_of(person, performance, step), performance.root_world[::step], plan.seed)
    unfinished = film.with_name(f".{film.name}")
    render(performance, person, solids, camera, plan.size_px, unfinished, plan.seed)
    os.replace(unfinished, film)


def _as_written(shown: RenderedClip) -> tuple[Performance, CameraPath]:
    performance = Performance(shown.body, shown.rate_hz, shown.R_parent_from_joint, shown.root_world)
    return performance, CameraPath(shown.K, shown.R_camera_from_world, shown.t_camera_from_world)


def _ways(points_world: Array, camera: CameraPath) -> Ways:
    centres = camera.centres_world
    people = points_world[..., :2].reshape(-1, 2)
    return Ways(people[::3], centres[:, :2], float(centres[:, 2].max()), float(points_world[..., 2].max()))


def _seat_of(person: Dressed, performance: Performance, step: int) -> list[Array]:
    """What the person sits on, vertices [V, 3] m, in every `step`-th frame."""
    skeleton = person.body.skeleton
    R_world, joints = forward_kinematics(skeleton, performance.R_parent_from_joint, performance.root_world)
    strongest = person.weight_joints[np.arange(len(person.weights)), np.argmax(person.weights, axis=1)]
    sat_on = np.isin(strongest, [JOINT[name] for name in ("pelvis", "left_hip", "right_hip")])
    return [person.posed(R_world[frame], joints[frame])[sat_on] for frame in range(0, len(joints), step)]


if __name__ == "__main__":
    main()
