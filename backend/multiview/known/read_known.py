"""The door for cameras that were calibrated elsewhere: which kind of file it is, its content says."""

from __future__ import annotations

import re
from pathlib import Path

from backend.multiview.known.blender_json import blender_cameras
from backend.multiview.known.calibrated_camera import BadCalibration
from backend.multiview.known.colmap import colmap_cameras, ending_in, model_folder
from backend.multiview.known.colmap_binary import images_in_binary, lenses_in_binary
from backend.multiview.known.colmap_text import images_in_text, lenses_in_text
from backend.multiview.known.known_cameras import KnownCameras
from backend.multiview.known.opencv_toml import opencv_cameras
from backend.strict_json import BadJson, parsed
from motion.refusal import Refusal

MOST_BYTES = 4_000_000             # of a file that holds nothing but cameras
MOST_COLMAP_BYTES = 200_000_000    # images have their points beside them
_FIRST_BYTES = 4096
_COLMAP_TEXT = re.compile(rb"\s*(#[^\n]*\n\s*)*\d+\s+[\w.+-]+\s+[\d.+-]")   # numbers come first, after comments
_MEND = "Export the calibration again, or leave its file out, so that the cameras are found from the people."


def read_known_cameras(path: Path) -> KnownCameras:
    """Cameras of a TOML file by OpenCV, Anipose or Pose2Sim, of Blender's in JSON, or of a folder or file by COLMAP.

    Raises Refusal for a file that is not there or none of these.
    """
    try:
        return _cameras(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refusal("no-calibration", f"There is no calibration file {path}.", "Choose one that exists.") from error
    except (OSError, ValueError) as error:
        why = str(error) if isinstance(error, (BadCalibration, BadJson)) else "it cannot be read"
        raise Refusal("bad-calibration", f"{path.name} is no calibration of cameras: {why}.", _MEND) from error


def _cameras(path: Path) -> KnownCameras:
    if path.is_dir():
        return _colmap(path)
    data = _read(path, MOST_COLMAP_BYTES)
    if b"\0" in data[:_FIRST_BYTES] or _COLMAP_TEXT.match(data[:_FIRST_BYTES]):
        return _colmap(path.parent)
    if not data.strip():
        raise BadCalibration("it is empty")
    if len(data) > MOST_BYTES:
        raise _too_large(len(data), MOST_BYTES)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return blender_cameras(parsed(data))
    return opencv_cameras(data)


def _colmap(folder: Path) -> KnownCameras:
    place = model_folder(folder)
    if place is None:
        raise BadCalibration("there are no cameras and images of a model by COLMAP")
    ending = ending_in(place)
    lenses, images = (_read(place / f"{stem}{ending}", MOST_COLMAP_BYTES) for stem in ("cameras", "images"))
    if ending == ".bin":
        return colmap_cameras(lenses, images, lenses_in_binary, images_in_binary)
    return colmap_cameras(lenses, images, lenses_in_text, images_in_text)


def _read(path: Path, most_bytes: int) -> bytes:
    if path.exists() and not path.is_file():
        raise BadCalibration("it is no file")
    size = path.stat().st_size
    if size > most_bytes:
        raise _too_large(size, most_bytes)
    return path.read_bytes()


def _too_large(size: int, most_bytes: int) -> BadCalibration:
    return BadCalibration(f"it has {size / 1e6:.0f} MB, and {most_bytes / 1e6:.0f} MB is the most")
