"""The made-up characters are in Blender what they are in arrays."""

from __future__ import annotations

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.rig.read_rig import read_rig  # noqa: E402

from bench.rigs.all_rigs import made_up_rigs  # noqa: E402
from bench.rigs.characters import made_up_character  # noqa: E402
from bench.rigs.made_up_rig import as_rig  # noqa: E402
from tests.addon.made_up_takes import empty_scene  # noqa: E402

RIGS = made_up_rigs()


@pytest.mark.parametrize("name", RIGS)
def test_a_built_character_is_read_as_it_was_made_up(name):
    empty_scene()
    character = made_up_character(RIGS[name])
    wanted, read = as_rig(RIGS[name]), read_rig(character.thing, mapping=character.mapping)
    order = [read.names.index(bone) for bone in wanted.names]   # Blender goes down each branch in turn
    above = [read.names[read.parents[bone]] if read.parents[bone] >= 0 else "" for bone in order]
    size = np.abs(wanted.heads).max()
    assert above == [bone.parent for bone in RIGS[name].bones]
    np.testing.assert_allclose(read.heads[order], wanted.heads, atol=1e-6 * size)
    np.testing.assert_allclose(read.tails[order], wanted.tails, atol=1e-6 * size)
    # Blender keeps rest turns from parent to child in 32 bits, worst where a bone points against its parent.
    np.testing.assert_allclose(read.R_rig_from_bone[order], wanted.R_rig_from_bone, atol=5e-5)
    np.testing.assert_array_equal(read.inherits_rotation[order], wanted.inherits_rotation)
    np.testing.assert_allclose(read.R_world_from_rig, wanted.R_world_from_rig, atol=1e-6)
    np.testing.assert_allclose(read.origin_world, wanted.origin_world, atol=1e-6)
    assert read.scale == pytest.approx(wanted.scale, rel=1e-6)
    assert read.floor_world_m == pytest.approx(wanted.floor_world_m, abs=1e-5)


def test_controls_are_obeyed_by_the_bones_that_deform_only_when_switched_to_them():
    empty_scene()
    character = made_up_character(RIGS["auto_rig_pro"]).thing
    control, switch = character.pose.bones["c_arm_fk.l"], character.pose.bones["c_hand_ik.l"]
    control.rotation_mode = "XYZ"
    control.rotation_euler = (0.6, 0.0, 0.3)
    follows = {}
    for value in (0.0, 1.0):
        switch["ik_fk_switch"] = value
        character.update_tag()
        bpy.context.view_layer.update()
        difference = np.array(character.pose.bones["arm_stretch.l"].matrix) - np.array(control.matrix)
        follows[value] = np.abs(difference).max() < 1e-4
    assert follows == {0.0: False, 1.0: True}
