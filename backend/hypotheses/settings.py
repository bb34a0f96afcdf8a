"""How other poses that fit the footage are looked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from motion.refusal import Refusal

_RANGES = {"samples": (0, 200), "steps": (1, 5), "draws_each": (1, 50), "noise": (0.0, 5.0), "fit_rounds": (0, 10)}


@dataclass(frozen=True)
class RpeaSettings:
    """How samples are weighed. Distances are in sigmas of the landmarks.

    Chosen on rendered_dev with 40 samples of flows half trained. The mean of one's errs by 87.92 mm: weighed so 87.56,
    with half the temperature 87.68, with twice as many kept 87.57, with poses weighed as a whole 87.74 at best. Of
    another 88.68, weighed 88.02, with half of the lift 87.32, which alone has 87.42.
    """

    kept: int = 8              # samples that count, of those nearest to the landmarks
    temperature: float = 2.0   # by how much farther a sample is that counts e times less
    smoothed_s: float = 0.15   # over which distances are smoothed, so that weights do not tremble
    lift_share: float = 0.5    # of the weights that the lift has, which errs otherwise than the samples do

    def __post_init__(self) -> None:
        for name, least in (("kept", 1), ("temperature", 1e-3), ("smoothed_s", 0.0)):
            if getattr(self, name) < least:
                raise Refusal("bad-settings", f"The {name} of RPEA cannot be {getattr(self, name):g}.",
                              f"Choose {least:g} or more.")  # fmt: skip
        if not 0.0 <= self.lift_share <= 1.0:
            raise Refusal("bad-settings", f"The lift_share of RPEA cannot be {self.lift_share:g}.",
                          "Choose 0 to 1.")  # fmt: skip


@dataclass(frozen=True)
class HypothesesSettings:
    """Of one capture."""

    samples: int = 20       # motions that are drawn; 0: none, and nothing is told of what is uncertain
    steps: int = 3          # of Euler's method from noise to a pose
    seed: int = 0           # the same footage gets the same poses
    draws_each: int = 4     # from the flow, of which those that are alike become one sample
    noise: float = 1.3      # its size: three steps of Euler's method shrink what they start from
    fit_rounds: int = 1     # of refinement, by which samples are brought onto the landmarks
    aggregate: bool = False   # the main motion is what the samples say together, not the lift alone
    rpea: RpeaSettings = field(default_factory=RpeaSettings)

    def __post_init__(self) -> None:
        for name, (least, most) in _RANGES.items():
            if not least <= getattr(self, name) <= most:
                raise Refusal("bad-settings", f"The {name} of hypotheses cannot be {getattr(self, name):g}.",
                              f"Choose {least:g} to {most:g}.")  # fmt: skip
