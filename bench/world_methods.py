"""One scene in the world by each method."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.body.actor import BodySettings, bodies_of
from backend.cameras.camera_path import CameraPath
from backend.lift.direct.lift_direct import DirectSettings, lift_direct
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lifter import Lifter
from backend.world.place import Placed, WorldSettings, place
from bench import metrics
from bench.peers.gvhmr_ik import HELD, held_by_ik, running_targets
from bench.peers.gvhmr_world import gvhmr_world
from bench.world_figures import LEAST_FRAMES, NOTHING, Figures, figures_of, own_figures
from bench.world_motion import WorldMotion, of_motion, of_pose
from bench.world_scenes import Scene
from motion.kinematics import forward_kinematics
from motion.motion import Motion

METHODS = ("truth", "direct", "raw", "gvhmr", "mambocap", "mambocap_ccd")
# ^ mambocap_ccd: our contacts and path, but GVHMR's inverse kinematics in the place of ours
WITH_PLACES = "mambocap_places_known"      # of cameras that travel: their places up to one factor, exact
_RESTING = ("left_heel", "left_ball", "right_heel", "right_ball", "left_palm", "right_palm")   # over HELD


def figures_by_method(scene: Scene, lifter: Lifter) -> dict[str, Figures]:
    """The figures of everything that METHODS names; nothing but `frames` 0 where the person was not found.

    With the height given where it is known, and, of those who go far enough for RTE, once more without.
    """
    methods = (*METHODS, *((WITH_PLACES,) if scene.camera_with_places else ()))
    if not scene.tracks or scene.tracks[0].seen.sum() < LEAST_FRAMES:
        return {method: {**NOTHING, "frames": 0} for method in methods}
    truth = _judged(scene.truth, scene)
    found = {"truth": own_figures(truth)}
    for method, estimate in _estimates(scene, lifter, scene.height_m).items():
        found[method] = figures_of(_judged(estimate, scene), truth, scene.path)
    if metrics.path_length_m(truth.root) >= metrics.LEAST_PATH_M and scene.path:
        for method, estimate in _estimates(scene, lifter, None).items():
            found[method]["rte_no_height_percent"] = metrics.rte_percent(_judged(estimate, scene).root, truth.root)
    return found


def _estimates(scene: Scene, lifter: Lifter, height_m: float | None) -> dict[str, WorldMotion]:
    """By method, over the frames of the first track. Who is first has that height, if any."""
    bodies = [start.body for start in bodies_of(list(scene.tracks), scene.K, BodySettings(height_m=height_m), None)]
    lifts = [lift_by_network(track, body, scene.K, lifter, camera=scene.camera)
             for track, body in zip(scene.tracks, bodies, strict=True)]  # fmt: skip
    direct = [lift_direct(track, body, scene.K, DirectSettings())
              for track, body in zip(scene.tracks, bodies, strict=True)]  # fmt: skip
    known = height_m is not None
    ours = _placed(lifts, scene, scene.camera, known)
    found = {
        "direct": _raw(_placed(direct, scene, _turning_at_most(scene.camera), known)),
        "raw": _raw(ours),
        "gvhmr": _by_gvhmr(lifts[0], scene.camera),
        "mambocap": of_motion(ours.motion, ours.lift.body),
        "mambocap_ccd": of_motion(_held_by_ccd(ours.motion), ours.lift.body),
    }
    if scene.camera_with_places is not None:
        placed = _placed(lifts, scene, scene.camera_with_places, known)
        found[WITH_PLACES] = of_motion(placed.motion, placed.lift.body)
    return found


def _placed(lifts: list[Lift], scene: Scene, camera: CameraPath, first_is_known: bool) -> Placed:
    return place(lifts, scene.clip, camera, WorldSettings(), first_is_known, lens_known=True)[0]


def _turning_at_most(camera: CameraPath) -> CameraPath:
    """For a lift that knows nothing of a way."""
    if camera.kind != "travelling":
        return camera
    return replace(camera, kind="turning", places_first=0.0 * camera.places_first, places_known=True)


def _raw(placed: Placed) -> WorldMotion:
    """Before clean-up."""
    return of_motion(placed.motion.raw or placed.motion, placed.lift.body)


def _held_by_ccd(motion: Motion) -> Motion:
    """The rotations before clean-up on the path after it, planted by GVHMR's inverse kinematics."""
    R, root = (motion.raw or motion).R_parent_from_joint, motion.root_world
    joints = forward_kinematics(motion.skeleton, R, root)[1][:, HELD]
    resting = motion.contacts[:, [motion.contact_names.index(name) for name in _RESTING]]
    return replace(motion, R_parent_from_joint=held_by_ik(motion.skeleton, R, root, running_targets(joints, resting)))


def _by_gvhmr(lift: Lift, camera: CameraPath) -> WorldMotion:
    world = gvhmr_world(lift, camera)
    held = world.still[:, :4] > 0.5
    return of_pose(lift.body, lift.track.times_s, world.R_parent_from_joint, world.root_world,
                   world.R_world_from_camera, held)  # fmt: skip


def _judged(motion: WorldMotion, scene: Scene) -> WorldMotion:
    """At metrics.RATE, of the frames in which the first track is seen and something is true."""
    track = scene.tracks[0]
    times_s = track.times_s[track.seen & (track.times_s < scene.truth.times_s[-1] + 0.5 / track.rate)]
    nearest = np.abs(motion.times_s[:, None] - times_s).argmin(axis=0)
    return replace(motion.during(nearest), times_s=times_s).at_rate()
