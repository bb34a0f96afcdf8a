"""The other poses of one lifted person: drawn, weighed, told apart, and what they say together."""

from __future__ import annotations

from dataclasses import dataclass

from backend.hypotheses.choices import Represented, choices_of
from backend.hypotheses.rpea import aggregated, joint_weights
from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import HypothesesSettings
from backend.hypotheses.spread import spread_m
from backend.lift.lift import Lift
from motion.arrays import Array


@dataclass(frozen=True, eq=False)
class Hypotheses:
    """N samples of T frames, before the camera."""

    samples: Samples
    main: Lift                   # of which the main motion is made: the samples' lift, or what they say together
    spread_m: Array              # [T, 22] about it
    choices: list[Represented]


def hypotheses_of(lift: Lift, settings: HypothesesSettings, device: str = "cpu") -> Hypotheses:
    """Of a lift by network. Raises Refusal for any other, and when the flow's weights are missing or damaged."""
    # Not above: whoever only reads settings shall not wait for torch.
    from backend.hypotheses.sample import sample_poses
    from backend.hypotheses.weights import shipped_flow

    samples = sample_poses(lift, settings.samples, shipped_flow(device), settings)
    weights = joint_weights(samples, settings.rpea)
    main = aggregated(samples, weights, settings.rpea.lift_share) if settings.aggregate else lift
    return Hypotheses(samples, main, spread_m(samples, main, weights), choices_of(samples, weights, main))


def check_flow() -> None:
    """Raises Refusal when the flow's weights are missing or damaged."""
    from backend.hypotheses.weights import shipped_flow

    shipped_flow()


def flow_version() -> str:
    """What a motion's file says of the flow: which weights."""
    from backend.hypotheses.configuration import SHIPPED
    from backend.lift.network.weights import weights_name

    return weights_name(SHIPPED)
