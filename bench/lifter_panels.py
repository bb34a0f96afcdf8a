"""One moment of one person by two lifters, small: over the picture, and from the side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from backend import pipeline
from backend.body.skinning import posed_vertices
from backend.detect.live_picture import FAINT_SCORE
from backend.preview.floor import cast_shadows, floor_picture
from backend.preview.labels import write
from backend.preview.painter import Figure, Picture, paint
from backend.preview.people import COLOURS, Person, people_of
from backend.preview.shading import smooth_normals
from backend.preview.side_view import side_view
from backend.preview.view import NEAR_M, View
from motion.landmarks import LANDMARK_LINES

NAMES = ("direct", "network")
GREY, LIGHT = 70, (235, 235, 235)
_COLOURS = (COLOURS[1], COLOURS[0])
_MARGIN = 0.12         # of the longer side of what a panel shows, around it
_OPACITY = 0.75        # of a body over a picture
_SIDE_ANGLE_DEG = 90.0
_HIGHEST_M = 0.5       # over the floor from the side: on a roof somebody would be drawn too small to be seen
_TEXT_PX = 12


@dataclass(frozen=True)
class Window:
    """The part of a picture that a panel shows; it may reach beyond the picture."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int


def drawn_people(captured: Sequence[pipeline.Person]) -> list[Person]:
    """The same person by each of NAMES as the preview draws them, each in a colour of their own."""
    people = (people_of([each.motion], [each.body])[0] for each in captured)
    return [replace(person, colour=colour) for person, colour in zip(people, _COLOURS, strict=True)]


def panels(
    people: Sequence[Person], frame: int, picture: Picture | None, width_px: int, height_px: int,
    names: Sequence[str] = NAMES,
) -> Picture:  # fmt: skip
    """A frame side by side: each body over `picture`, then each from the side, with their names.

    None in place of a picture: grey, on which the landmarks tell where the person is.
    """
    figures = [_figure(person, frame) for person in people]
    window = window_around(people, frame, width_px / height_px)
    over = [_over_picture(person, figure, frame, picture, window, (width_px, height_px))
            for person, figure in zip(people, figures, strict=True)]  # fmt: skip
    beside = [_from_side(person, figure, frame, (width_px, height_px))
              for person, figure in zip(people, figures, strict=True)]  # fmt: skip
    for name, pair in zip(names, zip(over, beside, strict=True), strict=True):
        write(pair[0], name, 4, height_px - 5, _TEXT_PX, (250, 250, 250), shade=True)
        write(pair[1], name, 4, height_px - 5, _TEXT_PX, (90, 94, 100))
    return np.hstack([*over, *beside])


def window_around(people: Sequence[Person], frame: int, aspect: float) -> Window:
    """What is to be seen of all bodies and of the landmarks, as wide as `aspect` times its height."""
    camera = people[0].motion.cameras[0]
    size = np.array([camera.width_px, camera.height_px])
    places = np.concatenate([_joints_px(people, frame), camera.landmarks_px[frame]])
    places = np.clip(places[np.isfinite(places).all(axis=1)], 0, size)
    low, high = places.min(axis=0), places.max(axis=0)
    margin = _MARGIN * (high - low).max() + 2.0
    low, high = np.maximum(low - margin, 0), np.minimum(high + margin, size)
    height = max(high[1] - low[1], (high[0] - low[0]) / aspect)
    width_px, height_px = max(8, round(aspect * height)), max(8, round(height))
    left, top = np.rint(0.5 * (low + high) - 0.5 * np.array([width_px, height_px])).astype(int)
    return Window(int(left), int(top), width_px, height_px)


def _joints_px(people: Sequence[Person], frame: int) -> np.ndarray:
    """Joints of everybody that lie before the camera, [N, 2]."""
    found = []
    for person in people:
        px, depth = person.view(frame).project(person.motion.world_joints()[frame])
        found.append(px[depth > NEAR_M])
    return np.concatenate(found)


