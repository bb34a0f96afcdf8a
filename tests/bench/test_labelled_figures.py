from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from backend.pipeline import Person
from backend.track.tracks import Track
from bench.labelled_figures import Evidence, Limbs, compare, detector_limbs, figures, motion_limbs
from bench.labelled_frames import Footfall, LabelledFrame
from motion.landmarks import LANDMARK
from motion.motion import Camera, Motion
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT_COUNT, Skeleton
from tests.box_body import rest_joints

FOOT_CONTACTS = ("left_heel", "left_ball", "right_heel", "right_ball")
FRAMES, RATE = 60, 30.0
TIMES_S = np.arange(FRAMES) / RATE
PLANTED = np.stack([np.arange(FRAMES) // 15 % 2 == 0, np.arange(FRAMES) // 15 % 2 == 1], axis=1)


def walker(x_px=300.0, planted=PLANTED):
    """A person 200 px tall whose left side is the nearer one, walking to the right of the picture."""
    middle = np.stack([x_px + np.arange(FRAMES), np.full(FRAMES, 400.0)], axis=1)
    offsets = np.array([[[-40.0, -20.0], [35.0, -25.0]], [[-25.0, 90.0], [30.0, 95.0]]])
    depth_m = np.broadcast_to([[3.0, 3.4], [3.1, 3.3], [3.0, 3.4]], (FRAMES, 3, 2))
    return Limbs(TIMES_S, depth_m, middle[:, None, None] + offsets, np.full(FRAMES, 200.0), planted)


def labels_of(person, frames=range(0, FRAMES, 5)):
    """What somebody with perfect eyes would write down."""
    return [
        LabelledFrame("walk", frame, "right", (0, 0, 0), person.points_px[frame], tuple(PLANTED[frame]))
        for frame in frames
    ]


def footfalls_of(late_frames=0):
    starts = [(15, 1), (30, 0), (45, 1)]
    return [Footfall("walk", frame - late_frames, foot, 1) for frame, foot in starts]


def exchanged(person, frames):
    points_px, depth_m = person.points_px.copy(), np.array(person.depth_m)
    points_px[frames] = points_px[frames][:, :, ::-1]
    depth_m[frames] = depth_m[frames][:, :, ::-1]
    return replace(person, points_px=points_px, depth_m=depth_m)


def test_the_labelled_person_itself_is_right_in_everything():
    said = figures(compare([walker()], TIMES_S, labels_of(walker()), footfalls_of()))
    assert [said[f"depth_order_{pair}"] for pair in ("wrist", "ankle", "shoulder")] == [1.0, 1.0, 1.0]
    assert said["swapped_wrist"] == said["swapped_ankle"] == said["footfall_missed"] == said["nobody_share"] == 0.0
    assert said["planted_precision"] == said["planted_recall"] == 1.0
    assert said["footfall_late_ms"] == pytest.approx(0.0) and said["footfall_count"] == 3
    assert said["frames"] == said["depth_order_wrist_count"] == 12


def test_exchanged_sides_are_counted_where_they_are():
    swapped = exchanged(walker(), slice(0, 15))               # three of the twelve labelled frames
    said = figures(compare([swapped], TIMES_S, labels_of(walker()), []))
    assert said["swapped_wrist"] == said["swapped_ankle"] == pytest.approx(0.25)
    assert said["depth_order_shoulder"] == pytest.approx(0.75)


def test_pairs_that_touch_cannot_be_told_from_their_exchange():
    touching = walker()
    touching.points_px[:, 0, 1] = touching.points_px[:, 0, 0] + 5.0
    said = figures(compare([walker()], TIMES_S, labels_of(touching), []))
    assert said["swapped_wrist"] is None and said["swapped_wrist_count"] == 0 and said["swapped_ankle_count"] == 12


def test_what_the_labeller_could_not_tell_does_not_count():
    blank = [replace(each, nearer=(None, 0, None), planted=(None, None)) for each in labels_of(walker())]
    said = figures(compare([walker()], TIMES_S, blank, []))
    assert said["depth_order_wrist"] is None and said["depth_order_ankle"] == 1.0
    assert said["planted_precision"] is None and said["planted_count"] == 0


@pytest.mark.parametrize("late_frames", [-4, 2])
def test_contacts_that_start_late_are_late_by_their_frames(late_frames):
    said = figures(compare([walker()], TIMES_S, labels_of(walker()), footfalls_of(late_frames)))
    assert said["footfall_late_ms"] == pytest.approx(1000 * late_frames / RATE)
    assert said["footfall_off_ms"] == pytest.approx(1000 * abs(late_frames) / RATE)


def test_the_other_foot_or_a_contact_long_after_is_a_missed_footfall():
    said = figures(compare([walker()], TIMES_S, labels_of(walker()), [Footfall("walk", 15, 0, 1)]))
    assert said["footfall_missed"] == 1.0 and said["footfall_late_ms"] is None


def test_a_foot_that_was_resting_when_the_person_appeared_did_not_land_then():
    entering = walker(planted=np.ones((FRAMES, 2), dtype=bool))
    entering.size_px[:10] = np.nan
    entering.planted[:10] = False
    said = figures(compare([entering], TIMES_S, labels_of(walker(), [20]), [Footfall("walk", 10, 0, 1)]))
    assert said["footfall_missed"] == 1.0


def test_feet_said_to_rest_all_the_time_cost_precision_not_recall():
    restless = walker(planted=np.ones((FRAMES, 2), dtype=bool))
    said = figures(compare([restless], TIMES_S, labels_of(walker()), []))
    assert said["planted_precision"] == pytest.approx(0.5) and said["planted_recall"] == 1.0


def test_the_nearest_person_is_meant_even_with_sides_exchanged():
    swapped = exchanged(walker(), slice(None))
    said = figures(compare([walker(x_px=900.0), swapped], TIMES_S, labels_of(walker()), []))
    assert said["swapped_ankle"] == 1.0 and said["nobody_share"] == 0.0


def test_somebody_far_away_is_nobody():
    said = figures(compare([walker(x_px=900.0)], TIMES_S, labels_of(walker()), footfalls_of()))
    assert said["nobody_share"] == 1.0 and said["footfall_missed"] == 1.0 and said["depth_order_wrist"] is None
    said = figures(compare([], TIMES_S, labels_of(walker()), footfalls_of()))
    assert said["nobody_share"] == 1.0


def test_frames_without_labelled_points_belong_to_the_person_of_their_neighbours():
    hidden = [replace(each, points_px=np.full((2, 2, 2), np.nan)) for each in labels_of(walker(), [20])]
    said = figures(compare([walker(900.0), walker()], TIMES_S, labels_of(walker(), [10]) + hidden, []))
    assert said["depth_order_wrist_count"] == 2 and said["swapped_wrist_count"] == 1


def test_a_detector_that_knows_no_contacts_has_no_figures_of_them():
    said = figures(compare([replace(walker(), planted=None)], TIMES_S, labels_of(walker()), footfalls_of()))
    assert said["planted_count"] == said["footfall_count"] == 0 and said["footfall_missed"] is None


def test_labels_after_the_end_of_the_clip_are_refused():
    with pytest.raises(ValueError, match="frame 55 is labelled in a clip of 50 pictures"):
        compare([walker()], TIMES_S[:50], labels_of(walker()), [])


def test_clips_are_pooled_by_label_not_by_clip():
    pooled = Evidence()
    pooled.add(compare([walker()], TIMES_S, labels_of(walker(), [0, 5, 10]), []))
    pooled.add(compare([exchanged(walker(), slice(None))], TIMES_S, labels_of(walker(), [0]), []))
    assert figures(pooled)["swapped_wrist"] == pytest.approx(0.25) and figures(pooled)["frames"] == 4


def standing(turn_rad=0.0, frames=4):
    """Somebody in T-pose 4 m in front of a camera, at 0 facing it, turned to their own left by turn_rad."""
    R_parent_from_joint = np.tile(np.eye(3), (frames, JOINT_COUNT, 1, 1))
    upright = matrix_from_axis_angle(np.array([np.pi / 2, 0.0, 0.0]))
    R_parent_from_joint[:, 0] = matrix_from_axis_angle(np.array([0.0, 0.0, turn_rad])) @ upright
    landmarks_px = np.arange(frames * 66.0).reshape(frames, 33, 2)
    camera = Camera(
        K=np.tile([[1000.0, 0, 640], [0, 1000, 360], [0, 0, 1]], (frames, 1, 1)),
        R_camera_from_world=np.tile([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]], (frames, 1, 1)),
        t_camera_from_world=np.tile([0.0, 1.0, 4.0], (frames, 1)),
        width_px=1280, height_px=720, landmarks_px=landmarks_px, scores=np.ones((frames, 33)),
    )  # fmt: skip
    motion = Motion(Skeleton(rest_joints()), Fraction(30), R_parent_from_joint, np.tile([0.0, 0, 1], (frames, 1)),
                    seen=np.arange(frames) > 0, cameras=(camera,), contact_names=FOOT_CONTACTS,
                    contacts=np.tile([0.1, 0.9, 0.4, 0.3], (frames, 1)))  # fmt: skip
    track = Track(motion.times_s, motion.seen, landmarks_px, camera.scores, np.zeros((frames, 33)),
                  np.arange(frames * 99.0).reshape(frames, 33, 3), *(np.zeros((frames, 2, 21, n)) for n in (2, 3)),
                  np.zeros((frames, 2)))  # fmt: skip
    return Person(motion, None, track)


def test_somebody_who_faces_the_camera_has_the_left_on_the_right_of_the_picture():
    limbs = motion_limbs(standing())
    assert np.all(limbs.points_px[1:, :, 0, 0] > limbs.points_px[1:, :, 1, 0])
    np.testing.assert_allclose(limbs.depth_m[1:, :, 0], limbs.depth_m[1:, :, 1], atol=1e-9)


def test_somebody_who_faces_the_right_of_the_picture_has_the_right_side_nearer():
    limbs = motion_limbs(standing(turn_rad=np.pi / 2))
    assert np.all(limbs.depth_m[1:, :, 1] < limbs.depth_m[1:, :, 0] - 0.1)


def test_a_foot_rests_by_heel_or_ball_and_only_where_the_person_is_seen():
    limbs = motion_limbs(standing())
    assert limbs.planted.tolist() == [[False, False]] + [[True, False]] * 3
    assert limbs.at(0.0) is None and limbs.at(1 / 30) == 1 and limbs.at(0.5) is None


def test_the_detector_speaks_by_its_own_landmarks():
    person = standing()
    limbs = detector_limbs(person)
    right_ankle = LANDMARK["right_ankle"]
    np.testing.assert_array_equal(limbs.points_px[:, 1, 1], person.track.landmarks_px[:, right_ankle])
    np.testing.assert_array_equal(limbs.depth_m[:, 1, 1], person.track.landmarks_camera[:, right_ankle, 2])
    assert limbs.planted is None
