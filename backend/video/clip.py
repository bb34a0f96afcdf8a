"""What is known of a piece of footage before its pictures are looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from motion.arrays import Array
from motion.refusal import Refusal


@dataclass(frozen=True)
class VideoSettings:
    """How footage is read. Seconds count in the footage's own time, before `recorded_fps` is applied.

    The take is what lies both between the two times and between the two frames. Raises Refusal for a senseless rate.
    """

    in_s: float = 0.0               # start of the take in the footage, in seconds
    out_s: float | None = None      # its end in seconds, if not that of the footage
    first_frame: int = 1            # the take's first frame, counted from 1
    last_frame: int | None = None   # the take's last frame, if not that of the footage
    recorded_fps: float | None = None   # frames a second of the recording, for slow motion and image sequences
    mirrored: bool = False          # the footage shows a mirror image, as front cameras do
    turn_deg: Literal[0, 90, 180, 270] = 0   # a turn clockwise on top of what the file says

    def __post_init__(self) -> None:
        if self.recorded_fps is not None and not 1.0 <= self.recorded_fps <= 100_000.0:
            raise Refusal("bad-rate", f"Nothing is recorded at {self.recorded_fps:g} frames a second.",
                          "Enter a rate from 1 to 100000.")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Clip:
    """One film or image sequence, upright, with the true time of every picture."""

    path: Path                # the film, or the first picture of a sequence
    pictures: tuple[Path, ...]    # of an image sequence, those used; empty for a film
    width_px: int             # of the upright picture, its pixels square
    height_px: int
    turn_deg: int             # clockwise turn that makes the stored picture upright: 0, 90, 180, 270
    times_s: Array            # [F] true time of each picture used, the first at 0
    rate: Fraction            # of the motion made from it: the footage's own, for variable rates the nearest usual one
    constant_rate: bool       # times_s are the multiples of 1 / rate
    first_picture: int        # index in the file of the first picture used; for a sequence the number in its name
    focal_px: float | None    # from metadata, None where the file does not say
    sha256: str               # of size and bytes (of large files: both ends), for the cache and to find a moved clip
    byte_count: int
    settings: VideoSettings
    warnings: tuple[str, ...] = ()    # what the user should know though the clip can be used, a sentence each
    start_s: float = 0.0      # the first used picture on the file's own clock, which need not start at 0
    slowness: float = 1.0     # seconds of footage for one true second, 4 for 120 frames a second played at 30
    mirror: bool = False      # mirror left and right after the turn: by the file's word or settings.mirrored, not both
    stored_as_shown: bool = True  # square pixels, standard range and no turn by the file: all players show it alike

    @property
    def picture_count(self) -> int:
        return len(self.times_s)


def part_of(clip: Clip, first: int, end: int) -> Clip:
    """The pictures `first` to `end` - 1 of a clip as a clip whose time starts at 0."""
    return replace(
        clip, pictures=clip.pictures[first:end], times_s=clip.times_s[first:end] - clip.times_s[first],
        first_picture=clip.first_picture + first, start_s=clip.start_s + clip.slowness * float(clip.times_s[first]),
    )  # fmt: skip
