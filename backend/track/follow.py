"""From findings in pictures to people over time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.detect.detections import Detections
from backend.track.association import bodies_of, body_sizes_px
from backend.track.edits import edited, left_out
from backend.track.encounters import bodies_apart
from backend.track.joining import joined
from backend.track.phantoms import is_phantom, is_shadow
from backend.track.pieces import pieces_of
from backend.track.sampling import even_times_s, sampled, track_of
from backend.track.told_apart import told_apart
from backend.track.tracks import Track
from backend.track.unswap import unswapped
from backend.video.clip import Clip
from motion.arrays import Array, Indices, Mask
from motion.people_edits import read_edits


@dataclass(frozen=True)
class TrackSettings:
    """When a person is a person. Raises Refusal for edits that say nothing."""

    max_gap_s: float = 2.0      # who reappears nearby after this time or less is the same person
    min_length_s: float = 0.5   # who is seen for less is a passer-by or a mistake
    people: str = ""            # who is who, as you know it: "merge 1 3; drop 2; split 1 at 12.5; only 1; first 3"

    def __post_init__(self) -> None:
        read_edits(self.people)


def follow(detections: Detections, clip: Clip, settings: TrackSettings) -> list[Track]:
    """The people of a clip on the even times k / clip.rate, those who fill most of it first, then the user's edits.

    Pictures in which a person was not found stay gaps; nobody is the same across a cut. The order of the findings in a
    picture does not matter. Raises Refusal for edits of people or times that there are not.
    """
    return [track for track in everybody(detections, clip, settings) if not track.left_out]


def everybody(detections: Detections, clip: Clip, settings: TrackSettings) -> list[Track]:
    """The same, and behind them those whom the user's edits leave out."""
    found = dict(enumerate(_by_filling(_people(detections, settings), detections), start=1))
    edits = read_edits(settings.people)
    people = [(number, "", findings) for number, findings in edited(found, edits, detections).items()]
    people += [(number, *gone) for number, gone in left_out(found, edits, detections).items()]
    times_s = even_times_s(clip)
    tracks = [replace(_track(detections, findings, number, times_s, float(clip.rate)), left_out=why)
              for number, why, findings in people]  # fmt: skip
    return [track for track in tracks if track.seen.any()]


def _people(detections: Detections, settings: TrackSettings) -> list[Indices]:
    """Findings [M] of everybody, shot by shot, rising in time."""
    shots = detections.shot[detections.picture]
    people: list[Indices] = []
    apart = told_apart(detections)
    for shot in np.unique(shots):
        bodies = bodies_of(detections, np.flatnonzero(shots == shot), apart)
        alone = bodies_apart(bodies, pieces_of(bodies))
        of_shot = [bodies.finding[person] for person in joined(bodies, alone, settings.max_gap_s)]
        lasting = _long_enough(of_shot, detections.times_s[detections.shot == shot], settings.min_length_s)
        people += _without_phantoms(lasting, detections, apart)
    return people


def _track(detections: Detections, findings: Indices, number: int, times_s: Array, rate: float) -> Track:
    shot = int(detections.shot[detections.picture[findings[0]]])
    track = replace(track_of(detections, findings), number=number, shot=shot)
    return sampled(unswapped(track), times_s, rate)


def _by_filling(people: list[Indices], detections: Detections) -> list[Indices]:
    """Those first whose time and size in the picture are the greatest together."""
    sizes_px = body_sizes_px(detections.landmarks_px, detections.scores)
    steps_s = np.gradient(detections.times_s) if len(detections.times_s) > 1 else np.ones(1)
    return sorted(people, key=lambda findings: -float(sizes_px[findings] @ steps_s[detections.picture[findings]]))


def _long_enough(people: list[Indices], times_s: Array, min_length_s: float) -> list[Indices]:
    """Those seen for `min_length_s`, or for half of a clip that is shorter."""
    picture_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    least_s = min(min_length_s, 0.5 * len(times_s) * picture_s)
    return [person for person in people if len(person) * picture_s >= least_s - 1e-9]


def _without_phantoms(people: list[Indices], detections: Detections, apart: Mask) -> list[Indices]:
    """Those who are bodies of their own. Who is seen longest is kept: a body that is hard to see is restless too."""
    kept: list[Indices] = []
    for person in sorted(people, key=len, reverse=True):
        doubtful = (is_phantom(detections, person, apart)
                    or any(is_shadow(detections, person, other, apart) for other in kept))  # fmt: skip
        if not doubtful or not kept:
            kept.append(person)
    return kept
