"""The people in every picture of a clip, segment by segment (segments.py)."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from backend.detect.backwards import looks_back
from backend.detect.crowd import Crowd, SearchRhythm
from backend.detect.detections import Detections
from backend.detect.detector import Detector, DetectSettings, open_detector
from backend.detect.findings import Findings
from backend.detect.followers import pictures_of_rest
from backend.detect.live_picture import LivePicture
from backend.detect.looks import Look
from backend.detect.scores import calibrated
from backend.detect.second_look import with_second_looks
from backend.detect.segments import Segment, joined, segments_of
from backend.detect.taken_over import looks_with_keypoints, with_onnx_landmarks
from backend.progress import Report
from backend.progress import part_of as report_of_part
from backend.video.ahead import ahead
from backend.video.clip import Clip, part_of
from backend.video.pictures import pictures
from backend.video.shots import with_shots

AHEAD = 2       # looks that wait between two stages, each with its picture


def find_people(clip: Clip, settings: DetectSettings, report: Report, live: LivePicture | None = None,
                device: str = "cpu") -> Detections:  # fmt: skip
    """Everybody in `clip`. Scores are probabilities, but for landmarks of another detector, which keep theirs.

    Raises Refusal for a model or a file of keypoints that is missing, damaged or of another kind.
    """
    return with_probabilities(look_through(clip, settings, report, live, device), settings)


def find_people_in(segment: Segment, clip: Clip, settings: DetectSettings, detector: Detector, report: Report,
                   live: LivePicture | None = None) -> Detections:  # fmt: skip
    """Everybody in the pictures that a segment looks at, the first of which is picture 0.

    All segments of the clip, put together by segments.joined(), are what find_people() finds.
    """
    part = part_of(clip, segment.first_look, segment.end_look)
    return with_probabilities(_look_at(part, detector, settings, report, live), settings)


def segments_to_look_at(clip: Clip, settings: DetectSettings) -> tuple[Segment, ...]:
    """The segments of a clip; where another detector says who is there, which numbers them already, always one."""
    return segments_of(clip.picture_count, clip.picture_count if settings.is_told_people else settings.segment_pictures)


def look_through(clip: Clip, settings: DetectSettings, report: Report, live: LivePicture | None = None,
                 device: str = "cpu") -> Detections:  # fmt: skip
    """Look at every picture, forwards, and once more backwards before each person's first finding.

    Scores are the network's own visibility. Raises Refusal as find_people() does.
    """
    return look_with(open_detector(clip, settings, device), clip, settings, report, live)


def look_with(detector: Detector, clip: Clip, settings: DetectSettings, report: Report,
              live: LivePicture | None = None) -> Detections:  # fmt: skip
    """The same with a detector that is open already and may look at many clips, one after the other."""
    segments = segments_to_look_at(clip, settings)
    lengths = [each.end_look - each.first_look for each in segments]
    parts = [_look_at(part_of(clip, each.first_look, each.end_look), detector, settings,
                      report_of_part(report, lengths, number), live)
             for number, each in enumerate(segments)]  # fmt: skip
    return joined(parts, segments, clip.times_s)


def with_probabilities(found: Detections, settings: DetectSettings) -> Detections:
    """The same with calibrated scores, but for landmarks of another detector."""
    if settings.uses_onnx or settings.is_told_people:
        return found
    scores = calibrated(found.scores, found.doubts_px, found.landmarks_px, found.landmarks_camera)
    return replace(found, scores=scores)


def _look_at(clip: Clip, detector: Detector, settings: DetectSettings, report: Report,
             live: LivePicture | None) -> Detections:  # fmt: skip
    """All pictures of a clip that is a segment of the whole one, in one go."""
    findings = Findings(clip, settings.model, detector.hands)
    rhythm = _rhythm(clip, settings)
    extent = _Extent(clip.picture_count, rhythm.whole, report)
    for look in _stages(_forwards(clip, settings, detector, rhythm), detector):
        findings.add(look)
        if live:
            live.show(look.picture.rgb, [answer.pose for answer in look.people.values()])
        extent.tell_forwards(look.picture.index + 1, len(findings.beginnings()), len(look.people))
    if detector.other is None:
        _look_back(clip, detector, findings, extent)
    return findings.detections()


def _look_back(clip: Clip, detector: Detector, findings: Findings, extent: _Extent) -> None:
    """Follow everybody back to where they came in."""
    if not (beginnings := findings.turned_back()):
        return
    known, last = findings.known(), max(begun.picture for begun in beginnings)
    back = looks_back(clip, findings.shot, beginnings, lambda picture: known.get(picture, []), detector.poses)
    for look in _stages(back, detector):
        findings.add_back(look)
        extent.tell_backwards((last - look.picture.index) / last, len(beginnings), len(look.people))
    extent.tell_backwards(1.0, len(beginnings), 0)


@dataclass(frozen=True)
class _Extent:
    """How much there is to do: every picture, and for each newcomer some once more on the way back."""

    pictures: int
    pictures_back: int      # for each newcomer, about
    report: Report

    def tell_forwards(self, done: int, newcomers: int, people: int) -> None:
        """As many newcomers are expected in what is still to come."""
        self.report(done, self.pictures + self.pictures_back * newcomers * self.pictures // done, people)

    def tell_backwards(self, share: float, newcomers: int, people: int) -> None:
        back = self.pictures_back * newcomers
        self.report(self.pictures + round(share * back), self.pictures + back, people)


def _rhythm(clip: Clip, settings: DetectSettings) -> SearchRhythm:
    rate = float(clip.rate)
    pauses = (max(1, round(pause_s * rate)) for pause_s in (settings.search_s, settings.search_everywhere_s))
    return SearchRhythm(*pauses, pictures_of_rest(rate))


def _forwards(clip: Clip, settings: DetectSettings, detector: Detector,
              rhythm: SearchRhythm) -> Generator[Look, None, None]:  # fmt: skip
    shots = ahead(with_shots(pictures(clip)), 1)
    if detector.other is not None:
        yield from looks_with_keypoints(shots, detector.other, detector.poses)
        return
    crowd = Crowd(detector.poses, detector.search, itertools.count(), settings.most_people, rhythm)
    last_shot = 0
    for (picture, shot), after in itertools.pairwise(itertools.chain(shots, [None])):
        coming = after[0].rgb if detector.at_once > 1 and after and after[1] == shot else None
        yield Look(picture, shot, crowd.look(picture.rgb, new_shot=shot != last_shot, coming=coming))
        last_shot = shot


def _stages(looks: Generator[Look, None, None], detector: Detector) -> Iterator[Look]:
    """The looks with all that is added to them, each stage in a thread of its own."""
    stages: Iterator[Look] = ahead(looks, AHEAD)
    if detector.second_poses is not None and detector.other is None:
        stages = ahead(with_second_looks(stages, detector.second_poses, detector.batch), AHEAD)
    if detector.onnx is not None:
        stages = ahead(with_onnx_landmarks(stages, detector.onnx), AHEAD)
    return stages
