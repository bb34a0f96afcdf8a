"""Captured people lifted again by a network, from the same tracks, and put into the world as the pipeline does."""

from __future__ import annotations

from backend.body.actor import BodySettings, bodies_of
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lifter import Lifter
from backend.pipeline import Person
from backend.world.place import Placed, WorldSettings, place_shots
from bench.captures import Captured


def placed_by_network(take: Captured, lifter: Lifter) -> list[Placed]:
    """Everybody of a take, in its order."""
    if not take.people:
        return []
    tracks = [person.track for person in take.people]
    K = take.people[0].motion.cameras[0].K[0]
    bodies = bodies_of(tracks, K, BodySettings(), None)
    lifts = [lift_by_network(track, start.body, K, lifter, camera=take.cameras[track.shot])
             for track, start in zip(tracks, bodies, strict=True)]  # fmt: skip
    return place_shots(lifts, take.clip, take.cameras, WorldSettings())


def people_of(placed: list[Placed]) -> list[Person]:
    """As the pipeline hands them out."""
    return [Person(each.motion, each.lift.body, each.lift.track) for each in placed]
