import argparse
import json
import math

import numpy as np
import pytest

from bench import detection
from bench.detection_cases import View
from bench.detection_figures import man_rows, view_figures
from bench.detection_goals import goals
from bench.detection_measures import body_box_px
from bench.detection_ways import Seen
from bench.looped_film import SAMPLE

T = 40
FIGURES = {"error_px", "varying_px", "jitter_px", "world_pa_mm", "lag_frames", "found_share", "identity_switches",
           "ms_per_frame"}  # fmt: skip
LIMBS = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]


def body(rng, middle_px):
    """One person who sways, [T, 33, 2] px."""
    shape = rng.uniform(-1, 1, (33, 2)) * [60, 150]
    sway = 30 * np.stack([np.sin(0.2 * np.arange(T)), np.cos(0.13 * np.arange(T))], axis=-1)
    return middle_px + shape + sway[:, None]


def seen_by(people, has_identities=True, camera=None):
    people = np.array(people).reshape(-1, T, 33, 2)
    camera = np.random.default_rng(7).normal(size=(*people.shape[:3], 3)) if camera is None else camera
    return Seen(people, camera, has_identities, 1088, 1920, 60.0)


def view_of(man, others=(), boxes=False):
    people = {"man": man} | {f"other {n}": other for n, other in enumerate(others)}
    checked = {picture: {who: body_box_px(px[picture], 1088, 1920) for who, px in people.items()}
               for picture in range(0, T, 10)} if boxes else {}  # fmt: skip
    camera = np.random.default_rng(5).normal(size=(T, 12, 3))
    return View("cam09", SAMPLE, 1 + len(others), man[:, LIMBS], camera, checked)


def test_the_reference_found_again_has_no_error(rng):
    man = body(rng, [300, 500])
    view = view_of(man)
    camera = np.zeros((1, T, 33, 3))
    camera[0][:, LIMBS] = view.truth_camera
    figures = view_figures(seen_by([man], camera=camera), view)
    for name in ("error_px", "varying_px", "jitter_px", "world_pa_mm"):
        assert figures[name] == pytest.approx(0.0, abs=1e-6)
    assert figures["found_share"] == 1.0 and figures["identity_switches"] == 0


def test_a_track_that_jumps_onto_somebody_else_pays_for_it_and_mediapipe_s_rows_do_not(rng):
    man, woman = body(rng, [300, 500]), body(rng, [700, 600])
    first, second = man.copy(), woman.copy()
    first[30:], second[30:] = woman[30:], man[30:]
    view = view_of(man, [woman], boxes=True)
    ours, theirs = (view_figures(seen_by([first, second], has), view) for has in (True, False))
    assert ours["error_px"] > 90 and theirs["error_px"] == pytest.approx(0.0)
    assert ours["identity_switches"] == theirs["identity_switches"] == 2
    assert ours["found_share"] == 1.0


def test_the_man_is_not_the_nearest_woman(rng):
    man, woman = body(rng, [300, 500]), body(rng, [700, 600])
    view = view_of(man, [woman], boxes=True)
    assert (man_rows(seen_by([woman], has_identities=False), view) == -1).all()
    figures = view_figures(seen_by([woman], has_identities=False), view)
    assert math.isnan(figures["error_px"]) and figures["found_share"] == 0.0


def test_both_people_have_to_be_found(rng):
    man, woman = body(rng, [300, 500]), body(rng, [700, 600])
    woman_at_times = woman.copy()
    woman_at_times[5:15] = np.nan
    view = view_of(man, [woman], boxes=True)
    assert view_figures(seen_by([man, woman_at_times]), view)["found_share"] == pytest.approx(0.75)


def test_nobody_found_is_a_figure_too(rng):
    figures = view_figures(seen_by([]), view_of(body(rng, [300, 500])))
    assert figures["found_share"] == 0.0 and math.isnan(figures["error_px"])


def test_of_all_cameras_the_worst_share_and_all_switches_are_told():
    rows = [dict.fromkeys(detection.COLUMNS, value) for value in (1.0, 4.0, float("nan"))]
    figures = detection.over_cameras(rows)
    assert (figures["found_share"], figures["identity_switches"], figures["error_px"]) == (1.0, 5.0, 2.5)


def test_figures_have_the_shape_that_readers_of_the_file_expect(rng, tmp_path, monkeypatch, capsys):
    man, woman = body(rng, [300, 500]), body(rng, [700, 600])
    cases = {"four_cameras": [view_of(man)], "two_people": [view_of(man, [woman], boxes=True)]}
    shaken = man + rng.normal(size=man.shape)
    ways = {"mediapipe_video": [shaken], "mediapipe_image": [], "best": [man, woman], "fast": [woman]}
    monkeypatch.setattr(detection, "cases", lambda: cases)
    monkeypatch.setattr(detection, "WAYS", {
        way: lambda clip, count, people=people: seen_by(people) for way, people in ways.items()})  # fmt: skip
    times_s = {"mediapipe_video": 6.0, "best": 4.0, "fast": 2.0, "best_hands": 5.0, "fast_hands": 3.0}
    monkeypatch.setattr(detection, "seconds", lambda film: times_s)
    monkeypatch.setattr(detection, "looped_film", lambda path, frames: path)
    monkeypatch.setattr(detection, "data_folder", lambda: tmp_path)

    assert detection.main(argparse.Namespace(json=tmp_path / "figures.json")) == 0

    figures = json.loads((tmp_path / "figures.json").read_text(), parse_constant=pytest.fail)
    assert set(figures["cases"]) == {"four_cameras", "two_people"}
    for methods in figures["cases"].values():
        assert set(methods) == {"mediapipe_video", "mediapipe_image", "best", "fast"}
        for method in methods.values():
            assert set(method) >= FIGURES
    assert figures["cases"]["four_cameras"]["mediapipe_image"]["error_px"] is None
    assert figures["speed_ratio"] == {"best": pytest.approx(1.5), "fast": pytest.approx(3.0)}
    assert figures["speed_ratio_hands"] == {"best": pytest.approx(1.2), "fast": pytest.approx(2.0)}
    assert "met" in capsys.readouterr().out


def test_a_goal_is_met_at_its_limit_and_missed_without_a_figure():
    method = dict.fromkeys(detection.COLUMNS, 1.0)
    best = method | {"varying_px": 0.90, "world_pa_mm": float("nan"), "identity_switches": 1}
    case = {"best": best, "mediapipe_video": method, "mediapipe_image": method}
    ratio = {"best": 1.0, "fast": 1.0}
    cases = {"four_cameras": case, "two_people": case}
    rows = goals({"cases": cases, "speed_ratio": ratio, "speed_ratio_hands": ratio})
    told = {goal: word for goal, _, _, word in rows}
    assert told["best: varying error / image mode's"] == "met"
    assert told["best: world PA / video mode's"] == "missed"
    assert told["best: identity switches, two people"] == "missed"
    assert told["best: time / MediaPipe video"] == "met" and told["fast: time / MediaPipe video"] == "missed"
