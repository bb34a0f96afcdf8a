"""Who is in front of the camera: body height, shape and rest joints, found once and kept under a name."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from backend.body.bones import body_of_height, smplx_body
from backend.body.proportions import measured_shape
from backend.track.tracks import Track
from motion.arrays import Array
from motion.body import Body, BodyModel, read_open_body
from motion.file_names import portable_name
from motion.refusal import Refusal
from motion.skeleton import JOINT_COUNT, Skeleton
from motion.smplx_file import SMPLX, fitted_betas, read_smplx
from motion.whole_files import written_whole

LONGEST_NAME_BYTES = 200   # of an actor's file, of 255
LEAST_HEIGHT_M, GREATEST_HEIGHT_M = 0.5, 2.8
AVERAGE_HEIGHT_M = 1.70   # of adults worldwide, both sexes (NCD-RisC 2016: 1.59 and 1.71 m; camera users are taller)


@dataclass(frozen=True)
class BodySettings:
    """What the user knows of the first person. Raises Refusal for a height that nobody has."""

    height_m: float | None = None   # body height in metres; if not given, the actor's or the average
    actor: str = ""                 # name under which this person's measures are kept and used again
    smplx_file: str = ""            # your licensed SMPL-X model in place of the open body

    def __post_init__(self) -> None:
        if self.height_m is not None and not LEAST_HEIGHT_M <= self.height_m <= GREATEST_HEIGHT_M:
            raise Refusal("bad-height", f"A body height of {self.height_m:g} m is not a person's.",
                          "Give it in metres, such as 1.75, or leave it empty.")  # fmt: skip

    @property
    def names_somebody(self) -> bool:
        """Whether the user said anything of how tall the first person is."""
        return self.height_m is not None or bool(self.actor)


@dataclass(frozen=True, eq=False)
class Actor:
    """One person's measures, the same in every take."""

    name: str
    height_m: float
    model: str            # "open" or "smplx"
    shape: Array          # [S] of that model
    rest_joints: Array    # [55, 3] m

    def body(self, model: BodyModel) -> Body:
        """The actor's body; an open body of another kind than the kept one is moved onto the actor's joints."""
        if model.name == SMPLX:
            same = model.shaped(self.shape)
            is_known = self.model == SMPLX and np.allclose(same.skeleton.rest_joints, self.rest_joints, atol=1e-6)
            return same if is_known else smplx_body(model, self.rest_joints, self.height_m)
        shape = self.shape if self.model == model.name else fitted_betas(model, self.rest_joints)
        return body_of_height(model, shape, self.height_m).fitted_to(Skeleton(self.rest_joints))


def body_model(settings: BodySettings) -> BodyModel:
    """The family of bodies to use. Raises Refusal when the SMPL-X file is not one."""
    open_body = read_open_body()
    return read_smplx(Path(settings.smplx_file), open_body) if settings.smplx_file else open_body


@dataclass(frozen=True, eq=False)
class StartingBody:
    """The body with which a lift starts."""

    body: Body
    bones_known: bool   # of an actor who was in another take: the lift keeps them


def bodies_of(tracks: list[Track], K: Array, settings: BodySettings, folder: Path | None) -> list[StartingBody]:
    """A body for every track. What the user knows (height, actor) is of the first person.

    `folder` is where actors are kept; None: none is read. Raises Refusal for a wrong SMPL-X file.
    """
    model = body_model(settings)
    stranger = BodySettings()
    known = [settings] + [stranger] * (len(tracks) - 1)
    return [_body_of(track, K, model, each, folder) for track, each in zip(tracks, known, strict=False)]


def keep_actor(first: Body, settings: BodySettings, folder: Path | None) -> None:
    """Keeps the first person's body, as it was lifted, under the actor's name, unless that actor is known.

    A height that differs from the kept one replaces the kept actor. `folder` as in bodies_of. Raises Refusal when the
    actor cannot be kept.
    """
    path = _actor_path(folder, settings.actor)
    if path and _known_actor(path, settings) is None:
        height_m = settings.height_m or AVERAGE_HEIGHT_M
        _write_actor(path, Actor(settings.actor, height_m, first.model.name, first.shape, first.skeleton.rest_joints))


def _body_of(track: Track, K: Array, model: BodyModel, settings: BodySettings, folder: Path | None) -> StartingBody:
    """The named actor's body when known, else one measured from the track."""
    path = _actor_path(folder, settings.actor)
    if path and (actor := _known_actor(path, settings)):
        return StartingBody(actor.body(model), bones_known=True)
    height_m = settings.height_m or AVERAGE_HEIGHT_M
    body = body_of_height(model, measured_shape(track, K, model, height_m), height_m)
    if model.name == SMPLX:
        body = smplx_body(model, body.skeleton.rest_joints, height_m)
    return StartingBody(body, bones_known=False)


def _known_actor(path: Path, settings: BodySettings) -> Actor | None:
    """The kept actor, if as tall as the user says."""
    actor = _read_actor(path)
    return actor if actor is not None and settings.height_m in (None, actor.height_m) else None


def _actor_path(folder: Path | None, name: str) -> Path | None:
    if folder is None or not name.strip():
        return None
    plain = re.sub(r"[^\w\- ]", "_", unicodedata.normalize("NFC", name.strip()))[:80]
    return folder / f"{portable_name(plain, LONGEST_NAME_BYTES)}.json"


def _read_actor(path: Path) -> Actor | None:
    """The kept actor; None when there is none or the file is damaged, which is then made again."""
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        shape = np.array(value["shape"], dtype=float)
        rest_joints = np.array(value["rest_joints"], dtype=float)
        actor = Actor(str(value["name"]), float(value["height_m"]), str(value["model"]), shape, rest_joints)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    fits = rest_joints.shape == (JOINT_COUNT, 3) and shape.ndim == 1 and np.isfinite(rest_joints).all() and \
        np.isfinite(shape).all()  # fmt: skip
    return actor if fits and LEAST_HEIGHT_M <= actor.height_m <= GREATEST_HEIGHT_M else None


def _write_actor(path: Path, actor: Actor) -> None:
    value = {"name": actor.name, "height_m": actor.height_m, "model": actor.model,
             "shape": actor.shape.tolist(), "rest_joints": actor.rest_joints.tolist()}  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path, "w") as stream:
            json.dump(value, stream, indent=1)
    except (OSError, Refusal) as error:
        if isinstance(error, Refusal) and error.code == "disk-full":
            raise
        raise Refusal("actor-not-kept", f"The measures of {actor.name} could not be kept in {path.parent}.",
                      "Make that folder writable, or leave the actor's name empty.") from error  # fmt: skip
