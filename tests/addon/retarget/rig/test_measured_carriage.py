from __future__ import annotations

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.rig.borrowed_rig import borrowed  # noqa: E402
from mambocap.addon.retarget.rig.measured_carriage import Measured, measured_carriage  # noqa: E402
from mambocap.addon.retarget.rig.read_rig import read_rig  # noqa: E402
from mambocap.motion.arrays import Array  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402
from mambocap.motion.retarget.rig.basis import heads_of  # noqa: E402
from mambocap.motion.retarget.rig.carriage import Carriage, carriage_of  # noqa: E402
from mambocap.motion.rotations import matrix_from_quaternion  # noqa: E402

from bench.rigs.all_rigs import made_up_rigs  # noqa: E402
from bench.rigs.in_blender import build  # noqa: E402
from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget.made_up_armature import in_edit_mode, wild_armature  # noqa: E402
from tests.addon.retarget.odd_rigs import (  # noqa: E402
    ARM_BONES,
    arm_rig,
    constrained,
    hinged_rig,
    indirect_rig,
    shown,
)
from tests.addon.retarget.rigify_rig import FK_BONES, rigify_character  # noqa: E402

MOVING = ("root", "hips", "torso", "hand", "c_traj", "c_root_master.x", 'bone "0"', 'bone "2"', 'bone "3"', 'bone "7"')


def measured(character: bpy.types.Object, bones: tuple[str, ...]) -> Measured:
    with borrowed(character) as rig:
        return measured_carriage(character, rig, bones, [name for name in MOVING if name in bones])


def assert_tells_every_pose(
    character: bpy.types.Object, carriage: Carriage, moving: tuple[str, ...] = MOVING, size: float = 1.0
) -> None:  # fmt: skip
    """All bones turned anyhow at once stand where the carriage says."""
    rng = np.random.default_rng(3)
    count = len(carriage.bones)
    turns = matrix_from_quaternion(rng.normal(size=(count, 4)))
    moves = np.array([name in moving for name in carriage.bones])
    locations = size * rng.normal(size=(count, 3)) * moves[:, None]
    with borrowed(character) as rig:
        rig.pose(carriage.bones, turns, locations)
        R_shown, heads_shown = shown(character, carriage.bones)
    R = oriented(carriage, turns)
    np.testing.assert_allclose(R, R_shown, atol=1e-4)
    np.testing.assert_allclose(heads_of(carriage, R[None], locations[None])[0], heads_shown, atol=1e-4 * size)


def oriented(carriage: Carriage, turns: Array) -> Array:
    R = np.empty_like(turns)
    for bone, carrier in enumerate(carriage.carriers):
        R_rig_from_carrier = R[carrier] if carrier >= 0 else np.eye(3)
        R[bone] = R_rig_from_carrier @ carriage.R_carrier_from_unposed[bone] @ turns[bone]
    return R


@pytest.mark.parametrize("make", [arm_rig, hinged_rig])
def test_the_carriage_tells_how_a_small_rig_stands(make) -> None:
    empty_scene()
    character = make()
    found = measured(character, ARM_BONES)
    assert found.doubts == ()
    assert_tells_every_pose(character, found.carriage)


def test_the_carriage_tells_how_any_plain_skeleton_stands() -> None:
    empty_scene()
    character = wild_armature()
    found = measured(character, tuple(character.data.bones.keys()))
    assert found.doubts == ()
    assert_tells_every_pose(character, found.carriage)


def test_a_plain_skeleton_measures_as_its_parents_say() -> None:
    empty_scene()
    character = arm_rig()
    rig = read_rig(character)
    said, seen = carriage_of(rig, ARM_BONES), measured(character, ARM_BONES).carriage
    assert said.bones == seen.bones and list(said.carriers) == list(seen.carriers)
    np.testing.assert_allclose(said.R_carrier_from_unposed, seen.R_carrier_from_unposed, atol=1e-5)
    np.testing.assert_allclose(said.unposed_heads, seen.unposed_heads, atol=1e-5)
    np.testing.assert_allclose(said.R_carrier_from_location, seen.R_carrier_from_location, atol=1e-4)


def test_the_carriage_tells_how_auto_rig_pro_controls_stand() -> None:
    empty_scene()
    made_up = made_up_rigs()["auto_rig_pro"]
    character = build(made_up)
    bones = tuple(name for name in character.data.bones.keys() if name.startswith("c_") and "_ik" not in name)
    found = measured(character, bones)
    assert found.doubts == ()
    assert_tells_every_pose(character, found.carriage)


