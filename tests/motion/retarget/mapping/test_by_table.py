import numpy as np
import pytest

from motion.retarget.mapping.by_table import fitted_table
from motion.retarget.mapping.find_mapping import find_mapping
from motion.retarget.mapping.tables import read_tables
from tests.motion.retarget.named_rigs import Y_UP, person

TABLES = {table.name: table for table in read_tables()}


@pytest.fixture
def rng():
    return np.random.default_rng(15)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_rig_named_by_a_table_is_found_with_every_bone(table, rng):
    rig = person(table, arms_down_deg=rng.uniform(0, 60)).rig(rng, Y_UP, scale=rng.uniform(0.01, 3.0))
    found = find_mapping(rig, tuple(TABLES.values()))
    assert (found.family, found.missing, found.doubts) == (table.name, (), ())
    assert dict(found.bones) == dict(table.bones)
    assert found.score == pytest.approx(1.0)


@pytest.mark.parametrize("prefix, ending", [
    ("mixamorig:", ""), ("mixamorig7:", ""), ("Armature|mixamorig:", ""), ("Hero_", ""), ("mixamorig", ""),
    ("", ".001"), ("mixamorig:", ".002.001"), ("mixamorig_", "_012"),
])  # fmt: skip
def test_prefixes_and_endings_that_importers_add_do_not_matter(prefix, ending, rng):
    made = person(TABLES["mixamo"], prefix=prefix, ending=ending)
    found = find_mapping(made.rig(rng))
    assert found.family == "mixamo"
    assert found.first("left_forearm") == f"{prefix}LeftForeArm{ending}"


def test_names_before_an_importers_change_count_too(rng):
    made = person(TABLES["mmd"])
    before = {f"bone {i}": name for i, name in enumerate(made.names)}
    now = {name: changed for changed, name in before.items()} | {"": ""}
    made.names, made.parents = [now[name] for name in made.names], [now[name] for name in made.parents]
    rig = made.rig(rng)
    assert find_mapping(rig, original_names=before).first("left_thigh") == now["左足"]
    assert {switch.bone for switch in fitted_table(rig, TABLES["mmd"], before).switches} == set()


def test_controls_come_before_the_bones_that_they_move(rng):
    controls, deform = person(TABLES["rigify_control"]), person(TABLES["rigify_deform"])
    for field in ("names", "parents", "heads", "tails"):
        getattr(controls, field).extend(getattr(deform, field))
    assert find_mapping(controls.rig(rng)).family == "rigify_control"


def test_a_control_rig_without_hands_and_neck_is_still_one(rng):
    controls, deform = person(TABLES["rigify_control"]), person(TABLES["rigify_deform"])
    for field in ("names", "parents", "heads", "tails"):
        getattr(controls, field).extend(getattr(deform, field))
    parts = ("hand", "neck", "thumb", "f_", "toe")
    lacking = {name: f"MCH-{name}" for name in controls.names if name.startswith(parts)}
    found = find_mapping(controls.renamed(lacking).rig(rng))
    assert (found.family, found.first("left_upper_arm")) == ("rigify_control", "upper_arm_fk.L")


def test_a_spine_with_more_bones_than_the_table_knows_is_taken_whole(rng):
    made = person(TABLES["mixamo"])
    made.parents[made.names.index("Neck")] = "Spine3"
    made.add("Spine3", "Spine2", (0, 0, 1.44), (0, 0, 1.48))
    assert find_mapping(made.rig(rng)).bones["spine"] == ("Spine", "Spine1", "Spine2", "Spine3")


def test_of_a_limb_and_its_twist_bone_the_upper_one_in_the_tree_is_the_limb(rng):
    """Auto-Rig Pro hangs the stretching bone on the twisting one, or the other way round."""
    made = person(TABLES["auto_rig_pro_deform"])
    for side in "lr":
        made.parents[made.names.index(f"arm_twist.{side}")] = f"shoulder.{side}"
        made.parents[made.names.index(f"arm_stretch.{side}")] = f"arm_twist.{side}"
    found = find_mapping(made.rig(rng))
    assert found.bones["left_upper_arm"] == ("arm_twist.l",)
    assert found.bones["left_upper_arm_twist"] == ("arm_stretch.l",)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_half_a_rig_of_bones_that_are_nested_anyhow_has_each_bone_once(rng, table):
    made = person(table)
    made.parents = ["" if bone == 0 else made.names[rng.integers(bone)] for bone in range(len(made.names))]
    taken = set(made.names)     # Rigify has a spine_fk.007 of its own
    made.names = [f"{name}.007" if rng.random() < 0.2 and f"{name}.007" not in taken else name for name in made.names]
    made.parents = ["" if parent not in made.names else parent for parent in made.parents]
    found = find_mapping(made.rig(rng), tuple(TABLES.values()))
    names = [name for chain in found.bones.values() for name in chain]
    assert len(set(names)) == len(names)


def test_a_forearm_that_hangs_elsewhere_is_a_doubt_and_a_finger_that_does_is_left_out(rng):
    made = person(TABLES["mixamo"])
    made.parents[made.names.index("LeftForeArm")] = "Hips"
    made.parents[made.names.index("RightHandIndex1")] = "Hips"
    found = find_mapping(made.rig(rng))
    assert "left_forearm" in found.doubts
    assert not found.has("right_index")
    assert found.score < 1.0


def test_left_limbs_on_the_characters_right_are_doubts(rng):
    made = person(TABLES["mixamo"])
    made.heads, made.tails = ([end * [-1, 1, 1] for end in ends] for ends in (made.heads, made.tails))
    assert {"left_thigh", "right_upper_arm"} <= set(find_mapping(made.rig(rng)).doubts)
