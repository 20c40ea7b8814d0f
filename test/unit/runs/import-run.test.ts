/** Trainings that ran elsewhere, read from the logs that their trainers write. */

import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/main.mjs';
import { runEventSchema } from '../../../src/core/runs/events.ts';
import { importRun } from '../../../src/core/runs/import-run/import-run.ts';
import { projectMetric } from '../../../src/core/runs/import-run/project-names.ts';
import { crc32c, maskedCrc32c } from '../../../src/core/runs/import-run/tf-record.ts';
import { readLog } from '../../../src/core/runs/json-lines-log.ts';
import { RunObserver } from '../../../src/core/runs/observe.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const LOGS = path.join(root, 'test', 'fixtures', 'foreign-logs');
const EVENT_FILE = path.join(LOGS, 'events.out.tfevents.1767225600.trainer');

async function imported(source: string, options: { name?: string; method?: 'pairwise' | 'bradley-terry' } = {}) {
  const { folder, spec, log } = await importRun(new RunStore(temporaryFolder()), {
    source,
    version: '0.0.0',
    ...options,
  });
  const { entries, problems } = await readLog(folder.eventsFile, runEventSchema);
  expect(problems).toEqual([]);
  const metrics = entries.flatMap((entry) => (entry.kind === 'metrics' ? [entry] : []));
  return { folder, spec, log, entries, metrics, state: await new RunObserver(folder, spec).observe() };
}

describe('trainer_state.json of TRL', () => {
  it('becomes a finished run with training and validation apart, NaN said as such', async () => {
    const { spec, state, metrics } = await imported(path.join(LOGS, 'trainer_state.json'));
    expect(spec).toMatchObject({ name: 'foreign-logs', method: 'bradley-terry', engine: 'imported' });
    expect(spec.imported).toEqual({ format: 'trainer-state', path: path.join(LOGS, 'trainer_state.json') });
    expect(state).toMatchObject({ status: 'finished', fold: { step: 40, totalSteps: 40 } });
    expect(metrics.map(({ step, epoch }) => [step, epoch])).toEqual([
      [20, 0.5],
      [20, 0.5],
      [40, 1],
      [40, 1],
    ]);
    expect(metrics[0]?.values).toMatchObject({
      'train/loss': 0.7012,
      'train/accuracy': 0.5125,
      'train/learning_rate': 1e-5,
    });
    expect(metrics[1]?.values).toEqual({
      'validation/accuracy': 0.55,
      'validation/loss': 0.688,
      'validation/margin': 0.05,
      'validation/runtime': 1.5,
    });
    expect(metrics[2]?.not_finite).toEqual({ 'train/grad_norm': 'nan' });
    expect(metrics[3]?.values).toEqual({ total_flos: 0, train_loss: 0.6556, train_runtime: 16.2 });
  });

  it('of a checkpoint before the end is no finished run, and a folder of checkpoints is read at its newest', async () => {
    const folder = temporaryFolder();
    const state = JSON.parse(readFileSync(path.join(LOGS, 'trainer_state.json'), 'utf8').replace('NaN', '1'));
    for (const step of [9, 20, 100]) {
      mkdirSync(path.join(folder, `checkpoint-${step}`));
      writeFileSync(
        path.join(folder, `checkpoint-${step}`, 'trainer_state.json'),
        JSON.stringify({ ...state, global_step: step, max_steps: 300 }),
      );
    }
    const run = await imported(folder);
    expect(run.spec.name).toBe(path.basename(folder));
    expect(run.log.entries).toHaveLength(4);
    expect(run.state.status).toBe('stopped');
    expect(run.state.fold.message).toBe('the log ends at step 40');
  });
});

