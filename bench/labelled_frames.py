"""What somebody saw in real footage: the labels of bench/real_labels, read strictly."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import numpy as np

from motion.arrays import Array

FOLDER = Path(__file__).resolve().parent / "real_labels"
PAIRS = ("wrist", "ankle", "shoulder")
PLACED = PAIRS[:2]                    # pairs whose places in the picture are labelled
SIDES = ("left", "right")             # the person's own
FACINGS = ("camera", "away", "left", "right")   # left, right: of the picture

_SIDE = {"L": 0, "R": 1, "-": None}
_YES = {"yes": True, "no": False, "-": None}
_FACING = {**{facing: facing for facing in FACINGS}, "-": None}
_NUMBERS = [f"{side}_{pair}_{axis}_px" for pair in PLACED for side in SIDES for axis in "xy"]
FRAME_COLUMNS = ("clip", "frame", "facing", *(f"nearer_{pair}" for pair in PAIRS), *_NUMBERS,
                 *(f"{side}_foot_planted" for side in SIDES))  # fmt: skip
FOOTFALL_COLUMNS = ("clip", "frame", "foot", "doubt_frames")


@dataclass(frozen=True, eq=False)
class LabelledFrame:
    """One picture of a clip. None and NaN: cannot be told."""

    clip: str                                # name of the film without its suffix
    frame: int                               # from 0, in the order in which the film is shown
    facing: str | None                       # one of FACINGS: where the chest points
    nearer: tuple[int | None, ...]           # of each of PAIRS: index into SIDES of the one nearer to the camera
    points_px: Array                         # [2, 2, 2] PLACED x SIDES, px of the upright picture
    planted: tuple[bool | None, ...]         # of each of SIDES: the foot rests on something and stands still


@dataclass(frozen=True)
class Footfall:
    """The first picture in which a foot touches the ground."""

    clip: str
    frame: int
    foot: int            # index into SIDES
    doubt_frames: int    # the labeller would not swear to less than this, either way


def read_frames(path: Path = FOLDER / "frames.csv") -> list[LabelledFrame]:
    """All labelled frames. Raises ValueError with the line that breaks a rule."""
    labelled = list(_read(path, FRAME_COLUMNS, _labelled_frame))
    _check_once(path, [(each.clip, each.frame) for each in labelled])
    return labelled


def read_footfalls(path: Path = FOLDER / "footfalls.csv") -> list[Footfall]:
    """All labelled footfalls. Raises ValueError with the line that breaks a rule."""
    footfalls = list(_read(path, FOOTFALL_COLUMNS, _footfall))
    _check_once(path, [(each.clip, each.frame, each.foot) for each in footfalls])
    return footfalls


def labelled_clips() -> dict[str, tuple[list[LabelledFrame], list[Footfall]]]:
    """The shipped labels by the name of their clip, in the order of names."""
    frames, footfalls = read_frames(), read_footfalls()
    names = sorted({each.clip for each in (*frames, *footfalls)})
    return {name: ([frame for frame in frames if frame.clip == name],
                   [footfall for footfall in footfalls if footfall.clip == name]) for name in names}  # fmt: skip


def _read(path: Path, columns: tuple[str, ...], made_of) -> Iterator:
    with open(path, newline="", encoding="utf-8") as stream:
        rows = csv.reader(stream, strict=True)
        try:
            if tuple(next(rows, ())) != columns:
                raise ValueError(f"the columns must be {', '.join(columns)}")
            for row in rows:
                if len(row) != len(columns):
                    raise ValueError(f"{len(row)} values instead of {len(columns)}")
                yield made_of(dict(zip(columns, row, strict=True)))
        except (ValueError, csv.Error) as error:
            raise ValueError(f"{path.name}, line {rows.line_num}: {error}") from error


def _labelled_frame(row: dict[str, str]) -> LabelledFrame:
    return LabelledFrame(
        clip=_name(row["clip"]), frame=_count(row["frame"]),
        facing=_one_of(_FACING, row["facing"]),
        nearer=tuple(_one_of(_SIDE, row[f"nearer_{pair}"]) for pair in PAIRS),
        points_px=_points_px([row[name] for name in _NUMBERS]),
        planted=tuple(_one_of(_YES, row[f"{side}_foot_planted"]) for side in SIDES),
    )  # fmt: skip


def _footfall(row: dict[str, str]) -> Footfall:
    foot = _one_of(_SIDE, row["foot"])
    if foot is None:
        raise ValueError("a footfall needs its foot, L or R")
    return Footfall(_name(row["clip"]), _count(row["frame"]), foot, _count(row["doubt_frames"]))


def _points_px(words: list[str]) -> Array:
    numbers = [float(_whole(word)) if word else np.nan for word in words]
    points_px = np.array(numbers).reshape(len(PLACED), len(SIDES), 2)
    if np.any(np.isnan(points_px[..., 0]) != np.isnan(points_px[..., 1])):
        raise ValueError("a point has only one of its two numbers")
    return points_px


def _one_of(meanings: dict, word: str):
    if word not in meanings:
        raise ValueError(f"{word!r} is none of {', '.join(meanings)}")
    return meanings[word]


def _name(word: str) -> str:
    if not word or word != word.strip():
        raise ValueError(f"{word!r} is no name of a clip")
    return word


def _count(word: str) -> int:
    if (number := _whole(word)) < 0:
        raise ValueError(f"{word} is less than 0")
    return number


def _whole(word: str) -> int:
    if not word.removeprefix("-").isdecimal() or not word.isascii():
        raise ValueError(f"{word!r} is no whole number")
    return int(word)


def _check_once(path: Path, keys: list[tuple]) -> None:
    twice = {key for key in keys if keys.count(key) > 1} if len(set(keys)) < len(keys) else set()
    if twice:
        raise ValueError(f"{path.name} has {', '.join(map(str, min(twice)))} more than once")
