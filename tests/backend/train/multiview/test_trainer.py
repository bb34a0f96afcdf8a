"""Training of what lets views meet."""

from __future__ import annotations

import json
from itertools import repeat
from pathlib import Path

import pytest
import torch

from backend.lift.network.configuration import LifterConfiguration
from backend.lift.network.weights import read_lifter
from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
from backend.multiview.fuse.network.weights import read_multiview_lifter
from backend.train.bodies import BodyFamily
from backend.train.multiview.losses import disagreement, loss
from backend.train.multiview.trainer import LOG_FILE, WEIGHTS_FILE, MultiviewTraining
from backend.train.multiview.validation import validated
from backend.train.train_settings import TrainSettings
from tests.backend.lift.network.made_up_inputs import some_lifter
from tests.backend.multiview.fuse.network.made_up_views import WANTED

from .made_up_takes import some_takes

TINY = LifterConfiguration(joint_width=8, width=32, blocks=2)
SETTINGS = TrainSettings(steps=12, every=6, rate=5e-3, warm_up_steps=1)


def fresh() -> MultiviewLifter:
    torch.manual_seed(1)
    return MultiviewLifter(some_lifter(TINY), WANTED)


def loss_of(lifter: MultiviewLifter) -> float:
    take = some_takes(2, False)
    return float(loss(lifter(take.inputs, take.together), take, BodyFamily()).detach())


def test_a_short_run_learns_and_leaves_the_single_views_lifter_alone(tmp_path: Path) -> None:
    lifter, take = fresh(), some_takes(2, False)
    before = {name: values.clone() for name, values in lifter.single.state_dict().items()}
    training = MultiviewTraining(lifter, repeat(take), {"2": [take]}, SETTINGS, tmp_path)
    lines: list[str] = []
    first = loss_of(lifter)
    training.run(lines.append)
    assert loss_of(lifter) < 0.95 * first
    assert all(torch.equal(values, before[name]) for name, values in lifter.single.state_dict().items())
    assert [json.loads(line)["step"] for line in (tmp_path / LOG_FILE).read_text().splitlines()] == [0, 6, 12]
    assert len(lines) == 3 and lines[0].startswith("step 0, 0 s: mm 2 ")
    assert read_multiview_lifter(tmp_path / WEIGHTS_FILE, some_lifter(TINY)).meetings.wanted == WANTED


def test_to_start_at_the_mean_is_to_tell_it_nearly() -> None:
    """Two views that are equally sure each move half way to the other's orientations."""
    lifter, take = MultiviewLifter(read_lifter()), some_takes(2)
    alone = disagreement(lifter.single(take.inputs), take)
    lifter.meetings.start_at_the_mean()
    told, single = lifter(take.inputs, take.together), lifter.single(take.inputs)
    R = take.batch.cameras.R_camera_from_world.mT[:, :, None]

    def apart(outputs) -> torch.Tensor:
        world = take.together.by_take(R @ outputs.R_person_from_camera.mT[:, :, None] @ outputs.R_person_from_joint)
        return (world[:, 0] - world[:, 1]).norm(dim=(-2, -1)).mean()

    assert apart(told) < 0.75 * apart(single) and disagreement(told, take) < 1.1 * alone


@pytest.mark.parametrize("exact", [True, False])
def test_figures_of_untrained_meetings_are_those_of_single_views(exact: bool) -> None:
    figures = validated(fresh(), {"3": [some_takes(3, exact)]})["3"]
    assert figures["each"] == pytest.approx(figures["single"], abs=1e-2)
    assert figures["fused"] == pytest.approx(figures["mean"], abs=1e-2)
    assert all(value >= 0.0 for value in figures.values())


def test_one_view_alone_is_as_wrong_fused_as_it_is() -> None:
    figures = validated(fresh(), {"1": [some_takes(1)]})["1"]
    assert figures["fused"] == pytest.approx(figures["single"], rel=1e-3)
