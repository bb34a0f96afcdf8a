"""People of a take picked, merged, split, dropped and brought back in Blender, and the take made again from that."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import bpy
import pytest
from mambocap.addon import capture, jobs, take_scene, takes, thumbnails, wanted_people
from mambocap.addon.body_model import body_model
from mambocap.addon.kept_corrections import CORRECTIONS, stored_in
from mambocap.addon.people_list import everybody_in, keeps_detections
from mambocap.motion.corrections.edits import Ignore
from mambocap.motion.corrections.edits_file import edits_text as edits_text_of
from mambocap.motion.job import CACHE, MOTION, LeftOut, PersonResult, Request, Result, read_request
from mambocap.motion.motion_file import write_motion
from mambocap.motion.people_edits import edits_text

from tests.addon.made_up_takes import wild_motion

pytest_plugins = ["tests.addon.in_blender"]

ops = bpy.ops.mambocap


def solve(job: Path, numbers: Sequence[int], left_out: Sequence[LeftOut] = (), edits: str = "") -> None:
    """What the backend leaves after people with these numbers were solved."""
    people = []
    for place, number in enumerate(numbers):
        folder = job / f"person_{place:02d}"
        folder.mkdir(exist_ok=True)
        write_motion(folder / MOTION, wild_motion(24, seed=number))
        write_picture(folder / "thumbnail.png")
        people.append(PersonResult(folder.name, 24, 1.0, 24.0, 3.0, 1.0, number, f"{folder.name}/thumbnail.png", 0.1,
                                   0.6))  # fmt: skip
    for path in job.glob("person_*/motion.npz"):
        if int(path.parent.name[-2:]) >= len(numbers):
            path.unlink()
    Result(tuple(people), left_out=tuple(left_out), people_edits=edits).write(job)


def write_picture(path: Path, side_px: int = 24) -> None:
    image = bpy.data.images.new("made up", side_px, side_px)
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()
    bpy.data.images.remove(image)


@pytest.fixture
def take(extension: Path, film: Path) -> bpy.types.Object:
    """A take of Person 1, 2 and 3, whose capture lies on the disk."""
    job = jobs.new_job(film, Request((str(film),), {"camera": {"focal_mm": 50.0}}))
    solve(job, [1, 2, 3])
    return take_scene.build_take(bpy.context.scene, job, "dance", body_model(bpy.context))


def wanted(take: bpy.types.Object) -> str:
    return edits_text(wanted_people.wanted(take))


def choose(number: int) -> None:
    assert ops.select_person(number=number) == {"FINISHED"}


def test_clicking_on_a_person_selects_the_armature(take):
    choose(2)
    person = bpy.context.view_layer.objects.active
    assert person.name == "dance Person 2" and bpy.context.selected_objects == [person]
    assert wanted_people.active_person(bpy.context).name == "Person 2"


def test_what_the_artist_wants_waits_on_the_take(take):
    choose(3)
    ops.use_first()
    ops.merge_people(into="1")
    choose(2)
    bpy.context.scene.frame_set(12)
    ops.split_person()
    ops.drop_person()
    assert wanted(take) == "first 3; merge 1 3; split 2 at 0.3667; drop 2"


def test_a_change_is_given_up_brought_back_or_all_are_reset(take):
    choose(3)
    ops.drop_person()
    choose(2)
    ops.merge_people(into="1")
    ops.bring_back(number=3)
    assert wanted(take) == "merge 1 2"
    ops.give_up_change(index=0)
    assert wanted(take) == "" and not ops.reset_people.poll()
    ops.keep_only()
    assert wanted(take) == "drop 1; drop 3"
    ops.reset_people()
    assert wanted(take) == ""


def test_what_cannot_be_done_is_not_offered(take):
    bpy.context.view_layer.objects.active = take
    assert not ops.drop_person.poll(), "nobody is selected"
    choose(1)
    bpy.context.scene.frame_set(1)
    assert not ops.split_person.poll(), "there is nothing of Person 1 before this frame"
    ops.drop_person()
    assert not ops.drop_person.poll() and not ops.merge_people.poll(), "Person 1 goes already"
    choose(2)
    ops.merge_people(into="3")
    choose(3)
    assert not ops.drop_person.poll() and not ops.keep_only.poll(), "nobody else is left"


def test_changes_are_undone_and_saved_with_the_file(take, tmp_path):
    choose(2)
    ops.drop_person()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    opened = takes.active_take(bpy.context)
    assert wanted(opened) == "drop 2" and ops.apply_people.poll()


def test_applying_asks_the_same_capture_for_the_edits_alone(take, monkeypatch):
    started = []
    monkeypatch.setattr(capture, "start", lambda job, scene, replaces: started.append((job, scene, replaces)))
    assert not ops.apply_people.poll()
    choose(2)
    ops.drop_person()
    assert ops.apply_people() == {"FINISHED"}
    assert started == [(takes.job_of(take), bpy.context.scene.name, "dance")]
    assert read_request(started[0][0]).settings == {"camera": {"focal_mm": 50.0}, "track": {"people": "drop 2"}}


def test_nothing_is_applied_while_a_capture_runs(take, monkeypatch):
    choose(2)
    ops.drop_person()
    monkeypatch.setattr(capture, "session", capture.Session(takes.job_of(take), None, ""))
    assert not ops.apply_people.poll()
    monkeypatch.setattr(capture, "session", None)


def test_the_new_people_stand_in_the_place_of_the_old(take):
    job, scene = takes.job_of(take), bpy.context.scene
    take.location, take.rotation_euler = (1.0, 2.0, 0.0), (0.0, 0.0, 0.5)
    sword = bpy.data.objects.new("Sword", None)
    scene.collection.objects.link(sword)
    sword.parent, sword.parent_type, sword.parent_bone = scene.objects["dance Person 2"], "BONE", "right_wrist"
    scene.frame_start, scene.frame_end, scene.render.fps = 50, 77, 30
    choose(1)
    ops.drop_person()
    choose(2)
    solve(job, [2, 3], [LeftOut(1, "dropped")], "drop 1")
    assert wanted_people.is_behind(take, job)
    assert ops.replace_people(take="dance") == {"FINISHED"}
    (take,) = take_scene.takes_in(scene)
    assert [person.name for person in takes.people_of(take)] == ["dance Person 2", "dance Person 3"]
    assert tuple(take.location) == (1.0, 2.0, 0.0) and take.rotation_euler.z == pytest.approx(0.5)
    assert (scene.frame_start, scene.frame_end) == (50, 77)
    assert scene.objects["dance Person 2"].animation_data.action.frame_range[0] == 1.0
    assert (sword.parent.name, sword.parent_bone) == ("dance Person 2", "right_wrist")
    assert bpy.context.view_layer.objects.active == scene.objects["dance Person 2"], "who was selected still is"
    assert not wanted_people.is_behind(take, job) and not ops.apply_people.poll()
    assert len(bpy.data.armatures) == len(bpy.data.actions) == 2


def test_the_new_people_are_mended_as_the_old_were(take):
    job, ignored = takes.job_of(take), Ignore(0.1, 0.3, "left_arm")
    bpy.context.scene.objects["dance Person 3"][CORRECTIONS] = edits_text_of([ignored])
    solve(job, [2, 3], [LeftOut(1, "dropped")], "drop 1")
    assert ops.replace_people(take="dance") == {"FINISHED"}
    second, third = takes.people_of(take)
    assert stored_in(third) == [ignored] and stored_in(second) == []
    assert third.mambocap_clean_up.outcome, "and cleaned up with that"


def test_files_that_cannot_be_read_leave_the_take_as_it_was(take):
    (takes.job_of(take) / "person_01" / MOTION).write_bytes(b"cut off")
    before = [thing.name for thing in take.children_recursive]
    with pytest.raises(RuntimeError):
        ops.replace_people()
    assert [thing.name for thing in take.children_recursive] == before


def test_solving_again_keeps_the_edits_unless_people_are_found_anew(take, monkeypatch):
    job = takes.job_of(take)
    choose(2)
    ops.drop_person()
    monkeypatch.setattr(capture, "start", lambda *_, **__: None)
    ops.apply_people()
    ops.show_settings()
    settings = bpy.context.scene.mambocap
    settings.focal_mm = 35.0
    ops.solve_again()
    assert read_request(job).settings == {"camera": {"focal_mm": 35.0}, "track": {"people": "drop 2"}}
    settings.hands = False
    ops.solve_again()
    assert "track" not in read_request(job).settings


def test_everybody_is_listed_also_who_is_left_out(take):
    job = takes.job_of(take)
    (job / "people_left_out").mkdir()
    write_picture(job / "people_left_out" / "02.png")
    left_out = [LeftOut(2, "dropped", "people_left_out/02.png", 0.5, 7.44), LeftOut(3, "merged into 1")]
    solve(job, [1], left_out, "drop 2; merge 1 3")
    first, dropped, merged = everybody_in(job)
    assert (first.name, first.why_left_out, first.time_seen) == ("Person 1", "", "0.1 to 0.6 s")
    assert (dropped.why_left_out, dropped.time_seen) == ("Dropped", "0.5 to 7.4 s")
    assert merged.why_left_out == "Merged into Person 1" and merged.picture is None
    assert dropped.picture.is_file()


def test_a_take_of_an_older_backend_lists_nobody(take):
    Result((PersonResult("person_00", 24, 1.0, 24.0, 3.0, 1.0),)).write(takes.job_of(take))
    assert everybody_in(takes.job_of(take)) == []


def test_pictures_are_read_again_when_they_change_and_leave_nothing_in_the_file(take):
    path, before = takes.job_of(take) / "person_00" / "thumbnail.png", len(bpy.data.images)
    for side_px in (24, 40):
        write_picture(path, side_px)
        os.utime(path, (side_px, side_px))   # Blender's own thumbnails know files by the second
        images = len(bpy.data.images)
        thumbnails.icon_id(path)   # a Blender without a window has no numbers for icons
        assert tuple(thumbnails._icons[str(path)].image_size) == (side_px, side_px)
        assert len(bpy.data.images) == images == before
    assert thumbnails.icon_id(path.with_name("gone.png")) == thumbnails.icon_id(None) == 0


def test_without_a_cache_the_button_says_that_people_are_found_anew(take):
    job = takes.job_of(take)
    assert not keeps_detections(job)
    (job / CACHE).mkdir()
    (job / CACHE / "detect-1.npz").touch()
    assert keeps_detections(job)
