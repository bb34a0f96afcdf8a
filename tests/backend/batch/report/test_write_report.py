"""The report of a batch: nothing that lies in its folder can break or bend it."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.batch.report.csv_table import harmless
from backend.batch.report.take_report import file_name, table_there
from backend.batch.report.totals import duration
from backend.batch.report.write_report import write_report
from motion.batch.words import DONE, FAILED, REPORT, REPORT_CSV, UNFINISHED, WAITING, BatchTable, TakeRow, WantedTake
from motion.job import PREVIEW, REQUEST, RESULT, CameraResult, Failure, PersonResult, Request, Result

HOSTILE = '<img src=x onerror=alert(1)>"\'&;</script> \u202e \x01.mp4'
CARD = {"values": {"seen_percent": 90.0, "jitter_m_s3": 300.0, "sliding_mm": None}, "camera": "static",
        "check": [{"from_s": 1.0, "to_s": 2.5, "why": "a jump"}]}  # fmt: skip
PERSON = PersonResult("person_00", 240, 31.2, 7.7, 5.26, 0.98, 1, "person_00/thumbnail.png", 0.5, 8.5, CARD)


def done(folder: Path, name: str, *people: PersonResult, **more: object) -> TakeRow:
    """A take with its job folder and pictures."""
    job = folder / name
    for person in people:
        (job / person.folder).mkdir(parents=True)
        picture = cv2.imencode(".png", np.full((192, 192, 3), 90, dtype=np.uint8))[1]
        (job / person.folder / "thumbnail.png").write_bytes(picture.tobytes())
    job.mkdir(exist_ok=True)
    Result(people, **more).write(job)
    return TakeRow(name, (f"/shoot/{name}.mp4",), DONE, people=len(people), frames=240, grade="poor", seconds=40.0)


class Page(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed((folder / REPORT).read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data if self.tags and self.tags[-1][0] not in ("script", "style") else ""

    def attributes(self, tag: str, name: str) -> list[str]:
        return [attributes[name] or "" for found, attributes in self.tags if found == tag and name in attributes]

    @property
    def takes(self) -> list[str]:
        """Numbers of the takes from top to bottom."""
        return self.attributes("tbody", "data-number")


def lines(folder: Path) -> list[dict[str, str]]:
    with open(folder / REPORT_CSV, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_take_shows_its_card_its_picture_and_where_to_look(tmp_path) -> None:
    row = done(tmp_path, "walk", PERSON, preview=PREVIEW)
    (tmp_path / "walk" / PREVIEW).touch()
    write_report(tmp_path, BatchTable((row,), False, 0.0, 4, "this machine"))
    page = Page(tmp_path)
    an_hour = "360.0"   # clips, by four workers who need 40 s each
    for words in ("walk", "Jitter", "300 m/s³", "poor", "1.0 to 2.5 s: a jump", "this machine, 4 at a time", an_hour):
        assert words in page.words
    assert all(address.startswith("data:image/jpeg;base64,") for address in page.attributes("img", "src"))
    assert len(page.attributes("img", "src")) == 1
    assert {"./walk", "./walk/preview.mp4", "./report.csv"} == set(page.attributes("a", "href"))
    assert lines(tmp_path)[0] | {"take": "walk", "grade": "poor", "frames": "240", "Jitter m/s³": "300.0",
                                 "Seen %": "90.0", "Foot sliding mm a frame": ""} == lines(tmp_path)[0]  # fmt: skip


def test_the_page_holds_all_that_it_shows(tmp_path) -> None:
    write_report(tmp_path, BatchTable((done(tmp_path, "walk", PERSON),), False))
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert not re.search(r"https?://|@import|url\(|<link", text)
    assert "default-src 'none'" in text


def test_names_of_clips_are_text_whatever_they_say(tmp_path) -> None:
    row = TakeRow(HOSTILE, (f"/shoot/{HOSTILE}",), FAILED, sentence=f"{HOSTILE} is gone.", mend="Find it.")
    camera = CameraResult(HOSTILE, doubts=(HOSTILE,))
    other = done(tmp_path, "a%2Fb #1?", PERSON, warnings=(HOSTILE,), cameras=(camera, camera))
    write_report(tmp_path, BatchTable((row, other), False, message=HOSTILE))
    page, plain = Page(tmp_path), tmp_path / "plain"
    plain.mkdir()
    names = {"name": "a", "clips": ("/shoot/a.mp4",)}
    write_report(plain, BatchTable((TakeRow(**names, state=FAILED, sentence="b"), done(
        plain, "c", PERSON, warnings=("d",), cameras=(CameraResult("e", doubts=("d",)),) * 2)), False, message="g"))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in Page(plain).tags]
    assert page.words.count(HOSTILE) == 5   # name, sentence, message, two doubts, of which the warning is one
    assert page.words.count(HOSTILE.rpartition("/")[2]) == 8   # and clips, whose folders are not shown
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "./a%252Fb%20%231%3F" in page.attributes("a", "href")


def test_a_camera_that_was_left_out_is_told_in_the_row_and_why_once(tmp_path) -> None:
    why = "side.mp4 saw something else."
    cameras = CameraResult("front.mp4"), CameraResult("side.mp4", used=False, doubts=(why,))
    row = done(tmp_path, "walk", PERSON, warnings=(why, "It is dark."), cameras=cameras)
    write_report(tmp_path, BatchTable((replace(row, note="1 of 2 cameras used"),), False))
    words = Page(tmp_path).words
    assert words.count(why) == words.count("It is dark.") == words.count("1 of 2 cameras used") == 1


def test_names_that_are_no_text_can_be_written(tmp_path) -> None:
    write_report(tmp_path, BatchTable((TakeRow("walk", ("/shoot/\udcff.mp4",)),), False))
    assert "udcff.mp4" in Page(tmp_path).words and "udcff.mp4" in lines(tmp_path)[0]["clips"]


def test_what_failed_comes_first_then_what_is_poor(tmp_path) -> None:
    rows = tuple(TakeRow(name, (name,), state, grade=grade) for name, state, grade in (
        ("a", DONE, "good"), ("b", WAITING, ""), ("c", DONE, "poor"), ("d", FAILED, ""), ("e", DONE, "fair")))
    for row in rows:
        if row.state == DONE:
            done(tmp_path, row.name, PERSON)
    write_report(tmp_path, BatchTable(rows, False))
    assert Page(tmp_path).takes == list("31240")


@pytest.mark.parametrize("content", [b"", b"{broken", b"[]", b'{"people": [1, {"folder": "x"}], "cameras": 3}', b"\xff",
                                     b'{"people": [{"folder": "p", "frames": 3, "seconds": NaN, "last_s": Infinity, '
                                     b'"frames_per_second": 1, "reprojection_px": null, "seen_share": 1, "quality": '
                                     b'{"values": {"jitter_m_s3": NaN}, "camera": 3, "check": []}}]}'])  # fmt: skip
def test_a_damaged_result_costs_only_its_own_line(tmp_path, content) -> None:
    rows = done(tmp_path, "bad", PERSON), done(tmp_path, "walk", PERSON)
    (tmp_path / "bad" / RESULT).write_bytes(content)
    (tmp_path / "walk/person_00/thumbnail.png").write_bytes(content)
    write_report(tmp_path, BatchTable(rows, False))
    assert len(Page(tmp_path).takes) == 2 and "300 m/s³" in Page(tmp_path).words
    assert [line["take"] for line in lines(tmp_path)] == ["bad", "walk"]
    assert lines(tmp_path)[1]["Jitter m/s³"] == "300.0"


def test_takes_may_lie_elsewhere(tmp_path) -> None:
    home, folder = tmp_path / "out", tmp_path / "out/parts/1 of 2"
    folder.mkdir(parents=True)
    write_report(folder, BatchTable((done(home, "walk", PERSON),), False), home)
    assert "./../../walk" in Page(folder).attributes("a", "href") and "300 m/s³" in Page(folder).words


def test_the_table_of_what_is_there_needs_no_table(tmp_path) -> None:
    wanted = [WantedTake(name, (f"/shoot/{name}.mp4",)) for name in ("walk", "jump", "sit", "run", "lie")]
    done(tmp_path, "walk", PERSON)
    done(tmp_path, "run", PERSON)
    for name, code in (("jump", "damaged"), ("sit", "cancelled"), ("run", "damaged")):
        (tmp_path / name).mkdir(exist_ok=True)
        Failure(code, f"{name} is broken.", "Mend it.").write(tmp_path / name)
    for take in wanted[:4]:
        Request((f"Z:\\shoot\\{take.name}.mp4",)).write(tmp_path / take.name)   # as another machine saw it
    table = table_there(wanted, tmp_path, [tmp_path])
    assert [row.state for row in table.takes] == [DONE, FAILED, WAITING, FAILED, WAITING]
    assert table.takes[1].sentence == "jump is broken." and table.takes[0].grade == "poor"
    BatchTable((TakeRow("walk", wanted[0].clips, DONE, seconds=90.0), TakeRow("jump", ("other",), seconds=1.0)), False
               ).write(tmp_path)  # fmt: skip
    assert [row.seconds for row in table_there(wanted, tmp_path, [tmp_path]).takes[:2]] == [90.0, 0.0]


@pytest.mark.parametrize("change", [
    lambda job: (job / UNFINISHED).touch(), lambda job: (job / REQUEST).unlink(),
    lambda job: Request(("/shoot/walk.mp4", "/shoot/side.mp4")).write(job),
])  # fmt: skip
def test_results_that_are_not_of_this_take_are_missing(tmp_path, change) -> None:
    wanted = WantedTake("walk", ("/shoot/walk.mp4",))
    done(tmp_path, "walk", PERSON)
    Request(wanted.clips).write(tmp_path / "walk")
    assert table_there([wanted], tmp_path, []).takes[0].state == DONE
    change(tmp_path / "walk")
    assert table_there([wanted], tmp_path, []).takes[0].state == WAITING


@given(st.text(max_size=20) | st.sampled_from("=+-@\t\r\n＝").flatmap(lambda sign: st.just(f"{sign}cmd|' /C calc'!A0")))
def test_no_cell_is_a_formula(text) -> None:
    assert str(harmless(text)).lstrip()[:1] not in ("=", "+", "-", "@", "＝", "＋", "－", "＠")
    assert text in str(harmless(text))


def test_a_take_that_is_called_like_a_formula_is_not_one_in_the_table(tmp_path) -> None:
    rows = done(tmp_path, "=1+1", PERSON), TakeRow("@x", ("-y",), FAILED, sentence="+z", mend="")
    write_report(tmp_path, BatchTable(rows, False))
    assert [line["take"] for line in lines(tmp_path)] == ["'=1+1", "'@x"]
    assert lines(tmp_path)[1]["clips"] == "'-y" and lines(tmp_path)[1]["sentence"] == "'+z"
    assert (tmp_path / REPORT_CSV).read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("seconds, words", [(3.6, "4 s"), (187.0, "3:07 min"), (43530.0, "12:05 h"),
                                            (float("nan"), "")])  # fmt: skip
def test_durations_in_words(seconds, words) -> None:
    assert duration(seconds) == words


def test_a_clip_s_name_is_the_same_on_whatever_system_it_was_written() -> None:
    names = {file_name(clip) for clip in ("C:\\shoot\\Ku\u0308r.mp4", "/shoot/Kür.mp4", r"\\nas\shoot\Kür.mp4")}
    assert names == {"Kür.mp4"}
