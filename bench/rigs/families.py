"""Bone names and nesting of the skeletons that artists use, as their programs and importers document them.

Sources: vchoutas/smplx joint_names.py (SMPL-X); saturday06/VRM-Addon-for-Blender mapping tables (Mixamo, Unreal, VRoid,
Character Creator, MMD); pKrime/Expy-Kit presets (Unreal 5, Genesis 8, ActorCore); makehumancommunity/mpfb2 rig.*.json.
"""

from __future__ import annotations

from .names import ExtraBone, Names, Patterns, fingers, limbs

_LOWER = ("_l", "_r")
_SMALL = "thumb index middle ring pinky"

MIXAMO = Names(
    ("Left", "Right"), "mixamorig:Hips", ("mixamorig:Spine", "mixamorig:Spine1", "mixamorig:Spine2"),
    ("mixamorig:Neck",), "mixamorig:Head",
    limbs(*(f"mixamorig:{{s}}{name}" for name in
            ("Shoulder", "Arm", "ForeArm", "Hand", "UpLeg", "Leg", "Foot", "ToeBase"))),
    fingers("mixamorig:{s}Hand{finger}{n}", "Thumb Index Middle Ring Pinky"),
    extra=(
        ExtraBone("mixamorig:HeadTop_End", "mixamorig:Head", "head_top"),
        ExtraBone("mixamorig:{s}Toe_End", "mixamorig:{s}ToeBase", "{side}_toe_tip"),
        ExtraBone("mixamorig:{s}HandThumb4", "mixamorig:{s}HandThumb3", "{side}_thumb3"),
        ExtraBone("mixamorig:{s}HandIndex4", "mixamorig:{s}HandIndex3", "{side}_index3"),
    ),
)  # fmt: skip

_UNREAL_LIMBS = limbs("clavicle{s}", "upperarm{s}", "lowerarm{s}", "hand{s}", "thigh{s}", "calf{s}", "foot{s}",
                      "ball{s}")  # fmt: skip
_UNREAL_FINGERS = fingers("{finger}_{n}{s}", _SMALL, "01 02 03")
_UNREAL_IK = (
    ExtraBone("ik_foot_root", "root", "ground"), ExtraBone("ik_foot{s}", "ik_foot_root", "{side}_foot"),
    ExtraBone("ik_hand_root", "root", "ground"), ExtraBone("ik_hand_gun", "ik_hand_root", "right_hand"),
    ExtraBone("ik_hand{s}", "ik_hand_gun", "{side}_hand"),
)  # fmt: skip


def _unreal_twists(count: int) -> Patterns:
    return {slot: tuple(f"{name}_twist_{i + 1:02d}{{s}}" for i in range(count))
            for slot, name in (("upper_arm", "upperarm"), ("forearm", "lowerarm"), ("thigh", "thigh"),
                               ("shin", "calf"))}  # fmt: skip


UNREAL_4 = Names(
    _LOWER, "pelvis", ("spine_01", "spine_02", "spine_03"), ("neck_01",), "head", _UNREAL_LIMBS, _UNREAL_FINGERS,
    root="root", beside=_unreal_twists(1), extra=_UNREAL_IK,
)  # fmt: skip
_UNREAL_5_SPINE = tuple(f"spine_{i:02d}" for i in range(1, 6))
_METACARPALS = {name: (f"{name}_metacarpal{{s}}",) for name in _SMALL.split()[1:]}
UNREAL_5 = Names(
    _LOWER, "pelvis", _UNREAL_5_SPINE, ("neck_01", "neck_02"), "head", _UNREAL_LIMBS, _UNREAL_FINGERS,
    root="root", before=_METACARPALS, beside=_unreal_twists(2), extra=_UNREAL_IK,
)  # fmt: skip
METAHUMAN = Names(
    _LOWER, "pelvis", _UNREAL_5_SPINE, ("neck_01", "neck_02"), "head", _UNREAL_LIMBS, _UNREAL_FINGERS,
    root="root", before=_METACARPALS, beside=_unreal_twists(2),
    extra=(
        ExtraBone("clavicle_out{s}", "clavicle{s}", "{side}_upper_arm"),
        ExtraBone("clavicle_scap{s}", "clavicle{s}", "{side}_clavicle"),
        ExtraBone("clavicle_pec{s}", "spine_04", "{side}_clavicle"),
        ExtraBone("upperarm_correctiveRoot{s}", "upperarm{s}", "{side}_upper_arm"),
        ExtraBone("upperarm_twistCor_01{s}", "upperarm_twist_01{s}", "{side}_upper_arm"),
        ExtraBone("lowerarm_correctiveRoot{s}", "lowerarm{s}", "{side}_forearm"),
        ExtraBone("thigh_correctiveRoot{s}", "thigh{s}", "{side}_thigh"),
        ExtraBone("calf_correctiveRoot{s}", "calf{s}", "{side}_shin"),
        ExtraBone("bigtoe_01{s}", "ball{s}", "{side}_toe_tip"),
        ExtraBone("littletoe_01{s}", "ball{s}", "{side}_toe_tip"),
        *_UNREAL_IK,
    ),
)  # fmt: skip
MPFB_GAME_ENGINE = Names(
    _LOWER, "pelvis", ("spine_01", "spine_02", "spine_03"), ("neck_01",), "head", _UNREAL_LIMBS, _UNREAL_FINGERS,
    root="Root",
)  # fmt: skip

