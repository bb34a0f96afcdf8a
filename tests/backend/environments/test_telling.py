"""How an installation tells its progress."""

from __future__ import annotations

import io
import json

from backend.environments.telling import Lines, Step, end_line, json_lines


def test_every_json_line_is_whole_and_has_the_five_words():
    stream = io.StringIO()
    json_lines(stream)(Step("download", "Fetching «naïve» packages", 3, 420, 3_100_000))
    assert json.loads(stream.getvalue()) == {
        "stage": "download", "message": "Fetching «naïve» packages", "done": 3, "of": 420, "bytes": 3_100_000,
    }  # fmt: skip


def test_a_log_file_is_not_flooded():
    stream = io.StringIO()
    tell = Lines(stream)
    for megabyte in range(400):
        tell(Step("download", "Fetching packages", megabyte, 420))
    tell(Step("install", "Unpacking torch"))
    tell.close()
    assert stream.getvalue() == "Fetching packages (0 of 420 MB)\nUnpacking torch\n"


def test_a_terminal_sees_one_line_grow():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    tell = Lines(stream)
    for megabyte in range(3):
        tell(Step("download", "Fetching packages", megabyte, 420))
    tell(Step("install", "Unpacking torch"))
    assert stream.getvalue().count("\n") == 1
    end_line(tell)
    assert stream.getvalue().count("\n") == 2
