"""Short films for a night's batch, made on the spot out of those in `bench/clips` and the shipped sample."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from backend.body.skinning import posed_vertices
from backend.preview.painter import Picture
from backend.preview.write_film import written_film
from backend.train.render.renderer import render
from backend.train.render.scene import random_scene
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from bench.looped_film import SAMPLE
from bench.rendered import FOLDER, RenderedClip, read_clip
from motion.arrays import Array

RATE = Fraction(30)                   # of all of them, whatever the source has
SHORT = (20, 33)                      # pictures, about a second
LONG = (76, 97)                       # two and three segments of the shortest length
OF_TWO_CAMERAS = 30                   # less does not tell where the cameras stood
SCALES = (0.5, 0.75, 1.0)
TWO_CAMERAS_SCALE = 0.6
TURNED_DEG = 60.0                     # the second camera, about the person
FILMED_TWICE = ("sport_box", "walk_meander", "sport_sword")   # rendered clips that two cameras can be told from


@functools.cache
def sources() -> tuple[Path, ...]:
    """Films in which somebody is seen whole and all the time: the sample and rendered ones."""
    found = [film for which in ("rendered", "rendered_dev") for film in sorted((FOLDER / which).glob("*.mp4"))]
    return (SAMPLE, *(film for film in found if _is_plain(film)))


def _is_plain(film: Path) -> bool:
    with np.load(film.with_suffix(".npz"), allow_pickle=False) as truth:
        return str(truth["framing"]) == "whole" and not str(truth["extra"])


def short_film(path: Path, source: Path, rng: np.random.Generator) -> None:
    """A few pictures from anywhere in a film."""
    _write(path, _cut_out(source, int(rng.integers(*SHORT)), rng), float(rng.choice(SCALES)))


def long_film(path: Path, source: Path, rng: np.random.Generator) -> None:
    """As many pictures of a film as several segments have, to and fro where it is too short."""
    count = int(rng.integers(*LONG))
    shown = _shown(source)
    to_and_fro = [*shown, *reversed(shown[1:-1])]
    _write(path, (to_and_fro * 2)[:count], 0.5)


def film_of_two(path: Path, left: Path, right: Path, rng: np.random.Generator) -> None:
    """The people of two films side by side."""
    count = int(rng.integers(*SHORT))
    both = [_cut_out(source, count, rng) for source in (left, right)]
    halves = [[_upright_half(picture) for picture in shown] for shown in both]
    _write(path, [np.hstack(pair) for pair in zip(*halves, strict=True)], 1.0)


def _upright_half(picture: Picture) -> Picture:
    """[360, 320, 3] of the middle of a picture."""
    height, width = picture.shape[:2]
    kept = min(width, height * 320 // 360)
    left = (width - kept) // 2
    return cv2.resize(picture[:, left : left + kept], (320, 360), interpolation=cv2.INTER_AREA)


def films_of_two_cameras(paths: Sequence[Path], name: str, seed: int, count: int = OF_TWO_CAMERAS) -> None:
    """`count` pictures of a rendered clip's motion drawn anew, as two cameras that stand see it at the same time."""
    clip = read_clip(FOLDER / "rendered" / f"{name}.mp4")
    rng = np.random.default_rng(seed)
    taken = slice(10, 10 + count)
    root_world = clip.root_world[taken]
    vertices = posed_vertices(clip.body, clip.R_parent_from_joint[taken], root_world, "cpu")
    R, t = clip.R_camera_from_world[10], clip.t_camera_from_world[10]
    stage = random_scene(rng, clip.body.model, root_world, np.repeat([-R.T @ t], count, axis=0), occluded=0.0)
    size_px, K = _smaller(clip)
    for path, degrees in zip(paths, (0.0, TURNED_DEG), strict=True):
        R_turned, t_turned = _turned_about(root_world.mean(axis=0), np.deg2rad(degrees), R, t)
        cameras = np.repeat(R_turned[None], count, axis=0), np.repeat(t_turned[None], count, axis=0)
        _write(path, list(render(stage, vertices, *cameras, K, size_px, rng).pictures), 1.0)


def _smaller(clip: RenderedClip) -> tuple[tuple[int, int], Array]:
    size_px = tuple(2 * round(TWO_CAMERAS_SCALE * side / 2) for side in clip.size_px)
    return size_px, np.diag([TWO_CAMERAS_SCALE, TWO_CAMERAS_SCALE, 1.0]) @ clip.K   # type: ignore[return-value]


def _turned_about(point_world: Array, turn: float, R: Array, t: Array) -> tuple[Array, Array]:
    """A camera that was carried around a point, by an angle about the vertical."""
    cos, sin = np.cos(turn), np.sin(turn)
    R_before_from_after = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
    return R @ R_before_from_after, t + R @ (point_world - R_before_from_after @ point_world)


def _cut_out(source: Path, count: int, rng: np.random.Generator) -> list[Picture]:
    shown = _shown(source)
    first = int(rng.integers(len(shown) - count + 1))
    return list(shown[first : first + count])


@functools.lru_cache(maxsize=2)
def _shown(source: Path) -> tuple[Picture, ...]:
    return tuple(picture.rgb for picture in islice(pictures(open_clip(source, VideoSettings())), LONG[1]))


def _write(path: Path, shown: Sequence[Picture], scale: float) -> None:
    height, width = (2 * round(scale * side / 2) for side in shown[0].shape[:2])
    with written_film(path, RATE, width, height) as append:
        for picture in shown:
            append(cv2.resize(np.ascontiguousarray(picture), (width, height), interpolation=cv2.INTER_AREA))
