"""The joints of the two data sets."""

import pytest

from backend.lift.published.skeleton17 import HUMAN36M, MPI_INF_3DHP


@pytest.mark.parametrize("skeleton", [HUMAN36M, MPI_INF_3DHP])
def test_joints_are_a_tree_whose_sides_mirror_each_other(skeleton):
    assert len(skeleton.joints) == len(set(skeleton.joints)) == 17 and len(skeleton.bones) == 16
    for joint in range(17):
        above, steps = joint, 0
        while above != skeleton.root:
            above, steps = skeleton.parents[above], steps + 1
            assert steps < 17
        other = skeleton.mirrored[joint]
        assert skeleton.mirrored[other] == joint
        if joint != skeleton.root:
            assert skeleton.mirrored[skeleton.parents[joint]] == skeleton.parents[other]


def test_sides_are_where_the_data_sets_say():
    """The lists of the released evaluations."""
    assert [joint for joint in range(17) if HUMAN36M.mirrored[joint] != joint] == [*range(1, 7), *range(11, 17)]
    assert HUMAN36M.mirrored == (0, 4, 5, 6, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 11, 12, 13)
    assert MPI_INF_3DHP.mirrored == (0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 14, 15, 16)
    assert MPI_INF_3DHP.root == 14 and HUMAN36M.root == 0
