"""The people of a take, read from their motion files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

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


def motion_files(folder: Path) -> list[Path]:
    """The files of a finished capture, one a person. Raises Refusal when there is none."""
    paths = sorted(folder.glob("person_*/motion.npz"))
    if not paths:
        raise Refusal("no-take", f"{folder} holds no captured person.",
                      "Choose a folder with person_00/motion.npz in it, or capture the footage again.")  # fmt: skip
    return paths


def read_people(paths: list[Path], model: BodyModel) -> list[Person]:
    """The people of motion files, called by the actor's name where the file gives one.

    A file without rest joints gets those of `model`, which has the file's own shape when it is an SMPL-X model.
    Raises Refusal for the first file that cannot be read.
    """
    return [_read_person(path, model, f"Person {number}") for number, path in enumerate(paths, start=1)]


def _read_person(path: Path, model: BodyModel, name: str) -> Person:
    motion = read_motion(path, Skeleton(model.joints))
    if model.name == "smplx" and np.allclose(motion.skeleton.offsets, Skeleton(model.joints).offsets):
        motion = _shaped(motion, model)
    return Person(motion.actor or name, motion, path)


def _shaped(motion: Motion, model: BodyModel) -> Motion:
    """The same motion on the skeleton that its betas give; its `trans` stays."""
    skeleton = model.shaped(motion.betas).skeleton
    shift = skeleton.rest_joints[0] - motion.skeleton.rest_joints[0]
    return replace(motion, skeleton=skeleton, root_world=motion.root_world + shift)
