"""Two processes learn what one learns from the same batches; they end together, and what one knows is said once."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.train.lifter.checkpoint import read_checkpoint
from backend.train.lifter.trainer import LOG_FILE, RESUME_FILE
from motion.job import USER_CAN_MEND
from tests.backend.processes import started

from .one_of_several import keep, ran, training

PATIENCE_S = 240.0
WORKER = "tests.backend.train.lifter.one_of_several"
# A sum of thousands in single precision is right to some 1e-7 of itself, and each step hands on what the last one had.
# Weights are off by more: Muon works out its steps, 3e-3 long, in half precision, whose last digit may be another.
LOSSES_APART, WEIGHTS_APART = 1e-5, 1e-4


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def pair(folder: Path) -> list[subprocess.Popen[str]]:
    """Two processes that find each other."""
    about = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "OMP_NUM_THREADS": "1"}
    return [started("-m", WORKER, folder, RANK=str(number), **about) for number in range(2)]


def ended(processes: list[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    """Of each how it ended and what it said."""
    said = [process.communicate(timeout=PATIENCE_S) for process in processes]
    return [(process.returncode, *each) for process, each in zip(processes, said, strict=True)]


@pytest.fixture(scope="module")
def learned(tmp_path_factory) -> tuple[Path, list[tuple[int, str, str]]]:
    """A folder of what two processes did, and beside it what one did."""
    folder, threads = tmp_path_factory.mktemp("several"), torch.get_num_threads()
    torch.set_num_threads(1)
    ran(training(folder / "before", steps=2))
    processes = pair(folder)
    keep(folder / "one_whole.npz", ran(training(folder / "one_whole")))
    keep(folder / "one_resumed.npz", ran(training(folder / "one", steps=3, resume=folder / "before" / RESUME_FILE)))
    torch.set_num_threads(threads)
    return folder, ended(processes)


def course(folder: Path, name: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Losses of a run's steps, and the weights after them."""
    with np.load(folder / f"{name}.npz") as kept:
        return kept["losses"], {key: kept[key] for key in kept.files if key != "losses"}


@pytest.mark.parametrize(("run", "steps"), [("whole", 6), ("resumed", 3)])
def test_two_processes_learn_what_one_learns(learned, run: str, steps: int) -> None:
    """Of batches of five rows, drawn and from a bank; from the beginning, and from what one process left."""
    (losses, weights), *both = (course(learned[0], name) for name in (f"one_{run}", f"{run}_0", f"{run}_1"))
    assert len(losses) == steps and losses.std() > 0.1
    for each_losses, each_weights in both:
        np.testing.assert_allclose(each_losses, losses, rtol=LOSSES_APART)
        for name, values in weights.items():
            np.testing.assert_allclose(each_weights[name], values, rtol=0.0, atol=WEIGHTS_APART, err_msg=name)
    assert all(np.array_equal(values, both[1][1][name]) for name, values in both[0][1].items())


def test_one_goes_on_where_two_have_been(learned) -> None:
    """1, 2 and 1 processes after each other are as three times one, of which a file keeps weights in half precision."""
    folder = learned[0]
    of_two, of_one = (ran(training(folder / f"again_{name}", steps=2, resume=folder / name / RESUME_FILE))
                      for name in ("resumed", "one"))  # fmt: skip
    assert of_two.step == 7 and of_two.batches.state() == of_one.batches.state()
    np.testing.assert_allclose(of_two.losses, of_one.losses, rtol=1e-3)


def test_what_one_lacks_ends_all_and_is_said_by_it_alone(learned) -> None:
    (_, first, _), (_, second, _) = learned[1]
    assert first.splitlines()[0] == f"SystemExit: {USER_CAN_MEND}"
    assert second.splitlines()[0] == "Refusal: There is no file. Make one."


def test_the_first_alone_writes_and_talks(learned) -> None:
    folder, ((_, first, _), (_, second, _)) = learned
    rows, alone = ([json.loads(line) for line in (folder / name / LOG_FILE).read_text().splitlines()]
                   for name in ("whole", "one_whole"))  # fmt: skip
    assert [row["step"] for row in rows] == [0, 6] and "step 0: dev " in first and "dev" not in second
    for row, other in zip(rows, alone, strict=True):
        assert row["dev"] == pytest.approx(other["dev"], rel=1e-3)


def test_who_is_interrupted_ends_with_all_others_before_the_same_step(learned) -> None:
    assert all(shown.splitlines()[-1] == "stopped at step 9" for _, shown, _ in learned[1])


def test_who_loses_the_other_says_so_and_keeps_what_was_learned(learned) -> None:
    folder, ((code, _, said), (killed, _, _)) = learned
    assert killed and code == 1 and said.rstrip().endswith("--resume and the resume.npz in --out.")
    assert "Another process of this training has ended or does not answer." in said
    assert read_checkpoint(folder / "more" / RESUME_FILE).state["step"] in (10, 11)