def cut_out(picture: Picture, window: Window, width_px: int, height_px: int) -> Picture:
    """What a window shows of a picture, at another size, black beyond its edges."""
    rows, columns = (_inside(start, length, limit) for start, length, limit in (
        (window.top_px, window.height_px, picture.shape[0]), (window.left_px, window.width_px, picture.shape[1])))
    whole = np.zeros((window.height_px, window.width_px, 3), dtype=np.uint8)
    whole[rows[0] - window.top_px:rows[1] - window.top_px, columns[0] - window.left_px:columns[1] - window.left_px] = (
        picture[slice(*rows), slice(*columns)])
    way = cv2.INTER_AREA if window.height_px > height_px else cv2.INTER_LINEAR
    return cv2.resize(whole, (width_px, height_px), interpolation=way)


def _inside(start: int, length: int, limit: int) -> tuple[int, int]:
    return min(max(start, 0), limit), min(max(start + length, 0), limit)


def _seen_through(view: View, window: Window, size_px: tuple[int, int]) -> View:
    """The camera whose whole picture a window is."""
    scale = np.diag([size_px[0] / window.width_px, size_px[1] / window.height_px, 1.0])
    shift = np.array([[1.0, 0.0, -window.left_px], [0.0, 1.0, -window.top_px], [0.0, 0.0, 1.0]])
    return View(scale @ shift @ view.K, view.R_view_from_world, view.t_view_from_world, *size_px)


def _figure(person: Person, frame: int) -> Figure:
    motion, rows = person.motion, slice(frame, frame + 1)
    vertices = posed_vertices(person.body, motion.R_parent_from_joint[rows], motion.root_world[rows])[0]
    faces = person.body.model.faces
    return Figure(vertices, faces, smooth_normals(vertices, faces, person.smoothing), person.colour, 1.0)


def _over_picture(
    person: Person, figure: Figure, frame: int, picture: Picture | None, window: Window, size_px: tuple[int, int]
) -> Picture:
    camera = person.motion.cameras[0]
    shown = np.full((camera.height_px, camera.width_px, 3), GREY, dtype=np.uint8) if picture is None else picture
    panel = cut_out(shown, window, *size_px)
    paint(panel, [replace(figure, opacity=_OPACITY)], _seen_through(person.view(frame), window, size_px))
    if picture is None:
        _draw_landmarks(panel, person, frame, window)
    return panel


def _from_side(person: Person, figure: Figure, frame: int, size_px: tuple[int, int]) -> Picture:
    """Somebody higher over the floor than _HIGHEST_M is lowered to that."""
    motion, rows = person.motion, slice(frame, frame + 1)
    joints = motion.world_joints()[frame]
    lowered = np.array([0.0, 0.0, max(0.0, joints[:, 2].min() - _HIGHEST_M)])
    vertices = figure.vertices_world - lowered.astype(np.float32)
    view = side_view(joints - lowered, motion.cameras[0].R_camera_from_world[rows], _SIDE_ANGLE_DEG, *size_px)
    panel = floor_picture(view, [motion.root_world[rows]], [person.colour], float(motion.rate))
    cast_shadows(panel, view, [(vertices, person.parts)])
    paint(panel, [replace(figure, vertices_world=vertices)], view)
    return panel


def _draw_landmarks(panel: Picture, person: Person, frame: int, window: Window) -> None:
    """The detector's landmarks as thin lines over a panel, in place."""
    camera = person.motion.cameras[0]
    scale = (panel.shape[1] / window.width_px, panel.shape[0] / window.height_px)
    places = (camera.landmarks_px[frame] - (window.left_px, window.top_px)) * scale
    for first, second in LANDMARK_LINES:
        if min(camera.scores[frame, [first, second]]) >= FAINT_SCORE:
            ends = np.rint(places[[first, second]]).astype(int).tolist()
            cv2.line(panel, *ends, LIGHT, 1, cv2.LINE_AA)
