"""A module of this folder that finds people itself."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from backend.detect import detector
from backend.detect.detector import DetectSettings, digests
from backend.detect.find_people import segments_to_look_at
from backend.detect.models import model_files
from backend.detect.other.other_pose import OtherPose
from backend.detect.taken_over import looks_with_keypoints
from backend.video.pictures import Picture
from motion.choices import Choice
from motion.refusal import Refusal
from tests.backend.detect.made_up_poses import standing
from tests.backend.detect.made_up_scene import Scene, picture

CLIP = SimpleNamespace(picture_count=5000)


@pytest.fixture
def reads(monkeypatch, tmp_path):
    """The file that the made-up detector "waves" reads."""
    file = tmp_path / "waves.csv"
    module = SimpleNamespace(reads=lambda clip: [file], open_detector=lambda clip, device: (clip, device))
    monkeypatch.setitem(sys.modules, "backend.detect.other.waves", module)
    for place in (detector, model_files):
        monkeypatch.setattr(place, "detectors", lambda: {"waves": Choice("Waves", "Out of the air")})
    return file


def test_a_module_says_who_is_there_and_looks_at_the_whole_clip(reads, monkeypatch, tmp_path):
    (tmp_path / "waves").mkdir()
    monkeypatch.chdir(tmp_path)     # a folder of that name is not taken for keypoints
    settings = DetectSettings(model="waves")
    assert settings.is_told_people and not settings.uses_keypoints
    assert settings.pose_model == detector.DEFAULT_MODEL   # which tells the depth
    assert len(segments_to_look_at(CLIP, settings)) == 1 < len(segments_to_look_at(CLIP, DetectSettings()))


def test_findings_hold_while_the_bytes_that_the_module_reads_do(reads, monkeypatch):
    monkeypatch.setattr(detector, "find_model", lambda name: reads.with_name("none"))
    said = []
    for text in ("one", "two2", "one"):
        reads.write_text(text)
        said.append(digests(CLIP, DetectSettings(model="waves")))
    assert said[0] != said[1] and len(said[0]) == 1


def test_who_misspells_a_detector_is_told_of_all(reads):
    with pytest.raises(Refusal) as refused:
        model_files.find_model("wave")
    assert "lite, full, heavy, waves" in refused.value.mend


def test_people_are_asked_for_with_the_picture_itself():
    pose, asked = standing((300, 300)), []

    def people_in(shown: Picture) -> list[OtherPose]:
        asked.append(shown)
        nobody = OtherPose(np.full((33, 2), np.nan), np.zeros(33), 2)
        return [nobody, OtherPose(pose.landmarks_px + 3.0, np.full(33, 0.7), 1)]

    shown = [(Picture(k, k / 25, picture(k)), 0) for k in range(2)]
    looks = list(looks_with_keypoints(iter(shown), SimpleNamespace(people_in=people_in), Scene([[pose]] * 2)))
    assert asked == [each for each, _ in shown]
    assert list(looks[0].people) == [1]     # who has no landmark is nobody
    np.testing.assert_array_equal(looks[1].people[1].pose.landmarks_px, pose.landmarks_px + 3.0)
