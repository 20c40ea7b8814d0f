import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPythonPackages } from '../../../scripts/environments/python-packages.mjs';
import { root } from '../../../scripts/main.mjs';
import { describeInOneLine, lookBeforeStart } from '../../../src/core/runs/before-start.ts';
import { runFileSchema } from '../../../src/core/runs/spec.ts';
import { checkoutRuntime } from '../../soak/killed-trainer.ts';
import { CLI, runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { PAIRS, writeModel } from './looked-at-model.ts';

const interpreter = await findPythonPackages('python-trl');
if (!interpreter) console.log('before-start: with PyTorch skipped, the environment python-trl is not there');
/** Each starts Python, which loads PyTorch. */
const PATIENCE_MS = 240_000;

function folderWithModel(): string {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'pairs.jsonl'), PAIRS);
  writeModel(path.join(folder, 'model'));
  return folder;
}

function look(run: object, python?: string) {
  const folder = folderWithModel();
  return lookBeforeStart(
    runFileSchema.parse({ method: 'bradley-terry', data: { train: 'pairs.jsonl' }, base_model: './model', ...run }),
    {
      baseFolder: folder,
      store: { base: folder },
      runtime: {
        ...checkoutRuntime(root),
        python: { packageFolder: path.join(root, 'dist', 'python'), interpreter: python },
      },
    },
  );
}

const runsOf = (folder: string): string[] => {
  const runs = path.join(folder, '.reward-studio', 'runs');
  return existsSync(runs) ? readdirSync(runs) : [];
};

const train = (folder: string, ...more: string[]) =>
  runCli(folder, ['train', 'pairs.jsonl', '--method', 'bt', '--engine', 'trl', '--base-model', './model', ...more]);

describe('before a run is started', () => {
  beforeAll(() => expect(existsSync(CLI)).toBe(true));

  it('nothing is looked at for an engine that needs nothing of the machine', async () => {
    expect(await look({ engine: 'embedded' })).toEqual({ checks: [], obstacles: [] });
  });

  it('all that stands in the way is found at once', async () => {
    const { obstacles } = await look({ engine: 'trl', base_model: './gone' });
    expect(obstacles.map(({ what }) => what)).toEqual(['environment', 'base model']);
    expect(describeInOneLine(obstacles)).toMatch(
      /^environment: No Python has been chosen.* with --python\. base model: .*There is no folder.*\)\.$/,
    );
  });

  it('the command line refuses with the reason and a way to go on, and leaves no run', async () => {
    const folder = folderWithModel();
    const { exitCode, stderr } = await train(folder, '--python', path.join(folder, 'gone'));
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/The run was not started\. environment: .*gone: This Python cannot be started/);
    expect(stderr).toMatch(/--dry-run shows the whole preflight, --no-preflight starts the run all the same/);
    expect(runsOf(folder)).toEqual([]);
  });

  it('the command line goes on where it is told to', async () => {
    const folder = folderWithModel();
    const { stderr } = await train(folder, '--python', path.join(folder, 'gone'), '--no-preflight');
    expect(stderr).not.toContain('The run was not started');
    expect(runsOf(folder)).toHaveLength(1);
  });

  describe.skipIf(!interpreter)('with PyTorch', { timeout: PATIENCE_MS }, () => {
    it('what is only to be weighed stops nothing', async () => {
      const found = await look({ engine: 'trl', base_model: 'nobody/a-model-that-is-not-here' }, interpreter);
      expect(found.checks).toContainEqual(expect.objectContaining({ what: 'base model', severity: 'warning' }));
      expect(found.obstacles).toEqual([]);
    });

    it('memory that the machine does not have is refused, with the settings that fit', async () => {
      const folder = folderWithModel();
      const large = ['max_length=1048576', 'micro_batch_size=4096', 'batch_size=4096', 'device=cpu'];
      const { exitCode, stderr } = await train(
        folder,
        '--python',
        interpreter!,
        ...large.flatMap((one) => ['--set', one]),
      );
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/was not started\. memory: about [\d.]+ [TP]B on the CPU.* would fit/);
      expect(runsOf(folder)).toEqual([]);
    });
  });
});
