"""The night of clips: what is made for it, what is told of its results, and what is found that was left behind."""

from __future__ import annotations

import argparse
import subprocess
import sys
import types
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.batch.task import Kind
from backend.job.lock import locked
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from bench import batch, batch_films, batch_kills, batch_night, process_tree
from bench.batch_broken import WAYS
from bench.batch_compare import Compared, check_truth, compared
from bench.batch_figures import CAPTURES, GOALS, ONE, RAY, TWO, figures_of, print_goals, print_runs
from bench.batch_left import left_behind, own_temporary
from bench.batch_night import Night, _kinds, made_night
from bench.batch_run import Death, Run, checked
from bench.batch_ways import Ran
from bench.two_nodes import OF_TASKS
from motion.batch.words import DONE, FAILED, BatchTable, TakeRow, WantedTake
from motion.job import MOTION, Failure, Result
from motion.refusal import Refusal

NIGHT = Night((WantedTake("walk", ("walk.mp4",)), WantedTake("jump", ("jump_cam1.mp4", "jump_cam2.mp4")),
               WantedTake("empty", ("empty.mp4",))), frozenset({"empty"}))  # fmt: skip
EMPTY = Failure("empty-file", "empty.mp4 is empty.", "Copy it again.")
ROWS = {
    "walk": TakeRow("walk", state=DONE), "jump": TakeRow("jump", state=DONE),
    "empty": TakeRow("empty", state=FAILED, sentence=EMPTY.sentence, mend=EMPTY.mend),
}  # fmt: skip


def done(folder: Path, take: str, *people: bytes) -> None:
    for number, content in enumerate(people):
        (folder / take / f"person_{number:02d}").mkdir(parents=True)
        (folder / take / f"person_{number:02d}" / MOTION).write_bytes(content)
    Result(()).write(folder / take)


def night_in(folder: Path, rows: dict[str, TakeRow] = ROWS) -> Path:
    done(folder, "walk", b"one")
    done(folder, "jump", b"two", b"three")
    (folder / "empty").mkdir()
    EMPTY.write(folder / "empty")
    BatchTable(tuple(rows.values()), running=False).write(folder)
    return folder


def test_a_night_of_sixty_has_six_broken_clips_and_every_kind_of_good_one():
    kinds = _kinds(60)
    twice = [kind for kind in kinds if kind.startswith("both_")]
    assert len(kinds) + len(twice) == 60
    assert [kind for kind in kinds if kind in WAYS] == list(WAYS) and len(WAYS) == 6
    assert (len(twice), kinds.count("two"), kinds.count("long")) == (3, 6, 2)


def test_takes_of_a_night_are_found_by_their_names(tmp_path, monkeypatch):
    for name in ("short_film", "long_film", "film_of_two"):
        monkeypatch.setattr(batch_night, name, lambda path, *_: path.touch())
    monkeypatch.setattr(batch_night, "films_of_two_cameras", lambda paths, *_: [path.touch() for path in paths])
    monkeypatch.setattr(batch_night, "WAYS", dict.fromkeys(WAYS, Path.touch))
    night = made_night(tmp_path / "footage", 60, seed=3)
    assert (night.clips, len(night.takes), len(night.good), len(night.broken)) == (60, 57, 51, 6)
    assert {name.split("_", 1)[1] for name in night.broken} == set(WAYS)
    assert sorted(len(take.clips) for take in night.takes)[-4:] == [1, 2, 2, 2]
    with pytest.raises(Refusal, match="A night of 9 clips"):
        made_night(tmp_path / "less", 9, seed=3)


def test_the_same_seed_gives_the_same_pictures(tmp_path, monkeypatch):
    written: list[tuple[np.ndarray, float]] = []
    monkeypatch.setattr(batch_films, "_write", lambda _, shown, scale: written.append((np.stack(shown), scale)))
    for seed in (5, 5, 6):
        batch_films.short_film(tmp_path / "film.mp4", batch_films.sources()[3], np.random.default_rng(seed))
    (first, first_scale), (same, same_scale), (other, _) = written
    assert np.array_equal(first, same) and first_scale == same_scale
    assert not np.array_equal(first, other)


def test_broken_clips_are_refused_each_in_words_of_its_own(tmp_path):
    sentences = set()
    for name, make in WAYS.items():
        make(tmp_path / f"{name}.mp4")
        if name != "nobody":        # which only detection finds out
            with pytest.raises(Refusal) as refused:
                open_clip(tmp_path / f"{name}.mp4", VideoSettings())
            sentences.add(refused.value.sentence.removeprefix(f"{name}.mp4 "))
    assert len(sentences) == 5
    assert open_clip(tmp_path / "nobody.mp4", VideoSettings()).picture_count == 12


