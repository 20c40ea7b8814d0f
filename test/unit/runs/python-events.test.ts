import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../scripts/environments/python.mjs';
import { root } from '../../../scripts/main.mjs';
import { runEventSchema } from '../../../src/core/runs/events.ts';
import { readLog } from '../../../src/core/runs/json-lines-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const PROGRAM = `
import sys
from reward_studio import EventLog
with EventLog(sys.argv[1]) as log:
    log.status("running", "fitting é 日本")
    log.metrics(3, {"train/loss": 0.5, "train/grad_norm": float("nan")}, total_steps=9, epoch=0.5)
    log.samples(3, [{"row": 7, "prompt": "q", "outputs": [{"text": "t", "verdict": None, "reward": 0.0}], "gold": 4}])
    log.evaluation(3, {"method": "pointwise", "n": 2, "measures": [], "baselines": []}, [])
    log.checkpoint(3, "checkpoints/3")
    log.result("model", train_rows=10, validation_rows=2)
    log.status("finished")
`;

const STOP_PROGRAM = `
import sys
from reward_studio import StopRequests
requests = [StopRequests(sys.argv[1], attempt) for attempt in (1, 2)]
for line in sys.stdin:
    with open(sys.argv[1] + "/control.jsonl", "ab") as file:
        file.write(line.rstrip("|\\n").encode())
        if not line.endswith("|\\n"):
            file.write(b"\\n")
    print([one.requested() for one in requests])
`;

const python = findPython();

describe.skipIf(python === undefined)('events written by Python (needs Python 3.10 or newer)', () => {
  it('are read as our own, and a number that JSON cannot hold is told by name', async () => {
    const folder = temporaryFolder();
    await execa(python ?? '', ['-c', PROGRAM, folder], { env: { PYTHONPATH: path.join(root, 'python') } });
    const { entries, problems } = await readLog(path.join(folder, 'events.jsonl'), runEventSchema);
    expect(problems).toEqual([]);
    expect(entries).toMatchObject([
      { kind: 'status', status: 'running', message: 'fitting é 日本', seq: 1 },
      {
        kind: 'metrics',
        step: 3,
        total_steps: 9,
        values: { 'train/loss': 0.5 },
        not_finite: { 'train/grad_norm': 'nan' },
      },
      { kind: 'samples', set: 'validation', samples: [{ row: 7, outputs: [{ verdict: null }], gold: 4 }] },
      { kind: 'evaluation', evaluation: { method: 'pointwise' }, slices: [] },
      { kind: 'checkpoint' },
      { kind: 'result', train_rows: 10 },
      { kind: 'status', status: 'finished', seq: 7 },
    ]);
  });
});

describe.skipIf(python === undefined)('a request to stop (needs Python 3.10 or newer)', () => {
  it('is seen by Python, of its own attempt, once its line is whole', async () => {
    const folder = temporaryFolder();
    const head = { v: 1, seq: 1, time: '2026-01-02T03:04:05.000Z' };
    const stop = JSON.stringify({ ...head, attempt: 2, kind: 'stop-requested' });
    // A line feed follows each, but not those that end in a bar.
    const input = [
      'garbage',
      JSON.stringify({ ...head, attempt: 2, kind: 'queued' }),
      `${stop.slice(0, 30)}|`,
      stop.slice(30),
    ];
    const program = await execa(python ?? '', ['-c', STOP_PROGRAM, folder], {
      env: { PYTHONPATH: path.join(root, 'python') },
      input: `${input.join('\n')}\n`,
    });
    expect(program.stdout.split('\n')).toEqual([...Array(3).fill('[False, False]'), '[False, True]']);
  });
});
