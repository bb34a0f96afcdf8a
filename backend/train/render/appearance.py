"""What a made-up person looks like: colours baked onto the faces, clothes that stand off the body, hair, a skirt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.train.render.garments import Outfit, random_outfit
from backend.train.render.hair import Head, random_head
from backend.train.render.hidden_landmarks import faces_about_landmarks
from backend.train.render.hung import Hung, hung_on, no_hung
from motion.arrays import Array, Indices, Mask
from motion.body import BodyModel

TEXEL_M = 0.008
GREATEST_SIDE = 5


@dataclass(frozen=True, eq=False)
class Appearance:
    """One person's look, for every shape and pose of one family of bodies.

    The mesh that is drawn has the body's V vertices and E more, each a fixed mixture of vertices of the body.
    A face's texels are a square of `sides` x `sides`, of which the half below the diagonal is seen.
    """

    faces: Indices           # [F, 3] into V + E vertices
    two_sided: Mask          # [F] seen from behind too
    away_m: Array            # [V] along the posed surface's normal
    mixture: Array           # [E, U] of the vertices `sources`
    sources: Indices         # [U]
    texels: Array            # [C, 3] sRGB 0..1
    first_texel: Indices     # [F]
    sides: Indices           # [F]
    about: Mask              # [F, 33] whether a face belongs to the flesh about a landmark


def random_appearance(rng: np.random.Generator, body_model: BodyModel) -> Appearance:
    """Skin, clothes and hair drawn by chance; the parts of the body are known by the open body's colours."""
    outfit, head = random_outfit(rng, body_model), random_head(rng, body_model)
    more = [piece for piece in (outfit.skirt, head.long_hair) if piece is not None]
    hung = hung_on(body_model, more) if more else no_hung()
    rest = np.concatenate([body_model.vertices, hung.rest_m])
    faces = np.concatenate([body_model.faces, hung.faces + len(body_model.vertices)])
    sides = texel_sides(rest, faces)
    texels, first = _baked(rest, faces, sides, body_model, outfit, head, hung)
    return Appearance(
        faces=faces, two_sided=np.arange(len(faces)) >= len(body_model.faces),
        away_m=outfit.away_m + head.away_m, mixture=hung.mixture, sources=hung.sources,
        texels=texels.astype(np.float32), first_texel=first, sides=sides,
        about=faces_about_landmarks(rest, faces, body_model),
    )  # fmt: skip


def texel_sides(rest_m: Array, faces: Indices) -> Indices:
    """Texels along a face's edge, [F], so that none is much wider than TEXEL_M."""
    corners = rest_m[faces]
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=-1).max(axis=1)
    return np.clip(np.ceil(longest / TEXEL_M), 1, GREATEST_SIDE).astype(np.int64)


def texel_places(rest_m: Array, faces: Indices, sides: Indices) -> tuple[Array, Indices, Indices]:
    """Middle of each texel at rest [C, 3] (those beyond the diagonal pulled back to it), its face [C], first [F]."""
    first = np.cumsum(sides**2) - sides**2
    face = np.repeat(np.arange(len(faces)), sides**2)
    row, column = np.divmod(np.arange(len(face)) - first[face], sides[face])
    weights = (np.stack([row, column], axis=1) + 1 / 3) / sides[face, None]
    weights /= np.maximum(weights[:, :1] + weights[:, 1:], 1.0)
    corners = rest_m[faces[face]]
    places = corners[:, 0] + np.einsum("ck,ckd->cd", weights, corners[:, 1:] - corners[:, :1])
    return places, face, first


def _baked(rest_m: Array, faces: Indices, sides: Indices, model: BodyModel, outfit: Outfit, head: Head,
           hung: Hung) -> tuple[Array, Indices]:  # fmt: skip
    places, face, first = texel_places(rest_m, faces, sides)
    colours = outfit.painted(places)
    on_body = face < len(model.faces)
    owner = model.faces[np.minimum(face, len(model.faces) - 1), 0]
    colours = head.painted(colours, places, owner, on_body)
    piece = hung.piece[np.maximum(face - len(model.faces), 0)] if len(hung.piece) else np.zeros(len(face), np.int64)
    for number, each in enumerate(hung.pieces):
        chosen = ~on_body & (piece == number)
        colours[chosen] = each.painted(places[chosen])
    return colours, first
