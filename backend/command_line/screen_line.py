"""A line for people that is written over on a screen; where there is none, only lines that stay."""

from __future__ import annotations

import shutil
from typing import Self, TextIO

ERASE_LINE = "\r\x1b[K"


class ScreenLine:
    """The last line on `stream`; it is gone when the block ends."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.on_screen = stream.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.over("")

    def over(self, words: str) -> None:
        """In place of what was written over before, as much of it as the screen is wide; nothing without a screen."""
        if self.on_screen:
            self._write(ERASE_LINE + words[: shutil.get_terminal_size().columns - 1])

    def stays(self, line: str) -> None:
        """A line that is not written over."""
        self._write(f"{ERASE_LINE if self.on_screen else ''}{line}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
