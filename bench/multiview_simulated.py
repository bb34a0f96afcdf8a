"""Takes that nobody filmed: motion kept out of training, as the model of the detector's errors sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from backend.train.chance import Chance
from backend.train.errors.learned import LearnedErrors, read_learned
from backend.train.motions.training_clip import Teaches
from backend.train.views import Views
from bench.multiview_plans import TakePlan, TakePlans
from bench.multiview_takes import Take, TakeView, guessed_intrinsics
from bench.rendered import RenderedClip
from bench.simulated import simulated_track, views_of
from motion.arrays import Mask
from motion.landmarks import LANDMARK_COUNT, LANDMARK_NAMES

VIEWS = (2, 3, 4)       # by turns
RIGHT_ARM = np.array([name in ("right_elbow", "right_wrist", "right_pinky", "right_index", "right_thumb")
                      for name in LANDMARK_NAMES])  # fmt: skip
NOTHING = np.zeros(LANDMARK_COUNT, dtype=bool)


def simulated_takes(
    prepared: Path, split: str, count: int, seed: int, views: Sequence[int] = VIEWS, hidden: Mask = NOTHING,
    change: Callable[[TakePlan], TakePlan] = lambda plan: plan,
) -> Iterator[Take]:  # fmt: skip
    """So many takes; `views` how many cameras they have, by turns; `hidden` [33] landmarks that only one camera sees.

    `change` is made to every plan before anybody looks. Choices are made on the split "dev"; "test" is for reports.
    Raises Refusal for a file without such motion.
    """
    plans, errors = TakePlans(prepared, split, seed), read_learned(wider=0.0)
    for number in range(count):
        plan = change(plans.plan(number, views[number % len(views)]))
        yield take_of(plan, errors, torch.Generator().manual_seed(1000 * seed + number), hidden)


def take_of(plan: TakePlan, errors: LearnedErrors, generator: torch.Generator, hidden: Mask = NOTHING) -> Take:
    """What would be found in the clips of a plan; the camera that sees all is any of them."""
    whole = int(torch.randint(len(plan.cameras), (1,), generator=generator))
    views = tuple(_view(plan, camera, errors, generator, NOTHING if camera == whole else hidden)
                  for camera in range(len(plan.cameras)))  # fmt: skip
    times_s = np.arange(len(plan.performance.root_world)) / plan.performance.rate_hz
    return Take(plan.name, times_s, plan.limbs_world, views, plan.performance.body.height, plan.performance)


def _view(
    plan: TakePlan, number: int, errors: LearnedErrors, generator: torch.Generator, hidden: Mask
) -> TakeView:
    clip = _clip(plan, number)
    true = views_of(clip)
    seen = Views(true.landmarks_camera, true.K, true.size_px,
                 torch.maximum(true.hidden, torch.from_numpy(hidden).to(true.hidden)), true.rate_hz)  # fmt: skip
    track = simulated_track(clip, errors.detections(seen, Chance(generator)))
    return TakeView(plan.cameras[number], track, guessed_intrinsics(clip.size_px))


def _clip(plan: TakePlan, number: int) -> RenderedClip:
    """A clip of a plan as if it had been filmed."""
    camera, shown = plan.cameras[number], plan.shown(number)
    frames = len(shown.root_world)
    return RenderedClip(
        film=Path(f"{plan.name} {camera.name}"),
        words={},
        teaches=Teaches(),
        rate_hz=camera.rate_hz,
        size_px=camera.size_px,
        body=shown.body,
        R_parent_from_joint=shown.R_parent_from_joint,
        root_world=shown.root_world,
        still=np.zeros((frames, 6), dtype=bool),
        K=camera.K.copy(),
        R_camera_from_world=np.broadcast_to(camera.R_camera_from_world, (frames, 3, 3)),
        t_camera_from_world=np.broadcast_to(camera.t_camera_from_world, (frames, 3)),
    )
