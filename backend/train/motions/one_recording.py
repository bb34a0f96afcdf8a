"""From one recording to its training clips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from backend.train.motions.bad_frames import broken_frames, frozen_frames, good_pieces, with_margin
from backend.train.motions.floor import floor_height
from backend.train.motions.impossible import impossible_bends, pulled_apart
from backend.train.motions.liveliest import liveliest
from backend.train.motions.sources import Found
from backend.train.motions.still import still_labels, still_points
from backend.train.motions.teaches import Feet, Known, feet_of, taught
from backend.train.motions.training_clip import RATE_HZ, Origin, TrainingClip
from motion.arrays import Array, Mask
from motion.kinematics import forward_kinematics
from motion.recordings.naming import naming_of
from motion.recordings.performance import Performance
from motion.recordings.recording import Recording
from motion.refusal import Refusal
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations
from motion.skeleton import BODY_JOINT_COUNT

_CONVERTERS_JOINTS = "Neo_"   # names that one converter of CMU's recordings gives; it adds a stance at both ends
_ADDED_ENDS_S = 1.75      # it blends from the stance for up to 1.7 s
TALLNESS_M = (0.7, 2.3)   # from toes to eyes: beyond, the unit was taken wrongly


@dataclass(frozen=True)
class Prepared:
    """What became of one recording."""

    name: str
    source: str
    split: str
    seconds: float                        # of the recording
    clips: tuple[TrainingClip, ...]
    cut_s: dict[str, float]               # seconds taken away, by reason
    broken: tuple[int, ...] = ()          # frames of the recording that are faster than people
    not_taught: tuple[str, ...] = ()      # a reason each
    lifted_m: float = 0.0
    feet: Feet | None = None
    refusal: str = ""                     # why it could not be read


@dataclass(frozen=True, eq=False)
class _Piece:
    start_s: float
    R_parent_from_joint: Array   # [T, 22, 3, 3] at 30 Hz
    root_world: Array            # [T, 3] m


LayOnBody = Callable[[Recording], Performance]


def prepare_recording(
    found: Found, recording: Recording, lay_on_body: LayOnBody, split: str, known: list[Known]
) -> Prepared:
    """Lay it on our body, cut what is broken, take it to 30 Hz, put it on the floor and say what it teaches.

    Raises Refusal when its joints are unknown.
    """
    performance = _checked(lay_on_body(recording), recording)
    rate_hz, frames = performance.rate_hz, len(performance.root_world)
    dropped = len(recording.R_parent_from_joint) - frames   # an added first pose
    cut, broken = _cut(recording, performance, min((row.keep_share for row in known), default=1.0))
    bad = np.any(list(cut.values()), axis=0)
    pieces = [_at_30_hz(performance, start, end, dropped) for start, end in good_pieces(bad, rate_hz)]
    pieces = [piece for piece in pieces if len(piece.root_world) > 1]
    cut_s = {why: float(mask.sum()) / rate_hz for why, mask in cut.items() if mask.any()}
    kept_s = sum(len(piece.root_world) for piece in pieces) / RATE_HZ
    short_s = frames / rate_hz - float(bad.sum()) / rate_hz - kept_s
    if short_s > 2.0 / RATE_HZ * max(1, len(pieces)):
        cut_s["too short"] = short_s
    prepared = Prepared(found.name, found.source, split, frames / rate_hz, (), cut_s, broken)
    return _with_clips(prepared, found, performance, pieces, known) if pieces else prepared


def _checked(performance: Performance, recording: Recording) -> Performance:
    arrays = (performance.R_parent_from_joint, performance.root_world, performance.rest_joints)
    if not all(np.all(np.isfinite(array)) for array in arrays):
        raise Refusal("no-body", f"{recording.name} has joints that lie on each other, so that no body fits it.",
                      "Take it out of the folder.")  # fmt: skip
    height_m = float(np.ptp(performance.rest_joints[:, 1]))
    if not TALLNESS_M[0] < height_m < TALLNESS_M[1]:
        raise Refusal("no-body", f"{recording.name} shows a figure {height_m:.2f} m tall.",
                      "Export it in metres or centimetres.")  # fmt: skip
    return performance


def _cut(recording: Recording, performance: Performance, keep_share: float) -> tuple[dict[str, Mask], tuple[int, ...]]:
    """Masks [T] of what is cut, by reason, and the broken frames themselves."""
    R_world_from_joint, joints_world = forward_kinematics(
        performance.skeleton, performance.R_parent_from_joint, performance.root_world
    )
    rate_hz, frames = performance.rate_hz, len(joints_world)
    broken = broken_frames(R_world_from_joint, joints_world, rate_hz)
    ends = np.zeros(frames, bool)
    if sum(name.startswith(_CONVERTERS_JOINTS) for name in recording.joint_names) > 1:
        added = round(_ADDED_ENDS_S * rate_hz)
        ends[:added] = ends[max(0, frames - added) :] = True
    dropped = len(recording.R_parent_from_joint) - frames
    cut = {
        "broken": with_margin(broken),
        "bent as nobody can": with_margin(impossible_bends(R_world_from_joint, joints_world)),
        "pulled apart": with_margin(pulled_apart(recording, naming_of(recording))[dropped:]),
        "frozen": frozen_frames(R_world_from_joint, rate_hz),
        "added ends": ends,
        "dull": ~liveliest(joints_world[:, :BODY_JOINT_COUNT], rate_hz, keep_share),
    }
    return cut, tuple(map(int, np.flatnonzero(broken) + dropped))


def _at_30_hz(performance: Performance, start: int, end: int, dropped: int) -> _Piece:
    times_s = np.arange(start, end) / performance.rate_hz
    # Files round their frame time: 0.033333 s must not cost the last frame.
    count = int(np.floor((times_s[-1] - times_s[0]) * RATE_HZ + 0.01)) + 1
    wanted_s = np.minimum(times_s[0] + np.arange(count) / RATE_HZ, times_s[-1])
    R = performance.R_parent_from_joint[start:end, :BODY_JOINT_COUNT]
    return _Piece(
        float(times_s[0]) + dropped / performance.rate_hz, interpolate_rotations(R, times_s, wanted_s),
        interpolate_linear(performance.root_world[start:end], times_s, wanted_s),
    )  # fmt: skip


def _with_clips(
    prepared: Prepared, found: Found, performance: Performance, pieces: list[_Piece], known: list[Known]
) -> Prepared:
    rest = performance.rest_joints
    points = [still_points(piece.R_parent_from_joint, piece.root_world, rest) for piece in pieces]
    still = [still_labels(each, RATE_HZ) for each in points]
    height = floor_height(points, still)
    feet = feet_of(points, still, height)
    teaches, reasons = taught(performance.recorded, known, performance.rate_hz, feet)
    lift_m = -(height or 0.0)
    origin = Origin(found.name, found.source, found.subject, found.action, found.licence, prepared.split)
    clips = tuple(
        TrainingClip(
            origin=replace(origin, name=name, start_s=piece.start_s),
            teaches=teaches,
            R_parent_from_joint=piece.R_parent_from_joint.astype(np.float32),
            root_world=(piece.root_world + [0.0, 0.0, lift_m]).astype(np.float32),
            rest_joints=rest.astype(np.float32),
            still=label,
        )
        for name, piece, label in zip(_piece_names(found.name, len(pieces)), pieces, still)
    )
    return replace(prepared, clips=clips, not_taught=tuple(reasons), lifted_m=lift_m, feet=feet)


def _piece_names(name: str, count: int) -> list[str]:
    return [name] if count == 1 else [f"{name}#{number}" for number in range(1, count + 1)]
