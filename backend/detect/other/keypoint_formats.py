"""What OpenPose, AlphaPose, MMPose and COCO write about the people in pictures.

- OpenPose `--write_json`: a file a picture, {"people": [{"pose_keypoints_2d": [x, y, score, ...], "person_id": [-1]}]},
  with hands and face beside it (its `doc/02_output.md`).
- COCO results, AlphaPose: [{"image_id": 12 or "12.jpg", "keypoints": [x, y, score, ...], "idx": 1}].
- COCO annotations: {"images": [...], "annotations": [{"image_id": 12, "keypoints": [x, y, visibility, ...]}]}; feet,
  face and hands in lists of their own, as in COCO-WholeBody.
- MMPose: [{"frame_id": 12, "instances": [{"keypoints": [[x, y], ...], "keypoint_scores": [...]}]}], or the list of
  instances alone in a file a picture; its demos put either list into "instance_info".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np

from backend.detect.other.keypoint_sets import face_landmarks, hand_landmarks
from backend.strict_json import BadJson, Node
from motion.arrays import Array

MOST_PEOPLE = 1000          # in one picture
MOST_ENTRIES = 2_000_000    # people in a whole file
VISIBLE = 2.0               # COCO's flag of a keypoint: 0 not marked, 1 marked but hidden, 2 visible

_NUMBERS_OF_PEOPLE = ("person_id", "track_id", "idx")
_WHOLE_BODY = ("keypoints", "foot_kpts", "face_kpts", "lefthand_kpts", "righthand_kpts")
_FACE_COUNTS, _HAND_COUNT = (68, 70), 21


@dataclass(frozen=True, eq=False)
class Person:
    """One person in a picture, as the file has them."""

    body: Array                                            # [K, 3] x, y, score; score 0 or NaN where not seen
    number: int = -1                                       # of the person, where the file counts them
    more: dict[str, Array] = field(default_factory=dict)   # landmarks by name from lists of hands and face


@dataclass(frozen=True, eq=False)
class PictureOfFile:
    """What a file says of one picture."""

    number: int                               # the picture's, as the file counts
    people: list[Person]
    size_px: tuple[float, float] | None = None   # width and height, where the file says it


def number_in_name(name: str) -> int | None:
    """The number of a picture in a name such as `shot_0012.jpg` or `clip_000000000012_keypoints.json`."""
    found = re.search(r"(\d{1,18})(?:_keypoints)?$", PurePath(name).stem, re.ASCII)
    return int(found[1]) if found else None


def is_of_one_picture(document: Node) -> bool:
    """Whether the document tells of one picture only, whose number is in the name of its file."""
    entries = _entries(document).value
    first = entries[0] if isinstance(entries, list) and entries else None
    return document.has("people") or entries == [] or (isinstance(first, dict) and "keypoint_scores" in first)


def one_picture(document: Node, number: int) -> PictureOfFile:
    """The people in a document of one picture. Raises BadJson."""
    if document.has("people"):
        people = document.field("people").items(MOST_PEOPLE)
        return PictureOfFile(number, [_openpose(_named(person, f"person {n + 1}")) for n, person in enumerate(people)])
    return PictureOfFile(number, _instances(_entries(document)))


def many_pictures(document: Node) -> list[PictureOfFile]:
    """The pictures in a document of many. Raises BadJson."""
    if document.has("annotations"):
        return _annotations(document)
    entries = _entries(document)
    if isinstance(entries.value, list) and entries.value:
        first = Node(entries.value[0], "entry 1")
        if first.has("frame_id"):
            return _frames(entries)
        if first.has("image_id"):
            return _results(entries, 1.0)
    raise BadJson("it has keypoints in no way that is known here")


def _entries(document: Node) -> Node:
    return document.field("instance_info") if document.has("instance_info") else document


def _openpose(person: Node) -> Person:
    more: dict[str, Array] = {}
    for side in ("left", "right"):
        more |= _part(person, f"hand_{side}_keypoints_2d", (_HAND_COUNT,), lambda points, side=side:
                      hand_landmarks(points, side))  # fmt: skip
    more |= _part(person, "face_keypoints_2d", _FACE_COUNTS, face_landmarks)
    return Person(_triples(person.field("pose_keypoints_2d")), _number(person), more)


def _part(
    person: Node, name: str, counts: tuple[int, ...], landmarks: Callable[[Array], dict[str, Array]]
) -> dict[str, Array]:
    points = _triples(person.field(name)) if person.has(name) else np.zeros((0, 3))
    if len(points) and len(points) not in counts:
        raise person.bad(f"has {len(points)} points in \"{name}\", not {counts[0]}")
    return landmarks(points) if len(points) else {}


def _frames(document: Node) -> list[PictureOfFile]:
    pictures = []
    for n, entry in enumerate(document.items(MOST_ENTRIES)):
        number = _named(entry, f"entry {n + 1}").field("frame_id", f"entry {n + 1}").whole()
        pictures.append(PictureOfFile(number, _instances(entry.field("instances", f"picture {number}"))))
    return pictures


def _instances(document: Node) -> list[Person]:
    found = document.items(MOST_PEOPLE)
    return [_instance(_named(person, _and(document.where, f"person {n + 1}"))) for n, person in enumerate(found)]


def _instance(person: Node) -> Person:
    scores = person.field("keypoint_scores").numbers()
    places = [place.numbers() for place in person.field("keypoints").items(len(scores))]
    if len(places) != len(scores) or any(len(place) != 2 for place in places):
        raise person.bad(f"has {len(scores)} scores but no {len(scores)} keypoints of x and y")
    return Person(np.column_stack([np.reshape(places, (-1, 2)), scores]), _number(person))


def _results(document: Node, full_score: float) -> list[PictureOfFile]:
    people: dict[int, list[Person]] = defaultdict(list)
    for n, entry in enumerate(document.items(MOST_ENTRIES)):
        number = _image_number(_named(entry, f"entry {n + 1}").field("image_id"))
        person = _named(entry, f"picture {number}, person {len(people[number]) + 1}")
        if len(people[number]) == MOST_PEOPLE:
            raise person.bad(f"is one of more than {MOST_PEOPLE}")
        parts = [_triples(person.field(name)) for name in _WHOLE_BODY if name == "keypoints" or person.has(name)]
        people[number].append(Person(np.concatenate(parts) / [1.0, 1.0, full_score], _number(person)))
    return [PictureOfFile(number, found) for number, found in people.items()]


def _annotations(document: Node) -> list[PictureOfFile]:
    images = [_named(image, f"image {n + 1}") for n, image in enumerate(document.field("images").items(MOST_ENTRIES))]
    named = {image.field("id").whole(): image for image in images}
    found = {picture.number: picture for picture in _results(document.field("annotations"), VISIBLE)}
    if unknown := sorted(set(found) - set(named)):
        raise BadJson(f"picture {unknown[0]} is not among its \"images\"")
    numbers = _numbers_of_images(named)
    return [PictureOfFile(numbers[id_], found[id_].people if id_ in found else [], _size(image))
            for id_, image in named.items()]  # fmt: skip


def _numbers_of_images(named: dict[int, Node]) -> dict[int, int]:
    """By the names of the pictures where each has a number of its own, else by their ids."""
    names = [image.value.get("file_name") for image in named.values()]
    numbers = [number_in_name(name) if isinstance(name, str) else None for name in names]
    if None in numbers or len(set(numbers)) < len(numbers):
        return {id_: id_ for id_ in named}
    return dict(zip(named, numbers))


def _size(image: Node) -> tuple[float, float] | None:
    if not (image.has("width") and image.has("height")):
        return None
    width_px, height_px = image.field("width").whole(), image.field("height").whole()
    if not width_px or not height_px:
        raise image.bad("has no width or no height")
    return float(width_px), float(height_px)


def _image_number(image: Node) -> int:
    if not isinstance(image.value, str):
        return image.whole()
    number = number_in_name(image.value)
    if number is None:
        raise image.bad(f"is of {image.value[:40]!r}, a name without a number")
    return number


def _number(person: Node) -> int:
    """The person's number; lists of one, as OpenPose has them, count as their entry, and everything strange as none."""
    for name in _NUMBERS_OF_PEOPLE:
        if person.has(name):
            value = person.value[name]
            while isinstance(value, list) and value:
                value = value[0]
            if type(value) in (int, float) and 0 <= value <= MOST_ENTRIES and value == int(value):
                return int(value)
    return -1


def _triples(node: Node) -> Array:
    numbers = node.numbers()
    if len(numbers) % 3:
        raise node.bad(f"has {len(numbers)} numbers, which are no threes of x, y and score")
    return numbers.reshape(-1, 3)


def _named(node: Node, where: str) -> Node:
    return Node(node.value, where)


def _and(where: str, more: str) -> str:
    return more if where == "it" else f"{where}, {more}"
