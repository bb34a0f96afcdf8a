"""All prepared motion in one file, small enough to travel with the code: a zip of packed numbers and JSON text."""

from __future__ import annotations

import json
import math
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from backend.small_archives import DAMAGED
from backend.train.motions.squeezed import (
    packed,
    packed_masks,
    packed_series,
    root_of,
    root_steps,
    rotation_steps,
    rotations_of,
    unpacked,
    unpacked_masks,
    unpacked_series,
    unpacked_up_to,
)
from backend.train.motions.training_clip import Floats, Origin, Teaches, TrainingClip
from motion.contacts.believe import STILL_POINTS
from motion.refusal import Refusal
from motion.skeleton import BODY_JOINT_COUNT, JOINT_COUNT
from motion.whole_files import written_whole

FORMAT_VERSION = 1
SPLITS = ("train", "dev", "test")
LARGEST_BYTES = 1 << 30            # packed
LARGEST_TEXT_BYTES = 64 << 20
LARGEST_FRAME_COUNT = 20_000_000   # a week at 30 frames a second: a larger claim is broken or hostile

_PARTS = ("text", "rests", "rotations", "roots", "still")
_MEND = "Make it with python -m backend train prepare FOLDER."


def write_prepared(path: Path, clips: list[TrainingClip]) -> None:
    """Write `clips`, whole or not at all. Rotations are kept to 0.05 degrees, places to 0.2 mm."""
    rests, which = _distinct_rests(clips)
    described = [_described(clip, rest) for clip, rest in zip(clips, which)]
    parts = {
        "text": packed(json.dumps({"format_version": FORMAT_VERSION, "clips": described}, ensure_ascii=False).encode()),
        "rests": packed(rests.tobytes()),
        "rotations": packed_series([rotation_steps(clip.R_parent_from_joint) for clip in clips]),
        "roots": packed_series([root_steps(clip.root_world) for clip in clips]),
        "still": packed_masks([clip.still for clip in clips]),
    }
    with written_whole(path) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)   # its date is always the same, and so is the file


def read_prepared(path: Path) -> list[TrainingClip]:
    """The clips of a file of `write_prepared`. Raises Refusal with a sentence for anything else."""
    try:
        parts = _parts(path)
        return _clips(_described_in(parts["text"], path.name), parts)
    except FileNotFoundError as error:
        raise Refusal("no-such-file", f"There is no file {path}.", _MEND) from error
    except DAMAGED as error:
        raise Refusal("bad-prepared-motion", f"{path.name} is not a readable file of prepared motion.",
                      _MEND) from error  # fmt: skip


def _distinct_rests(clips: list[TrainingClip]) -> tuple[Floats, list[int]]:
    """Rest joints [R, 55, 3], each once, and which of them each clip has."""
    places: dict[bytes, int] = {}
    which = [places.setdefault(np.asarray(clip.rest_joints, np.float32).tobytes(), len(places)) for clip in clips]
    return np.frombuffer(b"".join(places), np.float32).reshape(-1, JOINT_COUNT, 3), which


def _described(clip: TrainingClip, rest: int) -> dict[str, Any]:
    teaches = asdict(clip.teaches) | {"joints": "".join("01"[taught] for taught in clip.teaches.joints)}
    return asdict(clip.origin) | {"frames": len(clip.root_world), "rest": rest, "teaches": teaches}


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        if sum(archive.getinfo(name).file_size for name in _PARTS) > LARGEST_BYTES:
            raise ValueError("it is larger than 1 GB")
        return {name: archive.read(name) for name in _PARTS}


def _described_in(text: bytes, name: str) -> list[dict[str, Any]]:
    whole = json.loads(unpacked_up_to(text, LARGEST_TEXT_BYTES))
    if _whole_number(whole["format_version"], 1, 1 << 31) > FORMAT_VERSION:
        raise Refusal("newer-prepared-motion", f"{name} was written by a newer Mambocap.", "Prepare it again.")
    return whole["clips"]


def _clips(described: list[dict[str, Any]], parts: dict[str, bytes]) -> list[TrainingClip]:
    lengths = [_whole_number(each["frames"], 1, LARGEST_FRAME_COUNT) for each in described]
    if sum(lengths) > LARGEST_FRAME_COUNT:
        raise ValueError("it has too many frames")
    rest_count = 1 + max((_whole_number(each["rest"], 0, len(described) - 1) for each in described), default=-1)
    rests = np.frombuffer(unpacked(parts["rests"], rest_count * JOINT_COUNT * 12), np.float32)
    rests = rests.reshape(rest_count, JOINT_COUNT, 3)
    rotations = unpacked_series(parts["rotations"], lengths, BODY_JOINT_COUNT * 3, np.int16)
    roots = unpacked_series(parts["roots"], lengths, 3, np.int32)
    still = unpacked_masks(parts["still"], lengths, len(STILL_POINTS))
    return [
        TrainingClip(_origin(each), _teaches(each["teaches"]), rotations_of(steps.reshape(-1, BODY_JOINT_COUNT, 3)),
                     root_of(root), _finite(rests[each["rest"]]), label)
        for each, steps, root, label in zip(described, rotations, roots, still)
    ]  # fmt: skip


def _origin(described: dict[str, Any]) -> Origin:
    words = {name: _text(described[name]) for name in ("name", "source", "subject", "action", "licence", "split")}
    if words["split"] not in SPLITS:
        raise ValueError("a split that is unknown")
    start_s = float(described["start_s"])
    if not math.isfinite(start_s):
        raise ValueError("a start that is no number")
    return Origin(**words, start_s=start_s)


def _teaches(described: dict[str, Any]) -> Teaches:
    joints = _text(described["joints"])
    if len(joints) != BODY_JOINT_COUNT or set(joints) - {"0", "1"}:
        raise ValueError("joints that are unknown")
    whether = {name: described[name] is True for name in ("path", "speed", "contacts")}
    return Teaches(joints=tuple(joint == "1" for joint in joints), **whether)


def _finite(array: Floats) -> Floats:
    if not np.all(np.isfinite(array)):
        raise ValueError("a number that is none")
    return array


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("words are missing")
    return value


def _whole_number(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError("a count that cannot be")
    return value
