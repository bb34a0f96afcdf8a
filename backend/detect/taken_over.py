"""Landmarks of other detectors in place of our own: theirs in the picture, ours in depth."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

import numpy as np

from backend.detect.followers import PoseLooker
from backend.detect.looks import Look
from backend.detect.other.onnx_pose import OnnxPose
from backend.detect.other.other_detector import OtherDetector
from backend.detect.other.other_pose import OtherPose, crop_of
from backend.detect.pose_network import Answer
from backend.video.pictures import Picture

FIRST_UNNUMBERED = 1_000_000    # tracklets of people who were given no number: each finding is one of its own


def looks_with_keypoints(
    shots: Iterator[tuple[Picture, int]], other: OtherDetector, poses: PoseLooker
) -> Generator[Look, None, None]:
    """Looks at the people whom another detector finds; the network sees each of them too, for the depth."""
    unnumbered = FIRST_UNNUMBERED
    for picture, shot in shots:
        people = [person for person in other.people_in(picture) if person.is_seen.any()]
        answers = poses.look([(picture.rgb, crop_of(person)) for person in people])
        seen = {}
        for person, answer in zip(people, answers, strict=True):
            # Who gives one number twice in a picture numbers nobody.
            named = person.number >= 0 and person.number not in seen
            seen[person.number if named else unnumbered] = with_landmarks_of(person, answer)
            unnumbered += not named
        yield Look(picture, shot, seen)


def with_onnx_landmarks(looks: Iterator[Look], network: OnnxPose) -> Iterator[Look]:
    """The same looks with the landmarks that a user's own network sees in the same crops."""
    for look in looks:
        others = network.look(look.picture.rgb, [answer.next_crop for answer in look.people.values()])
        people = zip(look.people.items(), others, strict=True)
        yield replace(look, people={tracklet: with_landmarks_of(other, answer) for (tracklet, answer), other in people})


def with_landmarks_of(other: OtherPose, answer: Answer) -> Answer:
    """`answer` with the other's landmarks and scores wherever it has any."""
    pose, seen = answer.pose, other.is_seen
    landmarks_px = np.where(seen[:, None], other.landmarks_px, pose.landmarks_px)
    scores = np.where(seen, other.scores, pose.scores)
    return replace(answer, pose=replace(pose, landmarks_px=landmarks_px, scores=scores))
