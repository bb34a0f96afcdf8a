"""Fits the model of the detector's errors to the bank."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from backend.detect.pose_network import MIRRORED
from backend.train.bank.bank_clip import BankClip
from backend.train.errors.context import context
from backend.train.errors.crop_frame import crop_frame
from backend.train.errors.from_bank import Said, mirrored, said_of
from backend.train.errors.learned import MIRROR, ErrorNetwork, LearnedErrors, Residuals

FOLDS = 3               # residuals are those of clips that a network was not fitted to
STEPS, BATCH = 1500, 512
RATE, DECAY, DROPOUT = 2e-3, 0.05, 0.2
TAILS = 4.0             # degrees of freedom of Student's distribution: most errors are small, some are large
EVENT_WEIGHT = 0.3
LEAST_RESIDUAL_FRAMES = 20
MOST_RESIDUAL_FRAMES = 14_000   # 2.8 MB
LEAST_RUN_S = 1 / 30


def fit_learned(clips: Sequence[BankClip], seed: int = 0) -> LearnedErrors:
    """The model of these clips, all at one rate of 30 Hz."""
    said = [said_of(clip) for clip in clips]
    generator = torch.Generator().manual_seed(seed)
    residuals: list[Tensor] = []
    for fold in range(FOLDS):
        network = _fitted([each for number, each in enumerate(said) if number % FOLDS != fold], generator)
        residuals += [piece for each in said[fold::FOLDS] for piece in _residuals(network, each)]
    kept = _thinned(residuals, generator)
    return LearnedErrors(
        _fitted(said, generator), _packed(kept), _run_lengths_s(said),
        torch.stack([piece.mean(0) for piece in residuals]).std(0),
    )  # fmt: skip


def _fitted(said: Sequence[Said], generator: torch.Generator) -> ErrorNetwork:
    torch.manual_seed(int(torch.randint(2**31, (1,), generator=generator)))
    network = ErrorNetwork(DROPOUT)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS)
    numbers, errors, events = _examples(said)
    for _ in range(STEPS):
        chosen = torch.randint(len(numbers), (BATCH,), generator=generator)
        loss = _loss(network, numbers[chosen], errors[chosen], events[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval()


def _examples(said: Sequence[Said]) -> tuple[Tensor, Tensor, Tensor]:
    """Contexts, errors and events of all frames and of their mirror images."""
    contexts, errors, events = [], [], []
    for each in said:
        lost = ~each.detections.seen[0]
        happened = torch.cat([each.exchanges & ~lost[:, None], lost[:, None]], -1).float()
        other = mirrored(each.views)
        contexts += [context(each.views, each.frame)[0], context(other, crop_frame(other))[0]]
        errors += [each.errors, each.errors[:, MIRRORED.tolist()] * MIRROR]
        events += [happened, happened]
    return torch.cat(contexts), torch.cat(errors), torch.cat(events)


def _loss(network: ErrorNetwork, numbers: Tensor, errors: Tensor, events: Tensor) -> Tensor:
    mean, width, logits = network(numbers)
    seen = 1 - events[:, -1]
    squared = ((errors - mean) / width).square()
    surprise = 0.5 * (TAILS + 1) * torch.log1p(squared / TAILS) + width.log()
    return ((surprise.mean((-1, -2)) * seen).sum() / seen.sum().clamp(min=1)
            + EVENT_WEIGHT * functional.binary_cross_entropy_with_logits(logits, events))  # fmt: skip


@torch.no_grad()
def _residuals(network: ErrorNetwork, said: Said) -> list[Tensor]:
    """Standardised errors [T, 33, VALUES] of each stretch without a gap."""
    mean, width, _ = network(context(said.views, said.frame)[0])
    standard = (said.errors - mean) / width
    return [piece for piece in stretches(standard, said.detections.seen[0]) if len(piece) >= LEAST_RESIDUAL_FRAMES]


def stretches(values: Tensor, kept: Tensor) -> list[Tensor]:
    """The pieces of `values` [T, ...] in which `kept` [T] is true without a break."""
    edges = torch.diff(kept.int(), prepend=torch.zeros(1), append=torch.zeros(1))
    begins, ends = torch.where(edges > 0)[0].tolist(), torch.where(edges < 0)[0].tolist()
    return [values[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _thinned(residuals: list[Tensor], generator: torch.Generator) -> list[Tensor]:
    order = torch.randperm(len(residuals), generator=generator).tolist()
    kept, frames = [], 0
    for number in order:
        if frames + len(residuals[number]) <= MOST_RESIDUAL_FRAMES:
            kept.append(residuals[number])
            frames += len(residuals[number])
    return kept


def _packed(pieces: list[Tensor]) -> Residuals:
    lengths = torch.tensor([len(piece) for piece in pieces])
    return Residuals(Residuals.packed(torch.cat(pieces)), torch.cumsum(lengths, 0) - lengths, lengths)


def _run_lengths_s(said: Sequence[Said]) -> Tensor:
    """Mean length [4] of exchanges of each kind and of gaps."""
    total, count = torch.zeros(4), torch.zeros(4)
    for each in said:
        lost = ~each.detections.seen[0]
        for number, on in enumerate(torch.cat([each.exchanges & ~lost[:, None], lost[:, None]], -1).T):
            pieces = stretches(on, on)
            total[number] += len(torch.cat(pieces)) / float(each.views.rate_hz[0]) if pieces else 0.0
            count[number] += len(pieces)
    return (total / count.clamp(min=1)).clamp(min=LEAST_RUN_S)
