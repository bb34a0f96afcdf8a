"""Left exchanged with right where it was taken for right, in the picture and in the pose.

Arms or legs alone: each limb goes the way that the other one went. The whole body: seen from the camera, a person whose
sides are exchanged is the same outline the other way round, so that the pose is mirrored in depth and its sides are
exchanged; knees and elbows stay bent as they do.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import Array, Indices, Mask
from ..body import Body
from ..filters import gaussian_smoothed
from ..kinematics import forward_kinematics, local_rotations
from ..landmarks import LANDMARK_NAMES
from ..motion import Camera, Motion
from ..rotations import axis_angle_from_matrix, matrix_from_axis_angle, normalised
from ..skeleton import JOINT, JOINT_NAMES, OTHER_SIDE, other_side
from .edits import Exchange
from .fading import plateau
from .ignore import bridged
from .refit import Task, refitted
from .seen_points import POINTS, Sight, posed

_FADE_S = 0.06            # beyond the ends, where exchanged and not meet
_STEADY_S = 0.05          # a lift follows or not for some frames together
_MOMENT_S = 0.7           # a stretch that is bridged rather than exchanged
_REFIT_S = 0.2            # beyond the ends, where the footage decides between them
_MIRROR = np.diag([-1.0, 1.0, 1.0])        # left and right at rest
_ARM_TURN = np.diag([-1.0, -1.0, 1.0])     # a left arm at rest onto a right one, elbows bending the same way
_LEG_LANDMARKS = ("hip", "knee", "ankle", "heel", "foot_index")
_ARM_LANDMARKS = ("elbow", "wrist", "pinky", "index", "thumb")
_ALONG_ARM, _ALONG_LEG = ("shoulder", "elbow"), ("hip", "knee", "ankle", "foot")


def exchanged(motion: Motion, edit: Exchange, body: Body) -> Motion:
    """The motion with left and right of a part exchanged over a stretch, fitted to the landmarks exchanged as well.

    Over a short stretch the fit begins with what lies between before and after, which is nearer to the truth than
    either: where landmarks change sides for a moment, a lift is half of the one and half of the other.
    """
    weight, freedom = (plateau(motion.times_s, edit.from_s, edit.to_s, fade_s) for fade_s in (_FADE_S, _REFIT_S))
    near = freedom > 0.0
    if not near.any():
        return motion
    window = slice(int(np.argmax(near)), int(len(near) - np.argmax(near[::-1])))
    inside = weight[window] >= 1.0
    swapped = replace(motion, cameras=tuple(_swapped_camera(camera, edit, window, inside) for camera in motion.cameras),
                      contacts=_swapped_contacts(motion, edit, window, inside))  # fmt: skip
    R, root = _start(swapped, edit, np.flatnonzero(weight > 0.0), weight, body)[window], motion.root_world[window]
    if motion.cameras:
        R, root = _refitted(swapped, R, root, window, freedom[window], body)
    R_all, root_all = np.array(motion.R_parent_from_joint), np.array(motion.root_world)
    R_all[window], root_all[window] = R, root
    return replace(swapped, R_parent_from_joint=R_all, root_world=root_all)


def _start(swapped: Motion, edit: Exchange, frames: Indices, weight: Array, body: Body) -> Array:
    """Poses [T, 55, 3, 3] from which landmarks that are exchanged already are fitted, changed in some frames."""
    R, before = np.array(swapped.R_parent_from_joint), swapped.R_parent_from_joint
    has_ends = len(frames) and frames[0] > 0 and frames[-1] + 1 < len(R)
    if swapped.cameras and has_ends and edit.to_s - edit.from_s <= _MOMENT_S:
        joints = np.flatnonzero(_turns(edit.part))
        R[np.ix_(frames, joints)] = bridged(before[:, joints], frames, float(swapped.rate))
        return R
    window = slice(int(frames[0]), int(frames[-1]) + 1) if len(frames) else slice(0, 0)
    after, share = _exchanged_pose(swapped, edit, window), weight[window]
    if swapped.cameras and (share >= 1.0).any():
        share = share * _followed(swapped, before[window], after, window, share >= 1.0, body)
    R[window] = _blended(before[window], after, share)
    return R


def _turns(part: str) -> Mask:
    """[55] the joints that turn a part."""
    words = {"arms": ("shoulder", "elbow", "wrist"), "legs": ("hip", "knee", "ankle", "foot")}
    return np.array([part == "body" or name.endswith(words[part]) for name in JOINT_NAMES])


def _exchanged_pose(motion: Motion, edit: Exchange, window: slice) -> Array:
    if edit.part == "body":
        return _turned_round(motion.R_parent_from_joint[window], _depth_mirror(motion, window))
    return _limbs_exchanged(motion, window, edit.part)


def _blended(before: Array, after: Array, weight: Array) -> Array:
    turns_rad = axis_angle_from_matrix(np.swapaxes(before, -1, -2) @ after)
    return before @ matrix_from_axis_angle(weight[:, None, None] * turns_rad)


def _followed(swapped: Motion, before: Array, after: Array, window: slice, inside: Array, body: Body) -> Array:
    """[T] 0..1 how far the pose had followed landmarks that were wrong, so that the exchanged one fits what is right.

    A lift may have seen through them for some frames. Steady over _STEADY_S; beyond the ends as at the ends.
    """
    camera, root = swapped.cameras[0], swapped.root_world[window]
    sight, landmarks_px = Sight.of(camera, window), camera.landmarks_px[window][:, POINTS]
    off_before, off_after = (_distance_px(sight.pixels(posed(body, R, root).points_world), landmarks_px,
                                          camera.scores[window][:, POINTS]) for R in (before, after))  # fmt: skip
    follows = (off_after < off_before)[inside].astype(float)
    rate = float(swapped.rate)
    reach = round(3.0 * _STEADY_S * rate)
    share = gaussian_smoothed(np.pad(follows, reach, mode="edge"), rate, _STEADY_S)[reach : reach + len(follows)]
    first = int(np.argmax(inside))
    return np.pad(share, (first, len(inside) - first - len(share)), mode="edge")


def _distance_px(points_px: Array, landmarks_px: Array, scores: Array) -> Array:
    """[T] the mean distance, each landmark by its score."""
    off_px = np.linalg.norm(points_px - landmarks_px, axis=-1)
    trust = np.where(np.isfinite(off_px), scores, 0.0)
    return np.sum(trust * np.nan_to_num(off_px), axis=1) / np.maximum(trust.sum(axis=1), 1e-9)


def _depth_mirror(motion: Motion, window: slice) -> Array:
    """[T, 3, 3] the reflection of the world along the way from the camera to the pelvis."""
    root = motion.root_world[window]
    if motion.cameras:
        ray = Sight.of(motion.cameras[0], window).rays(root[:, None])[:, 0]
    else:
        ray = normalised(np.broadcast_to([0.0, 1.0, 0.0], root.shape))
    return np.eye(3) - 2.0 * ray[:, :, None] * ray[:, None, :]


def _turned_round(R_parent_from_joint: Array, mirror: Array) -> Array:
    """The pose mirrored in the world, its sides exchanged: a pose of the same body again."""
    R = _MIRROR @ R_parent_from_joint[:, OTHER_SIDE] @ _MIRROR
    R[:, 0] = mirror @ R_parent_from_joint[:, 0] @ _MIRROR
    return R


def _limbs_exchanged(motion: Motion, window: slice, part: str) -> Array:
    """[T, 55, 3, 3] each of two limbs with its bones along those of the other, hands bent as the other's were."""
    R = motion.R_parent_from_joint[window]
    R_world, _ = forward_kinematics(motion.skeleton, R, motion.root_world[window])
    names, turn = (_ALONG_LEG, np.eye(3)) if part == "legs" else (_ALONG_ARM, _ARM_TURN)
    joints = [JOINT[f"{side}_{name}"] for side in ("left", "right") for name in names]
    R_world[:, joints] = R_world[:, OTHER_SIDE[joints]] @ turn
    after = np.array(R)
    after[:, joints] = local_rotations(R_world)[:, joints]
    if part == "arms":
        hands = [j for j, name in enumerate(JOINT_NAMES) if name.endswith("_wrist") or j >= JOINT["left_index1"]]
        after[:, hands] = _MIRROR @ R[:, OTHER_SIDE[hands]] @ _MIRROR
    return after


