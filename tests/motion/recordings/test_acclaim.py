from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.recordings.acclaim import parse_acclaim, read_acclaim
from motion.recordings.recording import Recording
from motion.recordings.text_file import TextFile
from motion.refusal import Refusal

METRES = 2.54 / 100 / 0.45
# parent, direction, length, axis, channels: lengths make a person 1.6 m tall
BONES = {
    "lfemur": ("root", (0.342, -0.94, 0.0), 8.0, (0, 0, 20), "rx ry rz"),
    "ltibia": ("lfemur", (0.342, -0.94, 0.0), 8.0, (0, 0, 20), "rx"),
    "lfoot": ("ltibia", (0.1, -0.3, 0.95), 2.0, (-90, 7.6e-016, 20), "rx rz"),
    "lowerback": ("root", (0.0, 1.0, 0.0), 7.0, (0, 0, 0), "rz rx"),
    "head": ("lowerback", (0.0, 1.0, 0.0), 6.0, (10, 20, 30), ""),
}
ASF = """# made up
:version 1.10
:name made-up
:units
  mass 1.0
  length 0.45
  angle deg
:documentation
  begin of nothing
:root
  order TX TY TZ RX RY RZ
  axis XYZ
  position 0 0 0
  orientation 0 0 0
:bonedata
{bones}:hierarchy
  begin
    root lfemur lowerback
    lfemur ltibia
    ltibia lfoot
    lowerback head
  end
"""
ONE_FRAME = "1\nroot 1 15 2 0 0 0\nlfemur 0 0 0\nltibia 0\nlfoot 0 0\nlowerback 0 0\n"
angles = st.floats(-2000, 2000)


def asf(bones: dict[str, tuple] = BONES) -> str:
    blocks = []
    for number, (name, (_, direction, length, axis, channels)) in enumerate(bones.items(), 1):
        dof = f"    dof {channels}\n    limits (-160.0 20.0)\n           (-70.0 70.0)\n" if channels else ""
        blocks.append(f"  begin\n     id {number}\n     name {name}\n     direction {' '.join(map(str, direction))}\n"
                      f"     length {length}\n     axis {' '.join(map(str, axis))}  XYZ\n{dof}  end\n")  # fmt: skip
    return ASF.format(bones="".join(blocks))


def read(motion: str, skeleton: str | None = None) -> Recording:
    amc = TextFile("14_01.amc", f":FULLY-SPECIFIED\n:DEGREES\n{motion}".splitlines())
    return parse_acclaim(amc, TextFile("14.asf", (asf() if skeleton is None else skeleton).splitlines()), "14_01")


