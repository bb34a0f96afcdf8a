"""How a camera says that it was held sideways."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame


def orientation(frame: VideoFrame) -> tuple[int, bool]:
    """The clockwise turn in degrees (0, 90, 180, 270), and whether a mirroring left to right follows it.

    Both from the display matrix [[a, b, u], [c, d, v], [x, y, w]] of the container or the picture's EXIF, which
    shows the stored pixel (x, y) at (a x + c y, b x + d y), y down.
    """
    matrix = _display_matrix(frame)
    if matrix is None:
        return round(-frame.rotation / 90) * 90 % 360, False
    a, b, _, c, d = (int(entry) for entry in matrix[:5])
    is_mirrored = a * d - b * c < 0
    turn_deg = np.degrees(np.arctan2(b, -a if is_mirrored else a))
    return round(turn_deg / 90) * 90 % 360, is_mirrored


def _display_matrix(frame: VideoFrame) -> npt.NDArray[np.int32] | None:
    try:
        matrix = frame.side_data.get(Type.DISPLAYMATRIX)   # PyAV 18 iterates over data, 19 over kinds
    except ValueError:
        # PyAV 18 stumbles over kinds of side data that it does not know, EXIF among them; the turn it still knows.
        return None
    return None if matrix is None else np.frombuffer(bytes(matrix), np.int32)
