"""MediaPipe's landmarks: 33 of the body, 21 of a hand, and how they are joined in a drawing."""

from __future__ import annotations

LANDMARK_NAMES: tuple[str, ...] = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
    "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
    "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_heel", "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip

LANDMARK_COUNT = len(LANDMARK_NAMES)
LANDMARK: dict[str, int] = {name: index for index, name in enumerate(LANDMARK_NAMES)}

LIMB_LANDMARKS: tuple[int, ...] = (11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)  # shoulders to ankles, in pairs

LANDMARK_LINES: tuple[tuple[int, int], ...] = (
    (11, 12), (11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (23, 24), (23, 25), (25, 27), (24, 26),
    (26, 28), (27, 29), (29, 31), (27, 31), (28, 30), (30, 32), (28, 32), (15, 19), (15, 17), (16, 20), (16, 18),
    (0, 7), (0, 8),
)  # fmt: skip

HAND_LANDMARK_COUNT = 21  # wrist, then thumb, index, middle, ring, little finger, four each from the palm outwards
