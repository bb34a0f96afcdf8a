"""From findings in pictures to people over time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from backend.detect.detections import Detections
from backend.track.association import COMPARED, assign
from backend.track.phantoms import is_phantom, is_shadow
from backend.track.sampling import even_times_s, sampled, track_of
from backend.track.tracks import Track
from backend.track.unswap import unswapped
from backend.video.clip import Clip
from motion.arrays import Array, Indices

VELOCITY_MEMORY_S = 0.1     # a person's speed is the mean over about this time
PREDICTED_S = 0.3           # people are thought to go on as they did for this long, then to stay


@dataclass(frozen=True)
class TrackSettings:
    """When a person is a person."""

    max_gap_s: float = 2.0      # who reappears nearby after this time or less is the same person
    min_length_s: float = 0.5   # who is seen for less is a passer-by or a mistake


def follow(detections: Detections, clip: Clip, settings: TrackSettings) -> list[Track]:
    """The people of a clip on the even times k / clip.rate, those seen longest first.

    Pictures in which a person was not found stay gaps. The order of the findings in a picture does not matter.
    """
    people = _people(detections, settings.max_gap_s)
    people = _without_phantoms(_long_enough(people, detections.times_s, settings.min_length_s), detections)
    times_s = even_times_s(clip)
    tracks = [sampled(unswapped(track_of(detections, person)), times_s, float(clip.rate)) for person in people]
    return sorted((track for track in tracks if track.seen.any()), key=lambda track: -int(track.seen.sum()))


def _long_enough(people: list[Indices], times_s: Array, min_length_s: float) -> list[Indices]:
    """Those seen for `min_length_s`, or for half of a clip that is shorter."""
    picture_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    least_s = min(min_length_s, 0.5 * len(times_s) * picture_s)
    return [person for person in people if len(person) * picture_s >= least_s - 1e-9]


def _without_phantoms(people: list[Indices], detections: Detections) -> list[Indices]:
    """Those who are bodies of their own. Who is seen longest is kept: a body that is hard to see is restless too."""
    kept: list[Indices] = []
    for person in sorted(people, key=len, reverse=True):
        real = not is_phantom(detections, person) and not any(is_shadow(detections, person, other) for other in kept)
        if real or not kept:
            kept.append(person)
    return kept


@dataclass
class _Person:
    """Somebody on the way through the clip: the last finding and the speed, px/s."""

    landmarks_px: Array
    scores: Array
    seen_s: float
    velocity_px_s: Array = field(default_factory=lambda: np.zeros(2))
    findings: list[int] = field(default_factory=list)

    def expected_px(self, time_s: float) -> Array:
        return self.landmarks_px + self.velocity_px_s * min(time_s - self.seen_s, PREDICTED_S)

    def is_seen(self, finding: int, landmarks_px: Array, scores: Array, time_s: float) -> None:
        step_s = time_s - self.seen_s
        moved_px = np.median(landmarks_px[list(COMPARED)] - self.landmarks_px[list(COMPARED)], axis=0)
        weight = 1.0 - np.exp(-step_s / VELOCITY_MEMORY_S)
        self.velocity_px_s = self.velocity_px_s + weight * (moved_px / step_s - self.velocity_px_s)
        self.landmarks_px, self.scores, self.seen_s = landmarks_px, scores, time_s
        self.findings.append(finding)


def _people(detections: Detections, max_gap_s: float) -> list[Indices]:
    """Findings [M] of each person, rising in time."""
    present: list[_Person] = []
    everybody: list[_Person] = []
    for picture in np.unique(detections.picture):
        time_s = float(detections.times_s[picture])
        present = [person for person in present if time_s - person.seen_s <= max_gap_s + 1e-9]
        newcomers = _seen_in(picture, time_s, detections, present)
        present += newcomers
        everybody += newcomers
    return [np.array(person.findings) for person in everybody]


def _seen_in(picture: int, time_s: float, detections: Detections, present: list[_Person]) -> list[_Person]:
    """Give the findings of a picture to those `present`; returns who is new."""
    findings = _in_a_fixed_order(np.arange(*np.searchsorted(detections.picture, [picture, picture + 1])), detections)
    found_px, found_scores = detections.landmarks_px[findings], detections.scores[findings]
    taken = set()
    if present:
        expected_px = np.array([person.expected_px(time_s) for person in present])
        scores = np.array([person.scores for person in present])
        away_s = np.array([time_s - person.seen_s for person in present])
        for person, found in assign(expected_px, scores, away_s, found_px, found_scores):
            present[person].is_seen(findings[found], found_px[found], found_scores[found], time_s)
            taken.add(found)
    return [_Person(found_px[n], found_scores[n], time_s, findings=[findings[n]])
            for n in range(len(findings)) if n not in taken]  # fmt: skip


def _in_a_fixed_order(findings: Indices, detections: Detections) -> Indices:
    nose_px = detections.landmarks_px[findings, 0]
    return findings[np.lexsort((nose_px[:, 1], nose_px[:, 0]))]
