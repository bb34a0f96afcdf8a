"""Everybody in a film, picture by picture: who is known is followed, and newcomers are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backend.detect.crop import Rgb
from backend.detect.followers import Followers, PoseLooker, is_somebody
from backend.detect.hidden import hide_each_other
from backend.detect.person_search import Candidate, PersonSearch, is_known
from backend.detect.pose import Pose, is_same_body
from backend.detect.pose_network import Answer

BESIDE_SCORE = 0.6      # mean of a newcomer's landmarks from which they may stand right beside or behind somebody


@dataclass(frozen=True)
class SearchRhythm:
    """How many pictures lie between two searches, at most, and how long somebody out of sight is waited for."""

    whole: int          # of the whole picture at once
    everywhere: int     # of tiles and turned pictures too
    rest: int = 9       # pictures for which somebody whom others hide is looked for where they went


class Crowd:
    """People of one shot after the other; each continuous following gets a number, a tracklet.

    Where nobody is known, every picture is searched; else one in `rhythm.whole`, and more when somebody was just lost.
    """

    def __init__(self, poses: PoseLooker, search: PersonSearch, numbers: Iterator[int], most_people: int,
                 rhythm: SearchRhythm) -> None:  # fmt: skip
        self._poses = poses
        self._search = search
        self._numbers = numbers
        self._most_people = most_people
        self._rhythm = rhythm
        self._followers = Followers(poses, rhythm.rest)
        self._next_shot()

    def _next_shot(self) -> None:
        self._followers.end_all()
        self._pause = 1                             # pictures from one search to the next
        self._since_search = 1
        self._since_everywhere = self._rhythm.everywhere

    def look(self, rgb: Rgb, new_shot: bool = False, coming: Rgb | None = None) -> dict[int, Answer]:
        """The people in the next picture by tracklet; `coming` is the one after it, if of the same shot."""
        if new_shot:
            self._next_shot()
        known = len(self._followers.answers)
        people = self._followers.look(rgb, coming)
        self._search_when_due(rgb, someone_was_lost=len(people) < known)
        return self._followers.answers

    def _search_when_due(self, rgb: Rgb, someone_was_lost: bool) -> None:
        """Search now; the pause to the next search grows from one picture after a loss to `rhythm.whole`."""
        self._since_search += 1
        self._since_everywhere += 1
        known = len(self._followers.answers)
        if someone_was_lost or not known:
            self._pause = 1
        if self._since_search >= self._pause and known < self._most_people:
            self._since_search = 0
            self._pause = min(2 * self._pause, self._rhythm.whole)
            self._find_newcomers(rgb)

    def _find_newcomers(self, rgb: Rgb) -> None:
        everywhere = self._since_everywhere >= self._rhythm.everywhere
        if everywhere:
            self._since_everywhere = 0
        for candidate in self._search.look(rgb, everywhere):
            people = self._followers.answers
            if len(people) < self._most_people and not is_known(candidate, [a.next_crop for a in people.values()]):
                self._welcome(candidate, rgb)

    def _welcome(self, candidate: Candidate, rgb: Rgb) -> None:
        answer = self._poses.look([(rgb, candidate.crop)])[0]
        known = [other.pose for other in self._followers.answers.values()]
        if is_somebody(answer) and not any(_is_on(answer.pose, pose) for pose in known):
            self._followers.begin(next(self._numbers), answer)


def _is_on(newcomer: Pose, known: Pose) -> bool:
    """Whether a newcomer is a known body, or a faint something in its clothes.

    Somebody faint behind others is found when they come out, and followed back.
    """
    faint = newcomer.scores.mean() < BESIDE_SCORE and hide_each_other(newcomer, known)
    return bool(faint or is_same_body(newcomer, known))
