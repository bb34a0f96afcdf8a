"""What a clip does not teach is said with a reason."""

from __future__ import annotations

import numpy as np
import pytest

from backend.train.motions.floor import floor_height
from backend.train.motions.liveliest import liveliest
from backend.train.motions.teaches import Feet, feet_of, known_of, read_known, taught
from motion.skeleton import BODY_JOINT_COUNT

GOOD = Feet(sliding_m_s=0.1, drift_m=0.01, uneven_m=0.02, floor_found=True)
ALL = (True,) * BODY_JOINT_COUNT


def standing(frames: int = 60, height_m: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    points = np.zeros((frames, 6, 3))
    points[..., 2] = height_m
    points[:, [2, 5], 2] = 1.0
    return points, np.ones((frames, 6), bool)


def test_good_feet_of_an_unknown_source_teach_everything() -> None:
    teaches, reasons = taught(ALL, [], 60.0, GOOD)
    assert (teaches.path, teaches.speed, teaches.contacts, reasons) == (True, True, True, [])


@pytest.mark.parametrize("change, lost, reason", [
    ({"sliding_m_s": 1.2}, {"path", "contacts"}, "path, contacts: feet slide at 1.2 m/s"),
    ({"drift_m": 0.09}, {"contacts"}, "contacts: resting soles drift 9 cm"),
    ({"uneven_m": 0.4}, {"contacts"}, "contacts: soles rest 40 cm above the floor"),
    ({"floor_found": False}, {"contacts"}, "contacts: no sole rests"),
])  # fmt: skip
def test_feet_tell_what_is_not_taught(change: dict, lost: set, reason: str) -> None:
    teaches, reasons = taught(ALL, [], 60.0, Feet(**(vars(GOOD) | change)))
    assert {what for what in ("path", "speed", "contacts") if not getattr(teaches, what)} == lost
    assert reasons == [reason]


def test_few_pictures_a_second_teach_no_speed_and_unrecorded_joints_stay_so() -> None:
    recorded = (True, False) + ALL[2:]
    teaches, reasons = taught(recorded, [], 12.0, GOOD)
    assert not teaches.speed and teaches.joints == recorded and reasons == ["speed: 12 pictures a second"]


def test_the_table_knows_ropes_ladders_and_toys() -> None:
    table = read_known()
    assert all(row.why and set(row.not_taught) <= {"path", "speed", "contacts"} for row in table)
    assert known_of(table, "cmu", "14_33") and not known_of(table, "cmu", "14_02")
    assert known_of(table, "reactidle", "000_genuine")[0].keep_share == 0.25


def test_the_floor_is_where_the_lowest_soles_rest() -> None:
    points, still = standing(height_m=0.3)
    points[30:, [0, 1], 2] = 0.75   # one foot on a step, the heel of the other raised
    points[:10, 3, 2] = 0.38
    assert floor_height([points], [still]) == pytest.approx(0.3, abs=0.001)
    assert floor_height([points], [np.zeros_like(still)]) is None


def test_somebody_on_a_treadmill_slides_and_somebody_on_stairs_is_uneven() -> None:
    points, still = standing()
    points[..., 0] = np.arange(60)[:, None] / 30.0
    assert feet_of([points], [np.zeros_like(still)], None).sliding_m_s == pytest.approx(1.0, abs=0.01)
    points, still = standing()
    points[20:, [0, 1, 3, 4], 2] += 0.2
    assert feet_of([points], [still], 0.3).uneven_m == pytest.approx(0.2)


def test_the_liveliest_stretches_are_kept_whole() -> None:
    joints = np.zeros((480, 22, 3))
    joints[96:192, 5, 0] = np.sin(np.arange(96))
    kept = liveliest(joints, 12.0, 0.25)
    assert np.flatnonzero(kept).tolist() == list(range(96, 192))
    assert liveliest(joints, 12.0, 1.0).all()