def test_a_night_like_its_captures_is_told_so(tmp_path):
    truth = night_in(tmp_path / "truth")
    check_truth(truth, NIGHT)
    assert compared(night_in(tmp_path / "batch"), truth, NIGHT) == Compared()


@pytest.mark.parametrize("change", ["one byte", "a person less", "a person more"])
def test_a_take_differs_by_any_difference_of_anybody(tmp_path, change):
    truth, folder = night_in(tmp_path / "truth"), night_in(tmp_path / "batch")
    second = folder / "jump" / "person_01" / MOTION
    if change == "one byte":
        second.write_bytes(b"threE")
    elif change == "a person less":
        second.unlink()
    else:
        done(folder, "walk", *[])
        (folder / "jump" / "person_02").mkdir()
        (folder / "jump" / "person_02" / MOTION).write_bytes(b"four")
    found = compared(folder, truth, NIGHT)
    assert (found.lost, found.differing, found.takes, found.words) == ((), ("jump",), {"jump"}, ("jump differs",))


@pytest.mark.parametrize("row", [None, replace(ROWS["jump"], state=FAILED, sentence="Lost."),
                                 replace(ROWS["jump"], state="working")])  # fmt: skip
def test_a_good_take_that_the_table_does_not_call_done_is_lost(tmp_path, row):
    rows = {name: each for name, each in {**ROWS, "jump": row}.items() if each}
    found = compared(night_in(tmp_path / "batch", rows), night_in(tmp_path / "truth"), NIGHT)
    assert (found.lost, found.differing, found.said_otherwise) == (("jump",), (), ())
    assert "jump is not there" in found.words[0]


@pytest.mark.parametrize("row", [None, replace(ROWS["empty"], sentence="Mambocap failed; the fault is ours."),
                                 replace(ROWS["empty"], state=DONE)])  # fmt: skip
def test_a_broken_clip_needs_the_sentence_of_its_capture(tmp_path, row):
    rows = {name: each for name, each in {**ROWS, "empty": row}.items() if each}
    found = compared(night_in(tmp_path / "batch", rows), night_in(tmp_path / "truth"), NIGHT)
    assert (found.lost, found.differing, found.said_otherwise) == ((), (), ("empty",))


def test_captures_that_are_not_as_meant_are_no_truth(tmp_path):
    truth = night_in(tmp_path / "truth")
    EMPTY.write(truth / "walk")
    with pytest.raises(Refusal, match="walk is to be a good take"):
        check_truth(truth, NIGHT)
    (truth / "walk" / "error.json").unlink()
    Failure("bug", "The fault is ours.", "Report it.").write(truth / "empty")
    with pytest.raises(Refusal, match="empty is to be a broken take"):
        check_truth(truth, NIGHT)


def test_what_is_left_behind_has_a_name(tmp_path):
    folder, temporary = night_in(tmp_path / "batch"), tmp_path / "temporary"
    temporary.mkdir()
    with locked(folder / "walk"):
        pass
    assert left_behind(folder, temporary) == []
    (folder / "jump" / "cache").mkdir()
    (folder / "jump" / "cache" / ".detect-1.npz.77.tmp").touch()
    (folder / "walk" / ".writing").mkdir()
    (folder / "jump" / "lock").write_text("77")
    (temporary / "code").mkdir()
    said = left_behind(folder, temporary)
    assert len(said) == 4
    assert {words.split()[0] for words in said} == {"half-written", "locked", "temporary"}


def test_a_lock_that_a_process_holds_is_left_behind(tmp_path):
    (tmp_path / "batch" / "walk").mkdir(parents=True)
    (tmp_path / "temporary").mkdir()
    hold = ("import sys; from pathlib import Path; from backend.job.lock import locked\n"
            "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()")  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", hold, str(tmp_path / "batch" / "walk")], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as process:  # fmt: skip
        assert process.stdout.readline() == "held\n"
        assert left_behind(tmp_path / "batch", tmp_path / "temporary") == ["locked walk"]


