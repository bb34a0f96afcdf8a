import pytest
import torch

from backend.train.errors.exchanges import KINDS, ORDERS, exchanged, found_exchanges
from motion.landmarks import LANDMARK
from tests.backend.train.errors.made_up_views import STANDING


def flags(*kinds: str) -> torch.Tensor:
    return torch.tensor([kind in kinds for kind in KINDS])


@pytest.mark.parametrize("kind", KINDS)
def test_exchanging_twice_changes_nothing(kind):
    points = torch.randn(33, 3, generator=torch.Generator().manual_seed(3))
    once = exchanged(points, flags(kind))
    assert not torch.equal(once, points)
    assert torch.equal(exchanged(once, flags(kind)), points)


def test_arms_and_legs_together_are_the_body():
    points = torch.randn(33, 3, generator=torch.Generator().manual_seed(4))
    assert torch.equal(exchanged(points, flags("arms", "legs")), exchanged(points, flags("body")))


def test_the_face_keeps_its_sides():
    assert all(ORDERS["body"][LANDMARK[name]] == LANDMARK[name] for name in ("nose", "left_ear", "mouth_right"))


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_exchanged_is_found_under_noise(kind):
    said = exchanged(STANDING + 0.02 * torch.randn(33, 3, generator=torch.Generator().manual_seed(5)), flags(kind))
    assert torch.equal(found_exchanges(said, STANDING), flags(kind))
    assert not found_exchanges(exchanged(said, flags(kind)), STANDING).any()
