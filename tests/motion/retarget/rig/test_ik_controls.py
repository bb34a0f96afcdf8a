from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.arrays import Array
from motion.retarget.mapping.rig_mapping import RigMapping
from motion.retarget.mapping.rig_table import IkLimb
from motion.retarget.retarget import Retargeted
from motion.retarget.rig.basis import heads_of
from motion.retarget.rig.carriage import Carriage, carriage_of
from motion.retarget.rig.ik_controls import ik_keys, joined
from motion.retarget.rig.rig import Rig
from motion.retarget.rig.rig_keys import RigKeys
from motion.rotations import matrix_from_axis_angle, matrix_from_quaternion

LEG = {"left_leg": IkLimb("foot_ik", "pole", "toe_ik")}
MAPPING = RigMapping({"hips": ("hips",), "left_thigh": ("thigh",), "left_shin": ("shin",), "left_foot": ("foot",),
                      "left_toe": ("toe",)})  # fmt: skip
PARENTS = {"root": "", "hips": "root", "thigh": "hips", "shin": "thigh", "foot": "shin", "toe": "foot",
           "foot_ik": "root", "toe_ik": "foot_ik", "pole": "hips"}  # fmt: skip
HEADS = {"root": (0, 0, 0), "hips": (0, 0, 10), "thigh": (1, 0, 9), "shin": (1.05, -0.3, 5), "foot": (1, 0, 1),
         "toe": (1, -1.5, 0.2), "foot_ik": (1, 0.6, 0), "toe_ik": (1, -1.5, 0.2), "pole": (1.05, -6, 5.4)}  # fmt: skip
FK = ("hips", "thigh", "shin", "foot", "toe")


def leg_rig(**others: tuple[float, float, float]) -> Rig:
    """In tenths of a metre, its object moved and turned; bones lie anyhow, some at other places."""
    rng = np.random.default_rng(8)
    names = tuple(PARENTS)
    heads = np.array([{**HEADS, **others}[name] for name in names], dtype=float)
    return Rig(
        names, np.array([names.index(parent) if parent else -1 for parent in PARENTS.values()]), heads,
        heads + rng.normal(size=heads.shape), matrix_from_quaternion(rng.normal(size=(len(names), 4))),
        matrix_from_axis_angle(np.array([0.3, -0.8, 2.0])), 0.1, np.array([3.0, -1.0, 0.4]),
    )  # fmt: skip


def with_fk(rig: Rig, R_basis: Array, locations: Array | None = None) -> Retargeted:
    """The FK bones turned by [T, 5, 3, 3] beyond rest."""
    carriage = carriage_of(rig, FK)
    locations = np.zeros(R_basis.shape[:-1]) if locations is None else locations
    R, heads = stand(carriage, R_basis, locations)
    keys = RigKeys(carriage.bones, R_basis, locations, np.array([True, *[False] * 4]))
    return Retargeted(None, None, None, None, keys, rig.R_world_from_rig @ R, rig.to_world(heads))


def stand(carriage: Carriage, R_basis: Array, locations: Array) -> tuple[Array, Array]:
    R = np.empty_like(R_basis)
    for bone, carrier in enumerate(carriage.carriers):
        unposed = carriage.R_carrier_from_unposed[bone]
        R[:, bone] = (R[:, carrier] @ unposed if carrier >= 0 else unposed) @ R_basis[:, bone]
    return R, heads_of(carriage, R, locations)


def with_ik(rig: Rig, asked: Retargeted) -> dict[str, tuple[Array, Array]]:
    """R_rig_from_bone and heads of all bones by name, FK and IK controls as keyed."""
    carriage = carriage_of(rig, (*FK, "foot_ik", "toe_ik", "pole"))
    keys = joined(asked.keys, ik_keys(asked, rig, MAPPING, LEG, carriage))
    index = [keys.bones.index(name) for name in carriage.bones]
    turns = np.where(keys.turns[index, None, None], keys.R_basis[:, index], np.eye(3))
    R, heads = stand(carriage, turns, keys.locations[:, index] * keys.moves[index, None])
    return {name: (R[:, bone], heads[:, bone]) for bone, name in enumerate(carriage.bones)}


def anyhow(seed: int, frames: int = 6) -> Retargeted:
    rng = np.random.default_rng(seed)
    return with_fk(leg_rig(), matrix_from_quaternion(rng.normal(size=(frames, 5, 4))),
                   rng.normal(size=(frames, 5, 3)) * np.array([1.0, 0, 0, 0, 0])[:, None])  # fmt: skip


def bent(knee_deg: Array, rig: Rig | None = None) -> Retargeted:
    """The knee bent by so much [T] beyond rest, about the axis across the leg."""
    rig = rig or leg_rig()
    shin, thigh = rig.bone("shin"), rig.bone("thigh")
    upper, lower = rig.heads[shin] - rig.heads[thigh], rig.heads[rig.bone("foot")] - rig.heads[shin]
    axis_rig = np.cross(upper, lower)
    axis = rig.R_rig_from_bone[shin].T @ axis_rig / np.linalg.norm(axis_rig)
    R_basis = np.tile(np.eye(3), (len(knee_deg), 5, 1, 1))
    R_basis[:, FK.index("shin")] = matrix_from_axis_angle(np.deg2rad(knee_deg)[:, None] * axis)
    return with_fk(rig, R_basis)


