"""Rotations as matrices, and the few other forms that files and Blender ask for."""

from __future__ import annotations

import numpy as np

from .arrays import Array


def matrix_from_axis_angle(axis_angle: Array) -> Array:
    """Rotation vectors [..., 3] rad to matrices [..., 3, 3] (Rodrigues), exact near zero."""
    v = np.asarray(axis_angle, dtype=np.float64)
    x, y, z = np.moveaxis(v, -1, 0)
    angle = np.sqrt(x * x + y * y + z * z)
    # sin(a)/a and (1 - cos a)/a^2 written with sinc, which has no hole at zero.
    first = np.sinc(angle / np.pi)
    second = 0.5 * np.sinc(angle / (2.0 * np.pi)) ** 2
    x1, y1, z1 = first * x, first * y, first * z
    x2, y2, z2 = second * x, second * y, second * z
    cosine = 1.0 - second * angle * angle
    # Entry by entry, since the import of a long motion spends its time here.
    R = np.empty(v.shape[:-1] + (3, 3))
    R[..., 0, 0], R[..., 0, 1], R[..., 0, 2] = cosine + x2 * x, x2 * y - z1, x2 * z + y1
    R[..., 1, 0], R[..., 1, 1], R[..., 1, 2] = x2 * y + z1, cosine + y2 * y, y2 * z - x1
    R[..., 2, 0], R[..., 2, 1], R[..., 2, 2] = x2 * z - y1, y2 * z + x1, cosine + z2 * z
    return R


def quaternion_from_matrix(R: Array) -> Array:
    """Matrices [..., 3, 3] to unit quaternions wxyz [..., 4], w >= 0.

    Goes by the largest of the four components, so that no half turn divides by nearly nothing.
    """
    m = np.asarray(R, dtype=np.float64).reshape(-1, 3, 3)
    diagonal = np.diagonal(m, axis1=-2, axis2=-1)
    largest = np.argmax(np.concatenate([diagonal.sum(axis=-1, keepdims=True), diagonal], axis=-1), axis=-1)
    wxyz = np.empty((len(m), 4))
    for component in range(4):
        chosen = largest == component
        wxyz[chosen] = _quaternion_by(component, m[chosen])
    wxyz /= np.linalg.norm(wxyz, axis=-1, keepdims=True)
    return np.where(wxyz[:, :1] < 0, -wxyz, wxyz).reshape(np.shape(R)[:-2] + (4,))


def _quaternion_by(component: int, m: Array) -> Array:
    """Quaternions [N, 4] of any length from matrices [N, 3, 3] whose `component` (of w, x, y, z) is not small."""
    if component == 0:
        w = 1.0 + m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2]
        return np.stack([w, m[:, 2, 1] - m[:, 1, 2], m[:, 0, 2] - m[:, 2, 0], m[:, 1, 0] - m[:, 0, 1]], axis=-1)
    i, j, k = component - 1, component % 3, (component + 1) % 3
    wxyz = np.empty((len(m), 4))
    wxyz[:, 0] = m[:, k, j] - m[:, j, k]
    wxyz[:, 1 + i] = 1.0 + m[:, i, i] - m[:, j, j] - m[:, k, k]
    wxyz[:, 1 + j] = m[:, j, i] + m[:, i, j]
    wxyz[:, 1 + k] = m[:, k, i] + m[:, i, k]
    return wxyz


