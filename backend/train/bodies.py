"""Bodies of varied shape for training: rest joints, MediaPipe's landmarks and soles, all from the open body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backend.lift.network.mirror import other_sides
from backend.train.chance import Chance
from backend.train.rows import Rows
from motion.body import BodyModel, read_open_body
from motion.landmarks import LANDMARK, LANDMARK_COUNT
from motion.skeleton import BODY_JOINT_COUNT, JOINT_COUNT, JOINT_NAMES, PARENTS

SOLE_POINTS = tuple(f"{side}_{part}_sole" for side in ("left", "right") for part in ("heel", "ball", "toe"))

# Heights: adults of both sexes worldwide (NCD-RisC 2016: 1.71 +- 0.07 and 1.59 +- 0.07 m), a little taller for who is
# filmed; children are rare, and have a child's proportions only as far as the open body's height number knows them.
_ADULT_M, _ADULT_SIGMA_M, _CHILD_SHARE = 1.70, 0.11, 0.08
_LEAST_M, _GREATEST_M, _CHILD_UP_TO_M = 1.2, 2.05, 1.5
_SHAPE_SIGMA = {"gender": 1.2, "weight": 0.7, "muscle": 0.8}   # the others 1; most of what MakeHuman's traits span
_LARGEST_SHAPE = 2.0
_FITTED_PRIOR_M = 0.01   # how far off joints may be before a fitted shape number grows to 1

# Where a detector means a landmark to be, nobody knows to the centimetre: hips and shoulders least.
_DEFINITION_SIGMA_M = (0.005,) * 11 + (0.012,) * 2 + (0.008,) * 10 + (0.014,) * 2 + (0.009,) * 8


@dataclass(frozen=True, eq=False)
class Bodies(Rows):
    """B bodies at rest: T-pose, Y up, facing +Z, left at +X, m."""

    height_m: Tensor         # [B] from sole to crown
    rest_joints: Tensor      # [B, 55, 3]
    landmarks_rest: Tensor   # [B, 33, 3]
    soles_rest: Tensor       # [B, 6, 3] SOLE_POINTS

    @property
    def pelvis_height_m(self) -> Tensor:
        """[B] how high the pelvis joint is above the soles of who stands upright."""
        return self.rest_joints[:, 0, 1] - self.soles_rest[..., 1].amin(-1)

    def mirrored(self) -> Bodies:
        """Left for right."""
        flip = torch.tensor([-1.0, 1.0, 1.0], device=self.rest_joints.device)
        turned = ((self.rest_joints, JOINT_NAMES), (self.landmarks_rest, LANDMARK), (self.soles_rest, SOLE_POINTS))
        return Bodies(self.height_m, *(points[:, other_sides(tuple(names))] * flip for points, names in turned))


class BodyFamily:
    """The open body's joints and points as one linear map from shape numbers, on the training device."""

    def __init__(self, device: torch.device | str = "cpu", model: BodyModel | None = None) -> None:
        model = model or read_open_body()
        points = list(range(LANDMARK_COUNT)) + [model.point_names.index(name) for name in SOLE_POINTS]
        riding = _body_joints(model.point_joints[points])
        self.shape_names = model.shape_names
        self.landmark_joints = _on(device, riding[:LANDMARK_COUNT])   # [33] of the 22 joints
        self.sole_joints = _on(device, riding[LANDMARK_COUNT:])       # [6]
        self._average = _on(device, np.concatenate([model.joints, model.points[points]]))
        self._shapes = _on(device, np.concatenate([model.joint_shapes, model.point_shapes[:, points]], axis=1))
        heights = [model.shaped(unit).height for unit in np.eye(len(model.shape_names))]
        self._height = model.shaped(np.zeros(0)).height
        self._height_shapes = _on(device, np.array(heights) - self._height)
        self._definition_sigma_m = _on(device, np.array(_DEFINITION_SIGMA_M))

    def bodies(self, shape: Tensor, height_m: Tensor) -> Bodies:
        """The bodies of shape numbers [B, S], scaled as a whole to height_m [B]."""
        scale = height_m / (self._height + shape @ self._height_shapes)
        joints_and_points = self._average + torch.einsum("bs,spx->bpx", shape, self._shapes)
        return self._cut(height_m, joints_and_points * scale[:, None, None])

    def drawn(self, count: int, chance: Chance) -> Bodies:
        """People as one meets them, 1.2 to 2.05 m tall, children rarely."""
        return self.bodies(*self.drawn_shapes(count, chance))

    def drawn_shapes(self, count: int, chance: Chance) -> tuple[Tensor, Tensor]:
        """Shape numbers [count, S] of the same people, and their heights [count] m."""
        adult = (_ADULT_M + chance.normal(_ADULT_SIGMA_M, count)).clamp(_CHILD_UP_TO_M - 0.05, _GREATEST_M)
        child = chance.uniform(_LEAST_M, _CHILD_UP_TO_M, count)
        height_m = torch.where(chance.yes(_CHILD_SHARE, count), child, adult)
        sigma = torch.tensor([_SHAPE_SIGMA.get(name, 1.0) for name in self.shape_names], device=height_m.device)
        shape = chance.normal(1.0, count, len(self.shape_names)) * sigma
        # Tall people are built otherwise than short ones, not only larger; yet with exceptions.
        tall = (height_m - self._height) / self._height_shapes[0]
        shape[:, 0] = 0.5 * (shape[:, 0] + tall)
        return shape.clamp(-_LARGEST_SHAPE, _LARGEST_SHAPE), height_m

    def on_skeletons(self, rest_joints: Tensor) -> Bodies:
        """The bodies that fit rest joints [B, 55, 3] best, moved onto them: points keep their place beside joints."""
        shape, scale = self._fitted(rest_joints)
        height_m = scale * (self._height + shape @ self._height_shapes)
        fitted = self.bodies(shape, height_m)
        shift = rest_joints - fitted.rest_joints
        landmarks = fitted.landmarks_rest + shift[:, self.landmark_joints]
        return Bodies(height_m, rest_joints, landmarks, fitted.soles_rest + shift[:, self.sole_joints])

    def redefined(self, bodies: Bodies, chance: Chance, amount: float = 1.0) -> Bodies:
        """The same bodies with every landmark a little elsewhere, as another labeller would have put it."""
        sigma = amount * self._definition_sigma_m[:, None] * bodies.height_m[:, None, None] / _ADULT_M
        moved = bodies.landmarks_rest + sigma * chance.normal(1.0, len(sigma), LANDMARK_COUNT, 3)
        return Bodies(bodies.height_m, bodies.rest_joints, moved, bodies.soles_rest)

    def landmark_offsets(self, bodies: Bodies) -> Tensor:
        """[B, 33, 3] m from the joints on which landmarks ride (landmark_joints)."""
        return bodies.landmarks_rest - bodies.rest_joints[:, self.landmark_joints]

    def _fitted(self, rest_joints: Tensor) -> tuple[Tensor, Tensor]:
        """Shape [B, S] and scale [B] of rest joints: scale * (average + shape @ shapes) is linear in both products."""
        parents = torch.tensor(PARENTS[1:BODY_JOINT_COUNT], device=rest_joints.device)

        def bones(joints: Tensor) -> Tensor:
            return (joints[..., 1:BODY_JOINT_COUNT, :] - joints[..., parents, :]).flatten(-2)

        design = torch.cat([bones(self._average)[None], bones(self._shapes)]).T.double()
        prior = _FITTED_PRIOR_M**2 * torch.eye(design.shape[1], device=design.device, dtype=torch.float64)
        prior[0, 0] = 0.0
        products = torch.linalg.solve(design.T @ design + prior, design.T @ bones(rest_joints).double().T).T.float()
        scale = products[:, 0]
        return (products[:, 1:] / scale[:, None]).clamp(-_LARGEST_SHAPE, _LARGEST_SHAPE), scale

    @staticmethod
    def _cut(height_m: Tensor, joints_and_points: Tensor) -> Bodies:
        joints, landmarks, soles = joints_and_points.split(
            [JOINT_COUNT, LANDMARK_COUNT, len(SOLE_POINTS)], dim=1
        )  # fmt: skip
        return Bodies(height_m, joints, landmarks, soles)


def _body_joints(joints: np.ndarray) -> np.ndarray:
    """The joints of the body that carry given ones of 55: fingers stay as at rest beside the wrist."""
    carried = np.array(joints)
    while (carried >= BODY_JOINT_COUNT).any():
        carried = np.where(carried >= BODY_JOINT_COUNT, np.array(PARENTS)[carried], carried)
    return carried


def _on(device: torch.device | str, array: np.ndarray) -> Tensor:
    tensor = torch.from_numpy(np.ascontiguousarray(array))
    return tensor.to(device, torch.float32 if tensor.is_floating_point() else torch.int64)
