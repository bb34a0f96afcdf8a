"""The tap's answers are the product's, and its features are those from which the network tells its landmarks."""

import numpy as np

from backend.detect.crop import Crop
from backend.detect.networks.engines import open_network
from backend.detect.networks.graph import read_graph
from backend.detect.networks.pruning import with_output_instead
from backend.detect.pose_network import PoseNetwork
from backend.train.bank.feature_tap import FeatureTap, TappedNetwork
from tests.backend.detect.networks.installed_networks import MASK, dancer, pose_landmarks

CROPS = [Crop((128.0, 120.0), 220.0, 0.1), Crop((110.0, 140.0), 180.0, -0.3)]


def pieces():
    picture = (255 * dancer(1)[0]).astype(np.uint8)
    return [(picture, crop) for crop in CROPS]


def tap() -> FeatureTap:
    tapped, count = with_output_instead(pose_landmarks("lite"), MASK, feeding=0)
    return FeatureTap(TappedNetwork(open_network(tapped, "litert", threads=1), count))


def test_answers_are_those_without_a_tap():
    network = open_network(pose_landmarks("lite"), "litert", threads=1)
    plain = PoseNetwork(network, lambda: network).look(pieces())
    for expected, found in zip(plain, tap().look(pieces()), strict=True):
        np.testing.assert_array_equal(found.pose.landmarks_px, expected.pose.landmarks_px)
        np.testing.assert_array_equal(found.pose.landmarks_camera, expected.pose.landmarks_camera)


def test_each_crop_has_features_of_its_own_and_they_are_taken_once():
    looker = tap()
    looker.look(pieces())
    rows = np.array([[*crop.middle_px, crop.side_px, crop.turn_rad] for crop in (CROPS[1], CROPS[0])])
    features = looker.take(rows)
    assert features.shape[0] == 2 and np.isfinite(features).all()
    assert np.abs(features[0] - features[1]).max() > 0.01
    assert np.isnan(looker.take(rows)).all()


def test_the_features_lie_right_before_the_landmarks():
    graph = read_graph(pose_landmarks("lite"))
    tapped, count = with_output_instead(pose_landmarks("lite"), MASK, feeding=0)
    place = read_graph(tapped).outputs[MASK]
    makers = {tensor: operator for operator in graph.operators for tensor in operator.outputs}
    tensor = graph.outputs[0]
    while makers[tensor].kind != "CONV_2D":
        tensor = makers[tensor].inputs[0]
    assert makers[tensor].inputs[0] == place and graph.tensors[place].shape[-1] == count
