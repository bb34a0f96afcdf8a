"""Everybody in a film, picture by picture: one follower per person, and a regular look for newcomers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from backend.detect.pose import Pose, body_size_px, is_same_body
from backend.detect.pose_engine import PeopleSearch, PoseFollower, Rgb

COVER_GROWTH = 0.04     # of a body's size, by which the cover over a known person reaches beyond the landmarks


class Crowd:
    """People being followed, each in a numbered place that falls free when the person is lost.

    Where nobody is, every picture is searched; else one in `search_every`, and more when somebody was just lost.
    """

    def __init__(self, make_follower: Callable[[], PoseFollower], search: PeopleSearch, most_people: int,
                 search_every: int) -> None:  # fmt: skip
        self._make_follower = make_follower
        self._search = search
        self._search_every = search_every
        self._pause = 1                 # pictures from one search to the next
        self._pictures_since_search = 1
        self._followers: list[PoseFollower | None] = [None] * most_people
        self._people: dict[int, Pose] = {}      # by place, those known longest first
        self._threads = ThreadPoolExecutor(max_workers=most_people)

    def look(self, rgb: Rgb) -> dict[int, Pose]:
        """The people in the next picture by place, those known longest first."""
        before = len(self._people)
        self._follow(rgb)
        self._drop_doubles()
        self._search_when_due(rgb, someone_was_lost=len(self._people) < before)
        return dict(self._people)

    def close(self) -> None:
        self._threads.shutdown()
        for looker in [*filter(None, self._followers), self._search]:
            looker.close()

    def _follow(self, rgb: Rgb) -> None:
        poses = self._threads.map(lambda place: self._follower(place).look(rgb), self._people)
        self._people = {place: pose for place, pose in zip(self._people, poses, strict=True) if pose}

    def _drop_doubles(self) -> None:
        """Of two followers that ended up on one body, the one that came later lets go."""
        kept: dict[int, Pose] = {}
        for place, pose in self._people.items():
            if _is_known(pose, kept.values()):
                self._follower(place).forget()
            else:
                kept[place] = pose
        self._people = kept

    def _search_when_due(self, rgb: Rgb, someone_was_lost: bool) -> None:
        """Search now; the pause to the next search grows from one picture after a loss to `search_every`."""
        self._pictures_since_search += 1
        if someone_was_lost or not self._people:
            self._pause = 1
        if self._pictures_since_search >= self._pause and len(self._people) < len(self._followers):
            self._pictures_since_search = 0
            self._find_newcomers(rgb)
            self._pause = min(2 * self._pause, self._search_every)

    def _find_newcomers(self, rgb: Rgb) -> None:
        found = self._search.look(covered(rgb, self._people.values()))
        free = [place for place in range(len(self._followers)) if place not in self._people]
        for place, newcomer in zip(free, found, strict=False):
            others = [pose for pose in found if pose is not newcomer] + list(self._people.values())
            pose = self._follower(place).look(covered(rgb, others))
            if pose and not _is_known(pose, self._people.values()):
                self._people[place] = pose
            else:
                self._follower(place).forget()

    def _follower(self, place: int) -> PoseFollower:
        if (follower := self._followers[place]) is None:
            follower = self._followers[place] = self._make_follower()
        return follower


def _is_known(pose: Pose, people: Iterable[Pose]) -> bool:
    return any(is_same_body(pose, other) for other in people)


def covered(rgb: Rgb, people: Collection[Pose]) -> Rgb:
    """A picture in which `people` are painted over, so that the detector sees the others."""
    if not people:
        return rgb
    picture = rgb.copy()
    colour = [int(c) for c in rgb[::16, ::16].reshape(-1, 3).mean(axis=0)]
    for pose in people:
        outline = cv2.convexHull(np.rint(pose.landmarks_px).astype(np.int32))
        growth_px = max(int(COVER_GROWTH * body_size_px(pose.landmarks_px)), 1)
        cv2.fillConvexPoly(picture, outline, colour)
        cv2.polylines(picture, [outline], True, colour, 2 * growth_px)
    return picture