describe('JSON Lines of verl', () => {
  it('keep two lines of one step apart and pass over the half line at the end', async () => {
    const { metrics, state } = await imported(path.join(LOGS, 'verl-file-logger.jsonl'), { method: 'bradley-terry' });
    expect(metrics.map(({ step, values }) => [step, values])).toEqual([
      [1, { 'train/loss': 0.69, 'train/grad_norm': 2.5, 'train/learning_rate': 0.00001 }],
      [2, { 'train/loss': 0.6, 'train/learning_rate': 0.000005 }],
      [2, { 'validation/loss': 0.58 }],
    ]);
    expect(metrics[1]?.not_finite).toEqual({ 'train/grad_norm': 'nan' });
    expect(state.fold.warnings).toEqual(["line 4: not a line of verl's log"]);
    expect(state.status).toBe('stopped');
  });
});

describe('console output of verl under Ray', () => {
  it('gives up its steps, the total of its bar, and the error that ended it', async () => {
    const { metrics, state, folder } = await imported(path.join(LOGS, 'verl-console.log'), { method: 'pairwise' });
    expect(metrics.map(({ step }) => step)).toEqual([0, 1, 2, 2]);
    expect(metrics[0]?.values).toEqual({
      'val-core/support/reward/mean@1': 0.31,
      'val-aux/helpsteer:3/accuracy/mean@1': 0.25,
    });
    expect(metrics[1]).toMatchObject({
      epoch: 0,
      total_steps: 30,
      values: {
        'train/policy_loss': -0.0125,
        'train/reward': 0.4,
        'critic/score/mean': 0.4,
        'train/learning_rate': 1e-6,
      },
    });
    expect(metrics[1]?.values).not.toHaveProperty('training/global_step');
    expect(metrics[2]?.not_finite).toEqual({ 'train/grad_norm': 'nan' });
    expect(state.status).toBe('failed');
    expect(state.failure?.message).toContain('torch.OutOfMemoryError: CUDA out of memory');
    expect(readFileSync(folder.logFile, 'utf8')).toContain('CUDA out of memory');
  });

  it('does not tell the method, and says so', async () => {
    await expect(imported(path.join(LOGS, 'verl-console.log'))).rejects.toMatchObject({
      code: 'invalid-run',
      where: { field: 'method' },
    });
  });

  it('reads any number the way Python prints it', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'out.log');
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true }), fc.boolean(), async (value, numpy) => {
        const printed = Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
        writeFileSync(file, `step:7 - train/loss:${numpy ? `np.float64(${printed})` : printed}\n`);
        const { metrics } = await imported(file, { method: 'pairwise' });
        if (Number.isFinite(value)) expect(metrics[0]?.values['train/loss']).toBe(value === 0 ? value + 0 : value);
        else expect(metrics[0]?.not_finite).toEqual({ 'train/loss': printed });
      }),
      { numRuns: 50 },
    );
  });
});

