from __future__ import annotations

import functools

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.panel.found_mapping import found_mapping  # noqa: E402
from mambocap.addon.retarget.retarget_character import Outcome, Wish, retarget_character  # noqa: E402
from mambocap.addon.retarget.rig.control_rig import prepared  # noqa: E402
from mambocap.addon.retarget.rig.ik_keys import with_ik_keys  # noqa: E402
from mambocap.addon.retarget.rig.read_rig import read_rig  # noqa: E402
from mambocap.addon.retarget.sources import Source  # noqa: E402
from mambocap.motion.arrays import Array  # noqa: E402
from mambocap.motion.retarget.mapping.rig_table import IkLimb, RigTable  # noqa: E402
from mambocap.motion.retarget.retarget import Retargeted  # noqa: E402
from mambocap.motion.retarget.rig.basis import heads_of  # noqa: E402
from mambocap.motion.retarget.rig.carriage import Carriage, carriage_of  # noqa: E402
from mambocap.motion.retarget.rig.rig import Rig  # noqa: E402
from mambocap.motion.retarget.rig.rig_keys import RigKeys  # noqa: E402
from mambocap.motion.retarget.settings import RetargetSettings  # noqa: E402
from mambocap.motion.rotations import matrix_from_axis_angle  # noqa: E402
from mathutils import Matrix  # noqa: E402

from bench.rigs.made_up_motion import FRAMES, performance  # noqa: E402
from tests.addon.made_up_takes import empty_scene  # noqa: E402
from tests.addon.retarget.odd_rigs import ARM, ARM_BONES, ARM_ROWS, arm_rig, constrained, shown  # noqa: E402
from tests.addon.retarget.rigify_rig import rigify_character  # noqa: E402

SOURCE = Source(performance(), 1.0 + np.arange(FRAMES), "Made up")
SOME = range(1, FRAMES, 9)
LIMBS = [tuple(f"DEF-{part}.{side}" for part in limb) for side in "LR"
         for limb in (("upper_arm", "forearm", "hand"), ("thigh", "shin", "foot"))]  # fmt: skip
ENDS = [name for _, _, end in LIMBS for name in (end, end.replace("foot", "toe"))]
CONTROLS = [f"{name}.{side}" for side in "LR" for name in ("hand_ik", "foot_ik")]
POLES = [f"{name}_ik_target.{side}" for side in "LR" for name in ("upper_arm", "thigh")]


def retargeted(ik: bool) -> tuple[bpy.types.Object, Outcome]:
    character = rigify_character()
    return character, on(character, ik)


def on(character: bpy.types.Object, ik: bool) -> Outcome:
    bpy.context.scene.render.fps = 30
    settings = RetargetSettings(solve_feet=False, hands="free")
    wish = Wish(found_mapping(character), settings, ik=ik)
    return retarget_character(character, SOURCE, wish, lambda share, words: None)


@functools.cache
def posed(ik: bool) -> dict[str, Array]:
    """Matrices [N, 4, 4] by bone on some frames, and the errors that the artist reads."""
    character, outcome = retargeted(ik)
    names = sorted({*ENDS, *(name for limb in LIMBS for name in limb), *CONTROLS, *POLES, "thigh_fk.L"})
    matrices = []
    for frame in SOME:
        bpy.context.scene.frame_set(frame)
        matrices.append([np.array(character.pose.bones[name].matrix) for name in names])   # they change with the frame
    by_name = dict(zip(names, np.moveaxis(np.array(matrices), 1, 0), strict=True))
    return {**by_name, "errors": np.array(list(outcome.limb_errors.values()))}