def about(axis: str, degrees: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array({"x": [[1, 0, 0], [0, c, -s], [0, s, c]], "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
                     "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]]}[axis])  # fmt: skip


def ends_by_the_published_formula(frame: dict[str, list[float]]) -> dict[str, np.ndarray]:
    """G = G_parent C M C^-1, M and C turning about x first; a bone's end is its start + G direction length."""
    tx, ty, tz, rx, ry, rz = frame["root"]
    G = {"root": about("z", rz) @ about("y", ry) @ about("x", rx)}
    ends = {"root": np.array([tx, ty, tz])}
    for name, (parent, direction, length, axis, channels) in BONES.items():
        C = about("z", axis[2]) @ about("y", axis[1]) @ about("x", axis[0])
        M = np.eye(3)
        for channel, angle in zip(channels.split(), frame.get(name, [])):
            M = about(channel[1], angle) @ M
        G[name] = G[parent] @ C @ M @ C.T
        ends[name] = ends[parent] + G[name] @ np.array(direction) * length
    return ends


@settings(max_examples=25, deadline=None)
@given(values=st.lists(angles, min_size=11, max_size=11), place=st.tuples(*[st.floats(-50, 50)] * 3))
def test_joints_lie_where_the_published_formula_puts_them(values: list[float], place: tuple[float, float, float]):
    frame = {"root": [*place, *values[:3]], "lfemur": values[3:6], "ltibia": values[6:7], "lfoot": values[7:9],
             "lowerback": values[9:]}  # fmt: skip
    lines = "".join(f"{bone} {' '.join(map(repr, numbers))}\n" for bone, numbers in frame.items())
    recording = read(f"1\n{lines}")
    joints = dict(zip(recording.joint_names, recording.world()[1][0]))
    ends = ends_by_the_published_formula(frame)
    for bone, (parent, *_) in BONES.items():
        np.testing.assert_allclose(joints[bone], METRES * ends[parent], atol=1e-9)
    for leaf in ("lfoot", "head"):
        np.testing.assert_allclose(joints[f"{leaf}_end"], METRES * ends[leaf], atol=1e-9)


def test_joints_are_the_starts_of_bones_and_leaves_have_ends():
    recording = read(ONE_FRAME)
    assert recording.joint_names == (
        "root", "lfemur", "ltibia", "lfoot", "lowerback", "head", "lfoot_end", "head_end")  # fmt: skip
    assert recording.parents == (-1, 0, 1, 2, 0, 4, 3, 5)
    np.testing.assert_allclose(recording.joint_from_parent[0, 0], METRES * np.array([1, 15, 2]))
    np.testing.assert_allclose(recording.R_parent_from_joint[0], np.broadcast_to(np.eye(3), (8, 3, 3)), atol=1e-12)


def test_bones_that_the_motion_leaves_out_stay_at_rest():
    full, short = read(ONE_FRAME), read("1\nroot 1 15 2 0 0 0\n")
    np.testing.assert_allclose(short.world()[1], full.world()[1], atol=1e-12)


def test_the_rate_is_120_hz_unless_a_comment_says_another():
    assert read(ONE_FRAME).rate_hz == 120.0
    assert read(f"# fps 60\n{ONE_FRAME}").rate_hz == 60.0


def test_radians_are_read_as_such():
    degrees = read(ONE_FRAME.replace("ltibia 0", "ltibia 90"))
    radians = read(f":RADIANS\n{ONE_FRAME}".replace("ltibia 0", f"ltibia {np.pi / 2}"))
    np.testing.assert_allclose(radians.world()[1], degrees.world()[1], atol=1e-12)


def test_a_centimetre_skeleton_is_told_by_its_height():
    bones = {name: (parent, way, length * 100 * METRES, axis, channels)
             for name, (parent, way, length, axis, channels) in BONES.items()}  # fmt: skip
    recording = read(ONE_FRAME, asf(bones).replace("length 0.45", "length 1.0"))
    np.testing.assert_allclose(recording.rest_joints, read(ONE_FRAME).rest_joints, atol=1e-12)


def test_comments_and_carriage_returns_and_foreign_letters_are_read(tmp_path: Path):
    motion = f"#!OML:ASF F:\\Müller\\a.ASF\n:FULLY-SPECIFIED\n:DEGREES\n{ONE_FRAME}".replace("0 0 0", "0 -1.6e-014 0")
    (tmp_path / "a.amc").write_bytes(motion.replace("\n", "\r\n").encode("latin-1"))
    (tmp_path / "a.asf").write_bytes(asf().replace("\n", "\r\n").encode())
    recording = read_acclaim(tmp_path / "a.amc", tmp_path / "a.asf")
    np.testing.assert_allclose(recording.world()[1], read(ONE_FRAME).world()[1], atol=1e-12)


MOTIONS = {
    '14_01.amc cannot be read: line 4: 5 numbers instead of 6.': "1\nroot 1 15 2 0 0\n",
    '14_01.amc cannot be read: line 5: 14.asf has no bone "tail".': "1\nroot 1 15 2 0 0 0\ntail 1\n",
    "14_01.amc cannot be read: line 5: frame 3 where frame 2 should follow.": "1\nroot 1 15 2 0 0 0\n3\n",
    '14_01.amc cannot be read: line 5: "root" comes twice in a frame, or not in every one.':
        "1\nroot 1 15 2 0 0 0\nroot 1 15 2 0 0 0\n",
    "14_01.amc cannot be read: line 3: a bone before the number of the first frame.": "root 1 15 2 0 0 0\n",
    "14_01.amc cannot be read: it has no frames.": "",
    "14_01.amc cannot be read: its frames say nothing of the root.": "1\nltibia 3\n",
    '14_01.amc cannot be read: line 4: "1,5" is no number.': "1\nroot 1,5 15 2 0 0 0\n",
}  # fmt: skip
SKELETONS = {
    '14.asf cannot be read: the hierarchy names "lfoot", which is no bone.':
        asf().replace("name lfoot", "name lfeet"),
    '14.asf cannot be read: line 42: "tx" is no channel that can be read here.':
        asf().replace("dof rx rz", "dof tx rz"),
    '14.asf cannot be read: the bone "ltibia" has no length.':
        asf().replace("length 8.0\n     axis 0 0 20  XYZ\n    dof rx\n", "axis 0 0 20 XYZ\n    dof rx\n"),
    "14.asf cannot be read: it ends within a section.": asf().rstrip()[:-3],
    "14.asf cannot be read: not every bone hangs on the root.":
        asf().replace("    ltibia lfoot\n", "    lfoot lfoot\n"),
    '14.asf cannot be read: line 67: "ltibia" has two parents.':
        asf().replace("    lfemur ltibia\n", "    lfemur ltibia\n    root ltibia\n"),
    "14.asf cannot be read: line 6: a unit of length 0.": asf().replace("length 0.45", "length 0"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", MOTIONS)
def test_what_is_wrong_with_a_motion_is_said_in_one_sentence(sentence: str):
    with pytest.raises(Refusal) as refusal:
        read(MOTIONS[sentence])
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize("sentence", SKELETONS)
def test_what_is_wrong_with_a_skeleton_is_said_in_one_sentence(sentence: str):
    with pytest.raises(Refusal) as refusal:
        read(ONE_FRAME, SKELETONS[sentence])
    assert refusal.value.sentence == sentence


def test_a_bone_that_one_frame_lacks_is_said():
    with pytest.raises(Refusal, match='14_01.amc cannot be read: frame 2 has no "lowerback"'):
        read(ONE_FRAME + "2\n" + ONE_FRAME[2:].replace("lowerback 0 0\n", ""))
