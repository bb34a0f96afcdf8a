"""The people in every picture of a clip."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from backend.detect.crowd import Crowd
from backend.detect.detections import Detections
from backend.detect.hands import HandFollower, Hands, no_hands
from backend.detect.live_picture import LivePicture
from backend.detect.models.model_files import whole_model
from backend.detect.pose import Pose
from backend.detect.pose_engine import PeopleSearch, PoseFollower, Rgb
from backend.progress import Report
from backend.video.clip import Clip
from backend.video.pictures import pictures
from motion.arrays import Array

SEARCH_MODEL = "pose_landmarker_lite"   # says only where a newcomer is, so the quickest one does
HAND_MODEL = "hand_landmarker"


@dataclass(frozen=True)
class DetectSettings:
    """How people are found."""

    model: str = "pose_landmarker_heavy"    # a name of backend/detect/models/models.json, or a path to a .task file
    most_people: int = 4                    # followed at the same time
    search_s: float = 0.4                   # a newcomer is noticed after this time at the latest
    hands: bool = True                      # look for fingers where hands are large enough in the picture


@dataclass(frozen=True, eq=False)
class _Finding:
    picture: int
    pose: Pose
    hands: Hands


def find_people(clip: Clip, settings: DetectSettings, report: Report, live: LivePicture | None = None) -> Detections:
    """Look at every picture of `clip`, one at a time.

    Raises Refusal for a model that is missing, damaged or of another kind.
    """
    findings = []
    with closing(_Detector(settings, float(clip.rate))) as detector:
        pending: list[Future[list[_Finding]]] = []
        for done, picture in enumerate(pictures(clip), start=1):
            people = detector.poses(picture.rgb)
            findings += [finding for future in pending for finding in future.result()]
            # Fingers are looked for while the next picture's poses are: both use one core each.
            pending = [detector.with_hands(picture.index, picture.rgb, people)]
            if live:
                live.show(picture.rgb, list(people.values()))
            report(done, clip.picture_count, len(people))
        findings += [finding for future in pending for finding in future.result()]
    return _detections(clip, findings, settings.model)


class _Detector:
    """The networks of one capture."""

    def __init__(self, settings: DetectSettings, rate: float) -> None:
        model, search_model = whole_model(settings.model, SEARCH_MODEL), whole_model(SEARCH_MODEL, SEARCH_MODEL)
        self._hand_model = whole_model(HAND_MODEL, HAND_MODEL) if settings.hands else None
        self._hand_followers: dict[int, HandFollower] = {}
        self._hand_thread = ThreadPoolExecutor(max_workers=1)
        search = PeopleSearch(search_model, settings.most_people)
        search_every = max(1, round(settings.search_s * rate))
        self._crowd = Crowd(lambda: PoseFollower(model), search, settings.most_people, search_every)

    def poses(self, rgb: Rgb) -> dict[int, Pose]:
        return self._crowd.look(rgb)

    def with_hands(self, picture: int, rgb: Rgb, people: dict[int, Pose]) -> Future[list[_Finding]]:
        return self._hand_thread.submit(
            lambda: [_Finding(picture, pose, self._hands(place, rgb, pose)) for place, pose in people.items()])

    def _hands(self, place: int, rgb: Rgb, pose: Pose) -> Hands:
        if self._hand_model is None:
            return no_hands()
        if place not in self._hand_followers:
            self._hand_followers[place] = HandFollower(self._hand_model)
        return self._hand_followers[place].look(rgb, pose)

    def close(self) -> None:
        self._hand_thread.shutdown()
        self._crowd.close()
        for follower in self._hand_followers.values():
            follower.close()


def _detections(clip: Clip, findings: list[_Finding], detector: str) -> Detections:
    def stacked(rows: list[Array], *shape: int) -> Array:
        return np.array(rows).reshape(-1, *shape)

    return Detections(
        times_s=clip.times_s,
        shot=np.zeros(clip.picture_count),
        tracklet=np.arange(len(findings)),
        doubts_px=np.full((len(findings), 33), np.nan),
        colours=np.zeros((len(findings), 1)),
        crops=np.zeros((len(findings), 4)),
        masks=np.zeros((len(findings), 64, 8)),
        picture=np.array([f.picture for f in findings], np.int64),
        landmarks_px=stacked([f.pose.landmarks_px for f in findings], 33, 2),
        scores=stacked([f.pose.scores for f in findings], 33),
        landmarks_camera=stacked([f.pose.landmarks_camera for f in findings], 33, 3),
        hands_px=stacked([f.hands.landmarks_px for f in findings], 2, 21, 2),
        hands_camera=stacked([f.hands.landmarks_camera for f in findings], 2, 21, 3),
        hand_scores=stacked([f.hands.scores for f in findings], 2),
        detector=detector,
    )
