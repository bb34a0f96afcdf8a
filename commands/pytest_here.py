"""Runs pytest in this interpreter and notes every outcome at once, so that a crash loses none.

python pytest_here.py OUTCOMES_FILE [pytest options]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class Outcomes:
    """A pytest plugin: appends passed, failed or skipped to a file, a line per test."""

    def __init__(self, path: str) -> None:
        self.stream = open(path, "w", encoding="utf-8", buffering=1)

    def pytest_runtest_logreport(self, report) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.stream.write(report.outcome + "\n")

    def pytest_collectreport(self, report) -> None:
        if report.outcome != "passed":
            self.stream.write(report.outcome + "\n")


def main(arguments: list[str]) -> int:
    sys.path[0] = str(ROOT)
    import pytest

    return int(pytest.main(arguments[1:], plugins=[Outcomes(arguments[0])]))


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # Blender's module may hang when the interpreter takes it down
