"""How captured people agree with what somebody saw in the footage: left and right, near and far, feet on the ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Sequence

import numpy as np

from backend.cameras.projection import projected
from backend.pipeline import Person
from bench.labelled_frames import PAIRS, PLACED, SIDES, Footfall, LabelledFrame
from motion.arrays import Array, Mask
from motion.landmarks import LANDMARK
from motion.skeleton import JOINT

NEAREST_ONSET_S = 0.25     # a contact that starts farther from a footfall is not its contact
APART = 0.06               # of the person's size: labelled pairs closer together cannot tell an exchange
NEAR_ENOUGH = 0.5          # of the person's size: people farther from the labels are somebody else
PLANTED_FROM = 0.5         # probability of a contact

Figures = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Limbs:
    """What one method says of one person, frame by frame; NaN where it says nothing."""

    times_s: Array             # [T] in the footage
    depth_m: Array             # [T, 3, 2] PAIRS x SIDES, along the camera's axis; only the order of a pair counts
    points_px: Array           # [T, 2, 2, 2] PLACED x SIDES
    size_px: Array             # [T] diagonal of the box around the person's landmarks
    planted: Mask | None       # [T, 2] of SIDES; None where the method knows nothing of contacts

    def at(self, time_s: float) -> int | None:
        """The frame nearest to a time, None where the person was not seen."""
        step_s = float(self.times_s[1] - self.times_s[0]) if len(self.times_s) > 1 else np.inf
        frame = int(np.argmin(np.abs(self.times_s - time_s)))
        there = abs(self.times_s[frame] - time_s) <= 0.51 * step_s and np.isfinite(self.size_px[frame])
        return frame if there else None


def motion_limbs(person: Person) -> Limbs:
    """The person's motion, seen by the clip's own camera."""
    motion, camera = person.motion, person.motion.cameras[0]
    joints = [[JOINT[f"{side}_{pair}"] for side in SIDES] for pair in PAIRS]
    in_world = motion.world_joints()[:, joints]
    in_camera = np.einsum("tij,tpsj->tpsi", camera.R_camera_from_world, in_world)
    in_camera = in_camera + camera.t_camera_from_world[:, None, None]
    placed = in_camera[:, : len(PLACED)]
    points_px = np.stack([projected(points, K) for points, K in zip(placed, camera.K, strict=True)])
    seen = motion.seen[:, None, None]
    return Limbs(
        times_s=motion.times_s, depth_m=np.where(seen, in_camera[..., 2], np.nan),
        points_px=np.where(seen[..., None], points_px, np.nan),
        size_px=np.where(motion.seen, _size_px(camera.landmarks_px), np.nan),
        planted=np.stack([_foot_planted(person, side) for side in SIDES], axis=1),
    )  # fmt: skip


def detector_limbs(person: Person) -> Limbs:
    """The detector's own landmarks of the person, which know nothing of contacts."""
    track = person.track
    landmarks = [[LANDMARK[f"{side}_{pair}"] for side in SIDES] for pair in PAIRS]
    return Limbs(
        times_s=track.times_s, depth_m=track.landmarks_camera[:, landmarks, 2],
        points_px=track.landmarks_px[:, landmarks[: len(PLACED)]], size_px=_size_px(track.landmarks_px), planted=None,
    )  # fmt: skip


def _foot_planted(person: Person, side: str) -> Mask:
    motion = person.motion
    soles = [f"{side}_{part}" for part in ("heel", "ball", "toe")]
    parts = [index for index, name in enumerate(motion.contact_names) if name in soles]
    return motion.seen & np.any(motion.contacts[:, parts] > PLANTED_FROM, axis=1)


def _size_px(landmarks_px: Array) -> Array:
    return np.linalg.norm(landmarks_px.max(axis=1) - landmarks_px.min(axis=1), axis=-1)


@dataclass
class Evidence:
    """Single comparisons, to be pooled over clips before they become figures."""

    labelled: int = 0                  # frames
    nobody: int = 0                    # of them without the person
    ordered: dict[str, list[bool]] = field(default_factory=lambda: {pair: [] for pair in PAIRS})
    swapped: dict[str, list[bool]] = field(default_factory=lambda: {pair: [] for pair in PLACED})
    feet: list[tuple[bool, bool]] = field(default_factory=list)          # said, labelled
    onset_late_s: list[float] = field(default_factory=list)              # NaN where no contact starts near a footfall

    def add(self, other: Evidence) -> None:
        """Put another clip's comparisons to these."""
        self.labelled += other.labelled
        self.nobody += other.nobody
        for pair in PAIRS:
            self.ordered[pair] += other.ordered[pair]
        for pair in PLACED:
            self.swapped[pair] += other.swapped[pair]
        self.feet += other.feet
        self.onset_late_s += other.onset_late_s


