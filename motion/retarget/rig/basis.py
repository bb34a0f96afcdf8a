"""From where bones shall be to what is keyed on them."""

from __future__ import annotations

import numpy as np

from ...arrays import Array
from .carriage import Carriage


def turns_beyond_rest(carriage: Carriage, R_rig_from_bone: Array) -> Array:
    """R_basis [T, K, 3, 3] of bones that shall have the orientations [T, K, 3, 3]."""
    R_basis = np.empty_like(R_rig_from_bone)
    for bone, carrier in enumerate(carriage.carriers):
        R_unposed = carriage.R_carrier_from_unposed[bone]
        if carrier >= 0:
            R_unposed = R_rig_from_bone[:, carrier] @ R_unposed
        R_basis[:, bone] = np.swapaxes(R_unposed, -1, -2) @ R_rig_from_bone[:, bone]
    return R_basis


def heads_of(carriage: Carriage, R_rig_from_bone: Array, locations: Array) -> Array:
    """Where bones are [T, K, 3] in the rig, turned as given and moved by locations [T, K, 3]."""
    heads = np.empty(R_rig_from_bone.shape[:-1])
    for bone, carrier in enumerate(carriage.place_carriers):
        way = carriage.unposed_heads[bone] + locations[:, bone] @ carriage.R_carrier_from_location[bone].T
        if carrier >= 0:
            way = heads[:, carrier] + np.einsum("tij,tj->ti", R_rig_from_bone[:, carrier], way)
        heads[:, bone] = way
    return heads


def moved_to(
    carriage: Carriage, R_rig_from_bone: Array, locations: Array, bone: int, shown: int, wanted: Array
) -> Array:  # fmt: skip
    """The locations [T, K, 3] with that of `bone` such that the head of `shown`, which it carries, is at wanted [T, 3].

    A bone that does not carry the shown one goes there itself.
    """
    if not _carries(carriage, bone, shown):
        shown = bone
    locations = np.array(locations)
    way = wanted - heads_of(carriage, R_rig_from_bone, locations)[:, shown]
    axes = carriage.R_carrier_from_location[bone]
    if (carrier := int(carriage.place_carriers[bone])) >= 0:
        axes = R_rig_from_bone[:, carrier] @ axes
    locations[:, bone] += np.einsum("...ji,...j->...i", axes, way)
    return locations


def _carries(carriage: Carriage, bone: int, shown: int) -> bool:
    while shown > bone:
        shown = int(carriage.place_carriers[shown])
    return shown == bone
