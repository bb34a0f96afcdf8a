"""The points of a body on the SMPL-X skeleton that may rest on something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..body import Body
from ..figure import Figure
from ..limb_ik import LIMBS
from ..skeleton import JOINT, PARENTS

_AROUND = 0.03     # of the body's height: how far from the line vertices may lie that tell where the surface is


@dataclass(frozen=True)
class _Surface:
    """A point where the skin is, seen from one joint in one direction."""

    start: str                               # the joint from which one looks
    direction: tuple[float, float, float]    # in the rest frame: left, up, front
    rides_on: str
    skin_of: tuple[str, ...]                 # joints that move the skin there


def _surfaces() -> dict[str, _Surface]:
    """By name. One sits on what lies behind and under the hip joints, kneels on what is in front of the knees."""
    surfaces = {}
    for side in ("left", "right"):
        hip, knee, elbow, shoulder = (f"{side}_{part}" for part in ("hip", "knee", "elbow", "shoulder"))
        surfaces[f"seat_{side}"] = _Surface(hip, (0.0, -0.5, -0.87), "pelvis", ("pelvis", hip, "spine1"))
        surfaces[knee] = _Surface(knee, (0.0, -0.2, 0.98), knee, (knee, hip))
        surfaces[elbow] = _Surface(elbow, (0.0, 0.0, -1.0), elbow, (elbow, shoulder))
    surfaces["back"] = _Surface("spine3", (0.0, 0.0, -1.0), "spine3",
                                ("spine2", "spine3", "left_collar", "right_collar"))  # fmt: skip
    return surfaces


_ORDER = (*(f"{side}_{part}" for side in ("left", "right") for part in ("heel", "ball", "toe", "palm")),
          "seat_left", "seat_right", "left_knee", "right_knee", "left_elbow", "right_elbow", "back")  # fmt: skip


def figure_of(body: Body) -> Figure:
    """The figure of a body, ours or SMPL-X: soles, palms between the outer knuckles, elsewhere where the skin is."""
    points = _marked(body) | {name: (JOINT[s.rides_on], _on_skin(body, s)) for name, s in _surfaces().items()}
    return Figure(
        parents=PARENTS, rest_joints=body.skeleton.rest_joints, limbs=LIMBS,
        toe_joints={f"{side}_leg": JOINT[f"{side}_foot"] for side in ("left", "right")},
        point_names=_ORDER, point_joints=np.array([points[name][0] for name in _ORDER]),
        points_rest=np.array([points[name][1] for name in _ORDER]),
    )  # fmt: skip


def _marked(body: Body) -> dict[str, tuple[int, Array]]:
    """Soles and palms, of which the body itself has points: joint and place [3] m by name."""
    def middle(names: Sequence[str]) -> tuple[int, Array]:
        chosen = [body.model.point_names.index(name) for name in names]
        return int(body.model.point_joints[chosen[0]]), body.points[chosen].mean(axis=0)

    soles = {f"{side}_{part}": middle([f"{side}_{part}_sole"])
             for side in ("left", "right") for part in ("heel", "ball", "toe")}  # fmt: skip
    return soles | {f"{side}_palm": middle([f"{side}_index", f"{side}_pinky"]) for side in ("left", "right")}


def _on_skin(body: Body, surface: _Surface) -> Array:
    """The place [3] m where the line from the joint leaves the skin; the joint itself where there is no skin."""
    start = body.skeleton.rest_joints[JOINT[surface.start]]
    way = np.array(surface.direction) / np.linalg.norm(surface.direction)
    main = np.take_along_axis(body.model.weight_joints, body.model.weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    skin = body.vertices[np.isin(main, [JOINT[name] for name in surface.skin_of])] - start
    along = skin @ way
    beside = np.linalg.norm(skin - along[:, None] * way, axis=1)
    near = along[(beside < _AROUND * body.height) & (along > 0.0)]
    return start + near.max(initial=0.0) * way
