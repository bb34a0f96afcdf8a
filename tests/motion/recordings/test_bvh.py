from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.recordings.bvh import parse_bvh, read_bvh
from motion.recordings.recording import Recording
from motion.recordings.text_file import TextFile
from motion.refusal import Refusal

HEAD = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
  JOINT LeftFoot
  {
    OFFSET 10 -90 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 0 20
    }
  }
  JOINT Head
  {
    OFFSET 0 70 0
    CHANNELS 3 Yrotation Xrotation Zrotation
  }
}
"""
STILL = [0.0] * 12
angles = st.floats(-720, 720)


def bvh(rows: list[list[float]], head: str = HEAD, frame_time: str = "0.0333333") -> str:
    table = "\n".join(" ".join(map(str, row)) for row in rows)
    return f"{head}MOTION\nFrames: {len(rows)}\nFrame Time: {frame_time}\n{table}\n"


def read(text: str, **options: float) -> Recording:
    return parse_bvh(TextFile("walk.bvh", text.splitlines()), "walk", **options)


def about(axis: str, degrees: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array({"X": [[1, 0, 0], [0, c, -s], [0, s, c]], "Y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
                     "Z": [[c, -s, 0], [s, c, 0], [0, 0, 1]]}[axis])  # fmt: skip


def test_joints_lie_where_a_hand_calculation_puts_them():
    row = [100, 95, -20, 90, 0, 0, 0, 90, 0, 0, 0, 0]      # hips a quarter left about Z, foot a quarter up about X
    recording = read(bvh([row]))
    R, joints = recording.world()
    assert recording.joint_names == ("Hips", "LeftFoot", "LeftFoot_end", "Head")
    assert recording.parents == (-1, 0, 1, 0)
    # Z turns x into y and y into -x; the foot's end, ahead of it, is turned down before.
    wanted_cm = [[100, 95, -20], [190, 105, -20], [210, 105, -20], [30, 95, -20]]
    np.testing.assert_allclose(joints[0], np.array(wanted_cm) / 100, atol=1e-12)
    np.testing.assert_allclose(R[0, 3], about("Z", 90), atol=1e-12)


def test_a_t_pose_of_zeros_is_the_rest_pose_with_world_axes():
    recording = read(bvh([STILL, STILL]))
    R, joints = recording.world()
    np.testing.assert_allclose(joints[1], recording.rest_joints, atol=1e-12)
    np.testing.assert_allclose(R, np.broadcast_to(np.eye(3), R.shape))


@pytest.mark.parametrize("order", ["".join(order) for order in permutations("XYZ")])
@settings(max_examples=15, deadline=None)
@given(turn=st.tuples(angles, angles, angles))
def test_turns_are_products_of_the_channels_in_every_order(order: str, turn: tuple[float, float, float]):
    channels = " ".join(f"{axis}rotation" for axis in order)
    head = HEAD.replace("CHANNELS 3 Yrotation Xrotation Zrotation", f"CHANNELS 3 {channels}")
    recording = read(bvh([STILL[:9] + list(turn)], head))
    wanted = about(order[0], turn[0]) @ about(order[1], turn[1]) @ about(order[2], turn[2])
    np.testing.assert_allclose(recording.R_parent_from_joint[0, 3], wanted, atol=1e-9)


def test_channels_may_mix_turns_and_places_in_any_order():
    mixed = HEAD.replace("CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation",
                         "CHANNELS 6 Zrotation Zposition Yrotation Xposition Xrotation Yposition")  # fmt: skip
    one = read(bvh([[1, 2, 3, 30, 40, 50, *STILL[6:]]]))
    other = read(bvh([[30, 3, 40, 1, 50, 2, *STILL[6:]]], mixed))
    np.testing.assert_allclose(one.world()[1], other.world()[1], atol=1e-12)


def six_channels() -> str:
    return HEAD.replace("CHANNELS 3", "CHANNELS 6 Xposition Yposition Zposition")


def test_position_channels_replace_offsets():
    recording = read(bvh([[0, 0, 0, 0, 0, 0, 12, -88, 1, 0, 0, 0, 0, 72, 0, 0, 0, 0]], six_channels()))
    np.testing.assert_allclose(recording.joint_from_parent[0, [1, 3]], [[0.12, -0.88, 0.01], [0, 0.72, 0]])


def test_positions_that_would_collapse_the_figure_are_added():
    recording = read(bvh([[0, 0, 0, 0, 0, 0, 0, 0, 0.001, 0, 0, 0, 0, 0, 0, 0, 0, 0]], six_channels()))
    np.testing.assert_allclose(recording.joint_from_parent[0, [1, 3]], [[0.1, -0.9, 1e-5], [0, 0.7, 0]])


def test_a_figure_whose_head_is_above_its_feet_along_z_is_set_upright():
    head = HEAD.replace("10 -90 0", "10 0 -90").replace("OFFSET 0 70 0", "OFFSET 0 0 70")
    head = head.replace("OFFSET 0 0 20", "OFFSET 0 -20 0")
    recording = read(bvh([[1, 2, 95, 30, 0, 0, *STILL[6:]]], head))
    R, joints = recording.world()
    np.testing.assert_allclose(recording.rest_joints[[1, 2, 3]], [[0.1, -0.9, 0], [0.1, -0.9, 0.2], [0, 0.7, 0]])
    np.testing.assert_allclose(joints[0, 0], [0.01, 0.95, -0.02])
    np.testing.assert_allclose(R[0, 0], about("Y", 30), atol=1e-12)


@pytest.mark.parametrize("unit_m", [1.0, 0.1, 2.54 / 45, 0.0254, 0.01, 0.001])
def test_the_unit_follows_from_the_height(unit_m: float):
    head = HEAD.replace("10 -90 0", f"{0.1 / unit_m} {-0.9 / unit_m} 0").replace("0 70 0", f"0 {0.7 / unit_m} 0")
    recording = read(bvh([STILL], head.replace("0 0 20", f"0 0 {0.2 / unit_m}")))
    np.testing.assert_allclose(np.ptp(recording.rest_joints[:, 1]), 1.6)


def test_a_rest_pose_that_lies_is_as_tall_as_its_bones_are_long():
    head = HEAD.replace("10 -90 0", "10 0 90").replace("OFFSET 0 70 0", "OFFSET 0 25 -70")   # looks up from the floor
    assert np.ptp(read(bvh([STILL], head)).rest_joints[:, 2]) == pytest.approx(1.8)


def test_the_caller_may_say_the_unit():
    assert np.ptp(read(bvh([STILL]), unit_m=0.02).rest_joints[:, 1]) == pytest.approx(3.2)


def test_a_collapsed_rest_pose_takes_its_unit_from_the_first_frame():
    head = six_channels().replace("10 -90 0", "0 0 0").replace("OFFSET 0 70 0", "OFFSET 0 0 0")
    recording = read(bvh([[0, 0, 0, 0, 0, 0, 10, -90, 0, 0, 0, 0, 0, 70, 0, 0, 0, 0]], head))
    assert np.ptp(recording.world()[1][0, :, 1]) == pytest.approx(1.6)


def test_tabs_carriage_returns_capitals_and_exponents_are_read(tmp_path: Path):
    text = bvh([[1e1, 0, 0, "-1.6e-014", *STILL[4:]]]).replace("\n", "\r\n").replace("  ", "\t")
    text = text.replace("Xposition", "XPOSITION").replace("{", "{ ").replace("JOINT Head\r\n\t{", "JOINT Head {")
    path = tmp_path / "walk.bvh"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    recording = read_bvh(path)
    assert recording.name == "walk" and recording.rate_hz == pytest.approx(30.0, abs=1e-3)
    np.testing.assert_allclose(recording.world()[1][0, 0], [0.1, 0, 0])


def test_a_deep_skeleton_needs_no_recursion():
    depth = 1_990
    joint = "JOINT j{}\n{{\nOFFSET 0 0.001 0\nCHANNELS 1 Xrotation\n"
    head = "ROOT r\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n" + "".join(map(joint.format, range(depth)))
    head += "}\n" * (depth + 1)
    assert len(read(bvh([[0.0] * (depth + 1)], head)).joint_names) == depth + 1


REFUSALS = {
    "walk.bvh cannot be read: there is no line MOTION.": lambda text: text[: text.index("MOTION")],
    "walk.bvh cannot be read: line 24: 11 numbers instead of 12.": lambda text: text[: text.rstrip().rfind(" ")],
    'walk.bvh cannot be read: line 24: "x0.0" is no number.': lambda text: text.rstrip()[:-3] + "x0.0",
    "walk.bvh cannot be read: line 24: a number is not finite or beyond a thousand million.":
        lambda text: text.rstrip()[:-3] + "nan",
    "walk.bvh cannot be read: 2 frames are announced and 1 are there.":
        lambda text: text.replace("Frames: 1", "Frames: 2"),
    "walk.bvh cannot be read: line 22: it has no frames.": lambda text: text.replace("Frames: 1", "Frames: 0"),
    "walk.bvh cannot be read: line 23: 0 frames a second.": lambda text: text.replace("0.0333333", "0"),
    'walk.bvh cannot be read: two joints are called "Hips".': lambda text: text.replace("JOINT Head", "JOINT Hips"),
    'walk.bvh cannot be read: line 19: "Head" has no OFFSET.': lambda text: text.replace("    OFFSET 0 70 0\n", "\n"),
    "walk.bvh cannot be read: line 21: MOTION comes before the skeleton is closed.":
        lambda text: text.replace("}\nMOTION", "\nMOTION"),
    "walk.bvh cannot be read: line 9: CHANNELS needs their number and names such as Xposition or Zrotation.":
        lambda text: text.replace("CHANNELS 3 Zrotation Xrotation Yrotation", "CHANNELS 4 Zrotation Xrotation"),
    "walk.bvh shows a figure 1.6e+05 units tall, and no usual unit makes it as tall as a person.":
        lambda text: text.replace("-90", "-90000").replace("70", "70000"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", REFUSALS)
def test_what_is_wrong_is_said_in_one_sentence(sentence: str):
    with pytest.raises(Refusal) as refusal:
        read(REFUSALS[sentence](bvh([STILL])))
    assert refusal.value.sentence == sentence


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="There is no file"):
        read_bvh(tmp_path / "none.bvh")


def test_a_line_without_an_end_is_refused_at_once(tmp_path: Path):
    (tmp_path / "walk.bvh").write_text("JOINT a { " * 300_000)
    with pytest.raises(Refusal, match="line 1: the line has more than 2,097,152 letters"):
        read_bvh(tmp_path / "walk.bvh")


def test_labels_need_no_space_after_the_colon():
    text = bvh([STILL]).replace("Frames: ", "Frames:").replace("Time: ", "Time:\t")
    assert len(read(text).R_parent_from_joint) == 1


def test_bytes_that_are_no_text_stay_out_of_the_sentence():
    with pytest.raises(Refusal) as refused:
        read("\0\x1b[2J walk")
    assert refused.value.sentence == 'walk.bvh cannot be read: line 1: "\ufffd\ufffd[2J" is not expected here.'
