"""A BVH file of somebody who sways on the spot."""

from __future__ import annotations

import numpy as np

# Name, parent, place at rest in cm, Y up, facing +Z, the left at +X.
_JOINTS = (
    ("Hips", "", (0, 95, 0)), ("Spine", "Hips", (0, 110, 0)), ("Spine1", "Spine", (0, 125, 0)),
    ("Neck", "Spine1", (0, 148, 0)), ("Head", "Neck", (0, 158, 0)),
    *((f"{side}{name}", parent.format(side), (sign * x, y, z))
      for side, sign in (("Left", 1), ("Right", -1))
      for name, parent, (x, y, z) in (
          ("Shoulder", "Spine1", (5, 142, 0)), ("Arm", "{}Shoulder", (18, 142, 0)), ("ForeArm", "{}Arm", (45, 142, 0)),
          ("Hand", "{}ForeArm", (70, 142, 0)), ("UpLeg", "Hips", (10, 90, 0)), ("Leg", "{}UpLeg", (10, 50, 0)),
          ("Foot", "{}Leg", (10, 8, 0)), ("ToeBase", "{}Foot", (10, 2, 13)))),
)  # fmt: skip


def swaying_bvh(frames: int = 90, rate_hz: float = 30.0, seed: int = 3, flipped: int | None = None) -> str:
    """A person who moves spine and arms; at frame `flipped` the hips look backwards."""
    phase = np.random.default_rng(seed).uniform(0, 6, 3)
    lines = ["HIERARCHY", *_tree("Hips", 0), "MOTION", f"Frames: {frames}", f"Frame Time: {1 / rate_hz:.6f}"]
    order = list(_order("Hips"))
    for frame in range(frames):
        t = frame / rate_hz
        turns = {"Hips": (0.0, 0.0, 180.0 if frame == flipped else 0.0), "Spine": (5 * np.sin(2 * t + phase[0]), 0, 0),
                 "LeftArm": (-60 + 20 * np.sin(3 * t + phase[1]), 0, 0), "RightArm": (60, 10 * np.sin(t + phase[2]), 0)}
        numbers = [0.0, 95.0, 0.0, *(number for name in order for number in turns.get(name, (0.0, 0.0, 0.0)))]
        lines.append(" ".join(f"{number:.4f}" for number in numbers))
    return "\n".join(lines) + "\n"


def _children(parent: str) -> list[str]:
    return [name for name, above, _ in _JOINTS if above == parent]


def _order(name: str):
    yield name
    for child in _children(name):
        yield from _order(child)


def _tree(name: str, depth: int) -> list[str]:
    places = {joint: np.array(place, float) for joint, _, place in _JOINTS}
    above = next(parent for joint, parent, _ in _JOINTS if joint == name)
    offset = places[name] - (places[above] if above else places[name])
    channels = "6 Xposition Yposition Zposition" if not above else "3"
    inside = [f"OFFSET {offset[0]} {offset[1]} {offset[2]}", f"CHANNELS {channels} Zrotation Xrotation Yrotation"]
    for child in _children(name):
        inside += _tree(child, depth + 1)
    if not _children(name):
        inside += ["End Site", "{", "OFFSET 0 0 5", "}"]
    return [f"{'ROOT' if not above else 'JOINT'} {name}", "{", *inside, "}"]
