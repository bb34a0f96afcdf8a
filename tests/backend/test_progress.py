from __future__ import annotations

import pytest

from backend.progress import part_of


def test_parts_of_a_stage_add_up_to_it() -> None:
    heard: list[tuple[int, int, int]] = []
    for index, pictures in enumerate((50, 200, 0, 30)):
        report = part_of(lambda *told: heard.append(told), (50, 200, 0, 30), index)
        for done in range(0, pictures + 1, 10):
            report(2 * done, 2 * pictures, 1)   # a part may count more steps than it has pictures
    done = [told[0] for told in heard]
    assert done == sorted(done) and done[0] == 0 and done[-1] == 280
    assert {of for _, of, _ in heard} == {280} and {people for _, _, people in heard} == {1}


@pytest.mark.parametrize("done, of", [(5, 0), (7, 5)])
def test_a_part_that_does_not_know_its_end_stays_within_its_own(done: int, of: int) -> None:
    heard: list[tuple[int, int, int]] = []
    part_of(lambda *told: heard.append(told), (10, 10), 1)(done, of, 0)
    assert 10 <= heard[0][0] <= 20
