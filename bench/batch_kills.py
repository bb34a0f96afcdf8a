"""Nights on a cluster of which a node dies at a random moment."""

from __future__ import annotations

import subprocess
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.batch_night import Night
from bench.batch_run import Death, Run, checked
from bench.batch_ways import Ran, on_cluster
from bench.two_nodes import TwoNodes, two_nodes
from motion.batch.words import read_table

WITHIN = (0.1, 0.8)        # of the night's work the node dies
JITTER_S = (0.0, 2.0)      # after that share of it: tables are written every half a second
REPLACED_S = (2.0, 8.0)    # after its death, in every other round
LOOK_EVERY_S = 0.2


def kill_round(folder: Path, truth: Path, night: Night, number: int, seed: int) -> Run:
    """A night on two nodes, of which one dies; in rounds of even numbers a fresh one takes its place."""
    killer = _Killer(np.random.default_rng([seed, number]), replaces=number % 2 == 0)

    def do(batch: Path) -> Ran:
        with two_nodes() as nodes:
            return on_cluster(batch, night, nodes.address, lambda driver: killer.watch(batch, driver, nodes))

    run = checked(f"Ray, round {number + 1} with a death", folder, truth, night, do)
    return replace(run, death=killer.death)


class _Killer:
    """Watches a batch's table, and kills the worker node when so much is done."""

    def __init__(self, rng: np.random.Generator, replaces: bool) -> None:
        self._jitter_s, self._replaced_s = rng.uniform(*JITTER_S), float(rng.uniform(*REPLACED_S))
        self._replaces = replaces
        self.death = Death(float(rng.uniform(*WITHIN)))

    def watch(self, batch: Path, driver: subprocess.Popen[bytes], nodes: TwoNodes) -> None:
        began_s = time.monotonic()
        while driver.poll() is None and _share(batch) < self.death.planned_share:
            time.sleep(LOOK_EVERY_S)
        time.sleep(self._jitter_s)
        share, at_s = _share(batch), time.monotonic() - began_s
        if driver.poll() is not None or share == 1.0:
            return
        self.death = replace(self.death, at_s=at_s, at_share=share, while_working_on=nodes.kill_worker_node())
        if self._replaces:
            time.sleep(self._replaced_s)
            nodes.join_again()
            self.death = replace(self.death, replaced_after_s=self._replaced_s)


def _share(batch: Path) -> float:
    """How much of the batch's work is done."""
    table = read_table(batch)
    return table.share if table else 0.0
