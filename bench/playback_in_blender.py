"""How quickly Blender plays the sample take, with the whole body, the light one and none, with and without footage.

    python bench/playback_in_blender.py                           # Blender's Python: milliseconds a frame, not drawn
    blender --python bench/playback_in_blender.py -- FILE.json    # a window: frames a second that are drawn

The window looks through the take's camera and plays as fast as it can; ways take turns, and medians are told.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import bpy

ROOT = Path(__file__).resolve().parent.parent
SECONDS, ROUNDS = 4.0, 3
BODIES = ("none", "full", "light")


def main() -> None:
    sys.modules.setdefault("mambocap", _extension())
    if bpy.app.background:
        print(json.dumps({"evaluated_ms": evaluated_ms()}), flush=True)
        os._exit(0)   # some bpy wheels hang while the interpreter shuts down
    bpy.app.timers.register(lambda: _begin(Path(sys.argv[sys.argv.index("--") + 1])), first_interval=3.0)


def evaluated_ms() -> dict[str, float]:
    """Milliseconds a frame to work out skeleton and body, by body; nothing is drawn."""
    scene = _scene_of_sample()
    taken: dict[str, list[float]] = {body: [] for body in BODIES}
    for _ in range(ROUNDS):
        for body in BODIES:
            _show(body)
            for frame in range(scene.frame_start, scene.frame_end):
                began_s = time.perf_counter()
                scene.frame_set(frame)
                taken[body].append(1000.0 * (time.perf_counter() - began_s))
    return {body: statistics.median(values) for body, values in taken.items()}


def _begin(path: Path) -> None:
    scene = _scene_of_sample()
    scene.sync_mode, scene.render.fps, scene.render.fps_base = "NONE", 240, 1.0   # as fast as it can
    window = bpy.context.window_manager.windows[0]
    view = next(area for area in window.screen.areas if area.type == "VIEW_3D").spaces.active
    view.region_3d.view_perspective = "CAMERA"
    steps = _steps(path, window)
    bpy.app.timers.register(lambda: next(steps, None))


def _steps(path: Path, window: bpy.types.Window) -> Iterator[float]:
    """Yields the seconds to wait; frames are counted while it waits."""
    shown: dict[str, list[float]] = {}
    count = [0]

    def frame_shown(*_: object) -> None:
        count[0] += 1

    bpy.app.handlers.frame_change_post.append(frame_shown)
    for _ in range(ROUNDS):
        for footage, body in ((footage, body) for footage in (False, True) for body in BODIES):
            _show(body, footage)
            with bpy.context.temp_override(window=window, screen=window.screen):
                bpy.ops.screen.animation_play()
            yield 1.0   # in which Blender compiles and reads ahead
            count[0], began_s = 0, time.perf_counter()
            yield SECONDS
            way = f"{body}{', footage' if footage else ''}"
            shown.setdefault(way, []).append(count[0] / (time.perf_counter() - began_s))
            with bpy.context.temp_override(window=window, screen=window.screen):
                bpy.ops.screen.animation_cancel(restore_frame=False)
            yield 0.5
    rates = {way: statistics.median(values) for way, values in shown.items()}
    path.write_text(json.dumps({"frames_per_second": rates, "blender": bpy.app.version_string}, indent=1), "utf-8")


def _scene_of_sample() -> bpy.types.Scene:
    from mambocap.addon.take_scene import build_take
    from mambocap.motion.body import read_open_body

    if bpy.app.background:
        bpy.ops.wm.read_homefile(use_empty=True)
    build_take(bpy.context.scene, ROOT / "assets/sample/take", "Sample", read_open_body())
    return bpy.context.scene


def _show(body: str, footage: bool = True) -> None:
    from mambocap.addon.light_body import BODY, show_full, show_light

    for thing in bpy.data.objects:
        if thing.type == "CAMERA" and thing.data.background_images:
            thing.data.show_background_images = footage
        if BODY in thing:
            thing.hide_viewport = body == "none"
            (show_light if body == "light" else show_full)(thing)


def _extension() -> object:
    spec = importlib.util.spec_from_file_location(
        "mambocap", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    return importlib.util.module_from_spec(spec)


if __name__ == "__main__":
    main()
