"""A Flamenco Manager as a job type sees it: the names that Flamenco documents, and a job that becomes tasks."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import quickjs

SCRIPT = Path(__file__).parents[2] / "assets/flamenco/mambocap.js"
# As in Flamenco, a task is copied when it is added to the job: what is done to it afterwards is lost.
MANAGER = """
const author = {
    Task(name, type) {
        if (!name.trim() || !type.trim()) throw "author.Task(name, type): both are required";
        const task = { name, type, commands: [], dependencies: [] };
        task.addCommand = command => { task.commands.push(command); };
        task.addDependency = other => { task.dependencies.push(other.name); };
        return task;
    },
    Command: (name, parameters) => ({ name, parameters }),
};
function shellSplit(text) { return JSON.parse(shellSplitAsJson(text)); }
function compiled(settings) {
    const tasks = [];
    compileJob({ settings, addTask: task => { tasks.push(JSON.parse(JSON.stringify(task))); } });
    return JSON.stringify(tasks);
}
"""


@dataclass(frozen=True)
class Task:
    """A task as a worker gets it, of one command."""

    name: str
    type: str
    waits_for: tuple[str, ...]   # names of tasks
    command: str
    parameters: Mapping[str, Any]


class RefusedJobError(Exception):
    """What the job type throws, which Blender's add-on shows."""


def job_type() -> dict[str, Any]:
    """What the job type says of itself."""
    return json.loads(_engine().eval("JSON.stringify(JOB_TYPE)"))


def compiled(**settings: Any) -> list[Task]:
    """The tasks of a job with these settings. Raises RefusedJobError."""
    try:
        tasks = json.loads(_engine().eval(f"compiled({json.dumps(settings)})"))
    except quickjs.JSException as error:
        raise RefusedJobError(str(error)) from error
    return [_task(each) for each in tasks]


def _engine() -> quickjs.Context:
    engine = quickjs.Context()
    engine.add_callable("shellSplitAsJson", lambda text: json.dumps(shlex.split(text)))
    engine.eval(MANAGER)
    engine.eval('"use strict";' + SCRIPT.read_text(encoding="utf-8"))   # so does Flamenco
    return engine


def _task(said: dict[str, Any]) -> Task:
    (command,) = said["commands"]
    return Task(said["name"], said["type"], tuple(said["dependencies"]), command["name"], command["parameters"])
