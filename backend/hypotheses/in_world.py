"""Chosen samples as motions in the world that the main motion lives in, cleaned up as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.hypotheses.hypotheses import Hypotheses
from backend.hypotheses.samples import Samples
from backend.lift.refine.turned import with_turns
from backend.world.place import Placed
from motion.arrays import Array, handed_over
from motion.clean_up.clean_motion import clean_motion
from motion.clean_up.settings import CleanUpSettings
from motion.contacts.body_points import figure_of
from motion.figure import Figure
from motion.motion import Motion
from motion.rotations import axis_angle_from_matrix
from motion.runs import in_turn
from motion.skeleton import BODY_JOINT_COUNT


def with_hypotheses(main: Placed, found: Hypotheses, settings: CleanUpSettings) -> Motion:
    """The main motion with what is found of a person before the camera: choices, each as a motion, and the spread."""
    turns, roots = _in_world(main, found, figure_of(main.lift.body), settings)
    samples, chosen = found.samples, found.choices
    return replace(
        main.motion,
        hypotheses=handed_over(turns),
        hypotheses_root=handed_over(roots),
        hypotheses_weights=np.array([each.choice.share for each in chosen]),
        choices=tuple(each.choice for each in chosen),
        spread_m=_size_in_world(main, samples) * found.spread_m,
    )


def _in_world(main: Placed, found: Hypotheses, figure: Figure, settings: CleanUpSettings) -> tuple[Array, Array]:
    """Turns [H, T, 55, 3] and roots [H, T, 3] of all choices; where a sample is the lift, those of the main motion."""
    frames, joints = main.motion.R_parent_from_joint.shape[:2]
    turns, roots = np.empty((len(found.choices), frames, joints, 3)), np.empty((len(found.choices), frames, 3))
    if any(each.during for each in found.choices):
        roots[:] = main.motion.root_world
        for some in in_turn(frames):
            turns[:, some] = axis_angle_from_matrix(main.motion.R_parent_from_joint[some])
    for number, each in enumerate(found.choices):
        at = each.during or slice(None)
        there = Placed(main.motion.during(at), main.lift.during(at))
        other = cleaned_sample(there, found.samples.during(at), each.sample, figure, settings)
        turns[number, at] = axis_angle_from_matrix(other.R_parent_from_joint)
        roots[number, at] = other.root_world
    return turns, roots


def cleaned_sample(main: Placed, samples: Samples, number: int, figure: Figure, settings: CleanUpSettings) -> Motion:
    """One sample where the main motion is, resting on what that rests on; fingers are the main motion's."""
    cleaned = clean_motion(sample_in_world(main, samples, number), figure, settings)
    R = np.array(cleaned.R_parent_from_joint)
    R[:, BODY_JOINT_COUNT:] = main.motion.R_parent_from_joint[:, BODY_JOINT_COUNT:]
    return replace(cleaned, R_parent_from_joint=R)


def sample_in_world(main: Placed, samples: Samples, number: int) -> Motion:
    """The same before clean-up: as far from the main motion's raw path as the sample is from the lift."""
    raw = main.motion.raw or main.motion
    R_world_from_camera = raw.cameras[0].R_camera_from_world.swapaxes(-1, -2)
    R = with_turns(samples.lift, samples.turns_rad[number])
    R[:, 0] = R_world_from_camera @ R[:, 0]
    shift_camera = _size_in_world(main, samples) * samples.root_camera[number] - main.lift.root_camera
    root = raw.root_world + np.einsum("tij,tj->ti", R_world_from_camera, shift_camera)
    return replace(raw, R_parent_from_joint=R, root_world=root)


def _size_in_world(main: Placed, samples: Samples) -> float:
    """How much larger the floor has made the body and all that lies about it."""
    return main.lift.body.height / samples.lift.body.height
