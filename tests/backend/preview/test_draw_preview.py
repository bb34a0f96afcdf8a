"""preview.mp4 as a whole: a made-up walk over made-up footage."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from backend.preview.draw_preview import PreviewSettings, draw_preview
from backend.progress import Cancelled, silent
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from motion.body import Body
from motion.motion import Camera, Motion
from motion.refusal import Refusal
from motion.rotations import matrix_from_axis_angle
from motion.skeleton import JOINT_COUNT
from tests.box_body import PELVIS_HEIGHT, box_body_model

WIDTH, HEIGHT, COUNT = 320, 180, 40
RATE = Fraction(30000, 1001)
GREY = 90
SETTINGS = PreviewSettings(longest_side_px=240)


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    path = tmp_path / "grey.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(COUNT):
            frame = av.VideoFrame.from_ndarray(np.full((HEIGHT, WIDTH, 3), GREY, dtype=np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, 1 / RATE
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return open_clip(path, VideoSettings())


@pytest.fixture
def body() -> Body:
    return box_body_model().shaped([0.4, 0.2])


def standing(body: Body, x: float, frames: int = COUNT, **fields) -> Motion:
    """Somebody who stands at (x, 0) and faces the camera, which looks along the world's y from 4 m away."""
    R = np.tile(np.eye(3), (frames, JOINT_COUNT, 1, 1))
    R[:, 0] = matrix_from_axis_angle(np.array([np.pi / 2, 0, 0]))
    K = np.array([[250.0, 0, WIDTH / 2], [0, 250.0, HEIGHT / 2], [0, 0, 1]])
    R_camera_from_world = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    camera = Camera(
        K=np.tile(K, (frames, 1, 1)), R_camera_from_world=np.tile(R_camera_from_world, (frames, 1, 1)),
        t_camera_from_world=np.tile(-R_camera_from_world @ (0.0, -4.0, 1.0), (frames, 1)), width_px=WIDTH,
        height_px=HEIGHT, landmarks_px=np.full((frames, 33, 2), np.nan), scores=np.zeros((frames, 33)),
    )  # fmt: skip
    root = np.tile((x, 0.0, PELVIS_HEIGHT), (frames, 1))
    return Motion(body.skeleton, RATE, R, root, cameras=(camera,), **fields)


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]


def drawn(picture: np.ndarray) -> np.ndarray:
    """Where the footage half no longer shows the grey footage; the time code's corner is left out."""
    changed = np.abs(picture[:, :240] - GREY).max(axis=-1) > 25
    changed[-24:, :60] = False
    return changed


def test_the_film_has_a_picture_for_each_frame_at_the_rate_of_the_motion(clip, body, tmp_path):
    path = tmp_path / "preview.mp4"
    draw_preview(clip, [standing(body, 0.0)], [body], path, SETTINGS, silent)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == RATE
        assert (stream.width, stream.height) == (240 + 180, 136)
        assert sum(1 for _ in container.decode(stream)) == COUNT
    assert sorted(p.name for p in tmp_path.iterdir()) == ["grey.mp4", "preview.mp4"]


