"""The people in every picture of a clip."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from dataclasses import replace

from backend.detect.backwards import looks_back
from backend.detect.crowd import Crowd, SearchRhythm
from backend.detect.detections import Detections
from backend.detect.detector import Detector, DetectSettings, open_detector
from backend.detect.findings import Findings
from backend.detect.live_picture import LivePicture
from backend.detect.looks import Look
from backend.detect.scores import calibrated
from backend.detect.second_look import with_second_looks
from backend.detect.taken_over import looks_with_keypoints, with_onnx_landmarks
from backend.progress import Report
from backend.video.ahead import ahead
from backend.video.clip import Clip
from backend.video.pictures import pictures
from backend.video.shots import with_shots

AHEAD = 2       # looks that wait between two stages, each with its picture


def find_people(clip: Clip, settings: DetectSettings, report: Report, live: LivePicture | None = None,
                device: str = "cpu") -> Detections:  # fmt: skip
    """Everybody in `clip`. Scores are probabilities, but for landmarks of another detector, which keep theirs.

    Raises Refusal for a model or a file of keypoints that is missing, damaged or of another kind.
    """
    found = look_through(clip, settings, report, live, device)
    if settings.uses_onnx or settings.uses_keypoints:
        return found
    scores = calibrated(found.scores, found.doubts_px, found.landmarks_px, found.landmarks_camera)
    return replace(found, scores=scores)


def look_through(clip: Clip, settings: DetectSettings, report: Report, live: LivePicture | None = None,
                 device: str = "cpu") -> Detections:  # fmt: skip
    """Look at every picture, forwards, and once more backwards before each person's first finding.

    Scores are the network's own visibility. Raises Refusal as find_people() does.
    """
    detector = open_detector(clip, settings, device)
    findings = Findings(clip, settings.model, detector.hands)
    for look in _stages(_forwards(clip, settings, detector), detector):
        findings.add(look)
        if live:
            live.show(look.picture.rgb, [answer.pose for answer in look.people.values()])
        report(look.picture.index + 1, clip.picture_count, len(look.people))
    if detector.keypoints is None:
        beginnings, known = findings.beginnings(), findings.known()
        back = looks_back(clip, findings.shot, beginnings, lambda picture: known.get(picture, []), detector.poses)
        for look in _stages(back, detector):
            findings.add_back(look)
            report(clip.picture_count, clip.picture_count, len(look.people))
    return findings.detections()


def _forwards(clip: Clip, settings: DetectSettings, detector: Detector) -> Generator[Look, None, None]:
    shots = with_shots(pictures(clip))
    if detector.keypoints is not None:
        yield from looks_with_keypoints(shots, detector.keypoints, detector.poses)
        return
    rate = float(clip.rate)
    rhythm = SearchRhythm(max(1, round(settings.search_s * rate)), max(1, round(settings.search_everywhere_s * rate)))
    crowd = Crowd(detector.poses, detector.search, itertools.count(), settings.most_people, rhythm)
    last_shot = 0
    for picture, shot in shots:
        yield Look(picture, shot, crowd.look(picture.rgb, new_shot=shot != last_shot))
        last_shot = shot


def _stages(looks: Generator[Look, None, None], detector: Detector) -> Iterator[Look]:
    """The looks with all that is added to them, each stage in a thread of its own."""
    stages: Iterator[Look] = ahead(looks, AHEAD)
    if detector.second_poses is not None and detector.keypoints is None:
        stages = ahead(with_second_looks(stages, detector.second_poses, detector.batch), AHEAD)
    if detector.onnx is not None:
        stages = ahead(with_onnx_landmarks(stages, detector.onnx), AHEAD)
    return stages
