import pytest

from motion.retarget.mapping.rig_mapping import RigMapping
from motion.retarget.mapping.shared_mapping import mapping_on

GIVEN = RigMapping({"hips": ("mixamorig:Hips",), "spine": ("mixamorig:Spine", "mixamorig:Spine1")}, doubts=("spine",))


def test_a_mapping_fits_a_rig_of_another_namespace_and_ending():
    found = mapping_on(["mixamorig7:Hips.001", "mixamorig7:Spine", "mixamorig7:Spine1"], GIVEN)
    assert found.bones == {"hips": ("mixamorig7:Hips.001",), "spine": ("mixamorig7:Spine", "mixamorig7:Spine1")}
    assert (found.score, found.doubts) == (1.0, ("spine",))


def test_a_bone_of_the_very_name_comes_first():
    names = ["other:Hips", "mixamorig:Hips", "mixamorig:Spine", "mixamorig:Spine1"]
    assert mapping_on(names, GIVEN).bones == GIVEN.bones


def test_bones_that_the_rig_lacks_are_left_out_with_their_doubts():
    found = mapping_on(["Hips"], GIVEN)
    assert (found.bones, found.doubts) == ({"hips": ("Hips",)}, ())
    assert found.score == pytest.approx(1 / 3)
    assert mapping_on([], GIVEN).bones == {}
