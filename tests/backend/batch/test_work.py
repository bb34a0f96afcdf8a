"""A batch's takes are those that captures make, to the byte. What a perfect detector would find is kept already."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.batch import work
from backend.batch.one_take import NEEDS
from backend.batch.run_batch import run_batch
from backend.batch.task import Opened, Outcome, Task
from backend.batch.this_machine import ThisMachine
from motion.batch.words import DONE, FAILED, BatchRequest, TakeRow, WantedTake
from motion.job import EVENTS, LOG, MOTION, Failure, Request, Result, read_events, read_result

from ..job.test_several_clips import DANCER, KNOWN
from ..job.test_several_clips import FRAMES as FRAMES_OF_TWO
from ..made_up_take import SIZE, captured, detected, detected_by_each, home_without_networks, somebody
from ..video.made_footage import write_film
from .made_up_work import MadeUpEngine

FRAMES = 12
NO_OTHERS = {"hypotheses": {"samples": 0}}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In which whoever detects again fails."""
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    return home_without_networks(tmp_path / "home")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "walk.mp4", FRAMES, size=SIZE)


def here(task: Task) -> Outcome:
    """The real work, in this process."""
    return work.do(task, lambda *_: None, threading.Event())


def job_of(folder: Path, name: str, film: Path) -> Path:
    (folder / name).mkdir(parents=True)
    detected(folder / name, film, [somebody(FRAMES)], **NO_OTHERS)
    return folder / name


def rows(folder: Path, takes: dict[str, tuple[Path, ...]], engine: Callable[[], object],
         **settings: object) -> tuple[TakeRow, ...]:  # fmt: skip
    wanted = tuple(WantedTake(name, tuple(map(str, clips))) for name, clips in takes.items())
    BatchRequest(wanted, settings, preview=False).write(folder)
    return run_batch(folder, lambda *_: engine()).takes   # type: ignore[return-value]


def motions(job: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(job.glob(f"person_*/{MOTION}"))]


def test_a_worker_makes_what_a_capture_makes_and_a_broken_clip_costs_only_itself(tmp_path, film):
    job = job_of(tmp_path / "batch", "walk", film)
    (tmp_path / "broken.mp4").write_text("no film")
    takes = {"broken": (tmp_path / "broken.mp4",), "walk": (film,)}
    broken, walk = rows(tmp_path / "batch", takes, lambda: ThisMachine(1, 1), **NO_OTHERS)
    assert (broken.state, broken.sentence) == (
        FAILED, "broken.mp4 is not a video, is not finished or is damaged.")  # fmt: skip
    assert (walk.state, walk.people, walk.frames, walk.done) == (DONE, 1, FRAMES, walk.of)
    assert isinstance(captured(job_of(tmp_path, "alone", film), film, **NO_OTHERS), Result)
    assert motions(job) == motions(tmp_path / "alone") != []
    log = (job / LOG).read_text()
    assert [kind for kind in ("open", "detect", "camera") if f"{kind}, clip 1" in log] == ["open", "detect", "camera"]
    assert [event.stage for event in read_events(job)[0]].count("write") == 1


def test_cameras_of_one_take_come_as_from_one_capture(tmp_path):
    films = [write_film(tmp_path / f"cam {number}.mp4", FRAMES_OF_TWO, size=SIZE, level=1.0 - 0.1 * number)
             for number in (1, 2)]  # fmt: skip
    for job in (tmp_path / "batch" / "two", tmp_path / "alone"):
        job.mkdir(parents=True)
        detected_by_each(job, {film: [track] for film, track in zip(films, DANCER)}, **KNOWN)
    (row,) = rows(tmp_path / "batch", {"two": tuple(films)}, lambda: MadeUpEngine(here), **KNOWN)
    assert row.state == DONE, row.sentence
    assert isinstance(captured(tmp_path / "alone", films, **KNOWN), Result)
    assert motions(tmp_path / "batch" / "two") == motions(tmp_path / "alone") != []
    assert read_result(tmp_path / "batch" / "two").cameras == read_result(tmp_path / "alone").cameras


def task_of(job: Path, film: Path, kind: str, **more: int) -> Task:
    Request((str(film),), NO_OTHERS, False).write(job)
    return Task(job.name, str(job), kind, NEEDS[kind], **more)   # type: ignore[arg-type, index]


def test_a_task_that_is_done_again_does_nothing_new(tmp_path, film):
    job = job_of(tmp_path, "walk", film)
    for kind in ("open", "detect", "camera"):
        task = task_of(job, film, kind)
        first, kept = here(task), sorted(path.name for path in (job / "cache").iterdir())
        assert not isinstance(first, Failure) and here(task) == first
        assert sorted(path.name for path in (job / "cache").iterdir()) == kept
    assert here(task_of(job, film, "open")) == Opened(((FRAMES,),))
    assert not (job / EVENTS).exists()   # which are of a whole run


@pytest.mark.parametrize("kind", ["detect", "camera", "make"])
def test_the_wish_to_stop_is_heard(tmp_path, film, kind):
    stop = threading.Event()
    stop.set()
    outcome = work.do(task_of(job_of(tmp_path, "walk", film), film, kind), lambda *_: None, stop)
    assert isinstance(outcome, Failure) and outcome.code == "cancelled"


def test_our_own_faults_say_where_the_reason_stands(tmp_path, film, monkeypatch):
    job = job_of(tmp_path, "walk", film)
    monkeypatch.setattr(work, "tracked", lambda *_: 1 / 0)
    failure = here(task_of(job, film, "camera"))
    assert isinstance(failure, Failure) and failure.code == "bug"
    assert "Following people" not in failure.sentence and "following people" in failure.sentence
    assert " ERROR " in (job / LOG).read_text().splitlines()[failure.log_line - 1]
