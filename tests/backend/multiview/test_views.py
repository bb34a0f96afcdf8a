"""Which cameras stand, and which shot of their footage takes part."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from backend.body.actor import BodySettings
from backend.cameras.camera_path import CameraPath, standing_camera
from backend.multiview.views import standing_views
from backend.one_clip import Filmed, Footage
from backend.settings import Settings
from motion.rotations import matrix_from_axis_angle
from tests.backend.lift.made_up_track import K, reaching_and_stepping

TRACK = reaching_and_stepping(frames=30).track
TIMES_S = TRACK.times_s


class Heard:
    """Findings that only listen."""

    def __init__(self) -> None:
        self.left_out: dict[int, str] = {}
        self.doubts: dict[int, str] = {}

    def leave_out(self, number: int, sentence: str) -> None:
        self.left_out[number] = sentence

    def doubt(self, number: int, sentence: str) -> None:
        self.doubts[number] = sentence


def turning(by_deg: float) -> CameraPath:
    turns = np.deg2rad(by_deg) * np.linspace(0.0, 1.0, len(TIMES_S))[:, None] * np.array([0.0, 1.0, 0.0])
    return replace(standing_camera(TIMES_S), kind="turning", R_first_from_camera=matrix_from_axis_angle(turns))


def film(name: str, *paths: CameraPath, tracks=(TRACK,), body: BodySettings | None = None) -> Filmed:
    clip = SimpleNamespace(path=SimpleNamespace(name=name))
    return Filmed(Footage(clip, Settings(body=body or BodySettings())), list(tracks), K, True, dict(enumerate(paths)))


@pytest.mark.parametrize("path, words", [
    (turning(20.0), "turns by 20 degrees"),
    (replace(standing_camera(TIMES_S), kind="travelling"), "travels"),
])  # fmt: skip
def test_a_camera_that_moves_is_left_out_with_its_name(path: CameraPath, words: str) -> None:
    heard = Heard()
    views = standing_views({0: film("a.mp4", standing_camera(TIMES_S)), 2: film("c.mp4", path)}, heard)
    assert [view.number for view in views] == [0]
    assert heard.left_out == {2: f"The camera of c.mp4 {words}, so its clip has no part in the take; cameras must "
                              "stand to be brought together."}  # fmt: skip


def test_a_camera_that_trembles_stands() -> None:
    heard = Heard()
    (view,) = standing_views({0: film("a.mp4", turning(1.0))}, heard)
    assert not heard.left_out and view.path.kind == "static"
    np.testing.assert_array_equal(view.path.R_first_from_camera, standing_camera(TIMES_S).R_first_from_camera)
    assert view.trembling.kind == "turning"
    shift_px = np.linalg.norm(view.tracks[0].landmarks_px - TRACK.landmarks_px, axis=-1).mean(axis=1)
    assert shift_px[0] == 0.0 and shift_px[-1] == pytest.approx(np.deg2rad(1.0) * K[0, 0], rel=0.1)


def test_the_longest_shot_with_people_takes_part() -> None:
    heard, late = Heard(), replace(TRACK.during(TIMES_S >= 0.5), shot=2)
    early = replace(TRACK.during(TIMES_S < 0.2), shot=0)
    paths = [standing_camera(TIMES_S[:6]), standing_camera(np.arange(900) / 30.0), standing_camera(late.times_s)]
    (view,) = standing_views({1: film("b.mp4", *paths, tracks=[early, late])}, heard)
    assert view.tracks == (late,) and tuple(view.span_s) == pytest.approx((0.5, TIMES_S[-1]))
    assert heard.doubts == {1: "b.mp4 has 3 shots; only the longest one with people, from 0.5 to 1.0 s, takes part."}


@pytest.mark.parametrize("people", [1, 2])
def test_the_height_given_holds_in_all_clips_that_show_one_person_alone(people: int) -> None:
    tall = BodySettings(height_m=1.9)
    tracks = [replace(TRACK, number=number + 1) for number in range(people)]
    films = {0: film("a.mp4", standing_camera(TIMES_S), tracks=tracks, body=tall),
             1: film("b.mp4", standing_camera(TIMES_S), body=tall)}  # fmt: skip
    first, second = (view.filmed.footage.settings.body.height_m for view in standing_views(films, Heard()))
    assert first == 1.9 and second == (1.9 if people == 1 else None)


def test_whom_the_user_dropped_is_looked_for_in_other_clips_and_whom_they_merged_is_not() -> None:
    people = [TRACK, replace(TRACK, number=2, left_out="dropped"), replace(TRACK, number=3, left_out="merged into 1")]
    (view,) = standing_views({0: film("a.mp4", standing_camera(TIMES_S), tracks=people)}, Heard())
    assert [track.number for track in view.tracks] == [1, 2]
