"""The two halves of a preview's picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.preview.floor import cast_shadows, draw_segments, floor_picture, square_side_m
from backend.preview.labels import time_code, write
from backend.preview.painter import Figure, Picture, paint
from backend.preview.people import Person, Pose
from backend.preview.side_view import side_view
from backend.preview.view import View

_GHOST = 0.4             # of the usual opacity, for a person who is not seen in a frame
_WHITE, _GREY = (250, 250, 250), (120, 124, 130)
_TEXT = 1 / 31           # of the picture's shorter side
_FRUSTUM_M = 0.35        # depth at which the footage's camera has its picture, where it is drawn
_FRUSTUM_LINES = ((0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (2, 3), (3, 4), (4, 1))


class FootagePanel:
    """The bodies over the footage of one of the cameras."""

    def __init__(
        self, people: Sequence[Person], width_px: int, height_px: int, opacity: float, camera: int = 0
    ) -> None:
        self._width_px, self._height_px, self._opacity, self._camera = width_px, height_px, opacity, camera
        self._named = len(people) > 1 or bool(people[0].motion.actor)

    def draw(self, panel: Picture, footage: Picture, present: Sequence[Pose], time_s: float) -> None:
        """Fill `panel` with the footage and everybody present over it, with their names and the time."""
        panel[:] = footage
        if present:
            view = present[0].person.view(present[0].frame, self._camera).scaled(self._width_px, self._height_px)
            _paint_everybody(panel, present, view, self._opacity)
            for pose in present:
                self._name(panel, pose, view)
        size = _text_px(panel)
        write(panel, time_code(time_s), 0.8 * size, self._height_px - 0.8 * size, size, _WHITE, shade=True)

    def _name(self, panel: Picture, pose: Pose, view: View) -> None:
        """The name above the head, where there is more than one to tell apart or one is not seen."""
        if pose.seen and not self._named:
            return
        places_px, depth = view.project(pose.vertices_world)
        if depth.min() <= 0:
            return
        x, y = places_px[places_px[:, 1].argmin()]
        text = pose.person.name if pose.seen else f"{pose.person.name}: not seen"
        size = _text_px(panel)
        write(panel, text, x - 0.25 * size * len(text), max(y - 0.5 * size, size), size, pose.person.colour, shade=True)


class SidePanel:
    """Everybody from the side on the floor, and the footage's cameras where they come into the picture."""

    def __init__(self, people: Sequence[Person], width_px: int, height_px: int, angle_deg: float) -> None:
        joints_world = np.concatenate([person.motion.world_joints().reshape(-1, 3) for person in people])
        R_camera_from_world = people[0].motion.cameras[0].R_camera_from_world
        self._view = side_view(joints_world, R_camera_from_world, angle_deg, width_px, height_px)
        paths_world = [person.motion.root_world for person in people]
        colours, rate = [person.colour for person in people], float(people[0].motion.rate)
        self._stage = floor_picture(self._view, paths_world, colours, rate)
        size = _text_px(self._stage)
        text = f"{square_side_m(paths_world):g} m squares"
        write(self._stage, text, 0.8 * size, height_px - 0.8 * size, size, _GREY)

    def draw(self, panel: Picture, present: Sequence[Pose]) -> None:
        """Fill `panel` with the stage and everybody present on it."""
        panel[:] = self._stage
        if not present:
            return
        cast_shadows(panel, self._view, [(pose.vertices_world, pose.person.parts) for pose in present])
        person = present[0].person
        for number in range(len(person.motion.cameras)):
            _draw_camera(panel, self._view, person.view(present[0].frame, number))
        _paint_everybody(panel, present, self._view, 1.0)


def _paint_everybody(panel: Picture, present: Sequence[Pose], view: View, opacity: float) -> None:
    """Those who are seen over those who are not, who shine through more."""
    for seen, share in ((False, _GHOST * opacity), (True, opacity)):
        group = [pose for pose in present if pose.seen == seen]
        if group:
            paint(panel, [_figure(pose, share) for pose in group], view)


def _figure(pose: Pose, opacity: float) -> Figure:
    person = pose.person
    return Figure(pose.vertices_world, person.body.model.faces, pose.normals_world, person.colour, opacity)


def _draw_camera(panel: Picture, view: View, camera: View) -> None:
    """The footage's camera as a pyramid of lines."""
    corners_px = np.array([(0, 0), (camera.width_px, 0), (camera.width_px, camera.height_px), (0, camera.height_px)])
    rays = np.column_stack([corners_px, np.ones(4)]) @ np.linalg.inv(camera.K).T
    corners_world = (_FRUSTUM_M * rays - camera.t_view_from_world) @ camera.R_view_from_world
    points = np.vstack([camera.centre_world, corners_world])
    starts, ends = (points[list(side)] for side in zip(*_FRUSTUM_LINES, strict=True))
    draw_segments(panel, view, starts, ends, np.tile(_GREY, (len(starts), 1)))


def _text_px(picture: Picture) -> int:
    return max(11, round(_TEXT * min(picture.shape[:2])))
