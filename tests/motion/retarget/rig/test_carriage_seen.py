from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.arrays import Array
from motion.retarget.rig.basis import heads_of
from motion.retarget.rig.carriage import Carriage
from motion.retarget.rig.carriage_seen import SeenPoses, carriage_seen, poses_to_try
from motion.rotations import matrix_from_axis_angle, matrix_from_quaternion

SEEDS = st.integers(0, 2**32 - 1)


def any_carriage(rng: np.random.Generator, count: int) -> Carriage:
    """Bones that hang on any before them, in place and in turns; every third one by its place on another."""
    carriers = np.array([rng.integers(-1, bone) if bone else -1 for bone in range(count)])
    places = np.array([rng.integers(-1, bone) if bone % 3 == 2 else carriers[bone] for bone in range(count)])
    return Carriage(
        tuple(f"bone {bone}" for bone in range(count)), carriers, any_turns(rng, count), rng.normal(size=(count, 3)),
        any_turns(rng, count), places,
    )  # fmt: skip


def any_turns(rng: np.random.Generator, count: int) -> Array:
    return matrix_from_quaternion(rng.normal(size=(count, 4)))


def stand(carriage: Carriage, R_basis: Array, locations: Array) -> tuple[Array, Array]:
    """R_rig_from_bone [N, K, 3, 3] and heads [N, K, 3]."""
    R = np.empty_like(R_basis)
    for bone, carrier in enumerate(carriage.carriers):
        R_rig_from_carrier = R[:, carrier] if carrier >= 0 else np.eye(3)
        R[:, bone] = R_rig_from_carrier @ carriage.R_carrier_from_unposed[bone] @ R_basis[:, bone]
    return R, heads_of(carriage, R, locations)


def seen_of(carriage: Carriage, moving: Array, order: Array, rng: np.random.Generator, noise: float = 0.0) -> SeenPoses:
    R_basis, locations = poses_to_try(moving, 1.0, rng)
    R, heads = stand(carriage, R_basis, locations)
    heads = heads + noise * rng.normal(size=heads.shape)
    return SeenPoses(tuple(carriage.bones[bone] for bone in order), R_basis[:, order], locations[:, order],
                     R[:, order], heads[:, order])  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, count=st.integers(1, 12))
def test_what_is_read_off_stands_as_the_rig_does_in_any_pose(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    truth = any_carriage(rng, count)
    moving = rng.random(count) < 0.5
    poses = seen_of(truth, moving, rng.permutation(count), rng, noise=1e-7)
    seen = carriage_seen(poses, 1.0)
    assert seen.turns_fit.all() and seen.places_fit.all()
    index = [truth.bones.index(name) for name in seen.carriage.bones]
    turns, moves = any_turns(rng, count)[None], rng.normal(size=(1, count, 3)) * moving[:, None]
    R, heads = stand(truth, turns, moves)
    R_read, heads_read = stand(seen.carriage, turns[:, index], moves[:, index])
    np.testing.assert_allclose(R_read, R[:, index], atol=1e-9)
    np.testing.assert_allclose(heads_read, heads[:, index], atol=1e-4)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_the_nearest_carrier_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = any_carriage(rng, 9)
    poses = seen_of(truth, np.ones(9, dtype=bool), np.arange(9), rng)
    read = carriage_seen(poses, 1.0).carriage
    said = {name: read.bones[carrier] if carrier >= 0 else "" for name, carrier in zip(read.bones, read.carriers)}
    assert said == {name: truth.bones[carrier] if carrier >= 0 else ""
                    for name, carrier in zip(truth.bones, truth.carriers)}  # fmt: skip


def chain() -> Carriage:
    rng = np.random.default_rng(5)
    count = 4
    return Carriage(tuple("abcd"), np.arange(count) - 1, any_turns(rng, count), rng.normal(size=(count, 3)),
                    any_turns(rng, count))  # fmt: skip


def test_a_bone_that_nothing_carries_rigidly_is_told_and_the_others_are_right() -> None:
    truth = chain()
    poses = seen_of(truth, np.zeros(4, dtype=bool), np.arange(4), np.random.default_rng(1))
    R, heads = np.array(poses.R_rig_from_bone), np.array(poses.heads)
    drift = matrix_from_axis_angle(0.1 * np.arange(len(R))[:, None] * np.array([0.3, -0.5, 0.8]))
    heads[:, 3] = heads[:, 2] + np.einsum("nij,nj->ni", drift, heads[:, 3] - heads[:, 2])
    R[:, 2:] = drift[:, None] @ R[:, 2:]
    seen = carriage_seen(SeenPoses(poses.bones, poses.R_basis, poses.locations, R, heads), 1.0)
    assert told(seen.carriage, seen.turns_fit) == {"a": True, "b": True, "c": False, "d": True}
    assert seen.carriage.bones[seen.carriage.carriers[seen.carriage.bones.index("d")]] == "c"


def told(carriage: Carriage, fits: Array) -> dict[str, bool]:
    return {name: bool(fit) for name, fit in zip(carriage.bones, fits, strict=True)}


def test_a_bone_that_disobeys_its_keys_is_known_from_poses_that_leave_it_alone() -> None:
    truth = chain()
    rng = np.random.default_rng(2)
    R_basis, locations = poses_to_try(np.zeros(4, dtype=bool), 1.0, rng)
    held = R_basis.copy()
    held[:, 2] = np.eye(3)                   # whatever is keyed, c stays
    R, heads = stand(truth, held, locations)
    poses = SeenPoses(truth.bones, R_basis, locations, R, heads)
    first = carriage_seen(poses, 1.0)
    assert told(first.carriage, first.turns_fit) == {"a": True, "b": True, "c": False, "d": True}
    seen = carriage_seen(poses, 1.0, alone={2: SeenPoses(truth.bones, held, locations, R, heads)})
    *carriers, of_d = seen.carriage.carriers
    assert seen.turns_fit.all() and carriers == [-1, 0, 1]
    assert of_d in (1, 2)   # c stands still on b, so that both carry d alike
