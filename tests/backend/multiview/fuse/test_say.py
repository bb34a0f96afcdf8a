from dataclasses import replace

import numpy as np

from backend.multiview.fuse.say import says, seeing
from tests.backend.hypotheses.made_up_lift import some_lift
from tests.backend.lift.refine.clips import walker
from tests.backend.multiview.fuse.made_up_views import blinded

LIFT = walker(120)


def _seen_in(*stretches):
    unseen = np.ones(120, dtype=bool)
    for start, stop in stretches:
        unseen[start:stop] = False
    return replace(LIFT, track=blinded(LIFT.track, unseen))


def test_who_is_always_seen_has_the_same_say_at_all_times():
    np.testing.assert_allclose(seeing(LIFT), seeing(LIFT)[0])


def test_a_say_grows_and_falls_without_a_jump():
    say = seeing(_seen_in((30, 80)))
    assert say[50] > 0.99 and say[10] < 0.01
    assert np.abs(np.diff(say)).max() < 0.2


def test_a_view_that_misses_few_frames_keeps_its_say():
    assert seeing(_seen_in((0, 60), (64, 120))).min() > 0.99


def test_between_two_views_of_which_none_sees_the_nearer_one_has_the_say():
    before, after = seeing(_seen_in((0, 40))), seeing(_seen_in((80, 120)))
    assert before[42] > 10.0 * after[42] and after[78] > 10.0 * before[78]
    assert (before > 0.0).all() and (after > 0.0).all()


def test_nobody_seen_is_no_number_divided_by_zero():
    assert np.isfinite(seeing(_seen_in())).all() and (seeing(_seen_in()) > 0.0).all()


def test_surer_joints_say_more():
    beliefs = some_lift().beliefs
    sigma_rad = np.full_like(beliefs.sigma_rotation_rad, 0.1)
    sigma_rad[:, 5] = 0.2
    (say,) = says([replace(some_lift(), beliefs=replace(beliefs, sigma_rotation_rad=sigma_rad))])
    np.testing.assert_allclose(say[:, 4] / say[:, 5], 4.0)
