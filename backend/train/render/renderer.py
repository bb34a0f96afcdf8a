"""Pictures of a dressed body in a room, and which landmarks in them are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from backend.train.render.backdrop import Backdrop, cast
from backend.train.render.background import Room
from backend.train.render.hidden_landmarks import hidden_behind
from backend.train.render.person import Person, brightness, person_on
from backend.train.render.photograph import blurred, gain_map, noise_planes
from backend.train.render.rasteriser import NEAREST_M, Hits, Window, seen
from backend.train.render.scene import Scene
from backend.train.render.shadow import on_floor, shade
from motion.arrays import Array, Mask

SUBFRAMES = 3            # pictures averaged while the shutter is open
CHUNK = 8                # frames drawn at once
BODY_MARGIN_PX, SHADOW_MARGIN_PX = 6, 14        # as far as they are softened
MOVING_STEP = 2          # pixels to a ray for the room, along each side, of a camera that moves


@dataclass(frozen=True, eq=False)
class Rendered:
    """What the camera saw."""

    pictures: npt.NDArray[np.uint8]     # [T, H, W, 3] RGB
    hidden: Mask                        # [T, L] whether a landmark lies behind something; False outside of the picture


def render(scene: Scene, vertices_world_m: Array, R_camera_from_world: Array, t_camera_m: Array, K: Array,
           size_px: tuple[int, int], rng: np.random.Generator, landmarks_world_m: Array | None = None,
           device: str = "cpu", chunk: int = CHUNK) -> Rendered:  # fmt: skip
    """Draw the body [T, V, 3] (world, Z up, floor at 0) as the camera [T, 3, 3], [T, 3], K [3, 3] sees it.

    Camera frame as in OpenCV. `rng` gives the sensor's noise alone; `landmarks_world_m` [T, 33, 3] may be left out.
    The same seed gives the same pictures whatever the chunk.
    """
    studio = _studio(scene, R_camera_from_world, t_camera_m, K, size_px, rng, device)
    if landmarks_world_m is None:
        landmarks_world_m = np.zeros((len(vertices_world_m), 0, 3))
    pictures, hidden = [], []
    for take in _takes(vertices_world_m, R_camera_from_world, t_camera_m, landmarks_world_m, chunk, device):
        rgb, is_hidden = _draw(studio, take)
        pictures.append(rgb.cpu().numpy())
        hidden.append(is_hidden.cpu().numpy())
    return Rendered(np.concatenate(pictures), np.concatenate(hidden))


@dataclass(frozen=True, eq=False)
class _Studio:
    """What stays the same from chunk to chunk."""

    scene: Scene
    person: Person
    room: Room
    K: Tensor
    size_px: tuple[int, int]
    gains: Tensor            # [H, W, 3]
    noise: Tensor            # [N, H, W, 1] int16
    still: Backdrop | None   # of a camera that does not move
    stills: Tensor | None    # [N, H, W, 3] bytes of it without the body, under each plane of noise


@dataclass(frozen=True, eq=False)
class _Take:
    """T frames; vertices and camera of one frame more, towards which things move while the shutter is open."""

    numbers: Tensor          # [T] of the frames
    vertices_m: Tensor       # [V, 3, T + 1] world
    R: Tensor                # [T + 1, 3, 3]
    t_m: Tensor              # [T + 1, 3]
    landmarks_m: Tensor      # [T, L, 3] in the camera's frame


def _studio(scene: Scene, R: Array, t_m: Array, K: Array, size_px: tuple[int, int], rng: np.random.Generator,
            device_name: str) -> _Studio:  # fmt: skip
    device = torch.device(device_name)
    room, K_device = scene.room.to(device), _real(K, device)
    moves = np.ptp(R, axis=0).max() > 1e-6 or np.ptp(t_m, axis=0).max() > 1e-6
    still = None if moves else _still(scene, room, _real(R[:1], device), _real(t_m[:1], device), K_device, size_px)
    gains, noise = gain_map(scene.look, size_px, device), noise_planes(rng, scene.look, size_px, device)
    stills = None if still is None else _noisy(_bytes(_exposed(scene, gains, still.rgb)), noise)
    person = person_on(scene.appearance, device)
    return _Studio(scene, person, room, K_device, size_px, gains, noise, still, stills)


def _real(values: Array, device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32)).to(device)


def _still(scene: Scene, room: Room, R: Tensor, t_m: Tensor, K: Tensor, size_px: tuple[int, int]) -> Backdrop:
    """The room before a camera that stands."""
    rgb, depth_m, floor = cast(room, R, t_m, K, size_px, size_px)
    return Backdrop(blurred(rgb, scene.look.blur_px), depth_m, floor, 1)


def _moving(room: Room, take: _Take, K: Tensor, size_px: tuple[int, int]) -> Backdrop:
    """The room before a camera that moves, drawn coarsely."""
    rays = (-(-size_px[0] // MOVING_STEP), -(-size_px[1] // MOVING_STEP))
    return Backdrop(*cast(room, take.R[:-1], take.t_m[:-1], K, size_px, rays), MOVING_STEP)


def _takes(vertices_m: Array, R: Array, t_m: Array, landmarks_m: Array, chunk: int, device: str) -> Iterator[_Take]:
    on = torch.device(device)
    for start in range(0, len(vertices_m), chunk):
        frames = np.arange(start, min(start + chunk, len(vertices_m)))
        more = np.minimum(np.append(frames, frames[-1] + 1), len(vertices_m) - 1)
        Rs, ts = _real(R[more], on), _real(t_m[more], on)
        landmarks = torch.einsum("tij,tlj->tli", Rs[:-1], _real(landmarks_m[frames], on)) + ts[:-1, None]
        yield _Take(torch.from_numpy(frames).to(on), _real(vertices_m[more].transpose(1, 2, 0), on), Rs, ts, landmarks)


def _draw(studio: _Studio, take: _Take) -> tuple[Tensor, Tensor]:
    """Pictures uint8 [T, H, W, 3] and hidden [T, L]."""
    backdrop = studio.still or _moving(studio.room, take, studio.K, studio.size_px)
    vertices, normals = studio.person.mesh(take.vertices_m)
    body_m = _before_camera(vertices, take.R, take.t_m)
    shadow_m = _before_camera(on_floor(vertices[::2], studio.scene.light), take.R, take.t_m)[..., :-1]
    window = _window(body_m, studio.K, studio.size_px, BODY_MARGIN_PX)
    shadow_window = _window(shadow_m, studio.K, studio.size_px, SHADOW_MARGIN_PX)
    light = brightness(studio.scene.light, normals[..., :-1])
    layers, hits = _layers(studio, body_m, light, backdrop, window)
    pictures = _empty_room(studio, take.numbers, backdrop)
    darker = shade(shadow_m, studio.K, shadow_window, studio.scene.light.shadow)
    _put_shadow(pictures, darker, backdrop, shadow_window)
    _put_body(studio, take.numbers, pictures, layers, window)
    hidden = hidden_behind(hits, studio.person.about, backdrop, window, take.landmarks_m, studio.K, studio.size_px)
    return pictures, hidden


def _before_camera(vertices_m: Tensor, R: Tensor, t_m: Tensor) -> Tensor:
    """[V, 3, T] world to the camera's frame."""
    return torch.einsum("tij,vjt->vit", R, vertices_m) + t_m.T


