"""BVH files are read back, by our own reader, as the skeleton that was written."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.bvh_file import ORDERS, MovingSkeleton, write_bvh
from motion.recordings.bvh import read_bvh
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle

BONES = 7
PARENTS = (-1, 0, 1, 1, 0, 4, 4)
# Standing, so that the reader takes Y for up.
HEADS = np.array([[0, 100, 0], [0, 130, 2], [20, 150, 1], [-20, 150, 1], [0, 95, 0], [10, 50, 3], [-10, 50, 3]], float)


def skeleton(seed: int, frames: int = 9, loose: int | None = None) -> MovingSkeleton:
    """A made-up skeleton in centimetres; the bone `loose` does not keep its length."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(size=(frames, BONES, 3)) * rng.uniform(0.1, 2.5, (1, BONES, 1))
    R_local = matrix_from_axis_angle(np.cumsum(steps, axis=0))
    R, heads = np.empty_like(R_local), np.empty((frames, BONES, 3))
    for bone, parent in enumerate(PARENTS):
        if parent < 0:
            R[:, bone], heads[:, bone] = R_local[:, bone], HEADS[0] + rng.normal(size=(frames, 3)) * 30
            continue
        offset = HEADS[bone] - HEADS[parent] + (rng.normal(size=(frames, 3)) if bone == loose else 0.0)
        R[:, bone] = R[:, parent] @ R_local[:, bone]
        heads[:, bone] = heads[:, parent] + np.einsum("tij,tj->ti", R[:, parent], np.broadcast_to(offset, (frames, 3)))
    names = tuple(f"bone_{bone}" for bone in range(BONES))
    return MovingSkeleton(names, PARENTS, HEADS, HEADS + [0, 5, 0], heads, R)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), order=st.sampled_from(ORDERS), loose=st.sampled_from([None, 2, 5]))
def test_joints_come_back_to_a_tenth_of_a_micrometre(tmp_path_factory, seed, order, loose):
    written = skeleton(seed, loose=loose)
    path = tmp_path_factory.mktemp("bvh") / "a.bvh"
    write_bvh(path, written, Fraction(30), order)
    recording = read_bvh(path, unit_m=0.01)
    there = recording.world()[1][:, [recording.joint_names.index(name) for name in written.names]]
    np.testing.assert_allclose(there, 0.01 * written.heads, atol=2e-7)


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(25), Fraction(120)])
def test_the_time_of_a_frame_is_exact(tmp_path, rate):
    write_bvh(tmp_path / "a.bvh", skeleton(1), rate)
    (line,) = [line for line in (tmp_path / "a.bvh").read_text().splitlines() if line.startswith("Frame Time")]
    assert float(line.split(":")[1]) * float(rate) == pytest.approx(1.0, abs=1e-10)


def test_only_joints_that_leave_their_place_have_position_channels(tmp_path):
    write_bvh(tmp_path / "a.bvh", skeleton(2, loose=5), Fraction(30), "XYZ")
    channels = [line.split()[1:] for line in (tmp_path / "a.bvh").read_text().splitlines() if "CHANNELS" in line]
    assert [len(words) - 1 for words in channels].count(6) == 2
    assert channels[0] == ["6", "Xposition", "Yposition", "Zposition", "Xrotation", "Yrotation", "Zrotation"]


def test_angles_never_jump_by_a_turn(tmp_path):
    turns = matrix_from_axis_angle(np.linspace(0, 8 * np.pi, 200)[:, None] * np.array([0.2, 0.9, 0.38]))
    heads = np.tile([[0.0, 90.0, 0.0]], (200, 1, 1))
    spinning = MovingSkeleton(("hips",), (-1,), heads[0], heads[0] + [0, 10, 0], heads, turns[:, None])
    write_bvh(tmp_path / "a.bvh", spinning, Fraction(30))
    text = (tmp_path / "a.bvh").read_text().split("Frame Time")[1].splitlines()[1:]
    degrees = np.array([line.split()[3:] for line in text], dtype=float)
    assert np.abs(np.diff(degrees, axis=0)).max() < 90.0


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(Refusal, match="a.bvh could not be written to"):
        write_bvh(tmp_path / "no" / "a.bvh", skeleton(3), Fraction(30))
