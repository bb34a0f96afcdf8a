import numpy as np

from backend.cameras.projection import projected, rays, root_by_reprojection

K = np.array([[1100.0, 0.0, 350.0], [0.0, 1090.0, 620.0], [0.0, 0.0, 1.0]])


def test_a_ray_leads_back_to_its_pixel(rng):
    pixels = rng.uniform(-500, 1500, size=(9, 4, 2))
    np.testing.assert_allclose(projected(3.7 * rays(pixels, K), K), pixels)


def test_the_root_is_found_where_it_is(rng):
    points, root = rng.normal(size=(6, 12, 3)) * 0.4, rng.uniform([-1, -1, 3], [1, 1, 6], size=(6, 3))
    pixels = projected(points + root[:, None], K)
    np.testing.assert_allclose(root_by_reprojection(points, pixels, np.ones((6, 12)), K), root, atol=1e-6)


def test_points_that_were_not_seen_do_not_count(rng):
    points, root = rng.normal(size=(1, 12, 3)) * 0.4, np.array([[0.3, -0.2, 4.0]])
    pixels, weights = projected(points + root[:, None], K), np.ones((1, 12))
    pixels[0, 3] = np.nan
    pixels[0, 7] += 300.0
    weights[0, 7] = 0.0
    np.testing.assert_allclose(root_by_reprojection(points, pixels, weights, K), root, atol=1e-6)
