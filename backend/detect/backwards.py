"""Everybody followed back in time from where they were first found, until they cannot be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from backend.detect.followers import Followers, PoseLooker, pictures_of_rest
from backend.detect.looks import Look
from backend.detect.pose import Pose, is_same_body
from backend.detect.pose_network import Answer
from backend.video.clip import Clip, part_of
from backend.video.pictures import Picture, pictures
from motion.arrays import Indices

CHUNK_BYTES = 300 << 20     # of pictures held at once, since films cannot be decoded backwards
LONGEST_CHUNK = 96


@dataclass(frozen=True, eq=False)
class Beginning:
    """Where a tracklet began."""

    picture: int
    tracklet: int
    answer: Answer


def looks_back(clip: Clip, shot: Indices, beginnings: Sequence[Beginning], known: Callable[[int], list[Pose]],
               poses: PoseLooker) -> Iterator[Look]:  # fmt: skip
    """Looks at the pictures before each beginning, latest first, as long as its body is seen and the shot lasts.

    shot [F] of each picture; `known` gives the bodies already found in a picture: who meets one of them is that person
    and followed no further. Pictures in which nobody is followed are skipped, most of them without being decoded.
    """
    due = {begun.picture: [] for begun in beginnings}
    for begun in beginnings:
        due[begun.picture].append(begun)
    followers = Followers(poses, pictures_of_rest(float(clip.rate)))
    for first, end in _chunks(clip):
        if followers.anybody or any(first <= picture < end for picture in due):
            for picture in reversed(_held(clip, first, end)):
                yield from _look_back(picture, shot, due, known, followers)


def _look_back(picture: Picture, shot: Indices, due: dict[int, list[Beginning]], known: Callable[[int], list[Pose]],
               followers: Followers) -> Iterator[Look]:  # fmt: skip
    index = picture.index
    if index + 1 < len(shot) and shot[index] != shot[index + 1]:
        followers.end_all()
    if followers.anybody:
        people = followers.look(picture.rgb)
        yield Look(picture, int(shot[index]), people)
        others = known(index)
        for tracklet, answer in people.items():
            if any(is_same_body(answer.pose, other) for other in others):
                followers.end(tracklet)
    for begun in due.get(index, ()):
        followers.begin(begun.tracklet, begun.answer)


def _chunks(clip: Clip) -> Iterator[tuple[int, int]]:
    """First and end of ranges of pictures, the last range first."""
    length = max(8, min(LONGEST_CHUNK, CHUNK_BYTES // (3 * clip.width_px * clip.height_px)))
    for end in range(clip.picture_count, 0, -length):
        yield max(0, end - length), end


def _held(clip: Clip, first: int, end: int) -> list[Picture]:
    part = pictures(part_of(clip, first, end))
    return [Picture(picture.index + first, float(clip.times_s[picture.index + first]), picture.rgb) for picture in part]
