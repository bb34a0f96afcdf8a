import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.recordings.recording import Recording
from motion.recordings.smartbody import parse_smartbody
from motion.recordings.text_file import TextFile
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle

SK = """# SK Skeleton Definition
set_name made-up

skeleton
root base
{ offset 0 95 0
  channel XPos 0 free
  channel YPos 0 lim -1 1
  channel Quat

  joint spine
  { offset 0 70 0
    prerot  axis 0 0 1 ang 90
    visgeo "a b.srm"
    channel Quat

    joint chin
    { offset 5 0 0
      channel Quat
    }
  }

  joint l_knee
  { offset 10 -90 0
    prerot  axis 1 0 0 ang 90
    postrot axis 0 1 0 ang 30
    channel Quat
  }
}
end
"""
CHANNELS = ("base XPos", "base YPos", "base ZPos", "base Quat", "spine Quat", "l_knee Quat", "tail Quat")
vectors = st.lists(st.floats(-4, 4), min_size=9, max_size=9)


def skm(rows: list[list[float]], channels: tuple[str, ...] = CHANNELS) -> str:
    frames = "\n".join(f"kt {index / 30:.6f} fr " + " ".join(map(str, row)) for index, row in enumerate(rows))
    names = "\n".join(channels)
    head = f'SkMotion\n\nname "a"\n\nchannels {len(channels)}\n{names}\n\n'
    return f"{head}frames {len(rows)}\n{frames}\n\nready time: 0.1\n"


def read(motion: str, skeleton: str = SK) -> Recording:
    return parse_smartbody(TextFile("wave.skm", motion.splitlines()), TextFile("a.sk", skeleton.splitlines()), "wave")


def row(place: list[float], base: list[float], spine: list[float], knee: list[float]) -> list[float]:
    return [*place, *base, *spine, *knee, 9, 9, 9]


def axis_angle(axis: list[float], degrees: float) -> np.ndarray:
    return matrix_from_axis_angle(np.array(axis) * np.radians(degrees))


