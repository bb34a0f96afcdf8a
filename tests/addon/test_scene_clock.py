from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.scene_clock import SceneClock, clock_of, is_empty, set_rate  # noqa: E402

from tests.addon.made_up_takes import empty_scene  # noqa: E402

RATES = [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(30), Fraction(5), Fraction(240), Fraction(2987, 100)]


@pytest.mark.parametrize("rate", RATES)
def test_a_scene_plays_exactly_the_rate_that_it_was_given(rate):
    scene = empty_scene()
    set_rate(scene, rate)
    assert abs(scene.render.fps / scene.render.fps_base / float(rate) - 1) < 1e-7
    assert abs(clock_of(scene).rate / rate - 1) < 1e-6


def test_an_hour_at_29_97_is_an_hour_of_the_scene():
    scene = empty_scene()
    set_rate(scene, Fraction(30000, 1001))
    frame = SceneClock(Fraction(30000, 1001), 1).frames(np.array([3600.0]))[0]
    assert abs((frame - 1) * scene.render.fps_base / scene.render.fps - 3600.0) < 0.001


def test_seconds_and_frames_undo_each_other():
    clock, times_s = SceneClock(Fraction(24000, 1001), 101), np.linspace(0, 50, 7)
    assert clock.frames(times_s[:1])[0] == 101
    assert np.allclose(clock.seconds(clock.frames(times_s)), times_s)


def test_a_new_file_counts_as_empty():
    bpy.ops.wm.read_factory_settings()
    assert is_empty(bpy.context.scene)
    assert is_empty(empty_scene())


def put_something_in(scene):
    scene.collection.objects.link(bpy.data.objects.new("Prop", None))


def animate_the_cube(scene):
    bpy.data.objects["Cube"].keyframe_insert("location")


def move_the_cube(scene):
    bpy.data.objects["Cube"].location.x = 1


def set_a_marker(scene):
    scene.timeline_markers.new("Hit", frame=10)


def animate_the_scene(scene):
    scene.keyframe_insert("gravity")


@pytest.mark.parametrize("change", [put_something_in, animate_the_cube, move_the_cube, set_a_marker, animate_the_scene])
def test_a_scene_that_somebody_worked_in_is_not_empty(change):
    bpy.ops.wm.read_factory_settings()
    change(bpy.context.scene)
    assert not is_empty(bpy.context.scene)
