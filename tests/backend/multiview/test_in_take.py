"""What standing cameras saw, brought together: made-up people, lifted without error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from backend.cameras.camera_path import standing_camera
from backend.cameras.projection import projected
from backend.lift.lift import Lift
from backend.multiview.findings import Findings
from backend.multiview.in_take import bring_together
from backend.multiview.rig import Rig
from backend.multiview.together import Together
from backend.multiview.views import CameraView
from backend.one_clip import Filmed, Footage
from backend.settings import settings_from
from backend.video.clip import VideoSettings
from backend.world.place import place
from motion.job import CameraResult
from tests.backend.lift.made_up_track import K
from tests.backend.multiview.made_up_scene import dancing, filmed, rig_about

FRAMES = 60
RIG = rig_about((0.0, 75.0), (0.0, 0.4))
SETTINGS = settings_from({"body": {"height_m": 1.7}})


class Said:
    """A watch that keeps what it hears."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn_once(self, sentence: str) -> None:
        self.warnings.append(sentence)


def film(name: str, lifts: Sequence[Lift], video: VideoSettings | None = None) -> Filmed:
    clip = SimpleNamespace(
        path=Path(name), rate=Fraction(30), times_s=np.arange(FRAMES) / 30.0, width_px=960, height_px=1080, sha256=name,
        byte_count=1, settings=video or VideoSettings(), pictures=("no sound",), slowness=1.0,
    )  # fmt: skip
    return Filmed(Footage(clip, SETTINGS), [lift.track for lift in lifts], K, True, {0: standing_camera(clip.times_s)})


def brought(*people: Sequence[Lift], video: VideoSettings | None = None
            ) -> tuple[Together | None, tuple[CameraResult, ...], list[str]]:  # fmt: skip
    """`people` as each camera lifted them."""
    films = [film(f"cam{view}.mp4", lifts, video if view == 0 else None) for view, lifts in enumerate(people)]
    views = [CameraView(view, each, each.cameras[0], tuple(each.found), each.cameras[0], tuple(lifts))
             for view, (each, lifts) in enumerate(zip(films, people, strict=True))]  # fmt: skip
    watch = Said()
    findings = Findings([each.footage for each in films], watch)
    together = bring_together(views, None, SETTINGS, None, findings)
    if together is not None:
        together.say(together.lifts(SETTINGS, "cpu", lambda: None), findings)
    return together, findings.all(), watch.warnings


def moved_by(lift: Lift, shift_first: np.ndarray, rig: Rig, view: int) -> Lift:
    """The same person elsewhere."""
    lift = replace(lift, root_camera=lift.root_camera + shift_first @ rig.R_first_from_camera[view])
    return replace(lift, track=replace(lift.track, landmarks_px=projected(lift.points_camera()[:, :33], K)))


@pytest.fixture(scope="module")
def dancer() -> tuple[Lift, ...]:
    return filmed(RIG, FRAMES)


def test_what_is_found_of_each_camera_is_true(dancer: tuple[Lift, ...]) -> None:
    together, (first, second), warnings = brought(*([lift] for lift in dancer))
    assert together is not None and not warnings
    assert (first.offset_s, first.angle_deg, first.distance_m) == pytest.approx((0.0, 0.0, 0.0))
    assert second.offset_frames == pytest.approx(12.0, abs=0.3) and second.offset_sigma_frames < 0.5
    assert second.angle_deg == pytest.approx(75.0, abs=5.0)
    assert second.distance_m == pytest.approx(np.linalg.norm(RIG.places_first[1]), rel=0.06)
    assert second.focal_mm == pytest.approx(1000.0 / 1080.0 * 36.0)


def test_all_who_see_somebody_lift_them_together_in_one_world(dancer: tuple[Lift, ...]) -> None:
    together, _, _ = brought(*([lift] for lift in dancer))
    (lift,) = together.lifts(SETTINGS, "cpu", lambda: None)
    _, root = dancing(lift.track.times_s)
    assert np.median(np.linalg.norm(lift.root_camera - root, axis=-1)) < 0.15
    (placed,) = place([lift], together.views[0].filmed.footage.clip, together.camera(), SETTINGS.world, True, True,
                      together.beside())  # fmt: skip
    motion = placed.motion
    assert motion.frame_count == 72 and motion.seen.all() and len(motion.cameras) == 2
    assert np.isnan(motion.cameras[1].landmarks_px[:12]).all() and np.isnan(motion.cameras[0].landmarks_px[60:]).all()


def test_whom_one_camera_alone_sees_is_in_the_take_too(dancer: tuple[Lift, ...]) -> None:
    others = filmed(RIG, FRAMES, seed=3)
    alone = moved_by(others[1], np.array([2.5, 0.0, 0.5]), RIG, 1)
    together, _, _ = brought([dancer[0]], [dancer[1], alone])
    assert [set(views) for views in together.people] == [{0, 1}, {1}]
    second = together.lifts(SETTINGS, "cpu", lambda: None)[1]
    _, root = dancing(second.track.times_s, seed=3)
    seen = second.track.seen
    off_m = np.linalg.norm(second.root_camera - root - [2.5, 0.0, 0.5], axis=-1)[seen]
    assert np.median(off_m) < 0.4 and together.followed(1)[1] == 1


def test_whom_the_user_dropped_in_the_first_clip_is_dropped_in_all(dancer: tuple[Lift, ...]) -> None:
    shift = np.array([1.8, 0.0, 0.3])
    others = [moved_by(lift, shift, RIG, view) for view, lift in enumerate(filmed(RIG, FRAMES, seed=3))]
    dropped = replace(others[0], track=replace(others[0].track, left_out="dropped", number=2))
    together, _, _ = brought([dancer[0], dropped], [dancer[1], others[1]])
    assert [set(views) for views in together.people] == [{0, 1}]


def test_a_part_of_the_first_clip_is_the_whole_take(dancer: tuple[Lift, ...]) -> None:
    together, _, _ = brought(*([lift] for lift in dancer), video=VideoSettings(in_s=1.0))
    assert together.grid.frame_count == FRAMES and together.grid.zero_frame == 0


def seen_late(lift: Lift, frames: int) -> Lift:
    """The same person, seen in the clip's last frames alone."""
    seen = np.arange(FRAMES) >= FRAMES - frames
    track = lift.track
    return replace(lift, track=replace(
        track, seen=seen, landmarks_px=np.where(seen[:, None, None], track.landmarks_px, np.nan),
        scores=np.where(seen[:, None], track.scores, 0.0)))  # fmt: skip


def test_who_passes_another_camera_when_a_part_of_the_first_clip_is_over_has_no_part(dancer: tuple[Lift, ...]) -> None:
    passer_by = moved_by(filmed(RIG, FRAMES, seed=3)[1], np.array([2.5, 0.0, 0.5]), RIG, 1)
    together, _, _ = brought([dancer[0]], [dancer[1], seen_late(passer_by, 10)], video=VideoSettings(first_frame=2))
    assert [set(views) for views in together.people] == [{0, 1}]


def test_clips_of_different_people_are_not_brought_together(dancer: tuple[Lift, ...]) -> None:
    together, (first, second), warnings = brought([dancer[0]], [filmed(RIG, FRAMES, seed=9)[1]])
    assert together is None and first.used and not second.used
    assert warnings == list(second.doubts) and warnings[0].startswith("What cam1.mp4 shows fits no other clip")


def test_one_camera_alone_needs_no_other(dancer: tuple[Lift, ...]) -> None:
    assert brought([dancer[0]])[0] is None
