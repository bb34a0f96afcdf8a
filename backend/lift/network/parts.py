"""The parts of the body whose tokens mix inside a frame: which landmarks tell of each, and how they hang together."""

from __future__ import annotations

from motion.landmarks import LANDMARK

_SIDES = ("left", "right")
_OF_SIDE = {"shoulder": ("shoulder",), "elbow": ("elbow",), "wrist": ("wrist", "index", "pinky", "thumb"),
            "hip": ("hip",), "knee": ("knee",), "ankle": ("ankle", "heel", "foot_index")}  # fmt: skip
_ABOVE = {"shoulder": "trunk", "elbow": "shoulder", "wrist": "elbow", "hip": "trunk", "knee": "hip", "ankle": "knee"}

# The eyes add nothing to nose, ears and mouth.
_TRUNK = ("left_hip", "right_hip", "left_shoulder", "right_shoulder")
_HEAD = ("nose", "left_ear", "right_ear", "mouth_left", "mouth_right")
_NAMES = ("trunk", "head", *(f"{side}_{part}" for side in _SIDES for part in _OF_SIDE))

PARTS: tuple[str, ...] = _NAMES
LANDMARKS_OF_PART: tuple[tuple[int, ...], ...] = (
    tuple(LANDMARK[name] for name in _TRUNK), tuple(LANDMARK[name] for name in _HEAD),
    *(tuple(LANDMARK[f"{side}_{name}"] for name in names) for side in _SIDES for names in _OF_SIDE.values()),
)  # fmt: skip
MOST_LANDMARKS = max(len(landmarks) for landmarks in LANDMARKS_OF_PART)
# Where a part begins and its bone from the part above ends, as the mean of landmarks.
MIDDLE_OF_PART: tuple[tuple[int, ...], ...] = (
    LANDMARKS_OF_PART[0], (LANDMARK["left_ear"], LANDMARK["right_ear"]),
    *(landmarks[:1] for landmarks in LANDMARKS_OF_PART[2:]),
)  # fmt: skip
PART_ABOVE: tuple[int, ...] = (
    -1, 0, *(PARTS.index(above if above == "trunk" else f"{side}_{above}")
             for side in _SIDES for above in _ABOVE.values()),
)  # fmt: skip

# "Whole" goes through the body from top to bottom, left beside right; "limbs" follows one limb after the other.
WHOLE_ORDER: tuple[int, ...] = tuple(PARTS.index(name) for name in (
    "head", "left_wrist", "right_wrist", "left_elbow", "right_elbow", "left_shoulder", "right_shoulder", "trunk",
    "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"))  # fmt: skip
LIMB_ORDER: tuple[int, ...] = tuple(range(len(PARTS)))
