"""``python -m reward_studio COMMAND``: see docs/training.md."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from reward_studio.errors import StudioError


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["export"]:
        from reward_studio.export import main as export

        return export(given[1:])
    options = _parser().parse_args(given)
    try:
        return int(options.run(options))
    except Exception as error:  # the one place where errors become text
        from reward_studio.training.failures import as_studio_error, report

        if getattr(options, "json", False):
            print(json.dumps({"error": report(error)}, ensure_ascii=False))
        elif (known := as_studio_error(error)) is not None:
            print(known, file=sys.stderr)
        else:
            raise
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reward_studio", description="Trains and serves reward models and judges."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="train the run in a folder")
    train.add_argument("run_dir", type=Path, metavar="RUN_DIR")
    train.add_argument("--attempt", type=int, default=1, metavar="N", help="which launch of the run this is, from 1")
    train.add_argument("--resume", type=Path, metavar="CHECKPOINT_DIR", help="a checkpoint to go on from")
    train.set_defaults(run=_train)

    doctor = commands.add_parser("doctor", help="what this environment has and lacks")
    doctor.add_argument("--json", action="store_true")
    doctor.add_argument("--path", type=Path, default=Path.cwd(), help="folder whose disk is looked at")
    doctor.set_defaults(run=_doctor)

    estimate = commands.add_parser("estimate", help="the memory that a run will take")
    estimate.add_argument("spec", type=Path, metavar="RUN_JSON")
    estimate.add_argument("--json", action="store_true")
    estimate.set_defaults(run=_estimate)

    merge = commands.add_parser("merge", help="a plain model folder of an adapter")
    merge.add_argument("source", type=Path, metavar="ADAPTER_OR_RUN")
    merge.add_argument("out", type=Path, metavar="OUT")
    merge.add_argument("--base", metavar="MODEL", help="the base model, where it is not where the adapter says")
    merge.add_argument("--json", action="store_true")
    merge.set_defaults(run=_merge)

    serve = commands.add_parser("serve", help="answer requests over HTTP")
    serve.add_argument("model", type=Path, metavar="MODEL")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0: any free one")
    serve.add_argument("--ready-file", type=Path, metavar="FILE", help="gets the line that says where it listens")
    serve.add_argument("--backend", choices=("auto", "transformers", "vllm"), default="auto")
    serve.add_argument("--device", choices=("auto", "cpu"), default="auto")
    serve.add_argument("--max-length", type=int, metavar="N", help="tokens of a text; without it what the model takes")
    serve.add_argument("--end-with-stdin", action="store_true", help="end once the standard input ends")
    serve.set_defaults(run=_serve)

    commands.add_parser("export", help="training files of a data set", add_help=False)
    return parser


def _train(options: argparse.Namespace) -> int:
    from reward_studio.training.launch import train

    if options.attempt < 1:
        raise StudioError("usage", f"--attempt is {options.attempt}, and counts from 1.")
    checkpoint = None if options.resume is None else options.resume.resolve()
    return train(options.run_dir.resolve(), options.attempt, checkpoint)


def _doctor(options: argparse.Namespace) -> int:
    from reward_studio.doctor import describe, examine

    found = examine(options.path)
    print(json.dumps(found) if options.json else describe(found))
    return 0


def _estimate(options: argparse.Namespace) -> int:
    from reward_studio.training.memory import describe, estimate
    from reward_studio.training.spec import read_spec

    found = estimate(read_spec(options.spec))
    print(json.dumps(found) if options.json else describe(found))
    return 0


def _merge(options: argparse.Namespace) -> int:
    from reward_studio.merge import merge

    found = merge(options.source, options.out, options.base)
    print(json.dumps(found) if options.json else f"{found['model']}: merged from {found['adapter']}")
    return 0


def _serve(options: argparse.Namespace) -> int:
    from reward_studio.serving.serve import ServeOptions, serve
    from reward_studio.serving.starter import end_with_standard_input

    if options.max_length is not None and options.max_length < 1:
        raise StudioError("usage", f"--max-length is {options.max_length}, and counts from 1.")
    if options.end_with_stdin:
        end_with_standard_input()
    return serve(
        options.model,
        ServeOptions(
            options.host, options.port, options.ready_file, options.backend, options.device, options.max_length
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
