"""Forward kinematics of the 22 joints of the body in torch: many bodies of different size at once."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from motion.skeleton import BODY_JOINT_COUNT, PARENTS

# The joints are numbered such that each of these runs has its parents in the run before it.
_LEVELS = ((1, 4), (4, 7), (7, 10), (10, 15), (15, 18), (18, 20), (20, 22))


def forward_kinematics(R_parent_from_joint: Tensor, root: Tensor, rest_joints: Tensor) -> tuple[Tensor, Tensor]:
    """Orientations and places of the body's joints in the frame in which the root is given.

    R_parent_from_joint [B, T, 22, 3, 3] (entry 0: frame from pelvis), root [B, T, 3] m, rest_joints [B, 55, 3] m.
    Returns R_frame_from_joint [B, T, 22, 3, 3] and joints [B, T, 22, 3] m. Differentiable.
    """
    offsets = rest_joints[:, 1:BODY_JOINT_COUNT] - rest_joints[:, PARENTS[1:BODY_JOINT_COUNT]]
    R_level, joints_level, first = R_parent_from_joint[..., :1, :, :], root[..., None, :], 0
    R_all, joints_all = [R_level], [joints_level]
    for start, end in _LEVELS:
        above = torch.tensor([PARENTS[joint] - first for joint in range(start, end)], device=root.device)
        R_parent = R_level.index_select(-3, above)
        turned = _turned(R_parent, offsets[:, None, start - 1 : end - 1])
        joints_level = joints_level.index_select(-2, above) + turned
        R_level, first = R_parent @ R_parent_from_joint[..., start:end, :, :], start
        R_all.append(R_level)
        joints_all.append(joints_level)
    return torch.cat(R_all, -3), torch.cat(joints_all, -2)


def joints_of_orientations(R_frame_from_joint: Tensor, rest_joints: Tensor) -> Tensor:
    """Joints [B, T, 22, 3] m about the pelvis, of orientations [B, T, 22, 3, 3] and rest joints [B, 55, 3] m."""
    above = list(PARENTS[1:BODY_JOINT_COUNT])
    offsets = rest_joints[:, 1:BODY_JOINT_COUNT] - rest_joints[:, above]
    bones = _turned(R_frame_from_joint[..., above, :, :], offsets[:, None])
    return torch.einsum("jk,btkx->btjx", on_the_way().to(bones), bones)


@cache
def on_the_way() -> Tensor:
    """[22, 21] one where the bone that ends in joint k + 1 lies between the pelvis and joint j."""
    way = torch.zeros(BODY_JOINT_COUNT, BODY_JOINT_COUNT - 1)
    for joint in range(1, BODY_JOINT_COUNT):
        way[joint] = way[PARENTS[joint]]
        way[joint, joint - 1] = 1.0
    return way


def attached_points(R_frame_from_joint: Tensor, joints: Tensor, offsets: Tensor, point_joints: Tensor) -> Tensor:
    """Points [B, T, P, 3] m that ride on one joint each, at offsets [B, P, 3] m in the joints' frames."""
    R_points = R_frame_from_joint.index_select(-3, point_joints)
    return joints.index_select(-2, point_joints) + _turned(R_points, offsets[:, None])


def _turned(R: Tensor, v: Tensor) -> Tensor:
    """R [..., 3, 3] times v [..., 3], column by column: a third of the time of products of such small matrices."""
    return R[..., 0] * v[..., 0:1] + R[..., 1] * v[..., 1:2] + R[..., 2] * v[..., 2:3]


def matrix_from_quaternion(wxyz: Tensor) -> Tensor:
    """Quaternions wxyz [..., 4], of any length but zero, to matrices [..., 3, 3]."""
    twice = 2.0 / (wxyz * wxyz).sum(-1)
    w, x, y, z = wxyz.unbind(-1)
    xs, ys, zs = x * twice, y * twice, z * twice
    wx, wy, wz, xx, xy, xz, yy, yz, zz = w * xs, w * ys, w * zs, x * xs, x * ys, x * zs, y * ys, y * zs, z * zs
    rows = (1 - yy - zz, xy - wz, xz + wy, xy + wz, 1 - xx - zz, yz - wx, xz - wy, yz + wx, 1 - xx - yy)
    return torch.stack(rows, -1).unflatten(-1, (3, 3))


def gravity_view(down_camera: Tensor) -> Tensor:
    """R_gravity_view_from_camera [..., 3, 3] of unit vectors down [..., 3] in the camera's frame.

    The gravity view is the camera levelled: x right, y down along gravity, z forward (GVHMR, Shen et al. 2024, §3.1).
    """
    x, y, z = down_camera.unbind(-1)
    length = torch.hypot(x, y)
    straight = length < 1e-5   # up or down: then the camera's own right is as good as any
    along_x = torch.where(straight, 1.0, y / length.clamp(min=1e-5))
    along_y = torch.where(straight, 0.0, -x / length.clamp(min=1e-5))
    right = torch.stack([along_x, along_y, torch.zeros_like(x)], -1)
    forward = torch.stack([along_y * z, -along_x * z, along_x * y - along_y * x], -1)
    return torch.stack([right, down_camera, forward], -2)


def steps_between(R_camera_from_world: Tensor) -> Tensor:
    """R_camera_from_previous [B, T, 3, 3]: how the camera turned since the frame before; the first is the identity."""
    since = R_camera_from_world[:, 1:] @ R_camera_from_world[:, :-1].transpose(-1, -2)
    first = torch.eye(3, device=since.device, dtype=since.dtype).expand(len(since), 1, 3, 3)
    return torch.cat([first, since], 1)
