"""The smallest format of export, which docs/design/tiny-ones.md shows, writes what Blender shows."""

from __future__ import annotations

from fractions import Fraction

import bpy
import numpy as np
from mambocap.addon.export.export_choices import ExportChoices
from mambocap.addon.export.export_motion import export_motion
from mambocap.addon.export.formats import FORMATS

from tests.addon.export import characters
from tests.addon.export.characters import FIRST
from tests.tiny_ones import module_of


def test_a_table_of_bones_has_the_places_that_blender_shows(tmp_path, monkeypatch):
    csv = module_of("addon/export/formats/csv.py", "mambocap.addon.export.formats.csv", tmp_path)
    monkeypatch.setitem(FORMATS, "CSV", csv.FORMAT)
    scene = characters.new_scene_at(Fraction(30))
    character = characters.mixamo_character(scene)
    assert export_motion(character, tmp_path / "a.csv", ExportChoices("CSV"), bpy.context) == ""
    head, *lines = (tmp_path / "a.csv").read_text().splitlines()
    assert head == "frame,bone,x,y,z"
    scene.frame_set(FIRST)
    for line in lines[: len(character.data.bones)]:
        frame, bone, *place = line.split(",")
        assert int(frame) == FIRST
        np.testing.assert_allclose(np.array(place, float), character.matrix_world @ character.pose.bones[bone].head,
                                   atol=1e-4)  # fmt: skip
