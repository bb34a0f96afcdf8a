"""MediaPipe's world landmarks mapped to the joints of SMPL-X, so that nobody wins by how joints are defined.

    python -m bench.mediapipe_mapped BANK     fits bench/mediapipe_mapped.npz to the part of a bank that fits may see

The best linear map: each joint is a weighted sum of the 33 landmarks, with weights of its own for depth, which the
network flattens. Turning the camera about its axis turns the result.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.train.bank.bank_clip import BankClip, read_bank
from motion.arrays import Array
from motion.skeleton import JOINT
from motion.whole_files import written_whole

MAPPING = Path(__file__).with_suffix(".npz")
RIDGE = 1e-3    # of the mean square of a landmark's coordinate, towards no weight
USUAL_ERROR_M, ROUNDS = 0.06, 8
_LIMBS = [JOINT[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
          for side in ("left", "right")]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Mapping:
    """Weights [22, 33] of the landmarks across and along the line of sight."""

    across: Array
    depth: Array

    def joints(self, landmarks_camera: Array) -> Array:
        """[T, 22, 3] m about the pelvis from landmarks [T, 33, 3] m about the hips, both in the camera's axes."""
        across = np.einsum("jl,tlk->tjk", self.across, landmarks_camera[..., :2])
        return np.concatenate([across, (landmarks_camera[..., 2] @ self.depth.T)[..., None]], axis=-1)

    def limbs(self, landmarks_camera: Array) -> Array:
        """The 12 joints of the limbs, in the order of LIMB_LANDMARKS, [T, 12, 3] m."""
        return self.joints(landmarks_camera)[:, _LIMBS]


def fitted(clips: list[BankClip]) -> Mapping:
    """The map with the least error over all frames in which the person was seen, gross ones counting little.

    Least squares alone would shrink everybody, for the sake of frames in which the network saw something else.
    """
    said = np.concatenate([clip.said_camera[clip.seen] for clip in clips]).astype(np.float64)
    truth = np.concatenate([(clip.joints_camera - clip.joints_camera[:, :1])[clip.seen] for clip in clips])
    weights = np.ones(len(said))
    for _ in range(ROUNDS):
        across = _weights(np.concatenate([said[..., 0], said[..., 1]]), np.concatenate([truth[..., 0], truth[..., 1]]),
                          np.tile(weights, 2))  # fmt: skip
        mapping = Mapping(across, _weights(said[..., 2], truth[..., 2], weights))
        errors_m = np.linalg.norm(mapping.joints(said) - truth, axis=-1).mean(axis=-1)
        weights = (1 + (errors_m / USUAL_ERROR_M) ** 2) ** -2      # Geman and McClure 1987
    return mapping


def _weights(landmarks: Array, joints: Array, frame_weights: Array) -> Array:
    weighted = landmarks * frame_weights[:, None]
    square = weighted.T @ landmarks
    ridge = RIDGE * np.trace(square) / len(square) * np.eye(len(square))
    return np.linalg.solve(square + ridge, weighted.T @ joints).T


def read_mapping(path: Path = MAPPING) -> Mapping:
    with np.load(path, allow_pickle=False) as archive:
        return Mapping(archive["across"].astype(np.float64), archive["depth"].astype(np.float64))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bank", type=Path)
    mapping = fitted([clip for clip in read_bank(parser.parse_args().bank) if clip.origin.part == "fit"])
    with written_whole(MAPPING) as stream:
        np.savez(stream, across=mapping.across.astype(np.float32), depth=mapping.depth.astype(np.float32))


if __name__ == "__main__":
    main()
