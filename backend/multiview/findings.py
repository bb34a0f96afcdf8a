"""What a take says of each of its clips' cameras, gathered while it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.job.watch import Watch
from backend.one_clip import Footage
from backend.track.tracks import Track
from motion.job import CameraResult
from motion.refusal import Refusal


class Findings:
    """One CameraResult a clip. What leaves a clip out, or is doubtful, is told as a warning at once."""

    def __init__(self, footages: Sequence[Footage], watch: Watch) -> None:
        self._footages = footages
        self._watch = watch
        self._results = [CameraResult(str(each.clip.path)) for each in footages]

    def all(self) -> tuple[CameraResult, ...]:
        return tuple(self._results)

    def say(self, number: int, **found: object) -> None:
        """Set fields of the result of one clip; doubts are told."""
        self._results[number] = replace(self._results[number], **found)
        for sentence in found.get("doubts", ()):
            self._watch.warn_once(sentence)

    def doubt(self, number: int, sentence: str) -> None:
        """The clip takes part, but the user should know this."""
        self.say(number, doubts=(*self._results[number].doubts, sentence))

    def leave_out(self, number: int, sentence: str) -> None:
        self.say(number, used=False, confidence=0.0, doubts=(*self._results[number].doubts, sentence))

    def alone(self, number: int, focal_mm: float) -> None:
        """One clip makes the take, because none could be brought together with another."""
        self._watch.warn(f"The take is made of {self._footages[number].name} alone.")
        self._results = [replace(each, used=False, confidence=0.0) for each in self._results]
        self.say(number, used=True, confidence=1.0, focal_mm=focal_mm)

    def with_people(self, found: Sequence[Sequence[Track]]) -> list[int]:
        """The numbers of the clips in which somebody was found; the others are left out. Raises Refusal for none."""
        there = [number for number, tracks in enumerate(found) if tracks]
        if not there:
            raise Refusal("no-person", f"No person was found in any of the {len(found)} clips.",
                          "Choose clips in which the body is visible from head to foot.")  # fmt: skip
        for number in set(range(len(found))) - set(there):
            self.leave_out(number, f"No person was found in {self._footages[number].name}, so it has no part in the "
                           "take.")  # fmt: skip
        return there
