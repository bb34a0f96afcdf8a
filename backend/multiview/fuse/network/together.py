"""Which rows of a batch are views of the same moments, and what is known of where their cameras stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Together:
    """M takes of V standing cameras each; the rows of a batch are take after take, B = M V. OpenCV axes.

    The order of a take's views means nothing. Where no rig is known, what is said of one does not matter.
    """

    R_first_from_camera: Tensor    # [M, V, 3, 3]
    places_first: Tensor           # [M, V, 3] m, of the lenses
    known: Tensor                  # [M] bool, whether the rig of a take is known

    @property
    def views(self) -> int:
        return self.R_first_from_camera.shape[1]

    def by_take(self, rows: Tensor) -> Tensor:
        """Rows [B, ...] as [M, V, ...]."""
        return rows.unflatten(0, self.R_first_from_camera.shape[:2])

    def mirrored(self) -> Together:
        """Every camera's picture mirrored about its principal point."""
        flip = torch.diag(torch.tensor([-1.0, 1.0, 1.0])).to(self.places_first)
        return replace(self, R_first_from_camera=flip @ self.R_first_from_camera @ flip,
                       places_first=self.places_first @ flip)  # fmt: skip

    def turned_over(self, which: Tensor) -> Together:
        """Cameras of views `which` [V] turned by half a turn about their optical axes."""
        half = torch.diag(torch.tensor([-1.0, -1.0, 1.0])).to(self.places_first)
        turned = torch.where(which[:, None, None], self.R_first_from_camera @ half, self.R_first_from_camera)
        return replace(self, R_first_from_camera=turned)

    def repeated(self, takes: int) -> Together:
        """The only take's cameras for so many takes."""
        return Together(self.R_first_from_camera.expand(takes, -1, -1, -1), self.places_first.expand(takes, -1, -1),
                        self.known.expand(takes))  # fmt: skip


def without_rig(takes: int, views: int, device: torch.device | str = "cpu") -> Together:
    """Views of cameras of which nothing is known."""
    eye = torch.eye(3, device=device).expand(takes, views, 3, 3)
    return Together(eye, torch.zeros(takes, views, 3, device=device),
                    torch.zeros(takes, dtype=torch.bool, device=device))  # fmt: skip
