"""Benchmarks are found by being in their folder."""

from bench.__main__ import benches


def test_what_measures_is_listed_with_a_sentence_and_what_only_helps_is_not():
    found = benches()
    assert {"accuracy", "speed", "world"} <= found.keys()
    assert not {"strips", "tables", "small_lifter", "one_capture"} & found.keys()
    assert all(sentence and not sentence.startswith('"') and "\n" not in sentence for sentence in found.values())