describe('an event file that tensorboardX wrote', () => {
  it('gives up its scalars with their times; text and histograms are left', async () => {
    const { metrics, state, log } = await imported(EVENT_FILE, { method: 'bradley-terry' });
    expect(log.warnings).toEqual([]);
    expect(metrics.map(({ step, values }) => [step, Object.keys(values)])).toEqual([
      ...[1, 2, 3, 4].map((step) => [step, ['train/loss', 'train/grad_norm']]),
      [5, ['train/loss', 'train/grad_norm', 'validation/loss', 'validation/accuracy']],
    ]);
    expect(metrics[0]?.values['train/loss']).toBeCloseTo(0.65, 6);
    expect(metrics[4]?.values['validation/accuracy']).toBeCloseTo(0.72, 6);
    expect(metrics[4]?.not_finite).toEqual({ 'train/learning_rate': 'nan' });
    expect(metrics[0]?.time).toBe('2026-01-01T00:00:10.000Z');
    expect(state).toMatchObject({ status: 'stopped', fold: { step: 5 } });
  });

  it('that is cut off anywhere gives up what is whole', async () => {
    const bytes = readFileSync(EVENT_FILE);
    const folder = temporaryFolder();
    const file = path.join(folder, 'events.out.tfevents.1.x');
    const whole = (await imported(EVENT_FILE, { method: 'pairwise' })).metrics.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: bytes.length - 1 }), async (length) => {
        writeFileSync(file, bytes.subarray(0, length));
        const { metrics } = await imported(file, { method: 'pairwise' });
        expect(metrics.length).toBeLessThanOrEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('with a flipped bit loses that record, says so, and nothing is made up', async () => {
    const bytes = Buffer.from(readFileSync(EVENT_FILE));
    const at = bytes.indexOf('train/loss');
    bytes[at] = bytes[at]! ^ 1;
    const file = path.join(temporaryFolder(), 'events.out.tfevents.1.x');
    writeFileSync(file, bytes);
    const { metrics, state } = await imported(file, { method: 'pairwise' });
    expect(metrics[0]?.values).toEqual({ 'train/grad_norm': 1.5 });
    expect(state.fold.warnings).toEqual([expect.stringMatching(/^record \d+: its checksum does not fit$/)]);
  });

  it('is continued by the file of the next start in its folder', async () => {
    const folder = temporaryFolder();
    copyFileSync(EVENT_FILE, path.join(folder, 'events.out.tfevents.1767225600.a'));
    copyFileSync(EVENT_FILE, path.join(folder, 'events.out.tfevents.1767229200.a'));
    const { metrics } = await imported(folder, { method: 'pairwise' });
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
  });

  it('has scalars of TensorBoard 2 in tensors', async () => {
    const tensor = message(8, Buffer.concat([varint(1, 1), message(2, Buffer.alloc(0)), message(4, float(0.25))]));
    const text = message(8, Buffer.concat([varint(1, 7), message(8, Buffer.from('words'))]));
    const values = [
      message(1, Buffer.concat([message(1, Buffer.from('loss')), tensor])),
      message(1, Buffer.concat([message(1, Buffer.from('note')), text])),
    ];
    const event = Buffer.concat([fixed64(1, 1767225600), varint(2, 300), message(5, Buffer.concat(values))]);
    const file = path.join(temporaryFolder(), 'events.out.tfevents.1.x');
    writeFileSync(file, '');
    appendFileSync(file, framed(event));
    const { metrics } = await imported(file, { method: 'pairwise' });
    expect(metrics.map(({ step, values: found }) => [step, found])).toEqual([[300, { 'train/loss': 0.25 }]]);
  });

  it('is checked by CRC-32C as RFC 3720 gives it', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  });
});

describe('what is no log', () => {
  it.each([
    ['text', 'out.log', 'hello\nworld\n', 'unsupported-file'],
    ['other JSON', 'config.json', '{"a": 1}', 'unsupported-file'],
    ['damaged JSON', 'trainer_state.json', '{"log_history": [', 'damaged-file'],
    ['nothing', 'out.log', '', 'empty-file'],
    ['a history of nothing', 'trainer_state.json', '{"log_history": []}', 'empty-file'],
  ])('%s is refused, and no run is left behind', async (_what, name, text, code) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, name), text);
    const store = new RunStore(folder);
    await expect(importRun(store, { source: path.join(folder, name), version: '0' })).rejects.toMatchObject({ code });
    expect((await store.list()).runs).toEqual([]);
  });

  it('a file that is not there is told by its path', async () => {
    const source = path.join(temporaryFolder(), 'absent.jsonl');
    await expect(importRun(new RunStore(temporaryFolder()), { source, version: '0' })).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});

it('metrics that nobody knows keep their names', () => {
  expect(projectMetric('timing_s/gen', 2)).toEqual({ name: 'timing_s/gen', value: 2 });
  expect(projectMetric('val-core/a/acc/mean@4', 1)).toEqual({ name: 'val-core/a/acc/mean@4', value: 1 });
});

function varint(field: number, value: number): Buffer {
  const bytes = [field << 3];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function message(field: number, body: Buffer): Buffer {
  const head = varint(field, body.length);
  head[0] = (field << 3) | 2;
  return Buffer.concat([head, body]);
}

function fixed64(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(9, (field << 3) | 1);
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function framed(record: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(record.length));
  const crc = (bytes: Buffer) => {
    const four = Buffer.alloc(4);
    four.writeUInt32LE(maskedCrc32c(bytes));
    return four;
  };
  return Buffer.concat([length, crc(length), record, crc(record)]);
}
