"""Who is followed, who is let go, and who is found."""

from __future__ import annotations

import numpy as np

from backend.detect.crowd import Crowd, covered
from backend.detect.pose import Pose
from tests.backend.detect.made_up_poses import standing

WHITE = np.full((600, 1200, 3), 255, np.uint8)
WHITE[500:] = 0     # so that the mean colour, with which people are covered, is not white


class Scene:
    """A film of people with known places, and the two detectors that look at it.

    A person is visible in a picture where the middle of the trunk is not painted over.
    """

    def __init__(self, people: list[list[Pose | None]]) -> None:
        self.people = people        # by picture
        self.picture = 0
        self.searches = 0

    def visible(self, rgb: np.ndarray) -> list[Pose]:
        def is_bare(pose: Pose) -> bool:
            x, y = np.rint(pose.landmarks_px[[11, 12, 23, 24]].mean(axis=0)).astype(int)
            return bool((rgb[y, x] == 255).all())

        return [pose for pose in self.people[self.picture] if pose and is_bare(pose)]

    def look(self, rgb: np.ndarray) -> list[Pose]:
        self.searches += 1
        return self.visible(rgb)

    def follower(self) -> Follower:
        return Follower(self)

    def close(self) -> None:
        pass


class Follower:
    """Follows whoever is nearest, and takes the first one visible when it follows nobody."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.last: Pose | None = None

    def look(self, rgb: np.ndarray) -> Pose | None:
        there = [pose for pose in self.scene.people[self.scene.picture] if pose]
        if self.last is None:
            self.last = next(iter(self.scene.visible(rgb)), None)
        else:
            near = [pose for pose in there if np.abs(pose.landmarks_px - self.last.landmarks_px).max() < 60]
            self.last = near[0] if near else None
        return self.last

    def forget(self) -> None:
        self.last = None

    def close(self) -> None:
        pass


def watched(people: list[list[Pose | None]], most_people: int = 3,
            search_every: int = 4) -> tuple[list[dict[int, Pose]], Scene]:  # fmt: skip
    scene = Scene(people)
    crowd = Crowd(scene.follower, scene, most_people, search_every)
    seen = []
    for scene.picture in range(len(people)):
        seen.append(crowd.look(WHITE))
    crowd.close()
    return seen, scene


def test_everybody_visible_is_found_in_the_first_picture():
    seen, _ = watched([[standing((200, 300)), standing((600, 300)), standing((1000, 300))]])
    assert len(seen[0]) == 3


def test_a_newcomer_is_found_within_the_pause_between_searches():
    first, newcomer = standing((200, 300)), standing((800, 300))
    for arrival in range(1, 30):
        seen, _ = watched([[first, newcomer if k >= arrival else None] for k in range(40)], search_every=8)
        assert [len(people) for people in seen].index(2) - arrival < 8


def test_searches_are_rare_while_everybody_is_followed():
    _, scene = watched([[standing((200, 300))]] * 81, search_every=8)
    assert scene.searches <= 81 / 8 + 4


def test_no_more_people_are_followed_than_asked_for():
    seen, _ = watched([[standing((200, 300)), standing((600, 300)), standing((1000, 300))]] * 6, most_people=2)
    assert [len(people) for people in seen] == [2] * 6


def test_who_keeps_moving_keeps_the_place():
    seen, _ = watched([[standing((200 + 20 * k, 300)), standing((1000 - 20 * k, 300))] for k in range(10)])
    for place, start in ((0, 200), (1, 1000)):
        x_px = [people[place].landmarks_px[[23, 24], 0].mean() for people in seen]
        np.testing.assert_allclose(np.abs(np.array(x_px) - start), 20 * np.arange(10), atol=1e-6)


def test_who_is_lost_is_looked_for_at_once():
    away = [standing((200, 300)), None, standing((500, 300)), standing((500, 300))]
    seen, _ = watched([[pose, standing((900, 300))] for pose in away], search_every=100)
    assert [len(people) for people in seen] == [2, 1, 1, 2]
    seen, _ = watched([[pose] for pose in away], search_every=100)
    assert [len(people) for people in seen] == [1, 0, 1, 1]


def test_two_followers_on_one_body_become_one():
    meeting = [[standing((400 + 25 * k, 300)), standing((600 - 25 * k, 300))] for k in range(4)]
    merged = [[standing((500, 300))]] * 2
    seen, _ = watched(meeting + merged)
    assert [len(people) for people in seen][-1] == 1


def test_those_covered_are_not_seen_and_the_picture_stays_as_it_was():
    rng = np.random.default_rng(1)
    rgb = rng.integers(0, 256, (600, 1200, 3), dtype=np.uint8)
    before, person = rgb.copy(), standing((400, 300))
    hidden = covered(rgb, [person])
    inside = np.rint(person.landmarks_px[[11, 12, 23, 24]].mean(axis=0)).astype(int)
    patch = hidden[inside[1] - 5 : inside[1] + 5, inside[0] - 5 : inside[0] + 5]
    assert np.ptp(patch.reshape(-1, 3), axis=0).max() == 0
    np.testing.assert_array_equal(hidden[:, 800:], rgb[:, 800:])
    np.testing.assert_array_equal(rgb, before)
