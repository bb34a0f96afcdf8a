"""People followed from picture to picture, each by the piece of the picture that their last landmarks give."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from backend.detect.crop import Crop, Rgb
from backend.detect.hidden import hide_each_other, seen_alone, unsure_where
from backend.detect.pose import Pose, body_size_px, is_same_body, trunk_distance_px
from backend.detect.pose_network import Answer

LEAST_PRESENCE = 0.5                    # as in MediaPipe's own following
SURE_SCORE, SURE_LANDMARKS = 0.5, 5     # of somebody who has left the picture, a few unsure landmarks linger on
LARGEST_STEP = 0.25                     # of a crop's side, by which a body is expected to move between two pictures
STALE_SHIFT, STALE_SCALE = 0.15, 1.25   # a crop this far off the body (sides; ratio of sides) is cut out again
# Of the crop's side that MediaPipe takes. Alone and as one half of two looks a tighter crop is a little better: on 13
# rendered clips two looks have 5.68 px of varying error and 3.2 of jitter with it, 5.78 and 3.6 without; 0.88 is worse.
TIGHTER = 0.92
FARTHEST_SHIFT, FARTHEST_SCALE = 0.15, 1.35     # as stale: farther off, what is seen beside others is one of them
LONGEST_REST_S = 0.3                    # for which somebody hidden by others is looked for where they went
COASTING = 0.5                          # of the longest rest, for which somebody hidden is thought to move on
SURENESS_SHARE = 0.3                    # of the newest picture, in a running mean


class PoseLooker(Protocol):
    """Whatever finds the landmarks of the body in a crop."""

    def look(self, pieces: Sequence[tuple[Rgb, Crop]], mirrored: bool = False, masks: bool = False) -> list[Answer]:
        """One answer for each piece of a picture; with the bodies' masks where `masks` asks for them."""


@dataclass(frozen=True, eq=False)
class _Followed:
    answer: Answer                              # when last seen
    sureness: float                             # mean score, which sinks for whoever is behind others
    step_px: tuple[float, float] = (0.0, 0.0)   # of the crop's middle from picture to picture
    unseen: int = 0                             # pictures since last seen,
    most_coasting: int = 0                      # of which so many on the move

    @property
    def expected_crop(self) -> Crop:
        return _moved(_tight(self.answer.next_crop), self._moved_px)

    @property
    def crop_after_next(self) -> Crop:
        """Where the body is expected one picture later still."""
        return _moved(self.expected_crop, np.array(self.step_px))

    @property
    def expected_pose(self) -> Pose:
        return replace(self.answer.pose, landmarks_px=self.answer.pose.landmarks_px + self._moved_px)

    @property
    def _moved_px(self) -> np.ndarray:
        return min(self.unseen + 1, self.most_coasting) * np.array(self.step_px)

    def seen_again(self, answer: Answer, sureness: float) -> _Followed:
        step_px = np.divide(_step_px(self.answer.next_crop, answer.next_crop), self.unseen + 1)
        mean = self.sureness + SURENESS_SHARE * (sureness - self.sureness)
        step = float(step_px[0]), float(step_px[1])
        return replace(self, answer=answer, sureness=mean, step_px=step, unseen=0)


