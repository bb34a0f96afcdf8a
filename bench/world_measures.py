"""Measures of a world that no publication defines: the camera's angles, and feet that stand where and as the true ones.

Motions are at metrics.RATE, of the same times.
"""

from __future__ import annotations

import numpy as np

from motion.arrays import Array, Mask

MATCHED_SHARE = 0.25
LEAST_SPAN = 3      # frames; shorter contacts are neither looked for nor counted


def camera_tilt_deg(R_world_from_camera: Array, truth: Array) -> Array:
    """Between the gravity that cameras [T, 3, 3] imply in their own axes and the true one, [T]."""
    cosines = np.einsum("tk,tk->t", R_world_from_camera[:, 2], truth[:, 2])
    return np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))


def camera_yaw_deg(R_world_from_camera: Array, truth: Array) -> Array:
    """How far the cameras' headings [T] have drifted from the true ones since the first frame, without sign."""
    apart = R_world_from_camera @ np.swapaxes(truth, -1, -2)
    yaw = np.arctan2(apart[:, 1, 0] - apart[:, 0, 1], apart[:, 0, 0] + apart[:, 1, 1])
    return np.degrees(np.abs(np.unwrap(yaw) - yaw[0]))


def aligned_on_the_floor(joints: Array, truth: Array, points: Array) -> Array:
    """`points` [T, P, 3] turned about the vertical and shifted along the floor as joints [T, J, 3] onto the truth."""
    a, b = joints.reshape(-1, 3)[:, :2], truth.reshape(-1, 3)[:, :2]
    start, end = a.mean(axis=0), b.mean(axis=0)
    along = np.sum((a - start) * (b - end))
    across = np.sum((a[:, 0] - start[0]) * (b[:, 1] - end[1]) - (a[:, 1] - start[1]) * (b[:, 0] - end[0]))
    turn = np.array([[along, -across], [across, along]]) / np.hypot(along, across)
    return np.concatenate([(points[..., :2] - start) @ turn.T + end, points[..., 2:]], axis=-1)


def planted_position_mm(points: Array, truth: Array, planted: Mask) -> float | None:
    """Mean distance of standing points [T, P, 3] from the true ones: means over each span of planted [T, P] frames.

    Spans count by their frames. Worlds must be aligned before. None where nothing stands.
    """
    stood = [(point, start, end) for point in range(planted.shape[1]) for start, end in spans(planted[:, point])]
    distances_m = [np.linalg.norm((points - truth)[start:end, point].mean(axis=0)) for point, start, end in stood]
    frames = [end - start for _, start, end in stood]
    return 1000.0 * float(np.average(distances_m, weights=frames)) if stood else None


def sole_deg(soles: Array, feet_left: Array, true_soles: Array, true_left: Array, planted: Mask) -> float | None:
    """Mean angle between how soles slope and how the true ones do, on planted [T, 2] frames of the feet.

    The slope along the foot, of the line from heel to ball ([T, 2, 3, 3] m: heel, ball, toe), and across it, of the
    foot's left [T, 2, 3], both against the horizontal, so that headings do not matter. None where nothing stands.
    """
    along = _slope(soles[:, :, 1] - soles[:, :, 0]) - _slope(true_soles[:, :, 1] - true_soles[:, :, 0])
    across = _slope(feet_left) - _slope(true_left)
    return float(np.degrees(np.hypot(along, across)[planted].mean())) if planted.any() else None


def contact_times(held: Mask, truth: Mask) -> dict[str, float | None]:
    """How contacts [T, C] begin and end beside the true ones, [T, C].

    Each true span is matched with the span of the same point that shares most frames with it, each of those once, and
    at least MATCHED_SHARE of the longer one: else one long contact would match any of the steps that it runs over.
    `onset_frames`: mean distance of beginnings and ends of matched spans, those at the clip's borders left out;
    `contacts_missed_share`: of true spans, `contacts_extra_share`: of spans said, that match none.
    """
    distances, missed, extra, true_count, said_count = [], 0, 0, 0, 0
    for said_column, true_column in zip(held.T, truth.T, strict=True):
        said, true = spans(said_column), spans(true_column)
        pairs = _matched(said, true)
        distances += [abs(a - b) for i, j in pairs for a, b in zip(said[i], true[j]) if 0 < b < len(truth)]
        missed, extra = missed + len(true) - len(pairs), extra + len(said) - len(pairs)
        true_count, said_count = true_count + len(true), said_count + len(said)
    return {"onset_frames": float(np.mean(distances)) if distances else None,
            "contacts_missed_share": missed / true_count if true_count else None,
            "contacts_extra_share": extra / said_count if said_count else None}  # fmt: skip


def spans(held: Mask) -> list[tuple[int, int]]:
    """First frame and the one after the last of every stretch of at least LEAST_SPAN frames in [T]."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(int), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= LEAST_SPAN]


def _matched(said: list[tuple[int, int]], true: list[tuple[int, int]]) -> list[tuple[int, int]]:
    shared = [(min(a[1], b[1]) - max(a[0], b[0]), i, j) for i, a in enumerate(said) for j, b in enumerate(true)]
    pairs: list[tuple[int, int]] = []
    for frames, i, j in sorted(shared, reverse=True):
        longer = max(said[i][1] - said[i][0], true[j][1] - true[j][0])
        if frames > MATCHED_SHARE * longer and all(i != other[0] and j != other[1] for other in pairs):
            pairs.append((i, j))
    return pairs


def _slope(lines: Array) -> Array:
    return np.arctan2(lines[..., 2], np.linalg.norm(lines[..., :2], axis=-1))
