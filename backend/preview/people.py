"""The people of a preview: their light bodies, colours and names, and where their surface is in each frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from backend.body.skinning import posed_vertices
from backend.device import Tell, in_batches
from backend.preview.closed_mesh import closed
from backend.preview.floor import body_parts
from backend.preview.shading import face_smoothing, smooth_normals
from backend.preview.view import View
from motion.arrays import Array, Indices
from motion.body import Body
from motion.motion import Motion
from motion.shots import shots_of

COLOURS: tuple[tuple[int, int, int], ...] = (
    (242, 148, 62), (86, 148, 214), (118, 178, 92), (206, 110, 160), (226, 192, 74), (126, 116, 200), (92, 184, 178),
)  # fmt: skip
_FRAMES_AT_ONCE = 32


@dataclass(frozen=True, eq=False)
class Person:
    """What stays the same about one person over the film."""

    name: str
    colour: tuple[int, int, int]
    motion: Motion
    body: Body              # the light version
    parts: list[Indices]    # see floor.body_parts
    smoothing: csr_array    # see shading.face_smoothing
    first_frame: int        # of the film that the motion starts in
    shot: int               # people of one shot stand in one world

    def view(self, frame: int, number: int = 0) -> View:
        """One of the footage's cameras in a frame of the motion."""
        camera = self.motion.cameras[number]
        return View(camera.K[frame], camera.R_camera_from_world[frame], camera.t_camera_from_world[frame],
                    camera.width_px, camera.height_px)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Pose:
    """One person in one frame."""

    person: Person
    frame: int                               # of the motion
    vertices_world: npt.NDArray[np.float32]  # [V, 3] m
    normals_world: npt.NDArray               # [F, 3] smooth, of the faces

    @property
    def seen(self) -> bool:
        return bool(self.person.motion.seen[self.frame])


def people_of(motions: Sequence[Motion], bodies: Sequence[Body]) -> list[Person]:
    """One for each motion and its body, which may be a full or a light one."""
    start_s = min(motion.start_s for motion in motions)
    return [
        _person(motion, body, number, shot, start_s)
        for number, (motion, body, shot) in enumerate(zip(motions, bodies, shots_of(motions), strict=True))
    ]


def _person(motion: Motion, body: Body, number: int, shot: int, start_s: float) -> Person:
    light = light_body(body.fitted_to(motion.skeleton))
    return Person(
        name=motion.actor or f"Person {number + 1}", colour=COLOURS[number % len(COLOURS)], motion=motion, body=light,
        parts=body_parts(light), smoothing=face_smoothing(light.model.faces, len(light.vertices)),
        first_frame=round((motion.start_s - start_s) * float(motion.rate)), shot=shot,
    )  # fmt: skip


def light_body(body: Body) -> Body:
    """The same person with the preview's few triangles, and without holes."""
    light = body.model.light()
    light = replace(light, faces=closed(light.faces))
    return replace(body, model=light, vertices=body.vertices[body.model.preview_vertices])


def film_times_s(people: Sequence[Person]) -> tuple[Fraction, Array]:
    """The rate and the times [N] in the take of a film over everybody's motion."""
    rate = people[0].motion.rate
    start_s = min(person.motion.start_s for person in people)
    frames = max(person.first_frame + person.motion.frame_count for person in people)
    return rate, start_s + np.arange(frames) / float(rate)


def camera_times_s(people: Sequence[Person], number: int, times_s: Array) -> Array:
    """What the clock of one of the cameras shows at times [N] of the take."""
    return times_s + people[0].motion.cameras[number].time_offset_s


def poses(people: Sequence[Person], frames: int, device: str, tell: Tell) -> Iterator[list[Pose]]:
    """For each frame of the film, everybody whose motion covers it; skinned some frames at a time on `device`.

    `tell` hears when the device is too small for that.
    """
    for start in range(0, frames, _FRAMES_AT_ONCE):
        stop = min(start + _FRAMES_AT_ONCE, frames)
        tables = [_poses_of(person, start, stop, device, tell) for person in people]
        for frame in range(start, stop):
            yield [table[frame] for table in tables if frame in table]


def _poses_of(person: Person, start: int, stop: int, device: str, tell: Tell) -> dict[int, Pose]:
    """The poses of one person by frame of the film, for those of start to stop that the motion covers."""
    motion = person.motion
    first = max(start - person.first_frame, 0)
    last = min(stop - person.first_frame, motion.frame_count)
    if first >= last:
        return {}
    def skinned(part: range, on: str) -> npt.NDArray[np.float32]:
        rows = slice(part.start, part.stop)
        return posed_vertices(person.body, motion.R_parent_from_joint[rows], motion.root_world[rows], on)

    vertices_world = np.concatenate(list(in_batches(skinned, range(first, last), device, last - first, tell)))
    return {
        frame + person.first_frame: Pose(person, frame, vertices, _normals(person, vertices))
        for frame, vertices in zip(range(first, last), vertices_world, strict=True)
    }


def _normals(person: Person, vertices_world: npt.NDArray[np.float32]) -> npt.NDArray:
    return smooth_normals(vertices_world, person.body.model.faces, person.smoothing)