REST_BEND_DEG = 8.696     # of the leg above: between (0.05, -0.3, -4) and (-0.05, 0.3, -4)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_control_goes_with_the_foot_as_one_piece(seed: int) -> None:
    rig = leg_rig()
    bones = with_ik(rig, anyhow(seed))
    for control, leader in (("foot_ik", "foot"), ("toe_ik", "toe")):
        (R, heads), (R_leader, heads_leader) = bones[control], bones[leader]
        R_rest = rig.R_rig_from_bone[rig.bone(leader)].T @ rig.R_rig_from_bone[rig.bone(control)]
        np.testing.assert_allclose(np.swapaxes(R_leader, -1, -2) @ R, np.broadcast_to(R_rest, R.shape), atol=1e-9)
        if control == "foot_ik":
            way = rig.R_rig_from_bone[rig.bone(leader)].T @ (rig.heads[rig.bone(control)] - rig.heads[rig.bone(leader)])
            np.testing.assert_allclose(heads - heads_leader, R_leader @ way, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(knee_deg=st.floats(40.0, 140.0), side=st.floats(-7.0, 7.0))
def test_the_pole_lies_as_far_beside_the_plane_of_the_bend_as_at_rest(knee_deg: float, side: float) -> None:
    rig = leg_rig(shin=(1.05, -0.6, 5.0), pole=(1.05 + side, -6.3, 5.0))
    bones = with_ik(rig, bent(np.array([knee_deg]), rig))
    rest = beside_deg(*(rig.heads[rig.bone(name)] for name in ("thigh", "shin", "foot", "pole")))
    now = beside_deg(*(bones[name][1][0] for name in ("thigh", "shin", "foot", "pole")))
    assert now == pytest.approx(rest, abs=1e-6)


def beside_deg(hip: Array, knee: Array, ankle: Array, pole: Array) -> float:
    """How far the pole is turned about the leg out of the plane of the bend."""
    way = (ankle - hip) / np.linalg.norm(ankle - hip)
    own, aside = (v - (v @ way) * way for v in (knee - hip, pole - hip))
    return float(np.rad2deg(np.arctan2(np.cross(own, aside) @ way, own @ aside)))


def test_the_pole_stays_as_far_before_the_knee_as_at_rest() -> None:
    rig = leg_rig(shin=(1.0, -0.6, 5.0), pole=(1.0, -6.0, 5.4))
    bones = with_ik(rig, bent(np.linspace(5.0, 120.0, 9), rig))
    ways = bones["pole"][1] - bones["shin"][1]
    np.testing.assert_allclose(np.linalg.norm(ways, axis=-1), np.hypot(5.4, 0.4))


def test_the_pole_of_a_leg_at_rest_points_as_it_does_at_rest() -> None:
    bones = with_ik(leg_rig(), bent(np.zeros(1)))
    rest = np.subtract(HEADS["pole"], HEADS["shin"])
    way = bones["pole"][1][0] - HEADS["shin"]
    assert np.rad2deg(np.arccos(way @ rest / (way @ way))) < 12.0   # the pole stands level with the knee


@pytest.mark.parametrize("furthest_deg", [-6.0, -15.0])
def test_the_pole_does_not_flip_while_the_leg_goes_straight_and_a_little_over(furthest_deg: float) -> None:
    knee_deg = np.linspace(40.0, furthest_deg - REST_BEND_DEG, 80)
    bones = with_ik(leg_rig(), bent(knee_deg))
    ways = bones["pole"][1] - bones["shin"][1]
    ways /= np.linalg.norm(ways, axis=-1, keepdims=True)
    assert np.rad2deg(np.arccos(np.clip(np.sum(ways[1:] * ways[:-1], axis=-1), -1, 1))).max() < 3.0


def test_keys_are_said_of_the_controls_only_and_poles_do_not_turn() -> None:
    rig = leg_rig()
    keys = ik_keys(anyhow(1), rig, MAPPING, LEG, carriage_of(rig, (*FK, "foot_ik", "toe_ik", "pole")))
    said = {name: (bool(moves), bool(turns)) for name, moves, turns in zip(keys.bones, keys.moves, keys.turns)}
    assert said == {"foot_ik": (True, True), "toe_ik": (False, True), "pole": (True, False)}


def test_without_pole_and_toe_only_the_end_is_keyed() -> None:
    rig = leg_rig()
    keys = ik_keys(anyhow(1), rig, MAPPING, {"left_leg": IkLimb("foot_ik")}, carriage_of(rig, (*FK, "foot_ik")))
    assert keys.bones == ("foot_ik",) and keys.frame_count == 6


def test_where_the_object_stands_changes_no_key() -> None:
    rig = leg_rig()
    asked = anyhow(3)
    carriage = carriage_of(rig, (*FK, "foot_ik", "toe_ik", "pole"))
    keys = ik_keys(asked, rig, MAPPING, LEG, carriage)
    elsewhere = Rig(rig.names, rig.parents, rig.heads, rig.tails, rig.R_rig_from_bone, np.eye(3), 2.0, np.zeros(3))
    R_rig = rig.R_world_from_rig.T @ asked.R_world_from_bone
    moved = Retargeted(None, None, None, None, asked.keys, R_rig, elsewhere.to_world(rig.from_world(asked.heads_world)))
    there = ik_keys(moved, elsewhere, MAPPING, LEG, carriage)
    np.testing.assert_allclose(there.locations, keys.locations, atol=1e-9)
    np.testing.assert_allclose(there.R_basis, keys.R_basis, atol=1e-9)
