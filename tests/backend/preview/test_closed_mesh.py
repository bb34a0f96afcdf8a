"""A mesh with holes becomes one without, and the others stay as they are."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from backend.preview.closed_mesh import closed
from tests.box_body import box_body_model

BOX = box_body_model().faces[:12]


def open_edges(faces: np.ndarray) -> Counter:
    edges = Counter((int(a), int(b)) for face in faces for a, b in zip(face, np.roll(face, -1), strict=True))
    return Counter(edge for edge in edges if edges[edge] != edges[edge[::-1]])


def test_a_closed_mesh_stays_as_it_is():
    faces = box_body_model().faces
    np.testing.assert_array_equal(closed(faces), faces)


@pytest.mark.parametrize("missing", [[0], [0, 1], [4, 5, 0], [0, 1, 2, 3]])
def test_a_box_without_some_faces_gets_as_many_back_and_has_no_open_edge(missing):
    mended = closed(np.delete(BOX, missing, axis=0))
    assert len(mended) == 12
    assert not open_edges(mended)


def test_the_lid_faces_outwards():
    vertices = box_body_model().vertices[:8]
    corners = vertices[closed(np.delete(BOX, [2, 3], axis=0))]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.einsum("fi,fi->f", normals, corners.mean(axis=1) - vertices.mean(axis=0)) > 0).all()


def test_each_of_several_holes_is_covered():
    faces = np.delete(box_body_model().faces, [1, 15, 40, 41], axis=0)
    assert not open_edges(closed(faces))


def test_one_face_alone_and_no_face_are_no_error():
    assert len(closed(BOX[:1])) == 2
    assert len(closed(np.zeros((0, 3), dtype=np.int64))) == 0
