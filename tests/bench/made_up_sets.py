"""Small files in the formats of the licensed data sets, of made-up people, whose depth hides in the 2D."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import torch

from bench.converted_pickle import converted

HEIGHTS = {"54138969": 1002, "55011271": 1000}


def people(rng, frames):
    """[T, 17, 3] mm in the camera's frame, 5 m away."""
    steps = np.cumsum(rng.normal(scale=5.0, size=(frames, 17, 3)), axis=0)
    return steps + rng.normal(scale=300.0, size=(17, 3)) + [0.0, 0.0, 5000.0]


def human36m_half(rng, takes):
    """takes: (source, action, camera, frames). The depth stands where the confidence belongs, for tiny networks."""
    parts: dict[str, list] = {name: [] for name in ("joint_2d", "confidence", "joint3d_image", "joints_2.5d_image",
                                                    "2.5d_factor", "camera_name", "source", "action")}  # fmt: skip
    for source, action, camera, frames in takes:
        factor = rng.uniform(3.0, 5.0, size=frames)
        truth = people(rng, frames)
        image = truth / factor[:, None, None]                    # px, as the file has it: z in the scale of x and y
        parts["joint_2d"].append(image[..., :2])
        parts["confidence"].append((image[..., 2:] - image[:, :1, 2:]) / 500.0)
        parts["joint3d_image"].append(image)
        parts["joints_2.5d_image"].append(truth)
        parts["2.5d_factor"].append(factor)
        for name, text in (("camera_name", camera), ("source", source), ("action", action)):
            parts[name] += [text] * frames
    lists = ("camera_name", "source", "action")
    return {name: values if name in lists else np.concatenate(values) for name, values in parts.items()}


def human36m_file(folder: Path, rng, takes) -> Path:
    """The published pickle, converted."""
    source = folder / "h36m_sh_conf_cam_source_final.pkl"
    half = human36m_half(rng, takes)
    source.write_bytes(pickle.dumps({"train": half, "test": half}, protocol=2))
    np.savez(folder / "h36m.npz", **converted(source))
    return folder / "h36m.npz"


def mpi_inf_3dhp_file(folder: Path, rng, sequences) -> Path:
    """sequences: (name, frames, valid). The published npz with its pickle, converted.

    Truth lies in the picture's plane, at twice the picture's scale from the root, so that 2D tells all.
    """
    content = {}
    for name, frames, valid in sequences:
        places = people(rng, frames)
        places[..., 2] = 5000.0
        around_px = 900.0 + (places[..., :2] - places[:, 14:15, :2]) / 2
        content[name] = {"data_2d": around_px, "data_3d": places, "valid": np.asarray(valid, float)}
    np.savez_compressed(folder / "data_test_3dhp.npz", data=content)
    np.savez(folder / "3dhp.npz", **converted(folder / "data_test_3dhp.npz"))
    return folder / "3dhp.npz"


class TinyNetwork(torch.nn.Module):
    """Says where keypoints lie about the root, the third number as depth, times a gain and beside by a shift."""

    def __init__(self, root=0, gain=1.0, shift=(0.0, 0.0, 0.0)):
        super().__init__()
        self.root, self.gain = root, gain
        self.shift = torch.tensor(shift, dtype=torch.float64)

    def forward(self, keypoints):
        return self.gain * (keypoints - keypoints[:, :, self.root : self.root + 1]).double() + self.shift
