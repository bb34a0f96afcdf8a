"""`python -m bench.speed_on_card FOLDER`: capture and training step on CUDA beside the processor, as JSON.

All figures are null on a machine without a card that torch can use.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

from backend.lift.network.configuration import FOLDER, read_configuration
from backend.lift.network.lifter import Lifter
from backend.train.batches import Batches, BatchSettings
from backend.train.lifter.trainer import Batchwise, Training
from backend.train.motions.training_clip import Origin, Teaches, TrainingClip
from backend.train.train_settings import TrainSettings
from bench.looped_film import SAMPLE, looped_film
from bench.own_process import measured_apart
from motion.body import read_open_body
from motion.motion_file import read_motion
from motion.skeleton import BODY_JOINT_COUNT

PICTURES = 300
STEPS = 5
CLIPS, FRAMES = 16, 120     # of a batch
DEVICES = ("cuda", "cpu")
NAMES = ("whole_{}_ms_per_frame", "detect_{}_ms_per_frame", "training_step_{}_ms")


def main(folder: Path) -> dict[str, float | None]:
    if not torch.cuda.is_available():
        return dict.fromkeys([name.format(device) for device in DEVICES for name in NAMES] + ["whole_cuda_over_cpu"])
    film = looped_film(folder / "film.mp4", PICTURES)
    figures: dict[str, float | None] = {}
    for device in DEVICES:
        (folder / device).mkdir()
        wanted = json.dumps({"device": device})
        run = measured_apart("-m", "bench.one_capture", str(film), str(folder / device), "--settings", wanted)
        taken_s = (run["whole_s"], run["stages_s"]["detect"])
        values = (*(1000.0 * each / run["frames"] for each in taken_s), training_step_ms(folder / device, device))
        figures |= dict(zip((name.format(device) for name in NAMES), values, strict=True))
    figures["whole_cuda_over_cpu"] = figures["whole_cuda_ms_per_frame"] / figures["whole_cpu_ms_per_frame"]
    return figures


def training_step_ms(folder: Path, device: str) -> float:
    """Of the lifter that is shipped for processors, its batches included: the least of some steps."""
    batches = Batches([_sample_clip()], None, BatchSettings(CLIPS, FRAMES), device, seed=1)
    lifter = Lifter(read_configuration(FOLDER / "cpu.json"))
    lifter.mean_skeleton.copy_(batches.batch(0).rest_joints.mean(0))
    training = Training(lifter, Batchwise([(batches, 1.0)]), {}, TrainSettings(), folder / "training", device)
    return 1000.0 * min(_step_s(training, number) for number in range(STEPS))


def _step_s(training: Training, number: int) -> float:
    began_s = time.perf_counter()
    float(training.learn(next(training.batches), 0.0, number))    # waits for the card
    return time.perf_counter() - began_s


def _sample_clip() -> TrainingClip:
    """The take that comes with the extension."""
    skeleton = read_open_body().shaped(np.zeros(0)).skeleton
    motion = read_motion(SAMPLE.parent / "take" / "person_00" / "motion.npz", skeleton)
    return TrainingClip(
        origin=Origin("sample", "sample", "one", "sample", "CC0-1.0", "train"), teaches=Teaches(),
        R_parent_from_joint=motion.R_parent_from_joint[:, :BODY_JOINT_COUNT].astype(np.float32),
        root_world=motion.root_world.astype(np.float32),
        rest_joints=motion.skeleton.rest_joints.astype(np.float32), still=np.zeros((motion.frame_count, 6), bool),
    )  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
