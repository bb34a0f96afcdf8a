"""preview.mp4: the bodies over the footage, and beside it the same people from the side on the floor.

Of several cameras the first one's footage is large, and the others' stand small at the right.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.device import Tell
from backend.preview.cameras_beside import CamerasBeside
from backend.preview.footage import footage_while
from backend.preview.panels import FootagePanel, SidePanel
from backend.preview.people import camera_times_s, film_times_s, people_of, poses
from backend.preview.write_film import written_film
from backend.progress import Report
from backend.video.clip import Clip
from motion.body import Body
from motion.motion import Motion
from motion.refusal import Refusal

log = logging.getLogger(__name__)

_SIDE_WIDTH = 0.75   # of the footage's longer side
_SMALLEST_PX = 64
_REPORT_EVERY = 8    # frames


@dataclass(frozen=True)
class PreviewSettings:
    """How the preview is drawn. Raises Refusal for what would show nothing."""

    longest_side_px: int = 720      # of the footage in it; smaller footage is not enlarged
    side_angle_deg: float = 90.0    # how far the second view is turned about the vertical from the footage's camera
    opacity: float = 0.8            # of a body over the footage

    def __post_init__(self) -> None:
        if self.longest_side_px < _SMALLEST_PX:
            raise Refusal("preview-size", f"A preview of {self.longest_side_px} pixels is too small to show anything.",
                          f"Choose a longest side of {_SMALLEST_PX} pixels or more.")  # fmt: skip
        if not 0.0 < self.opacity <= 1.0:
            raise Refusal("opacity", f"Bodies cannot be drawn with an opacity of {self.opacity:g}.",
                          "Choose more than 0 and at most 1.")  # fmt: skip


def draw_preview(
    clip: Clip, motions: Sequence[Motion], bodies: Sequence[Body], path: Path, settings: PreviewSettings,
    report: Report, device: str = "cpu", tell: Tell = log.warning, beside: Sequence[Clip] = (),
) -> None:  # fmt: skip
    """Write a film of `motions` (at least one, each with a camera) and their `bodies` to `path`, at the motions' rate.

    `clip` is the footage of the motions' first camera, those `beside` it are of their others. Bodies are posed on
    `device`; `tell` hears a sentence when it is too small for that. Raises Refusal when the film cannot be written, and
    lets Cancelled pass; no file is left behind then.
    """
    people = people_of(motions, bodies)
    rate, times_s = film_times_s(people)
    width_px, height_px = footage_size(clip, settings.longest_side_px)
    side_width_px = _even(_SIDE_WIDTH * max(width_px, height_px))
    over_footage = FootagePanel(people, width_px, height_px, settings.opacity)
    from_side = {shot: SidePanel([person for person in people if person.shot == shot], side_width_px, height_px,
                                 settings.side_angle_deg) for shot in {person.shot for person in people}}  # fmt: skip
    others = CamerasBeside(people, beside, height_px, settings.opacity, times_s)
    sheet = np.empty((height_px, width_px + side_width_px + others.width_px, 3), dtype=np.uint8)
    side, right = sheet[:, width_px : width_px + side_width_px], sheet[:, width_px + side_width_px :]
    with (contextlib.closing(footage_while(clip, camera_times_s(people, 0, times_s), width_px, height_px)) as footage,
          contextlib.closing(others), written_film(path, rate, *sheet.shape[1::-1]) as append):  # fmt: skip
        posed, shot = poses(people, len(times_s), device, tell), 0
        for frame, (picture, present) in enumerate(zip(footage, posed, strict=True)):
            over_footage.draw(sheet[:, :width_px], picture, present, times_s[frame])
            shot = present[0].person.shot if present else shot
            from_side[shot].draw(side, present)
            others.draw(right, present, times_s[frame])
            append(sheet)
            if frame % _REPORT_EVERY == 0:
                report(frame, len(times_s), len(people))
    report(len(times_s), len(times_s), len(people))


def footage_size(clip: Clip, longest_side_px: int) -> tuple[int, int]:
    """Width and height of the footage in the film, even as H.264 asks."""
    scale = min(1.0, longest_side_px / max(clip.width_px, clip.height_px))
    return _even(scale * clip.width_px), _even(scale * clip.height_px)


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))
