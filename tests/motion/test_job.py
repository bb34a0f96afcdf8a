"""What the two processes tell each other arrives, and what is no message harms nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.job import (
    EVENTS,
    RESULT,
    Event,
    LeftOut,
    PersonResult,
    Request,
    Result,
    read_events,
    read_object,
    read_request,
    read_result,
    write_json,
)  # fmt: skip

events = st.builds(
    Event, st.text(max_size=9), st.integers(0, 2**40), st.integers(0, 2**40), st.integers(0, 99), st.text(max_size=30),
    st.floats(0.0, 1e9),
)  # fmt: skip


@given(told=st.lists(events, max_size=5), split=st.integers(0, 400))
def test_events_arrive_whole_and_once_however_the_file_grows(
    tmp_path_factory: pytest.TempPathFactory, told: list[Event], split: int
) -> None:
    job = tmp_path_factory.mktemp("job")
    data = "".join(event.line() for event in told).encode()
    (job / EVENTS).write_bytes(data[:split])
    first, offset = read_events(job)
    (job / EVENTS).write_bytes(data)
    second, end = read_events(job, offset)
    assert first + second == told and end == len(data)


@given(st.binary(max_size=200))
def test_random_bytes_are_no_events_or_harmless_ones(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    job = tmp_path_factory.mktemp("job")
    (job / EVENTS).write_bytes(data + b"\n" + Event("lift", 3, 4).line().encode())
    assert read_events(job)[0][-1] == Event("lift", 3, 4)


@pytest.mark.parametrize("line", ['{"stage": "lift", "done": Infinity}', '{"stage": 3, "of": [1]}', "[" * 99_999, "7"])
def test_a_line_that_is_no_event_is_passed_over(tmp_path: Path, line: str) -> None:
    (tmp_path / EVENTS).write_text(line + "\n")
    assert read_events(tmp_path)[0] == []


def test_a_request_comes_back_as_it_was_written(tmp_path: Path) -> None:
    request = Request(("C:\\Filme\\Ärger.mp4", "踊り.mov"), {"video": {"in_s": 0.1}}, False, "actors")
    request.write(tmp_path)
    assert read_request(tmp_path) == request


def test_a_result_is_an_object_with_people(tmp_path: Path) -> None:
    Result((PersonResult("person_00", 10, 2.0, 5.0, None, 0.5),), "preview.mp4", {}, ("Dark.",)).write(tmp_path)
    value = read_object(tmp_path / RESULT)
    assert value["people"][0]["reprojection_px"] is None and value["warnings"] == ["Dark."]


def test_a_result_comes_back_as_it_was_written(tmp_path: Path) -> None:
    person = PersonResult("person_00", 10, 2.0, 5.0, None, 0.5, 3, "person_00/thumbnail.png", 0.5, 7.4)
    other = LeftOut(2, "merged into 3", "people_left_out/02.png", 1.0, 2.0)
    result = Result((person,), "preview.mp4", {}, ("Dark.",), (other,), "merge 3 2")
    result.write(tmp_path)
    assert read_result(tmp_path) == result


def test_a_result_of_an_older_backend_has_people_without_numbers(tmp_path: Path) -> None:
    write_json(tmp_path / RESULT, {"people": [{"folder": "person_00", "frames": 10, "seconds": 2.0, "seen_share": 1.0,
                                               "frames_per_second": 5.0, "reprojection_px": 3.0}]})  # fmt: skip
    (person,) = read_result(tmp_path).people
    assert (person.number, person.thumbnail) == (0, "") and not read_result(tmp_path).left_out


@given(st.recursive(st.none() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["people", "left_out", "number", "why", "folder"]), inner)))  # fmt: skip
def test_what_is_damaged_in_a_result_is_passed_over(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    job = tmp_path_factory.mktemp("job")
    write_json(job / RESULT, value)
    result = read_result(job)
    assert result is None or all(isinstance(one.number, int) for one in (*result.people, *result.left_out))
