"""The command `batch`: what it begins, what it refuses, what it says, and its exit codes."""

from __future__ import annotations

import json
import re
import shlex
import signal
from pathlib import Path

import pytest

from backend.__main__ import _parser, main
from backend.batch import door
from backend.batch.task import Ended, Finished, Opened, Task
from backend.command_line import batch
from backend.job import parent_process
from backend.job.lock import locked
from motion.batch.words import BATCH, REPORT, REPORT_CSV, TABLE, BatchRequest, WantedTake, read_batch, read_table
from motion.job import CANCELLED, DONE, USER_CAN_MEND, Failure, PersonResult, Result, read_request
from motion.refusal import Refusal

DOCUMENT = Path(__file__).parents[3] / "docs/batch.md"
BROKEN = Failure("no-video", "broken.mp4 is not a video.", "Choose another file.")


class FakeEngine:
    """Does every task at once; takes called broken fail. `asked` are the takes that were begun."""

    where, slots = "this machine", 2

    def __init__(self, asked: list[str], on_start: object) -> None:
        self.asked, self.on_start, self.ended = asked, on_start, []

    def start(self, task: Task) -> None:
        if self.on_start:
            self.on_start()
        if task.kind == "open":
            self.asked.append(task.take)
        self.ended.append(Ended(task, self._outcome(task), 1.0))

    def _outcome(self, task: Task) -> Opened | Finished | Failure | Result:
        if task.kind == "open":
            return BROKEN if "broken" in task.take else Opened(tuple((20,) for _ in read_request(Path(task.job)).clips))
        if task.kind != "make":
            return Finished()
        result = Result((PersonResult("person_00", 20, 1.0, 20.0, None, 1.0),))
        result.write(Path(task.job))
        return result

    def wait(self, timeout_s: float) -> list[Ended]:
        ended, self.ended = self.ended, []
        return ended

    def told(self) -> list:
        return []

    def close(self) -> None:
        pass


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the takes that an engine was asked to begin."""
    takes: list[str] = []
    monkeypatch.setattr(batch, "open_engine", lambda folder, request: FakeEngine(takes, None))
    monkeypatch.setattr(door, "open_engine", lambda folder, request: FakeEngine(takes, None))
    return takes


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    folder = tmp_path / "shoot"
    folder.mkdir()
    for name in ("walk.mp4", "broken.mp4", "jump_cam1.mp4", "jump_cam2.mp4"):
        (folder / name).touch()
    return folder


def run(*words: str | Path) -> int:
    return main(["batch", *map(str, words)])


def test_all_takes_of_a_folder_are_captured_and_reported(asked, shoot, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    assert run(shoot, "--out", out, "--no-preview", "--height-m", "1.8", "--workers", "3") == USER_CAN_MEND
    assert asked == ["broken", "jump", "walk"]
    said = capsys.readouterr()
    assert said.out == (f"2 of 3 takes are done.\n1 take has failed; --retry captures them again.\n"
                        f"Report: {out / REPORT}\n")  # fmt: skip
    assert said.err.splitlines()[0] == "broken: failed. broken.mp4 is not a video. Choose another file."
    assert said.err.splitlines()[1:3] == ["jump: done, 1 person, 20 frames", "walk: done, 1 person, 20 frames"]
    request = read_batch(out)
    assert request.settings == {"body": {"height_m": 1.8}} and not request.preview and request.workers == 3
    assert request.takes[1] == WantedTake("jump", tuple(str(shoot / f"jump_cam{n}.mp4") for n in (1, 2)))
    assert (out / REPORT).exists() and (out / REPORT_CSV).exists()


def test_a_batch_goes_on_where_it_stopped_and_tries_the_failed_ones_only_if_asked(asked, shoot, tmp_path, capsys):
    out = tmp_path / "out"
    run(shoot, "--out", out)
    (shoot / "new.mp4").touch()
    for more, begun in ((), ["new"]), ((), []), (("--retry",), ["broken"]):
        asked.clear()
        capsys.readouterr()
        assert run(shoot, "--out", out, *more) == USER_CAN_MEND
        assert asked == begun
    assert "3 takes are there already." in capsys.readouterr().err
    rows = {row.name: row.seconds for row in read_table(out).takes}
    assert rows == {"broken": 1.0, "jump": 6.0, "new": 4.0, "walk": 4.0}   # of the runs that made them
    (shoot / "broken.mp4").unlink()
    assert run(shoot, "--out", out) == DONE


def test_failed_may_be_fine(asked, shoot, tmp_path) -> None:
    assert run(shoot, "--out", tmp_path / "out", "--failed-is-fine") == DONE
    assert run(tmp_path / "gone", "--out", tmp_path / "out", "--failed-is-fine") == USER_CAN_MEND


def test_the_table_is_there_for_machines(asked, shoot, tmp_path, capsys) -> None:
    run(shoot, "--out", tmp_path / "out", "--json")
    table = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["state"]) for row in table["takes"]] == [
        ("broken", "failed"), ("jump", "done"), ("walk", "done")]  # fmt: skip
    assert table["takes"][0]["sentence"] == BROKEN.sentence and not table["running"]


def test_parts_share_a_folder_and_one_report(asked, shoot, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    codes = [run(shoot, "--out", out, "--part", f"{k}/2") for k in (1, 2)]
    assert codes == [USER_CAN_MEND, DONE] and asked == ["broken", "walk", "jump"]
    assert {path.name for path in out.iterdir() if path.is_dir()} == {"broken", "walk", "jump", "parts"}
    capsys.readouterr()
    assert run(shoot, "--out", out, "--report", "--json") == USER_CAN_MEND
    rows = json.loads(capsys.readouterr().out)["takes"]
    assert [(row["name"], row["state"], row["seconds"]) for row in rows] == [
        ("broken", "failed", 1.0), ("jump", "done", 6.0), ("walk", "done", 4.0)]  # fmt: skip
    assert "jump" in (out / REPORT).read_text(encoding="utf-8")
    assert run("--out", out, "--report", "--failed-is-fine") == DONE   # without the footage
    assert run(shoot, "--out", out, "--part", "7/9") == DONE
    assert capsys.readouterr().out.endswith("There is no take in this part: there are fewer takes than parts.\n")


def test_a_report_says_what_is_missing(asked, shoot, tmp_path, capsys) -> None:
    run(shoot, "--out", tmp_path / "out", "--part", "2/3")
    capsys.readouterr()
    assert run(shoot, "--out", tmp_path / "out", "--report") == USER_CAN_MEND
    assert capsys.readouterr().out.splitlines()[:2] == ["1 of 3 takes is done.", "2 takes are missing."]
    assert run("--out", tmp_path / "gone", "--report") == USER_CAN_MEND
    assert "gone holds no batch. Choose the folder that a batch was told with --out." in capsys.readouterr().err


@pytest.mark.parametrize("more, sentence", [
    (("--height-m", "1.7"), "{out} holds a batch with other settings (body.height_m). Give the same settings to go on "
                            "with it, or choose another folder with --out."),
    (("--no-preview",), "{out} holds a batch with other settings (preview film). Give the same settings to go on with "
                        "it, or choose another folder with --out."),
    (("--part", "1/2", "--quality", "fast"), "{out} holds a batch with other settings (detect.quality). Give the same "
                                             "settings to go on with it, or choose another folder with --out."),
])  # fmt: skip
def test_other_settings_need_another_folder(asked, shoot, tmp_path, capsys, more, sentence) -> None:
    out = tmp_path / "out"
    run(shoot, "--out", out)
    before = (out / BATCH).read_bytes()
    capsys.readouterr()
    assert run(shoot, "--out", out, *more) == USER_CAN_MEND
    assert capsys.readouterr().err.strip() == sentence.format(out=out)
    assert (out / BATCH).read_bytes() == before


@pytest.mark.parametrize("more", [(), ("--part", "1/2")])
def test_a_batch_that_has_made_nothing_binds_nobody(asked, monkeypatch, shoot, tmp_path, capsys, more) -> None:
    def no_engine(*_: object) -> None:
        raise Refusal("no-cluster", "There is no cluster.", "Start one.")

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(batch, "open_engine", no_engine)
        assert run(shoot, "--out", out, *more) == USER_CAN_MEND
    assert capsys.readouterr() == ("", "There is no cluster. Start one.\n")
    assert run(shoot, "--out", out, "--height-m", "1.7") == USER_CAN_MEND and "walk" in asked


def test_a_batch_that_ends_early_says_once_why_and_what_is_kept(monkeypatch, shoot, tmp_path, capsys) -> None:
    begun: list[str] = []

    def lost() -> None:
        if "walk" in begun:
            raise Refusal("no-cluster", "The cluster is gone.", "Start it again.")

    monkeypatch.setattr(batch, "open_engine", lambda folder, request: FakeEngine(begun, lost))
    assert run(shoot, "--out", tmp_path / "walks" / ".." / "out") == USER_CAN_MEND
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == "The cluster is gone. Start it again."
    assert said.err.count("The cluster is gone.") == 1
    assert said.out.splitlines() == [
        "0 of 3 takes are done.", "1 take has failed; --retry captures them again.",
        "Stopped. The same command goes on from here; what is finished is kept.",
        f"Report: {tmp_path / 'out' / REPORT}",
    ]  # fmt: skip


def test_a_list_of_which_no_clip_is_there_is_refused_whole(asked, shoot, tmp_path, capsys) -> None:
    takes, out = tmp_path / "takes.csv", tmp_path / "out"
    takes.write_text("a, lost/a.mp4\nb, lost/b.mp4\n")
    assert run(takes, "--out", out) == USER_CAN_MEND and not asked and not out.exists()
    assert "The list takes.csv names no footage that is there, such as " in capsys.readouterr().err
    takes.write_text("a, shoot/walk.mp4\nb, lost/b.mp4\n")
    run(takes, "--out", out)
    assert asked == ["a", "b"]
    (shoot / "walk.mp4").unlink()
    assert run(takes, "--out", out) == DONE   # what is done needs no footage


def test_another_shoot_needs_another_folder(asked, shoot, tmp_path, capsys) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "Walk.mp4").touch()
    run(shoot, "--out", tmp_path / "out")
    assert run(other, "--out", tmp_path / "out") == USER_CAN_MEND
    assert f"holds a take Walk of another clip, {shoot / 'walk.mp4'}. To keep it, choose" in capsys.readouterr().err


@pytest.mark.parametrize("name", [REPORT, REPORT_CSV, TABLE])
def test_files_of_others_are_not_replaced(asked, shoot, tmp_path, capsys, name) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("mine")
    assert run(shoot, "--out", tmp_path / "out") == USER_CAN_MEND
    assert f"holds a {name} that is not from a batch here. Choose another folder" in capsys.readouterr().err
    assert (tmp_path / "out" / name).read_text() == "mine" and not asked


def test_nothing_is_begun_with_settings_that_are_none(asked, shoot, tmp_path, capsys) -> None:
    for words in (("--height-m", "180"), ("--ship",), ("--cameras", "walk")):
        assert run(shoot, "--out", tmp_path / "out", *words) == USER_CAN_MEND
    said = capsys.readouterr().err.splitlines()
    assert "A body height of 180 m is not a person's." in said[0]
    assert said[1] == "Footage can only be sent to a cluster. Add --cluster, or leave out --ship."
    assert not (tmp_path / "out").exists()
    assert main(["batch", "--out", str(tmp_path / "out")]) == USER_CAN_MEND
    assert "It is not said what to capture." in capsys.readouterr().err


def test_the_commands_of_the_documentation_are_understood() -> None:
    lines = re.findall(r"^    python3 build\.py (batch .*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) > 5
    for line in lines:
        options = _parser(["batch"]).parse_args(shlex.split(line, comments=True))
        assert options.out and (options.source or options.report), line


@pytest.mark.parametrize("words", [["--part", "3/2"], ["--part", "0/2"], ["--part", "x"], ["--workers", "0"], ["--ou"]])
def test_options_that_are_none_are_told(words, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        run("shoot", "--out", "out", *words)
    assert ended.value.code == USER_CAN_MEND and words[0] in capsys.readouterr().err


def test_ctrl_c_stops_in_words_and_what_is_finished_is_kept(monkeypatch, shoot, tmp_path, capsys) -> None:
    begun: list[str] = []
    interrupt = lambda: signal.raise_signal(signal.SIGINT) if "jump" in begun else None   # noqa: E731
    monkeypatch.setattr(batch, "open_engine", lambda folder, request: FakeEngine(begun, interrupt))
    before = signal.getsignal(signal.SIGINT)
    assert run(shoot, "--out", tmp_path / "out") == CANCELLED
    assert signal.getsignal(signal.SIGINT) is before
    assert "Stopped. The same command goes on from here; what is finished is kept." in capsys.readouterr().out


def test_nobody_gets_another_request_while_he_works(asked, shoot, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    run(shoot, "--out", out)
    before = (out / BATCH).read_bytes()
    with locked(out):
        assert run(shoot, "--out", out, "--retry") == USER_CAN_MEND
    assert "is already running in" in capsys.readouterr().err and (out / BATCH).read_bytes() == before


def test_blender_s_door_works_quietly_and_may_end_with_its_parent(asked, shoot, tmp_path, capsys, monkeypatch) -> None:
    parents: list[int] = []
    monkeypatch.setattr(parent_process, "stop_with", lambda parent, stop: parents.append(parent) or stop.set())
    BatchRequest((WantedTake("walk", (str(shoot / "walk.mp4"),)),)).write(tmp_path)
    assert main(["run-batch", str(tmp_path), "--with-parent", "4711"]) == CANCELLED
    assert parents == [4711] and not asked
    assert main(["run-batch", str(tmp_path)]) == DONE
    assert asked == ["walk"] and capsys.readouterr() == ("", "")
    assert main(["run-batch", str(tmp_path / "gone")]) == USER_CAN_MEND