def _refitted(
    motion: Motion, R: Array, root: Array, window: slice, freedom: Array, body: Body
) -> tuple[Array, Array]:
    camera = motion.cameras[0]
    landmarks_px = camera.landmarks_px[window][:, POINTS]
    known = np.isfinite(landmarks_px).all(axis=-1)
    return refitted(Task(
        body, Sight.of(camera, window), R, root, np.where(known[..., None], landmarks_px, 0.0),
        trust=np.where(known, camera.scores[window][:, POINTS], 0.0), freedom=freedom, rate=float(motion.rate),
    ))  # fmt: skip


def _swapped_camera(camera: Camera, edit: Exchange, window: slice, inside: Array) -> Camera:
    frames = np.arange(len(camera.K))[window][inside]
    order = _landmark_order(edit.part)
    landmarks_px, scores = np.array(camera.landmarks_px), np.array(camera.scores)
    landmarks_px[frames] = landmarks_px[frames][:, order]
    scores[frames] = scores[frames][:, order]
    return replace(camera, landmarks_px=landmarks_px, scores=scores)


def _swapped_contacts(motion: Motion, edit: Exchange, window: slice, inside: Array) -> Array:
    frames = np.arange(motion.frame_count)[window][inside]
    contacts = np.array(motion.contacts)
    mine = [_is_of(edit.part, name) for name in motion.contact_names]
    order = _other_sides(motion.contact_names, mine)
    contacts[frames] = contacts[frames][:, order]
    return contacts


def _is_of(part: str, point_name: str) -> bool:
    is_arm = any(word in point_name for word in ("palm", "hand", "elbow", "wrist"))
    return part == "body" or (part == "arms") == is_arm


def _landmark_order(part: str) -> Indices:
    ends = {"body": None, "arms": _ARM_LANDMARKS, "legs": _LEG_LANDMARKS}[part]
    return _other_sides(LANDMARK_NAMES, [ends is None or name.endswith(ends) for name in LANDMARK_NAMES])


def _other_sides(names: tuple[str, ...], mine: list[bool]) -> Indices:
    """For each name the place of the one on the other side; its own where there is none or it is not `mine`."""
    swapped = [other_side(name) if is_mine else name for name, is_mine in zip(names, mine, strict=True)]
    return np.array([names.index(other) if other in names else place for place, other in enumerate(swapped)], dtype=int)
