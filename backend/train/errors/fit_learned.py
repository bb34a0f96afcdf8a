"""Fits the model of the detector's errors to the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from backend.detect.pose_network import MIRRORED
from backend.train.bank.bank_clip import BankClip
from backend.train.chance import Chance
from backend.train.errors.context import context, of_each
from backend.train.errors.crop_frame import crop_frame
from backend.train.errors.from_bank import Said, mirrored, said_of
from backend.train.errors.learned import MIRROR, ErrorNetwork, LearnedErrors, Marginals, Residuals

FOLDS = 3               # residuals are those of clips that a network was not fitted to
STEPS, BATCH = 1500, 512
RATE, DECAY, DROPOUT = 2e-3, 0.05, 0.2
TAILS = 4.0             # degrees of freedom of Student's distribution: most errors are small, some are large
EVENT_WEIGHT = 0.3
LEAST_RESIDUAL_FRAMES = 20
MOST_RESIDUAL_FRAMES = 14_000   # 2.8 MB
LEAST_RUN_S = 1 / 30
_ONE_SIGMA = 0.683
_OWN_RIDGE = 1e-3
_CLIPPED, _CLIPPED_MEAN = 8.0, 4.0     # times the middle size of an error


def fit_learned(clips: Sequence[BankClip], seed: int = 0) -> LearnedErrors:
    """The model of these clips, all at one rate of 30 Hz."""
    said = [said_of(clip) for clip in clips]
    generator = torch.Generator().manual_seed(seed)
    networks = [_fitted([each for number, each in enumerate(said) if number % FOLDS != fold], generator)
                for fold in range(FOLDS)]  # fmt: skip
    whole = _fitted(said, generator)
    _set_trust([*networks, whole], said)
    pieces = [piece for number, each in enumerate(said) for piece in _residuals(networks[number % FOLDS], each)]
    offsets = torch.stack([piece.residuals.mean(0) for piece in pieces])
    widths = offsets.abs().quantile(_ONE_SIGMA, dim=0)
    kept = _packed(_thinned(pieces, generator))
    real = _quantiles(torch.cat([piece.unexplained for piece in pieces]))
    plain = LearnedErrors(whole, kept, Marginals(real, real), _run_lengths_s(said), widths, wider=0.0)
    marginals = Marginals(_quantiles(_drawn_for(plain, said, generator)), real)
    return LearnedErrors(whole, kept, marginals, plain.run_s, widths)


@dataclass(frozen=True, eq=False)
class Stretch:
    """Frames in which the person was seen without a gap."""

    unexplained: Tensor     # [T, 33, VALUES] errors beyond what the network told
    residuals: Tensor       # [T, 33, VALUES] the same in widths
    kind: Tensor            # [10] as of LearnedErrors.kinds


def _fitted(said: Sequence[Said], generator: torch.Generator) -> ErrorNetwork:
    torch.manual_seed(int(torch.randint(2**31, (1,), generator=generator)))
    network = ErrorNetwork(DROPOUT)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS)
    numbers, errors, events = _examples(said)
    _start_from_usual(network, numbers, errors, events)
    for _ in range(STEPS):
        chosen = torch.randint(len(numbers), (BATCH,), generator=generator)
        loss = _loss(network, numbers[chosen], errors[chosen], events[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval()


@torch.no_grad()
def _start_from_usual(network: ErrorNetwork, numbers: Tensor, errors: Tensor, events: Tensor) -> None:
    """Begin with what each landmark tells of itself, and with widths and shares of events that are always the same."""
    seen = events[:, -1] == 0
    network.own.copy_(_own_part(of_each(numbers[seen]), errors[seen]))
    rest = errors[seen] - network.own_part(numbers[seen])
    network.means.weight.mul_(0.1)
    network.means.bias.zero_()
    network.usual_log_width.copy_(rest.abs().median(0).values.clamp(min=1e-3).log())
    network.widths.weight.zero_()
    network.widths.bias.zero_()
    network.events.bias.copy_(torch.logit(events.mean(0), eps=1e-4))
    network.events.weight.mul_(0.1)


def _own_part(own: Tensor, errors: Tensor) -> Tensor:
    """Least squares [33, OWN_COUNT, VALUES] of errors [N, 33, VALUES], gross ones held back."""
    usual = errors.median(0).values
    limit = _CLIPPED * (errors - usual).abs().median(0).values
    held = usual + (errors - usual).clamp(-limit, limit)
    square = torch.einsum("nla,nlb->lab", own, own) / len(own) + _OWN_RIDGE * torch.eye(own.shape[-1])
    return torch.linalg.solve(square, torch.einsum("nla,nlv->lav", own, held) / len(own))


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
def _set_trust(networks: Sequence[ErrorNetwork], said: Sequence[Said]) -> None:
    """Believe the networks as far as they are right about clips that they were not fitted to (least squares)."""
    told, rest = [], []
    for number, each in enumerate(said):
        network, numbers = networks[number % FOLDS], context(each.views, each.frame)[0][each.detections.seen[0]]
        own = network.own_part(numbers)
        told.append(network(numbers)[0] - own)
        rest.append(each.errors[each.detections.seen[0]] - own)
    off, told = torch.cat(rest), torch.cat(told)
    limit = _CLIPPED_MEAN * off.abs().median(0).values
    off, told = off.clamp(-limit, limit), told.clamp(-limit, limit)
    trust = ((off * told).sum(0) / told.square().sum(0).clamp(min=1e-9)).clamp(0, 1)
    for network in networks:
        network.farthest.copy_(limit)
        network.trust.copy_(trust)


@torch.no_grad()
def _residuals(network: ErrorNetwork, said: Said) -> list[Stretch]:
    """What the network cannot tell of a clip."""
    numbers = context(said.views, said.frame)
    mean, width, _ = network.over_time(numbers)
    unexplained, seen = said.errors - mean[0], said.detections.seen[0]
    parts = (unexplained, unexplained / width[0], numbers[0], width[0])
    return [Stretch(whole, standard, LearnedErrors.kinds(part[None], wide[None])[0])
            for whole, standard, part, wide in zip(*(stretches(each, seen) for each in parts), strict=True)
            if len(whole) >= LEAST_RESIDUAL_FRAMES]  # fmt: skip


@torch.no_grad()
def _drawn_for(model: LearnedErrors, said: Sequence[Said], generator: torch.Generator) -> Tensor:
    """Unexplained errors [N, 33, VALUES] as they are drawn for the bank's own views."""
    drawn = []
    for each in said:
        numbers = context(each.views, each.frame)
        width = model.network.over_time(numbers)[1]
        residuals = model.residuals_for(each.views, model.kinds(numbers, width), Chance(generator))
        drawn.append((width * residuals)[0][each.detections.seen[0]])
    return torch.cat(drawn)


