"""The driver of a batch, with an engine and tasks that are made up."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from backend.batch import run_batch as driver
from backend.batch.one_take import MAKE_BYTES_EACH, NEEDS
from backend.batch.run_batch import run_batch
from backend.batch.task import Finished, Outcome, Task
from backend.job.lock import locked
from motion.batch.words import (
    BATCH,
    BATCH_LOG,
    CANCELLED,
    DONE,
    FAILED,
    REPORT,
    TABLE,
    UNFINISHED,
    WAITING,
    BatchRequest,
    BatchTable,
    WantedTake,
    read_batch,
    read_table,
)  # fmt: skip
from motion.job import CANCEL, ERROR, RESULT, CameraResult, Failure, Request, Result, read_failure, read_request
from motion.refusal import Refusal

from .made_up_work import LOST, PICTURES, MadeUpEngine, batch_of, did, well

NO_VIDEO = Failure("not-a-video", "b.mp4 is not a video.", "Choose another file.")
WHOLE_WAY = ["open", "detect", "detect", "detect", "camera", "camera", "make"]


@pytest.fixture(autouse=True, scope="module")
def quick_disk():
    """Files are written often here, and nobody pulls the plug."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


def failing(fails: dict[str, str], failure: Failure = NO_VIDEO):
    """Tasks of the takes `fails`, of a kind each, end with a failure."""
    return lambda task: failure if fails.get(task.take) == task.kind else well(task)


def dying(chance: float, rng: np.random.Generator, do):
    """With some chance a task is lost, before or after its work."""
    return lambda task: (LOST if rng.random() < 0.5 else do(task) and LOST) if rng.random() < chance else do(task)


def ran(folder: Path, engine: MadeUpEngine | None = None, **more) -> BatchTable:
    return run_batch(folder, lambda *_: engine or MadeUpEngine(), **more)


def states(table: BatchTable) -> dict[str, str]:
    return {row.name: row.state for row in table.takes}


def test_every_take_goes_its_whole_way_once(tmp_path):
    batch_of(tmp_path, ["a", "b"])
    engine = MadeUpEngine()
    table = ran(tmp_path, engine)
    assert states(table) == {"a": DONE, "b": DONE} and engine.closed
    assert did(tmp_path / "a") == did(tmp_path / "b") == WHOLE_WAY
    assert len(engine.given) == len(set(engine.given)) == 2 * len(WHOLE_WAY)
    assert read_table(tmp_path) == table and not table.running
    row = table.takes[0]
    assert (row.people, row.frames, row.seconds) == (1, 24, 0.5 * len(WHOLE_WAY)) and row.done == row.of > 166
    assert (tmp_path / REPORT).exists() and "make of a" in (tmp_path / BATCH_LOG).read_text()
    assert not (tmp_path / "a" / UNFINISHED).exists()


@settings(max_examples=10, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    fates=st.lists(st.sampled_from(["well", "well", "open", "detect", "camera", "make"]), min_size=1, max_size=7),
    seed=st.integers(0, 2**16), slots=st.integers(1, 5), deaths=st.floats(0.0, 0.3),
)  # fmt: skip
def test_whoever_dies_in_whatever_order_all_good_takes_come_and_all_others_say_why(
    tmp_path_factory, fates, seed, slots, deaths
):
    folder, rng = tmp_path_factory.mktemp("batch"), np.random.default_rng(seed)
    fate = {f"take {number}": fate for number, fate in enumerate(fates)}
    batch_of(folder, list(fate), retry=True)

    already: set[str] = set()
    for chance in (deaths, deaths, 0.0):
        engine = MadeUpEngine(dying(chance, rng, failing(fate)), slots, rng=rng)
        table = ran(folder, engine)
        assert len(engine.given) == len(set(engine.given))
        assert not already & {task.take for task in engine.given}
        assert {row.state for row in table.takes} <= {DONE, FAILED}
        already = {row.name for row in table.takes if row.state == DONE}
    for row in table.takes:
        good = fate[row.name] == "well"
        assert row.state == (DONE if good else FAILED)
        assert (folder / row.name / RESULT).exists() == good
        assert (read_failure(folder / row.name) is None) == good
        assert row.sentence == ("" if good else NO_VIDEO.sentence)


def test_a_failed_take_is_only_tried_again_when_asked(tmp_path):
    batch_of(tmp_path, ["a", "b", "c"])
    table = ran(tmp_path, MadeUpEngine(failing({"b": "detect"})))
    assert states(table) == {"a": DONE, "b": FAILED, "c": DONE}
    assert (table.takes[1].sentence, table.takes[1].mend) == (NO_VIDEO.sentence, NO_VIDEO.mend)

    again = MadeUpEngine()
    told = [(row.state, row.sentence, row.mend, row.frames) for row in table.takes]
    assert [(row.state, row.sentence, row.mend, row.frames) for row in ran(tmp_path, again).takes] == told
    assert not again.given

    replace(read_batch(tmp_path), retry=True).write(tmp_path)
    engine = MadeUpEngine()
    assert states(ran(tmp_path, engine)) == {"a": DONE, "b": DONE, "c": DONE}
    assert {task.take for task in engine.given} == {"b"} and not (tmp_path / "b" / ERROR).exists()


