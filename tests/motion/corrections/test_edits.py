"""Corrections as data: checked at birth, kept as text, replaced by what says the same."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.corrections.edits import Exchange, Ignore, LandmarkDrag, Pin, PoseKey, added, scaled_edits
from motion.corrections.edits_file import edits_text, from_dict, read_edits, to_dict
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle


def every_kind() -> list:
    rng = np.random.default_rng(5)
    return [
        PoseKey(1.25, matrix_from_axis_angle(rng.normal(size=(55, 3))), rng.normal(size=3)),
        Exchange(0.5, 1.5, "legs"), Ignore(0.0, 2.0, "left_arm"),
        Pin("right_foot", 1.0, 2.0, rng.normal(size=(4, 3))),
        LandmarkDrag(0.3, "left_wrist", np.array([10.5, 20.25]), 2),
    ]  # fmt: skip


def test_every_correction_comes_back_from_its_text():
    edits = every_kind()
    read = read_edits(edits_text(edits))
    for edit, back in zip(edits, read, strict=True):
        assert type(edit) is type(back)
        for name, value in vars(edit).items():
            np.testing.assert_allclose(getattr(back, name), value, atol=1e-12) if isinstance(
                value, np.ndarray) else np.testing.assert_equal(getattr(back, name), value)  # fmt: skip
    assert read_edits("") == [] and read_edits("[]") == []


@pytest.mark.parametrize("broken", [
    "{", "3", "[3]", "[[]]", "[{}]", '[{"kind":"exchange"}]', '[{"kind":["exchange"]}]',
    '[{"kind":"exchange","from_s":1,"to_s":0,"part":"legs"}]',
    '[{"kind":"exchange","from_s":0,"to_s":1,"part":"tail"}]',
    '[{"kind":"exchange","from_s":NaN,"to_s":1,"part":"legs"}]',
    '[{"kind":"exchange","from_s":0,"to_s":1,"part":"legs","more":1}]',
    '[{"kind":"ignore","from_s":0,"to_s":1,"limb":["left_arm"]}]',
    '[{"kind":"pin","name":"left_hand","from_s":0,"to_s":1,"place_world":[]}]',
    '[{"kind":"pin","name":"left_hand","from_s":0,"to_s":1,"place_world":[[1,2,Infinity]]}]',
    '[{"kind":"drag","time_s":0,"landmark":"tail","px":[1,2]}]',
    '[{"kind":"drag","time_s":"0","landmark":"nose","px":[1,2]}]',
    '[{"kind":"drag","time_s":0,"landmark":"nose","px":[1,2],"camera":-1}]',
    '[{"kind":"drag","time_s":0,"landmark":"nose","px":[1,2],"camera":"first"}]',
    '[{"kind":"pose","time_s":0,"turns_rad":[[1,2,3]],"root_world":[0,0,0]}]',
    '[{"kind":"pose","time_s":0,"turns_rad":"x","root_world":[0,0,0]}]',
    '[{"kind":"pose","time_s":0,"R_parent_from_joint":1,"root_world":[0,0,0]}]', "[" * 100_000,
])  # fmt: skip
def test_text_that_says_no_correction_is_refused(broken):
    with pytest.raises(Refusal):
        read_edits(broken)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=9),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["kind", "from_s", "to_s", "part", "px", "turns_rad"]), inner)))  # fmt: skip
def test_whatever_json_holds_is_read_or_refused(said):
    try:
        read_edits(json.dumps([said, {"kind": "exchange", **said}] if isinstance(said, dict) else said))
    except Refusal:
        pass


@given(st.integers(0, 4), st.sampled_from(["kind", "from_s", "to_s", "part", "px", "name", "place_world", "time_s",
                                           "turns_rad", "root_world", "limb", "landmark", "camera"]),
       st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.lists(st.floats(), max_size=3))  # fmt: skip
def test_a_correction_with_one_broken_value_is_read_or_refused(which, name, value):
    try:
        from_dict({**to_dict(every_kind()[which]), name: value})
    except Refusal:
        pass


@pytest.mark.parametrize("name", ["root_world", "turns_rad"])
def test_a_number_beyond_all_measure_is_refused(name):
    said = {**to_dict(every_kind()[0]), name: [[10**400] * 3]}
    with pytest.raises(Refusal):
        from_dict(said)


def test_a_pose_that_is_no_rotation_is_refused():
    with pytest.raises(Refusal):
        PoseKey(0.0, np.tile(np.diag([1.0, 1.0, -1.0]), (55, 1, 1)), np.zeros(3))


def test_a_new_pose_takes_the_place_of_the_one_at_its_moment():
    pose, exchange, *_ = every_kind()
    again = PoseKey(pose.time_s, pose.R_parent_from_joint, np.zeros(3))
    assert added([pose, exchange], again) == [exchange, again]


def test_a_drag_that_names_no_camera_is_in_the_first_ones_picture():
    read, = read_edits('[{"kind":"drag","time_s":0,"landmark":"nose","px":[1,2]}]')   # fmt: skip
    assert read.camera == 0


def test_corrections_of_a_larger_motion_lie_farther_apart_and_say_the_same():
    pose, exchange, ignore, pin, drag = scaled_edits(every_kind(), 1.5)
    before = every_kind()
    np.testing.assert_allclose(pose.root_world, 1.5 * before[0].root_world)
    np.testing.assert_allclose(pin.place_world, 1.5 * before[3].place_world)
    np.testing.assert_allclose(pose.R_parent_from_joint, before[0].R_parent_from_joint)
    assert (exchange, ignore) == (before[1], before[2]) and np.array_equal(drag.px, before[4].px)


def test_exchanging_twice_is_not_exchanging():
    exchange = Exchange(0.5, 1.5, "arms")
    assert added(added([], exchange), exchange) == []
    assert len(added([exchange], Exchange(0.5, 1.5, "legs"))) == 2
