"""COLMAP's cameras.txt and images.txt."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from backend.multiview.known.calibrated_camera import BadCalibration, name_of
from backend.multiview.known.colmap import LENS_MODELS, Image, Lens, check_count, usable_lens
from motion.arrays import Array

_BY_NAME = {model.name: model for model in LENS_MODELS.values()}
_POSE = 9    # numbers and words before the name of an image: number, quaternion, translation, number of the camera


def lenses_in_text(data: bytes) -> dict[int, Lens]:
    """By their numbers, from `number model width height parameters`. Raises BadCalibration."""
    lenses: dict[int, Lens] = {}
    for line in _lines(data):
        if line and not line.startswith("#"):
            number, lens = _lens(line.split())
            lenses[number] = lens
    return lenses


def _lens(words: list[str]) -> tuple[int, Lens]:
    if len(words) < 4:
        raise BadCalibration("a line of its cameras has less than a number, a model, a width and a height")
    number = _whole(words[0])
    model = usable_lens(number, _BY_NAME.get(words[1]), name_of(words[1]))
    wanted, parameters = len(model.parameters.split()), words[4:]
    if len(parameters) != wanted:
        raise BadCalibration(f"camera {number} has {len(parameters)} parameters where {model.name} has {wanted}")
    return number, Lens(model, (_whole(words[2]), _whole(words[3])), _numbers(parameters))


def images_in_text(data: bytes) -> list[Image]:
    """From pairs of lines, the second of which holds points and may be empty. Raises BadCalibration."""
    images: list[Image] = []
    lines = _lines(data)
    for line in lines:
        if line and not line.startswith("#"):
            images.append(_image(line.split(maxsplit=_POSE)))
            check_count(len(images))
            next(lines, None)
    return images


def _image(words: list[str]) -> Image:
    if len(words) <= _POSE:
        raise BadCalibration("a line of its images has less than a number, a quaternion, a translation, a camera and "
                             "a name")  # fmt: skip
    numbers = _numbers(words[1:8])
    return Image(name_of(words[_POSE]), numbers[:4], numbers[4:], _whole(words[8]))


def _lines(data: bytes) -> Iterator[str]:
    try:
        return map(str.strip, iter(data.decode("utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise BadCalibration("it is not text") from error


def _whole(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 18):
        raise BadCalibration(f"it has {name_of(word)} where a whole number belongs")
    return int(word)


def _numbers(words: list[str]) -> Array:
    try:
        return np.array([float(word) for word in words])
    except ValueError as error:
        raise BadCalibration(f"it has {name_of(' '.join(words))} where numbers belong") from error
