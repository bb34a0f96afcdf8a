"""Left and right exchanged: the whole body, the arms or the legs."""

from __future__ import annotations

import torch
from torch import Tensor

from motion.landmarks import LANDMARK, LANDMARK_NAMES

KINDS = ("body", "arms", "legs")
_ARM_WORDS = ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")
_LEG_WORDS = ("hip", "knee", "ankle", "heel", "foot")
# An exchange explains a frame if it takes away this share of the error of pairs that lie apart at least so far.
LEAST_GAIN, LEAST_APART_M = 0.6, 0.08


def _order(words: tuple[str, ...]) -> list[int]:
    """[33] for each landmark the one that is said in its place."""
    order = list(range(len(LANDMARK_NAMES)))
    for side, other in (("left", "right"), ("right", "left")):
        for name in LANDMARK_NAMES:
            parts = name.split("_")
            if parts[0] == side and parts[1] in words:
                order[LANDMARK[name]] = LANDMARK["_".join([other, *parts[1:]])]
    return order


ORDERS = {"body": _order(_ARM_WORDS + _LEG_WORDS), "arms": _order(_ARM_WORDS), "legs": _order(_LEG_WORDS)}


def exchanged(values: Tensor, kinds: Tensor) -> Tensor:
    """`values` [..., 33, N] with sides exchanged where kinds [..., 3] bool, in the order of KINDS, say so."""
    changed, flags = values.reshape(-1, *values.shape[-2:]).clone(), kinds.reshape(-1, len(KINDS))
    for part, name in ((1, "arms"), (2, "legs")):
        frames = torch.nonzero(flags[:, 0] ^ flags[:, part])[:, 0]      # few: cheaper than all
        changed[frames] = changed[frames][:, ORDERS[name]]
    return changed.reshape(values.shape)


def found_exchanges(said: Tensor, truth: Tensor) -> Tensor:
    """Which exchanges explain what was said, [..., 3] bool in the order of KINDS.

    said, truth [..., 33, N] in the same frame, m.
    """
    arms, legs = (_explains(said, truth, name) for name in ("arms", "legs"))
    body = arms & legs
    return torch.stack([body, arms & ~body, legs & ~body], -1)


def _explains(said: Tensor, truth: Tensor, name: str) -> Tensor:
    order = ORDERS[name]
    moved = [landmark for landmark, other in enumerate(order) if landmark != other]
    as_is = (said - truth)[..., moved, :].norm(dim=-1).mean(-1)
    other_way = (said[..., order, :] - truth)[..., moved, :].norm(dim=-1).mean(-1)
    apart = (truth - truth[..., order, :])[..., moved, :].norm(dim=-1).mean(-1)
    return (other_way < (1 - LEAST_GAIN) * as_is) & (apart > LEAST_APART_M)
