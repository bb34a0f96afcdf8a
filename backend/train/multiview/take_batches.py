"""What a lifter of several views trains on: the same motion before several standing cameras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from backend.lift.network.inputs import LifterInputs
from backend.multiview.fuse.network.together import Together
from backend.train.batches import Batch, Batches
from backend.train.cameras.cameras import Cameras
from backend.train.chance import Chance
from backend.train.endless import EndlessBatches, mixed_seed
from backend.train.lifter.rolled import SIGMA_RAD, rolled
from backend.train.motions.training_clip import TrainingClip
from backend.train.multiview.found_rigs import RigErrors, found
from backend.train.multiview.lost import Losses, draw_covers, lose
from backend.train.multiview.standing import draw_standing
from backend.train.people import BatchSettings, draw_people
from backend.train.views import DetectorErrors

_LEAST_DEPTH_M = 0.3
_LOSS_SEED = 17


@dataclass(frozen=True)
class TakeSettings:
    """How takes are drawn; the batch size counts rows, of which each is one view of a take."""

    rows: BatchSettings = field(default_factory=lambda: BatchSettings(24, 60))
    views: tuple[float, ...] = (0.0, 0.4, 0.3, 0.18, 0.04, 0.03, 0.02, 0.03)   # how often 1, 2, ... 8 cameras
    rig: RigErrors = field(default_factory=RigErrors)
    losses: Losses = field(default_factory=Losses)


@dataclass(frozen=True, eq=False)
class TakeBatch:
    """Rows of a batch that are views of the same takes, take after take, and what is known of their cameras."""

    batch: Batch
    inputs: LifterInputs        # through the lenses that are known
    together: Together
    only_one: Tensor            # [B, T, 33] bool: landmarks that all views of the take but one have lost


def only_views(count: int) -> tuple[float, ...]:
    """For TakeSettings.views: takes of so many cameras only."""
    return (*(0.0,) * (count - 1), 1.0)


class TakeBatches(EndlessBatches[TakeBatch]):
    """Batches of takes."""

    def __init__(
        self, clips: Sequence[TrainingClip], errors: DetectorErrors | None, settings: TakeSettings | None = None,
        device: torch.device | str = "cpu", seed: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(seed)
        self.settings = settings or TakeSettings()
        self._rows = _Rows(clips, errors, self.settings.rows, device, seed)

    @torch.no_grad()
    def batch(self, number: int) -> TakeBatch:
        views = 1 + int(Chance.seeded(mixed_seed(self.seed, number) ^ 1).one_of(self.settings.views, 1))
        chance = Chance.seeded(mixed_seed(self.seed + _LOSS_SEED, number), self._rows.device)
        covers = draw_covers(self._rows.count(views), views, self.settings.rows.frames, self.settings.losses, chance)
        batch = self._rows.takes(number, views, covers.behind)
        batch = rolled(batch, chance.normal(SIGMA_RAD, len(batch.clip)))
        px_per_m = batch.views.K[:, :1, 0] / batch.root_camera[..., 2].clamp(min=_LEAST_DEPTH_M)
        said = lose(batch.detections, px_per_m, views, covers.beside, self.settings.losses, chance)
        together, K = found(batch.cameras, _about_world(batch), views, self.settings.rig, chance)
        batch = replace(batch, detections=said)
        inputs = LifterInputs(said.landmarks_px, said.scores, said.landmarks_camera, said.seen, K,
                              batch.R_camera_from_previous)  # fmt: skip
        return TakeBatch(batch, inputs, together, covers.only_one)


class _Rows(Batches):
    def count(self, views: int) -> int:
        """Of takes that fit."""
        return max(1, self.settings.batch_size // views)

    def takes(self, number: int, views: int, covered: Tensor) -> Batch:
        """As many takes as fit, `views` rows each; covered [B, T, 33] are landmarks behind something."""
        chance = Chance.seeded(mixed_seed(self.seed, number), self.device)
        wanted = replace(self.settings, batch_size=self.count(views))
        people = draw_people(self._motions, self._family, wanted, chance).repeated(views)

        def standing(joints_world: Tensor, height_m: Tensor, rate_hz: float, chance: Chance) -> Cameras:
            return draw_standing(joints_world, height_m, views, chance)

        return self._before(people, standing, number, chance, covered)


def _about_world(batch: Batch) -> Tensor:
    """Where the root of each row is in the mean, [B, 3] m of the world."""
    R, t = batch.cameras.R_camera_from_world, batch.cameras.t_camera_from_world
    return (R.mT @ (batch.root_camera - t)[..., None])[..., 0].mean(1)
