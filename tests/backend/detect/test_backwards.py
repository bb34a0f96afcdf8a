"""Back in time from everybody's first finding."""

from __future__ import annotations

import numpy as np
import pytest

from backend.detect import backwards
from backend.detect.backwards import Beginning, looks_back
from backend.detect.looks import Look
from backend.detect.pose import Pose
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from tests.backend.detect.made_up_poses import standing
from tests.backend.detect.made_up_scene import SIZE_PX, Scene, crop_about, picture
from tests.backend.video.made_footage import write_film

COUNT = 60


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Clip:
    return open_clip(write_film(tmp_path_factory.mktemp("film") / "film.mp4", COUNT, size=SIZE_PX), VideoSettings())


@pytest.fixture(autouse=True)
def short_chunks(monkeypatch):
    monkeypatch.setattr(backwards, "LONGEST_CHUNK", 16)


def walk(first: int = 0, start_px: float = 200.0) -> list[Pose | None]:
    return [standing((start_px + 10 * k, 300)) if k >= first else None for k in range(COUNT)]


def looked_back(clip: Clip, scene: Scene, begun: dict[int, tuple[int, int]], known: dict[int, list[Pose]] | None = None,
                shot: np.ndarray | None = None) -> dict[int, list[int]]:  # fmt: skip
    """The pictures in which each tracklet is seen on the way back; `begun`: tracklet to person and picture."""
    beginnings = [
        Beginning(k, tracklet, scene.look([(picture(k), crop_about(scene.people[k][n]))])[0])
        for tracklet, (n, k) in begun.items()
    ]
    shots = np.zeros(COUNT, int) if shot is None else shot
    looks: list[Look] = list(looks_back(clip, shots, beginnings, lambda k: (known or {}).get(k, []), scene))
    assert [look.picture.index for look in looks] == sorted((look.picture.index for look in looks), reverse=True)
    return {tracklet: [look.picture.index for look in looks if tracklet in look.people] for tracklet in begun}


def test_who_was_found_late_is_followed_back_to_the_picture_they_came_in(clip):
    scene = Scene([[pose] for pose in walk(first=7)])
    assert looked_back(clip, scene, {0: (0, 50)})[0] == list(range(49, 6, -1))


def test_the_pictures_are_the_films_own(clip: Clip):
    scene = Scene([[pose] for pose in walk()])
    looked_back(clip, scene, {0: (0, 40)})
    assert {index for index, _, _ in scene.looked} == set(range(41))


def test_several_are_followed_back_each_from_their_own_picture(clip):
    scene = Scene([[one, other] for one, other in zip(walk(3), walk(20, 500), strict=True)])
    seen = looked_back(clip, scene, {4: (0, 30), 9: (1, 55)})
    assert seen[4] == list(range(29, 2, -1)) and seen[9] == list(range(54, 19, -1))


def test_whoever_meets_somebody_known_is_that_person_and_followed_no_further(clip):
    poses = walk()
    known = {k: [poses[k]] for k in range(0, 26)}
    assert looked_back(clip, Scene([[pose] for pose in poses]), {1: (0, 40)}, known)[1] == list(range(39, 24, -1))


def test_nobody_is_followed_across_a_cut(clip):
    shot = np.repeat([0, 1], COUNT // 2)
    assert looked_back(clip, Scene([[pose] for pose in walk()]), {0: (0, 40)}, shot=shot)[0] == list(range(39, 29, -1))


def test_pictures_in_which_nobody_is_followed_are_not_even_decoded(clip, monkeypatch):
    decoded = []
    monkeypatch.setattr(backwards, "pictures", lambda part: decoded.append(part.picture_count) or iter(()))
    scene = Scene([[pose] for pose in walk()])
    looked_back(clip, scene, {})
    assert decoded == []
    looked_back(clip, scene, {0: (0, 20)})
    assert len(decoded) <= 2
