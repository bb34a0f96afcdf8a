"""What pip's failures are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.environments.pip_words import why_pip_failed

NO_MATCH = "ERROR: No matching distribution found for torch==2.13.0"
RETRYING = ("WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(\"Failed to establish a "
            "new connection: [Errno 111] Connection refused\")': /simple/torch/")  # fmt: skip


NO_FILE = "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\a.txt'"


@pytest.mark.parametrize("said, wheels, code", [
    (["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"], None, "disk-full"),
    ([RETRYING, NO_MATCH], None, "no-network"),
    ([NO_MATCH], None, "no-such-package"),
    ([NO_MATCH], Path("wheels"), "no-such-wheel"),
    (["ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'"], None, "unwritable"),
    ([NO_FILE, "HINT: ... since this system does not have Windows Long Path support enabled."], None, "long-name"),
    (["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES."], None, "pip-failed"),
    ([], None, "pip-failed"),
])  # fmt: skip
def test_each_failure_has_its_kind_and_two_sentences(said, wheels, code):
    refusal = why_pip_failed(said, 1, Path("environments/backend"), wheels, Path("install.log"))
    assert refusal.code == code
    for words in (refusal.sentence, refusal.mend):
        assert words.endswith((".", ")")) and ".." not in words and "\n" not in words
