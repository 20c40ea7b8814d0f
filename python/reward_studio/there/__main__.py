"""``python -m reward_studio.there VERB``: for the program on the other machine, not for people. Failures are JSON on the last line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reward_studio.errors import StudioError


def main(words: list[str]) -> int:
    verb, *rest = words
    try:
        return _do(verb, rest)
    except StudioError as error:
        told = {"code": error.code, "message": error.message, "where": dict(error.where)}
        print(json.dumps({"error": {**told, **({} if error.hint is None else {"hint": error.hint})}}), flush=True)
    except OSError as error:
        code = {"ENOSPC": "disk-full", "EDQUOT": "disk-full"}.get(_name(error), "not-available")
        where = {} if error.filename is None else {"file": str(error.filename)}
        print(json.dumps({"error": {"code": code, "message": f"{error.strerror}.", "where": where}}), flush=True)
    return 1


def _do(verb: str, words: list[str]) -> int:
    run = Path(words[0])
    if verb == "start":
        from reward_studio.there.attempt import start

        print(json.dumps(start(run, int(words[1]), json.loads(sys.stdin.buffer.read()))), flush=True)
        return 0
    if verb == "keep":
        from reward_studio.there.attempt import keep

        return keep(run, int(words[1]))
    if verb == "stop":
        from reward_studio.there.attempt import stop

        stop(run, int(words[1]), words[2])
        return 0
    if verb == "follow":
        from reward_studio.there.follow import follow

        return follow(run, int(words[1]), int(words[2]), int(words[3]))
    if verb == "environment":
        from reward_studio.there.environment import make_environment

        python = make_environment(run, words[1], Path(words[2]).expanduser() if len(words) > 2 else None)
        print(json.dumps({"python": str(python)}), flush=True)
        return 0
    if verb == "list":
        from reward_studio.there.files import list_files

        return list_files(run, words[1])
    if verb == "send":
        from reward_studio.there.files import send_file

        return send_file(run, words[1], words[2], int(words[3]))
    raise StudioError("usage", f'There is no verb "{verb}".', None)


def _name(error: OSError) -> str:
    import errno

    return errno.errorcode.get(error.errno or 0, "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
