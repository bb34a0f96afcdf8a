"""Killing what plays a backend: kills fall where they should, and what they spoil is found."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.preview.write_film import written_film
from bench import reliability_kill_runs as runs
from bench.reliability_kill_compare import differing, left_over
from bench.reliability_kill_runs import Run
from bench.reliability_kill_takes import Take, undisturbed
from bench.reliability_kills import KILLS_IN_A_CHAIN, LONGER, Chain, Kill, chains, killed_chain, summed
from motion.job import MOTION, PREVIEW, RESULT, STAGES, Request, read_events
from motion.refusal import Refusal

OF_ONE = tuple(stage for stage in STAGES if stage != "rig")
PLAYED = ("open", "write", "preview")
PLAY = """
import json, os, pathlib, subprocess, sys, time
job, fault = pathlib.Path(sys.argv[2]), sys.argv[1]
before = (job / "events.jsonl").exists()
def stage(name, seconds=0.1):
    with open(job / "events.jsonl", "a") as stream:
        stream.write(json.dumps({"stage": name}) + "\\n")
    time.sleep(seconds)
if fault == "child":
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
stage("open")
if fault == "fails" and before:
    sys.exit(2)
if fault == "temporary":
    pathlib.Path(os.environ["TMPDIR"], f"kept{os.getpid()}").touch()
if fault == "half":
    (job / f".motion.npz.{os.getpid()}.tmp").touch()
stage("write")
(job / "motion.npz").write_bytes(b"resumed" if fault == "other" and before else b"motion")
if fault == "half":
    (job / f".motion.npz.{os.getpid()}.tmp").unlink()
