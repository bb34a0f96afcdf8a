"""The backend's own command line: python -m backend run | capture | run-batch | batch | models | doctor | ..."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from backend.command_line.batch_options import add_batch, add_run_batch
from backend.command_line.names import CALLED_AS, SAMPLE, SAMPLE_OUT
from backend.command_line.train import add_steps
from backend.lacking import lacking_package
from motion.job import CANCELLED, DONE, USER_CAN_MEND
from motion.places import models_folder
from motion.refusal import Refusal


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command. Exit codes: 0 done, 1 our bug, 2 the user can mend it, 3 cancelled."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(errors="backslashreplace")   # names of files need not be text
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        options = _parser(arguments[:1]).parse_args(arguments)
        return options.run(options)
    except Refusal as refusal:
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)
        return USER_CAN_MEND
    except ModuleNotFoundError as error:
        if (refusal := lacking_package(error)) is None:
            raise
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)
        return USER_CAN_MEND
    except KeyboardInterrupt:
        print("Cancelled.", file=sys.stderr)
        return CANCELLED


def _parser(command: Sequence[str]) -> argparse.ArgumentParser:
    program = os.environ.get(CALLED_AS, "python -m backend")
    parser = argparse.ArgumentParser(prog=program, description="Motion capture from footage.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="work on a job folder"))
    # build.py looks for --out and --device itself, by their whole names.
    capture = commands.add_parser("capture", help="capture clips", allow_abbrev=False)
    _add_capture(capture, with_settings=command == ["capture"])
    add_batch(commands.add_parser("batch", help="capture all takes of a folder or a list", allow_abbrev=False),
              with_settings=command == ["batch"])  # fmt: skip
    add_run_batch(commands.add_parser("run-batch", help="work on a batch's folder"))
    _add_models(commands.add_parser("models", help="fetch the detection models that are missing"))
    _add_doctor(commands.add_parser("doctor", help="say what is installed and what is missing"))
    _add_clean(commands.add_parser("clean", help="delete what captures keep to start again faster"))
    add_steps(commands.add_parser("train", help="make training data, step by step"))
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", type=Path, help="folder with a request.json")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="end when this process has ended")
    parser.add_argument("--mock", choices=("success", "failure", "hang", "crash"), help="play a run, for tests")
    parser.set_defaults(run=_run)


def _add_capture(parser: argparse.ArgumentParser, with_settings: bool) -> None:
    parser.add_argument("clips", nargs="*", type=Path, metavar="CLIP",
                        help="film, folder or first picture; several are cameras that filmed the same; "
                             "without any, a sample")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"folder for the take (of the sample {SAMPLE_OUT})")
    parser.add_argument("--each", action="store_true", help="make a take of each clip, in a folder of its own in DIR")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--no-preview", dest="preview", action="store_false", help="do not draw preview.mp4")
    if with_settings:   # only here, since it imports all stages
        from backend.command_line.options import add_options

        add_options(parser)
    parser.set_defaults(run=_capture)


def _add_models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="where they lie; else the network")
    parser.set_defaults(run=_models)


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=_doctor)


def _add_clean(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("jobs", nargs="*", type=Path, metavar="JOB", help="job folders, else all of Mambocap's own")
    parser.set_defaults(run=_clean)


def _run(options: argparse.Namespace) -> int:
    from backend.job.door import run

    return run(options.job, options.mock, options.with_parent)


def _capture(options: argparse.Namespace) -> int:
    from backend.command_line.capture import capture_clips
    from backend.command_line.options import chosen_settings

    out = options.out or (None if options.clips else Path(SAMPLE_OUT))
    if out is None:
        raise Refusal("no-out", "It is not said where the results go.", "Add --out and a folder.")
    return capture_clips(options.clips or [SAMPLE], out, chosen_settings(options), options.preview, options.json,
                         options.each)  # fmt: skip


def _models(options: argparse.Namespace) -> int:
    from backend.detect.models.model_files import fetch_models

    fetch_models(source_folder=options.source, say=lambda text: print(text, file=sys.stderr))
    print(f"The detection models lie in {models_folder()}.")
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    from backend.command_line.doctor import main as doctor

    return doctor(options.json)


def _clean(options: argparse.Namespace) -> int:
    from backend.command_line.clean import clean

    return clean(options.jobs)


if __name__ == "__main__":
    sys.exit(main())
