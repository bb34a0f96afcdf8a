"""Who is followed, who is let go, and who is found."""

from __future__ import annotations

import itertools

from backend.detect.crowd import Crowd, SearchRhythm
from backend.detect.pose_network import Answer
from tests.backend.detect.made_up_poses import standing
from tests.backend.detect.made_up_scene import Scene, picture

LEFT, MIDDLE, RIGHT = standing((200, 300)), standing((600, 300)), standing((1000, 300))


def watched(scene: Scene, most_people: int = 4, whole: int = 4, everywhere: int = 12,
            cuts: tuple[int, ...] = ()) -> list[dict[int, Answer]]:  # fmt: skip
    crowd = Crowd(scene, scene.search(), itertools.count(), most_people, SearchRhythm(whole, everywhere))
    return [crowd.look(picture(index), new_shot=index in cuts) for index in range(len(scene.people))]


def test_everybody_visible_is_found_in_the_first_picture():
    assert len(watched(Scene([[LEFT, MIDDLE, RIGHT]]))[0]) == 3


def test_who_moves_keeps_the_number():
    people = [[standing((200 + 20 * k, 300)), standing((1000 - 20 * k, 300))] for k in range(10)]
    seen = watched(Scene(people))
    for number, n in ((0, 0), (1, 1)):
        assert all((seen[k][number].pose.landmarks_px == people[k][n].landmarks_px).all() for k in range(10))


def test_a_newcomer_is_found_within_the_pause_between_searches():
    for arrival in range(1, 30):
        scene = Scene([[LEFT, RIGHT if k >= arrival else None] for k in range(40)])
        assert [len(people) for people in watched(scene, whole=8)].index(2) - arrival < 8


def test_small_people_are_found_within_the_pause_between_looks_everywhere():
    scene = Scene([[LEFT, standing((900, 300), 90) if k >= 5 else None] for k in range(40)], small_px=150)
    assert [len(people) for people in watched(scene, whole=4, everywhere=12)].index(2) <= 5 + 16


def test_searches_are_rare_while_everybody_is_followed():
    scene = Scene([[LEFT]] * 81)
    watched(scene, whole=8, everywhere=24)
    assert len(scene.searched) <= 81 / 8 + 4 and sum(scene.searched) <= 81 / 24 + 2


def test_no_more_people_are_followed_than_asked_for():
    assert [len(people) for people in watched(Scene([[LEFT, MIDDLE, RIGHT]] * 6), most_people=2)] == [2] * 6


def test_who_is_lost_is_soon_looked_for_and_gets_a_new_number():
    scene = Scene([[LEFT, MIDDLE], [None, MIDDLE], [RIGHT, MIDDLE], [RIGHT, MIDDLE]])
    assert [sorted(people) for people in watched(scene, whole=100, everywhere=100)] == [[0, 1], [1], [1], [1, 2]]


def test_after_a_cut_everybody_has_a_new_number():
    assert [sorted(people) for people in watched(Scene([[LEFT]] * 6), cuts=(3,))] == [[0]] * 3 + [[1]] * 3


def test_who_disappears_behind_somebody_does_not_take_over_their_body():
    coming = [[standing((330 + 30 * k, 300), score=0.7), MIDDLE] for k in range(9)]
    hidden = [[None, MIDDLE]] * 2
    seen = watched(Scene(coming + hidden), whole=100, everywhere=100)
    assert sorted(seen[0]) == [0, 1] and sorted(seen[-1]) == [1]


def test_somebody_quick_is_cut_out_again_where_they_are():
    people = [[standing((200 + 60 * min(k, 6) + 25 * max(k - 6, 0), 300), 500)] for k in range(12)]
    scene = Scene(people)
    seen = watched(scene)
    assert all(len(each) == 1 for each in seen)
    for k, each in enumerate(seen):
        assert abs(each[0].crop.middle_px[0] - people[k][0].landmarks_px[[23, 24], 0].mean()) < 0.16 * 625


def both_ways(people: list[list]) -> tuple[list[dict[int, Answer]], list[dict[int, Answer]], Scene]:
    """What is seen picture by picture, and two at once; the scene of the latter."""
    def seen(scene: Scene, ahead: bool) -> list[dict[int, Answer]]:
        crowd = Crowd(scene, scene.search(), itertools.count(), 4, SearchRhythm(4, 12))
        last = len(people) - 1
        return [crowd.look(picture(k), coming=picture(k + 1) if ahead and k < last else None) for k in range(last + 1)]

    scene = Scene(people)
    return seen(Scene(people), False), seen(scene, True), scene


def test_two_pictures_at_once_show_the_same_people_in_half_as_many_looks():
    alone, together, scene = both_ways([[standing((200 + 20 * k, 300)), standing((1000 - 5 * k, 300))]
                                        for k in range(20)])  # fmt: skip
    for one, other in zip(alone, together, strict=True):
        assert sorted(one) == sorted(other)
        assert all((one[n].pose.landmarks_px == other[n].pose.landmarks_px).all() for n in one)
    assert len(scene.batches) < 20 and len(scene.looked) <= 2 * 20 + 4


def test_a_guess_at_a_picture_in_which_the_body_is_elsewhere_is_looked_at_again():
    jumping = [[standing((300 + (50 if k % 2 else 0), 300), 500)] for k in range(12)]
    alone, together, _ = both_ways(jumping)
    for k, seen in enumerate(together):
        assert sorted(seen) == [0] and (seen[0].pose.landmarks_px == jumping[k][0].landmarks_px).all()
        assert abs(seen[0].crop.middle_px[0] - jumping[k][0].landmarks_px[[23, 24], 0].mean()) < 0.16 * 625


def test_something_faint_in_the_clothes_of_somebody_known_is_nobody():
    beside_px = (288, 300)
    for score, people in ((0.5, 1), (0.9, 2)):
        scene = Scene([[LEFT, standing(beside_px, score=score) if k else None] for k in range(8)])
        assert len(watched(scene, whole=1)[-1]) == people
    faint_but_alone = Scene([[LEFT, standing((900, 300), score=0.5)]] * 2)
    assert len(watched(faint_but_alone)[-1]) == 2
