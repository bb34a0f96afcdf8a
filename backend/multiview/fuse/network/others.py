"""What the other views say, in the frame of each: bodies that single views see, and landmarks where rays meet."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from backend.lift.network.inputs import HIPS, LifterInputs, PersonView
from backend.lift.network.lifter import LifterOutputs
from backend.lift.network.rotations import matrix_from_six, six_from_matrix
from backend.multiview.fuse.network.swung import swung
from backend.multiview.fuse.network.together import Together
from backend.multiview.fuse.network.triangulated import Sightings, triangulate
from motion.landmarks import LANDMARK_COUNT
from motion.skeleton import BODY_JOINT_COUNT

OTHERS_NUMBERS = 7 * BODY_JOINT_COUNT + 7 * LANDMARK_COUNT
OWN_NUMBERS = 6 * BODY_JOINT_COUNT
PAIR_NUMBERS = 9
_SURE_M = 0.12               # a triangulated landmark that is so uncertain counts half
_OFF_GAIN, _MANY_VIEWS = 4.0, 4.0
_FARTHEST_M, _FARTHEST_OFF_M = 1.5, 0.5
_LEAST_SCORE = 0.02
_USUAL_LOG_VARIANCE = -3.0


@dataclass(frozen=True, eq=False)
class Others:
    """Of M takes of V views over T frames."""

    open: Tensor       # [M, T, V, V] bool: whether a view (first) has another (second) that sees the person
    pairs: Tensor      # [M, T, V, V, PAIR_NUMBERS] what is known of the other, by the first's axes
    numbers: Tensor    # [M, V, T, OTHERS_NUMBERS] zero where no other view sees the person
    own: Tensor        # [M, V, T, OWN_NUMBERS] one's own orientations, by how sure landmarks are that rays meet in

    @property
    def any(self) -> Tensor:
        """[M, V, T] whether there is one."""
        return self.open.any(-1).transpose(1, 2)

    @property
    def straight(self) -> Tensor:
        """[M, V, T, OTHERS_NUMBERS + OWN_NUMBERS] all numbers of which a linear map tells much already."""
        return torch.cat([self.numbers, self.own], -1)


def others_of(told: LifterOutputs, view: PersonView, inputs: LifterInputs, together: Together) -> Others:
    """Of what single views tell, told [B = M V]."""
    seen = together.by_take(inputs.seen)
    open_ = seen.transpose(1, 2)[:, :, None, :] & ~torch.eye(together.views, dtype=torch.bool, device=seen.device)
    turns = person_turns(told, seen, together)
    landmarks = _landmarks_in_views(told, landmarks_first(told, view, inputs, together), seen, together)
    bodies = _bodies_together(told, open_, turns, landmarks, together)
    there = open_.any(-1).transpose(1, 2)[..., None]
    own = together.by_take(six_from_matrix(told.R_person_from_joint).flatten(-2))
    return Others(open_, _pairs(told, inputs, turns, together), there * torch.cat([bodies, landmarks.numbers()], -1),
                  there * landmarks.sure.mean(-1, keepdim=True) * own)  # fmt: skip


def person_turns(told: LifterOutputs, seen: Tensor, together: Together) -> Tensor:
    """R_person_from_others_person [M, T, V, V, 3, 3]: by the rig, or else such that the bodies told agree best."""
    R_person = together.by_take(told.R_person_from_camera)                                  # [M, V, T, 3, 3]
    by_rig = together.R_first_from_camera[:, :, None].mT @ together.R_first_from_camera[:, None]
    turns = torch.where(together.known[:, None, None, None, None], by_rig, camera_turns(told, seen, together))
    of_each = R_person.transpose(1, 2)
    return of_each[:, :, :, None] @ turns[:, None] @ of_each[:, :, None].mT


def camera_turns(told: LifterOutputs, seen: Tensor, together: Together) -> Tensor:
    """R_camera_from_others_camera [M, V, V, 3, 3] that bring the bodies of two views over each other best (Wahba)."""
    R = told.R_person_from_camera.mT[:, :, None] @ told.R_person_from_joint
    sure = (-0.5 * told.rotation_log_variance).exp() * seen.flatten(0, 1)[..., None]
    weighted = together.by_take(sure[..., None, None] * R)                                  # [M, V, T, 22, 3, 3]
    columns = weighted.transpose(-2, -3).flatten(-2).movedim(-2, 2).flatten(3)              # [M, V, 3, T 22 3]
    return _nearest_rotation(columns[:, :, None] @ columns[:, None].mT)


def _nearest_rotation(matrix: Tensor) -> Tensor:
    U, _, Vt = torch.linalg.svd(matrix)
    sign = torch.ones_like(U[..., 0, :])
    sign[..., 2] = torch.det(U @ Vt)
    return (U * sign[..., None, :]) @ Vt


def _bodies_together(
    told: LifterOutputs, open_: Tensor, turns: Tensor, landmarks: _Landmarks, together: Together
) -> Tensor:  # fmt: skip
    """By how much the orientations of all views together differ from one's own, six numbers a joint; and how much the
    others count in them; [M, V, T, 154]. Together is their mean, swung to where triangulated landmarks say."""
    R = together.by_take(told.R_person_from_joint).transpose(1, 2)                          # [M, T, V, 22, 3, 3]
    sure = together.by_take((-told.rotation_log_variance).exp()).transpose(1, 2)            # [M, T, V, 22]
    counts = open_[..., None] * sure[:, :, None]                                            # [M, T, V, V, 22]
    total = torch.einsum("mtuvj,mtuvab,mtvjbc->mtujac", counts, turns, R)
    whole = matrix_from_six(six_from_matrix(total + sure[..., None, None] * R)).transpose(1, 2)
    rest_joints = together.by_take(told.rest_joints)[:, :, None]
    apart = six_from_matrix(swung(whole, landmarks.points, landmarks.sure, rest_joints) - R.transpose(1, 2))
    share = (counts.sum(3) / (counts.sum(3) + sure)).transpose(1, 2)
    return torch.cat([apart.flatten(-2), share], -1)


def _pairs(told: LifterOutputs, inputs: LifterInputs, turns: Tensor, together: Together) -> Tensor:
    six = six_from_matrix(turns)
    known = together.known[:, None, None, None].expand(six.shape[:-1]).to(six)
    doubt = told.rotation_log_variance.mean(-1) - _USUAL_LOG_VARIANCE
    of_view = together.by_take(torch.stack([inputs.scores.mean(-1), doubt], -1)).transpose(1, 2)
    return torch.cat([six, known[..., None], of_view[:, :, None].expand(*six.shape[:-1], 2)], -1)


def _landmark_weights(told: LifterOutputs, inputs: LifterInputs) -> Tensor:
    """How much landmarks [B, T, 33] count, 1/m^2, by what the network doubts of them and the detector's scores."""
    trust = inputs.scores.clamp(min=_LEAST_SCORE) * inputs.seen[..., None]
    return trust * (-told.bias_log_variance).exp()


