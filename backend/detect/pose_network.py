"""MediaPipe's landmark network on crops of bodies: what it says, refined by its heat maps, in the picture's pixels."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backend.detect.crop import Crop, Rgb, applied, body_crop, cut_out
from backend.detect.networks.network import Network, Values
from backend.detect.pose import Pose, without_outside
from motion.arrays import Array, Indices
from motion.landmarks import LANDMARK_COUNT, LANDMARK_NAMES

ALL_POINTS = 39                 # the body's 33, the two that make the next crop, four more
MIDDLE, RIM = 33, 34            # of the body's circle
LANDMARK_VALUES = 5             # x, y, z in px of the crop, logits of visibility and presence
HEAT_PX = 64                    # side of a heat map
WINDOW = 3                      # cells to each side of a landmark whose centre of mass it becomes,
LEAST_HEAT = 0.5                # where the warmest cell reaches this (MediaPipe's own two numbers)


@dataclass(frozen=True, eq=False)
class Answer:
    """What the network says of one crop."""

    pose: Pose
    presence: float         # 0..1 that there is a body
    crop: Crop              # that was looked at
    next_crop: Crop         # about the body, by the network's own points
    mask: Values | None     # [256, 256] logits of the body's pixels in the crop, where the network tells them


class PoseNetwork:
    """The landmark network and how its input and output are to be read."""

    def __init__(self, network: Network, open_with_masks: Callable[[], Network]) -> None:
        """`network` may lack the mask, which costs 7 % of its time; one with it is opened when first asked for."""
        self._network = network
        self._open_with_masks = functools.cache(open_with_masks)

    def look(self, pieces: Sequence[tuple[Rgb, Crop]], mirrored: bool = False, masks: bool = False) -> list[Answer]:
        """One answer for each piece of a picture.

        `mirrored` shows the network mirror images and undoes that in its answers; `masks` asks for the bodies' masks.
        """
        if not pieces:
            return []
        network = self._open_with_masks() if masks else self._network
        size = network.side_px
        outputs = network(np.stack([cut_out(rgb, crop, size, mirrored) for rgb, crop in pieces]))
        answers = _answers([crop for _, crop in pieces], outputs, size, mirrored)
        return [_unsure_outside(answer, rgb) for answer, (rgb, _) in zip(answers, pieces, strict=True)]


def _answers(crops: list[Crop], outputs: Sequence[Values], size: int, mirrored: bool) -> list[Answer]:
    values = {output.size // len(crops): output for output in outputs}    # each output has a length of its own
    points = values[ALL_POINTS * LANDMARK_VALUES].reshape(-1, ALL_POINTS, LANDMARK_VALUES).astype(float)
    heat = values[ALL_POINTS * HEAT_PX**2].reshape(-1, HEAT_PX, HEAT_PX, ALL_POINTS)
    points[..., :2] = refined(points[..., :2] * (HEAT_PX / size), heat) * (size / HEAT_PX)
    depths = values[ALL_POINTS * 3].reshape(-1, ALL_POINTS, 3)[:, :LANDMARK_COUNT].astype(float)
    masks = values[size * size].reshape(-1, size, size) if size * size in values else [None] * len(crops)
    if mirrored:
        points, depths = _unmirrored(points, depths, size)
        masks = [None if mask is None else mask[:, ::-1] for mask in masks]
    presences = values[1].reshape(-1)
    return [_answer(*each, size) for each in zip(crops, points, depths, presences, masks, strict=True)]


def _answer(crop: Crop, points: Array, depths: Array, presence: float, mask: Values | None, size: int) -> Answer:
    points_px = applied(crop.picture_from_crop(size), points[:, :2])
    landmarks_camera = depths.copy()
    landmarks_camera[:, :2] = depths[:, :2] @ crop.axes.T
    pose = Pose(points_px[:LANDMARK_COUNT], _sigmoid(points[:LANDMARK_COUNT, 3]), landmarks_camera)
    return Answer(pose, float(presence), crop, body_crop(points_px[MIDDLE], points_px[RIM]), mask)


def _unsure_outside(answer: Answer, rgb: Rgb) -> Answer:
    height_px, width_px = rgb.shape[:2]
    scores = without_outside(answer.pose.landmarks_px, answer.pose.scores, width_px, height_px)
    return replace(answer, pose=replace(answer.pose, scores=scores))


def refined(points: Array, heat: Values) -> Array:
    """Points [B, P, 2] moved to the centres of mass of their heat maps' windows, all in cells.

    heat [B, 64, 64, P] logits. Points outside of the map, or where it is cold, stay. The rule is MediaPipe's
    RefineLandmarksFromHeatmapCalculator.
    """
    column, row = (np.trunc(points[..., axis]).astype(np.int64) for axis in (0, 1))
    inside = (column >= 0) & (column < HEAT_PX) & (row >= 0) & (row < HEAT_PX)
    reach = np.arange(-WINDOW, WINDOW + 1)
    rows = row[..., None, None] + reach[:, None]
    columns = column[..., None, None] + reach
    there = (rows >= 0) & (rows < HEAT_PX) & (columns >= 0) & (columns < HEAT_PX) & inside[..., None, None]
    batch, point = np.ogrid[: heat.shape[0], : heat.shape[3]]
    logits = heat[batch[..., None, None], rows.clip(0, HEAT_PX - 1), columns.clip(0, HEAT_PX - 1),
                  point[..., None, None]]  # fmt: skip
    warmth = np.where(there, _sigmoid(logits.astype(float)), 0.0)
    total = warmth.sum(axis=(-2, -1))
    warm = warmth.max(axis=(-2, -1)) >= LEAST_HEAT
    centres = np.stack([(warmth * columns).sum(axis=(-2, -1)), (warmth * rows).sum(axis=(-2, -1))], axis=-1)
    return np.where(warm[..., None], centres / np.where(total > 0, total, 1.0)[..., None], points)


def mean_of(direct: Answer, mirrored: Answer) -> Answer:
    """Both answers about one body as one; how far they lie apart is a measure of doubt."""
    one, other = direct.pose, mirrored.pose
    pose = Pose(
        (one.landmarks_px + other.landmarks_px) / 2,
        (one.scores + other.scores) / 2,
        (one.landmarks_camera + other.landmarks_camera) / 2,
        np.linalg.norm(one.landmarks_px - other.landmarks_px, axis=-1),
    )
    presence = (direct.presence + mirrored.presence) / 2
    return Answer(pose, presence, direct.crop, direct.next_crop, direct.mask)


def _unmirrored(points: Array, depths: Array, size: int) -> tuple[Array, Array]:
    points, depths = points[:, _PARTNERS], depths[:, MIRRORED]
    points[..., 0] = size - points[..., 0]
    depths[..., 0] *= -1
    return points, depths


def _partners() -> Indices:
    """[39] the landmark that stands in for each one in a mirror."""
    other = {"left": "right", "right": "left"}
    order = list(range(ALL_POINTS))
    for index, name in enumerate(LANDMARK_NAMES):
        words = [other.get(word, word) for word in name.split("_")]
        order[index] = LANDMARK_NAMES.index("_".join(words))
    return np.array(order)


_PARTNERS = _partners()
MIRRORED = _PARTNERS[:LANDMARK_COUNT]     # the landmark that stands in for each one in a mirror


def _sigmoid(logits: Array) -> Array:
    return 1 / (1 + np.exp(-logits))