def test_children_get_the_temporary_folder_too(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    say = [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"]
    with own_temporary(tmp_path / "own") as own:
        assert subprocess.check_output(say, text=True).strip() == str(own)
    assert subprocess.check_output(say, text=True).strip() == str(tmp_path)


AS_CAPTURED = Compared()


def run(way: str, seconds: float, found: Compared = AS_CAPTURED, death: Death | None = None, left: tuple[str, ...] = ()
        ) -> Run:  # fmt: skip
    return Run(way, Ran(Path(), seconds, 2 * seconds, 0, ()), None if way == CAPTURES else found, left, death)


def test_figures_are_of_all_runs_and_medians_of_what_is_timed():
    figures = figures_of(NIGHT, [
        run(CAPTURES, 9.0), run(TWO, 10.0), run(RAY, 10.9), run(ONE, 17.0), run(TWO, 11.0), run(RAY, 99.0),
        run(TWO, 90.0), run(RAY, 11.0),
        run("round 1", 14.0, Compared(lost=("jump",)), Death(0.5, 3.0), ("7 x",)),
        run("round 2", 14.0, Compared(lost=("jump",), said_otherwise=("empty",)), Death(0.7)),
    ])  # fmt: skip
    assert (figures["clips"], figures["identical"], figures["lost"], figures["failed_with_sentence"]) == (4, 1, 4, 0)
    assert (figures["rounds"], figures["kills"], figures["left_behind"]) == (2, 1, 1)
    assert figures["ray_overhead"] == pytest.approx(0.0)
    assert figures["speedup_2_workers"] == pytest.approx(17.0 / 11.0)
    reached = {goal.key for goal in GOALS if goal.reached(figures)}
    assert reached == {"clips", "ray_overhead"}


def test_what_differs_in_one_run_is_not_identical_in_every_run():
    runs = [run(TWO, 9.0, Compared(differing=("jump",))), run(RAY, 9.0, Compared(differing=("walk",)))]
    figures = figures_of(NIGHT, runs)
    assert (figures["identical"], figures["lost"], figures["failed_with_sentence"]) == (0, 0, 1)


def test_a_night_as_it_is_to_be_reaches_all_goals(capsys, tmp_path):
    truth, folder = night_in(tmp_path / "truth"), night_in(tmp_path / "batch")
    same = compared(folder, truth, NIGHT)
    death = Death(0.5, 3.0, 0.52, ("detect walk",), 4.0)
    runs = [replace(run(way, seconds, death=death if "round" in way else None), compared=same)
            for way, seconds in ((CAPTURES, 9.0), (TWO, 10.0), (RAY, 10.9), (ONE, 18.0), ("round", 15.0))]  # fmt: skip
    figures = figures_of(NIGHT, runs)
    assert all(goal.reached(figures) for goal in GOALS)
    print_runs(figures)
    print_goals(figures)
    printed = capsys.readouterr().out
    assert "NO" not in printed and "detect walk" in printed and "4.0 s later" in printed


def test_what_was_not_measured_is_not_judged(capsys):
    print_goals(figures_of(NIGHT, [run(CAPTURES, 9.0)]))
    printed = capsys.readouterr().out
    assert "clips of the night" in printed and "Ray" not in printed and "killed" not in printed


class Nodes:
    """A cluster that notes what is done to it."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def kill_worker_node(self) -> tuple[str, ...]:
        self.done.append("killed")
        return ("make walk",)

    def join_again(self) -> None:
        self.done.append("joined")


def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaces: bool, shares: list[float], over: bool
            ) -> tuple[Death, list[str]]:  # fmt: skip
    tables = iter([*shares, *[shares[-1]] * 9])
    monkeypatch.setattr(batch_kills, "_share", lambda _: next(tables))
    monkeypatch.setattr(batch_kills.time, "sleep", lambda _: None)
    driver, nodes = types.SimpleNamespace(poll=lambda: 0 if over else None), Nodes()
    killer = batch_kills._Killer(np.random.default_rng(1), replaces)
    killer.watch(tmp_path, driver, nodes)   # type: ignore[arg-type]
    return killer.death, nodes.done


def test_the_node_dies_when_its_share_is_done(tmp_path, monkeypatch):
    death, done = watched(tmp_path, monkeypatch, False, [0.0, 0.05, 0.81, 0.9], over=False)
    assert 0.1 <= death.planned_share <= 0.8
    assert (death.at_share, death.while_working_on, death.replaced_after_s) == (0.9, ("make walk",), None)
    assert done == ["killed"]


def test_a_fresh_node_takes_its_place(tmp_path, monkeypatch):
    death, done = watched(tmp_path, monkeypatch, True, [0.9], over=False)
    assert done == ["killed", "joined"] and 2.0 <= death.replaced_after_s <= 8.0


@pytest.mark.parametrize("shares, over", [([0.9, 1.0], False), ([0.9], True), ([0.0], True)])
def test_a_night_that_was_over_had_no_death(tmp_path, monkeypatch, shares, over):
    death, done = watched(tmp_path, monkeypatch, True, shares, over)
    assert death.at_s is None and done == []


def test_ray_titles_of_tasks_are_told_from_those_of_its_own():
    assert {title.split("::")[1].strip() for title in OF_TASKS} == set(Kind.__args__)
    assert not "ray::IDLE".startswith(OF_TASKS)


class Process:
    """As psutil's."""

    def __init__(self, pid: int, words: str = "") -> None:
        self.pid, self.words, self.alive, self.used_s = pid, words, True, 1.0
        self.below: list[Process] = []

    def children(self, recursive: bool) -> list[Process]:
        return [each for each in self.below if each.alive]

    def cpu_times(self) -> types.SimpleNamespace:
        if not self.alive:
            raise ProcessLookupError
        return types.SimpleNamespace(user=self.used_s, system=0.5)

    def memory_info(self) -> types.SimpleNamespace:
        return types.SimpleNamespace(rss=7)

    def is_running(self) -> bool:
        return self.alive

    def status(self) -> str:
        return "running"

    def cmdline(self) -> list[str]:
        return [self.words]

    def name(self) -> str:
        return "python"


def test_orphans_are_alive_and_the_dead_and_the_earlier_ones_are_not(monkeypatch):
    here, earlier, worker, orphan = Process(1), Process(2, "earlier"), Process(3, "worker"), Process(4, "ray::IDLE")
    here.below = [earlier]
    monkeypatch.setattr(process_tree, "psutil_of_ray", lambda: types.SimpleNamespace(
        Process=lambda: here, Error=ProcessLookupError, STATUS_ZOMBIE="zombie"))  # fmt: skip
    with process_tree.ProcessTree() as tree:
        here.below = [earlier, worker, orphan]
        assert tree.cpu_s() == pytest.approx(3.0)
        worker.alive, earlier.used_s = False, 2.0
        here.below = [earlier]
        orphan.words = f"{200 * 'x'} ray::IDLE"
        assert tree.alive(0.0) == (f"4 {200 * 'x'}"[: process_tree.LONGEST_WORDS],)
        assert tree.alive(0.0, ("IDLE",)) == ()
        assert tree.cpu_s() == pytest.approx(4.0)      # what the dead used counts
    assert tree.peak_bytes == 21


def test_the_bench_runs_what_is_asked_for_in_turns(tmp_path, monkeypatch):
    asked: list[str] = []

    def noted(way: str, folder: Path, truth: Path, night: Night, do: object) -> Run:
        asked.append(way)
        return run(way, 1.0)

    monkeypatch.setattr(batch, "checked", noted)
    monkeypatch.setattr(batch, "check_truth", lambda *_: None)
    monkeypatch.setattr(batch, "kill_round", lambda *_: asked.append("death") or run("death", 1.0))

    def runs(**given: object) -> list[str]:
        asked.clear()
        options = argparse.Namespace(**{"only": None, "repeats": 1, "rounds": 2, "seed": 1} | given)
        list(batch._runs(tmp_path, NIGHT, options))
        return list(asked)

    assert runs() == [CAPTURES, TWO, RAY, ONE, "death", "death"]
    assert runs(only="overhead", repeats=2) == [CAPTURES, TWO, RAY, RAY, TWO]
    assert runs(only="speed") == [CAPTURES, TWO, ONE]
    assert runs(only="kills", rounds=1) == [CAPTURES, "death"]
    assert runs(only="sequential") == [CAPTURES]


def test_a_run_is_compared_and_looked_after(tmp_path, monkeypatch):
    monkeypatch.setattr("bench.batch_run.ProcessTree", _NoTree)
    truth = night_in(tmp_path / "truth")

    def do(folder: Path) -> Ran:
        night_in(folder)
        (folder / "walk" / "cancel").touch()
        return Ran(folder, 3.0, 4.0, 5, ("8 worker",))

    found = checked(TWO, tmp_path / "two", truth, NIGHT, do)
    assert found.compared == Compared()
    assert found.left == ("8 worker", "9 raylet", f"half-written {Path('walk', 'cancel')}")
    assert found.as_figures()["compared"]["lost"] == ()
    assert checked(CAPTURES, tmp_path / "captures", tmp_path / "captures" / "batch", NIGHT, do).compared is None


class _NoTree:
    def __enter__(self) -> _NoTree:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def alive(self, patience_s: float) -> tuple[str, ...]:
        return ("9 raylet",)
