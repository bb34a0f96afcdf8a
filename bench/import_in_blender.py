"""Seconds to key 10,000 frames of 55 bones; run by Blender's Python: `python bench/import_in_blender.py`."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FRAMES = 10_000


def main() -> dict[str, float]:
    """Builds the armature first: the measure is the keying of its action."""
    door, inside = ROOT / "__init__.py", [str(ROOT)]
    spec = importlib.util.spec_from_file_location("mambocap", door, submodule_search_locations=inside)
    sys.modules["mambocap"] = importlib.util.module_from_spec(spec)
    from mambocap.addon.action import key_motion
    from mambocap.addon.armature import build_armature
    from mambocap.motion.body import read_open_body
    from mambocap.motion.motion import Motion
    from mambocap.motion.rotations import matrix_from_axis_angle

    rng = np.random.default_rng(1)
    skeleton = read_open_body().shaped(np.zeros(0)).skeleton
    turns = np.cumsum(rng.normal(size=(FRAMES, 55, 3)) * 0.01, axis=0)
    motion = Motion(skeleton, Fraction(30), matrix_from_axis_angle(turns), rng.normal(size=(FRAMES, 3)))
    armature = build_armature("Person", skeleton, np.zeros(3))
    import bpy

    bpy.context.scene.collection.objects.link(armature)
    began_s, cpu_began_s = time.perf_counter(), time.process_time()
    key_motion(armature, motion, 1.0 + np.arange(FRAMES), "Capture")
    return {"import_10000_frames_s": time.perf_counter() - began_s,
            "import_10000_frames_cpu_s": time.process_time() - cpu_began_s}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main()), flush=True)
    os._exit(0)   # some bpy wheels hang while the interpreter shuts down
