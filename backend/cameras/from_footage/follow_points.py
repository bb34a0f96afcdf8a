"""Points of the background, followed through the pictures of one shot.

Every point is registered to its patch in the latest keyframe, so that errors do not add up from picture to picture;
the picture before only says where to look. A new keyframe takes up points of old ones that the camera comes back to.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from backend.cameras.from_footage.keyframes import (
    MOST_POINTS,
    Keyframe,
    fresh_corners,
    is_on,
    seen_again,
    spacing_px,
    without_border,
)
from backend.cameras.from_footage.lucas_kanade import ASTRAY_PX, Grey, registered, stepped
from backend.cameras.from_footage.people_masks import MaskPicture
from backend.cameras.from_footage.robust_turn import robust_turn
from backend.cameras.from_footage.trails import Trails
from backend.cameras.projection import rays
from motion.arrays import Array, Indices, Mask
from motion.rotations import axis_angle_from_matrix, normalised

NEAR_PX = 1.5            # of a turn: farther points do not agree
LEAST_POINTS = 12        # that must be found
MOVED = 0.10             # of the picture's width, after which a keyframe is needed
STRETCHED = 0.08         # by which the points may have come closer or gone apart
ROLLED_RAD = 0.12
LEFT_OF_POINTS = 0.6     # with fewer of the keyframe's points a new one is needed
KEYFRAME_EVERY = 3       # pictures at least
LOST_FOR = 12            # pictures, after which following begins anew
LOST_ASTRAY_PX = 80.0    # where points may be found after pictures without any


class PointFollower:
    """Follows through one shot: `look` at its pictures in order, then ask for the trails."""

    def __init__(self, K: Array, rng: np.random.Generator, most_kept: int = MOST_POINTS) -> None:
        """K [3, 3] px of the small pictures; of each picture at most so many sightings are kept."""
        self._K = K
        self._most_kept = most_kept
        self._rng = rng
        self._keyframes: list[Keyframe] = []
        self._sightings = _Sightings()
        self._lost = 0

    def look(self, picture: int, grey: Grey, outside: MaskPicture) -> None:
        """The next picture, counted in the shot, and where it shows no people."""
        outside = without_border(outside)
        if not self._keyframes:
            self._begin_keyframe(picture, grey, outside, np.eye(3))
            self._sightings.tie(picture, np.eye(3), 1.0)
        else:
            self._follow(picture, grey, outside)
        self._grey_before = grey

    def trails(self, picture_count: int) -> Trails:
        """All that was seen of the shot of that many pictures."""
        keyframes = np.array([each.picture for each in self._keyframes], int)
        return self._sightings.trails(self._K, keyframes, picture_count)

    def _follow(self, picture: int, grey: Grey, outside: MaskPicture) -> None:
        keyframe = self._keyframes[-1]
        astray_px = LOST_ASTRAY_PX if self._lost else ASTRAY_PX
        px, found = registered(keyframe.grey, grey, keyframe.px, self._expected_px(grey), astray_px)
        found &= is_on(outside, px)
        if found.sum() < LEAST_POINTS:
            self._lose(picture, grey, outside)
            return
        R, agreeing = self._turn(keyframe, px, found)
        self._lost, self._R_camera_from_keyframe = 0, R
        self._px, self._found = np.where(found[:, None], px, self._turned_px(keyframe, R)), found
        R_first_from_camera = keyframe.R_first_from_camera @ R.T
        self._sightings.tie(picture, R_first_from_camera, agreeing)
        kept = np.flatnonzero(found)[np.argsort(_mixed(keyframe.points[found]))[: self._most_kept]]
        self._sightings.add(picture, keyframe.points[kept], px[kept])
        if picture - keyframe.picture >= KEYFRAME_EVERY and self._has_gone_far(keyframe):
            self._begin_keyframe(picture, grey, outside, R_first_from_camera)

    def _expected_px(self, grey: Grey) -> Array:
        """Where the picture before leads; points that were not found in it go with the others."""
        after, ok = stepped(self._grey_before, grey, self._px, self._px)
        ok &= self._found
        step = np.median((after - self._px)[ok], axis=0) if ok.any() else np.zeros(2)
        return np.where(ok[:, None], after, self._px + step)

    def _turn(self, keyframe: Keyframe, px: Array, found: Mask) -> tuple[Array, float]:
        """R_camera_from_keyframe, and the share of the points that agree."""
        guesses = np.stack([np.eye(3), self._R_camera_from_keyframe])
        R, near = robust_turn(keyframe.rays(self._K)[found], normalised(rays(px[found], self._K)),
                              NEAR_PX / float(self._K[0, 0]), self._rng, guesses)  # fmt: skip
        return R, float(near.mean())

    def _turned_px(self, keyframe: Keyframe, R: Array) -> Array:
        turned = keyframe.rays(self._K) @ (self._K @ R).T
        return turned[:, :2] / np.maximum(turned[:, 2:], 1e-3)

    def _lose(self, picture: int, grey: Grey, outside: MaskPicture) -> None:
        """Nothing is known of this picture; after many of them the next points are tied to the last known turn."""
        self._lost += 1
        self._found = np.zeros_like(self._found)
        if self._lost >= LOST_FOR:
            self._lost = 0
            last = self._keyframes[-1].R_first_from_camera @ self._R_camera_from_keyframe.T
            self._begin_keyframe(picture, grey, outside, last)

    def _has_gone_far(self, keyframe: Keyframe) -> bool:
        before, now = keyframe.px[self._found], self._px[self._found]
        moved_px = float(np.median(np.linalg.norm(now - before, axis=-1)))
        spreads = [float(np.linalg.norm(each - np.median(each, axis=0), axis=-1).mean()) for each in (before, now)]
        rolled_rad = abs(float(axis_angle_from_matrix(self._R_camera_from_keyframe)[2]))
        return (moved_px > MOVED * 2.0 * float(self._K[0, 2]) or abs(np.log(spreads[1] / spreads[0])) > STRETCHED
                or rolled_rad > ROLLED_RAD or len(now) < LEFT_OF_POINTS * len(keyframe.px))  # fmt: skip

    def _begin_keyframe(
        self, picture: int, grey: Grey, outside: MaskPicture, R_first_from_camera: Array
    ) -> None:
        kept, kept_px = np.zeros(0, int), np.zeros((0, 2))
        if self._keyframes:
            kept, kept_px = self._keyframes[-1].points[self._found], self._px[self._found]
        new, new_px = self._new_points(grey, outside, R_first_from_camera, kept, kept_px)
        self._sightings.add(picture, new, new_px)
        self._px = np.concatenate([kept_px, new_px])
        self._found = np.ones(len(self._px), bool)
        self._R_camera_from_keyframe = np.eye(3)
        self._keyframes.append(Keyframe(picture, grey, R_first_from_camera, np.concatenate([kept, new]), self._px))

    def _new_points(
        self, grey: Grey, outside: MaskPicture, R_first_from_camera: Array, kept: Indices, kept_px: Array
    ) -> tuple[Indices, Array]:
        """Points beside those that are kept: of keyframes that hardly share any with them, then fresh ones."""
        again, again_px = seen_again(self._keyframes, grey, R_first_from_camera, kept, self._K)
        free = is_on(outside, again_px) & _apart(again_px, kept_px, 0.5 * spacing_px(grey))
        again, again_px = again[free], again_px[free]
        taken_px = np.concatenate([kept_px, again_px])
        fresh_px = fresh_corners(grey, outside, taken_px, MOST_POINTS - len(taken_px))
        fresh = self._sightings.numbers(len(fresh_px))
        return np.concatenate([again, fresh]), np.concatenate([again_px, fresh_px])


def _mixed(points: Indices) -> Indices:
    """An order of points that is the same in all pictures and has nothing to do with where they lie (Knuth 1973)."""
    return points * 2654435761 % 2**32


def _apart(px: Array, others_px: Array, least_px: float) -> Mask:
    if len(others_px) == 0:
        return np.ones(len(px), bool)
    return np.linalg.norm(px[:, None] - others_px[None], axis=-1).min(axis=1, initial=np.inf) > least_px


@dataclass(eq=False)
class _Sightings:
    """What trails are made of, as it comes."""

    picture: list[Indices] = field(default_factory=list)
    point: list[Indices] = field(default_factory=list)
    px: list[Array] = field(default_factory=list)
    turns: dict[int, Array] = field(default_factory=dict)
    agreeing: dict[int, float] = field(default_factory=dict)
    points: int = 0

    def numbers(self, count: int) -> Indices:
        """For new points."""
        self.points += count
        return np.arange(self.points - count, self.points)

    def add(self, picture: int, points: Indices, px: Array) -> None:
        self.picture.append(np.full(len(points), picture))
        self.point.append(points)
        self.px.append(px.astype(np.float32))

    def tie(self, picture: int, R_first_from_camera: Array, agreeing: float) -> None:
        self.turns[picture], self.agreeing[picture] = R_first_from_camera, agreeing

    def trails(self, K: Array, keyframes: Indices, picture_count: int) -> Trails:
        """Turns of pictures that are not tied are held."""
        count = np.arange(picture_count)
        tied = np.isin(count, list(self.turns))
        known = np.maximum.accumulate(np.where(tied, count, 0))
        return Trails(
            K=K,
            picture=np.concatenate([np.zeros(0, int), *self.picture]),
            point=np.concatenate([np.zeros(0, int), *self.point]),
            px=np.concatenate([np.zeros((0, 2)), *self.px]),
            keyframes=keyframes,
            R_first_from_camera=np.array([self.turns.get(int(each), np.eye(3)) for each in known]).reshape(-1, 3, 3),
            tied=tied,
            agreeing=np.array([self.agreeing.get(int(each), 0.0) for each in count]),
        )
