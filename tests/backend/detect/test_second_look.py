"""The second look changes nobody's number or time, and lies on crops that follow the body smoothly."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect.looks import Look
from backend.detect.second_look import NEIGHBOURS, with_second_looks
from backend.video.pictures import Picture
from tests.backend.detect.made_up_poses import standing
from tests.backend.detect.made_up_scene import Scene, crop_about, picture

RATE = 30.0


def looks(scene: Scene, seen: list[list[int]]) -> list[Look]:
    """The first looks: in each picture those people of the scene who are `seen`."""
    return [Look(Picture(k, k / RATE, picture(k)), 0,
                 {n: scene.look([(picture(k), crop_about(scene.people[k][n]))])[0] for n in numbers})
            for k, numbers in enumerate(seen)]  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 2, NEIGHBOURS, NEIGHBOURS + 1, 20])
@pytest.mark.parametrize("batch", [1, 4])
def test_every_look_comes_out_once_in_order_with_the_same_people(count, batch):
    rng = np.random.default_rng(count)
    scene = Scene([[standing((200, 300)), standing((800, 300))]] * count)
    first = looks(scene, [[n for n in range(2) if rng.random() < 0.6] for _ in range(count)])
    second = list(with_second_looks(iter(first), scene, batch))
    assert [look.picture.index for look in second] == list(range(count))
    assert [sorted(look.people) for look in second] == [sorted(look.people) for look in first]


def test_landmarks_are_the_mean_of_both_looks_and_the_doubt_their_distance():
    scene = Scene([[standing((600, 300))]] * 9, mirror_error_px=8.0)
    for look in with_second_looks(iter(looks(scene, [[0]] * 9)), scene, 1):
        pose = look.people[0].pose
        np.testing.assert_allclose(pose.landmarks_px, standing((604, 300)).landmarks_px)
        np.testing.assert_allclose(pose.doubts_px, 8.0)


def test_a_mirrored_answer_about_somebody_else_is_a_doubt_and_no_more():
    scene = Scene([[standing((600, 300))]] * 5, mirror_error_px=200.0)
    for look in with_second_looks(iter(looks(scene, [[0]] * 5)), scene, 1):
        np.testing.assert_allclose(look.people[0].pose.landmarks_px, standing((600, 300)).landmarks_px)
        np.testing.assert_allclose(look.people[0].pose.doubts_px, 200.0)


def test_crops_follow_a_steady_walk_and_even_out_a_shaking_one():
    rng = np.random.default_rng(2)
    steady = np.linspace(300, 700, 30)
    shaking = steady + rng.normal(0, 10, 30)
    for places, most in ((steady, 0.5), (shaking, 7.0)):
        scene = Scene([[standing((x, 300))] for x in places])
        first = looks(scene, [[0]] * 30)
        scene.looked.clear()
        list(with_second_looks(iter(first), scene, 1))
        middles = np.array([crop.middle_px[0] for _, crop, _ in scene.looked])
        assert np.abs(middles - steady)[3:-3].mean() < most