def compare(
    people: Sequence[Limbs], times_s: Array, frames: Sequence[LabelledFrame], footfalls: Sequence[Footfall]
) -> Evidence:
    """What `people` of one clip, whose pictures were taken at times_s [F], say beside that clip's labels.

    Raises ValueError where the labels go on after the clip's end.
    """
    last = max((each.frame for each in (*frames, *footfalls)), default=0)
    if last >= len(times_s):
        raise ValueError(f"frame {last} is labelled in a clip of {len(times_s)} pictures")
    evidence = Evidence()
    whose = {label.frame: _labelled_person(people, float(times_s[label.frame]), label) for label in frames}
    for label in frames:
        person = _whose_at(whose, label.frame)
        at = person.at(float(times_s[label.frame])) if person else None
        evidence.labelled += 1
        evidence.nobody += at is None
        if person is not None and at is not None:
            _compare_frame(evidence, person, at, label)
    for footfall in footfalls:
        person = _whose_at(whose, footfall.frame)
        if person is None or person.planted is not None:
            evidence.onset_late_s.append(_onset_late_s(person, float(times_s[footfall.frame]), footfall.foot))
    return evidence


def _compare_frame(evidence: Evidence, person: Limbs, at: int, label: LabelledFrame) -> None:
    for index, pair in enumerate(PAIRS):
        depth_m, nearer = person.depth_m[at, index], label.nearer[index]
        if nearer is not None and np.isfinite(depth_m).all():
            evidence.ordered[pair].append(bool(depth_m[nearer] < depth_m[1 - nearer]))
    for index, pair in enumerate(PLACED):
        exchanged = _exchanged(person.points_px[at, index], label.points_px[index], APART * person.size_px[at])
        if exchanged is not None:
            evidence.swapped[pair].append(exchanged)
    for side, planted in enumerate(label.planted):
        if planted is not None and person.planted is not None:
            evidence.feet.append((bool(person.planted[at, side]), planted))


def _exchanged(points_px: Array, labelled_px: Array, apart_px: float) -> bool | None:
    """Whether two points [2, 2] fit the labelled two better the other way round; None where that cannot be told."""
    if not np.linalg.norm(labelled_px[1] - labelled_px[0]) > apart_px or not np.isfinite(points_px).all():
        return None
    as_is = np.linalg.norm(points_px - labelled_px, axis=-1).sum()
    return bool(np.linalg.norm(points_px[::-1] - labelled_px, axis=-1).sum() < as_is)


def _labelled_person(people: Sequence[Limbs], time_s: float, label: LabelledFrame) -> Limbs | None:
    """The person nearest to the labelled points, whichever of a pair is called left."""
    gaps = [(_gap(person, time_s, label.points_px), person) for person in people]
    near = [(gap, person) for gap, person in gaps if gap < NEAR_ENOUGH]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _gap(person: Limbs, time_s: float, labelled_px: Array) -> float:
    """Mean distance of the known labelled points from the person's, in sizes of the person; inf where there is none."""
    at = person.at(time_s)
    known = np.isfinite(labelled_px[..., 0])
    if at is None or not known.any():
        return np.inf
    both = person.points_px[at][:, None]                                    # PLACED x 1 x SIDES x 2
    distances = np.linalg.norm(both - labelled_px[:, :, None], axis=-1)     # PLACED x labelled side x side
    return float(np.nan_to_num(distances.min(axis=-1)[known].mean() / person.size_px[at], nan=np.inf))


def _whose_at(whose: dict[int, Limbs | None], frame: int) -> Limbs | None:
    """The person of the labelled frame nearest to `frame`, if any was told by points."""
    told = {each: person for each, person in whose.items() if person is not None}
    return told[min(told, key=lambda each: abs(each - frame))] if told else None


def _onset_late_s(person: Limbs | None, time_s: float, foot: int) -> float:
    """How long after a footfall the nearest contact of that foot starts; NaN where none starts near it."""
    if person is None or person.planted is None:
        return np.nan
    planted = person.planted[:, foot]
    seen_before = np.isfinite(person.size_px[:-1])      # walking into the picture on a resting foot is no footfall
    starts = person.times_s[1:][planted[1:] & ~planted[:-1] & seen_before]
    late_s = starts - time_s
    near = late_s[np.abs(late_s) <= NEAREST_ONSET_S]
    return float(near[np.argmin(np.abs(near))]) if len(near) else np.nan


def figures(evidence: Evidence) -> Figures:
    """Shares of 1, milliseconds and, as `*_count`, how many labels each rests on; None where there were none."""
    said, labelled = np.array(evidence.feet, dtype=bool).reshape(-1, 2).T
    late_ms = 1000.0 * np.array(evidence.onset_late_s)
    found_ms = late_ms[np.isfinite(late_ms)]
    return {
        "frames": evidence.labelled, "nobody_share": _share(evidence.nobody, evidence.labelled),
        **{f"depth_order_{pair}": _mean(right) for pair, right in evidence.ordered.items()},
        **{f"depth_order_{pair}_count": len(right) for pair, right in evidence.ordered.items()},
        **{f"swapped_{pair}": _mean(swapped) for pair, swapped in evidence.swapped.items()},
        **{f"swapped_{pair}_count": len(swapped) for pair, swapped in evidence.swapped.items()},
        "planted_precision": _share((said & labelled).sum(), said.sum()),
        "planted_recall": _share((said & labelled).sum(), labelled.sum()),
        "planted_count": len(said),
        "footfall_late_ms": _mean(found_ms),
        "footfall_off_ms": float(np.median(np.abs(found_ms))) if len(found_ms) else None,
        "footfall_missed": _mean(np.isnan(late_ms)), "footfall_count": len(late_ms),
    }  # fmt: skip


def _mean(values: Sequence[float] | Array) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _share(part: int, whole: int) -> float | None:
    return float(part) / float(whole) if whole else None
