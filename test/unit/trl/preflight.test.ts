import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../scripts/environments/python.mjs';
import { findPythonPackages } from '../../../scripts/environments/python-packages.mjs';
import { root } from '../../../scripts/main.mjs';
import { describePreflight } from '../../../src/core/runs/describe-preflight.ts';
import { preflight } from '../../../src/core/runs/preflight.ts';
import { runFileSchema } from '../../../src/core/runs/spec.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { checkoutRuntime } from '../../soak/killed-trainer.ts';
import { smallDisk } from '../process/small-disk.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { PAIRS, writeModel } from './looked-at-model.ts';

const python = findPython();
const trl = python && (await findPythonPackages('python-trl'));
if (!trl) console.log('preflight: with PyTorch skipped, the environment python-trl is not there');
/** Each starts Python, which loads PyTorch. */
const PATIENCE_MS = 240_000;

interface Given {
  readonly interpreter?: string | undefined;
  readonly settings?: object;
  readonly rows?: string;
  readonly base_model?: string;
  readonly storeFolder?: string;
}

/** What is looked at -> what was said of it. */
async function look({ interpreter, settings = {}, rows = PAIRS, base_model, storeFolder }: Given) {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'pairs.jsonl'), rows);
  const model = base_model ?? writeModel(path.join(folder, 'model'));
  const report = await preflight(
    runFileSchema.parse({
      method: 'bradley-terry',
      engine: 'trl',
      base_model: model,
      data: { train: 'pairs.jsonl' },
      settings,
    }),
    {
      baseFolder: folder,
      store: new RunStore(storeFolder ?? folder),
      runtime: {
        ...checkoutRuntime(root),
        python: { packageFolder: path.join(root, 'dist', 'python'), interpreter },
      },
    },
  );
  const found = Object.fromEntries(report.checks.map((check) => [check.what, check]));
  return { report, found, text: describePreflight(report).join('\n'), folder };
}

describe('preflight of a run with TRL on this machine', () => {
  beforeAll(() => expect(existsSync(path.join(root, 'dist', 'python', 'reward_studio'))).toBe(true));

  it('refuses without a Python that was chosen', async () => {
    const { report, found, text } = await look({});
    expect(report.ok).toBe(false);
    expect(found.environment).toMatchObject({ severity: 'error' });
    expect(found.environment?.detail).toContain('Set Up Python Environment');
    expect(text).toContain('The run cannot be started.');
  });

  it('refuses a Python that is gone', async () => {
    const interpreter = path.join(temporaryFolder(), 'gone', 'python');
    const { found } = await look({ interpreter });
    expect(found.environment).toMatchObject({
      severity: 'error',
      detail: expect.stringContaining('cannot be started'),
    });
  });

  it.skipIf(process.platform === 'win32')('refuses a Python that is too old, by its version', async () => {
    const interpreter = path.join(temporaryFolder(), 'python');
    // It answers as old ones do: it cannot run the package, and tells its version.
    writeFileSync(interpreter, '#!/bin/sh\n[ "$1" = -c ] && echo 3.9.2 && exit 0\nexit 1\n');
    chmodSync(interpreter, 0o755);
    const { found } = await look({ interpreter });
    expect(found.environment).toMatchObject({ severity: 'error' });
    expect(found.environment?.detail).toContain('This is Python 3.9.2, which is too old');
  });

  it.skipIf(!python)('refuses a Python without the packages, and names them', async () => {
    const folder = path.join(temporaryFolder(), 'empty');
    execFileSync(python!, ['-m', 'venv', '--without-pip', folder]);
    const bin = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
    const { found } = await look({ interpreter: path.join(folder, ...bin) });
    expect(found.environment).toMatchObject({ severity: 'error' });
    expect(found.environment?.detail).toMatch(/lacks torch, transformers, trl, peft/);
  });

  it('refuses data of which no row can be trained on, and a base model that is not there', async () => {
    const { report, found } = await look({ rows: '{"prompt":"p","chosen":"","rejected":""}\n', base_model: './gone' });
    expect(report.ok).toBe(false);
    expect(found['training data']).toMatchObject({ severity: 'error' });
    expect(found['base model']).toMatchObject({
      severity: 'error',
      detail: expect.stringContaining('There is no folder of a base model here'),
    });
  });

  describe.skipIf(!trl)('with PyTorch', { timeout: PATIENCE_MS }, () => {
    const interpreter = trl;

    it('finds data, environment, base model, memory, disk and port as they are, and says what would be started', async () => {
      const { report, found, text } = await look({ interpreter, settings: { device: 'cpu', max_length: 128 } });
      expect(report.ok).toBe(true);
      for (const what of ['training data', 'environment', 'base model', 'memory', 'disk', 'port']) {
        expect(found[what], what).toMatchObject({ severity: 'ok' });
      }
      expect(text).toContain('Nothing was started or written.');
    });

    it('refuses what is more memory than this machine has', async () => {
      const settings = { device: 'cpu', max_length: 1_048_576, micro_batch_size: 4096, batch_size: 4096 };
      const { report, found } = await look({ interpreter, settings });
      expect(report.ok).toBe(false);
      expect(found.memory).toMatchObject({ severity: 'error', detail: expect.stringContaining('would fit') });
    });

    it('refuses a disk that not even one checkpoint fits on', async (test) => {
      const disk = smallDisk('1m');
      if (!disk) return test.skip('no disk can be mounted here');
      const { report, found } = await look({ interpreter, storeFolder: disk.folder, settings: { max_length: 128 } });
      expect(report.ok).toBe(false);
      expect(found.disk).toMatchObject({ severity: 'error', detail: expect.stringContaining('Not even one') });
    });

    it('refuses to report to Weights & Biases without its package', async () => {
      const { found } = await look({ interpreter, settings: { report_to: 'wandb' } });
      expect(found.environment).toMatchObject({ severity: 'error', detail: expect.stringContaining('wandb') });
    });
  });
});