def matrix_from_quaternion(wxyz: Array) -> Array:
    """Quaternions wxyz [..., 4], of any length but zero, to matrices [..., 3, 3]."""
    wxyz = np.asarray(wxyz, dtype=np.float64)
    w, x, y, z = np.moveaxis(wxyz / np.linalg.norm(wxyz, axis=-1, keepdims=True), -1, 0)
    rows = [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    return np.stack(rows, axis=-1).reshape(wxyz.shape[:-1] + (3, 3))


def axis_angle_from_matrix(R: Array) -> Array:
    """Matrices [..., 3, 3] to rotation vectors [..., 3] rad, angle 0 to pi."""
    wxyz = quaternion_from_matrix(R)
    sine = np.linalg.norm(wxyz[..., 1:], axis=-1, keepdims=True)
    angle = 2.0 * np.arctan2(sine, wxyz[..., :1])
    return np.where(sine > 1e-12, angle / np.maximum(sine, 1e-12), 2.0) * wxyz[..., 1:]


def same_half_sphere(quat_wxyz: Array) -> Array:
    """Quaternions over time [T, ..., 4] with signs such that neighbours lie on one half-sphere."""
    dots = np.sum(quat_wxyz[1:] * quat_wxyz[:-1], axis=-1)
    signs = np.cumprod(np.where(dots < 0, -1.0, 1.0), axis=0)
    continuous = np.array(quat_wxyz, dtype=np.float64)
    continuous[1:] *= signs[..., None]
    return continuous


def interpolate_rotations(R: Array, times_s: Array, wanted_s: Array) -> Array:
    """Rotations [T, ..., 3, 3] at times_s [T], rising, taken at wanted_s [N] along the shortest arcs; ends held."""
    if len(times_s) == 1:
        return np.repeat(R, len(wanted_s), axis=0)
    inside = np.clip(wanted_s, times_s[0], times_s[-1])
    after = np.clip(np.searchsorted(times_s, inside), 1, len(times_s) - 1)
    share = (inside - times_s[after - 1]) / (times_s[after] - times_s[after - 1])
    before = R[after - 1]
    step = axis_angle_from_matrix(np.swapaxes(before, -1, -2) @ R[after])
    share = share.reshape((-1,) + (1,) * (step.ndim - 1))
    return before @ matrix_from_axis_angle(share * step)


def frame_from_axes(first: Array, second: Array) -> Array:
    """Right-handed frames [..., 3, 3] whose first column is along `first` [..., 3], the second in their plane.

    The third column is along first x second. Inputs need not have unit length but must not be parallel.
    """
    x = normalised(first)
    z = normalised(np.cross(x, second))
    return np.stack([x, np.cross(z, x), z], axis=-1)


def smallest_rotation(start: Array, end: Array) -> Array:
    """The rotation [..., 3, 3] with the least angle that takes the direction `start` [..., 3] to `end` [..., 3]."""
    a, b = np.broadcast_arrays(normalised(start), normalised(end))
    # Half a turn about a, then half a turn about the middle of a and b: exact up to nearly opposite directions.
    middle = a + b
    opposite = np.linalg.norm(middle, axis=-1)[..., None, None] < 1e-7
    turn = _half_turn(normalised(middle)) @ _half_turn(a)
    return np.where(opposite, _half_turn(_across(a)), turn)


def _half_turn(axis: Array) -> Array:
    """Half a turn [..., 3, 3] about unit vectors [..., 3]."""
    return 2.0 * axis[..., :, None] * axis[..., None, :] - np.eye(3)


def _across(a: Array) -> Array:
    """Some unit vector square to each of a [..., 3]."""
    least = np.eye(3)[np.argmin(np.abs(a), axis=-1)]
    return normalised(np.cross(a, least))


def twist_about(axis: Array, R: Array) -> Array:
    """The part [T] rad of turns [T, 3, 3] over time that is about the unit axis [3] (swing and twist); no jumps."""
    wxyz = quaternion_from_matrix(R)
    twist = 2.0 * np.arctan2(wxyz[:, 1:] @ axis, wxyz[:, 0])
    return np.unwrap((twist + np.pi) % (2.0 * np.pi) - np.pi)


def nearest_rotation(M: Array) -> Array:
    """The rotations nearest to matrices [..., 3, 3] in the Frobenius norm (chordal projection)."""
    U, _, Vt = np.linalg.svd(M)
    sign = np.linalg.det(U @ Vt)
    U = U.copy()
    U[..., :, 2] *= sign[..., None]
    return U @ Vt


def normalised(v: Array) -> Array:
    """Vectors [..., 3] at unit length; those shorter than 1e-12 stay as they are."""
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    return v / np.where(length > 1e-12, length, 1.0)
