"""A film of people with known places, and a person detector and a landmark network that look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from backend.detect.crop import Crop, Rgb, body_crop
from backend.detect.person_search import Candidate
from backend.detect.pose import Pose
from backend.detect.pose_network import Answer
from tests.backend.detect.made_up_poses import standing
from tests.backend.video.made_footage import number_in, numbered_picture

SIZE_PX = (1200, 600)       # width, height


def picture(index: int) -> Rgb:
    """A picture that carries its number."""
    return numbered_picture(index, *SIZE_PX)


def crop_about(pose: Pose) -> Crop:
    hips_px = pose.landmarks_px[[23, 24]].mean(axis=0)
    return body_crop(hips_px, hips_px - [0, 0.5 * np.ptp(pose.landmarks_px[:, 1])])


@dataclass(eq=False)
class Scene:
    """Who is where: people[picture][n], None where they cannot be seen.

    The person detector sees everybody, those below `small_px` only when it looks everywhere, and those in `unfindable`
    (picture, n) never. The network sees whoever is nearest to a crop's middle, within a quarter of its side; mirrored
    it sees them `mirror_error_px` to the right.
    """

    people: list[list[Pose | None]]
    small_px: float = 0.0
    unfindable: set[tuple[int, int]] = field(default_factory=set)
    mirror_error_px: float = 0.0
    searched: list[bool] = field(default_factory=list)
    looked: list[tuple[int, Crop, bool]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def search(self) -> _Search:
        return _Search(self)

    def look(self, pieces: Sequence[tuple[Rgb, Crop]], mirrored: bool = False, masks: bool = False) -> list[Answer]:
        if pieces:
            self.batches.append(len(pieces))
        return [self._answer(number_in(rgb), crop, mirrored) for rgb, crop in pieces]

    def _answer(self, index: int, crop: Crop, mirrored: bool) -> Answer:
        self.looked.append((index, crop, mirrored))
        there = [pose for pose in self.people[index] if pose]
        near = [pose for pose in there if _distance_px(pose, crop) < crop.side_px / 4]
        if not near:
            return Answer(standing(crop.middle_px, score=0.0), 0.0, crop, crop, None)
        pose = min(near, key=lambda pose: _distance_px(pose, crop))
        shift_px = np.array([self.mirror_error_px if mirrored else 0.0, 0.0])
        seen = Pose(pose.landmarks_px + shift_px, pose.scores, pose.landmarks_camera)
        return Answer(seen, 0.9, crop, crop_about(pose), None)


class _Search:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def look(self, rgb: Rgb, everywhere: bool = False) -> list[Candidate]:
        scene, index = self._scene, number_in(rgb)
        scene.searched.append(everywhere)
        return [Candidate(crop_about(pose), pose.box_px, 0.9) for n, pose in enumerate(scene.people[index])
                if pose and (index, n) not in scene.unfindable
                and (everywhere or np.ptp(pose.landmarks_px[:, 1]) >= scene.small_px)]  # fmt: skip


def _distance_px(pose: Pose, crop: Crop) -> float:
    return float(np.linalg.norm(pose.landmarks_px[[23, 24]].mean(axis=0) - crop.middle_px))
