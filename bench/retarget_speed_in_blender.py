"""Seconds to retarget 1,000 frames to a deform skeleton and a control rig; run by Blender's Python:

    python bench/retarget_speed_in_blender.py
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))   # run as a file, Python would look in bench/ only

from bench.retarget_in_blender import in_empty_file, retarget_s, timed_source  # noqa: E402

CHARACTERS = {"retarget_deform_s": "mixamo", "retarget_control_rig_s": "rigify"}
ROUNDS = 2


def main() -> dict[str, float]:
    """The least of some runs on each character, keys and solved feet included, and the processor's seconds of one."""
    source, figures = timed_source(), {}
    for key, name in CHARACTERS.items():
        character = in_empty_file(name)
        cpu_began_s = time.process_time()
        figures[key] = min(retarget_s(character, source) for _ in range(ROUNDS))
        figures[key.removesuffix("_s") + "_cpu_s"] = (time.process_time() - cpu_began_s) / ROUNDS
    return figures


if __name__ == "__main__":
    print(json.dumps(main()), flush=True)
    os._exit(0)   # some bpy wheels hang while the interpreter shuts down
