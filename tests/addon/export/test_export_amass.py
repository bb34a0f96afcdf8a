"""AMASS archives of people hold their keys as they are now, wherever their take stands."""

from __future__ import annotations

from fractions import Fraction

import bpy
import numpy as np
import pytest
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.export.export_motion import export_motion
from mambocap.addon.take_scene import MOTION_FILE
from mambocap.motion.body import read_open_body
from mambocap.motion.motion_file import read_motion
from mambocap.motion.skeleton import JOINT_NAMES, Skeleton

from tests.addon.export import characters
from tests.addon.export.characters import FIRST, LAST

pytest_plugins = ["tests.addon.in_blender"]
FRAMES = np.arange(FIRST, LAST + 1)
WISH = ExportChoices("AMASS", first_frame=FIRST, last_frame=LAST)


@pytest.fixture
def person(extension) -> bpy.types.Object:
    characters.set_rate(bpy.context.scene, Fraction(30))
    return characters.sample_person(bpy.context.scene)


def read_back(person: bpy.types.Object, path) -> tuple[object, str]:
    note = export_motion(person, path, WISH, bpy.context)
    return read_motion(path, Skeleton(read_open_body().joints)), note


def test_keys_changed_by_hand_on_a_take_that_was_moved_come_back(person, tmp_path):
    bone = person.pose.bones["left_elbow"]
    bone.rotation_quaternion = (0.6, 0.0, 0.8, 0.0)
    bone.keyframe_insert("rotation_quaternion", frame=FIRST + 3)
    take = person.parent
    take.location, take.rotation_euler, take.scale = (2.0, 1.0, 0.5), (0.0, 0.1, 1.3), (1.2, 1.2, 1.2)
    truth = characters.heads(person, FRAMES, list(JOINT_NAMES))
    motion, note = read_back(person, tmp_path / "a.npz")
    np.testing.assert_allclose(motion.world_joints(), truth, atol=2e-6)
    assert (motion.rate, motion.frame_count, note) == (30, len(FRAMES), "")


def test_the_shape_of_the_body_comes_from_the_capture(person, tmp_path):
    captured = read_motion(characters.SAMPLE / "person_00" / "motion.npz", Skeleton(read_open_body().joints))
    motion, _ = read_back(person, tmp_path / "a.npz")
    np.testing.assert_array_equal(motion.body_shape, captured.body_shape)
    np.testing.assert_allclose(motion.skeleton.offsets, captured.skeleton.offsets, atol=1e-6)
    assert not motion.betas.any()


def test_without_the_capture_the_motion_is_written_and_said_to_lack_a_shape(person, tmp_path):
    person[MOTION_FILE] = str(tmp_path / "gone" / "motion.npz")
    motion, note = read_back(person, tmp_path / "a.npz")
    assert not motion.body_shape.any()
    assert note == (f"The motion file of Sample Person 1 is no longer at {tmp_path / 'gone' / 'motion.npz'}. "
                    "The file has no body shape of Sample Person 1 but the bones' lengths.")  # fmt: skip
