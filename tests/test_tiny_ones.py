"""The smallest detector, lifter, rig and benchmark of the page do what they say."""

from __future__ import annotations

import argparse
import json
import sys

import numpy as np

from backend.body.actor import StartingBody
from backend.lift.lift_track import check_lifter, lift_track
from backend.lift.wanted import LiftSettings
from backend.video.pictures import Picture
from bench import __main__ as benches
from motion.choices import declared_in
from motion.landmarks import LANDMARK
from motion.retarget.mapping.tables import table_of_text
from motion.retarget.slots import NEEDED_SLOTS
from tests.backend.lift.made_up_track import K, reaching_and_stepping
from tests.tiny_ones import module_of, shown


def test_the_detector_declares_itself_and_finds_a_figure_that_stands_upright_in_the_picture(tmp_path):
    statue = module_of("backend/detect/other/statue.py", "backend.detect.other.statue", tmp_path)
    assert declared_in(tmp_path)["statue"].title == "Statue"
    assert statue.reads(None) == ()
    (pose,) = statue.open_detector(None, "cpu").people_in(Picture(0, 0.0, np.zeros((600, 800, 3), np.uint8)))
    x_px, y_px = pose.landmarks_px.T
    assert y_px[LANDMARK["nose"]] < y_px[LANDMARK["left_hip"]] < y_px[LANDMARK["left_ankle"]] < 600
    assert x_px[LANDMARK["right_hip"]] < 400 < x_px[LANDMARK["left_hip"]]


def test_the_lifters_body_is_where_the_person_is_seen_and_faces_the_camera(tmp_path, monkeypatch):
    name = "backend.lift.lifters.stiff"
    monkeypatch.setitem(sys.modules, name, module_of("backend/lift/lifters/stiff.py", name, tmp_path))
    made_up, settings = reaching_and_stepping(), LiftSettings(lifter="stiff")
    check_lifter(settings)
    lift = lift_track(made_up.track, StartingBody(made_up.body, False), K, settings, "cpu")
    hips = made_up.points_camera[:, [LANDMARK["left_hip"], LANDMARK["right_hip"]]].mean(axis=1)
    # How far away is in the detector's own metres; which way is in the picture.
    roots, truth = lift.root_camera / lift.root_camera[:, 2:], hips / hips[:, 2:]
    np.testing.assert_allclose(roots, truth, atol=0.02)
    np.testing.assert_allclose(lift.R_parent_from_joint[:, 0] @ [0.0, 1.0, 0.0], [[0.0, -1.0, 0.0]] * 45)


def test_the_rig_names_all_that_retargeting_needs():
    table = table_of_text(shown()["assets/rigs/puppet.json"], "puppet.json")
    assert set(NEEDED_SLOTS) <= set(table.bones)


def test_the_benchmark_is_listed_and_measures(tmp_path, monkeypatch, capsys):
    still = module_of("bench/still.py", "bench.still", tmp_path)
    monkeypatch.setattr(benches, "HERE", tmp_path)
    assert list(benches.benches()) == ["still"]
    file = tmp_path / "still.json"
    assert still.main(argparse.Namespace(json=file)) == 0
    assert all(0.0 < speed < 5.0 for speed in json.loads(file.read_text())["m_per_s"].values())