def _window(mesh_m: Tensor, K: Tensor, size_px: tuple[int, int], margin_px: int) -> Window:
    """The part of the picture in which any of the vertices may be seen in any frame; even numbers."""
    places = mesh_m[:, :2] / mesh_m[:, 2:].clamp(min=NEAREST_M) * K.diagonal()[:2, None] + K[:2, 2:]
    behind = mesh_m[:, 2:] <= NEAREST_M
    size = torch.tensor(size_px, device=K.device)
    first = places.masked_fill(behind, torch.inf).amin(dim=(0, 2)) - margin_px
    last = places.masked_fill(behind, -torch.inf).amax(dim=(0, 2)) + margin_px
    first = first.clamp(min=0).minimum(size - 2).long() // 2 * 2
    last = last.clamp(min=0).minimum(size).long().maximum(first + 2)
    left, top, right, bottom = (*first.tolist(), *last.tolist())
    return Window(left, top, (right - left) // 2 * 2, (bottom - top) // 2 * 2)


def _layers(studio: _Studio, body_m: Tensor, light: Tensor, backdrop: Backdrop,
            window: Window) -> tuple[Tensor, Hits]:  # fmt: skip
    """Colour times cover, and cover, [T, h, w, 4], mean while the shutter is open; the pixels at its opening."""
    frames, size = light.shape[1], window.width * window.height
    shutter = studio.scene.look.shutter
    shares = np.linspace(0.0, shutter, SUBFRAMES) if shutter else np.zeros(1)
    behind = backdrop.within(backdrop.depth_m, window).expand(frames, -1, -1).flatten()
    layers = torch.zeros(frames * size, 4, device=body_m.device)
    first = None
    for share in shares:
        moment = body_m[..., :-1] + float(share) * (body_m[..., 1:] - body_m[..., :-1])
        hits = seen(moment, studio.K, studio.person.faces, studio.person.two_sided, window)
        first = first or hits
        cell = hits.frame * size + hits.pixel
        visible = (hits.depth_m < behind[cell]).float()[:, None]
        colour = torch.cat([studio.person.colours(hits, light), torch.ones_like(visible)], dim=1)
        layers.index_add_(0, cell, colour * (visible / len(shares)))
    return blurred(layers.view(frames, window.height, window.width, 4), studio.scene.look.blur_px), first


def _cut(pictures: Tensor, window: Window) -> Tensor:
    """The window's part of [T, H, W, ...]."""
    return pictures[:, window.top : window.top + window.height, window.left : window.left + window.width]


def _empty_room(studio: _Studio, numbers: Tensor, backdrop: Backdrop) -> Tensor:
    """The camera's bytes [T, H, W, 3] without the body."""
    planes = numbers % len(studio.noise)
    if studio.stills is not None:
        return studio.stills[planes]
    gains = studio.gains[:: backdrop.step, :: backdrop.step]
    coarse = _bytes(_exposed(studio.scene, gains, backdrop.rgb)).movedim(-1, 1)
    width, height = studio.size_px
    whole = torch.nn.functional.interpolate(coarse, (height, width), mode="bilinear").movedim(1, -1)
    return _noisy(whole, studio.noise[planes])


def _put_shadow(pictures: Tensor, darker: Tensor, backdrop: Backdrop, window: Window) -> None:
    """Darkens the floor, in place."""
    part, floor = _cut(pictures, window), backdrop.within(backdrop.floor, window)
    part.copy_(_bytes(part * torch.where(floor, darker, 1.0)[..., None]))


def _put_body(studio: _Studio, numbers: Tensor, pictures: Tensor, layers: Tensor, window: Window) -> None:
    """Lays colour times cover, and cover, [T, h, w, 4], over the pictures, in place."""
    rgb, cover = layers[..., :3], layers[..., 3:]
    noise = _cut(studio.noise, window)[numbers % len(studio.noise)] + 255.0 * studio.scene.look.lift
    part = _cut(pictures, window)
    body = 255.0 * _cut(studio.gains[None], window) * rgb + cover * noise
    part.copy_(_bytes(part * (1.0 - cover) + body))


def _exposed(scene: Scene, gains: Tensor, rgb: Tensor) -> Tensor:
    """sRGB 0..1 to 0..255 and beyond."""
    return 255.0 * (gains * rgb + scene.look.lift)


def _noisy(pictures: Tensor, noise: Tensor) -> Tensor:
    """Bytes with noise int16 added."""
    return (pictures.short() + noise).clamp_(0, 255).byte()


def _bytes(values: Tensor) -> Tensor:
    return values.clamp_(0, 255).byte()
