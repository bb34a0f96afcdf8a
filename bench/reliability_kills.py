"""Captures that are killed at random moments of every stage and started again, beside those that nobody disturbed.

A chain is one job folder in which a capture is killed in one stage after the other, started again each time, and after
the last kill left to its end. What then lies there must be what an undisturbed capture leaves; if not, all kills of the
chain count as failed. Chains are drawn anew for every round, so that each stage is sometimes the last one killed.
"""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from backend.threads import available_cores
from bench.reliability import Amounts
from bench.reliability_kill_compare import differing, left_over
from bench.reliability_kill_runs import Run
from bench.reliability_kill_takes import Take, takes
from bench.tables import print_table
from motion.job import DONE, STAGES

KILLS_IN_A_CHAIN = 5
MOST_TRIES = 30     # for one kill
LONGER = 1.2        # than undisturbed a stage may last, on a machine that has other work too
AT_ONCE = max(2, available_cores() // 2)


@dataclass(frozen=True)
class Kill:
    """One that fell into its stage."""

    stage: str
    share: float    # of the stage's usual time, when it fell
    tries: int      # until it did


@dataclass(frozen=True)
class Chain:
    """What became of one job folder."""

    kills: tuple[Kill, ...] = ()
    wrong: list[str] = field(default_factory=list)       # what is not as in the undisturbed capture
    left_behind: list[str] = field(default_factory=list)   # what is there and should not be

    @property
    def identical(self) -> bool:
        return not self.wrong and not self.left_behind


def figures(folder: Path, amounts: Amounts) -> dict[str, Any]:
    """`kills`, how many of them `kills_identical`, of each of the `stages` too, and what is `kills_left_behind`."""
    planned = chains(takes(folder), amounts.kills_per_stage, amounts.seed)
    plan = [(take, stages, folder / f"chain {number}", np.random.default_rng([amounts.seed, number]))
            for number, (take, stages) in enumerate(planned)]  # fmt: skip
    done: list[Chain] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for chain in pool.map(lambda each: killed_chain(*each), plan):
            done.append(chain)
            _tell(chain, sum(len(each.kills) for each in done), amounts.kills_per_stage * len(STAGES))
    return summed(done)


def chains(found: Sequence[Take], kills_per_stage: int, seed: int) -> list[tuple[Take, tuple[str, ...]]]:
    """Every stage of each take so often, in random company and in the order of work; a lone stage again and again."""
    rng = np.random.default_rng(seed)
    drawn = [(take, stages) for take in found for stages in _of_take(take.stages, kills_per_stage, rng)]
    return [drawn[each] for each in rng.permutation(len(drawn))]


def _of_take(stages: tuple[str, ...], kills_per_stage: int, rng: np.random.Generator) -> Iterator[tuple[str, ...]]:
    rounds = [rng.permutation(len(stages)) for _ in range(kills_per_stage)]
    each_round = rounds if len(stages) > 1 else [np.concatenate(rounds)]
    for order in each_round:
        for first in range(0, len(order), KILLS_IN_A_CHAIN):
            yield tuple(stages[each] for each in sorted(order[first : first + KILLS_IN_A_CHAIN]))


def killed_chain(take: Take, stages: Sequence[str], folder: Path, rng: np.random.Generator) -> Chain:
    """Kill a capture in these stages, leave it to its end, and compare. The folder is gone afterwards."""
    job, temporary = folder / "job", folder / "temporary"
    temporary.mkdir(parents=True)
    take.begin(job, stages[0])
    kills: list[Kill] = []
    try:
        for stage in stages:
            kills.append(_killed(take, stage, job, temporary, rng))
        with Run(job, temporary) as run:
            code = run.ended()
    except (ChildProcessError, TimeoutError) as error:
        kills += [Kill(stage, np.nan, 1) for stage in stages[len(kills) :]]
        return Chain(tuple(kills), [str(error)])
    wrong = [f"exit code {code}"] * (code != DONE) + differing(job, take.truth)
    kept = {path.name for path in temporary.iterdir()} - take.kept_a_while()
    left = [*left_over(job, take.truth), *(f"temporary {name}" for name in sorted(kept)),
            *["a process"] * run.leaves_processes()]  # fmt: skip
    shutil.rmtree(folder)
    return Chain(tuple(kills), wrong, left)


def _killed(take: Take, stage: str, job: Path, temporary: Path, rng: np.random.Generator) -> Kill:
    """Kill a run in a stage; where it had left the stage already, again from the same state at another moment.

    A moment that is too late says that the stage is over by then, so that the next one is drawn from before it: all
    moments of the stage stay equally likely.
    """
    before = job.with_name("before")
    shutil.copytree(job, before)
    latest = LONGER
    for tries in itertools.count(1):
        share = latest * float(rng.uniform())
        with Run(job, temporary) as run:
            if run.killed_in(stage, share * take.seconds[stage]):
                break
        if tries == MOST_TRIES:
            raise TimeoutError(f"no kill fell into {stage}")
        latest = share
        shutil.rmtree(job)
        shutil.copytree(before, job)
    shutil.rmtree(before)
    return Kill(stage, share, tries)


def summed(done: Sequence[Chain]) -> dict[str, Any]:
    """Of all chains; prints the table of stages."""
    kills = [(kill, chain.identical) for chain in done for kill in chain.kills]
    of_stage = {stage: [(kill, well) for kill, well in kills if kill.stage == stage] for stage in STAGES}
    identical = {stage: sum(well for _, well in some) for stage, some in of_stage.items() if some}
    print_table(
        ("stage", "kills", "identical", "tries", "from", "to"),
        [(stage, len(some), identical[stage], sum(kill.tries for kill, _ in some),
          *(edge(kill.share for kill, _ in some) for edge in (min, max))) for stage, some in of_stage.items() if some],
    )  # fmt: skip
    return {
        "kills": len(kills), "kills_identical": sum(identical.values()), "stages": identical,
        "kills_tries": sum(kill.tries for kill, _ in kills),
        "kills_left_behind": sorted(Counter(name for chain in done for name in chain.left_behind)),
        "kills_wrong": sorted(Counter(name for chain in done for name in chain.wrong)),
    }  # fmt: skip


def _tell(chain: Chain, count: int, of: int) -> None:
    stages = " ".join(f"{kill.stage}@{kill.share:.2f}" for kill in chain.kills)
    print(f"{count}/{of} {stages}: {'; '.join(chain.wrong + chain.left_behind) or 'identical'}", flush=True)