class Followers:
    """Everybody being followed, in one direction of time, by the number of their tracklet."""

    def __init__(self, poses: PoseLooker, longest_rest: int) -> None:
        """Who is hidden by others is looked for where they went for `longest_rest` pictures."""
        self._poses = poses
        self._longest_rest = longest_rest
        self._people: dict[int, _Followed] = {}
        self._guesses: dict[int, Answer] = {}     # what was seen already of the next picture

    @property
    def anybody(self) -> bool:
        """Whether somebody is followed, seen or out of sight for the moment."""
        return bool(self._people)

    @property
    def answers(self) -> dict[int, Answer]:
        """What the last picture showed."""
        return {tracklet: person.answer for tracklet, person in self._people.items() if not person.unseen}

    def begin(self, tracklet: int, answer: Answer) -> None:
        coasting = max(1, round(COASTING * self._longest_rest))
        self._people[tracklet] = _Followed(answer, _sureness(answer), most_coasting=coasting)

    def end(self, tracklet: int) -> None:
        self._people.pop(tracklet, None)

    def end_all(self) -> None:
        self._people.clear()
        self._guesses.clear()

    def look(self, rgb: Rgb, coming: Rgb | None = None) -> dict[int, Answer]:
        """Those still seen in the next picture.

        Where there is a `coming` picture after it, people are looked for in both at once, which a network on several
        cores or on a card does in less time than one after the other.
        """
        before, meeting = self._people, self._meeting()
        answers = self._seen_apart(rgb, coming, {tracklet: before[tracklet] for tracklet in before.keys() - meeting})
        sureness = {tracklet: _sureness(answer) for tracklet, answer in answers.items()}
        self._tell_apart(rgb, meeting, answers, sureness)
        seen = {tracklet: answers[tracklet] for tracklet, person in before.items() if is_somebody(answers[tracklet])
                and (tracklet not in meeting or _is_near(answers[tracklet], person.expected_crop))}  # fmt: skip
        for tracklet in _on_anothers_body(seen, {tracklet: before[tracklet].answer for tracklet in seen}, meeting):
            del seen[tracklet]
        still_there = {tracklet: person for tracklet, person in before.items()
                       if tracklet in seen or (tracklet in meeting and person.unseen < self._longest_rest)}  # fmt: skip
        self._people = {tracklet: person.seen_again(seen[tracklet], sureness[tracklet]) if tracklet in seen
                        else replace(person, unseen=person.unseen + 1)
                        for tracklet, person in still_there.items()}  # fmt: skip
        return self.answers

    def _seen_apart(self, rgb: Rgb, coming: Rgb | None, people: dict[int, _Followed]) -> dict[int, Answer]:
        """What is seen of people whom nobody hides, of whom some were guessed at in the picture before."""
        guesses = {tracklet: answer for tracklet, answer in self._guesses.items()
                   if tracklet in people and answer.presence >= LEAST_PRESENCE}  # fmt: skip
        others = {tracklet: person for tracklet, person in people.items() if tracklet not in guesses}
        pieces = [(rgb, person.expected_crop) for person in others.values()]
        if coming is not None:
            pieces += [(coming, person.crop_after_next) for person in others.values()]
        answers = self._poses.look(pieces)
        self._guesses = dict(zip(others, answers[len(others) :]))
        return self._recut(rgb, guesses | dict(zip(others, answers)), masks=False)

    def _meeting(self) -> dict[int, set[int]]:
        """For everybody who may be hidden, or hides somebody, the others."""
        meeting: dict[int, set[int]] = {}
        for one, other in itertools.combinations(self._people, 2):
            if hide_each_other(self._people[one].answer.pose, self._people[other].answer.pose):
                meeting.setdefault(one, set()).add(other)
                meeting.setdefault(other, set()).add(one)
        return meeting

    def _tell_apart(self, rgb: Rgb, meeting: dict[int, set[int]], answers: dict[int, Answer],
                    sureness: dict[int, float]) -> None:  # fmt: skip
        """Look at those who meet, the surest first, each with the others painted over."""
        for tracklet in sorted(meeting, key=lambda tracklet: -self._people[tracklet].sureness):
            person = self._people[tracklet]
            others = meeting[tracklet]
            surer = [answers[other].pose for other in others if other in answers and is_somebody(answers[other])]
            rest = [self._people[other].expected_pose for other in others
                    if other not in answers and not self._people[other].unseen]  # fmt: skip
            view, covered = seen_alone(rgb, person.expected_pose, surer, rest)
            (answer,) = self._poses.look([(view, person.expected_crop)], masks=True)
            answer = self._recut(view, {tracklet: answer}, masks=True)[tracklet]
            sureness[tracklet] = _sureness(answer)
            answers[tracklet] = replace(answer, pose=unsure_where(covered, answer.pose))

    def _recut(self, rgb: Rgb, answers: dict[int, Answer], masks: bool) -> dict[int, Answer]:
        """The answers, those anew whose body turned out to be elsewhere in the crop."""
        stale = {tracklet: _tight(answer.next_crop) for tracklet, answer in answers.items()
                 if answer.presence >= LEAST_PRESENCE and _is_stale(answer)}  # fmt: skip
        anew = self._poses.look([(rgb, crop) for crop in stale.values()], masks=masks)
        return answers | dict(zip(stale, anew, strict=True))


def pictures_of_rest(rate: float) -> int:
    """For how many pictures somebody hidden is waited for, at `rate` pictures a second."""
    return max(1, round(LONGEST_REST_S * rate))


def is_somebody(answer: Answer) -> bool:
    """Whether the network sees a body in the crop, and enough of it in the picture."""
    return answer.presence >= LEAST_PRESENCE and bool(np.sum(answer.pose.scores >= SURE_SCORE) >= SURE_LANDMARKS)


def _sureness(answer: Answer) -> float:
    return float(answer.pose.scores.mean())


def _is_near(answer: Answer, expected: Crop) -> bool:
    """Whether the body is where it should be; beside others it may be one of them."""
    away_px = np.hypot(*np.subtract(answer.next_crop.middle_px, expected.middle_px))
    scale = _tight(answer.next_crop).side_px / expected.side_px
    return bool(away_px < FARTHEST_SHIFT * expected.side_px and 1 / FARTHEST_SCALE < scale < FARTHEST_SCALE)


def _on_anothers_body(seen: dict[int, Answer], before: dict[int, Answer], meeting: dict[int, set[int]]) -> set[int]:
    """Of two tracklets that ended up on one body, the one that had to jump further to get there.

    Those who met before were each looked at without the other, and may stand exactly behind each other.
    """
    leaving: set[int] = set()
    for one, other in itertools.combinations(seen, 2):
        unknown = not leaving & {one, other} and other not in meeting.get(one, ())
        if unknown and is_same_body(seen[one].pose, seen[other].pose):
            leaving.add(max(one, other, key=lambda tracklet: (_jump(before[tracklet], seen[tracklet]), tracklet)))
    return leaving


def _jump(before: Answer, after: Answer) -> float:
    """How far a trunk moved, in sizes of the body."""
    size_px = float(body_size_px(before.pose.landmarks_px))
    return float(trunk_distance_px(after.pose.landmarks_px, before.pose.landmarks_px)) / max(size_px, 1.0)


def _is_stale(answer: Answer) -> bool:
    looked, body = answer.crop, _tight(answer.next_crop)
    shift_px = np.hypot(looked.middle_px[0] - body.middle_px[0], looked.middle_px[1] - body.middle_px[1])
    scale = max(looked.side_px, body.side_px) / min(looked.side_px, body.side_px)
    return bool(shift_px > STALE_SHIFT * body.side_px or scale > STALE_SCALE)


def _moved(crop: Crop, step_px: np.ndarray) -> Crop:
    x_px, y_px = np.add(crop.middle_px, step_px)
    return replace(crop, middle_px=(float(x_px), float(y_px)))


def _tight(crop: Crop) -> Crop:
    return replace(crop, side_px=TIGHTER * crop.side_px)


def _step_px(before: Crop, after: Crop) -> tuple[float, float]:
    step = np.subtract(after.middle_px, before.middle_px)
    length = float(np.linalg.norm(step))
    step *= min(1.0, LARGEST_STEP * after.side_px / max(length, 1e-9))
    return float(step[0]), float(step[1])
