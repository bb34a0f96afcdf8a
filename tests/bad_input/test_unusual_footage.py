"""Footage that is unusual and yet fine: the take has its length, its times and its person, and the footage upright."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from motion.job import PREVIEW, PROXY, Result
from tests.backend.made_up_take import SIZE, captured, detected, motion_in, somebody
from tests.backend.video.made_footage import number_in, write_film


def test_one_frame_is_a_take(job: Path, tmp_path: Path) -> None:
    film = write_film(tmp_path / "still.mp4", 1, size=SIZE)
    detected(job, film, [somebody(1)])
    result = captured(job, film, preview=True)
    assert isinstance(result, Result) and result.people[0].frames == 1
    assert np.isfinite(motion_in(job).world_joints()).all() and pictures_of(job / PREVIEW) == 1


def test_8k_is_captured(job: Path, tmp_path: Path) -> None:
    size = (16 * SIZE[0], 16 * SIZE[1])   # 7680 x 8640
    film = write_film(tmp_path / "8k.mp4", 2, size=size, options={"preset": "ultrafast"})
    detected(job, film, [somebody(2, size=size)])
    result = captured(job, film, preview=True)
    assert isinstance(result, Result) and result.people[0].reprojection_px < 16 * 30.0
    assert motion_in(job).cameras[0].width_px == size[0]
    with av.open(str(job / PREVIEW)) as container:
        assert max(container.streams.video[0].width, container.streams.video[0].height) < 2000


def test_240_frames_a_second_stay_240(job: Path, tmp_path: Path) -> None:
    rate = Fraction(240)
    film = write_film(tmp_path / "fast.mp4", 120, rate, SIZE)
    detected(job, film, [somebody(120, rate)])
    assert isinstance(captured(job, film), Result)
    motion = motion_in(job)
    assert motion.rate == rate and motion.times_s[-1] == pytest.approx(119 / 240)


def test_a_variable_rate_keeps_its_seconds(job: Path, tmp_path: Path) -> None:
    """Pictures at 30 a second, in the second half at 15: the motion is even and as long as the footage."""
    ticks = [3000 * k for k in range(15)] + [45000 + 6000 * k for k in range(8)]
    film = write_film(tmp_path / "phone.mp4", len(ticks), size=SIZE, ticks=ticks)
    person = somebody(31)
    shown = [tick // 3000 for tick in ticks]
    detected(job, film, [at_pictures(person, shown)])
    assert isinstance(captured(job, film), Result)
    motion = motion_in(job)
    assert motion.times_s[-1] == pytest.approx(ticks[-1] / 90000, abs=0.04)
    np.testing.assert_allclose(motion.cameras[0].source_times_s, np.array(ticks) / 90000, atol=1e-6)
    times = [round(time_s * 30) for time_s in motion.times_s]
    wanted_px = person.landmarks_px[times, 15]   # the left wrist, which moves
    np.testing.assert_allclose(motion.cameras[0].landmarks_px[:, 15], wanted_px, atol=6.0)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_footage_is_upright_in_motion_and_proxy(job: Path, tmp_path: Path, rotation: int) -> None:
    film = write_film(tmp_path / "turned.mp4", 12, size=SIZE, rotation=rotation)
    detected(job, film, [somebody(12)])
    assert isinstance(captured(job, film), Result)
    camera = motion_in(job).cameras[0]
    assert (camera.width_px, camera.height_px) == SIZE
    up = motion_in(job).world_joints()[0]
    assert up[15, 2] > up[0, 2] > up[7, 2]   # head over pelvis over ankle
    with av.open(str(job / PROXY)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert [number_in(frame) for frame in frames] == list(range(12))


def test_who_is_there_for_a_part_only_is_marked_and_not_invented(job: Path, tmp_path: Path) -> None:
    film = write_film(tmp_path / "passing.mp4", 90, size=SIZE)
    seen = np.zeros(90, dtype=bool)
    seen[30:70] = True
    detected(job, film, [replace(somebody(90), seen=seen)])
    result = captured(job, film)
    assert isinstance(result, Result) and result.people[0].seen_share == pytest.approx(40 / 90, abs=0.03)
    motion = motion_in(job)
    assert motion.frame_count == 90
    np.testing.assert_array_equal(motion.seen, seen)
    assert not motion.confidence[~seen].any() and np.isnan(motion.cameras[0].landmarks_px[~seen]).all()


@pytest.mark.parametrize("name", [
    "Tanz & 舞 – Übung.mp4", "رقص.mp4", "танец 🕺.mp4", "100 %d %03d.mp4", "it's \"it\".mov", "-dash.mp4", "a\nb.mp4",
])  # fmt: skip
def test_any_name_of_clip_and_folder_will_do(home: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / Path(name).stem
    folder.mkdir()
    film = write_film(tmp_path / name, 12, size=SIZE)
    detected(folder, film, [somebody(12)])
    result = captured(folder, film, preview=True)
    assert isinstance(result, Result) and result.preview == PREVIEW
    assert motion_in(folder).cameras[0].video_path == str(film)


def at_pictures(person, shown: list[int]):
    """What is seen of a person who moves evenly, in pictures taken at these frames."""
    fields = ("seen", "landmarks_px", "scores", "doubts_px", "landmarks_camera", "hands_px", "hands_camera",
              "hand_scores")  # fmt: skip
    return replace(person, times_s=person.times_s[shown], **{name: getattr(person, name)[shown] for name in fields})


def pictures_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))
