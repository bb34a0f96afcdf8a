from dataclasses import replace

import numpy as np

from backend.cameras.projection import projected
from backend.lift.refine.settings import RefineSettings
from backend.multiview.fuse.fused_lift import by_network, fused_lift
from backend.multiview.settings import MultiviewSettings
from tests.backend.hypotheses.made_up_lift import some_lift
from tests.backend.lift.refine.clips import error_mm
from tests.backend.multiview.fuse.made_up_views import blinded, scene

SETTINGS = MultiviewSettings(fusion="triangulation")


def _fused(views, rig, grid, **known):
    return fused_lift(views, rig, grid, SETTINGS, bones_known=True, **known)


def test_two_views_are_nearer_to_the_truth_than_each():
    truth, rig, grid, views = scene()
    fused = _fused(views, rig, grid)
    assert error_mm(fused, truth).mean() < 0.3 * error_mm(views[0], truth).mean()


def test_bones_are_those_that_the_views_show():
    """The views' bodies are 8 % too small."""
    truth, rig, grid, views = scene()
    model = truth.body.model
    small = model.shaped(np.zeros(0), 0.92)
    fused = fused_lift({view: replace(lift, body=small) for view, lift in views.items()}, rig, grid, SETTINGS)
    assert abs(small.height / truth.body.height - 1.0) > 0.07
    assert abs(fused.body.height / truth.body.height - 1.0) < 0.03


def test_the_other_views_are_kept_beside_the_first():
    truth, rig, grid, views = scene()
    (other,) = _fused(views, rig, grid).others
    late = round(rig.starts_s[1] * 30)
    assert np.isnan(other.landmarks_px[:late]).all() and (other.scores[:late] == 0.0).all()
    off = projected(other.in_view(truth.points_camera()[:, :33]), other.K) - other.landmarks_px
    np.testing.assert_allclose(off[late:], 0.0, atol=1e-6)


def test_where_only_another_camera_sees_somebody_the_first_ones_landmarks_are_made_up():
    truth, rig, grid, views = scene()
    unseen = np.arange(len(truth.root_camera)) >= 40
    views[0] = replace(views[0], track=blinded(views[0].track, unseen))
    fused = _fused(views, rig, grid)
    assert fused.track.seen.all() and (fused.track.scores[unseen] == 0.0).all()
    np.testing.assert_allclose(fused.track.landmarks_px[unseen],
                               projected(fused.points_camera()[unseen, :33], fused.K), atol=1e-9)  # fmt: skip


def test_a_view_that_comes_and_goes_makes_no_jump():
    truth, rig, grid, views = scene(frames=90)
    unseen = np.arange(len(views[1].root_camera)) // 20 % 2 == 1
    views[1] = replace(views[1], track=blinded(views[1].track, unseen))
    fused = _fused(views, rig, grid)
    jerk_mm = 1e3 * np.linalg.norm(np.diff(fused.points_camera()[:, :33] - truth.points_camera()[:, :33], 2, axis=0),
                                   axis=-1)  # fmt: skip
    assert jerk_mm.max() < 20.0


def test_a_person_whom_only_the_second_camera_saw_stands_in_the_firsts_frame():
    truth, rig, grid, views = scene(late_s=(0.0, 0.0))
    fused = _fused({1: views[1]}, rig, grid)
    moved = rig.in_first(1, views[1].points_camera()[:, :33])
    assert np.linalg.norm(fused.points_camera()[:, :33] - moved, axis=-1).mean() < 0.2
    assert len(fused.others) == 1 and (fused.track.scores == 0.0).all()


def test_more_views_are_at_least_as_good():
    truth, rig, grid, views = scene((0.0, 1.4, -1.0, 2.6), (0.0, 0.0, 0.0, 0.0))
    two = _fused({view: views[view] for view in (0, 1)}, rig, grid)
    assert error_mm(_fused(views, rig, grid), truth).mean() < error_mm(two, truth).mean() + 1.0


def test_without_refinement_the_pose_is_the_mean_of_the_views():
    truth, rig, grid, views = scene()
    start = fused_lift(views, rig, grid, SETTINGS, RefineSettings(rounds=0), bones_known=True)
    assert error_mm(start, truth).mean() < error_mm(views[0], truth).mean()


def test_the_network_lifts_anew_unless_triangulation_is_wanted_or_nobody_believes_anything():
    lifts = [some_lift(), some_lift()]
    assert by_network(MultiviewSettings(), lifts) and by_network(MultiviewSettings(fusion="network"), lifts)
    assert not by_network(SETTINGS, lifts) and not by_network(MultiviewSettings(), lifts[:1])
    assert not by_network(MultiviewSettings(), [some_lift(), replace(some_lift(), beliefs=None)])
