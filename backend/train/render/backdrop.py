"""The room as the camera sees it: rays cast at boxes from inside and outside."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from backend.train.render.background import FLOOR, Room
from backend.train.render.rasteriser import NEAREST_M, Window


@dataclass(frozen=True, eq=False)
class Backdrop:
    """What rays through the middles of squares of `step` x `step` pixels meet."""

    rgb: Tensor              # [T, h, w, 3] sRGB 0..1
    depth_m: Tensor          # [T, h, w] along the optical axis
    floor: Tensor            # [T, h, w] bool
    step: int

    def within(self, plane: Tensor, window: Window) -> Tensor:
        """The window's part, a value for each pixel, of depth_m or floor; windows start and end at even pixels."""
        rows, columns = (slice(first // self.step, (first + count) // self.step) for first, count in (
            (window.top, window.height), (window.left, window.width)))  # fmt: skip
        part = plane[:, rows, columns]
        return part if self.step == 1 else part.repeat_interleave(self.step, 1).repeat_interleave(self.step, 2)

    def depth_at(self, row: Tensor, column: Tensor) -> Tensor:
        """Depths [T, L] m at pixels [T, L] of the whole picture."""
        height, width = self.depth_m.shape[1:]
        row, column = (row // self.step).clamp(max=height - 1), (column // self.step).clamp(max=width - 1)
        return self.depth_m.expand(len(row), -1, -1).flatten(1).gather(1, row * width + column)


def cast(room: Room, R_camera_from_world: Tensor, t_camera_m: Tensor, K: Tensor, size_px: tuple[int, int],
         rays: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Colour, depth and floor before each camera, [T, 3, 3] and [T, 3], by so many rays across and down the picture."""
    x = ((torch.arange(rays[0], device=K.device) + 0.5) * (size_px[0] / rays[0]) - K[0, 2]) / K[0, 0]
    y = ((torch.arange(rays[1], device=K.device) + 0.5) * (size_px[1] / rays[1]) - K[1, 2]) / K[1, 1]
    R = R_camera_from_world
    away = R[:, 0, :, None, None] * x + R[:, 1, :, None, None] * y[:, None] + R[:, 2, :, None, None]  # [T, 3, H, W]
    start = -torch.einsum("tij,ti->tj", R, t_camera_m)[:, :, None, None]
    inverse = 1.0 / torch.where(away.abs() < 1e-9, 1e-9, away)
    depth, side, axis = _inner_wall(room, start, inverse)
    for number, (left, top, right, bottom) in enumerate(_rectangles(room, R, t_camera_m, K, size_px, rays)):
        if left < right and top < bottom:
            part = (..., slice(top, bottom), slice(left, right))
            _put_box(room, number, start, inverse[part], depth[part], side[part], axis[part])
    return _painted(room, start, away, depth, side, axis), depth, side == FLOOR


def _rectangles(room: Room, R: Tensor, t_m: Tensor, K: Tensor, size_px: tuple[int, int],
                rays: tuple[int, int]) -> list[list[int]]:  # fmt: skip
    """Left, top, right, bottom among the rays of where each box may be seen in any frame."""
    ends = torch.stack([room.boxes_low_m, room.boxes_high_m], dim=1)                        # [B, 2, 3]
    x, y, z = (ends[:, pick, axis] for axis, pick in enumerate(([0, 1] * 4, [0, 0, 1, 1] * 2, [0] * 4 + [1] * 4)))
    corners = torch.einsum("tij,bkj->tbki", R, torch.stack([x, y, z], dim=-1)) + t_m[:, None, None]
    size, limit = (torch.tensor(pair, device=K.device, dtype=K.dtype) for pair in (size_px, rays))
    places = (corners[..., :2] / corners[..., 2:].clamp(min=NEAREST_M) * K.diagonal()[:2] + K[:2, 2]) / size * limit
    low, high = (places.amin(dim=(0, 2)) - 1).floor(), (places.amax(dim=(0, 2)) + 1).ceil()
    ahead = corners[..., 2] > NEAREST_M
    astride = ~ahead.all(dim=2).all(dim=0)[:, None]
    unseen = ~ahead.any(dim=2).any(dim=0)[:, None]
    low, high = torch.where(astride, 0.0, low), torch.where(astride, limit, high)
    high = torch.where(unseen, 0.0, high)
    return torch.cat([low.clamp(min=0), high.minimum(limit)], dim=1).long().tolist()


def _inner_wall(room: Room, start: Tensor, inverse: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    ahead = inverse > 0
    x, y, z = ((torch.where(ahead, room.high_m[:, None, None], room.low_m[:, None, None]) - start) * inverse).unbind(1)
    depth = torch.minimum(torch.minimum(x, y), z)
    axis = (x > depth).long() * (1 + (y > depth).long())
    return depth, 2 * axis + _along(ahead, axis), axis


def _along(values: Tensor, axis: Tensor) -> Tensor:
    """Of [T, 3, H, W] that of the axis [T, H, W]."""
    return torch.where(axis == 0, values[:, 0], torch.where(axis == 1, values[:, 1], values[:, 2]))


def _put_box(room: Room, number: int, start: Tensor, inverse: Tensor, depth: Tensor, side: Tensor,
             axis: Tensor) -> None:  # fmt: skip
    """Draws one box over what lies behind it, in place."""
    low, high = (each[number][:, None, None] for each in (room.boxes_low_m, room.boxes_high_m))
    one, other = (low - start) * inverse, (high - start) * inverse
    x, y, z = torch.minimum(one, other).unbind(1)
    near = torch.maximum(torch.maximum(x, y), z)
    hit = (near < torch.maximum(one, other).amin(dim=1)) & (near > 0) & (near < depth)
    depth.copy_(torch.where(hit, near, depth))
    side.masked_fill_(hit, 6 + number)
    axis.copy_(torch.where(hit, (x < near).long() * (1 + (y < near).long()), axis))


def _painted(room: Room, start: Tensor, away: Tensor, depth: Tensor, side: Tensor, axis: Tensor) -> Tensor:
    """[T, H, W, 3] sRGB of what each ray meets."""
    origin = torch.cat([room.low_m.expand(6, 3), room.boxes_low_m])
    table = torch.cat([origin, room.shape, room.span_m, room.first[:, None]], dim=1)        # [6 + B, 8]
    met = table.index_select(0, side.flatten()).view(*side.shape, 8)
    low_x, low_y, low_z, rows, columns, span_up, span_across, first = met.unbind(-1)
    x, y, z = (start + depth[:, None] * away).unbind(1)
    across = torch.where(axis == 0, y - low_y, x - low_x)
    up = torch.where(axis == 2, y - low_y, z - low_z)
    row = ((up / span_up).frac().clamp(0.0, 1.0 - 1e-6) * rows).floor()
    column = ((across / span_across).frac().clamp(0.0, 1.0 - 1e-6) * columns).floor()
    facing = 2 * axis + (_along(away, axis) < 0)
    texel = (first + row * columns + column).long()
    rgb = room.texels.index_select(0, texel.flatten()) * room.light.index_select(0, facing.flatten())[:, None]
    return rgb.view(*side.shape, 3)