def angles_deg(a: Array, b: Array) -> Array:
    cosine = np.sum(a * b, axis=-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
    return np.rad2deg(np.arccos(np.clip(cosine, -1.0, 1.0)))


def directions(bones: dict[str, Array]) -> Array:
    """[N, 8, 3] of upper and lower limbs."""
    ways = [(limb[start], limb[start + 1]) for limb in LIMBS for start in (0, 1)]
    return np.stack([bones[to][:, :3, 3] - bones[start][:, :3, 3] for start, to in ways], axis=1)


def test_limbs_point_by_ik_where_they_point_by_fk() -> None:
    assert angles_deg(directions(posed(True)), directions(posed(False))).max() < 0.5   # 0.14; Rigify's solver is near


def test_hands_and_feet_are_by_ik_where_they_are_by_fk() -> None:
    for name in ENDS:
        by_ik, by_fk = posed(True)[name], posed(False)[name]
        assert np.linalg.norm(by_ik[:, :3, 3] - by_fk[:, :3, 3], axis=-1).max() < 0.5e-3
        assert angles_deg(by_ik[:, :3, 1], by_fk[:, :3, 1]).max() < 0.5


def test_what_the_artist_reads_is_small_with_ik_too() -> None:
    assert posed(True)["errors"].max() < 1.0


def test_fk_is_keyed_beside_ik() -> None:
    character, _ = retargeted(ik=True)
    assert {"thigh_fk.L", "foot_ik.L", "thigh_ik_target.L", "toe_ik.L"} <= keyed(character)
    np.testing.assert_allclose(posed(True)["thigh_fk.L"], posed(False)["thigh_fk.L"], atol=1e-5)


def test_a_heel_lifted_by_hand_before_bends_no_leg() -> None:
    character = rigify_character()
    for name in ("foot_heel_ik.L", "foot_spin_ik.L", "foot_heel_ik.R"):
        character.pose.bones[name].rotation_euler = (0.6, 0.3, 0.2)
    on(character, ik=True)
    for place, frame in enumerate(SOME):
        bpy.context.scene.frame_set(frame)
        for name in ("DEF-shin.L", "DEF-foot.L", "DEF-foot.R"):
            np.testing.assert_allclose(character.pose.bones[name].matrix, posed(True)[name][place], atol=1e-3)


def test_ik_is_not_keyed_where_nobody_asked() -> None:
    character, _ = retargeted(ik=False)
    assert not keyed(character) & {*CONTROLS, *POLES}


def test_a_pole_beside_the_plane_of_the_bend_keeps_elbows_in_place() -> None:
    empty_scene()
    character = ik_arm_rig()
    bend = elbow_axis(character)
    rng = np.random.default_rng(4)
    turns = matrix_from_axis_angle(0.8 * rng.normal(size=(20, len(ARM_BONES), 3)))
    turns[:, ARM_BONES.index("forearm")] = matrix_from_axis_angle(rng.uniform(0.1, 1.8, 20)[:, None] * bend)
    rig = read_rig(character)
    table = RigTable("t", "T", {}, ik={"left_arm": IkLimb("reach", "pole")})
    state = prepared(character, ARM, table, ARM_BONES, ik=True)
    asked = with_turns(rig, state.carriage or carriage_of(rig, ARM_BONES), turns)
    keys = with_ik_keys(asked, rig, ARM, state)
    for frame in range(20):
        for bone, R, location in zip(keys.bones, keys.R_basis[frame], keys.locations[frame], strict=True):
            character.pose.bones[bone].matrix_basis = Matrix.LocRotScale(location, Matrix(R).to_quaternion(), None)
        _, heads = shown(character, ("arm", "forearm", "hand", "arm_ik", "forearm_ik", "end_ik"))
        assert np.linalg.norm(heads[:3] - heads[3:], axis=-1).max() < 4e-3   # of an arm of half a metre


def ik_arm_rig() -> bpy.types.Object:
    """An arm with a second chain that reaches for `reach`, its pole well out of the plane in which the elbow bends."""
    character = arm_rig({
        "arm_ik": ("chest", *ARM_ROWS["arm"][1:]), "forearm_ik": ("arm_ik", *ARM_ROWS["forearm"][1:]),
        "end_ik": ("forearm_ik", *ARM_ROWS["hand"][1:]), "reach": ("root", (0.75, 0.0, 1.4), (0.75, 0.2, 1.4), 0.4),
        "pole": ("root", (0.48, 0.5, 1.7), (0.48, 0.6, 1.7), 0.0),
    })  # fmt: skip
    constrained(character, "forearm_ik", "IK", "reach", chain_count=2, use_stretch=False, iterations=2000,
                pole_target=character, pole_subtarget="pole")  # fmt: skip
    ik = character.pose.bones["forearm_ik"].constraints["IK"]

    def off(angle_rad: float) -> float:
        ik.pole_angle = angle_rad
        _, heads = shown(character, ("forearm", "forearm_ik"))
        return float(np.linalg.norm(heads[0] - heads[1]))

    ik.pole_angle = min(np.linspace(-np.pi, np.pi, 721), key=off)   # as riggers do: the rest pose must stay
    return character


def elbow_axis(character: bpy.types.Object) -> Array:
    """About which the elbow bends on, in the forearm's axes."""
    bones = character.data.bones
    upper, lower = (bones[name].tail_local - bones[name].head_local for name in ("arm", "forearm"))
    axis = np.array(bones["forearm"].matrix_local.to_3x3()).T @ np.cross(upper, lower)
    return axis / np.linalg.norm(axis)


def with_turns(rig: Rig, carriage: Carriage, R_basis: Array) -> Retargeted:
    R = np.empty_like(R_basis)
    for bone, carrier in enumerate(carriage.carriers):
        unposed = carriage.R_carrier_from_unposed[bone]
        R[:, bone] = (R[:, carrier] @ unposed if carrier >= 0 else unposed) @ R_basis[:, bone]
    still = np.zeros(R.shape[:-1])
    keys = RigKeys(carriage.bones, R_basis, still, np.zeros(len(carriage.bones), dtype=bool))
    heads_world = rig.to_world(heads_of(carriage, R, still))
    return Retargeted(None, None, None, None, keys, rig.R_world_from_rig @ R, heads_world)


def keyed(character: bpy.types.Object) -> set[str]:
    from tests.addon.retarget.made_up_armature import curves_of_action
    return {curve.data_path.split('"')[1] for curve in curves_of_action(character.animation_data.action)}


def test_poles_keep_their_distance() -> None:
    character = rigify_character()
    rest = character.data.bones
    for (_, joint, _), pole in zip(LIMBS, POLES, strict=True):
        way = posed(True)[pole][:, :3, 3] - posed(False)[joint][:, :3, 3]
        usual = (rest[pole].head_local - rest[joint].head_local).length
        np.testing.assert_allclose(np.linalg.norm(way, axis=-1), usual, rtol=1e-3)
