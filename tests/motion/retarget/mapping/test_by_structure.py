import numpy as np
import pytest

from motion.retarget.mapping.bone_tree import BoneTree
from motion.retarget.mapping.by_structure import body_by_structure
from motion.retarget.mapping.tables import read_tables
from motion.retarget.slots import FINGERS, part_of
from tests.motion.retarget.named_rigs import STANDING, Y_UP, MadeBones, person

TABLES = {table.name: table for table in read_tables()}
PLAIN = [name for name, table in TABLES.items() if not table.is_control_rig]


@pytest.fixture
def rng():
    return np.random.default_rng(77)


def found_in(made: MadeBones, rng, R_world_from_rig=STANDING, scale=1.0):
    """What the structure of the same bones without names says, by their old names."""
    nameless, names = made.nameless(rng)
    old = {new: name for name, new in names.items()}
    body = body_by_structure(BoneTree(nameless.rig(rng, R_world_from_rig, scale)))
    return {slot: tuple(old[name] for name in bones) for slot, bones in body.bones.items()}


def differing(found, table):
    """Slots that should be found without names and are not; childless twist bones and single fingers cannot be."""
    wrong = [slot for slot, names in table.bones.items() if found.get(slot) != names]
    single_fingers = [slot for slot in wrong if part_of(slot) in FINGERS and len(table.bones[slot]) == 1]
    return [slot for slot in wrong if "twist" not in slot and slot not in ("root", *single_fingers)]


@pytest.mark.parametrize("name", PLAIN)
def test_a_body_is_found_without_names_whichever_way_is_up_and_in_front(name, rng):
    made = person(TABLES[name], arms_down_deg=rng.uniform(0, 60)).turned((0.0, 0.0, rng.uniform(-3, 3)))
    found = found_in(made, rng, Y_UP, scale=rng.uniform(0.01, 2.0))
    assert differing(found, TABLES[name]) == []


def test_hair_skirt_weapon_wings_and_tail_do_not_matter(rng):
    made = person(TABLES["mixamo"], arms_down_deg=35.0)
    for strand in range(8):
        angle = 2.0 * np.pi * (strand + 0.5) / 8
        out = np.array([0.15 * np.cos(angle), 0.15 * np.sin(angle), 0.95])
        made.chain([f"skirt{strand}.{i}" for i in range(4)], "Hips", out, out * [1.8, 1.8, 0.05])
    for side in (-1, 1):
        made.chain([f"hair{side}.{i}" for i in range(7)], "Head", (0.1 * side, 0.05, 1.7), (0.2 * side, 0.2, 0.2))
        made.chain([f"wing{side}.{i}" for i in range(4)], "Spine2", (0.05 * side, 0.1, 1.4), (1.1 * side, 0.2, 1.9))
    made.chain([f"tail{i}" for i in range(6)], "Hips", (0, 0.1, 0.95), (0, 0.8, 0.5))
    made.chain(["sword", "blade"], "RightHand", (-0.6, -0.1, 1.1), (-0.6, -1.2, 1.1))
    assert differing(found_in(made, rng), TABLES["mixamo"]) == []


@pytest.mark.parametrize("name", ["mixamo", "daz_g8", "smplx"])
def test_a_rest_pose_that_is_no_t_pose_and_not_the_same_on_both_sides_is_no_hindrance(name, rng):
    made, names = person(TABLES[name], arms_down_deg=40.0), TABLES[name].bones
    for side in ("left", "right"):
        for part, most_deg in (("upper_arm", 40.0), ("forearm", 40.0), ("thigh", 12.0), ("shin", 12.0), ("foot", 12.0)):
            axis = rng.normal(size=3)
            turn_rad = axis / np.linalg.norm(axis) * np.radians(rng.uniform(0.0, most_deg))
            made = made.bent(names[f"{side}_{part}"][0], turn_rad)
    assert differing(found_in(made, rng), TABLES[name]) == []


def test_bones_between_the_joints_of_a_limb_are_its_twist_bones(rng):
    made = person(TABLES["mixamo"])
    for side in ("Left", "Right"):
        arm, forearm = made.names.index(f"{side}Arm"), made.names.index(f"{side}ForeArm")
        middle = (made.heads[arm] + made.heads[forearm]) / 2
        made.parents[forearm] = made.add(f"{side}Half", f"{side}Arm", middle, made.heads[forearm])
    found = found_in(made, rng)
    assert found["left_upper_arm"] == ("LeftArm",)
    assert found["right_upper_arm_twist"] == ("RightHalf",)


def test_left_is_the_characters_left(rng):
    found = found_in(person(TABLES["smplx"]).turned((0.0, 0.0, np.pi)), rng)
    assert found["left_thigh"] == ("left_hip",)


def test_without_feet_that_point_anywhere_left_and_right_are_doubts(rng):
    made = person(TABLES["unreal_ue4"])
    made.heads = [head * [1, 0, 1] for head in made.heads]
    made.tails = [tail * [1, 0, 1] for tail in made.tails]
    body = body_by_structure(BoneTree(made.nameless(rng)[0].rig(rng)))
    assert {"left_thigh", "right_upper_arm"} <= body.doubts


def four_legs() -> MadeBones:
    made = MadeBones()
    made.chain(["hips", "spine", "chest", "neck", "head"], "", (0, 0.4, 0.7), (0, -0.8, 0.9))
    for side, x in (("l", 0.1), ("r", -0.1)):
        made.chain([f"{side}{i}" for i in range(4)], "hips", (x, 0.4, 0.65), (x, 0.38, 0.0))
        made.chain([f"{side}{i}f" for i in range(4)], "chest", (x, -0.3, 0.65), (x, -0.32, 0.0))
    return made


def test_front_legs_are_no_arms(rng):
    assert not {"left_upper_arm", "right_forearm"} & set(found_in(four_legs(), rng))


def test_a_lamp_a_face_and_nothing_at_all_have_no_body(rng):
    lamp, face = MadeBones(), MadeBones()
    lamp.chain(["foot", "arm", "shade"], "", (0, 0, 0), (0.2, 0, 0.6))
    face.add("head", "", (0, 0, 1.6), (0, 0, 1.8))
    for side in (-1, 1):
        for part in range(6):
            face.chain([f"{side} {part} {i}" for i in range(3)], "head", (0.02 * side, -0.05, 1.6 + part / 50),
                       (0.06 * side, -0.06, 1.6 + part / 40))  # fmt: skip
    for made in (lamp, face, MadeBones()):
        assert body_by_structure(BoneTree(made.rig(rng))).bones == {}
