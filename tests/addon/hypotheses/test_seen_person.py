"""Over whom a 3D view is drawn, and that what is drawn stands where the person stands."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest
from mambocap.addon.hypotheses import ghosts, uncertainty_overlay
from mambocap.addon.hypotheses.coloured_lines import Lines
from mambocap.addon.hypotheses.seen_person import seen_person
from mambocap.addon.hypotheses.uncertainty_kept import keep_spread
from mathutils import Matrix

from tests.addon.hypotheses.made_up_hypotheses import ambiguous, brought_in

pytest_plugins = ["tests.addon.in_blender"]


@pytest.fixture
def person(extension: Path, tmp_path: Path) -> bpy.types.Object:
    motion = ambiguous()
    person = brought_in(motion, tmp_path)
    keep_spread(person, np.full((motion.frame_count, 22), 0.3))
    return person


@pytest.fixture
def view(person):
    """A 3D view that is being drawn, its lines taken instead of drawn."""
    screen = bpy.data.screens["Layout"]
    area = next(area for area in screen.areas if area.type == "VIEW_3D")
    with bpy.context.temp_override(window=bpy.context.window_manager.windows[0], screen=screen, area=area):
        yield area.spaces.active


@pytest.fixture
def drawn(monkeypatch) -> list[tuple[Lines, Matrix]]:
    found: list[tuple[Lines, Matrix]] = []
    monkeypatch.setattr(Lines, "draw", lambda lines, matrix, _: found.append((lines, matrix.copy())))
    return found


def test_the_active_person_is_drawn_over(person, view):
    assert seen_person(bpy.context) == person


def test_who_cannot_be_seen_is_not_drawn_over(person, view):
    person.hide_set(True)
    assert seen_person(bpy.context) is None
    person.hide_set(False)
    view.overlay.show_overlays = False
    assert seen_person(bpy.context) is None


def test_a_person_whose_bones_were_removed_is_not_drawn_over(person, view):
    with bpy.context.temp_override(active_object=person, object=person):
        bpy.ops.object.mode_set(mode="EDIT")
        assert seen_person(bpy.context) is None, "in Edit Mode the pose is not shown"
        person.data.edit_bones.remove(person.data.edit_bones["left_wrist"])
        bpy.ops.object.mode_set(mode="OBJECT")
    assert seen_person(bpy.context) is None


@pytest.mark.parametrize("module, toggle", [(ghosts, "ghosts"), (uncertainty_overlay, "bones")])
def test_what_is_drawn_goes_with_the_take_and_can_be_switched_off(person, view, drawn, module, toggle):
    person.parent.location, person.parent.scale = (1.0, 2.0, 3.0), (0.5, 0.5, 0.5)
    bpy.context.view_layer.update()
    setattr(bpy.context.scene.mambocap_uncertainty, toggle, True)
    module._draw()
    ((lines, matrix),) = drawn
    assert len(lines.places) and matrix == person.matrix_world
    setattr(bpy.context.scene.mambocap_uncertainty, toggle, False)
    module._draw()
    assert len(drawn) == 1
