"""The light form of a body, and when playback shows it."""

import itertools

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.armature import build_armature  # noqa: E402
from mambocap.addon.body_mesh import build_body, rest_origin_of  # noqa: E402
from mambocap.addon.light_body import show_full, show_light  # noqa: E402
from mambocap.addon.playback import PlaybackMeter, enough_fps  # noqa: E402
from mambocap.motion.body import read_open_body  # noqa: E402


@pytest.fixture
def skin():
    """A body on an armature whose left arm hangs down."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    body = read_open_body().shaped(np.zeros(0))
    origin = rest_origin_of(body)
    armature = build_armature("Ada", body.skeleton, origin)
    made = build_body("Ada Body", body, armature, origin)
    for thing in (armature, made):
        bpy.context.scene.collection.objects.link(thing)
    bone = armature.pose.bones["left_shoulder"]
    bone.rotation_mode = "XYZ"
    bone.rotation_euler = (0.3, 0.2, -1.2)
    return made


def _shown(skin):
    """Places of the vertices [V, 3] m as they are drawn."""
    bpy.context.view_layer.update()
    mesh = skin.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    flat = np.empty(3 * len(mesh.vertices), dtype=np.float32)
    mesh.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)


def test_the_light_body_lies_where_the_whole_one_does_in_any_pose(skin):
    whole = _shown(skin)
    assert show_light(skin)
    light = _shown(skin)
    assert len(light) < 0.25 * len(whole)
    assert np.allclose(light, whole[read_open_body().preview_vertices], atol=1e-5)


def test_showing_the_whole_body_again_brings_back_its_own_mesh(skin):
    mesh = skin.data
    show_light(skin)
    show_full(skin)
    assert skin.data == mesh and len(skin.data.vertices) == len(read_open_body().vertices)


def test_both_meshes_survive_saving_while_the_light_one_is_shown(skin, tmp_path):
    show_light(skin)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "light.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "light.blend"))
    opened = bpy.data.objects["Ada Body"]
    show_full(opened)
    assert len(opened.data.vertices) == len(read_open_body().vertices)
    assert {group.name for group in opened.vertex_groups} >= {"left_shoulder", "pelvis"}


def test_a_mesh_that_was_changed_and_one_with_shape_keys_stay_whole(skin):
    skin.shape_key_add(name="Basis")
    assert not show_light(skin)


@pytest.mark.parametrize(("fps", "measured"), [(60.0, 60.0), (12.5, 12.5), (3.0, 3.0)])
def test_the_meter_counts_what_is_shown(fps, measured):
    meter = PlaybackMeter(100.0)
    rates = [meter.frame_shown(100.0 + n / fps) for n in range(int(4 * fps))]
    assert rates[0] is None and rates[-1] == pytest.approx(measured)


def test_the_meter_follows_playback_that_becomes_slow_within_a_second():
    meter = PlaybackMeter(0.0)
    times = itertools.accumulate([1 / 60] * 180 + [1 / 10] * 11)
    assert [meter.frame_shown(now) for now in times][-1] == pytest.approx(10.0, rel=0.05)


def test_slow_scenes_are_not_asked_for_more_than_their_own_rate():
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 12, 1.0
    assert enough_fps(scene) < 12.0
    scene.render.fps = 60
    assert 22.0 < enough_fps(scene) < 24.0
