"""Try a Sample: a take that needs no backend."""

from __future__ import annotations

import time

import bpy
from mambocap.addon import sample, take_scene
from mambocap.motion.motion_file import write_motion

from tests.addon.made_up_takes import wild_motion

pytest_plugins = ["tests.addon.in_blender"]


def test_the_sample_stands_in_the_scene_within_five_seconds(extension, tmp_path, monkeypatch):
    (tmp_path / "person_00").mkdir()
    write_motion(tmp_path / "person_00" / "motion.npz", wild_motion(300))
    monkeypatch.setattr(sample, "SAMPLE", tmp_path)
    began_s = time.monotonic()
    assert bpy.ops.mambocap.try_sample() == {"FINISHED"}
    assert time.monotonic() - began_s < 5.0
    assert [take.name for take in take_scene.takes_in(bpy.context.scene)] == ["Sample"]


def test_a_copy_without_the_sample_says_so(extension, tmp_path, monkeypatch):
    monkeypatch.setattr(sample, "SAMPLE", tmp_path)
    assert not bpy.ops.mambocap.try_sample.poll()
