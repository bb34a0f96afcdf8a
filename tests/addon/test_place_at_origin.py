"""A take brought to the origin as a whole."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from mambocap.addon.body_model import body_model
from mambocap.addon.people import Person
from mambocap.addon.take_scene import TakeOptions, build_people
from mambocap.addon.takes import people_of, select
from mambocap.motion.rotations import matrix_from_axis_angle
from mathutils import Matrix

from tests.addon.made_up_takes import evaluated_joints, wild_motion

pytest_plugins = ["tests.addon.in_blender"]

R_WORLD_FROM_REST = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
ABOUT_Z, ABOUT_X = np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])


def motion_of(first_hips, root, frames=12, seed=0):
    """Somebody who moves anyhow but begins with the hips turned [3, 3] at root [3] m."""
    motion = wild_motion(frames, seed=seed)
    R, way = np.array(motion.R_parent_from_joint), np.array(motion.root_world)
    R[:, 0] = first_hips @ R[0, 0].T @ R[:, 0]
    return type(motion)(motion.skeleton, motion.rate, R, way - way[0] + root)


@pytest.fixture
def taken(extension):
    def bring_in(*motions) -> bpy.types.Object:
        people = [Person(f"Person {n}", motion) for n, motion in enumerate(motions, start=1)]
        take = build_people(bpy.context.scene, people, "Dance", body_model(bpy.context), TakeOptions(body=False))
        select(take)
        return take

    return bring_in


def joints(take, frame=1.0):
    return np.array([evaluated_joints(person, frame) for person in people_of(take)])


@pytest.mark.parametrize("heading", [0.0, 1.2, -2.9])
@pytest.mark.parametrize("bent", [0.0, 1.4, 3.0], ids=["upright", "lying on the front", "on the hands"])
def test_the_first_person_begins_over_the_origin_facing_minus_y(taken, heading, bent):
    turned = matrix_from_axis_angle(heading * ABOUT_Z) @ matrix_from_axis_angle(bent * ABOUT_X) @ R_WORLD_FROM_REST
    take = taken(motion_of(turned, [3.0, -2.0, 0.9]))
    assert bpy.ops.mambocap.place_at_origin() == {"FINISHED"}
    pelvis, left, right = joints(take)[0, :3]
    np.testing.assert_allclose(pelvis, [0.0, 0.0, 0.9], atol=1e-5)
    across = left - right
    assert across[0] > 0.0 and abs(across[1]) < 0.02 * np.linalg.norm(across)


def test_people_keep_their_places_to_each_other_and_pressing_again_changes_nothing(taken):
    turned = matrix_from_axis_angle(0.7 * ABOUT_Z) @ R_WORLD_FROM_REST
    take = taken(motion_of(R_WORLD_FROM_REST, [3.0, -2.0, 0.9]), motion_of(turned, [4.0, 1.0, 1.1], seed=3))
    take.matrix_world = Matrix.Rotation(2.0, 4, "Z") @ Matrix.Translation((1.0, 2.0, 0.7))
    bpy.context.view_layer.update()
    before = joints(take, 7.0).reshape(-1, 3)
    bpy.ops.mambocap.place_at_origin()
    after = joints(take, 7.0).reshape(-1, 3)
    distances = [np.linalg.norm(all_[:, None] - all_[None], axis=-1) for all_ in (before, after)]
    np.testing.assert_allclose(*distances, atol=1e-4)
    np.testing.assert_allclose(joints(take)[0, 0], [0.0, 0.0, 0.9], atol=1e-5)
    placed = np.array(take.matrix_world)
    bpy.ops.mambocap.place_at_origin()
    np.testing.assert_allclose(np.array(take.matrix_world), placed, atol=1e-5)


def test_who_lies_on_the_side_faces_minus_y_too(taken):
    on_side = matrix_from_axis_angle(2.0 * ABOUT_Z) @ matrix_from_axis_angle(np.array([0.0, np.pi / 2, 0.0]))
    take = taken(motion_of(on_side @ R_WORLD_FROM_REST, [0.0, 5.0, 0.2]))
    bpy.ops.mambocap.place_at_origin()
    person = people_of(take)[0]
    bpy.context.scene.frame_set(1)
    up_of_hips = joints(take)[0, 3] - joints(take)[0, 0]   # along the ground, to one side of who faces -Y
    assert abs(up_of_hips[0]) > 5.0 * abs(up_of_hips[1]) and person.parent == take


def test_tilt_scale_and_frame_stay(taken):
    take = taken(motion_of(R_WORLD_FROM_REST, [3.0, -2.0, 0.9]))
    tilt = Matrix.LocRotScale((5.0, 1.0, 2.0), Matrix.Rotation(0.2, 3, "X"), (2.0,) * 3)
    take.matrix_world = tilt
    bpy.context.scene.frame_set(5)
    bpy.context.view_layer.update()
    bpy.ops.mambocap.place_at_origin()
    assert bpy.context.scene.frame_current == 5
    np.testing.assert_allclose(take.matrix_world.to_scale(), (2.0,) * 3, atol=1e-5)
    assert take.matrix_world.to_3x3().normalized()[2][2] == pytest.approx(np.cos(0.2), abs=1e-5)
    np.testing.assert_allclose(joints(take)[0, 0][:2], 0.0, atol=1e-5)


def test_a_take_that_is_held_by_a_constraint_is_refused(taken):
    take = taken(motion_of(R_WORLD_FROM_REST, [3.0, -2.0, 0.9]))
    take.constraints.new("COPY_LOCATION")
    with pytest.raises(RuntimeError, match="Dance is moved by its own keys, drivers or constraints."):
        bpy.ops.mambocap.place_at_origin()