@pytest.mark.parametrize("x", [-0.9, 0.0, 0.8])
def test_the_body_is_where_the_footage_camera_sees_it(clip, body, tmp_path, x):
    path = tmp_path / "preview.mp4"
    draw_preview(clip, [standing(body, x)], [body], path, SETTINGS, silent)
    columns = np.flatnonzero(drawn(frames_of(path)[COUNT // 2]).any(axis=0))
    wanted_px = (WIDTH / 2 + 250.0 * x / 4.0) * 240 / WIDTH
    assert 0.5 * (columns[0] + columns[-1] + 1) == pytest.approx(wanted_px, abs=2.0)


def test_who_is_not_seen_is_only_a_ghost_with_a_mark(clip, body, tmp_path):
    path = tmp_path / "preview.mp4"
    seen = np.arange(COUNT) < COUNT // 2
    draw_preview(clip, [standing(body, 0.0, seen=seen)], [body], path, SETTINGS, silent)
    early, late = (frames_of(path)[k] for k in (5, COUNT - 5))
    chest = (slice(50, 60), slice(116, 124))
    assert 5 < np.abs(late[chest] - GREY).max() < 0.6 * np.abs(early[chest] - GREY).max()
    assert drawn(late)[:31].sum() > drawn(early)[:31].sum() + 20


def test_people_have_their_own_colours_and_names(clip, body, tmp_path):
    path = tmp_path / "preview.mp4"
    draw_preview(clip, [standing(body, -0.9), standing(body, 0.9)], [body, body], path, SETTINGS, silent)
    picture = frames_of(path)[3]
    left, right = picture[55, 78], picture[55, 162]
    assert left[0] > left[2] + 40 and right[2] > right[0] + 20


def test_somebody_who_comes_later_is_only_drawn_then(clip, body, tmp_path):
    path = tmp_path / "preview.mp4"
    late = standing(body, 0.9, COUNT - 25, start_s=25 / float(RATE))
    draw_preview(clip, [standing(body, -0.9), late], [body, body], path, SETTINGS, silent)
    pictures = frames_of(path)
    assert len(pictures) == COUNT
    assert [bool(drawn(pictures[k])[:, 150:175].any()) for k in (10, 23, 27, 39)] == [False, False, True, True]


def test_each_shot_has_its_own_stage_and_nobody_of_another_shot_on_it(clip, body, tmp_path):
    cut, others_s = 25, 25 / float(RATE)
    near, far = standing(body, 0.0, cut), standing(body, 30.0, COUNT - cut, start_s=others_s)
    films = [tmp_path / "alone.mp4", tmp_path / "cut.mp4"]
    for path, motions in zip(films, ([near], [near, far]), strict=True):
        draw_preview(clip, motions, [body] * len(motions), path, SETTINGS, silent)
    alone, both = map(frames_of, films)
    assert len(both) == COUNT
    # With both worlds on one stage the person would be small on it.
    assert np.abs(alone[12][:, 240:] - both[12][:, 240:]).max() < 30
    assert np.abs(both[12][:, 240:] - both[-1][:, 240:]).max() > 100


def test_full_and_light_bodies_can_be_given(clip, body, tmp_path):
    light = replace(body, model=body.model.light(), vertices=body.vertices[body.model.preview_vertices])
    films = [tmp_path / "full.mp4", tmp_path / "light.mp4"]
    for path, given in zip(films, (body, light), strict=True):
        draw_preview(clip, [standing(body, 0.0)], [given], path, SETTINGS, silent)
    np.testing.assert_array_equal(frames_of(films[0])[7], frames_of(films[1])[7])


@pytest.mark.parametrize("longest_side_px, size", [(320, (560, 180)), (160, (280, 90)), (2000, (560, 180))])
def test_the_footage_is_shrunk_to_the_setting_and_never_enlarged(clip, body, tmp_path, longest_side_px, size):
    path = tmp_path / "preview.mp4"
    settings = replace(SETTINGS, longest_side_px=longest_side_px)
    draw_preview(clip, [standing(body, 0.0, 2)], [body], path, settings, silent)
    assert frames_of(path)[0].shape[1::-1] == size


@pytest.mark.parametrize("change", [{"opacity": 0.4}, {"side_angle_deg": 0.0}])
def test_each_setting_changes_the_picture(clip, body, tmp_path, change):
    films = [tmp_path / "usual.mp4", tmp_path / "changed.mp4"]
    for path, settings in zip(films, (SETTINGS, replace(SETTINGS, **change)), strict=True):
        draw_preview(clip, [standing(body, 0.0, 2)], [body], path, settings, silent)
    usual, changed = (frames_of(path)[0] for path in films)
    assert np.abs(usual - changed).max() > 40


@pytest.mark.parametrize("change, sentence", [
    ({"longest_side_px": 0}, "A preview of 0 pixels is too small to show anything."),
    ({"opacity": 1.5}, "Bodies cannot be drawn with an opacity of 1.5."),
    ({"opacity": float("nan")}, "Bodies cannot be drawn with an opacity of nan."),
])  # fmt: skip
def test_impossible_settings_are_refused_in_words(change, sentence):
    with pytest.raises(Refusal) as refused:
        replace(SETTINGS, **change)
    assert refused.value.sentence == sentence


def test_progress_counts_frames_to_the_end_and_tells_how_many_people(clip, body, tmp_path):
    told: list[tuple[int, int, int]] = []
    draw_preview(clip, [standing(body, 0.0)], [body], tmp_path / "p.mp4", SETTINGS, lambda *step: told.append(step))
    assert told[0] == (0, COUNT, 1) and told[-1] == (COUNT, COUNT, 1)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_a_cancelled_preview_leaves_no_file(clip, body, tmp_path):
    def stop(done: int, of: int, people: int) -> None:
        if done > 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        draw_preview(clip, [standing(body, 0.0)], [body], tmp_path / "preview.mp4", SETTINGS, stop)
    assert [p.name for p in tmp_path.iterdir()] == ["grey.mp4"]


def test_other_cameras_stand_at_the_right_dark_while_they_do_not_run(clip, body, tmp_path):
    path, begun = tmp_path / "preview.mp4", 10
    motion = standing(body, 0.0)
    offset_s = -begun / float(RATE)
    other = replace(motion.cameras[0], time_offset_s=offset_s)
    aside = replace(other, t_camera_from_world=other.t_camera_from_world + [0.8, 0.0, 0.0])
    motion = replace(motion, cameras=(motion.cameras[0], aside, other))
    draw_preview(clip, [motion], [body], path, SETTINGS, silent, beside=[clip, clip])
    pictures = frames_of(path)
    column = pictures[30][:, 240 + 180 :]
    assert column.shape[1] == 120 and len(pictures) == COUNT
    upper, lower = column[:68], column[68:]
    wide = [np.flatnonzero((np.abs(row - GREY).max(axis=-1) > 25)[5:40].any(axis=0)).mean() for row in (upper, lower)]
    assert wide == pytest.approx([60 + 250.0 * 0.8 / 4.0 * 120 / WIDTH, 60.0], abs=3.0)
    corners = [int(picture[10, -4].mean()) for picture in (pictures[begun - 4], pictures[begun + 1])]
    assert corners[0] < 0.4 * GREY < 0.9 * GREY < corners[1]
