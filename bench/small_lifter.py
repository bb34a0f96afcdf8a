"""A small temporal network, trained for some minutes: is the training data good for anything?

    python -m bench.small_lifter train PREPARED --errors learned --minutes 10 --out FILE
    python -m bench.small_lifter measure FILE [FILE ...] --on rendered_dev

The yardstick by which models of the detector's errors are chosen, on `rendered_dev`; the product's lifter is another.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from backend.track.tracks import Track
from backend.train.batches import Batch, Batches, BatchSettings
from backend.train.errors.by_hand import ErrorsByHand
from backend.train.errors.learned import ERROR_MODEL, read_learned
from backend.train.errors.mixed import MixedErrors
from backend.train.motions.prepared import read_prepared
from backend.train.motions.training_clip import RATE_HZ
from backend.train.views import DetectorErrors, SimulatedDetections
from bench.accuracy_figures import COLUMNS, Figures, mean_of, nearest, shared_figures
from bench.captures import kept_capture
from bench.mediapipe_mapped import read_mapping
from bench.reference import Reference, of_rendered
from bench.simulated import LIMB_JOINTS
from bench.tables import machine_line, print_table
from motion.arrays import Array, Indices
from motion.landmarks import LANDMARK_COUNT, LIMB_LANDMARKS
from motion.skeleton import BODY_JOINT_COUNT

WIDTH, BLOCKS, KERNEL, DROPOUT = 128, 4, 7, 0.05
INPUTS = LANDMARK_COUNT * 6 + 4
RATE, DECAY, SMOOTH_STEPS = 1e-3, 0.02, 0.98
FRAMES, BATCH_SIZE, CORES = 80, 32, 2
SHOWN = ("mpjpe_mm", "pa_mpjpe_mm", "accel_error_m_s2", "swapped_share", "frames")


class SmallLifter(nn.Module):
    """Tokens [B, T, INPUTS] and landmarks to joints: those that the landmarks are mapped to, and a correction."""

    def __init__(self) -> None:
        super().__init__()
        mapping = read_mapping()
        self.across, self.depth = (nn.Parameter(torch.from_numpy(weights).float())
                                   for weights in (mapping.across, mapping.depth))  # fmt: skip
        self.enter = nn.Linear(INPUTS, WIDTH)
        self.blocks = nn.ModuleList(_Block(2 ** (number % 3)) for number in range(BLOCKS))
        self.leave = nn.Linear(WIDTH, BODY_JOINT_COUNT * 3)

    def forward(self, said: SimulatedDetections, K: Tensor) -> Tensor:
        """Joints [B, T, 22, 3] m about the pelvis in the camera's axes."""
        inside = self.enter(tokens(said, K))
        for block in self.blocks:
            inside = block(inside)
        across = torch.einsum("jl,btlk->btjk", self.across, said.landmarks_camera[..., :2])
        depth = (said.landmarks_camera[..., 2] @ self.depth.T)[..., None]
        return torch.cat([across, depth], -1) + 0.1 * self.leave(inside).unflatten(-1, (BODY_JOINT_COUNT, 3))


class _Block(nn.Module):
    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.over_time = nn.Conv1d(WIDTH, WIDTH, KERNEL, padding="same", dilation=dilation, groups=WIDTH)
        self.mix = nn.Sequential(
            nn.Linear(WIDTH, 2 * WIDTH), nn.SiLU(), nn.Dropout(DROPOUT), nn.Linear(2 * WIDTH, WIDTH))  # fmt: skip

    def forward(self, inside: Tensor) -> Tensor:
        return inside + self.mix(self.over_time(self.norm(inside).mT).mT)


def tokens(said: SimulatedDetections, K: Tensor) -> Tensor:
    """What the network sees [B, T, INPUTS]: nothing depends on the picture's size."""
    hips_px = said.landmarks_px[..., 23:25, :].mean(-2)
    focal = K[:, None, 0, 0]
    spread_px = (said.landmarks_px - hips_px[..., None, :]).norm(dim=-1).mean(-1).clamp(min=1.0)
    size_px = (spread_px * said.seen).sum(1, keepdim=True) / said.seen.sum(1, keepdim=True).clamp(min=1)
    in_box = (said.landmarks_px - hips_px[..., None, :]) / size_px.clamp(min=1.0)[..., None, None]
    ray = (hips_px - K[:, None, :2, 2]) / focal[..., None]
    seen = said.seen[..., None].float()
    extent = (size_px / focal).clamp(min=1e-3).log().expand_as(focal * seen[..., 0])[..., None]
    parts = [in_box.flatten(2), 2 * said.landmarks_camera.flatten(2), said.scores, ray, extent]
    return torch.cat([*(part * seen for part in parts), seen], -1)


