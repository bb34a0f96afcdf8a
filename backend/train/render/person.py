"""The dressed body on the device: its full mesh in every frame, lit, and the colour of any place on it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backend.train.render.appearance import Appearance
from backend.train.render.rasteriser import Hits
from backend.train.render.scene import Light


@dataclass(frozen=True, eq=False)
class Person:
    """An Appearance as tensors; vertices run first and frames last."""

    faces: Tensor            # [F, 3]
    two_sided: Tensor        # [F] bool
    faces_of_vertex: Tensor  # [V + E, F] sparse, 1 where the vertex is a corner of the face
    away_m: Tensor           # [V]
    mixture: Tensor          # [E, U]
    sources: Tensor          # [U]
    texels: Tensor           # [C, 3]
    first_texel: Tensor      # [F]
    sides: Tensor            # [F]
    about: Tensor            # [F, 33] bool

    def mesh(self, vertices_m: Tensor) -> tuple[Tensor, Tensor]:
        """All vertices [V + E, 3, T] of body vertices [V, 3, T], clothes lifted, and their unit normals."""
        frames = vertices_m.shape[-1]
        hung = self.mixture @ vertices_m[self.sources].flatten(1)
        vertices = torch.cat([vertices_m, hung.view(-1, 3, frames)])
        corner, second, third = (vertices.index_select(0, self.faces[:, each]) for each in range(3))
        across = torch.linalg.cross(second - corner, third - corner, dim=1)
        normals = (self.faces_of_vertex @ across.flatten(1)).view(-1, 3, frames)
        normals = normals * normals.square().sum(dim=1, keepdim=True).clamp(min=1e-24).rsqrt()
        vertices[: len(self.away_m)] += self.away_m[:, None, None] * normals[: len(self.away_m)]
        return vertices, normals

    def colours(self, hits: Hits, brightness: Tensor) -> Tensor:
        """sRGB [N, 3] of the pixels in `hits` under the vertices' brightness [V + E, frames]."""
        side = self.sides[hits.face]
        cells = (hits.corners[:, 1:] * side[:, None]).long().clamp(min=0).minimum(side[:, None] - 1)
        texel = self.first_texel[hits.face] + cells[:, 0] * side + cells[:, 1]
        at = self.faces[hits.face] * brightness.shape[1] + hits.frame[:, None]
        light = (brightness.flatten()[at] * hits.corners).sum(dim=1, keepdim=True)
        return self.texels.index_select(0, texel) * light


def person_on(appearance: Appearance, device: torch.device) -> Person:
    """The appearance on `device`."""
    a = appearance
    vertex_count = len(a.away_m) + len(a.mixture)
    corners = a.faces.T.reshape(-1)
    order = np.argsort(corners, kind="stable")
    face = np.tile(np.arange(len(a.faces)), 3)[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(corners, minlength=vertex_count))])
    ones = torch.ones(len(face))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse CSR")    # torch calls them a beta feature
        sparse = torch.sparse_csr_tensor(torch.from_numpy(starts), torch.from_numpy(face), ones,
                                         (vertex_count, len(a.faces)), check_invariants=False)  # fmt: skip

    def moved(values: np.ndarray) -> Tensor:
        tensor = torch.from_numpy(np.ascontiguousarray(values))
        return (tensor.float() if tensor.is_floating_point() else tensor).to(device)

    return Person(moved(a.faces), moved(a.two_sided), sparse.to(device), moved(a.away_m), moved(a.mixture),
                  moved(a.sources), moved(a.texels), moved(a.first_texel), moved(a.sides), moved(a.about))  # fmt: skip


def brightness(light: Light, normals: Tensor) -> Tensor:
    """How light vertices with unit normals [V, 3, T] (world) are, [V, T]."""
    towards = torch.tensor(light.towards, dtype=normals.dtype, device=normals.device)
    strengths = torch.tensor(light.strengths, dtype=normals.dtype, device=normals.device)
    lit = torch.einsum("kc,vct->kvt", towards, normals).clamp_(min=0.0)
    return light.ambient + light.sky * normals[:, 2] + (strengths[:, None, None] * lit).sum(dim=0)
