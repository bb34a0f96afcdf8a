"""Bodies of a given height, and on other bones than their own."""

from __future__ import annotations

from motion.arrays import Array
from motion.body import Body, BodyModel
from motion.skeleton import Skeleton
from motion.smplx_file import SMPLX, fitted_betas


def body_of_height(model: BodyModel, shape: Array, height_m: float) -> Body:
    """The body of shape numbers [S or fewer], grown as a whole to a height."""
    return model.shaped(shape, height_m / model.shaped(shape).height)


def on_bones(body: Body, rest_joints: Array) -> Body:
    """The body on rest joints [55, 3] m, of an SMPL-X file as near to them as betas come."""
    if body.model.name == SMPLX:
        return smplx_body(body.model, rest_joints, body.height)
    return body.fitted_to(Skeleton(rest_joints))


def smplx_body(model: BodyModel, rest_joints: Array, height_m: float) -> Body:
    """The body whose betas say the size too: everybody who knows SMPL-X rebuilds its joints from the betas alone."""
    return model.shaped(fitted_betas(model, rest_joints, height_m))