def _sightings_of(told: LifterOutputs, view: PersonView, inputs: LifterInputs, together: Together) -> Sightings:
    """Of all landmarks, without the bias that the network tells, N = M T 33."""
    flat = (view.seen_m - told.bias_m) / told.bias_depth_m[..., None, None]
    R_first_from_person = together.R_first_from_camera[:, :, None] @ together.by_take(told.R_person_from_camera).mT
    M, V, T = R_first_from_person.shape[:3]

    def each(values: Tensor) -> Tensor:
        """[M, V, T, 33, ...] as [N, V, ...]."""
        return values.movedim(1, 3).flatten(0, 2)

    R_view = R_first_from_person.mT[:, :, :, None].expand(M, V, T, LANDMARK_COUNT, 3, 3)
    places = together.places_first[:, :, None, None].expand(M, V, T, LANDMARK_COUNT, 3)
    return Sightings(each(together.by_take(flat)), each(together.by_take(_landmark_weights(told, inputs))),
                     each(R_view), each(places))  # fmt: skip


def _expected(told: LifterOutputs, seen: Tensor, together: Together) -> Tensor:
    """Where views expect the person in the first camera's frame, [M, T, 3] m in the mean of those that see it."""
    root = (told.R_person_from_camera.mT @ told.root_person[..., None])[..., 0]
    first = (together.R_first_from_camera[:, :, None] @ together.by_take(root)[..., None])[..., 0]
    counts = seen[..., None].to(first)
    return ((first + together.places_first[:, :, None]) * counts).sum(1) / counts.sum(1).clamp(min=1.0)


@dataclass(frozen=True, eq=False)
class LandmarksFirst:
    """Of M takes over T frames, in the frame of each take's first camera."""

    points: Tensor     # [M, T, 33, 3] m
    sigma_m: Tensor    # [M, T, 33]
    miss_m: Tensor     # [M, V, T, 33, 2] by how much each view sees a landmark beside it, at its depth


def landmarks_first(
    told: LifterOutputs, view: PersonView, inputs: LifterInputs, together: Together
) -> LandmarksFirst:  # fmt: skip
    """Landmarks where the rays of all views meet; where no rig is known they mean nothing."""
    seen = together.by_take(inputs.seen)
    M, V, T = seen.shape
    expected = _expected(told, seen, together)
    about = expected[:, :, None].expand(M, T, LANDMARK_COUNT, 3).flatten(0, 2)
    found = triangulate(_sightings_of(told, view, inputs, together), about)
    return LandmarksFirst(found.points.view(M, T, LANDMARK_COUNT, 3), found.sigma_m.view(M, T, LANDMARK_COUNT),
                          found.miss_m.view(M, T, LANDMARK_COUNT, V, 2).movedim(3, 1))  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Landmarks:
    """Where rays meet, about the hips by each view's axes."""

    points: Tensor     # [M, V, T, 33, 3] m
    sure: Tensor       # [M, V, T, 33] 0..1, zero where fewer than two views see the person or no rig is known
    missed: Tensor     # [M, V, T, 33, 2] m
    count: Tensor      # [M, V, T, 33] views

    def numbers(self) -> Tensor:
        """[M, V, T, 231]."""
        of_each = torch.cat([self.points, _OFF_GAIN * self.missed, torch.ones_like(self.sure)[..., None],
                             self.count[..., None] / _MANY_VIEWS], -1)  # fmt: skip
        return (self.sure[..., None] * of_each).flatten(-2)


def _landmarks_in_views(told: LifterOutputs, found: LandmarksFirst, seen: Tensor, together: Together) -> _Landmarks:
    points = found.points - found.points[:, :, HIPS].mean(2, keepdim=True)
    R_person_from_first = together.by_take(told.R_person_from_camera) @ together.R_first_from_camera[:, :, None].mT
    own = torch.einsum("mvtab,mtlb->mvtla", R_person_from_first, points).clamp(-_FARTHEST_M, _FARTHEST_M)
    count = seen.sum(1)
    several = (count > 1) & together.known[:, None]
    sure = several[..., None] / (1.0 + (found.sigma_m / _SURE_M).square())
    return _Landmarks(own, sure[:, None].expand(own.shape[:-1]),
                      found.miss_m.clamp(-_FARTHEST_OFF_M, _FARTHEST_OFF_M),
                      count[:, None, :, None].expand(own.shape[:-1]).to(own))  # fmt: skip