def _quantiles(values: Tensor) -> Tensor:
    """[33 * VALUES, Q], strictly rising, of values [N, 33, VALUES]."""
    found = np.quantile(values.flatten(1).numpy(), Marginals.QUANTILES, axis=0).T
    return torch.from_numpy(np.ascontiguousarray(found + 1e-6 * np.arange(found.shape[1]))).float()


def stretches(values: Tensor, kept: Tensor) -> list[Tensor]:
    """The pieces of `values` [T, ...] in which `kept` [T] is true without a break."""
    edges = torch.diff(kept.int(), prepend=torch.zeros(1), append=torch.zeros(1))
    begins, ends = torch.where(edges > 0)[0].tolist(), torch.where(edges < 0)[0].tolist()
    return [values[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _thinned(pieces: list[Stretch], generator: torch.Generator) -> list[Stretch]:
    kept, frames = [], 0
    for number in torch.randperm(len(pieces), generator=generator).tolist():
        if frames + len(pieces[number].residuals) <= MOST_RESIDUAL_FRAMES:
            kept.append(pieces[number])
            frames += len(pieces[number].residuals)
    return kept


def _packed(pieces: list[Stretch]) -> Residuals:
    lengths = torch.tensor([len(piece.residuals) for piece in pieces])
    values = Residuals.packed(torch.cat([piece.residuals for piece in pieces]))
    kinds = torch.stack([piece.kind for piece in pieces])
    return Residuals(values, torch.cumsum(lengths, 0) - lengths, lengths, kinds)


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