def loss_of(network: SmallLifter, batch: Batch) -> Tensor:
    """Mean distance of joints, and of their steps, where a clip has not ended."""
    joints = network(batch.detections, batch.views.K)
    truth = batch.joints_camera - batch.joints_camera[:, :, :1]
    counts = batch.teaching.inside[..., None].float()
    places = (joints - truth).norm(dim=-1) * counts
    steps = (torch.diff(joints, dim=1) - torch.diff(truth, dim=1)).norm(dim=-1) * counts[:, 1:]
    return (places.sum() + steps.sum()) / (counts.sum() * BODY_JOINT_COUNT)


def trained(batches: Iterator[Batch], minutes: float) -> SmallLifter:
    """Trains for so many minutes of two cores, whatever else they do; the mean of the last weights is kept."""
    torch.manual_seed(0)
    network = SmallLifter()
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(SMOOTH_STEPS), use_buffers=True)
    start = time.process_time()
    step = 0
    while (spent := (time.process_time() - start) / (CORES * 60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 100) * 0.5 * (1 + np.cos(np.pi * spent))
        loss = loss_of(network, next(batches))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        average.update_parameters(network)
        step += 1
        if step % 100 == 0:
            print(f"step {step}, {100 * spent:.0f} %, loss {1000 * loss.item():.0f} mm", flush=True)
    return average.module.eval()


def lifted(network: SmallLifter, track: Track, K: Array, frames: Indices) -> Array:
    """The 12 joints of the limbs [N, 12, 3] m about the pelvis, in the camera's frame, at frames of a track."""
    said = SimulatedDetections(*(torch.from_numpy(np.nan_to_num(values[frames])).float()[None] for values in (
        track.landmarks_px, track.scores, track.landmarks_camera, track.seen)))  # fmt: skip
    said = replace(said, seen=said.seen.bool())
    with torch.no_grad():
        joints = network(said, torch.from_numpy(K.copy()).float()[None])
    return joints[0, :, LIMB_JOINTS].double().numpy()


def measured(network: SmallLifter | None, reference: Reference) -> Figures:
    """One clip; without a network the detector's own landmarks."""
    take = kept_capture(reference.film.parent.name, reference.film)
    person = nearest(take, reference)
    if person is None:
        return {**dict.fromkeys(COLUMNS), "frames": 0}
    track = person.track
    step = max(1, round(track.rate / RATE_HZ))
    frames = np.arange(0, min(len(track.times_s), len(reference.times_s)), step)
    seen = track.seen[frames]
    limbs = track.landmarks_camera[frames][:, LIMB_LANDMARKS] if network is None else lifted(
        network, track, person.motion.cameras[0].K[0], frames)  # fmt: skip
    there = frames[seen]
    return {**dict.fromkeys(COLUMNS),
            **shared_figures(limbs[seen], reference.limbs_camera[there], reference.times_s[there])}  # fmt: skip


def opened_errors(name: str, path: Path) -> DetectorErrors | None:
    if name in ("none", "by_hand"):
        return ErrorsByHand() if name == "by_hand" else None
    learned = read_learned(path)
    return learned if name == "learned" else MixedErrors(learned, ErrorsByHand())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    training = commands.add_parser("train")
    training.add_argument("prepared", type=Path, nargs="+", help="what `train prepare` made, and more of its kind")
    training.add_argument("--errors", choices=("none", "learned", "by_hand", "mixed"), default="learned")
    training.add_argument("--model", type=Path, default=ERROR_MODEL, help="the learned model of errors")
    training.add_argument("--minutes", type=float, default=10.0)
    training.add_argument("--out", type=Path, required=True)
    training.set_defaults(run=_train)
    measuring = commands.add_parser("measure")
    measuring.add_argument("networks", type=Path, nargs="+")
    measuring.add_argument("--on", choices=("rendered_dev", "rendered"), default="rendered_dev")
    measuring.set_defaults(run=_measure)
    options = parser.parse_args()
    options.run(options)


def _train(options: argparse.Namespace) -> None:
    clips = [clip for path in options.prepared for clip in read_prepared(path) if clip.origin.split == "train"]
    errors = opened_errors(options.errors, options.model)
    network = trained(iter(Batches(clips, errors, BatchSettings(BATCH_SIZE, FRAMES))), options.minutes)
    torch.save(network.state_dict(), options.out)


def _measure(options: argparse.Namespace) -> None:
    references = of_rendered(options.on)
    networks: dict[str, SmallLifter | None] = {"the detector's landmarks": None}
    for path in options.networks:
        network = SmallLifter().eval()
        network.load_state_dict(torch.load(path, weights_only=True))
        networks[path.stem] = network
    rows = []
    for name, network in networks.items():
        mean = mean_of([measured(network, reference) for reference in references])
        rows.append((name, *(mean[column] for column in SHOWN)))
    print_table((options.on, *SHOWN), rows)
    print(machine_line())


if __name__ == "__main__":
    main()
