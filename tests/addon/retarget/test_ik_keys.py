from __future__ import annotations

import functools

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.retarget.found_mapping import found_mapping  # noqa: E402
from mambocap.addon.retarget.retarget_character import Outcome, Wish, retarget_character  # noqa: E402
from mambocap.addon.retarget.sources import Source  # noqa: E402
from mambocap.motion.arrays import Array  # noqa: E402
from mambocap.motion.retarget.settings import RetargetSettings  # noqa: E402

from bench.rigs.made_up_motion import FRAMES, performance  # noqa: E402
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
    bpy.context.scene.render.fps = 30
    settings = RetargetSettings(solve_feet=False, hands="free")
    wish = Wish(found_mapping(character), settings, ik=ik)
    return character, retarget_character(character, SOURCE, wish, lambda share, words: None)


@functools.cache
def posed(ik: bool) -> dict[str, Array]:
    """Matrices [N, 4, 4] by bone on some frames, and the errors that the artist reads."""
    character, outcome = retargeted(ik)
    names = sorted({*ENDS, *(name for limb in LIMBS for name in limb), *CONTROLS, *POLES, "thigh_fk.L"})
    matrices = []
    for frame in SOME:
        bpy.context.scene.frame_set(frame)
        matrices.append([character.pose.bones[name].matrix for name in names])
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


def test_ik_is_not_keyed_where_nobody_asked() -> None:
    character, _ = retargeted(ik=False)
    assert not keyed(character) & {*CONTROLS, *POLES}


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
