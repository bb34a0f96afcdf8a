"""Export and Retarget take the main motion, whichever pose the artist looks at."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.export.export_motion import export_motion
from mambocap.addon.export.seen_motion import key_range
from mambocap.addon.hypotheses.kept_hypotheses import show, shown_hypothesis
from mambocap.addon.retarget.sources import source_of_person
from mambocap.motion.motion import Motion

from tests.addon.hypotheses.made_up_hypotheses import ambiguous, brought_in

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def motion() -> Motion:
    return ambiguous()


@pytest.fixture
def person(extension: Path, tmp_path: Path, motion: Motion) -> bpy.types.Object:
    person = brought_in(motion, tmp_path)
    show(person, 2)   # which is 7 cm higher
    return person


def test_a_file_has_the_main_motion(person, tmp_path):
    for name, number in (("shown", 2), ("main", None)):
        show(person, number)
        export_motion(person, tmp_path / f"{name}.bvh", ExportChoices("BVH"), bpy.context)
        assert (shown_hypothesis(person) is None) == (number is None), "the artist still looks at it"
    assert (tmp_path / "shown.bvh").read_bytes() == (tmp_path / "main.bvh").read_bytes()


def test_frames_to_export_are_those_of_the_main_motion(person):
    strip = person.animation_data.nla_tracks[0].strips[0]
    strip.frame_end = 500
    assert key_range(person) == (1, 60)


@pytest.mark.parametrize("is_held", [False, True])
def test_characters_are_given_the_main_motion(person, motion, is_held):
    if is_held:   # so that Blender has to show what the bones do
        held = person.pose.bones["jaw"].constraints.new("LIMIT_SCALE")
        held.name = "Mine"
    pose = source_of_person(person, bpy.context).pose
    np.testing.assert_allclose(pose.joints_world[:, 0], motion.root_world, atol=1e-4)
    assert shown_hypothesis(person).number == 2
