"""All prepared motion in one file, small enough to travel with the code: an .npz of packed bytes and JSON text."""

from __future__ import annotations

import json
import lzma
import math
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

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
)
from backend.train.motions.training_clip import STILL_POINTS, Floats, Origin, Teaches, TrainingClip
from motion.refusal import Refusal
from motion.skeleton import BODY_JOINT_COUNT, JOINT_COUNT
from motion.whole_files import written_whole

FORMAT_VERSION = 1
SPLITS = ("train", "dev", "test")
LARGEST_BYTES = 1 << 30
LARGEST_TEXT_BYTES = 64 << 20
LARGEST_FRAME_COUNT = 20_000_000   # a week at 30 frames a second: a larger claim is broken or hostile

_PARTS = ("format_version", "text_bytes", "text", "rests", "rotations", "roots", "still")
_DAMAGED = (OSError, ValueError, EOFError, KeyError, TypeError, RuntimeError, OverflowError, MemoryError,
            RecursionError, zipfile.BadZipFile, lzma.LZMAError)  # fmt: skip


def write_prepared(path: Path, clips: list[TrainingClip]) -> None:
    """Write `clips`, whole or not at all. Rotations are kept to 0.05 degrees, places to 0.2 mm."""
    rests, which = _distinct_rests(clips)
    text = json.dumps([_described(clip, rest) for clip, rest in zip(clips, which)], ensure_ascii=False).encode()
    parts = {
        "text": packed(text),
        "rests": packed(rests.tobytes()),
        "rotations": packed_series([rotation_steps(clip.R_parent_from_joint) for clip in clips]),
        "roots": packed_series([root_steps(clip.root_world) for clip in clips]),
        "still": packed_masks([clip.still for clip in clips]),
    }
    with written_whole(path) as stream:
        np.savez(stream, format_version=np.int64(FORMAT_VERSION), text_bytes=np.int64(len(text)),
                 **{name: np.frombuffer(data, np.uint8) for name, data in parts.items()})  # fmt: skip


def read_prepared(path: Path) -> list[TrainingClip]:
    """The clips of a file of `write_prepared`. Raises Refusal with a sentence for anything else."""
    try:
        return _clips(_parts(path))
    except FileNotFoundError as error:
        raise Refusal("no-such-file", f"There is no file {path}.", _MEND) from error
    except _DAMAGED as error:
        raise Refusal("bad-prepared-motion", f"{path.name} is not a readable file of prepared motion.",
                      _MEND) from error  # fmt: skip


_MEND = "Make it with python -m backend train prepare FOLDER."


def _distinct_rests(clips: list[TrainingClip]) -> tuple[Floats, list[int]]:
    """Rest joints [R, 55, 3], each once, and which of them each clip has."""
    places: dict[bytes, int] = {}
    which = [places.setdefault(np.asarray(clip.rest_joints, np.float32).tobytes(), len(places)) for clip in clips]
    return np.frombuffer(b"".join(places), np.float32).reshape(-1, JOINT_COUNT, 3), which


def _described(clip: TrainingClip, rest: int) -> dict[str, Any]:
    teaches = asdict(clip.teaches) | {"joints": "".join("01"[taught] for taught in clip.teaches.joints)}
    return asdict(clip.origin) | {"frames": len(clip.root_world), "rest": rest, "teaches": teaches}


def _parts(path: Path) -> dict[str, Any]:
    with np.load(path, allow_pickle=False) as archive:
        if sum(member.file_size for member in archive.zip.infolist()) > LARGEST_BYTES:
            raise ValueError("it unpacks to more than 1 GB")
        parts = {name: archive[name] for name in _PARTS}
    if int(parts["format_version"]) > FORMAT_VERSION:
        raise Refusal("newer-prepared-motion", f"{path.name} was written by a newer Mambocap.", "Prepare it again.")
    return {name: part.tobytes() if part.ndim else int(part) for name, part in parts.items()}


def _clips(parts: dict[str, Any]) -> list[TrainingClip]:
    if not 0 <= parts["text_bytes"] <= LARGEST_TEXT_BYTES:
        raise ValueError("its text is too long")
    described = json.loads(unpacked(parts["text"], parts["text_bytes"]))
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
                     root_of(root), _finite(rests[each["rest"]]), rests_still)
        for each, steps, root, rests_still in zip(described, rotations, roots, still)
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
    if not isinstance(value, int) or not low <= value <= high:
        raise ValueError("a count that cannot be")
    return value
