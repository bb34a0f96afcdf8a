"""Pictures of people: the right moment of the right film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from backend.job.thumbnails import SIDE_PX, best_moment, seen_from_to_s, thumbnails_png
from backend.track.tracks import Track
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip

from ..lift.made_up_track import reaching_and_stepping
from ..video.made_footage import number_in, numbered_picture, write_film

FRAMES = 45
PICTURE_PX = (960, 1080)


def standing() -> Track:
    """Somebody who does not move, seen all the time, half turned to the camera."""
    track = reaching_and_stepping(frames=FRAMES).track
    return replace(track, **{name: np.tile(getattr(track, name)[:1], (FRAMES, *[1] * (getattr(track, name).ndim - 1)))
                             for name in ("landmarks_px", "landmarks_camera", "scores")})  # fmt: skip


def changed(track: Track, name: str, frames: slice, change) -> Track:
    values = np.array(getattr(track, name))
    values[frames] = change(values[frames])
    return replace(track, **{name: values})


def nobody(frames: slice) -> Track:
    """A track that is NaN where it is not seen."""
    track = changed(standing(), "landmarks_px", frames, lambda px: np.full_like(px, np.nan))
    return changed(replace(track, scores=np.ones((FRAMES, 33))), "seen", frames, np.zeros_like)


@pytest.mark.parametrize("name, worse", [
    ("scores", lambda scores: 0.3 * scores),
    ("landmarks_px", lambda px: 0.5 * px),                                   # far away
    ("landmarks_px", lambda px: px + [700.0, 0.0]),                          # half out of the picture
    ("landmarks_px", lambda px: PICTURE_PX - px),                            # on the head
    ("landmarks_camera", lambda m: m * [-1.0, 1.0, -1.0]),                   # from behind
])  # fmt: skip
def test_the_moment_is_where_a_person_is_sure_large_whole_upright_and_looks_here(name, worse) -> None:
    good = 31
    track = changed(changed(standing(), name, slice(good), worse), name, slice(good + 1, None), worse)
    assert best_moment(track, [], PICTURE_PX) == good


def test_somebody_else_before_a_person_spoils_the_moment() -> None:
    passing = nobody(slice(20, 25))
    assert best_moment(standing(), [passing], PICTURE_PX) in range(20, 25)


def test_only_where_somebody_was_seen_is_a_moment_and_a_time() -> None:
    track = nobody(slice(30))
    assert best_moment(track, [], PICTURE_PX) >= 30
    assert seen_from_to_s(track) == pytest.approx((1.0, 44 / 30))


def seen_once(frames: int, moment: int, side_px: int) -> Track:
    """Somebody who is there in one frame, from corner to corner of a square picture."""
    landmarks_px = np.full((frames, 33, 2), np.nan)
    landmarks_px[moment] = np.linspace(0.0, side_px, 33)[:, None]
    landmarks_px[moment, 24] = side_px   # a hip, up to which the picture goes
    return replace(reaching_and_stepping(frames=frames).track, seen=np.arange(frames) == moment,
                   landmarks_px=landmarks_px)  # fmt: skip


@pytest.mark.parametrize("in_s", [0.0, 3.0])
def test_the_picture_is_that_of_the_moment_wherever_the_take_begins(tmp_path: Path, in_s: float) -> None:
    film = write_film(tmp_path / "a.mp4", 420, size=(120, 120), options={"g": "50"})
    clip = open_clip(film, VideoSettings(in_s=in_s))
    moments = [300, 17, 17, 18, 2]
    made = thumbnails_png(clip, [seen_once(clip.picture_count, moment, 120) for moment in moments])
    shown = [cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR) for png in made]
    assert {picture.shape for picture in shown} == {(SIDE_PX, SIDE_PX, 3)}
    assert [number_in(picture) for picture in shown] == [moment + round(30 * in_s) for moment in moments]


def test_pictures_of_a_sequence_are_found_too(tmp_path: Path) -> None:
    for number in range(8):
        cv2.imwrite(str(tmp_path / f"p_{number:03d}.png"), numbered_picture(number, 120, 120))
    clip = open_clip(tmp_path / "p_000.png", VideoSettings())
    made = thumbnails_png(clip, [seen_once(8, moment, 120) for moment in (6, 1)])
    assert [number_in(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)) for png in made] == [6, 1]


def test_somebody_who_is_never_seen_has_no_picture(tmp_path: Path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"p_{number:03d}.png"), numbered_picture(number, 120, 120))
    clip, seen = open_clip(tmp_path / "p_000.png", VideoSettings()), seen_once(3, 1, 120)
    unseen = replace(seen, seen=np.zeros(3, bool), landmarks_px=np.full((3, 33, 2), np.nan))
    made = thumbnails_png(clip, [unseen, seen])
    assert made[0] == b"" and made[1]


def test_people_of_other_shots_are_in_nobodys_way(tmp_path: Path) -> None:
    clip = open_clip(write_film(tmp_path / "a.mp4", 40, size=(120, 120)), VideoSettings())
    late = replace(seen_once(40, 33, 120).during(np.arange(40) >= 30), shot=1)
    made = thumbnails_png(clip, [seen_once(40, 5, 120).during(np.arange(40) < 30), late])
    assert [number_in(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)) for png in made] == [5, 33]
