"""The people of a take, read from their motion files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ..motion.body import BodyModel
from ..motion.motion import Motion
from ..motion.motion_file import read_motion
from ..motion.refusal import Refusal
from ..motion.skeleton import Skeleton


@dataclass(frozen=True, eq=False)
class Person:
    """One person of a take."""

    name: str
    motion: Motion
    motion_path: Path | None = None
    number: int = 0     # by which edits of people name this person, 0 where people cannot be edited
    y_up: bool = False  # whether the file had Y up without saying so
    scale: float = 1.0  # by which the motion is larger than the file's, as the user said


def motion_files(folder: Path) -> list[Path]:
    """The files of a finished capture, one a person. Raises Refusal when there is none."""
    paths = sorted(folder.glob("person_*/motion.npz"))
    if not paths:
        raise Refusal("no-take", f"{folder} holds no captured person.",
                      "Choose a folder with person_00/motion.npz in it, or capture the footage again.")  # fmt: skip
    return paths


def read_people(paths: list[Path], model: BodyModel, numbers: Mapping[str, int] = MappingProxyType({})) -> list[Person]:
    """The people of motion files, called by the actor's name where the file gives one.

    `numbers` are those of the people by the names of their folders; without one, a person is called by the place in the
    list. A file without rest joints gets those of `model`, which has the file's own shape when it is an SMPL-X model.
    Raises Refusal for the first file that cannot be read.
    """
    return [_read_person(path, model, numbers.get(path.parent.name, 0), place) for place, path in enumerate(paths, 1)]


def _read_person(path: Path, model: BodyModel, number: int, place: int) -> Person:
    motion = read_motion(path, Skeleton(model.joints))
    if model.name == "smplx" and np.allclose(motion.skeleton.offsets, Skeleton(model.joints).offsets):
        motion = _shaped(motion, model)
    return Person(motion.actor or f"Person {number or place}", motion, path, number)


def _shaped(motion: Motion, model: BodyModel) -> Motion:
    """The same motion on the skeleton that its betas give; its `trans` stays."""
    skeleton = model.shaped(motion.betas).skeleton
    shift = skeleton.rest_joints[0] - motion.skeleton.rest_joints[0]
    raw = _shaped(motion.raw, model) if motion.raw is not None else None
    return replace(motion, skeleton=skeleton, root_world=motion.root_world + shift,
                   hypotheses_root=motion.hypotheses_root + shift, raw=raw)  # fmt: skip
