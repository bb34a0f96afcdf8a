"""The other poses of one lifted person: drawn, weighed, told apart, and what they say together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.hypotheses.choices import MOST, Candidate, Represented, best_of, candidates_of, choices_of
from backend.hypotheses.parts import Part, parts_of
from backend.hypotheses.rpea import aggregated, joint_weights
from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import HypothesesSettings
from backend.hypotheses.spread import spread_m
from backend.lift.lift import Lift
from backend.lift.limits import between
from motion.arrays import Array
from motion.skeleton import BODY_JOINT_COUNT


@dataclass(frozen=True, eq=False)
class Hypotheses:
    """N samples of T frames, before the camera; of a long clip only those that choices show."""

    samples: Samples
    main: Lift                   # of which the main motion is made: the samples' lift, or what they say together
    spread_m: Array              # [T, 22] about it
    choices: list[Represented]


@dataclass(frozen=True, eq=False)
class _Shown(Candidate):
    """A candidate of one part of a clip with the sample that shows it, over the frames at which the part looks."""

    part: Part
    turns_rad: Array     # [F, 22, 3]
    shift_m: Array       # [F, 3] of the pelvis from the lift's


def hypotheses_of(lift: Lift, settings: HypothesesSettings, device: str = "cpu") -> Hypotheses:
    """Of a lift by network. Raises Refusal for any other, and when the flow's weights are missing or damaged."""
    parts = parts_of(len(lift.root_camera), lift.track.rate)
    if len(parts) > 1:
        return _part_by_part(lift, parts, settings, device)
    samples, weights, main = _drawn(lift, settings, device)
    return Hypotheses(samples, main, spread_m(samples, main, weights), choices_of(samples, weights, main))


def _drawn(lift: Lift, settings: HypothesesSettings, device: str) -> tuple[Samples, Array, Lift]:
    """Samples, their weights [N, T, 22] and the main motion's lift."""
    # Not above: whoever only reads settings shall not wait for torch.
    from backend.hypotheses.sample import sample_poses
    from backend.hypotheses.weights import shipped_flow

    samples = sample_poses(lift, settings.samples, shipped_flow(device), settings)
    weights = joint_weights(samples, settings.rpea)
    main = aggregated(samples, weights, settings.rpea.lift_share) if settings.aggregate else lift
    return samples, weights, main


def _part_by_part(lift: Lift, parts: list[Part], settings: HypothesesSettings, device: str) -> Hypotheses:
    """The same of a long clip. A sample lasts as long as a part; before and behind it is the lift."""
    from backend.hypotheses.sample import draws_each_of

    settings = replace(settings, draws_each=draws_each_of(len(lift.root_camera), settings.samples, settings))
    spread, shown = np.zeros((len(lift.root_camera), BODY_JOINT_COUNT)), []
    R, root = np.array(lift.R_parent_from_joint), np.array(lift.root_camera)
    for part in parts:
        samples, weights, main = _drawn(lift.during(part.looked), settings, device)
        spread[part.looked] += part.shares()[:, None] * spread_m(samples, main, weights)
        shown = best_of(shown + _shown_in(part, samples, candidates_of(samples, weights, main)), MOST)
        if settings.aggregate:
            R[part.looked] = between(R[part.looked], main.R_parent_from_joint, part.sample_weights()[:, None])
            root[part.looked] += part.sample_weights()[:, None] * (main.root_camera - root[part.looked])
    main = replace(lift, R_parent_from_joint=R, root_camera=root) if settings.aggregate else lift
    return Hypotheses(_over_clip(lift, shown), main, spread, [
        Represented(each.choice, number, each.part.looked) for number, each in enumerate(shown)])  # fmt: skip


def _shown_in(part: Part, samples: Samples, found: list[Candidate]) -> list[_Shown]:
    """The best candidates of a part that lie where it answers, by the clip's frames."""
    answered = [each for each in best_of(found, MOST) if part.answers_for(each.choice.first, each.choice.last)]
    return [_shown(part, samples, each) for each in answered]


def _shown(part: Part, samples: Samples, found: Candidate) -> _Shown:
    number, first, last = found.mode.sample, *part.in_clip(found.choice.first, found.choice.last)
    weights, shift_m = part.sample_weights()[:, None], samples.root_camera[number] - samples.lift.root_camera
    return _Shown(replace(found.choice, first=first, last=last), found.mode, found.offset_m, found.said, part,
                  weights[..., None] * samples.turns_rad[number], weights * shift_m)  # fmt: skip


def _over_clip(lift: Lift, shown: list[_Shown]) -> Samples:
    """The shown samples as motions over the whole clip; what is zero takes no memory until it is written."""
    turns_rad = np.zeros((len(shown), len(lift.root_camera), BODY_JOINT_COUNT, 3))
    root_camera = np.repeat(lift.root_camera[None], len(shown), axis=0)
    for number, each in enumerate(shown):
        turns_rad[number, each.part.looked] = each.turns_rad
        root_camera[number, each.part.looked] += each.shift_m
    return Samples(lift, turns_rad, root_camera)


def check_flow() -> None:
    """Raises Refusal when the flow's weights are missing or damaged."""
    from backend.hypotheses.weights import shipped_flow

    shipped_flow("cpu")     # as a capture on a processor asks for it: it is read once then


def flow_version() -> str:
    """What a motion's file says of the flow: which weights."""
    from backend.hypotheses.configuration import SHIPPED
    from backend.lift.network.weights import weights_name

    return weights_name(SHIPPED)
