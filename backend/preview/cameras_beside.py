"""A column of small pictures: the bodies over the footage of all cameras but the first."""

from __future__ import annotations

from collections.abc import Sequence

from backend.preview.footage import footage_while
from backend.preview.painter import Picture
from backend.preview.panels import FootagePanel
from backend.preview.people import Person, Pose, camera_times_s
from backend.video.clip import Clip
from motion.arrays import Array

_WIDEST = 1.0   # of the column, by its height: where there is one other camera, which lies on its side
_GROUND = (28, 30, 34)


class CamerasBeside:
    """Draws what the cameras `beside` the first one saw at the film's times_s [N]; nothing without any."""

    def __init__(
        self, people: Sequence[Person], beside: Sequence[Clip], height_px: int, opacity: float, times_s: Array
    ) -> None:
        row_px = height_px // max(1, len(beside))
        sizes_px = [_fitted(clip, row_px, _WIDEST * height_px) for clip in beside]
        self.width_px = max((width for width, _ in sizes_px), default=0)
        self._tops_px = [row_px * row + (row_px - height) // 2 for row, (_, height) in enumerate(sizes_px)]
        self._sizes_px = sizes_px
        self._panels = [FootagePanel(people, *size, opacity, camera=number) for number, size in enumerate(sizes_px, 1)]
        self._footage = [footage_while(clip, camera_times_s(people, number, times_s), *size)
                         for number, (clip, size) in enumerate(zip(beside, sizes_px, strict=True), 1)]  # fmt: skip

    def draw(self, column: Picture, present: Sequence[Pose], time_s: float) -> None:
        """Fill `column` with the next picture of every camera and everybody present over it."""
        column[:] = _GROUND
        for panel, footage, top_px, (width_px, height_px) in zip(
                self._panels, self._footage, self._tops_px, self._sizes_px, strict=True):  # fmt: skip
            left_px = (self.width_px - width_px) // 2
            place = column[top_px : top_px + height_px, left_px : left_px + width_px]
            panel.draw(place, next(footage), present, time_s)

    def close(self) -> None:
        """Stop decoding."""
        for footage in self._footage:
            footage.close()


def _fitted(clip: Clip, height_px: int, widest_px: float) -> tuple[int, int]:
    """Width and height of a clip's picture, both even."""
    scale = min(height_px / clip.height_px, widest_px / clip.width_px)
    return max(2, 2 * int(scale * clip.width_px / 2)), max(2, 2 * int(scale * clip.height_px / 2))
