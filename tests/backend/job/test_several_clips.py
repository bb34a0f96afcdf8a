"""Takes of several clips from footage to files. What a perfect detector would find lies in the cache already."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from backend.job.run import run_job
from backend.track.tracks import Track
from motion.job import CACHE, Event, Failure, Request, Result, proxy_name, read_result

from ..made_up_take import SIZE, captured, detected, detected_by_each, home_without_networks, motion_in
from ..multiview.made_up_scene import filmed, rig_about
from ..video.made_footage import write_film

FRAMES = 60
START_S = 0.4     # of the second clip, by the first one's time
RIG = rig_about((0.0, 75.0), (0.0, START_S))
KNOWN = {"camera": {"motion": "static", "focal_mm": 36.0 * 1000.0 / 1080.0}, "hypotheses": {"samples": 0}}


def in_film(track: Track, right_px: float = 0.0) -> Track:
    """In a picture half as large as the made-up camera's."""
    return replace(track, landmarks_px=0.5 * track.landmarks_px + [right_px, 0.0])


DANCER = tuple(in_film(lift.track) for lift in filmed(RIG, FRAMES))
STRANGER = tuple(in_film(lift.track) for lift in filmed(RIG, FRAMES, seed=7))


@pytest.fixture
def films(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    home_without_networks(tmp_path / "home")
    return [write_film(tmp_path / f"cam {number}.mp4", FRAMES, size=SIZE, level=1.0 - 0.1 * number)
            for number in (1, 2, 3)]  # fmt: skip


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


def together(job: Path, films: Sequence[Path], people: Sequence[Sequence[Track]], **settings: object
             ) -> Result | Failure:  # fmt: skip
    settings = {**KNOWN, **settings}
    detected_by_each(job, dict(zip(films, people, strict=True)), **settings)
    return captured(job, films, **settings)


def test_two_clips_make_one_take(job: Path, films: list[Path]) -> None:
    detected_by_each(job, {films[0]: DANCER[:1], films[1]: DANCER[1:]}, **KNOWN)
    result = captured(job, films[:2], preview=True, **KNOWN)
    assert isinstance(result, Result), result
    assert len(result.people) == 1 and result.people[0].seen_share == 1.0
    first, second = result.cameras
    assert [first.clip, second.clip] == [str(film) for film in films[:2]] and first.used and second.used
    assert abs(second.offset_frames - 30.0 * START_S) < 1.0
    assert 65.0 < second.angle_deg < 85.0 and 0.0 < second.confidence <= 1.0
    assert second.focal_mm == pytest.approx(first.focal_mm, rel=0.05)
    assert read_result(job).cameras == result.cameras
    motion = motion_in(job)
    assert abs(motion.frame_count - (FRAMES + 12)) <= 1 and motion.start_s == 0.0 and motion.rate == 30
    assert [camera.video_path for camera in motion.cameras] == [str(film) for film in films[:2]]
    assert motion.versions["views lifter"]
    assert motion.cameras[1].time_offset_s == pytest.approx(-START_S, abs=0.03)
    with av.open(str(job / result.preview)) as container:
        assert sum(1 for _ in container.decode(video=0)) == motion.frame_count
    assert list(result.stages_s) == ["open", "detect", "track", "camera", "lift", "rig", "world", "write", "preview"]


def test_a_clip_without_people_is_left_out_and_said(job: Path, films: list[Path]) -> None:
    result = together(job, films[:2], [DANCER[:1], []])
    assert isinstance(result, Result), result
    sentence = f"No person was found in {films[1].name}, so it has no part in the take."
    assert sentence in result.warnings and result.cameras[1].doubts == (sentence,)
    assert [camera.used for camera in result.cameras] == [True, False]
    both = motion_in(job)
    detected(job, films[0], DANCER[:1], **KNOWN)
    captured(job, films[0], **KNOWN)
    np.testing.assert_array_equal(motion_in(job).R_parent_from_joint, both.R_parent_from_joint)
    np.testing.assert_array_equal(motion_in(job).root_world, both.root_world)


def test_the_second_clip_alone_makes_the_take_if_nobody_is_in_the_first(job: Path, films: list[Path]) -> None:
    result = together(job, films[:2], [[], DANCER[1:]])
    assert isinstance(result, Result), result
    assert [camera.used for camera in result.cameras] == [False, True]
    assert motion_in(job).cameras[0].video_path == str(films[1])


def test_nobody_anywhere_is_refused(job: Path, films: list[Path]) -> None:
    failure = together(job, films[:2], [[], []])
    assert (failure.code, failure.sentence) == ("no-person", "No person was found in any of the 2 clips.")


def test_one_film_twice_is_refused_by_its_names(job: Path, films: list[Path], tmp_path: Path) -> None:
    failure = captured(job, [films[0], films[0]])
    assert (failure.code, failure.sentence) == ("same-clip", f"{films[0].name} is in the take twice.")
    copied = tmp_path / "copy.mp4"
    copied.write_bytes(films[0].read_bytes())
    assert captured(job, [films[0], copied]).sentence == f"{films[0].name} and copy.mp4 are the same film."


def test_a_second_clip_that_cannot_be_read_is_named(job: Path, films: list[Path], tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_text("no film")
    assert captured(job, [films[0], tmp_path / "broken.mp4"]).sentence.startswith("broken.mp4 is not a video")
    assert str(tmp_path / "gone.mp4") in captured(job, [films[0], tmp_path / "gone.mp4"]).sentence


def test_keypoints_of_one_clip_are_not_taken_for_all(job: Path, films: list[Path]) -> None:
    assert captured(job, films[:2], detect={"model": "walk.json"}).code == "keypoints-of-one"


def test_a_clip_of_somebody_else_is_left_out_and_the_first_one_makes_the_take(job: Path, films: list[Path]) -> None:
    result = together(job, films[:2], [DANCER[:1], STRANGER[1:]])
    assert isinstance(result, Result), result
    assert not result.cameras[1].used and result.cameras[1].doubts
    assert any(films[1].name in sentence for sentence in result.warnings)
    assert len(motion_in(job).cameras) == 1 and motion_in(job).frame_count == FRAMES


def test_with_a_third_clip_the_first_two_are_not_looked_at_again(job: Path, films: list[Path]) -> None:
    """Whoever detects fails here."""
    assert isinstance(together(job, films[:2], [DANCER[:1], DANCER[1:]]), Result)
    kept = set((job / CACHE).glob("detect-*.npz"))
    assert isinstance(captured(job, films, **KNOWN), Failure)
    assert isinstance(captured(job, [films[2], *films[:2]], **KNOWN), Failure)
    assert kept == set((job / CACHE).glob("detect-*.npz")) and len(kept) == 2
    assert isinstance(captured(job, films[1::-1], **KNOWN), Result)


def test_events_say_which_clip(job: Path, films: list[Path]) -> None:
    heard: list[Event] = []
    detected_by_each(job, {films[0]: DANCER[:1], films[1]: DANCER[1:]}, camera={"motion": "auto"})
    Request(tuple(map(str, films[:2])), {"camera": {"motion": "auto"}, "hypotheses": {"samples": 0}}, False).write(job)
    run_job(job, listener=heard.append)
    of_camera = [event for event in heard if event.stage == "camera" and event.of]
    assert {event.doing for event in of_camera} == {f"Following the camera, clip {number} of 2" for number in (1, 2)}
    done = [event.done for event in of_camera]
    assert done == sorted(done) and done[-1] == of_camera[-1].of == 2 * FRAMES


def test_a_take_that_was_stopped_goes_on_from_what_is_kept(job: Path, films: list[Path]) -> None:
    stop = threading.Event()
    detected_by_each(job, {films[0]: DANCER[:1], films[1]: DANCER[1:]}, **KNOWN)
    Request(tuple(map(str, films[:2])), KNOWN, False).write(job)
    ended = run_job(job, listener=lambda event: stop.set() if event.stage == "rig" else None, stop=stop)
    assert ended.code == "cancelled"
    assert isinstance(captured(job, films[:2], **KNOWN), Result)


def test_every_clip_that_blender_could_not_show_has_a_proxy(job: Path, tmp_path: Path, films: list[Path]) -> None:
    turned = write_film(tmp_path / "turned.mp4", FRAMES, size=SIZE, rotation=90, level=0.6)
    assert isinstance(together(job, [films[0], turned], [DANCER[:1], DANCER[1:]]), Result)
    assert not (job / proxy_name(0)).exists() and (job / proxy_name(1)).exists()
    assert isinstance(together(job, films[:2], [DANCER[:1], DANCER[1:]]), Result)
    assert not (job / proxy_name(1)).exists()


def test_one_clip_says_that_it_has_no_use_for_a_calibration(job: Path, films: list[Path]) -> None:
    settings = {**KNOWN, "multiview": {"calibration_file": "rig.toml"}}
    detected_by_each(job, {films[0]: DANCER[:1]}, **settings)
    result = captured(job, films[:1], **settings)
    assert isinstance(result, Result), result
    assert any("The calibration has no part in a take of one clip" in sentence for sentence in result.warnings)


def test_rates_may_differ(job: Path, tmp_path: Path, films: list[Path]) -> None:
    slow = write_film(tmp_path / "slow.mp4", FRAMES // 2, Fraction(15), size=SIZE, level=0.6)
    coarse = DANCER[1].during(np.ones(FRAMES, dtype=bool))
    every = {name: getattr(coarse, name)[::2] for name in ("times_s", "seen", "landmarks_px", "scores", "doubts_px",
             "landmarks_camera", "hands_px", "hands_camera", "hand_scores")}  # fmt: skip
    result = together(job, [films[0], slow], [DANCER[:1], [replace(coarse, **every)]])
    assert isinstance(result, Result), result
    assert result.cameras[1].used and abs(result.cameras[1].offset_frames - 30.0 * START_S) < 1.5
    assert motion_in(job).rate == 30
