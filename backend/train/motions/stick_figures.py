"""A clip as a strip of stick figures: from the side above, from the front below, still points marked."""

from __future__ import annotations

import cv2
import numpy as np

from backend.train.motions.still import posed, still_points
from backend.train.motions.training_clip import TrainingClip
from motion.arrays import Array, Mask
from motion.contacts.believe import STILL_POINTS
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_NAMES, PARENTS

POSES = 10
PX_PER_M = 52.0
ROW_PX, COLUMN_PX = 132, 104
FLOOR_PX = 12      # above the lower edge of a row
_LEFT, _RIGHT, _MIDDLE = (60, 60, 220), (220, 110, 30), (90, 90, 90)   # BGR
_STILL, _MOVING, _FLOOR, _PAPER = (40, 160, 40), (190, 190, 190), (200, 200, 200), (255, 255, 255)
_HEAD_M = 0.1      # its radius, and its middle over the joint
_FINE = 4          # bits behind the point of coordinates that cv2 draws at


def strip(clip: TrainingClip, poses: int = POSES) -> np.ndarray:
    """A picture [2 rows, poses columns, 3] of evenly spread frames, each in the middle of its column.

    Above the person looks to the right, as at the clip's beginning; below towards the viewer.
    """
    frames = np.unique(np.linspace(0, len(clip.root_world) - 1, poses).round().astype(int))
    return strip_of(clip, frames, poses)


def strip_of(clip: TrainingClip, frames: np.ndarray, columns: int) -> np.ndarray:
    """A picture of chosen frames."""
    R = clip.R_parent_from_joint[frames].astype(np.float64)
    root_world = clip.root_world[frames].astype(np.float64)
    joints_world = posed(R, root_world, clip.rest_joints)[1][:, :BODY_JOINT_COUNT]
    points_world = still_points(R, root_world, clip.rest_joints)
    ahead = _ahead(R[0, 0])
    across = np.array([-ahead[1], ahead[0]])   # the person's left
    picture = np.full((2 * ROW_PX, columns * COLUMN_PX, 3), _PAPER, np.uint8)
    for row, right in enumerate((ahead, across)):
        cv2.line(picture, (0, (row + 1) * ROW_PX - FLOOR_PX), (picture.shape[1], (row + 1) * ROW_PX - FLOOR_PX), _FLOOR)
        for column in range(len(frames)):
            def seen(places: Array, row: int = row, column: int = column, right: Array = right) -> Array:
                return _on_paper(places - root_world[column] * [1.0, 1.0, 0.0], right, row, column)

            _draw(picture, seen(joints_world[column]), seen(points_world[column]), clip.still[frames[column]])
    return picture


def _ahead(R_world_from_pelvis: Array) -> Array:
    """The horizontal direction [2] in which the pelvis looks; of one who lies, that to the feet."""
    ahead = R_world_from_pelvis[:2, 2]
    if np.linalg.norm(ahead) < 0.3:
        ahead = -R_world_from_pelvis[:2, 1]
    return ahead / max(np.linalg.norm(ahead), 1e-6)


def _on_paper(places: Array, right: Array, row: int, column: int) -> Array:
    """Pixels [N, 2] of places [N, 3] m about the middle of a column."""
    x = (column + 0.5) * COLUMN_PX + PX_PER_M * places[:, :2] @ right
    y = (row + 1) * ROW_PX - FLOOR_PX - PX_PER_M * places[:, 2]
    return np.stack([x, y], axis=-1)


def _draw(picture: np.ndarray, joints_px: Array, points_px: Array, still: Mask) -> None:
    for joint in range(1, BODY_JOINT_COUNT):
        start, end = _fine(joints_px[PARENTS[joint]]), _fine(joints_px[joint])
        cv2.line(picture, start, end, _colour(joint), 1, cv2.LINE_AA, _FINE)
    head_px = joints_px[JOINT["head"]] + [0.0, -_HEAD_M * PX_PER_M]
    cv2.circle(picture, _fine(head_px), int(_HEAD_M * PX_PER_M * 2**_FINE), _MIDDLE, 1, cv2.LINE_AA, _FINE)
    for point in range(len(STILL_POINTS)):
        colour, size = (_STILL, 2.5) if still[point] else (_MOVING, 1.5)
        cv2.circle(picture, _fine(points_px[point]), int(size * 2**_FINE), colour, -1, cv2.LINE_AA, _FINE)


def _colour(joint: int) -> tuple[int, int, int]:
    return {"left": _LEFT, "right": _RIGHT}.get(JOINT_NAMES[joint].partition("_")[0], _MIDDLE)


def _fine(point_px: Array) -> tuple[int, int]:
    x, y = np.clip(point_px, -4000.0, 8000.0) * 2**_FINE
    return int(x), int(y)
