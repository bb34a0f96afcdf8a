"""Clean-up run again in Blender: keys, contacts that the artist edits, the captured motion brought back."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon import clean_up_take, contact_strips
from mambocap.addon.action import bone_transforms
from mambocap.addon.body_model import body_model
from mambocap.addon.clean_up import contacts_area
from mambocap.addon.clean_up_settings import POINTS
from mambocap.addon.curves import curves_of
from mambocap.addon.kept_corrections import CORRECTIONS
from mambocap.addon.people import Person
from mambocap.addon.take_scene import TakeOptions, build_people
from mambocap.addon.takes import people_of, select
from mambocap.motion.body import read_open_body
from mambocap.motion.contacts.body_points import figure_of
from mambocap.motion.corrections.edits import PoseKey
from mambocap.motion.corrections.edits_file import edits_text
from mambocap.motion.motion import Motion
from mambocap.motion.motion_file import write_motion
from mambocap.motion.rotations import matrix_from_axis_angle

pytest_plugins = ["tests.addon.in_blender"]

R_WORLD_FROM_REST = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
SOLES = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("heel", "ball"))


def sliding(frames: int = 60, rate: Fraction = Fraction(30)) -> Motion:
    """Somebody who stands, the feet sliding 4 mm a frame to and fro, and is believed to rest in the first half."""
    body = read_open_body().shaped([])
    R = np.tile(np.eye(3), (frames, 55, 1, 1))
    R[:, 0] = R_WORLD_FROM_REST
    root = np.tile([0.3, -0.2, 0.0], (frames, 1))
    root[:, 2] = body.skeleton.rest_joints[0, 1] - body.points[:, 1].min()
    root[:, 0] += 0.004 * np.abs(np.arange(frames) % 20 - 10.0)
    believed = np.where(np.arange(frames) < frames // 2, 0.99, 0.01)[:, None].repeat(len(SOLES), axis=1)
    return Motion(body.skeleton, rate, R, root, contact_names=SOLES, contacts=believed)


@pytest.fixture
def captured(extension: Path, tmp_path: Path):
    """Brings a motion into an empty scene as a capture would, and gives its person."""

    def bring_in(motion: Motion, rate: str = "AUTO") -> bpy.types.Object:
        path = tmp_path / "person_00" / "motion.npz"
        path.parent.mkdir(exist_ok=True)
        write_motion(path, motion)
        options, model = TakeOptions(body=False, rate=rate), body_model(bpy.context)
        take = build_people(bpy.context.scene, [Person("Anna", motion, path)], "Dance", model, options)
        select(take)
        return people_of(take)[0]

    return bring_in


def all_keys(person: bpy.types.Object) -> dict[tuple[str, int], np.ndarray]:
    """Keys [N, 2] by path and index."""
    found = {}
    for curve in curves_of(person):
        points = np.empty(2 * len(curve.keyframe_points), dtype=np.float32)
        curve.keyframe_points.foreach_get("co", points)
        found[curve.data_path, curve.array_index] = points.reshape(-1, 2)
    return found


def keys_of(person: bpy.types.Object) -> dict[tuple[str, int], np.ndarray]:
    return {name: keys for name, keys in all_keys(person).items() if name[0].startswith("pose.bones")}


def same(one: dict, other: dict) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def contact_curve(person: bpy.types.Object, name: str = "left_heel") -> bpy.types.FCurve:
    path = f'["{contact_strips.property_of(name)}"]'
    return next(curve for curve in curves_of(person) if curve.data_path == path)


def rests(person: bpy.types.Object, name: str = "left_heel", frames: range = range(1, 61)) -> list[int]:
    """The scene frames in which Blender says that a channel rests."""
    curve = contact_curve(person, name)
    return [frame for frame in frames if curve.evaluate(frame) > 0.5]


def test_clean_up_makes_new_keys_and_says_what_changed(captured):
    person = captured(sliding())
    before = keys_of(person)
    assert bpy.ops.mambocap.clean_up() == {"FINISHED"}
    assert not same(before, keys_of(person))
    words = person.mambocap_clean_up.outcome
    assert words.startswith("Feet slide 0.") and words.endswith("mm a frame, as captured 4.0"), words
    assert len(bpy.data.actions) == 1, "in the same action"


def test_what_was_captured_comes_back_exactly_and_pressing_again_shows_clean_keys(captured):
    raw = sliding()
    person = captured(raw.with_raw(replace(raw, root_world=raw.root_world + 0.1)))
    bpy.ops.mambocap.clean_up()
    clean = keys_of(person)
    assert bpy.ops.mambocap.as_captured() == {"FINISHED"}
    assert person.mambocap_clean_up.shows_raw
    read = clean_up_take.source_of(person, bpy.context).raw
    rotations, locations = bone_transforms(person, read)
    shown = keys_of(person)
    for axis in range(3):
        keys = shown['pose.bones["pelvis"].location', axis]
        assert np.array_equal(np.broadcast_to(keys[:, 1], len(locations)), np.float32(locations[:, axis]))
    knee = shown['pose.bones["left_knee"].rotation_quaternion', 0]
    assert np.array_equal(knee[:, 1], np.float32(rotations[:1, 4, 0]))
    bpy.ops.mambocap.as_captured()
    assert same(clean, keys_of(person)) and not person.mambocap_clean_up.shows_raw


def test_contacts_stand_in_the_action_with_keys_only_where_they_change(captured):
    person = captured(sliding())
    bpy.ops.mambocap.clean_up()
    curve = contact_curve(person)
    assert curve.group.name == "Contacts"
    assert [(point.co.x, point.co.y, point.interpolation) for point in curve.keyframe_points] == [
        (1.0, 1.0, "CONSTANT"), (31.0, 0.0, "CONSTANT"),
    ]  # fmt: skip
    bpy.context.scene.frame_set(30)
    assert contact_strips.rests_now(person, "left_heel")
    bpy.context.scene.frame_set(31)
    assert not contact_strips.rests_now(person, "left_heel")


def test_a_cleaned_capture_brings_its_contacts_with_it(captured):
    raw = sliding()
    decided = replace(raw, contacts=(raw.contacts > 0.5).astype(float))
    assert rests(captured(raw.with_raw(decided))) == list(range(1, 31))


def test_a_key_that_the_artist_moved_is_respected_and_survives(captured):
    person = captured(sliding())
    bpy.ops.mambocap.clean_up()
    contact_curve(person).keyframe_points[1].co.x = 41
    bpy.ops.mambocap.clean_up()
    assert rests(person) == list(range(1, 41))
    person.mambocap_clean_up.strength = 0.5
    bpy.ops.mambocap.clean_up()
    assert rests(person) == list(range(1, 41)) and rests(person, "right_heel") == list(range(1, 31))


def test_a_contact_whose_key_the_artist_deleted_is_gone(captured):
    person = captured(sliding())
    bpy.ops.mambocap.clean_up()
    curve = contact_curve(person)
    curve.keyframe_points[0].co.y = 0.0
    bpy.ops.mambocap.clean_up()
    assert rests(person) == []


def test_forgetting_edits_brings_back_what_was_found(captured):
    person = captured(sliding())
    bpy.ops.mambocap.clean_up()
    found = keys_of(person)
    person.mambocap_clean_up.points = {"left_heel", "left_ball"}
    person.mambocap_clean_up.first_frame, person.mambocap_clean_up.last_frame = 5, 12
    bpy.ops.mambocap.release_here()
    assert not same(found, keys_of(person))
    assert bpy.ops.mambocap.forget_contact_edits() == {"FINISHED"}
    assert same(found, keys_of(person)) and rests(person) == list(range(1, 31))
    assert person[contact_strips.SAID] == "{}"


def test_planting_and_releasing_hold_in_the_chosen_frames_and_nowhere_else(captured):
    person = captured(sliding())
    panel = person.mambocap_clean_up
    panel.points, panel.first_frame, panel.last_frame = {"left_heel"}, 41, 50
    assert bpy.ops.mambocap.plant_here() == {"FINISHED"}
    assert rests(person) == [*range(1, 31), *range(41, 51)] and rests(person, "left_ball") == list(range(1, 31))
    panel.first_frame, panel.last_frame = 11, 20
    bpy.ops.mambocap.release_here()
    assert rests(person) == [*range(1, 11), *range(21, 31), *range(41, 51)]


def test_the_preview_range_counts_where_there_is_one(captured):
    person = captured(sliding())
    person.mambocap_clean_up.points = {"right_ball"}
    scene = bpy.context.scene
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 45, 48
    bpy.ops.mambocap.plant_here()
    assert rests(person, "right_ball")[-4:] == [45, 46, 47, 48]


def test_planting_waits_until_frames_were_chosen(captured):
    panel = captured(sliding()).mambocap_clean_up
    assert not bpy.ops.mambocap.plant_here.poll()
    bpy.ops.mambocap.contact_frame(end="first_frame")
    assert bpy.ops.mambocap.plant_here.poll()
    panel.points = set()
    with pytest.raises(RuntimeError, match="Press a point under Contacts first, such as Left Heel"):
        bpy.ops.mambocap.plant_here()


def test_frames_outside_of_the_take_are_refused_by_name(captured):
    panel = captured(sliding()).mambocap_clean_up
    panel.first_frame, panel.last_frame = 200, 210
    said = "Dance Anna has no key from frame 200 to 210. Choose frames between 1 and 60."
    with pytest.raises(RuntimeError, match=said):
        bpy.ops.mambocap.plant_here()


def test_the_current_frame_is_taken_as_either_end(captured):
    panel = captured(sliding()).mambocap_clean_up
    bpy.context.scene.frame_set(25)
    bpy.ops.mambocap.contact_frame(end="first_frame")
    assert (panel.first_frame, panel.last_frame) == (25, 25)
    bpy.context.scene.frame_set(12)
    bpy.ops.mambocap.contact_frame(end="last_frame")
    assert (panel.first_frame, panel.last_frame) == (12, 12)


def test_a_motion_without_raw_is_cleaned_itself(captured):
    person = captured(replace(sliding(), contact_names=(), contacts=None))
    before = keys_of(person)
    bpy.ops.mambocap.clean_up()
    bpy.ops.mambocap.as_captured()
    after = keys_of(person)
    assert all(np.allclose(before[name], after[name], atol=1e-5) for name in before)


def test_in_a_scene_of_another_rate_keys_and_contacts_keep_their_seconds(captured):
    scene = bpy.context.scene
    scene.render.fps, scene.frame_start = 24, 101
    person = captured(sliding(), rate="SCENE")
    before = keys_of(person)['pose.bones["pelvis"].location', 0][:, 0]
    bpy.ops.mambocap.clean_up()
    after = keys_of(person)['pose.bones["pelvis"].location', 0][:, 0]
    assert np.array_equal(before, after) and before[0] == 101
    ends = [point.co.x for point in contact_curve(person).keyframe_points]
    assert ends[0] == 101 and (ends[1] - 101) / 24 == pytest.approx(1.0, abs=1.5 / 24)
    scene.render.fps = 60   # an artist who changes it later does not move the keys
    bpy.ops.mambocap.clean_up()
    assert np.array_equal(after, keys_of(person)['pose.bones["pelvis"].location', 0][:, 0])


def test_an_action_that_was_moved_in_time_is_cleaned_where_it_is(captured):
    person = captured(sliding())
    bpy.ops.mambocap.clean_up()
    for curve in curves_of(person):
        for point in curve.keyframe_points:
            point.co.x += 100
    bpy.ops.mambocap.clean_up()
    assert tuple(person.animation_data.action.frame_range) == (101.0, 160.0)
    assert rests(person, frames=range(101, 161)) == list(range(101, 131)) and person[contact_strips.SAID] == "{}"
    contact_curve(person).keyframe_points[1].co.x = 250   # beyond the motion, which stays where it is
    bpy.ops.mambocap.clean_up()
    assert rests(person, frames=range(101, 161)) == list(range(101, 161))


def test_keys_that_the_artist_set_by_hand_are_kept_in_an_action_of_their_own(captured):
    person = captured(sliding())
    bpy.ops.mambocap.clean_up()
    person.pose.bones["left_elbow"].rotation_quaternion = (0.6, 0.8, 0.0, 0.0)
    person.pose.bones["left_elbow"].keyframe_insert("rotation_quaternion", frame=20)
    bpy.ops.mambocap.clean_up()
    kept = next(action for action in bpy.data.actions if action.name.endswith("By Hand"))
    assert kept.use_fake_user and person.mambocap_clean_up.outcome.endswith(f"kept in the action {kept.name}")
    bpy.ops.mambocap.clean_up()
    assert len(bpy.data.actions) == 2


def test_several_selected_people_are_cleaned_with_the_settings_of_the_active_one(extension, tmp_path):
    people = []
    for number in range(2):
        path = tmp_path / f"person_{number:02d}" / "motion.npz"
        path.parent.mkdir()
        write_motion(path, sliding())
        people.append(Person(f"Person {number + 1}", sliding(), path))
    take = build_people(bpy.context.scene, people, "Dance", body_model(bpy.context), TakeOptions(body=False))
    bpy.context.view_layer.update()
    active, other = people_of(take)
    active.select_set(True)
    other.select_set(True)
    bpy.context.view_layer.objects.active = active
    active.mambocap_clean_up.feet = "never"
    bpy.ops.mambocap.clean_up()
    assert other.mambocap_clean_up.feet == "never" and rests(other) == []
    assert other.mambocap_clean_up.outcome


def test_corrections_of_a_person_are_made_before_clean_up(captured):
    person = captured(sliding())
    bpy.ops.mambocap.clean_up()
    before = keys_of(person)
    R = np.tile(np.eye(3), (55, 1, 1))
    R[0] = R_WORLD_FROM_REST
    person[CORRECTIONS] = edits_text([PoseKey(45 / 30, R, np.array([0.3, -0.2, 1.5]))])
    bpy.ops.mambocap.clean_up()
    height = 'pose.bones["pelvis"].location', 1
    assert np.abs(keys_of(person)[height][45, 1] - before[height][:, 1].max()) > 0.2


def test_contacts_open_in_a_dope_sheet_of_their_own_beside_the_timeline(captured):
    person = captured(sliding())
    with pytest.raises(RuntimeError, match="Press Clean Up Again first, which finds the contacts"):
        bpy.ops.mambocap.show_contacts()
    bpy.ops.mambocap.clean_up()
    screen = bpy.context.window.screen
    before = sorted(area.ui_type for area in screen.areas)
    bpy.ops.mambocap.show_contacts()
    assert sorted(area.ui_type for area in screen.areas) == sorted([*before, "DOPESHEET"])
    assert bpy.context.view_layer.objects.active == person and contacts_area(screen) is not None


def test_live_cleans_up_when_a_setting_changes(captured):
    person = captured(sliding())
    panel = person.mambocap_clean_up
    panel.feet = "never"
    assert not panel.outcome
    panel.live = True
    assert rests(person) == []
    panel.feet = "auto"
    assert rests(person) == list(range(1, 31))


def test_a_capture_that_is_gone_is_named(captured, tmp_path):
    captured(sliding())
    path = tmp_path / "person_00" / "motion.npz"
    path.unlink()
    with pytest.raises(RuntimeError) as error:
        bpy.ops.mambocap.clean_up()
    assert f"The motion file of Dance Anna is no longer at {path}." in str(error.value)
    assert "Bring it back there, or import the take again." in str(error.value)


def test_the_panels_points_are_the_figures(extension):
    assert set(POINTS) == set(figure_of(read_open_body().shaped([])).point_names)


def test_a_thousand_frames_take_less_than_a_second(captured):
    still = sliding(1000)
    trembling = matrix_from_axis_angle(np.random.default_rng(1).normal(size=(1000, 55, 3)) * 0.01)
    captured(replace(still, R_parent_from_joint=still.R_parent_from_joint @ trembling))
    bpy.ops.mambocap.clean_up()
    start_s = time.process_time()
    bpy.ops.mambocap.clean_up()
    taken_s = time.process_time() - start_s
    print(f" 1,000 frames cleaned up in {taken_s:.2f} s of processor time", end=" ")
    assert taken_s < 3.0, "a wide bar, since test machines are busy"
