"""Left for right: what a mirror shows."""

import numpy as np
import pytest

from motion.body import read_open_body
from motion.contacts.body_points import figure_of
from motion.contacts.contacts import Contacts
from motion.retarget.source.mirror import mirrored
from motion.retarget.source.source_pose import SourcePose
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT

FRAMES = 7


@pytest.fixture
def source() -> SourcePose:
    """A body that is not symmetric, in any pose, with contacts of both sides."""
    rng = np.random.default_rng(5)
    figure = figure_of(read_open_body().shaped([]))
    lopsided = figure.rest_joints + rng.normal(size=(55, 3)) * 0.01
    figure = type(figure)(figure.parents, lopsided, figure.limbs, figure.toe_joints, figure.point_names,
                          figure.point_joints, figure.points_rest)  # fmt: skip
    R, joints = figure.kinematics(matrix_from_axis_angle(rng.normal(size=(FRAMES, 55, 3))),
                                  rng.normal(size=(FRAMES, 3)) + 2.0)  # fmt: skip
    names = ("left_heel", "right_ball", "seat_left", "back", "left_palm")
    contacts = Contacts(names, rng.random((FRAMES, 5)) < 0.4, rng.random((FRAMES, 5)), rng.random((FRAMES, 5)),
                        np.array([-1, -1, -1, -1, JOINT["right_wrist"]]))  # fmt: skip
    return SourcePose(figure, 29.97, R, joints, contacts, floor_world_m=0.13)


def test_mirroring_twice_changes_nothing(source):
    twice = mirrored(mirrored(source))
    for name in ("R_world_from_joint", "joints_world"):
        np.testing.assert_allclose(getattr(twice, name), getattr(source, name), atol=1e-14)
    for name in ("rest_joints", "points_rest", "point_joints"):
        np.testing.assert_array_equal(getattr(twice.figure, name), getattr(source.figure, name))
    assert twice.figure.point_names == source.figure.point_names and twice.figure.limbs == source.figure.limbs
    assert twice.contacts.names == source.contacts.names
    np.testing.assert_array_equal(twice.contacts.holds_to, source.contacts.holds_to)


def test_every_joint_is_where_a_mirror_over_the_first_pelvis_shows_the_other_one(source):
    after = mirrored(source)
    for name, other in (("left_wrist", "right_wrist"), ("right_foot", "left_foot"), ("head", "head")):
        mine, its = after.joints_world[:, JOINT[name]], source.joints_world[:, JOINT[other]]
        np.testing.assert_allclose(mine[:, 1:], its[:, 1:], atol=1e-14)
        np.testing.assert_allclose(mine[:, 0] + its[:, 0], 2.0 * source.joints_world[0, 0, 0], atol=1e-14)
    np.testing.assert_allclose(after.joints_world[0, 0], source.joints_world[0, 0], atol=1e-14)


def test_the_turns_of_the_mirrored_figure_lead_to_its_joints(source):
    after = mirrored(source)
    local = after.figure.local(after.R_world_from_joint)
    np.testing.assert_allclose(np.linalg.det(local), 1.0)
    _, joints = after.figure.kinematics(local, after.joints_world[:, 0])
    np.testing.assert_allclose(joints, after.joints_world, atol=1e-12)


def test_points_and_contacts_change_sides(source):
    after = mirrored(source)
    mine, its = after.points_world(), source.points_world()
    for name, other in (("left_heel", "right_heel"), ("seat_right", "seat_left"), ("back", "back")):
        point, partner = mine[:, after.figure.point(name)], its[:, source.figure.point(other)]
        np.testing.assert_allclose(point[:, 1:], partner[:, 1:], atol=1e-12)
        np.testing.assert_allclose(point[:, 0] + partner[:, 0], 2.0 * source.joints_world[0, 0, 0], atol=1e-12)
    assert after.contacts.names == ("right_heel", "left_ball", "seat_right", "back", "right_palm")
    assert after.contacts.holds_to.tolist() == [-1, -1, -1, -1, JOINT["left_wrist"]]
    np.testing.assert_array_equal(after.contacts.held, source.contacts.held)


def test_knees_and_elbows_still_bend_the_way_they_do():
    figure = figure_of(read_open_body().shaped([]))
    still = SourcePose(figure, 30.0, np.tile(np.eye(3), (1, 55, 1, 1)), figure.rest_joints[None],
                       Contacts((), np.zeros((1, 0)), np.zeros((1, 0)), np.zeros((1, 0)), np.zeros(0)))  # fmt: skip
    assert mirrored(still).figure.limbs == figure.limbs
