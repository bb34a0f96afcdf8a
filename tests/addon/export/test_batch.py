"""All takes in one go: a file for everybody, and a sentence for what failed."""

from __future__ import annotations

from fractions import Fraction

import bpy
import numpy as np
import pytest
from mambocap.addon.export.batch import Summary, everybody_in, export_all
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.people import Person
from mambocap.addon.take_scene import TakeOptions, build_people
from mambocap.motion.refusal import Refusal

from tests.addon.export import characters
from tests.addon.made_up_takes import wild_motion
from tests.box_body import box_body_model

NO_PICTURES = TakeOptions(body=False, camera=False)


@pytest.fixture
def takes() -> list[bpy.types.Object]:
    scene = characters.new_scene_at(Fraction(30))
    two = [Person("Person 1", wild_motion(5)), Person("Ann", wild_motion(5, seed=1))]
    return [build_people(scene, two, "Duel", box_body_model(), NO_PICTURES),
            build_people(scene, two[:1], "Run: 2", box_body_model(), NO_PICTURES)]  # fmt: skip


def exported(folder, existing: str = "NUMBER") -> Summary:
    shares: list[float] = []
    everybody = everybody_in(bpy.context.scene, "TAKES")
    summary = export_all(everybody, folder, lambda _: ExportChoices("BVH"), existing, bpy.context, shares.append)
    assert np.all(np.diff(shares) > 0) and (len(summary.written) < 3 or shares[-1] == 1.0)
    return summary


def test_everybody_gets_a_file_named_after_take_and_person(takes, tmp_path):
    summary = exported(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "Duel - Ann.bvh", "Duel - Person 1.bvh", "Run_ 2 - Person 1.bvh",
    ]  # fmt: skip
    assert summary.in_words == f"Written: Duel - Ann.bvh and 2 more, to {tmp_path}" and not summary.failures


def test_files_that_are_there_stay_unless_the_artist_wants_them_replaced(takes, tmp_path):
    (tmp_path / "Duel - Ann.bvh").write_text("mine")
    assert exported(tmp_path).skipped == ()
    assert (tmp_path / "Duel - Ann.bvh").read_text() == "mine" and (tmp_path / "Duel - Ann 2.bvh").exists()
    exported(tmp_path, "REPLACE")
    assert (tmp_path / "Duel - Ann.bvh").read_text() != "mine" and len(list(tmp_path.iterdir())) == 4


def test_who_has_a_file_is_skipped_when_the_artist_wants_that(takes, tmp_path):
    (tmp_path / "Duel - Ann.bvh").write_text("mine")
    assert exported(tmp_path, "SKIP").in_words == (
        f"Written: Duel - Person 1.bvh and 1 more, to {tmp_path}. Skipped, as already there: Duel - Ann.bvh"
    )
    assert (tmp_path / "Duel - Ann.bvh").read_text() == "mine" and len(list(tmp_path.iterdir())) == 3
    assert exported(tmp_path, "SKIP").in_words == (
        "No file written. Skipped, as already there: Duel - Ann.bvh and 2 more"
    )


def test_what_fails_is_said_and_the_rest_goes_on(takes, tmp_path):
    bpy.data.objects["Duel Ann"].scale = (1.0, -1.0, 1.0)
    bpy.data.objects["Run: 2 Person 1"].animation_data_clear()
    summary = exported(tmp_path)
    assert summary.in_words == f"Written: Duel - Person 1.bvh, to {tmp_path}. 2 failed"
    assert summary.failures == (
        "The object Duel Ann is mirrored by a negative scale. Give its three scales one positive number.",
        "Run: 2 Person 1 has no action, so that nothing moves it. "
        "Assign its action, or choose the frames to export yourself.",
    )


def test_a_scene_without_takes_is_refused(tmp_path):
    characters.new_scene_at(Fraction(30))
    with pytest.raises(Refusal) as refusal:
        exported(tmp_path)
    assert refusal.value.sentence == "This scene has nobody to export together."


def test_names_that_are_one_file_on_windows_and_macos_get_numbers(takes, tmp_path):
    ann, other, _ = (person for person, _ in everybody_in(bpy.context.scene, "TAKES"))
    summary = export_all([(ann, "Walk"), (other, "walk")], tmp_path, lambda _: ExportChoices("BVH"), "REPLACE",
                         bpy.context)  # fmt: skip
    assert [path.name for path in summary.written] == ["Walk.bvh", "walk 2.bvh"]
