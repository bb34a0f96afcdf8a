"""The people in every picture of a clip."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Literal

from backend.detect.backwards import looks_back
from backend.detect.crowd import Crowd, SearchRhythm
from backend.detect.detections import Detections
from backend.detect.detector import DEFAULT_MODEL, Detector, open_detector
from backend.detect.findings import Findings
from backend.detect.live_picture import LivePicture
from backend.detect.looks import Look
from backend.detect.second_look import with_second_looks
from backend.progress import Report
from backend.video.ahead import ahead
from backend.video.clip import Clip
from backend.video.pictures import pictures
from backend.video.shots import with_shots

AHEAD = 2       # looks that wait between two stages, each with its picture


@dataclass(frozen=True)
class DetectSettings:
    """How people are found."""

    model: str = DEFAULT_MODEL  # lite, full, heavy, a name of backend/detect/models/models.json, or a path to a file
    quality: Literal["best", "fast"] = "best"   # best looks twice at every picture, which takes twice the time
    engine: Literal["auto", "litert", "torch", "mediapipe"] = "auto"    # what runs the pose network
    most_people: int = 4                    # followed at the same time
    search_s: float = 0.4                   # a newcomer is noticed after this time at the latest
    search_everywhere_s: float = 1.2        # and after this time if small, lying or on their hands
    hands: bool = True                      # look for fingers where hands are large enough in the picture


def find_people(clip: Clip, settings: DetectSettings, report: Report, live: LivePicture | None = None,
                device: str = "cpu") -> Detections:  # fmt: skip
    """Look at every picture of `clip`, forwards, and once more backwards before each person's first finding.

    Raises Refusal for a model that is missing, damaged or of another kind.
    """
    twice = settings.quality == "best"
    detector = open_detector(settings.model, settings.engine, device, twice, settings.hands)
    findings = Findings(clip, settings.model, detector.hands)
    for look in _stages(_forwards(clip, settings, detector), detector):
        findings.add(look)
        if live:
            live.show(look.picture.rgb, [answer.pose for answer in look.people.values()])
        report(look.picture.index + 1, clip.picture_count, len(look.people))
    beginnings, known = findings.beginnings(), findings.known()
    back = looks_back(clip, findings.shot, beginnings, lambda picture: known.get(picture, []), detector.poses)
    for look in _stages(back, detector):
        findings.add_back(look)
        report(clip.picture_count, clip.picture_count, len(look.people))
    return findings.detections()


def _stages(looks: Generator[Look, None, None], detector: Detector) -> Iterator[Look]:
    """The looks, and second looks at the same time, each stage in a thread of its own."""
    first = ahead(looks, AHEAD)
    if detector.second_poses is None:
        return first
    return ahead(with_second_looks(first, detector.second_poses, detector.batch), AHEAD)


def _forwards(clip: Clip, settings: DetectSettings, detector: Detector) -> Generator[Look, None, None]:
    rate = float(clip.rate)
    rhythm = SearchRhythm(max(1, round(settings.search_s * rate)), max(1, round(settings.search_everywhere_s * rate)))
    crowd = Crowd(detector.poses, detector.search, itertools.count(), settings.most_people, rhythm)
    last_shot = 0
    for picture, shot in with_shots(pictures(clip)):
        yield Look(picture, shot, crowd.look(picture.rgb, new_shot=shot != last_shot))
        last_shot = shot
