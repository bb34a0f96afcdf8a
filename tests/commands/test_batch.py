"""What build.py makes of a batch's arguments."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from commands import batch


@pytest.mark.parametrize("argv, device", [
    (["shoot", "--out", "o", "--device", "cuda", "--retry"], "cuda"), (["--device=cpu", "shoot", "--out=o"], "cpu"),
    (["--help"], "auto"),
])  # fmt: skip
def test_the_backend_gets_every_word_and_gives_the_code(argv, device, monkeypatch):
    asked = []
    monkeypatch.setattr(batch, "ready_backend", lambda wanted: asked.append(wanted) or Path("python"))
    monkeypatch.setattr(batch, "call_module", lambda python, module, words:
                        asked.append(words) or subprocess.CompletedProcess([], 3))  # fmt: skip
    assert batch.run(argv) == 3
    assert asked == [device, ["batch", *argv, "--with-parent", str(os.getpid())]]   # a farm's kill reaches only us
