"""People with other poses, made up for the tests of Blender's side."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np
from mambocap.addon.body_model import body_model
from mambocap.addon.people import Person
from mambocap.addon.take_scene import TakeOptions, build_people
from mambocap.addon.takes import people_of, select
from mambocap.motion.body import read_open_body
from mambocap.motion.hypotheses.choice import Choice
from mambocap.motion.motion import Motion
from mambocap.motion.motion_file import write_motion
from mambocap.motion.rotations import axis_angle_from_matrix, matrix_from_axis_angle

R_WORLD_FROM_REST = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
CHOICES = (
    Choice("left_arm", 20, 30, 0.4, "left wrist 18 cm nearer"),
    Choice("right_leg", 5, 15, 0.25, "right knee 9 cm farther"),
    Choice("body", 35, 44, 0.1, "whole body 7 cm higher"),
)


def swaying(frames: int = 60, rate: Fraction = Fraction(30)) -> Motion:
    """Somebody who stands on the floor, every joint swaying a little by its own tune."""
    body, rng = read_open_body().shaped([]), np.random.default_rng(5)
    at = np.arange(frames)[:, None, None]
    tune = rng.uniform(0.02, 0.15, (1, 55, 1)) * at + rng.uniform(0.0, 6.0, (1, 55, 1))
    R = matrix_from_axis_angle(0.25 * np.sin(tune) * rng.normal(size=(1, 55, 3)))
    R[:, 0] = R_WORLD_FROM_REST @ R[:, 0]
    root = np.tile([0.3, -0.2, -body.points[:, 1].min() + body.skeleton.rest_joints[0, 1]], (frames, 1))
    root[:, 0] += 0.01 * np.arange(frames)
    return Motion(body.skeleton, rate, R, root)


def ambiguous(main: Motion | None = None, choices: tuple[Choice, ...] = CHOICES) -> Motion:
    """A motion with a hypothesis for each choice: all body joints are turned, and the path lies elsewhere."""
    main, rng = main or swaying(), np.random.default_rng(11)
    turns = np.zeros((len(choices), 1, 55, 3))
    turns[:, :, :22] = 0.4 * rng.normal(size=(len(choices), 1, 22, 3))
    R = main.R_parent_from_joint[None] @ matrix_from_axis_angle(turns)
    roots = main.root_world[None] + np.array([[0.0, 0.05 * n, 0.07] for n in range(len(choices))])[:, None]
    shares = np.array([choice.share for choice in choices])
    return replace(main, hypotheses=axis_angle_from_matrix(R), hypotheses_root=roots, hypotheses_weights=shares,
                   choices=choices)  # fmt: skip


def brought_in(motion: Motion, folder: Path, name: str = "Anna") -> bpy.types.Object:
    """The selected person of a take that was built from a motion file in an empty scene."""
    path = folder / f"person_{name}" / "motion.npz"
    path.parent.mkdir(exist_ok=True)
    write_motion(path, motion)
    people, options = [Person(name, motion, path)], TakeOptions(body=False)
    take = build_people(bpy.context.scene, people, "Dance", body_model(bpy.context), options)
    select(take)
    return people_of(take)[0]