stage("preview")
(job / "result.json").write_text(json.dumps({"stages_s": {"open": time.time()}}))
"""


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    script = tmp_path / "play.py"
    script.write_text(PLAY)

    def with_fault(fault: str) -> None:
        monkeypatch.setattr(runs, "BACKEND", (sys.executable, "-S", str(script), fault))

    with_fault("")
    return with_fault


@pytest.fixture
def job(tmp_path: Path) -> Path:
    (tmp_path / "job").mkdir()
    return tmp_path / "job"


@pytest.fixture
def take(tmp_path: Path, play) -> Take:
    return undisturbed(tmp_path / "take", Request(("dance.mp4",)), PLAYED)


def chain_of(take: Take, stages: tuple[str, ...], folder: Path) -> Chain:
    return killed_chain(take, stages, folder / "chain", np.random.default_rng(3))


def test_a_kill_falls_into_its_stage_and_takes_children_along(job: Path, play) -> None:
    play("child")
    with Run(job, job) as run:
        assert run.killed_in("write", 0.02)
        assert not run.leaves_processes()
    assert [event.stage for event in read_events(job)[0]] == ["open", "write"] and not (job / MOTION).exists()


def test_a_kill_that_comes_too_late_does_not_count(job: Path, play) -> None:
    for stage in ("open", "preview"):   # in the next one, and behind the end
        with Run(job, job) as run:
            assert not run.killed_in(stage, 0.3)


def test_a_run_that_fails_by_itself_is_no_kill(job: Path, play) -> None:
    play("fails")
    (job / "events.jsonl").touch()
    for stage in ("open", "write"):
        with Run(job, job) as run, pytest.raises(ChildProcessError, match=f"exit code 2 .* {stage}"):
            run.killed_in(stage, 5.0)


def test_an_undisturbed_take_knows_how_long_its_stages_last(take: Take) -> None:
    assert take.stages == PLAYED and (take.truth / RESULT).exists()
    assert all(0.09 < take.seconds[stage] < 5.0 for stage in PLAYED)


def test_takes_that_are_not_alike_or_lack_a_stage_are_no_truth(tmp_path: Path, play) -> None:
    with pytest.raises(Refusal, match="no stage proxy"):
        undisturbed(tmp_path / "short", Request(("dance.mp4",)), ("proxy",))
    play("half")
    script = tmp_path / "play.py"
    script.write_text(PLAY.replace('b"motion"', "str(os.getpid()).encode()"))
    with pytest.raises(Refusal, match=f"differ in {MOTION}"):
        undisturbed(tmp_path / "unsteady", Request(("dance.mp4",)), PLAYED)


def test_a_chain_of_kills_that_spoil_nothing_is_identical(take: Take, tmp_path: Path) -> None:
    chain = chain_of(take, PLAYED, tmp_path)
    assert chain.identical and [kill.stage for kill in chain.kills] == list(PLAYED)
    assert all(0.0 <= kill.share <= LONGER for kill in chain.kills) and not (tmp_path / "chain").exists()


class _Moments:
    def __init__(self, shares: list[float]) -> None:
        self.uniform = iter(shares).__next__


def test_a_kill_that_misses_is_tried_again_from_the_same_state(take: Take, tmp_path: Path) -> None:
    slow = replace(take, seconds={"open": 1.5})   # of which the stage takes a tenth
    chain = killed_chain(slow, ("open",), tmp_path / "chain", _Moments([0.75, 0.03]))
    (kill,) = chain.kills
    assert chain.identical and kill.tries == 2 and kill.share == pytest.approx(0.03 * 0.75 * LONGER)


@pytest.mark.parametrize("fault, wrong, left", [
    ("other", MOTION, ""), ("fails", "exit code 2", ""), ("temporary", "", "temporary kept"),
    ("half", "", ".motion.npz."),
])  # fmt: skip
def test_what_a_kill_spoils_is_found(take: Take, tmp_path: Path, play, fault: str, wrong: str, left: str) -> None:
    play(fault)
    chain = chain_of(take, ("write",), tmp_path)
    assert not chain.identical and len(chain.kills) == 1
    assert wrong in " ".join(chain.wrong) and bool(chain.wrong) == bool(wrong)
    assert left in " ".join(chain.left_behind) and bool(chain.left_behind) == bool(left)


@settings(max_examples=25)
@given(st.integers(1, 23), st.integers(0, 99))
def test_every_stage_is_killed_as_often_as_said_in_the_order_of_work(count: int, seed: int) -> None:
    both = [Take(Path("one"), OF_ONE, {}), Take(Path("two"), ("rig",), {})]
    drawn = [stages for _, stages in chains(both, count, seed)]
    assert Counter(stage for stages in drawn for stage in stages) == dict.fromkeys(STAGES, count)
    order = list(STAGES).index
    assert all(list(stages) == sorted(stages, key=order) and len(stages) <= KILLS_IN_A_CHAIN for stages in drawn)


def test_all_kills_of_a_chain_that_differs_count_as_failed() -> None:
    good = Chain((Kill("open", 0.5, 1), Kill("lift", 0.1, 3)))
    bad = Chain((Kill("lift", 0.9, 1), Kill("world", 0.2, 1)), [MOTION], ["cache/.a.tmp"])
    told = summed([good, bad])
    assert (told["kills"], told["kills_identical"], told["kills_tries"]) == (4, 2, 6)
    assert told["stages"] == {"open": 1, "lift": 1, "world": 0}
    assert told["kills_wrong"] == [MOTION] and told["kills_left_behind"] == ["cache/.a.tmp"]


def a_take(folder: Path, seconds: float = 1.0, film_of: int = 0, crf: int = 8) -> Path:
    folder.mkdir()
    (folder / MOTION).write_bytes(b"motion")
    (folder / RESULT).write_text(json.dumps({"people": [{"number": 1, "seconds": seconds}], "stages_s": seconds}))
    rng = np.random.default_rng(film_of)
    with written_film(folder / PREVIEW, Fraction(30), 64, 48, crf) as append:
        for _ in range(4):
            append(np.kron(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8), np.ones((8, 8, 1), dtype=np.uint8)))
    return folder


def test_times_and_an_encoders_bytes_make_no_other_take(tmp_path: Path) -> None:
    one, other = a_take(tmp_path / "one"), a_take(tmp_path / "other", seconds=2.0, crf=9)
    assert (one / PREVIEW).read_bytes() != (other / PREVIEW).read_bytes()
    assert differing(one, other) == [] == left_over(one, other)


def test_another_film_another_number_and_half_a_film_are_other_takes(tmp_path: Path) -> None:
    truth, other = a_take(tmp_path / "truth"), a_take(tmp_path / "other", film_of=1)
    (other / RESULT).write_text((other / RESULT).read_text().replace('"number": 1', '"number": 2'))
    (other / MOTION).unlink()
    assert differing(other, truth) == [MOTION, PREVIEW, RESULT]
    (other / PREVIEW).write_bytes((truth / PREVIEW).read_bytes()[:100])
    assert PREVIEW in differing(other, truth)