@pytest.mark.parametrize("limb_follow", [0.0, 1.0])
def test_the_carriage_tells_how_rigify_stands_whatever_its_limbs_follow(limb_follow: float) -> None:
    character = rigify_character()
    for name in ("upper_arm_parent.L", "thigh_parent.R"):
        character.pose.bones[name]["FK_limb_follow"] = limb_follow
    character.pose.bones["torso"]["neck_follow"] = character.pose.bones["torso"]["head_follow"] = 1.0
    for name in ("upper_arm_parent", "thigh_parent"):
        for side in "LR":
            character.pose.bones[f"{name}.{side}"]["IK_FK"] = 1.0
    found = measured(character, FK_BONES)
    assert found.doubts == ()
    assert_tells_every_pose(character, found.carriage)


def test_bones_hang_on_what_constraints_hang_them_on() -> None:
    empty_scene()
    character = indirect_rig()
    bones = ("hand", *ARM_BONES[:-1])
    with borrowed(character) as rig:
        found = measured_carriage(character, rig, bones, ["hips"])
    carriage = found.carriage
    assert found.doubts == ()
    carriers = {name: (carriage.bones[carriage.carriers[k]], carriage.bones[carriage.place_carriers[k]])
                for k, name in enumerate(carriage.bones)}  # fmt: skip
    assert carriers["arm"] == ("chest", "chest")
    assert carriers["hand"] == ("root", "forearm")
    assert_tells_every_pose(character, carriage, moving=("hips",))


def test_a_bone_that_moves_along_other_axes_than_it_hangs_on_is_named() -> None:
    empty_scene()
    found = measured(indirect_rig(), ARM_BONES)
    assert found.doubts == ("hand does not move as its keys say.",)


def test_hips_that_cannot_move_or_move_by_another_measure_are_named() -> None:
    empty_scene()
    character = arm_rig()
    character.pose.bones["root"].scale = (2.0, 2.0, 2.0)
    assert measured(character, ("hips", "chest")).doubts == ("hips does not move as its keys say.",)
    character = arm_rig({"root": ("", (0.0, 0.0, 0.0), (0.0, 0.05, 0.9), 0.0)})
    in_edit_mode(character, lambda: setattr(character.data.edit_bones["hips"], "use_connect", True))
    assert measured(character, ("hips", "chest")).doubts == ("hips does not move as its keys say.",)


def test_poses_that_are_not_keyed_count() -> None:
    empty_scene()
    character = indirect_rig()
    character.pose.bones["on_chest"].rotation_quaternion = (0.8, 0.0, 0.6, 0.0)
    character.pose.bones["on_chest"].location = (0.1, 0.2, -0.3)
    character.pose.bones["forearm"].scale = (1.3, 1.3, 1.3)
    bones = ARM_BONES[:-1]
    assert_tells_every_pose(character, measured(character, bones).carriage)


def test_a_bone_that_follows_by_half_is_named() -> None:
    empty_scene()
    character = arm_rig({"between": ("root", (0.2, 0.0, 1.4), (0.3, 0.1, 1.4), 0.2),
                         "arm": ("between", (0.2, 0.0, 1.4), (0.5, 0.03, 1.38), 1.1)})  # fmt: skip
    constrained(character, "between", "COPY_LOCATION", "chest")
    constrained(character, "between", "COPY_ROTATION", "chest", influence=0.5,
                target_space="LOCAL", owner_space="LOCAL")  # fmt: skip
    found = measured(character, ARM_BONES)
    assert len(found.doubts) == 1
    assert found.doubts[0].startswith("arm follows chest by ")


def test_a_bone_held_by_its_limits_is_named_and_still_carried() -> None:
    empty_scene()
    character = arm_rig()
    limit = character.pose.bones["arm"].constraints.new("LIMIT_ROTATION")
    limit.use_limit_x = limit.use_limit_y = limit.use_limit_z = True
    limit.owner_space = "LOCAL"
    found = measured(character, ARM_BONES)
    assert found.doubts == ("arm does not turn as its keys say.",)
    assert found.carriage.bones[found.carriage.carriers[found.carriage.bones.index("arm")]] == "chest"


def test_a_hidden_character_is_refused() -> None:
    empty_scene()
    character = arm_rig()
    character.hide_set(True)
    with pytest.raises(Refusal, match="Arm is hidden, so that its rig cannot be tried out"):
        measured(character, ARM_BONES)
