"""The job folder's promises, tried with real processes and real faults."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.job.run import exit_code, run_job
from backend.progress import Cancelled
from motion.job import (
    CANCEL,
    CANCELLED,
    DONE,
    ERROR,
    EVENTS,
    LIVE_PICTURE,
    LOCK,
    LOG,
    OUR_BUG,
    REQUEST,
    RESULT,
    USER_CAN_MEND,
    Failure,  # fmt: skip
    Request,
    Result,
    read_failure,
    read_object,
)
from motion.refusal import Refusal
from tests.windows import not_on_windows

from ..processes import ROOT, events, finished, started, wait_for, wait_for_stage

SLOW_TAKE = ROOT / "tests/backend/slow_take.py"


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "a take, ein Take, 撮影"
    folder.mkdir()
    Request(("dance.mp4",)).write(folder)
    return folder


def nothing(job: Path, request: Request, watch: object) -> Result:
    return Result(())


def quick(job: Path) -> None:
    Request(("dance.mp4",), {"slow": False}).write(job)


def made(job: Path) -> list[str]:
    return (job / "made").read_text().split()


def test_a_killed_run_goes_on_where_it_was_and_pays_for_no_stage_twice(job: Path) -> None:
    backend = started(SLOW_TAKE, job)
    wait_for_stage(job, "lift")
    backend.kill()
    backend.wait()
    assert not (job / RESULT).exists() and not (job / ERROR).exists()
    quick(job)
    assert finished(SLOW_TAKE, job).returncode == DONE
    assert made(job) == ["detect", "lift"]
    assert (job / RESULT).exists()


def test_a_line_that_a_killed_run_left_half_written_spoils_no_event_of_the_next(job: Path) -> None:
    (job / EVENTS).write_text('{"stage": "lift", "do')
    run_job(job, nothing)
    assert [event.stage for event in events(job)] == ["open"]


def test_half_written_files_of_a_killed_run_are_removed_and_files_of_others_are_not(job: Path) -> None:
    (job / "person_00").mkdir()
    left = [job / ".result.json.4242.tmp", job / "person_00/.motion.npz.7.tmp", job / LIVE_PICTURE]
    foreign = [job / ".mine.tmp", job / "notes.txt"]
    for path in (*left, *foreign):
        path.touch()
    run_job(job, nothing)
    assert not any(path.exists() for path in left) and all(path.exists() for path in foreign)


def test_half_an_actor_of_a_killed_run_is_removed_and_half_an_actor_of_another_run_is_not(job: Path) -> None:
    Request(("dance.mp4",), actor_folder="actors").write(job)
    (job / "actors").mkdir()
    left, of_another = job / "actors/.Kim.json.4242.tmp", job / "actors/.Kim.json.4343.tmp"
    for path in (left, of_another):
        path.touch()
    (job / LOCK).write_text("4242")
    run_job(job, nothing)
    assert not left.exists() and of_another.exists()
    run_job(job, nothing)   # nobody died before this one
    assert of_another.exists() and (job / LOCK).read_text() == ""


def test_a_second_run_on_the_same_job_is_refused_in_one_sentence_and_disturbs_nothing(job: Path) -> None:
    first = started(SLOW_TAKE, job)
    wait_for_stage(job, "lift")
    second = finished("-m", "backend", "run", job)
    assert second.returncode == USER_CAN_MEND
    assert second.stderr == (f"A capture is already running in {job} (process {first.pid}). "
                             "Wait until it is done, cancel it, or choose another folder.\n")  # fmt: skip
    assert first.poll() is None and not (job / ERROR).exists()
    first.kill()
    first.wait()


def test_the_lock_names_the_process_and_a_dead_ones_lock_is_taken_over(job: Path) -> None:
    backend = started(SLOW_TAKE, job)
    wait_for_stage(job, "lift")
    assert (job / LOCK).read_text() == str(backend.pid)
    backend.kill()
    backend.wait()
    assert (job / LOCK).read_text() == str(backend.pid)
    assert isinstance(run_job(job, nothing), Result)
    assert (job / LOCK).read_text() == ""


@pytest.mark.parametrize("wish", ["file", "terminate", "interrupt"])
def test_a_wish_to_stop_is_obeyed_and_says_so(job: Path, wish: str) -> None:
    backend = started("-m", "backend", "run", job, "--mock", "success")
    wait_for_stage(job, "detect")
    if wish == "file":
        (job / CANCEL).touch()
    else:
        backend.send_signal({"terminate": signal.SIGTERM, "interrupt": signal.SIGINT}[wish])
    backend.communicate(timeout=10.0)
    assert backend.returncode == CANCELLED
    assert read_object(job / ERROR) == {
        "code": "cancelled", "sentence": "The capture was cancelled.",
        "mend": "Start it again to go on; finished stages are kept.", "log_line": 0,
    }  # fmt: skip
    assert not (job / CANCEL).exists() and not (job / RESULT).exists()


def test_a_wish_to_stop_that_cannot_be_taken_away_is_obeyed_too(job: Path) -> None:
    (job / CANCEL).mkdir()
    outcome = run_job(job, lambda job, request, watch: watch.stop_if_asked())
    assert isinstance(outcome, Failure) and outcome.code == "cancelled" and read_failure(job) == outcome


def test_a_new_request_forgets_an_old_wish_to_cancel(job: Path) -> None:
    (job / CANCEL).touch()
    Request(("dance.mp4",)).write(job)
    assert not (job / CANCEL).exists()


def test_a_run_ends_with_its_parent_only_when_asked_to(job: Path, tmp_path: Path) -> None:
    free = tmp_path / "free"
    free.mkdir()
    quick(free)
    parent = subprocess.Popen([sys.executable, "-c", _PARENT, str(job), str(free)], cwd=ROOT)
    wait_for_stage(job, "detect")
    wait_for_stage(free, "detect")
    parent.kill()
    parent.wait()
    wait_for(lambda: (job / ERROR).exists())
    wait_for(lambda: (free / RESULT).exists())
    assert not (job / RESULT).exists()


_PARENT = """
import os, subprocess, sys, time
slow = "import sys, backend.job.mock as m; m.STEP_S = 0.5; import backend.__main__ as b; b.main(sys.argv[1:])"
play = ["--mock", "success"]
subprocess.Popen([sys.executable, "-c", slow, "run", sys.argv[1], *play, "--with-parent", str(os.getpid())])
subprocess.Popen([sys.executable, "-m", "backend", "run", sys.argv[2], *play])
time.sleep(60)
"""


def test_the_first_event_comes_before_three_seconds_have_passed(job: Path) -> None:
    began_s = time.monotonic()
    backend = started("-m", "backend", "run", job)
    wait_for(lambda: bool(events(job)))
    assert time.monotonic() - began_s < 3.0
    backend.communicate()


def test_our_own_bug_is_said_to_be_ours_and_its_traceback_is_in_the_log(job: Path) -> None:
    def broken(job: Path, request: Request, watch: object) -> Result:
        with watch.stage("lift"):
            logging.getLogger(__name__).info("others log too")
            return 1 / 0

    outcome = run_job(job, broken)
    assert outcome == Failure("bug", "Mambocap failed while lifting to 3D; the fault is ours.",
                              f"Report it with {job / LOG}, where line 2 says why.", 2)  # fmt: skip
    assert exit_code(outcome) == OUR_BUG
    log = (job / LOG).read_text(encoding="utf-8")
    assert "lift did not finish" in log.splitlines()[1] and "ZeroDivisionError: division by zero" in log


def test_running_out_of_memory_is_not_called_a_bug(job: Path) -> None:
    def greedy(job: Path, request: Request, watch: object) -> Result:
        raise MemoryError

    outcome = run_job(job, greedy)
    assert outcome.sentence == "The memory of this machine was not enough while opening the footage."
    assert exit_code(outcome) == USER_CAN_MEND


def test_a_failed_run_leaves_the_results_of_the_run_before_it(job: Path) -> None:
    def refused(job: Path, request: Request, watch: object) -> Result:
        raise Refusal("no-person", "Nobody is there.", "Choose another clip.")

    run_job(job, nothing)
    run_job(job, refused)
    assert read_object(job / RESULT) is not None
    assert read_object(job / ERROR)["sentence"] == "Nobody is there."
    run_job(job, nothing)
    assert not (job / ERROR).exists()


REQUESTS = {
    "missing": (None, "no-request"),
    "empty": ("", "no-request"),
    "cut off": ('{"clips": ["a.mp4"', "no-request"),
    "bytes": ("\x00\x01\x02", "no-request"),
    "a list": ("[]", "no-request"),
    "deep": ("[" * 100_000, "no-request"),
    "no clips": ('{"clips": []}', "bad-request"),
    "clips of numbers": ('{"clips": [3]}', "bad-request"),
    "a path with a zero byte": ('{"clips": ["a\\u0000b"]}', "bad-request"),
    "settings as a list": ('{"clips": ["a.mp4"], "settings": []}', "bad-request"),
    "an actor folder that is none": ('{"clips": ["a.mp4"], "actor_folder": 7}', "bad-request"),
    "from the future": ('{"clips": ["a.mp4"], "protocol": 99}', "newer-request"),
}


@pytest.mark.parametrize("text, code", REQUESTS.values(), ids=REQUESTS.keys())
def test_a_request_that_cannot_be_used_is_refused(tmp_path: Path, text: str | None, code: str) -> None:
    if text is not None:
        (tmp_path / REQUEST).write_text(text)
    outcome = run_job(tmp_path, nothing)
    assert isinstance(outcome, Failure) and outcome.code == code
    assert read_object(tmp_path / ERROR)["sentence"] == outcome.sentence


def test_refusals_of_requests_word_for_word(tmp_path: Path) -> None:
    assert run_job(tmp_path, nothing).sentence == f"{tmp_path} holds no readable request.json."
    assert run_job(tmp_path / "x", nothing).sentence == f"There is no folder {tmp_path / 'x'}."
    (tmp_path / REQUEST).write_text('{"clips": ["a.mp4"], "protocol": 2}')
    assert run_job(tmp_path, nothing).sentence == "The extension is newer than the installed backend."


@not_on_windows("names are text there")
def test_a_name_that_is_no_text_travels_through_the_request(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \xf0\x9f\x92\x83.mp4")
    Request((name,)).write(tmp_path)
    seen: list[str] = []

    def look(job: Path, request: Request, watch: object) -> Result:
        seen.extend(request.clips)
        watch.warn(f"{name} is strange.")
        return Result(())

    assert isinstance(run_job(tmp_path, look), Result)
    assert seen == [name] and events(tmp_path)[-1].message == f"{name} is strange."


@not_on_windows("it limits no file's size")
def test_a_file_that_may_not_grow_ends_the_run_with_words_and_leaves_no_half_of_it(job: Path) -> None:
    ended = finished("-c", _SMALL_FILES_ONLY, job)
    assert ended.returncode == USER_CAN_MEND
    assert read_object(job / ERROR)["sentence"].startswith("The disk is full: motion.npz could not be written to")
    assert sorted(path.name for path in job.iterdir()) == [LOG, ERROR, EVENTS, LOCK, REQUEST]


_SMALL_FILES_ONLY = """
import resource, signal, sys
from pathlib import Path
from backend.job.run import exit_code, run_job
from backend.job.take import _aside
from motion.whole_files import written_whole

