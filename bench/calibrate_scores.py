"""`python -m bench.calibrate_scores FOLDER`: fits backend/detect/scores.json to clips whose landmarks are known.

FOLDER holds folders with clip.mp4 and truth.npz: landmarks_px [F, 33, 2] of the one person in it, NaN where unknown.
Prints how often landmarks of a said probability are right, in clips that the model has not seen.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from backend.detect import scores
from backend.detect.detector import DetectSettings
from backend.detect.find_people import look_through
from backend.progress import silent
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from bench.tables import print_table
from motion.arrays import Array, Mask
from motion.landmarks import LANDMARK_COUNT
from motion.whole_files import written_whole

RIDGE = 3.0     # that holds the landmarks' constants together
BINS = 10
Sample = tuple[Array, Mask]     # features [N, 33, K], whether the landmark lies right [N, 33]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    clips = sorted(path.parent for path in parser.parse_args().folder.glob("*/truth.npz"))
    models = {}
    for name, quality in (("once", "fast"), ("twice", "best")):
        samples = [sample for clip in clips if (sample := _sample(clip, quality)) is not None]
        _print_reliability(name, samples)
        models[name] = [round(float(number), 3) for number in fitted(samples)]
    with written_whole(Path(scores.__file__).with_suffix(".json"), "w") as stream:
        stream.write("{\n" + ",\n".join(f' "{name}": {model}' for name, model in models.items()) + "\n}\n")


def _sample(folder: Path, quality: str) -> Sample | None:
    """What the detector says of a clip's person, and where it is right but for a constant difference of definition."""
    truth_px = np.load(folder / "truth.npz")["landmarks_px"]
    clip = open_clip(folder / "clip.mp4", VideoSettings())
    found = look_through(clip, DetectSettings(quality=quality, hands=False), silent)
    if not len(found.picture):
        return None
    chosen = (found.tracklet == np.bincount(found.tracklet).argmax()) & (found.picture < len(truth_px))
    trunk_px = scores.trunk_px(found.landmarks_px[chosen], found.landmarks_camera[chosen])
    off_px = found.landmarks_px[chosen] - truth_px[found.picture[chosen]]
    off_px -= np.nanmedian(off_px, axis=0)
    right = np.linalg.norm(off_px, axis=-1) < scores.NEAR_TRUNKS * trunk_px[:, None]
    doubts = found.doubts_px[chosen] / trunk_px[:, None] if quality == "best" else None
    return scores.features(found.scores[chosen], doubts), right


def fitted(samples: list[Sample]) -> Array:
    """The model [33 + K] under which what was right was likeliest."""
    seen, right = (np.concatenate(parts) for parts in zip(*samples, strict=True))

    def cost(model: Array) -> tuple[float, Array]:
        said = np.clip(scores.probability(seen, model), 1e-9, 1 - 1e-9)
        about = model[:LANDMARK_COUNT] - model[:LANDMARK_COUNT].mean()
        loss = -np.log(np.where(right, said, 1 - said)).sum() + RIDGE * about @ about
        slope = said - right
        constants = slope.sum(axis=0) + 2 * RIDGE * about
        return loss, np.concatenate([constants, np.einsum("nj,njk->k", slope, seen)])

    start = np.zeros(LANDMARK_COUNT + seen.shape[-1])
    return minimize(cost, start, jac=True, method="L-BFGS-B").x


def _print_reliability(name: str, samples: list[Sample]) -> None:
    """A table of said and true shares, each clip judged by a model of the others."""
    said = np.concatenate([scores.probability(seen, fitted(samples[:n] + samples[n + 1 :]))
                           for n, (seen, _) in enumerate(samples)])  # fmt: skip
    right = np.concatenate([right for _, right in samples])
    print_table((f"{name}: landmarks", "said", "true"), reliability(said, right))


def reliability(said: Array, right: Mask) -> list[tuple[int, float, float]]:
    """Count, mean probability said and share that is right, for tenths of probability."""
    tenth = np.minimum((said * BINS).astype(int), BINS - 1)
    chosen = [tenth == n for n in range(BINS)]
    return [(int(here.sum()), float(said[here].mean()), float(right[here].mean())) for here in chosen if here.any()]


if __name__ == "__main__":
    main()
