"""Pictures for surfaces, made by chance: [N, N, 3] in 0..1 (sRGB), repeating without a seam."""

from __future__ import annotations

from typing import Callable

import numpy as np

from motion.arrays import Array

SIZE = 256
Painter = Callable[[Array, np.random.Generator], Array]   # a colour [3] and chance to a picture


def noise(random: np.random.Generator, roughness: float, size: int = SIZE) -> Array:
    """Seamless noise [N, N] of mean 0 and spread 1, whose amplitude falls with frequency ** -roughness."""
    frequencies = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]) * size
    spectrum = np.fft.rfft2(random.normal(size=(size, size))) / np.maximum(frequencies, 1.0) ** roughness
    spectrum[0, 0] = 0.0
    field = np.fft.irfft2(spectrum, s=(size, size))
    return field / field.std()


def _shaded(colour: Array, shade: Array) -> Array:
    return np.clip(colour * (1.0 + shade[..., None]), 0.0, 1.0)


def _places() -> tuple[Array, Array]:
    v, u = np.meshgrid(np.arange(SIZE) / SIZE, np.arange(SIZE) / SIZE, indexing="ij")
    return u, v


def plaster(colour: Array, random: np.random.Generator) -> Array:
    return _shaded(colour, 0.035 * noise(random, 1.4))


def carpet(colour: Array, random: np.random.Generator) -> Array:
    return _shaded(colour, 0.05 * noise(random, 0.7) + 0.05 * noise(random, 1.8))


def ground(colour: Array, random: np.random.Generator) -> Array:
    """Grass, earth or asphalt."""
    other = np.clip(colour + random.normal(0.0, 0.07, 3), 0.0, 1.0)
    patches = np.clip(0.5 + 0.4 * noise(random, 1.6), 0.0, 1.0)[..., None]
    return _shaded(patches * colour + (1.0 - patches) * other, 0.09 * noise(random, 0.8))


