"""A model of the detector's errors, learned from what the detector itself said of rendered people.

A small network tells, for a pose before the camera, the mean and the width of every landmark's error in the crop's
frame, of its score, and how likely sides are exchanged or the person is lost. What it cannot tell is drawn from the
bank: standardised residuals of a real stretch, played forwards and backwards, so that they keep their tails and how
they hang together over time, between landmarks and between picture and metres. A stretch is drawn among those that
were seen most alike, so that gross errors stay where they belong, and each error becomes the real one of its rank.
`fit_learned.py` fits all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from backend.detect.pose_network import MIRRORED
from backend.small_archives import save_small
from backend.train.chance import Chance
from backend.train.errors.context import (
    CIRCUMSTANCE_COUNT,
    CONTEXT_COUNT,
    OWN_COUNT,
    circumstances,
    context,
    kind_of,
    of_each,
)  # fmt: skip
from backend.train.errors.crop_frame import CropFrame, crop_frame
from backend.train.errors.exchanges import KINDS, exchanged
from backend.train.errors.runs import runs
from backend.train.views import SimulatedDetections, Views
from motion.landmarks import LANDMARK_COUNT
from motion.whole_files import written_whole

ERROR_MODEL = Path(__file__).resolve().parents[3] / "assets" / "detector_errors.npz"
# Of each landmark: x, y in the picture; x, y, z in metres; the score's logit.
VALUES = 6
SCORE = 5
HIDDEN_UNITS = 128
MOST_LOGIT = 7.0
MOST_ERROR_M = 0.9      # half of what the network sees of a body
WIDTH_FRAMES = 9        # over which widths are averaged, so that a single frame is no reason for a jump
ALIKE = 6               # stretches of which one is drawn
BANK_RATE_HZ = 30.0
WIDTH_WEIGHT = 1.0      # of log widths when it is asked what is alike
MIRROR = torch.tensor([-1.0, 1.0, -1.0, 1.0, 1.0, 1.0])
LOG_WIDTHS = (-6.0, 2.0)    # of metres, and of a score's logit


class ErrorNetwork(nn.Module):
    """Context [..., CONTEXT_COUNT] to what can be told of the errors."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(CONTEXT_COUNT, HIDDEN_UNITS), nn.SiLU(), nn.Dropout(dropout),
            nn.Linear(HIDDEN_UNITS, HIDDEN_UNITS), nn.SiLU(), nn.Dropout(dropout),
        )  # fmt: skip
        self.means = nn.Linear(HIDDEN_UNITS, LANDMARK_COUNT * VALUES)
        # From how well the body is seen alone: widths that follow the pose are wide where few poses were seen, and
        # wide times a residual that is large for the same reason is far too much. A landmark's five errors grow
        # together, since they belong together; its score goes its own way.
        self.widths = nn.Linear(CIRCUMSTANCE_COUNT, 2 * LANDMARK_COUNT)
        self.usual_log_width = nn.Parameter(torch.zeros(LANDMARK_COUNT, VALUES))
        self.events = nn.Linear(HIDDEN_UNITS, len(KINDS) + 1)
        # What a landmark's own place and circumstances tell (least squares), such as how far depths are flattened; how
        # far beyond that the layers' word goes, and how much of it holds for clips that they were not fitted to.
        self.register_buffer("own", torch.zeros(LANDMARK_COUNT, OWN_COUNT, VALUES))
        self.register_buffer("farthest", torch.full((LANDMARK_COUNT, VALUES), torch.inf))
        self.register_buffer("trust", torch.ones(LANDMARK_COUNT, VALUES))

    def forward(self, numbers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Means and widths [..., 33, VALUES] and logits [..., 4] of KINDS and of being lost."""
        mean, events = self._told(numbers)
        return mean, self._width(circumstances(numbers)), events

    def over_time(self, numbers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The same for clips [B, T, CONTEXT_COUNT], the logarithms of widths averaged over time."""
        mean, events = self._told(numbers)
        reach = WIDTH_FRAMES // 2
        seen = functional.pad(circumstances(numbers).mT, (reach, reach), mode="replicate")
        return mean, self._width(functional.avg_pool1d(seen, WIDTH_FRAMES, 1).mT), events

    def _told(self, numbers: Tensor) -> tuple[Tensor, Tensor]:
        inside = self.layers(numbers)
        told = self.means(inside).unflatten(-1, (LANDMARK_COUNT, VALUES)).clamp(-self.farthest, self.farthest)
        return self.own_part(numbers) + self.trust * told, self.events(inside)

    def _width(self, seen: Tensor) -> Tensor:
        of_errors, of_score = self.widths(seen)[..., None].split(LANDMARK_COUNT, -2)
        growth = torch.cat([of_errors.expand(*of_errors.shape[:-1], SCORE), of_score], -1)
        return (self.usual_log_width + growth).clamp(*LOG_WIDTHS).exp()

    def own_part(self, numbers: Tensor) -> Tensor:
        """[..., 33, VALUES]."""
        return torch.einsum("...lo,lov->...lv", of_each(numbers), self.own)


@dataclass(frozen=True, eq=False)
class Residuals:
    """Stretches of standardised errors, one after the other."""

    values: Tensor      # [N, 33, VALUES] int8, see unpacked()
    starts: Tensor      # [S] of each stretch
    lengths: Tensor     # [S]
    kinds: Tensor       # [S, 10] by which clips are alike, as of LearnedErrors.kinds

    MOST = 36.0

    @classmethod
    def packed(cls, residuals: Tensor) -> Tensor:
        """Roots of the residuals in 127 steps: fine near zero, where most are, and far enough for the tails."""
        return (residuals.sign() * (residuals.abs().clamp(max=cls.MOST) / cls.MOST).sqrt() * 127).round().to(torch.int8)

    def unpacked(self, places: Tensor) -> Tensor:
        """[..., 33, VALUES] at places [...]."""
        roots = self.values[places].float() / 127
        return roots.sign() * roots.square() * self.MOST


@dataclass(frozen=True, eq=False)
class Marginals:
    """How often which unexplained error occurs, of each landmark and value, in the bank and when drawn."""

    drawn: Tensor       # [33 * VALUES, Q] rising
    real: Tensor        # [33 * VALUES, Q] rising

    QUANTILES = (0, 1e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995,
                 0.999, 1)  # fmt: skip

    def corrected(self, drawn: Tensor) -> Tensor:
        """Drawn errors [B, T, 33, VALUES] as often as they occur: each goes to the real one of its rank."""
        values = drawn.flatten(0, 1).flatten(1).T.contiguous()
        after = torch.searchsorted(self.drawn, values).clamp(1, self.drawn.shape[1] - 1)
        low, high = (self.drawn.gather(1, after - step) for step in (1, 0))
        share = ((values - low) / (high - low).clamp(min=1e-9)).clamp(0, 1)
        found = torch.lerp(self.real.gather(1, after - 1), self.real.gather(1, after), share)
        return found.T.reshape(drawn.shape)


class LearnedErrors:
    """DetectorErrors from the bank. `wider` adds constant offsets per clip, in widths of those of the bank."""

    def __init__(self, network: ErrorNetwork, residuals: Residuals, marginals: Marginals, run_s: Tensor,
                 offset_widths: Tensor, wider: float = 0.5) -> None:  # fmt: skip
        """run_s [4] mean length of exchanges and gaps; offset_widths [33, VALUES] of what stays over a clip."""
        self.network, self.residuals, self.marginals = network.eval(), residuals, marginals
        self.run_s, self.offset_widths, self.wider = run_s, offset_widths, wider

    @torch.no_grad()
    def detections(self, views: Views, chance: Chance) -> SimulatedDetections:
        frame = crop_frame(views)
        numbers = context(views, frame)
        mean, width, event_logits = self.network.over_time(numbers)
        drawn = self.marginals.corrected(width * self.residuals_for(views, self.kinds(numbers, width), chance))
        offsets = chance.normal(1.0, len(mean), 1, LANDMARK_COUNT, VALUES)
        errors = mean + drawn + self.wider * self.offset_widths * offsets * width
        errors = torch.cat([errors[..., :SCORE].clamp(-MOST_ERROR_M, MOST_ERROR_M),
                            errors[..., SCORE:].clamp(-MOST_LOGIT, MOST_LOGIT)], -1)  # fmt: skip
        happens = runs(event_logits.sigmoid(), self.run_s.to(mean) * views.rate_hz[:, None], chance)
        return assembled(views, frame, errors, happens[..., : len(KINDS)], ~happens[..., -1])

    @staticmethod
    def kinds(numbers: Tensor, width: Tensor) -> Tensor:
        """By which clips are alike [B, 10]: what there is to see, and how wide errors are."""
        log_width = width.log().mean((1, 2))
        return torch.cat([kind_of(numbers), WIDTH_WEIGHT * log_width[:, [0, SCORE]]], -1)

    def residuals_for(self, views: Views, kinds: Tensor, chance: Chance) -> Tensor:
        """Standardised errors [B, T, 33, VALUES], of one stretch of the bank for each clip; kinds as of kinds()."""
        batch, frames = views.hidden.shape[:2]
        device = views.hidden.device
        count = min(ALIKE, len(self.residuals.starts))
        alike = torch.cdist(kinds, self.residuals.kinds.to(device)).topk(count, largest=False).indices
        chosen = alike[torch.arange(batch, device=device), chance.below(count, batch)]
        begin, mirrored = chance.uniform(0.0, 1.0, batch), chance.yes(0.5, batch)
        length = self.residuals.lengths[chosen][:, None]
        steps = (begin[:, None] * 2 * length).floor() + _steps(frames, views.rate_hz)
        start = self.residuals.starts[chosen][:, None]
        values = self.residuals.unpacked(start + _to_and_fro(steps.floor(), length))
        if (part := steps.frac()).any():    # at other rates than the bank's
            after = self.residuals.unpacked(start + _to_and_fro(steps.floor() + 1, length))
            values = torch.lerp(values, after, part[..., None, None])
        other_side = values[..., MIRRORED.tolist(), :] * MIRROR.to(device)
        return torch.where(mirrored[:, None, None, None], other_side, values)

    def to(self, device: str) -> LearnedErrors:
        """The same on another device of torch."""
        parts = [type(part)(*(getattr(part, field.name).to(device) for field in fields(part)))
                 for part in (self.residuals, self.marginals)]  # fmt: skip
        return LearnedErrors(self.network.to(device), *parts, self.run_s.to(device), self.offset_widths.to(device),
                             self.wider)  # fmt: skip


def _steps(frames: int, rate_hz: Tensor) -> Tensor:
    """Pictures of the bank [B, T] that go by until each frame."""
    return torch.arange(frames, device=rate_hz.device) * (BANK_RATE_HZ / rate_hz[:, None])


def _to_and_fro(steps: Tensor, length: Tensor) -> Tensor:
    """Places 0..length-1 of a stretch that is played to its end and back, for ever."""
    there = steps.remainder((2 * length).float()).long()
    return torch.where(there < length, there, 2 * length - 1 - there).clamp(min=0)


def assembled(views: Views, frame: CropFrame, errors: Tensor, exchanges: Tensor, seen: Tensor) -> SimulatedDetections:
    """What is said when the true landmarks have these errors.

    errors [B, T, 33, VALUES] in the crop's frame, the score's logit itself; exchanges [B, T, 3] of KINDS; seen [B, T].
    """
    errors = exchanged(errors, exchanges)
    pose = exchanged(frame.pose, exchanges)
    true_px = exchanged(views.landmarks_px, exchanges)
    said_px = true_px + frame.off_px(errors[..., :2])
    said_camera = frame.from_crop(pose + errors[..., 2:5])
    said_camera = said_camera - said_camera[..., 23:25, :].mean(-2, keepdim=True)
    there = seen[..., None, None]
    return SimulatedDetections(
        said_px * there, errors[..., SCORE].sigmoid() * seen[..., None], said_camera * there, seen
    )


def read_learned(path: Path = ERROR_MODEL, wider: float = 0.5) -> LearnedErrors:
    """The model that ships with Mambocap."""
    with np.load(path, allow_pickle=False) as archive:
        tensors = {name: torch.from_numpy(archive[name]) for name in archive.files}
    network = ErrorNetwork()
    network.load_state_dict({name: tensors[f"network.{name}"].float() for name in network.state_dict()})
    residuals = Residuals(tensors["residuals"], tensors["starts"], tensors["lengths"], tensors["kinds"].float())
    marginals = Marginals(tensors["drawn"].float(), tensors["real"].float())
    return LearnedErrors(network, residuals, marginals, tensors["run_s"], tensors["offset_widths"], wider)


def write_learned(path: Path, model: LearnedErrors) -> None:
    """Half precision: some 2 MB."""
    network = {f"network.{name}": value.half().numpy() for name, value in model.network.state_dict().items()}
    stretches = model.residuals
    with written_whole(path) as stream:
        save_small(stream, network | {
            "residuals": stretches.values.numpy(), "starts": stretches.starts.numpy(),
            "lengths": stretches.lengths.numpy(), "kinds": stretches.kinds.half().numpy(),
            "run_s": model.run_s.numpy(), "offset_widths": model.offset_widths.numpy(),
            "drawn": model.marginals.drawn.numpy(), "real": model.marginals.real.numpy()})  # fmt: skip
