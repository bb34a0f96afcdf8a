"""Linear blend skinning: the vertices of a body in every pose of a motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from motion.arrays import Array
from motion.body import Body
from motion.kinematics import forward_kinematics
from motion.skeleton import JOINT_COUNT

if TYPE_CHECKING:
    import torch

Vertices = npt.NDArray[np.float32]


def posed_vertices(body: Body, R_parent_from_joint: Array, root: Array, device: str = "cpu") -> Vertices:
    """Where each vertex goes: the mean, by skinning weight, of where its joints would carry it.

    R_parent_from_joint [T, 55, 3, 3] (entry 0: frame from pelvis), root [T, 3] m, the pelvis joint.
    Returns [T, V, 3] m in the frame of the root. Raises torch.OutOfMemoryError when the device is full.
    """
    import torch  # not above: whoever imports this file must start fast

    # Joints are taken from the root, so that float32 does not lose the body when it is far from the world's origin.
    R_frame_from_joint, joints = forward_kinematics(body.skeleton, R_parent_from_joint, np.zeros_like(root))
    moved_rest = joints - np.einsum("tjab,jb->tja", R_frame_from_joint, body.skeleton.rest_joints)
    transforms = np.concatenate([R_frame_from_joint, moved_rest[..., None]], axis=-1)  # [T, 55, 3, 4]
    columns = transforms.transpose(1, 3, 0, 2).reshape(4 * JOINT_COUNT, -1)  # [55 * 4, T * 3]
    with torch.inference_mode():
        product = _on(device, _weighted_rest(body)) @ _on(device, columns)  # [V, T * 3]
        vertices = product.reshape(len(body.vertices), len(root), 3).transpose(0, 1) + _on(device, root)[:, None]
        return vertices.cpu().numpy()


def _weighted_rest(body: Body) -> Array:
    """Each vertex as (x, y, z, 1) times its weight for each joint, [V, 55 * 4]: one product then skins all frames."""
    vertex = np.arange(len(body.vertices))[:, None]
    weights = np.zeros((len(body.vertices), JOINT_COUNT))
    np.add.at(weights, (vertex, body.model.weight_joints), body.model.weights)
    homogeneous = np.concatenate([body.vertices, np.ones((len(body.vertices), 1))], axis=1)
    return (weights[:, :, None] * homogeneous[:, None, :]).reshape(len(body.vertices), -1)


def _on(device: str, array: Array) -> torch.Tensor:
    import torch

    return torch.from_numpy(array.astype(np.float32)).to(device)
