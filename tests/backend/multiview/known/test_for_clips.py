from __future__ import annotations

import numpy as np
import pytest

from backend.multiview.known.for_clips import of_clips, rig_of, up_first_of
from backend.multiview.known.known_cameras import Z_UP, KnownCameras, together
from motion.refusal import Refusal
from tests.backend.multiview.known.made_up_rig import SIZES_PX, made_up_cameras

KNOWN = together(made_up_cameras(), True, Z_UP)


def named(*names: str) -> KnownCameras:
    """The cameras under other names, all of one size."""
    copies = {name: np.repeat(getattr(KNOWN, name)[:1], len(names), axis=0) for name in
              ("sizes_px", "distortion", "fisheye", "R_camera_from_world", "t_camera_from_world")}  # fmt: skip
    K = np.repeat(KNOWN.K[:1], len(names), axis=0)
    K[:, 0, 0] += np.arange(len(names))       # by which a test knows them
    return KnownCameras(names, K=K, in_metres=True, up_world=Z_UP, **copies)


def order(cameras: tuple[str, ...], clips: tuple[str, ...]) -> tuple[list[int], int]:
    """Which camera each clip got, and the number of warnings."""
    chosen = of_clips(named(*cameras), clips, [SIZES_PX[0]] * len(clips))
    assert chosen.names == clips
    return [round(K[0, 0] - KNOWN.K[0, 0, 0]) for K in chosen.K], len(chosen.warnings)


@pytest.mark.parametrize("cameras, clips, views", [
    (("left", "right"), ("RIGHT.mp4", "left.MOV"), [1, 0]),
    (("int_cam01_img", "int_cam02_img"), ("cam02.mp4", "cam01.mp4"), [1, 0]),
    (("cam1", "cam10"), ("take 3 cam10.mp4", "take 3 cam1.mp4"), [1, 0]),
    (("cam02/00001.png", "cam01/00001.png"), ("cam01.mp4", "cam02.mp4"), [1, 0]),
    (("gopro", "gopro.b"), ("gopro.mp4", "gopro.b.mp4"), [0, 1]),
    (("door", "left", "right"), ("left.mp4", "door.mp4"), [1, 0]),
    (("A", "B"), ("cam_b.mp4", "cam_a.mp4"), [1, 0]),
])  # fmt: skip
def test_cameras_go_to_the_clips_of_their_names(cameras, clips, views) -> None:
    assert order(cameras, clips) == (views, 0)


@pytest.mark.parametrize("cameras, clips, views", [
    (("cam_0", "cam_1"), ("IMG_4411.mp4", "IMG_0017.mp4"), [0, 1]),
    (("left", "cam_1", "cam_2"), ("one.mp4", "left.mp4", "two.mp4"), [1, 0, 2]),
    (("cam", "cam_b"), ("a/x.mp4", "b/x.mp4"), [0, 1]),
])  # fmt: skip
def test_clips_without_a_name_take_the_rest_in_order_and_it_is_said(cameras, clips, views) -> None:
    assert order(cameras, clips) == (views, 1)


def test_the_warning_names_the_pairs() -> None:
    chosen = of_clips(named("cam_0", "left", "cam_2"), ("x/one.mp4", "left.mp4", "two.mp4"), [SIZES_PX[0]] * 3)
    assert chosen.warnings == ("Names do not tell which camera took which clip, so their order is taken: cam_0 for "
                               "one.mp4 and cam_2 for two.mp4.",)  # fmt: skip


def test_more_cameras_than_nameless_clips_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        order(("cam_0", "cam_1", "cam_2"), ("one.mp4", "two.mp4"))
    assert refused.value.sentence == ("The calibration file names cam_0, cam_1 and cam_2, which says no camera of "
                                      "one.mp4 and two.mp4.")  # fmt: skip


def test_a_smaller_copy_of_a_clip_has_a_smaller_picture_of_the_same_rays() -> None:
    clips, full, small = ("left.mp4", "right.mp4", "door.mp4"), SIZES_PX, ((854, 480), (540, 960), (3840, 2160))
    corner = np.array([[0.1, 0.2], [0.9, 0.4]])
    before, after = of_clips(KNOWN, clips, full), of_clips(KNOWN, clips, small)
    assert np.array_equal(before.K, KNOWN.K)
    for view in range(3):
        rays = [np.linalg.solve(known.K[view], np.column_stack([corner * size[view], np.ones(2)]).T)
                for known, size in ((before, full), (after, small))]  # fmt: skip
        assert np.allclose(*rays)


@pytest.mark.parametrize("size, why", [
    ((1080, 1920), "left was calibrated at 1920 x 1080 pixels, and left.mp4 has 1080 x 1920, turned by 90 degrees."),
    ((540, 960), "left was calibrated at 1920 x 1080 pixels, and left.mp4 has 540 x 960, turned by 90 degrees."),
    ((1440, 1080), "left was calibrated at 1920 x 1080 pixels, and left.mp4 has 1440 x 1080, which is another shape."),
    ((1920, 1088), "left was calibrated at 1920 x 1080 pixels, and left.mp4 has 1920 x 1088, which is another shape."),
])  # fmt: skip
def test_pictures_of_another_shape_are_refused(size, why) -> None:
    with pytest.raises(Refusal) as refused:
        of_clips(KNOWN, ("left.mp4",), [size])
    assert refused.value.sentence == why


def test_the_rig_sees_the_world_as_the_cameras_do() -> None:
    rig, point = rig_of(KNOWN), np.array([0.4, -0.3, 1.2])
    in_cameras = KNOWN.R_camera_from_world @ point + KNOWN.t_camera_from_world
    for view in range(3):
        assert np.allclose(rig.in_camera(view, in_cameras[0]), in_cameras[view])
    assert np.allclose(rig.R_first_from_camera[0], np.eye(3)) and np.allclose(rig.places_first[0], 0.0)
    assert not rig.starts_s.any() and np.all(rig.clock_rates == 1.0)
    raised = KNOWN.R_camera_from_world[0] @ (point + [0, 0, 1.0]) + KNOWN.t_camera_from_world[0]
    assert np.allclose(up_first_of(KNOWN), raised - in_cameras[0])