def test_at_rest_joints_have_world_axes_and_offsets_turn_with_the_files_own():
    recording = read(skm([[0.0] * 15]))
    R, joints = recording.world()
    assert recording.joint_names == ("base", "spine", "chin", "l_knee")
    np.testing.assert_allclose(R[0], np.broadcast_to(np.eye(3), (4, 3, 3)), atol=1e-12)
    # The spine's x points up at rest, so the chin is above it.
    np.testing.assert_allclose(joints[0], [[0, 0.95, 0], [0, 1.65, 0], [0, 1.7, 0], [0.1, 0.05, 0]], atol=1e-12)
    np.testing.assert_allclose(recording.rest_joints, joints[0], atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(turns=vectors)
def test_joints_lie_where_the_files_own_axes_put_them(turns: list[float]):
    base, spine, knee = (np.array(turns[start : start + 3]) for start in (0, 3, 6))
    recording = read(skm([row([1, 2, 3], list(base), list(spine), list(knee))]))
    R, joints = recording.world()
    # Plain forward kinematics: world = parent prerot exp(v) postrot, in the file's axes and unit.
    G_base = matrix_from_axis_angle(base)
    G_spine = G_base @ axis_angle([0, 0, 1], 90) @ matrix_from_axis_angle(spine)
    before, after = axis_angle([1, 0, 0], 90), axis_angle([0, 1, 0], 30)
    G_knee = G_base @ before @ matrix_from_axis_angle(knee) @ after
    root = np.array([1, 97, 3])
    wanted_cm = [root, root + G_base @ [0, 70, 0], root + G_base @ [0, 70, 0] + G_spine @ [5, 0, 0],
                 root + G_base @ [10, -90, 0]]  # fmt: skip
    np.testing.assert_allclose(joints[0], np.array(wanted_cm) / 100, atol=1e-9)
    np.testing.assert_allclose(R[0, 1], G_spine @ axis_angle([0, 0, 1], 90).T, atol=1e-9)
    np.testing.assert_allclose(R[0, 3], G_knee @ (before @ after).T, atol=1e-9)


def test_metres_and_centimetres_are_told_by_the_height():
    metres = SK.replace("0 95 0", "0 0.95 0").replace("0 70 0", "0 0.7 0").replace("5 0 0", "0.05 0 0")
    metres = metres.replace("10 -90 0", "0.1 -0.9 0")
    still = skm([[0.0] * 15])
    np.testing.assert_allclose(read(still, metres).rest_joints, read(still).rest_joints, atol=1e-12)


def test_joints_without_channels_stay_at_rest_and_strangers_are_left_out():
    motion = skm([[0.0, 0.0, 0.5, 9.0]], ("base YPos", "tail XPos", "spine XPos", "tail YPos"))
    recording = read(motion)
    np.testing.assert_allclose(recording.joint_from_parent[0, 1], [0.005, 0.7, 0])
    np.testing.assert_allclose(recording.R_parent_from_joint[0], np.broadcast_to(np.eye(3), (4, 3, 3)), atol=1e-12)


def test_the_rate_follows_from_the_times():
    assert read(skm([[0.0] * 15] * 4)).rate_hz == pytest.approx(30.0)
    assert read(skm([[0.0] * 15])).rate_hz == 30.0


STILL = skm([[0.0] * 15] * 3)
MOTIONS = {
    "wave.skm cannot be read: its frames are not evenly spaced in time.": STILL.replace("kt 0.033333", "kt 0.05"),
    "wave.skm cannot be read: line 15: 3 numbers instead of 16.": STILL.replace(" 0.0" * 13, "", 1),
    'wave.skm cannot be read: line 16: 3 frames "kt ... fr ..." should be here.': STILL.replace("kt 0.033333", "kt"),
    "wave.skm cannot be read: line 14: 9999999 frames, where 2,000,000 is the most.":
        STILL.replace("frames 3", "frames 9999999"),
    'wave.skm cannot be read: line 9: a joint and XPos, YPos, ZPos or Quat should be here.':
        STILL.replace("base Quat", "base Swing"),
    "wave.skm cannot be read: a channel is named twice.": STILL.replace("base YPos", "base XPos"),
    "wave.skm cannot be read: it moves no joint of a.sk.":
        STILL.replace("base ", "b ").replace("spine ", "s ").replace("l_knee ", "k "),
    'wave.skm cannot be read: there is no line "channels" with their number.': STILL.replace("channels", "chanels"),
}  # fmt: skip
SKELETONS = {
    "a.sk cannot be read: it has no complete skeleton.": SK.replace("}\nend", "end"),
    'a.sk cannot be read: line 20: "chin" has no offset.': SK.replace("offset 5 0 0", ""),
    'a.sk cannot be read: line 25: "prerot" needs axis x y z ang degrees.': SK.replace("axis 1 0 0", "axis 1 0"),
    'a.sk cannot be read: line 25: "presrot" is not expected here.': SK.replace("prerot  axis 1", "presrot axis 1"),
    'a.sk cannot be read: two joints are called "spine".': SK.replace("joint chin", "joint spine"),
    "a.sk cannot be read: line 6: 2 numbers instead of 3.": SK.replace("offset 0 95 0", "offset 0 95"),
}


@pytest.mark.parametrize("sentence", MOTIONS)
def test_what_is_wrong_with_a_motion_is_said_in_one_sentence(sentence: str):
    with pytest.raises(Refusal) as refusal:
        read(MOTIONS[sentence])
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize("sentence", SKELETONS)
def test_what_is_wrong_with_a_skeleton_is_said_in_one_sentence(sentence: str):
    with pytest.raises(Refusal) as refusal:
        read(STILL, SKELETONS[sentence])
    assert refusal.value.sentence == sentence


NEWER = SK.replace("root base", "root JtRoot").replace("joint spine", "joint JtSpineA").replace("l_knee", "JtKneeLf")


def test_motions_with_older_names_move_the_renamed_skeleton():
    motion = skm([row([1, 2, 3], [0.1, 0.2, 0.3], [0.0, 0.4, 0.0], [0.5, 0.0, 0.0])])
    older = read(motion.replace("spine", "spine1"), SK.replace("joint spine", "joint spine1"))
    newer = read(motion.replace("spine", "spine1"), NEWER)
    assert newer.joint_names == ("JtRoot", "JtSpineA", "chin", "JtKneeLf")
    np.testing.assert_array_equal(newer.R_parent_from_joint, older.R_parent_from_joint)
    np.testing.assert_array_equal(newer.joint_from_parent, older.joint_from_parent)


def test_a_newer_name_that_moves_on_its_own_is_not_given_away():
    motion = skm([[0.5, 9.0]], ("JtRoot YPos", "base YPos"))
    np.testing.assert_allclose(read(motion, NEWER).joint_from_parent[0, 0], [0.0, 0.955, 0.0])
