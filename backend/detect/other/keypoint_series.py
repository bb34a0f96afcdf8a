"""The files that hold a clip's keypoints: one of many pictures, or a series of one a picture."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from backend.detect.other.keypoint_formats import (
    PictureOfFile,
    is_of_one_picture,
    many_pictures,
    number_in_name,
    one_picture,
)
from backend.strict_json import BadJson, read_json
from backend.video.film import unreadable
from motion.refusal import Refusal

MOST_BYTES = 512_000_000            # 10,000 pictures with ten people of 136 keypoints
MOST_BYTES_A_PICTURE = 16_000_000
WRITE_AGAIN = "Write it with OpenPose's --write_json, AlphaPose, MMPose, or as COCO keypoints."

Read = TypeVar("Read")


def unusable(path: Path, why: str) -> Refusal:
    return Refusal("bad-keypoints", f"{path.name} cannot be used: {why}.", WRITE_AGAIN)


def pictures_in(path: Path) -> list[PictureOfFile]:
    """What the keypoints at `path` say of each picture, each number once.

    `path` is a file of many pictures, any one of a series of files of one picture, or a folder, of which the longest
    series is taken. Raises Refusal "no-file", "unreadable", "bad-keypoints".
    """
    if path.is_dir():
        return _of_series(_longest_series(path))
    document = _or_refusal(path, read_json, path, MOST_BYTES)
    if is_of_one_picture(document):
        return _of_series(_series_of(path))
    pictures = _or_refusal(path, many_pictures, document)
    number, count = Counter(picture.number for picture in pictures).most_common(1)[0] if pictures else (0, 0)
    if count > 1:
        raise unusable(path, f"it tells of picture {number} more than once")
    return pictures


def _of_series(files: dict[int, Path]) -> list[PictureOfFile]:
    return [_or_refusal(path, _one_picture, path, number) for number, path in sorted(files.items())]


def _one_picture(path: Path, number: int) -> PictureOfFile:
    document = read_json(path, MOST_BYTES_A_PICTURE)
    if not is_of_one_picture(document):
        raise BadJson("it has keypoints in no way that is known here")
    return one_picture(document, number)


def _longest_series(folder: Path) -> dict[int, Path]:
    series: dict[str, dict[int, Path]] = defaultdict(dict)
    for path in _or_refusal(folder, _files, folder):
        number = number_in_name(path.name)
        if number is not None:
            series[_family(path)][number] = path
    if not series:
        raise unusable(folder, "it holds no .json files with numbers in their names")
    return max(series.values(), key=len)


def _series_of(path: Path) -> dict[int, Path]:
    number = number_in_name(path.name)
    if number is None:
        raise unusable(path, "it tells of one picture and has no number in its name")
    return {number_in_name(each.name) or 0: each for each in _files(path.parent) if _family(each) == _family(path)}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json")


def _family(path: Path) -> str:
    """The name without its number."""
    return re.sub(r"\d{1,18}((?:_keypoints)?)$", r"#\1", path.stem, flags=re.ASCII)


def _or_refusal(path: Path, read: Callable[..., Read], *what: object) -> Read:
    try:
        return read(*what)
    except FileNotFoundError as error:
        raise Refusal("no-file", f"There is no file {path}.", "Check the name, or choose another detector.") from error
    except OSError as error:
        raise unreadable(path) from error
    except BadJson as error:
        raise unusable(path, str(error)) from error
