"""Rigs as self-calibration finds them: consistent at the person, whose picture it fits, and wrong about all else."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from backend.multiview.fuse.network.together import Together
from backend.train.cameras.cameras import Cameras
from backend.train.chance import Chance
from backend.train.hypotheses.turned_joints import matrix_from_vector


@dataclass(frozen=True)
class RigErrors:
    """Of each camera unless said."""

    unknown_share: float = 0.25       # of takes, of which no rig is found
    exact_share: float = 0.2          # of the others: they are calibrated
    turn_deg: float = 1.5             # about the person, each axis
    own_turn_deg: float = 0.3         # about itself, each axis
    distance: float = 0.02            # to the person, of the distance
    scale: float = 0.03               # of the whole rig
    exact_lens_share: float = 0.35
    lens: float = 0.06                # of the focal length, whose error goes into the distance


def found(cameras: Cameras, person_world: Tensor, views: int, errors: RigErrors, chance: Chance
          ) -> tuple[Together, Tensor]:  # fmt: skip
    """What is known of standing cameras that look at people about person_world [B, 3] m, and the lenses K [B, 3, 3]."""
    takes = len(person_world) // views
    wrong = ~chance.yes(errors.exact_share, takes)[:, None].expand(takes, views)
    lens = (chance.normal(errors.lens, takes, views) * wrong * ~chance.yes(errors.exact_lens_share, takes, views)).exp()
    off = chance.normal(errors.distance, takes, views) + chance.normal(errors.scale, takes, 1)
    nearer = lens * (off * wrong).exp()
    about_person, about_itself = (
        matrix_from_vector(math.radians(sigma) * wrong[..., None] * chance.normal(1.0, takes, views, 3))
        for sigma in (errors.turn_deg, errors.own_turn_deg))  # fmt: skip
    R = cameras.R_camera_from_world[:, 0].unflatten(0, (takes, views))
    place = (cameras.places_world[:, 0] - person_world).unflatten(0, (takes, views))
    place = nearer[..., None] * (about_person @ place[..., None])[..., 0]
    together = rig_of(about_itself @ R @ about_person.mT, place, ~chance.yes(errors.unknown_share, takes))
    K = cameras.K.clone()
    K[:, 0, 0] *= lens.flatten()
    K[:, 1, 1] *= lens.flatten()
    return together, K


def rig_of(R_camera_from_world: Tensor, places_world: Tensor, known: Tensor) -> Together:
    """In the frame of each take's first camera, of [M, V, 3, 3], [M, V, 3] m and [M] bool."""
    R_first = R_camera_from_world[:, :1]
    away = places_world - places_world[:, :1]
    return Together(R_first @ R_camera_from_world.mT, (R_first @ away[..., None])[..., 0], known)