def work(job, request, watch):
    with _aside(job) as folder, written_whole(folder / "motion.npz") as stream:
        stream.write(bytes(9000))

resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.exit(exit_code(run_job(Path(sys.argv[1]), work)))
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 256 kB; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux":
        pytest.skip("mounting a small disk needs Linux")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_named_and_what_was_there_stays(small_disk: Path) -> None:
    Request(("dance.mp4",)).write(small_disk)
    run_job(small_disk, nothing)
    before = (small_disk / RESULT).read_bytes()

    def large(job: Path, request: Request, watch: object) -> Result:
        from motion.whole_files import written_whole

        with written_whole(job / "motion.npz") as stream:
            stream.write(bytes(1_000_000))
        return Result(())

    outcome = run_job(small_disk, large)
    assert outcome.sentence == f"The disk is full: motion.npz could not be written to {small_disk}."
    assert exit_code(outcome) == USER_CAN_MEND
    assert (small_disk / RESULT).read_bytes() == before and not (small_disk / "motion.npz").exists()


def test_a_disk_with_no_byte_left_still_ends_in_words(small_disk: Path) -> None:
    Request(("dance.mp4",)).write(small_disk)
    with open(small_disk / "ballast", "wb", buffering=0) as stream, pytest.raises(OSError):
        while True:
            stream.write(bytes(1024))
    outcome = run_job(small_disk, nothing)
    assert isinstance(outcome, Failure) and outcome.code == "disk-full"


