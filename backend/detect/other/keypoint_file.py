"""Keypoints that another detector wrote for this clip, placed in its upright pictures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from backend.detect.other.keypoint_formats import PictureOfFile
from backend.detect.other.keypoint_series import pictures_in, unusable
from backend.detect.other.keypoint_sets import KNOWN_SETS, KeypointSet, set_of
from backend.detect.other.other_pose import OtherPose
from backend.video.clip import Clip
from backend.video.pictures import Picture
from backend.video.sequence import picture_number
from motion.arrays import Array
from motion.landmarks import LANDMARK, LANDMARK_NAMES

FEWEST_LANDMARKS = 3                # fewer say nothing of a body
NORMALIZED = 1.5                    # farthest place in a file that counts in pictures and not in pixels
ASPECT_SLACK = 0.02                 # sizes of scaled pictures are rounded
_SIDES = {"left": "right", "right": "left"}
_OTHER_SIDE = [LANDMARK["_".join(_SIDES.get(word, word) for word in name.split("_"))] for name in LANDMARK_NAMES]


@dataclass(frozen=True, eq=False)
class KeypointFile:
    """The people of every picture of a clip, as another detector saw them."""

    name: str                                  # which keypoints of which file, for the record
    poses: Mapping[int, tuple[OtherPose, ...]]   # by the index of the picture in clip.times_s

    def people(self, picture: int) -> list[OtherPose]:
        """Everybody in the picture with this index in clip.times_s."""
        return list(self.poses.get(picture, ()))

    def people_in(self, picture: Picture) -> list[OtherPose]:
        return self.people(picture.index)

    @cached_property
    def digest(self) -> str:
        """Of all that is believed of the file, to find detections again."""
        digest = hashlib.sha256(self.name.encode())
        for index, people in sorted(self.poses.items()):
            for pose in people:
                digest.update(np.concatenate([[index, pose.number], pose.landmarks_px.ravel(), pose.scores]).tobytes())
        return digest.hexdigest()


def read_keypoints(path: Path, clip: Clip) -> KeypointFile:
    """The keypoints in a file, or in a folder of one file a picture, for the pictures of `clip`.

    The pictures may be counted from 0 or from 1; those of an image sequence go by the numbers in their names. The other
    detector is taken to have seen the footage as players show it: turned as the file says, but without the user's own
    `turn_deg` and `mirrored`, which are applied here (a mirrored person's left is the right). Sizes that a COCO file
    gives for its images are scaled to the clip's. Raises Refusal "no-file", "unreadable", "bad-keypoints".
    """
    pictures = pictures_in(path)
    keypoint_set = _keypoint_set(path, pictures)
    indices = _indices(path, [picture.number for picture in pictures], clip)
    found = [_landmarks(picture, keypoint_set, _scale(path, picture, clip)) for picture in pictures]
    _refuse_other_size(path, [person for people in found for person in people], clip)
    poses = {index: _poses(people, [_upright(person, clip) for person in landmarks])
             for index, people, landmarks in zip(indices, _numbered(pictures), found) if index is not None}  # fmt: skip
    return KeypointFile(f"{keypoint_set.name if keypoint_set else 'nobody'} in {path.name}", poses)


def _keypoint_set(path: Path, pictures: list[PictureOfFile]) -> KeypointSet | None:
    bodies = [person.body for picture in pictures for person in picture.people]
    counts = sorted({len(body) for body in bodies})
    if len(counts) > 1:
        raise unusable(path, f"it has people of {counts[0]} and people of {counts[-1]} keypoints")
    keypoint_set = set_of(bodies)
    if bodies and keypoint_set is None:
        raise unusable(path, f"its people have {counts[0]} keypoints, and known are {KNOWN_SETS}")
    return keypoint_set


def _indices(path: Path, numbers: list[int], clip: Clip) -> list[int | None]:
    """The clip's picture for each number of the file, None outside of the clip."""
    if clip.pictures:
        known = {picture_number(picture): index for index, picture in enumerate(clip.pictures)}
    else:
        first = clip.first_picture + (min(numbers, default=0) == 1)
        known = {first + index: index for index in range(clip.picture_count)}
    indices = [known.get(number) for number in numbers]
    if all(index is None for index in indices):
        raise unusable(path, _nothing_of_clip(numbers, clip, sorted(n for n in known if n is not None)))
    return indices


def _nothing_of_clip(numbers: list[int], clip: Clip, known: list[int]) -> str:
    if not numbers:
        return "it tells of no picture"
    wanted = f", and those of {clip.path.name} are {known[0]} to {known[-1]}" if known else ""
    return f"its pictures are {min(numbers)} to {max(numbers)}{wanted}"


def _shown_size(clip: Clip) -> tuple[int, int]:
    """Width and height, px, of the clip's pictures before the user's own turn."""
    size_px = (clip.width_px, clip.height_px)
    return size_px[::-1] if clip.settings.turn_deg % 180 else size_px


def _scale(path: Path, picture: PictureOfFile, clip: Clip) -> Array:
    """[3] for x, y and score, from px of the file's image to px of the picture as shown."""
    if picture.size_px is None:
        return np.ones(3)
    width_px, height_px = _shown_size(clip)
    across, down = width_px / picture.size_px[0], height_px / picture.size_px[1]
    if abs(across / down - 1) > ASPECT_SLACK:
        raise unusable(path, f"its picture {picture.number} has {picture.size_px[0]:.0f} x {picture.size_px[1]:.0f} px,"
                             f" and those of {clip.path.name} have {width_px} x {height_px} px")  # fmt: skip
    return np.array([across, down, 1.0])


def _landmarks(picture: PictureOfFile, keypoint_set: KeypointSet | None, scale: Array) -> list[Array]:
    """[33, 3] x, y, score of each person in the picture as shown; all NaN where not seen."""
    assert keypoint_set is not None or not picture.people
    people = []
    for person in picture.people:
        landmarks = keypoint_set.landmarks(person.body)
        for name, point in person.more.items():
            landmarks[LANDMARK[name]] = point
        is_seen = np.isfinite(landmarks).all(axis=1) & (landmarks[:, 2] > 0)
        people.append(np.where(is_seen[:, None], landmarks * scale, np.nan))
    return people


def _refuse_other_size(path: Path, people: list[Array], clip: Clip) -> None:
    places_px = np.concatenate([np.zeros((0, 2)), *(person[:, :2] for person in people)])
    places_px = places_px[np.isfinite(places_px[:, 0])]
    if not len(places_px):
        return
    if np.abs(places_px).max() < NORMALIZED:
        raise unusable(path, "its keypoints lie between -1 and 1, so they are not in pixels")
    size_px = _shown_size(clip)
    if np.mean(np.all((places_px >= 0) & (places_px <= size_px), axis=1)) < 0.5:
        right_px, bottom_px = np.percentile(places_px, 95, axis=0)
        raise unusable(path, f"its keypoints reach to ({right_px:.0f}, {bottom_px:.0f}) px, and the pictures of"
                             f" {clip.path.name} have {size_px[0]} x {size_px[1]} px")  # fmt: skip


def _numbered(pictures: list[PictureOfFile]) -> list[list[int]]:
    """Everybody's number; -1 for all where two in one picture have the same, as AlphaPose writes without tracking."""
    numbers = [[person.number for person in picture.people] for picture in pictures]
    is_told_apart = all(count == 1 for each in numbers for number, count in Counter(each).items() if number >= 0)
    return numbers if is_told_apart else [[-1] * len(each) for each in numbers]


def _poses(numbers: list[int], people: list[Array]) -> tuple[OtherPose, ...]:
    return tuple(OtherPose(landmarks[:, :2], np.clip(np.nan_to_num(landmarks[:, 2]), 0.0, 1.0), number)
                 for number, landmarks in zip(numbers, people)
                 if np.isfinite(landmarks[:, 0]).sum() >= FEWEST_LANDMARKS)  # fmt: skip


def _upright(landmarks: Array, clip: Clip) -> Array:
    """[33, 3] from the picture as shown to the clip's; whole numbers of px are the middles of pixels."""
    x, y, score = landmarks.T
    right_px, bottom_px = (side - 1 for side in _shown_size(clip))
    turned = {0: (x, y), 90: (bottom_px - y, x), 180: (right_px - x, bottom_px - y), 270: (y, right_px - x)}
    x, y = turned[clip.settings.turn_deg]
    if not clip.settings.mirrored:
        return np.column_stack([x, y, score])
    return np.column_stack([clip.width_px - 1 - x, y, score])[_OTHER_SIDE]
