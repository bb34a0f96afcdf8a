"""Which face of a mesh is seen at each pixel: a z-buffer in torch, for many frames at once.

Every face lists the pixels of its bounding box; those inside the face compete by depth in one scatter. Faces that
cover no middle of a pixel drop out first, which at a few hundred pixels a body is most of them. Frames run last, so
that gathering by vertex or face copies whole rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

NEAREST_M = 0.1          # faces nearer to the lens are not drawn
DEPTH_STEPS_PER_M = 65536
EMPTY = torch.iinfo(torch.int64).max
SLACK = 1e-4             # of a face: neighbours overlap rather than leave holes


@dataclass(frozen=True, eq=False)
class Window:
    """A piece of the picture: first column and row, width and height, px."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Hits:
    """The pixels that show the mesh, N in all frames together."""

    frame: Tensor       # [N]
    pixel: Tensor       # [N] row * width + column in the window
    face: Tensor        # [N]
    corners: Tensor     # [N, 3] weights of the face's corners
    depth_m: Tensor     # [N] along the optical axis


def seen(camera_m: Tensor, K: Tensor, faces: Tensor, two_sided: Tensor, window: Window) -> Hits:
    """The nearest face at the middle of each pixel of the window.

    camera_m [V, 3, T] in the camera's frame (x right, y down, z ahead), K [3, 3], faces [F, 3] counter-clockwise from
    outside, two_sided [F] bool: drawn from behind too. The middle of pixel (0, 0) lies at (0.5, 0.5).
    """
    inverse = 1.0 / camera_m[:, 2].clamp(min=NEAREST_M)
    x = camera_m[:, 0] * inverse * K[0, 0] + (K[0, 2] - window.left)
    y = camera_m[:, 1] * inverse * K[1, 1] + (K[1, 2] - window.top)
    behind = camera_m[:, 2] <= NEAREST_M
    planes, boxes, kept = _set_up(x, y, inverse, behind, faces, two_sided, window)
    return _nearest(planes, boxes, kept, camera_m.shape[-1], window)


def _set_up(x: Tensor, y: Tensor, inverse: Tensor, behind: Tensor, faces: Tensor, two_sided: Tensor,
            window: Window) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Of each face that may be seen: planes [M, 9], (left, top, columns, rows) [M, 4] px, face * T + frame [M]."""
    (x0, x1, x2), (y0, y1, y2) = ([each[faces[:, corner]] for corner in range(3)] for each in (x, y))
    area = (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0)
    front = (area < 0) | (two_sided[:, None] & (area > 0))
    left = (torch.minimum(torch.minimum(x0, x1), x2) - 0.5).ceil_().clamp_(min=0)
    top = (torch.minimum(torch.minimum(y0, y1), y2) - 0.5).ceil_().clamp_(min=0)
    columns = (torch.maximum(torch.maximum(x0, x1), x2) - 0.5).floor_().clamp_(max=window.width - 1) - left + 1
    rows = (torch.maximum(torch.maximum(y0, y1), y2) - 0.5).floor_().clamp_(max=window.height - 1) - top + 1
    kept = (front & (columns > 0) & (rows > 0)).flatten().nonzero()[:, 0]
    face, frame = kept // x.shape[1], kept % x.shape[1]
    corners = faces.index_select(0, face) * x.shape[1] + frame[:, None]
    fine = ~behind.flatten()[corners].any(dim=1)
    kept, corners = kept[fine], corners[fine]
    planes = _planes(x.flatten()[corners], y.flatten()[corners], inverse.flatten()[corners])
    return planes, torch.stack([each.flatten()[kept] for each in (left, top, columns, rows)], dim=1), kept


def _planes(x: Tensor, y: Tensor, inverse: Tensor) -> Tensor:
    """Per face [M, 9]: first corner (x, y, 1 / depth), slopes of the others' weights, their steps of 1 / depth."""
    (x1, x2), (y1, y2) = ((each[:, 1:] - each[:, :1]).T for each in (x, y))
    scale = 1.0 / (x1 * y2 - y1 * x2)
    steps = inverse[:, 1:] - inverse[:, :1]
    return torch.stack([x[:, 0], y[:, 0], inverse[:, 0], y2 * scale, -x2 * scale, -y1 * scale, x1 * scale,
                        *steps.T], dim=1)  # fmt: skip


def _weights(planes: Tensor, column: Tensor, row: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Weights of the second and third corner and the inverse depth at the middle of a pixel."""
    x0, y0, inverse, ax, ay, bx, by, step1, step2 = planes.unbind(1)
    x, y = column + 0.5 - x0, row + 0.5 - y0
    second, third = x * ax + y * ay, x * bx + y * by
    return second, third, inverse + second * step1 + third * step2


def _nearest(planes: Tensor, boxes: Tensor, kept: Tensor, frames: int, window: Window) -> Hits:
    device, size = planes.device, window.width * window.height
    owner, column, row = _listed(boxes)
    second, third, inverse = _weights(planes.index_select(0, owner), column, row)
    inside = ((second >= -SLACK) & (third >= -SLACK) & (second + third <= 1 + SLACK)).nonzero()[:, 0]
    owner = owner[inside]
    cell = (kept % frames * size)[owner] + (row[inside] * window.width + column[inside]).long()
    key = ((DEPTH_STEPS_PER_M / inverse[inside]).long() << 32) | owner
    buffer = torch.full((frames * size,), EMPTY, dtype=torch.int64, device=device)
    buffer.scatter_reduce_(0, cell, key, "amin")
    return _hits(buffer, planes, kept, frames, window)


def _listed(boxes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Every pixel of every box (left, top, columns, rows) [M, 4]: its box, column and row; whole numbers as floats."""
    count = (boxes[:, 2] * boxes[:, 3]).long()
    owner = torch.repeat_interleave(torch.arange(len(count), device=boxes.device), count)
    place = (torch.arange(len(owner), device=boxes.device) - (count.cumsum(0) - count)[owner]).float()
    left, top, columns, _ = boxes.index_select(0, owner).unbind(1)
    row = ((place + 0.5) / columns).floor()
    return owner, place - row * columns + left, row + top


def _hits(buffer: Tensor, planes: Tensor, kept: Tensor, frames: int, window: Window) -> Hits:
    cell = (buffer != EMPTY).nonzero()[:, 0]
    owner = buffer[cell] & 0xFFFFFFFF
    pixel = cell % (window.width * window.height)
    second, third, inverse = _weights(planes.index_select(0, owner), pixel % window.width, pixel // window.width)
    corners = torch.stack([1 - second - third, second, third], dim=1)
    face = kept[owner] // frames
    return Hits(cell // (window.width * window.height), pixel, face, corners, 1.0 / inverse)
