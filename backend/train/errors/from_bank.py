"""The bank's clips as tensors in which the errors are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from backend.detect.pose_network import MIRRORED
from backend.train.bank.bank_clip import BankClip
from backend.train.errors.crop_frame import HIPS, CropFrame, crop_frame
from backend.train.errors.exchanges import exchanged, found_exchanges
from backend.train.hidden import hidden_by_body
from backend.train.views import SimulatedDetections, Views

_LEAST_SCORE = 1e-3     # of which a logit is taken


@dataclass(frozen=True, eq=False)
class Said:
    """One clip: what there was to see, and what the detector said of it."""

    views: Views                    # of one clip, B = 1
    detections: SimulatedDetections
    frame: CropFrame
    exchanges: Tensor               # [T, 3] bool, of KINDS
    errors: Tensor                  # [T, 33, 6] sides put right, m in the crop's frame; the score's logit


def said_of(clip: BankClip) -> Said:
    """A clip of the bank; errors mean nothing where it was not seen."""
    views = views_of([clip])
    detections = SimulatedDetections(*(torch.from_numpy(array)[None] for array in (
        clip.said_px, clip.scores, clip.said_camera, clip.seen)))  # fmt: skip
    return seen_through(views, detections)


def seen_through(views: Views, detections: SimulatedDetections) -> Said:
    """The errors of what was said, B = 1."""
    frame = crop_frame(views)
    hips_px = views.landmarks_px[..., HIPS, :].mean(-2, keepdim=True)
    places = torch.cat([frame.errors_px(detections.landmarks_px - hips_px),
                        frame.to_crop(detections.landmarks_camera)], -1)  # fmt: skip
    truth = torch.cat([frame.errors_px(views.landmarks_px - hips_px), frame.pose], -1)
    exchanges = found_exchanges(places, truth)
    scores = torch.logit(detections.scores, eps=_LEAST_SCORE)[..., None]
    said = exchanged(torch.cat([places, scores], -1), exchanges)
    errors = torch.cat([said[..., :5] - truth, said[..., 5:]], -1)
    return Said(views, detections, frame, exchanges[0], errors[0])


def mirrored(views: Views) -> Views:
    """The same seen in a mirror."""
    order = MIRRORED.tolist()
    K = views.K.clone()
    K[:, 0, 2] = views.size_px[:, 0] - K[:, 0, 2]
    truth = views.landmarks_camera[..., order, :] * torch.tensor([-1.0, 1.0, 1.0]).to(K)
    return replace(views, landmarks_camera=truth, K=K, hidden=views.hidden[..., order])


def views_of(clips: Sequence[BankClip]) -> Views:
    """Clips of one length as one batch."""
    truth, joints, K, size_px = (
        torch.stack([torch.from_numpy(getattr(clip, name)) for clip in clips])
        for name in ("landmarks_camera", "joints_camera", "K", "size_px")
    )
    heights_m = torch.tensor([clip.origin.body_height_m for clip in clips])
    rates_hz = torch.tensor([clip.origin.rate_hz for clip in clips])
    return Views(truth, K, size_px, hidden_by_body(joints, truth, heights_m), rates_hz)