def test_a_failed_take_whose_clip_was_mended_is_tried_again(tmp_path):
    folder, clips = tmp_path / "batch", [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    folder.mkdir()
    for clip in clips:
        clip.touch()
    BatchRequest((WantedTake("a", (str(clips[0]),)), WantedTake("b", tuple(map(str, clips[1:]))))).write(folder)
    assert set(states(ran(folder, MadeUpEngine(failing({"a": "open", "b": "open"})))).values()) == {FAILED}
    time.sleep(0.02)   # file systems count in steps
    whole = tmp_path / "whole.mp4"
    whole.touch()
    os.utime(whole, (1.0, 1.0))   # a copy has the time of its original
    whole.replace(clips[1])
    engine = MadeUpEngine()
    assert states(ran(folder, engine)) == {"a": FAILED, "b": DONE} and {task.take for task in engine.given} == {"b"}


def test_a_take_of_which_a_camera_was_left_out_says_so(tmp_path):
    batch_of(tmp_path, ["a", "b"])

    def do(task: Task) -> Outcome:
        outcome = well(task)
        if isinstance(outcome, Result) and task.take == "b":
            outcome = replace(outcome, cameras=(CameraResult("1"), CameraResult("2", used=False)))
            outcome.write(Path(task.job))
        return outcome

    assert [row.note for row in ran(tmp_path, MadeUpEngine(do)).takes] == ["", "1 of 2 cameras used"]
    (tmp_path / TABLE).write_text(json.dumps({"takes": [{"name": "b", "state": DONE}]}))   # of before there were notes
    assert read_table(tmp_path).takes[0].note == ""
    assert ran(tmp_path).takes[1].note == "1 of 2 cameras used"


def test_an_engine_is_opened_for_what_is_to_be_done(tmp_path):
    batch_of(tmp_path, ["a", "b"])
    ran(tmp_path, MadeUpEngine(failing({"b": "make"})))
    replace(read_batch(tmp_path), retry=True).write(tmp_path)
    asked = []
    run_batch(tmp_path, lambda folder, request: asked.append((folder, request)) or MadeUpEngine())
    assert [(folder, [take.name for take in request.takes]) for folder, request in asked] == [(tmp_path, ["b"])]
    run_batch(tmp_path, lambda *_: 1 // 0)   # there is nothing to do, or this would be called


@pytest.mark.parametrize("how", ["file", "event"])
def test_a_cancelled_batch_goes_on_where_it_stopped(tmp_path, how):
    batch_of(tmp_path, ["a", "b", "c"])
    stop = threading.Event()

    def do(task: Task) -> Outcome:
        if task.take == "b" and task.kind == "camera":
            (tmp_path / CANCEL).touch() if how == "file" else stop.set()
        return well(task)

    engine = MadeUpEngine(do, slots=1)
    table = ran(tmp_path, engine, stop=stop)
    assert states(table) == {"a": DONE, "b": CANCELLED, "c": CANCELLED} and engine.closed and table.left_s < 0.0
    assert read_table(tmp_path) == table and not (tmp_path / CANCEL).exists()

    engine = MadeUpEngine()
    assert set(states(ran(tmp_path, engine)).values()) == {DONE}
    assert {task.take for task in engine.given} == {"b", "c"}


def test_what_lies_there_from_other_settings_is_not_done(tmp_path):
    """Also where the run that should have replaced it was killed."""
    batch_of(tmp_path, ["a"])
    ran(tmp_path)
    batch_of(tmp_path, ["a"], settings={"video": {"last_frame": 9}})
    with pytest.raises(ZeroDivisionError):
        ran(tmp_path, MadeUpEngine(lambda task: 1 // 0))
    assert (tmp_path / "a" / RESULT).exists() and not (tmp_path / "a" / ERROR).exists()
    engine = MadeUpEngine()
    assert states(ran(tmp_path, engine)) == {"a": DONE} and engine.given
    assert read_request(tmp_path / "a").settings == {"video": {"last_frame": 9}}


def test_only_begun_takes_are_touched(tmp_path):
    batch_of(tmp_path, ["a", "b", "c"])
    stop = threading.Event()
    ran(tmp_path, MadeUpEngine(lambda task: stop.set() or well(task), slots=1), stop=stop)
    assert [(tmp_path / name).exists() for name in "abc"] == [True, True, True]   # one works, two wait with the engine
    stop.clear()
    batch_of(tmp_path, [f"take {number}" for number in range(9)])
    ran(tmp_path, MadeUpEngine(lambda task: stop.set() or well(task), slots=1), stop=stop)
    assert [(tmp_path / f"take {number}").exists() for number in range(9)] == 3 * [True] + 6 * [False]


def test_a_take_whose_folder_cannot_be_made_costs_only_itself(tmp_path):
    batch_of(tmp_path, ["a", "b"])
    (tmp_path / "a").write_text("a file")
    table = ran(tmp_path)
    assert states(table) == {"a": FAILED, "b": DONE} and "could not be written" in table.takes[0].sentence


def test_files_of_others_are_not_replaced(tmp_path):
    batch_of(tmp_path, ["a", "b"])
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / RESULT).write_text("mine")
    table = ran(tmp_path)
    assert states(table) == {"a": FAILED, "b": DONE} and (tmp_path / "a" / RESULT).read_text() == "mine"
    assert [path.name for path in (tmp_path / "a").iterdir()] == [RESULT]
    assert table.takes[0].sentence == f"{tmp_path / 'a'} holds a {RESULT} that is not from a capture here."


def test_a_take_on_which_somebody_else_works_is_left_to_them(tmp_path):
    batch_of(tmp_path, ["a", "b"])
    (tmp_path / "a").mkdir()
    Request(("other.mp4",)).write(tmp_path / "a")
    with locked(tmp_path / "a"):
        table = ran(tmp_path)
    assert states(table) == {"a": FAILED, "b": DONE} and "already running" in table.takes[0].sentence
    assert read_request(tmp_path / "a") == Request(("other.mp4",)) and not (tmp_path / "a" / ERROR).exists()
    assert states(ran(tmp_path)) == {"a": DONE, "b": DONE}


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "/a", "a\\b", "C:a"])
def test_names_that_lead_elsewhere_cost_only_themselves(tmp_path, name):
    folder = tmp_path / "batch"
    batch_of(folder, [name, "b"])
    table = ran(folder)
    assert [row.state for row in table.takes] == [FAILED, DONE] and table.takes[0].mend == "Give it another name."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batch"]


def test_of_two_takes_with_one_name_the_first_is_captured(tmp_path):
    batch_of(tmp_path, ["a", "a", "b"])
    table = ran(tmp_path)
    assert [row.state for row in table.takes] == [DONE, FAILED, DONE] and did(tmp_path / "a") == WHOLE_WAY
    assert table.takes[1].sentence == "Another take of the batch has the same name."


def test_one_process_at_a_time_runs_a_batch(tmp_path):
    batch_of(tmp_path, ["a"])
    with locked(tmp_path), pytest.raises(Refusal, match="A batch is already running .* a file named cancel"):
        ran(tmp_path)
    with pytest.raises(Refusal, match=f"holds no readable {BATCH}"):
        ran(tmp_path / "nowhere")


def test_an_engine_that_cannot_be_opened_leaves_its_sentence(tmp_path):
    batch_of(tmp_path, ["a"])

    def no_engine(*_):
        raise Refusal("no-cluster", "There is no cluster at 10.0.0.1.", "Start one.")

    with pytest.raises(Refusal, match="no cluster"):
        run_batch(tmp_path, no_engine)
    table = read_table(tmp_path)
    assert (table.message, table.running) == ("There is no cluster at 10.0.0.1.", False)
    assert states(table) == {"a": CANCELLED}
    assert not (tmp_path / "a").exists() and not (tmp_path / REPORT).exists() and table.left_s < 0.0
    assert states(ran(tmp_path)) == {"a": DONE}


def test_a_listener_that_raises_ends_the_batch_and_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(driver, "WAIT_S", 0.0)
    batch_of(tmp_path, ["a", "b"])
    engine = MadeUpEngine()

    def listen(table: BatchTable) -> None:
        if table.counts[DONE]:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        ran(tmp_path, engine, listener=listen)
    assert engine.closed and not read_table(tmp_path).running and (tmp_path / REPORT).exists()
    assert set(states(ran(tmp_path)).values()) == {DONE}


def test_a_full_disk_ends_the_batch_with_its_sentence(tmp_path):
    batch_of(tmp_path, ["a", "b", "c"])
    full = Failure("disk-full", "The disk is full: motion.npz could not be written.", "Free some space.")
    engine = MadeUpEngine(failing({"b": "make"}, full), slots=1)
    with pytest.raises(Refusal, match="The disk is full"):
        ran(tmp_path, engine)
    table = read_table(tmp_path)
    assert states(table) == {"a": DONE, "b": FAILED, "c": CANCELLED} and table.message == full.sentence
    assert engine.closed and set(states(ran(tmp_path)).values()) == {DONE}   # without --retry


def test_a_table_that_cannot_be_written_just_now_is_no_reason_to_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(driver, "WAIT_S", 0.0)
    batch_of(tmp_path, ["a", "b"])
    (tmp_path / TABLE).mkdir()   # nothing replaces a folder

    def do(task: Task) -> Outcome:
        if task.take == "b" and task.kind == "make":
            (tmp_path / TABLE).rmdir()
        return well(task)

    assert set(states(ran(tmp_path, MadeUpEngine(do, slots=1))).values()) == {DONE}
    assert "table.json could not be written" in (tmp_path / BATCH_LOG).read_text()


def test_the_table_is_whole_at_any_moment(tmp_path, monkeypatch):
    monkeypatch.setattr(driver, "WAIT_S", 0.0)
    monkeypatch.setattr(driver, "PAUSE_FOR_EACH_S", 0.0)
    names = [f"take {number}" for number in range(12)]
    batch_of(tmp_path, names)
    seen, over = [], threading.Event()

    def read() -> None:
        while not over.is_set():
            if (tmp_path / TABLE).exists():
                seen.append(json.loads((tmp_path / TABLE).read_text()))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        ran(tmp_path)
    finally:
        over.set()
        reader.join()
    assert len(seen) > 20 and all([row["name"] for row in table["takes"]] == names for table in seen)
    done = [sum(row["state"] == DONE for row in table["takes"]) for table in seen]
    assert done == sorted(done) and done[0] < done[-1]


def test_the_table_says_from_the_beginning_that_the_batch_runs(tmp_path):
    batch_of(tmp_path, ["a"])
    seen = []

    def opened(*_) -> MadeUpEngine:
        seen.append(read_table(tmp_path))
        return MadeUpEngine()

    run_batch(tmp_path, opened)
    assert seen[0].running and states(seen[0]) == {"a": WAITING}


def test_the_first_take_tells_the_others_who_the_actor_is(tmp_path):
    body = {"body": {"actor": "Mara"}}
    batch_of(tmp_path, ["a", "b", "c", "d"], settings=body, actor_folder=str(tmp_path / "actors"))
    order: list[tuple[str, str]] = []

    def do(task: Task) -> Outcome:
        order.append((task.kind, task.take))
        return failing({"a": "make"})(task)

    assert states(ran(tmp_path, MadeUpEngine(do, slots=8))) == {"a": FAILED, "b": DONE, "c": DONE, "d": DONE}
    assert [take for kind, take in order if kind == "make"][:2] == ["a", "b"]
    before = order[: order.index(("make", "b"))]
    assert {take for kind, take in before if kind == "camera"} > {"a", "b"}   # nobody waited with anything else


def test_takes_may_lie_elsewhere(tmp_path):
    batch_of(tmp_path / "part", ["a"], takes_folder=str(tmp_path / "takes"))
    assert states(ran(tmp_path / "part")) == {"a": DONE}
    assert did(tmp_path / "takes" / "a") == WHOLE_WAY and (tmp_path / "part" / TABLE).exists()


def test_a_word_or_an_end_that_comes_twice_changes_nothing(tmp_path):
    batch_of(tmp_path, ["a"])

    class Echo(MadeUpEngine):
        def wait(self, timeout_s):
            return 2 * super().wait(timeout_s)

    assert states(ran(tmp_path, Echo())) == {"a": DONE} and did(tmp_path / "a") == WHOLE_WAY


def test_a_clip_without_pictures_to_look_at_is_still_made(tmp_path):
    batch_of(tmp_path, ["a"])
    engine = MadeUpEngine(lambda task: well(task, ()))
    assert states(ran(tmp_path, engine)) == {"a": DONE} and did(tmp_path / "a") == ["open", "make"]


def test_long_takes_of_many_people_ask_for_more_memory(tmp_path):
    batch_of(tmp_path, ["a"])
    engine = MadeUpEngine()
    ran(tmp_path, engine)
    asked = {task.kind: task.needs.memory_bytes for task in engine.given}
    assert asked["detect"] == NEEDS["detect"].memory_bytes
    pictures = sum(map(sum, PICTURES))
    assert asked["make"] == NEEDS["make"].memory_bytes + MAKE_BYTES_EACH * pictures   # of the one that is told of


def test_what_a_task_of_a_failed_take_says_later_is_not_heard(tmp_path):
    batch_of(tmp_path, ["a", "b"])
    number = iter(range(99))

    def do(task: Task) -> Outcome:
        if task.take == "a" and task.kind == "detect":
            return NO_VIDEO if next(number) == 0 else Finished()
        return well(task)

    table = ran(tmp_path, MadeUpEngine(do, slots=8))
    assert table.takes[0].sentence == NO_VIDEO.sentence and states(table) == {"a": FAILED, "b": DONE}
    assert isinstance(read_failure(tmp_path / "a"), Failure) and not isinstance(read_failure(tmp_path / "a"), Result)
