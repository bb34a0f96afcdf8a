"""Chosen samples as motions in the world that the main motion lives in, cleaned up as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.hypotheses.hypotheses import Hypotheses
from backend.hypotheses.samples import Samples
from backend.lift.refine.turned import with_turns
from backend.world.place import Placed
from motion.clean_up.clean_motion import clean_motion
from motion.clean_up.figure import Figure
from motion.clean_up.settings import CleanUpSettings
from motion.contacts.body_points import figure_of
from motion.motion import Motion
from motion.rotations import axis_angle_from_matrix
from motion.skeleton import BODY_JOINT_COUNT


def with_hypotheses(main: Placed, found: Hypotheses, settings: CleanUpSettings) -> Motion:
    """The main motion with what is found of a person before the camera: choices, each as a motion, and the spread."""
    figure, samples, chosen = figure_of(main.lift.body), found.samples, found.choices
    others = [cleaned_sample(main, samples, each.sample, figure, settings) for each in chosen]
    turns = [axis_angle_from_matrix(each.R_parent_from_joint) for each in others]
    frames, joints = main.motion.R_parent_from_joint.shape[:2]
    return replace(
        main.motion,
        hypotheses=np.reshape(turns, (-1, frames, joints, 3)),
        hypotheses_root=np.reshape([each.root_world for each in others], (-1, frames, 3)),
        hypotheses_weights=np.array([each.choice.share for each in chosen]),
        choices=tuple(each.choice for each in chosen),
        spread_m=_size_in_world(main, samples) * found.spread_m,
    )


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