def planks(colour: Array, random: np.random.Generator) -> Array:
    u, v = _places()
    rows, shift = np.floor(v * 8).astype(int), random.uniform(size=8)
    lengths = np.floor(2 * (u + shift[rows])).astype(int) % 2
    shades = random.normal(0.0, 0.1, (8, 2))[rows, lengths]
    grain = 0.05 * np.roll(noise(random, 1.2), 1)[:, (np.arange(SIZE) // 8)]
    gaps = np.where((v * 8) % 1 < 0.05, -0.35, 0.0)
    return _shaded(colour, shades + grain.T[rows, np.arange(SIZE)[None]] + gaps)


def tiles(colour: Array, random: np.random.Generator) -> Array:
    """A board of four by four in two colours, with joints."""
    u, v = _places()
    column, row = np.floor(u * 4).astype(int), np.floor(v * 4).astype(int)
    contrast = random.choice([0.0, 0.12, 0.3])
    shade = np.where((column + row) % 2 == 0, 0.0, -contrast) + random.normal(0.0, 0.03, (4, 4))[row, column]
    joint = ((u * 4) % 1 < 0.03) | ((v * 4) % 1 < 0.03)
    return _shaded(colour, np.where(joint, -0.3, shade) + 0.02 * noise(random, 1.0))


def bricks(colour: Array, random: np.random.Generator) -> Array:
    u, v = _places()
    row = np.floor(v * 8).astype(int)
    along = u * 4 + 0.5 * (row % 2)
    shade = random.normal(0.0, 0.12, (8, 4))[row, np.floor(along).astype(int) % 4]
    joint = ((v * 8) % 1 < 0.1) | (along % 1 < 0.05)
    mortar = np.array([0.72, 0.7, 0.66])
    return _shaded(np.where(joint[..., None], mortar, _shaded(colour, shade)), 0.03 * noise(random, 0.9))


def wallpaper(colour: Array, random: np.random.Generator) -> Array:
    u, v = _places()
    stripes = np.sin(2 * np.pi * random.integers(2, 6) * u)
    dots = np.sin(2 * np.pi * 4 * u) * np.sin(2 * np.pi * 4 * v) > 0.7
    pattern = 0.08 * np.sign(stripes) if random.uniform() < 0.5 else np.where(dots, -0.2, 0.0)
    return _shaded(colour, pattern + 0.02 * noise(random, 1.2))


def facade(colour: Array, random: np.random.Generator) -> Array:
    """A wall with four by four windows."""
    u, v = (4 * places % 1 for places in _places())
    window = (np.abs(u - 0.5) < 0.22) & (np.abs(v - 0.55) < 0.28)
    frame = (np.abs(u - 0.5) < 0.26) & (np.abs(v - 0.55) < 0.32)
    glass = np.repeat(np.repeat(random.uniform(0.1, 0.5, (4, 4)), SIZE // 4, 0), SIZE // 4, 1)[..., None]
    wall = _shaded(colour, 0.04 * noise(random, 1.0))
    return np.where(window[..., None], glass * np.array([0.8, 0.95, 1.1]), np.where(frame[..., None], 0.85, wall))


def leaves(colour: Array, random: np.random.Generator) -> Array:
    return _shaded(colour, 0.28 * noise(random, 0.9))


def books(colour: Array, random: np.random.Generator) -> Array:
    u, v = _places()
    spines = random.uniform(0.1, 0.85, (4, 16, 3))[np.floor(v * 4).astype(int), np.floor(u * 16).astype(int)]
    board = ((v * 4) % 1 < 0.1) | ((v * 4) % 1 > random.uniform(0.75, 0.95, 16)[np.floor(u * 16).astype(int)])
    return np.where(board[..., None], colour, spines)


def painting(colour: Array, random: np.random.Generator) -> Array:
    layers = np.stack([noise(random, 2.2) for _ in range(3)], axis=-1)
    return np.clip(colour + 0.22 * np.round(layers * 1.5) / 1.5, 0.0, 1.0)


def sky(colour: Array, random: np.random.Generator) -> Array:
    """From the horizon (v = 0) upwards, with clouds."""
    _, v = _places()
    clear = (1.0 - v)[..., None] * np.array([0.86, 0.9, 0.94]) + v[..., None] * colour
    clouds = np.clip(0.5 * noise(random, 1.8) - 0.1, 0.0, 0.8)[..., None]
    return np.clip(clear * (1.0 - clouds) + clouds * 0.95, 0.0, 1.0)


def cloth(colour: Array, random: np.random.Generator) -> Array:
    """Plain, striped, chequered, dotted, blotched or denim, with folds."""
    u, v = _places()
    other = random.uniform(0.05, 0.95, 3)[None, None]
    count = int(random.integers(2, 7))
    across, along = np.sin(2 * np.pi * count * u), np.sin(2 * np.pi * count * v)
    masks = (np.zeros_like(u), np.zeros_like(u), along > 0.2, across > 0.4, 0.5 * (across > 0.3) + 0.5 * (along > 0.3),
             across * along > 0.55, noise(random, 1.8) > 0.6)  # fmt: skip
    mask = masks[int(random.integers(len(masks)))][..., None]
    plain = (1.0 - mask) * colour + mask * other
    return np.clip(plain * (1.0 + 0.05 * noise(random, 1.5) + 0.03 * noise(random, 0.3))[..., None], 0.0, 1.0)


def skin(colour: Array, random: np.random.Generator) -> Array:
    return _shaded(colour, 0.03 * noise(random, 1.2))


def strands(colour: Array, random: np.random.Generator) -> Array:
    return _shaded(colour, 0.2 * noise(random, 0.8)[:1] + 0.06 * noise(random, 0.8))


PAINTERS: dict[str, Painter] = {painter.__name__: painter for painter in (
    plaster, carpet, ground, planks, tiles, bricks, wallpaper, facade, leaves, books, painting, sky, cloth, skin,
    strands)}  # fmt: skip
