"""Many choices of cameras, as a few figures and as goals."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bench.multiview_figures import Row, case_of, choices, differences
from bench.multiview_goals import goals


def row(mm: float, views: int = 2, angle_deg: float = 90.0, flagged: bool = False, frames: float = 0.1,
        **others: float) -> Row:  # fmt: skip
    fused = {"mpjpe_mm": mm, "mpjpe_camera_mm": mm + 2.0, "pa_mpjpe_mm": mm - 5.0, "rotation_deg": 2.0,
             "position_percent": 3.0, "offset_frames": frames, "scale_percent": 1.0}  # fmt: skip
    ways = {"fused": fused, **{name: {"mpjpe_mm": value} for name, value in others.items()}}
    return Row("made", views, angle_deg, ways, flagged)


def reached(rows, words: str, case: str = "simulated", hidden=(), scale=None, odd=None):
    found = [goal for goal in goals({case: rows}, hidden, scale or {}, odd or {}) if goal.words.startswith(words)]
    assert len(found) == 1
    return found[0]


def test_all_pairs_triples_and_quadruples_are_chosen_once():
    assert list(choices(2)) == [(0, 1)]
    four = list(choices(4))
    assert [len(chosen) for chosen in four] == [2] * 6 + [3] * 4 + [4] and len(set(four)) == 11
    assert all(a < b for chosen in four for a, b in pairwise(chosen))


def test_figures_are_medians_by_number_of_views_and_range_of_angles():
    case = case_of([row(20.0), row(30.0), row(70.0), row(99.0, angle_deg=150.0), row(10.0, views=3)])
    assert set(case) == {"2", "3"} and set(case["2"]) == {"60-120", "120-180", "all"}
    figures = case["2"]["60-120"]["fused"]
    assert figures["mpjpe_mm"] == 30.0 and figures["mpjpe_mm_mean"] == 40.0 and figures["takes"] == 3
    assert figures["mpjpe_mm_p90"] == pytest.approx(62.0)
    assert case["2"]["all"]["fused"]["takes"] == 4 and case["2"]["120-180"]["fused"]["mpjpe_mm"] == 99.0


@pytest.mark.parametrize(("angle_deg", "name"), [(31.0, "30-60"), (60.0, "30-60"), (61.0, "60-120"), (119.0, "60-120"),
                                                 (121.0, "120-180"), (180.0, "120-180")])  # fmt: skip
def test_angles_belong_to_one_range(angle_deg, name):
    assert row(1.0, angle_deg=angle_deg).range == name


def test_ways_without_an_answer_are_not_counted_as_good_ones():
    lost = Row("lost", 2, 90.0, {"fused": {}, "single": {"mpjpe_mm": 60.0}}, flagged=True)
    figures = case_of([row(20.0, single=50.0), lost])["2"]["60-120"]
    assert figures["fused"]["takes"] == 1 and figures["single"]["takes"] == 2
    assert figures["fused"]["flagged_share"] == 0.5


def test_an_offset_that_is_wrong_is_good_only_where_it_is_flagged():
    silent, said = row(20.0, frames=0.9), row(20.0, frames=0.9, flagged=True)
    assert case_of([silent, said])["2"]["all"]["fused"]["offset_good_or_flagged_share"] == 0.5


def test_ways_are_compared_row_by_row():
    rows = [row(20.0, calibrated=18.0), row(90.0), row(40.0, calibrated=41.0)]
    assert differences(rows, "fused", "calibrated") == [2.0, -1.0]


def test_goals_are_met_at_their_limits_and_missed_beyond():
    assert reached([row(35.0)], "two cameras, 60-120: median mm").row()[-1] == "yes"
    assert reached([row(35.1)], "two cameras, 60-120: median mm").row()[-1] == "NO"
    assert reached([row(20.0, flagged=True)], "flagged: share").row()[-1] == "NO"


def test_goals_that_nothing_was_measured_for_are_not_met():
    assert reached([row(20.0, views=3)], "two cameras, 60-120: median mm").row()[2:] == (None, "at most 35", "NO")


def test_real_pairs_have_a_goal_of_their_own():
    goal = reached([row(39.0), row(41.0), row(40.0), row(80.0, angle_deg=40.0)], "3 pairs, 60-120: median",
                   case="four_cameras")  # fmt: skip
    assert goal.value == 40.0 and goal.row()[-1] == "yes" and goal.words.startswith("3 pairs")


def test_more_cameras_may_be_worse_than_triangulation_by_a_millimetre_in_the_mean():
    rows = [row(31.0, views=3, triangulation=30.0), row(20.0, views=3, triangulation=19.0)]
    assert reached(rows, "3 cameras").row()[-1] == "yes"


def test_a_shape_that_tells_size_is_better_than_everybodys_mean_by_a_fifth():
    scale = {"shape_median": 3.9, "mean_height_median": 4.9}
    assert reached([row(20.0)], "% better", scale=scale).row()[-1] == "yes"
    assert reached([row(20.0)], "height not given", scale=scale).row()[-1] == "yes"


def test_whatever_is_odd_is_to_be_recognised_always():
    assert reached([row(20.0)], "mirrored", odd={"mirrored": 1.0}).row()[-1] == "yes"
    assert reached([row(20.0)], "still", odd={"still": 0.9}).row()[-1] == "NO"
