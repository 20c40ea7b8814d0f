"""Takes the place of the package's own entry point in tests of targets: a trainer of the standard library, with checkpoints."""

import json
import os
import signal
import sys
import time
from pathlib import Path

from reward_studio import EventLog, StopRequests

folder, attempt = Path(sys.argv[2]), int(sys.argv[4])
checkpoint = Path(sys.argv[6]) if len(sys.argv) > 6 else None
run = json.loads((folder / "run.json").read_text("utf-8"))
steps, every = run["settings"]["max_steps"], run["settings"]["save_steps"]
deaf = run["name"].startswith("deaf")
if deaf:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
rows = sum(1 for _ in open(run["data"]["train"]["path"], "rb"))
step = json.loads((checkpoint / "state.json").read_text())["step"] if checkpoint else 0
stop = StopRequests(folder, attempt)
print(f"attempt {attempt} from step {step}, token {'there' if os.environ.get('HF_TOKEN') else 'not there'}", flush=True)


def save() -> None:
    place = folder / "checkpoints" / f"checkpoint-{step}"
    place.mkdir(parents=True)
    (place / "state.json").write_text(json.dumps({"step": step}))
    log.checkpoint(step, f"checkpoints/checkpoint-{step}")


with EventLog(folder, attempt) as log:
    log.status("running")
    while step < steps and (deaf or not stop.requested()):
        step += 1
        time.sleep(0.02)
        log.metrics(step, {"train/loss": 1 / step}, total_steps=steps)
        print(f"step {step} \u2713 " + "." * 200, flush=True)
        if step % every == 0:
            save()
    if step < steps:
        save()
        log.status("stopped")
    else:
        model = folder / "model"
        (model / "deep").mkdir(parents=True, exist_ok=True)
        (model / "deep" / "weights.bin").write_bytes(bytes(range(256)) * 20_000)
        (model / "grader.json").write_text(json.dumps({"rows": rows}))
        log.result("model", rows, 0)
        log.status("finished")
