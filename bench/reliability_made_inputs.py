"""Footage that is odd and yet fine, and footage that ends too early to be any, out of the pictures of a film."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from backend.preview.painter import Picture

CLOCK = Fraction(1, 90000)      # of films whose pictures stand at times of their own


def film_of(
    path: Path, shown: Sequence[Picture], rate: Fraction = Fraction(30), *, ticks: Sequence[int] | None = None,
    turned_deg: int = 0,
) -> Path:  # fmt: skip
    """A film of upright pictures at `rate`, or at `ticks` of CLOCK.

    With `turned_deg` (counter-clockwise, by quarters) they are stored lying, and players have to turn them.
    """
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "20"})
        stored = [np.ascontiguousarray(np.rot90(picture, -(turned_deg // 90))) for picture in shown]
        stream.height, stream.width, stream.pix_fmt = *stored[0].shape[:2], "yuv420p"
        if turned_deg:
            stream.set_display_rotation(turned_deg)
        stream.codec_context.time_base = 1 / rate if ticks is None else CLOCK
        for number, picture in enumerate(stored):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = (number, 1 / rate) if ticks is None else (ticks[number], CLOCK)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def behind_a_door(shown: Sequence[Picture]) -> list[Picture]:
    """The pictures behind a grey door, shut in the first third, slid open in the second."""
    third, width = len(shown) // 3, shown[0].shape[1]
    covered = []
    for number, picture in enumerate(shown):
        edge = int(width * np.clip(2.0 - number / third, 0.0, 1.0))
        covered.append(np.hstack([_door(picture[:, :edge]), picture[:, edge:]]))
    return covered


def _door(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return np.full_like(picture, 128)


def index_lost(path: Path) -> None:
    """Half of a film whose index stands at its end, as a camera leaves that ran out of power."""
    film_of(path, [np.full((120, 160, 3), 8 * number % 256, np.uint8) for number in range(60)])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def no_pictures(path: Path) -> None:
    """A track of pictures that holds none."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        container.start_encoding()
