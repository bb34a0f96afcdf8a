import numpy as np
import pytest

from motion.retarget.mapping.bone_tree import BoneTree
from motion.retarget.mapping.bone_words import words_of
from motion.retarget.mapping.by_words import bones_by_words
from motion.retarget.mapping.tables import read_tables
from motion.retarget.slots import side_of
from tests.motion.retarget.named_rigs import person

TABLES = {table.name: table for table in read_tables()}
MIXAMO = TABLES["mixamo"]
_PARTS = ("clavicle", "upper_arm", "forearm", "hand", "thigh", "shin", "foot", "toe")
WAYS = {   # how people call the bones of a limb, and the centre: hips, three of the spine, neck, head
    "3ds Max": ("Bip01 {S} {}", "Clavicle UpperArm Forearm Hand Thigh Calf Foot Toe0",
                "Bip01 Pelvis, Bip01 Spine, Bip01 Spine1, Bip01 Spine2, Bip01 Neck, Bip01 Head"),
    "parts first": ("{}_{S}", "Collar Arm_Upper Arm_Lower Hand Leg_Upper Leg_Lower Foot Toe",
                    "Hips, Spine_Lower, Spine_Middle, Chest, Neck, Head"),
    "joints": ("{side}_{}", "collar shoulder elbow wrist hip knee ankle ball",
               "pelvis, abdomen, torso, chest, neck, skull"),
    "glued": ("{s}{}", "collar shldr forearm hand thigh shin foot toe", "hip, spine1, spine2, spine3, neck, head"),
    "end of name": ("{}.{s}", "shoulder arm elbow hand thigh leg ankle toes", "hips, waist, belly, chest, neck, head"),
    "valve": ("ValveBiped.Bip01_{S}_{}", "Clavicle UpperArm Forearm Hand Thigh Calf Foot Toe0",
              "ValveBiped.Bip01_Pelvis, ValveBiped.Bip01_Spine, ValveBiped.Bip01_Spine1, ValveBiped.Bip01_Spine2, "
              "ValveBiped.Bip01_Neck1, ValveBiped.Bip01_Head1"),
    "Japanese": ("{j}{}", "肩 上腕 前腕 手 太もも ひざ 足首 つま先", "腰, 上半身, 上半身2, 上半身3, 首, 頭"),
    "Second Life": ("m{}{Side}", "Collar Shoulder Elbow Wrist Hip Knee Ankle Foot",
                    "mPelvis, mTorso, mSpine1, mChest, mNeck, mHead"),
    "MMD in English": ("{}_{S}", "shoulder arm elbow wrist leg knee ankle toe",
                       "lower body, upper body, upper body2, upper body3, neck, head"),
    "legs": ("{Side}{}", "Shoulder UpperArm LowerArm Hand UpperLeg Leg Foot Toes",
             "Hips, Spine, Chest, UpperChest, Neck, Head"),
}  # fmt: skip
_FINGERS = {"thumb": "Finger0", "index": "Finger1", "middle": "Finger2", "ring": "Finger3", "pinky": "Finger4"}


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def called(way: str) -> dict[str, str]:
    """Names of Mixamo's bones in another way."""
    pattern, parts, centre = WAYS[way]
    chain = [MIXAMO.bones["hips"][0], *MIXAMO.bones["spine"], *MIXAMO.bones["neck"], *MIXAMO.bones["head"]]
    names = dict(zip(chain, centre.split(", ")))
    for side, japanese in (("left", "左"), ("right", "右")):
        words = {"S": side[0].upper(), "s": side[0], "side": side, "Side": side.title(), "j": japanese}
        for part, word in zip(_PARTS, parts.split()):
            names[MIXAMO.bones[f"{side}_{part}"][0]] = pattern.format(word, **words)
        for finger, word in _FINGERS.items():
            for joint, name in enumerate(MIXAMO.bones[f"{side}_{finger}"]):
                names[name] = f"Bip01 {side[0].upper()} {word}{joint or ''}"
    return names


@pytest.mark.parametrize("way", WAYS)
def test_names_that_are_words_are_understood(way, rng):
    names = called(way)
    made = person(MIXAMO)
    found = bones_by_words(BoneTree(made.renamed(names).rig(rng)))
    assert found == {slot: tuple(names[name] for name in chain) for slot, chain in MIXAMO.bones.items()}


@pytest.mark.parametrize("name", ["unreal_ue5", "daz_g8", "daz_g9", "cc_base", "vroid", "smplx", "metahuman"])
def test_the_names_of_programs_are_understood_without_their_tables(name, rng):
    found = bones_by_words(BoneTree(person(TABLES[name]).rig(rng)))
    wanted = {slot: names for slot, names in TABLES[name].bones.items() if slot not in ("root", "pelvis")}
    assert {slot: names for slot, names in found.items() if slot in wanted} == wanted


def test_bones_of_hair_and_clothes_and_ik_targets_are_none_of_the_body():
    names = ["Hand_IK.L", "foot_pole_target_r", "head_end", "LeftHandThumb_tip", "neck_hair_01", "thigh_skirt.L", "eye"]
    assert all(words.helps for words in words_of(names))


@pytest.mark.parametrize("name, side, part", [
    ("mixamorig:LeftForeArm", "left", "forearm"), ("upperarm_l.001", "left", "upper_arm"), ("RThigh", "right", "thigh"),
    ("r_hand", "right", "hand"), ("CalfLeft", "left", "shin"), ("右腕", "right", "upper_arm"),
    ("腕.L", "left", "upper_arm"), ("Ball", "", "toe"), ("Rig|neck", "", "neck"), ("lRing1", "left", "ring"),
    ("Left", "left", ""), ("", "", ""),
])  # fmt: skip
def test_a_name_says_side_and_part(name, side, part):
    words = words_of([name])[0]
    assert (words.side, words.part) == (side, part)


def test_fingers_are_counted_from_one_where_there_is_a_fifth():
    names = [f"finger{finger}-{joint}.L" for finger in range(1, 6) for joint in (1, 2, 3)]
    assert [words.part for words in words_of(names)[::3]] == ["thumb", "index", "middle", "ring", "pinky"]


def test_sides_are_those_of_the_slots(rng):
    found = bones_by_words(BoneTree(person(TABLES["unreal_ue4"]).rig(rng)))
    sided = [(side_of(slot)[0], name) for slot, names in found.items() if side_of(slot) for name in names]
    assert len(sided) > 40
    assert all(name.endswith(f"_{letter}") for letter, name in sided)