def test_a_folder_that_may_not_be_written_is_refused_and_stays_as_it_is(small_disk: Path) -> None:
    Request(("dance.mp4",)).write(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    ended = finished("-m", "backend", "run", small_disk)
    assert ended.returncode == USER_CAN_MEND
    assert ended.stderr == (f"lock could not be written to {small_disk} (Read-only file system). "
                            "Choose a folder that you may write to.\n")  # fmt: skip
    with pytest.raises(Refusal):
        Request(("dance.mp4",)).write(small_disk)


def test_events_are_few_enough_for_hours_and_the_last_one_is_never_left_out(job: Path) -> None:
    def busy(job: Path, request: Request, watch: object) -> Result:
        with watch.stage("detect") as report:
            for done in range(20_000):
                report(done + 1, 20_000, 2)
        return Result(())

    run_job(job, busy)
    told = events(job)
    assert len(told) < 50
    assert (told[-1].stage, told[-1].done, told[-1].of, told[-1].people) == ("detect", 20_000, 20_000, 2)


def test_a_stop_set_from_outside_ends_a_stage_that_reports(job: Path) -> None:
    stop = threading.Event()

    def patient(job: Path, request: Request, watch: object) -> Result:
        with watch.stage("detect") as report:
            stop.set()
            while True:
                report(1, 0, 0)

    assert run_job(job, patient, stop=stop).code == "cancelled"


@pytest.mark.parametrize("script, code", [("success", DONE), ("failure", USER_CAN_MEND), ("crash", 139)])
def test_mock_runs_end_as_their_name_says(job: Path, script: str, code: int) -> None:
    assert finished("-m", "backend", "run", job, "--mock", script).returncode == code
    assert (job / RESULT).exists() == (script == "success")
    assert (job / ERROR).exists() == (script == "failure")


def test_a_hanging_mock_hears_nothing_but_its_end(job: Path) -> None:
    backend = started("-m", "backend", "run", job, "--mock", "hang")
    wait_for(lambda: any(event.done == 12 for event in events(job)))
    (job / CANCEL).touch()
    with pytest.raises(subprocess.TimeoutExpired):
        backend.communicate(timeout=1.5)
    backend.kill()
    backend.wait()


def test_cancelled_is_not_an_ordinary_error() -> None:
    assert not issubclass(Cancelled, Refusal)


def test_a_result_says_only_json(job: Path) -> None:
    run_job(job, nothing)
    assert json.loads((job / RESULT).read_text()) == {
        "people": [], "preview": "", "stages_s": {}, "warnings": [], "left_out": [], "people_edits": "",
        "cameras": [],
    }  # fmt: skip
