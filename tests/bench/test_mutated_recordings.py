import numpy as np
import pytest

from bench.mutated_recordings import FORMATS, feed, mutated
from motion.recordings.text_file import TextFile, decoded


@pytest.mark.parametrize("kind", FORMATS)
def test_whole_files_are_read(kind: str):
    make, parse = FORMATS[kind]
    files = [TextFile(name, decoded(content).splitlines()) for name, content in make().items()]
    assert len(parse(*files, "walk").R_parent_from_joint) >= 3


@pytest.mark.parametrize("kind", FORMATS)
def test_damaged_files_give_a_recording_or_a_refusal_soon(kind: str, rng: np.random.Generator):
    outcome = feed(kind, 1000, rng)
    assert outcome.faults == []
    assert outcome.read > 20 and sum(outcome.refused.values()) > 500


def test_damage_is_the_same_for_the_same_seed():
    content = b"one two 3\nfour 5 6\n" * 10
    first, second = (mutated(content, np.random.default_rng(3)) for _ in range(2))
    assert first == second != content
