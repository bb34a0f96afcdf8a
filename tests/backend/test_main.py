"""What the backend's command line makes of its arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.__main__ import main
from backend.command_line import capture
from backend.command_line.names import CALLED_AS, SAMPLE
from backend.command_line.options import all_options
from motion.job import USER_CAN_MEND


@pytest.fixture
def captured(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[Path], Path, dict]]:
    """Clips, folder and settings of every capture that is begun."""
    calls: list[tuple[list[Path], Path, dict]] = []
    monkeypatch.setattr(capture, "capture_clips", lambda clips, out, settings, *_: calls.append((clips, out, settings)))
    return calls


@pytest.mark.parametrize("option", [each for each in all_options() if not isinstance(each.default, bool)],
                         ids=lambda option: option.flag)  # fmt: skip
def test_the_value_of_an_option_is_no_clip(option, captured) -> None:
    given = "1" if option.default is None or option.default == "" else str(option.default)
    main(["capture", option.flag, given])
    (clips, out, settings), = captured
    assert (clips, out) == ([SAMPLE], Path("mambocap-sample")) and settings
    assert SAMPLE.is_file()


@pytest.mark.parametrize("words", [
    ["a.mp4", "b.mp4", "--quality", "fast", "--out", "o"],
    ["--quality", "fast", "a.mp4", "b.mp4", "--out", "o"],
    ["--out", "o", "--no-preview", "--quality=fast", "a.mp4", "b.mp4"],
])  # fmt: skip
def test_clips_stand_before_or_behind_the_options(words, captured) -> None:
    main(["capture", *words])
    assert captured == [([Path("a.mp4"), Path("b.mp4")], Path("o"), {"detect": {"quality": "fast"}})]


def test_the_sample_goes_where_it_is_told(captured) -> None:
    main(["capture", "--out", "o"])
    assert captured == [([SAMPLE], Path("o"), {})]


def test_a_capture_without_a_place_for_its_results_is_refused(captured, capsys) -> None:
    assert main(["capture", "a.mp4", "--quality", "fast"]) == USER_CAN_MEND
    assert capsys.readouterr().err == "It is not said where the results go. Add --out and a folder.\n"
    assert not captured


@pytest.mark.parametrize("called_as", ["python -m backend", "build.py"])
def test_help_shows_what_was_called_and_that_it_needs_nothing(called_as, monkeypatch, capsys) -> None:
    if called_as == "build.py":
        monkeypatch.setenv(CALLED_AS, called_as)
    with pytest.raises(SystemExit):
        main(["capture", "--help"])
    usage = capsys.readouterr().out.split("\n\n")[0]
    assert usage.startswith(f"usage: {called_as} capture [-h] [--out DIR]") and usage.endswith("[CLIP ...]")


def test_an_option_cut_short_is_refused(captured) -> None:
    with pytest.raises(SystemExit):
        main(["capture", "a.mp4", "--ou", "o"])
    assert not captured