VROID = Names(
    ("L", "R"), "J_Bip_C_Hips", ("J_Bip_C_Spine", "J_Bip_C_Chest", "J_Bip_C_UpperChest"), ("J_Bip_C_Neck",),
    "J_Bip_C_Head",
    limbs(*(f"J_Bip_{{s}}_{name}" for name in
            ("Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "ToeBase"))),
    fingers("J_Bip_{s}_{finger}{n}", "Thumb Index Middle Ring Little"), root="Root",
    extra=(
        ExtraBone("J_Adj_{s}_FaceEye", "J_Bip_C_Head", "head_top"),
        ExtraBone("J_Sec_Hair1_01", "J_Bip_C_Head", "head_top"), ExtraBone("J_Sec_Hair2_01", "J_Sec_Hair1_01", "head"),
        ExtraBone("J_Sec_{s}_Bust1", "J_Bip_C_UpperChest", "{side}_clavicle"),
    ),
)  # fmt: skip

MPFB_DEFAULT = Names(
    (".L", ".R"), "root", tuple(f"spine0{i}" for i in (5, 4, 3, 2, 1)), ("neck01", "neck02", "neck03"), "head",
    limbs("clavicle{s}+shoulder01{s}", "upperarm01{s}", "lowerarm01{s}", "wrist{s}", "upperleg01{s}", "lowerleg01{s}",
          "foot{s}", "toe1-1{s}"),
    fingers("finger{finger}-{n}{s}", "1 2 3 4 5"),
    before={"thigh": ("pelvis{s}",)} | {name: (f"metacarpal{i + 1}{{s}}",) for i, name in
                                        enumerate(_SMALL.split()[1:])},
    in_chain={"upper_arm": ("upperarm02{s}",), "forearm": ("lowerarm02{s}",), "thigh": ("upperleg02{s}",),
              "shin": ("lowerleg02{s}",)},
    extra=(
        ExtraBone("jaw", "head", "head"), ExtraBone("tongue00", "jaw", "head"), ExtraBone("eye{s}", "head", "head_top"),
        ExtraBone("toe1-2{s}", "toe1-1{s}", "{side}_toe_tip"),
        *(bone for toe in range(2, 6) for bone in (
            ExtraBone(f"toe{toe}-1{{s}}", "foot{s}", "{side}_toe"),
            ExtraBone(f"toe{toe}-2{{s}}", f"toe{toe}-1{{s}}", "{side}_toe_tip"),
            ExtraBone(f"toe{toe}-3{{s}}", f"toe{toe}-2{{s}}", "{side}_toe_tip"))),
        ExtraBone("breast{s}", "spine02", "{side}_clavicle"),
    ),
)  # fmt: skip

CC_BASE = Names(
    ("L", "R"), "CC_Base_Hip", ("CC_Base_Waist", "CC_Base_Spine01", "CC_Base_Spine02"),
    ("CC_Base_NeckTwist01", "CC_Base_NeckTwist02"), "CC_Base_Head",
    limbs(*(f"CC_Base_{{s}}_{name}" for name in
            ("Clavicle", "Upperarm", "Forearm", "Hand", "Thigh", "Calf", "Foot", "ToeBase"))),
    fingers("CC_Base_{s}_{finger}{n}", "Thumb Index Mid Ring Pinky"), root="CC_Base_BoneRoot", pelvis="CC_Base_Pelvis",
    beside={slot: tuple(f"CC_Base_{{s}}_{name}Twist0{i}" for i in (1, 2)) for slot, name in
            (("upper_arm", "Upperarm"), ("forearm", "Forearm"), ("thigh", "Thigh"), ("shin", "Calf"))},
    extra=(
        ExtraBone("CC_Base_JawRoot", "CC_Base_Head", "head"), ExtraBone("CC_Base_{s}_Eye", "CC_Base_Head", "head_top"),
        ExtraBone("CC_Base_{s}_RibsTwist", "CC_Base_Spine02", "{side}_clavicle"),
        ExtraBone("CC_Base_{s}_ToeBaseShareBone", "CC_Base_{s}_Foot", "{side}_toe"),
        ExtraBone("CC_Base_{s}_KneeShareBone", "CC_Base_{s}_Calf", "{side}_shin"),
        ExtraBone("CC_Base_{s}_ElbowShareBone", "CC_Base_{s}_Forearm", "{side}_forearm"),
    ),
)  # fmt: skip

# The legs hang on `pelvis`, the spine on `hip`.
DAZ_G8 = Names(
    ("l", "r"), "hip", ("abdomenLower", "abdomenUpper", "chestLower", "chestUpper"), ("neckLower", "neckUpper"), "head",
    limbs("{s}Collar", "{s}ShldrBend", "{s}ForearmBend", "{s}Hand", "{s}ThighBend", "{s}Shin", "{s}Foot", "{s}Toe"),
    fingers("{s}{finger}{n}", "Thumb Index Mid Ring Pinky"), pelvis="pelvis",
    before={"toe": ("{s}Metatarsals",)} | {name: (f"{{s}}Carpal{i + 1}",) for i, name in
                                           enumerate(_SMALL.split()[1:])},
    in_chain={"upper_arm": ("{s}ShldrTwist",), "forearm": ("{s}ForearmTwist",), "thigh": ("{s}ThighTwist",)},
    extra=(ExtraBone("lowerJaw", "head", "head"), ExtraBone("{s}Eye", "head", "head_top"),
           ExtraBone("{s}Pectoral", "chestUpper", "{side}_clavicle")),
)  # fmt: skip
DAZ_G9 = Names(
    ("l", "r"), "hip", ("spine1", "spine2", "spine3", "spine4"), ("neck1", "neck2"), "head",
    limbs("{s}_shoulder", "{s}_upperarm", "{s}_forearm", "{s}_hand", "{s}_thigh", "{s}_shin", "{s}_foot", "{s}_toes"),
    fingers("{s}_{finger}{n}", "thumb index mid ring pinky"), pelvis="pelvis",
    before={"toe": ("{s}_metatarsal",)} | {name: (f"{{s}}_{own}metacarpal",) for name, own in
                                           zip(_SMALL.split()[1:], ("index", "mid", "ring", "pinky"))},
    beside={slot: tuple(f"{{s}}_{name}twist{i}" for i in (1, 2)) for slot, name in
            (("upper_arm", "upperarm"), ("forearm", "forearm"), ("thigh", "thigh"))},
)  # fmt: skip

_MMD_DIGITS = "１ ２ ３"   # full width, as in PMX files
MMD = Names(
    ("左", "右"), "センター", ("上半身", "上半身2"), ("首",), "頭",
    limbs("{s}肩", "{s}腕", "{s}ひじ", "{s}手首", "{s}足", "{s}ひざ", "{s}足首", "{s}つま先"),
    fingers("{s}{finger}{n}", "親指 人指 中指 薬指 小指", _MMD_DIGITS, "０ １ ２"),
    root="全ての親", pelvis="下半身", under_hips=("グルーブ", "腰"),
    before={"clavicle": ("{s}肩P",), "upper_arm": ("{s}肩C",)},
    in_chain={"upper_arm": ("{s}腕捩",), "forearm": ("{s}手捩",)},
    extra=(
        ExtraBone("両目", "頭", "head_top"), ExtraBone("{s}目", "頭", "head_top"),
        ExtraBone("{s}足IK親", "全ての親", "{side}_foot"), ExtraBone("{s}足ＩＫ", "{s}足IK親", "{side}_foot"),
        ExtraBone("{s}つま先ＩＫ", "{s}足ＩＫ", "{side}_toe"),
    ),
)  # fmt: skip

SMPLX = Names(
    ("left", "right"), "pelvis", ("spine1", "spine2", "spine3"), ("neck",), "head",
    limbs("{s}_collar", "{s}_shoulder", "{s}_elbow", "{s}_wrist", "{s}_hip", "{s}_knee", "{s}_ankle", "{s}_foot"),
    fingers("{s}_{finger}{n}", _SMALL),
    extra=(ExtraBone("jaw", "head", "head"), ExtraBone("{s}_eye_smplhf", "head", "head_top")),
)  # fmt: skip

AUTO_RIG_PRO = Names(
    (".l", ".r"), "c_root_master.x", ("c_spine_01.x", "c_spine_02.x", "c_spine_03.x"), ("c_neck.x",), "c_head.x",
    limbs("c_shoulder{s}", "c_arm_fk{s}", "c_forearm_fk{s}", "c_hand_fk{s}", "c_thigh_fk{s}", "c_leg_fk{s}",
          "c_foot_fk{s}", "c_toes_fk{s}"),
    fingers("c_{finger}{n}{s}", _SMALL), root="c_traj",
    extra=(
        ExtraBone("c_hand_ik{s}", "c_traj", "{side}_hand"), ExtraBone("c_foot_ik{s}", "c_traj", "{side}_foot"),
    ),
)  # fmt: skip
