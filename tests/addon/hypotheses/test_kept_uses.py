"""What was used of other poses outlives people who are solved again, where the poses to choose from are the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon import jobs, take_scene, takes
from mambocap.addon.body_model import body_model
from mambocap.addon.hypotheses.kept_uses import uses_of, words_of_use
from mambocap.motion.hypotheses.uses import Use
from mambocap.motion.job import MOTION, PersonResult, Request, Result
from mambocap.motion.motion import Motion
from mambocap.motion.motion_file import write_motion

from tests.addon.hypotheses.made_up_hypotheses import CHOICES, ambiguous, swaying
from tests.addon.made_up_takes import evaluated_joints

pytest_plugins = ["tests.addon.in_blender"]
_ELBOW = 18


def solve(job: Path, motion: Motion, edits: str = "") -> None:
    """What the backend leaves after one person was solved."""
    folder = job / "person_00"
    folder.mkdir(exist_ok=True)
    write_motion(folder / MOTION, motion)
    Result((PersonResult(folder.name, 60, 1.0, 60.0, 3.0, 1.0, 1, "", 0.1, 0.6),), people_edits=edits).write(job)


@pytest.fixture
def job(extension: Path, film: Path) -> Path:
    job = jobs.new_job(film, Request((str(film),), {"camera": {"focal_mm": 50.0}}))
    solve(job, ambiguous())
    takes.select(take_scene.build_take(bpy.context.scene, job, "dance", body_model(bpy.context)))
    return job


def person() -> bpy.types.Object:
    return takes.people_of(takes.active_take(bpy.context))[0]


def test_it_is_used_again_of_the_same_poses(job):
    before = evaluated_joints(person(), 25)
    bpy.ops.mambocap.use_pose(number=0)
    used = evaluated_joints(person(), 25)
    solve(job, ambiguous(), "drop 2")
    assert bpy.ops.mambocap.replace_people() == {"FINISHED"}
    assert [use.limb for use in uses_of(person())] == ["left_arm"]
    moved_m, off_m = (np.abs(joints - used)[_ELBOW].max() for joints in (before, evaluated_joints(person(), 25)))
    assert off_m < 0.25 * moved_m


def test_of_other_poses_it_is_not_and_the_artist_is_told(job, capfd):
    bpy.ops.mambocap.use_pose(number=0)
    solve(job, ambiguous(choices=(replace(CHOICES[0], first=3), *CHOICES[1:])), "drop 2")
    bpy.ops.mambocap.replace_people()
    assert uses_of(person()) == []
    assert f"The other poses of {person().name} are new: choose again what you used of them." in capfd.readouterr().out


def test_who_used_nothing_is_told_nothing(job, capfd):
    solve(job, swaying(), "drop 2")
    bpy.ops.mambocap.replace_people()
    assert "are new" not in capfd.readouterr().out


def test_a_use_is_called_by_its_limb_its_pose_and_its_frames():
    assert words_of_use(Use(2, "left_arm", 1.0, 2.0, 0.1), lambda second: round(30.0 * second)) == (
        "Left arm of pose 3, 30 to 60")  # fmt: skip
