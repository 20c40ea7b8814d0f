/** Runs of transformers in the workbench: refused before they start, stopped, resumed, queued; and judges that they give. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { findPythonPackages } from '../../scripts/environments/python-packages.mjs';
import { root } from '../../scripts/main.mjs';
import { RunStore } from '../../src/core/runs/store.ts';
import { useWorkbench } from './use-workbench.ts';

const python = await findPythonPackages('python-trl');
/** Training and serving load PyTorch, which takes its time on a busy machine. */
const PATIENCE = { timeout: 180_000 };

if (!python) console.log('trl-runs: skipped, the environment python-trl is not there');

/** Of either log of a run. */
interface LogEntry {
  readonly kind: string;
  readonly time: string;
  readonly attempt: number;
  readonly status?: string;
  readonly step?: number;
  readonly path?: string;
  readonly values?: Readonly<Record<string, number>>;
}

interface Asked {
  readonly name: string;
  readonly method: string;
  readonly train: string;
  readonly settings: object;
  readonly base_model?: string;
}

const runFile = ({ name, method, train, settings, base_model = './tiny-model' }: Asked) => ({
  [`${name}.rmrun.json`]: JSON.stringify(
    { name, method, engine: 'trl', base_model, data: { train }, settings: { validation_share: 0, ...settings } },
    null,
    2,
  ),
});
const pairs = Array.from({ length: 64 }, (_, at) =>
  JSON.stringify({ prompt: `question ${at}`, chosen: 'a clear answer', rejected: 'a rude answer' }),
);
const graded = Array.from({ length: 8 }, (_, at) =>
  JSON.stringify({ prompt: `question ${at}`, response: 'a clear answer', score: 3 }),
);
const GRADED_TEXT = 'precise helpful great';
/** Of Bradley-Terry: steps that last long enough for a person to stop them, and then all the rest. */
const STEPS = 120;
const slow = { max_steps: STEPS, batch_size: 32, micro_batch_size: 1, save_steps: 1000, log_steps: 1 };
/** No device or machine has the memory for it; its rows are short. */
const huge = { max_length: 1_048_576, batch_size: 4096, micro_batch_size: 4096, max_steps: 1 };
const judge = {
  max_steps: 1,
  batch_size: 8,
  num_generations: 2,
  micro_batch_size: 16,
  max_completion_length: 4,
  learning_rate: 1e-6,
  kl_coefficient: 0,
  prompt: 'brief',
  thinking: 'none',
};

const teaching = { epochs: 20, batch_size: 8, micro_batch_size: 8, learning_rate: 1e-2 };

/** A tiny random model, and rows that teach it to write one verdict. */
const FIXTURES = `
import json, sys
from pathlib import Path
from tests_trl.test_judges import brief, scored
from tests_trl.tiny_model import make_tiny_model
folder = Path(sys.argv[1])
make_tiny_model(folder / "tiny-model", positions=4096)
def taught(row):
    return {"messages": [{"role": "user", "content": brief(row)}, {"role": "assistant", "content": "<score>3</score>"}]}
(folder / "verdicts.jsonl").write_text("".join(json.dumps(taught(row)) + "\\n" for row in scored(48)))
`;

describe.skipIf(!python)('runs of transformers', () => {
  const workbench = useWorkbench('trl-runs', {
    files: {
      'pairs.jsonl': `${pairs.join('\n')}\n`,
      'scored.jsonl': `${graded.join('\n')}\n`,
      'replies.jsonl': `${JSON.stringify({ prompt: 'question 7', response: GRADED_TEXT })}\n`,
      ...runFile({ name: 'huge', method: 'bradley-terry', train: 'pairs.jsonl', settings: huge }),
      ...runFile({ name: 'first', method: 'bradley-terry', train: 'pairs.jsonl', settings: slow }),
      ...runFile({
        name: 'second',
        method: 'bradley-terry',
        train: 'pairs.jsonl',
        settings: { ...slow, max_steps: 1 },
      }),
      ...runFile({ name: 'mute', method: 'pointwise', train: 'scored.jsonl', settings: judge }),
      ...runFile({ name: 'teacher', method: 'sft', train: 'verdicts.jsonl', settings: teaching }),
    },
    machineSettings: { 'rewardStudio.python.interpreter': python },
    viewport: { width: 1400, height: 900 },
  });
  const store = () => new RunStore(workbench().folder);
  const lines = (file: string): LogEntry[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const folderOf = async (name: string) => (await store().find(name)).folder;
  const train = async (name: string) => {
    await workbench().openFile(`${name}.rmrun.json`);
    await workbench()
      .page.locator('.codelens-decoration a', { hasText: /^Train$/ })
      .first()
      .click();
  };
  const shown = async (name: RegExp) => {
    await workbench().activityBar('Reward Studio');
    await workbench().treeItem(name).waitFor(PATIENCE);
  };
  const grade = async () => {
    await workbench().runCommand('View: Close All Editors');
    await workbench().openFile('replies.jsonl');
    await workbench().select(GRADED_TEXT);
    await workbench().runCommand('Reward Studio: Grade Selection');
  };

  beforeAll(() => {
    execFileSync(python!, ['-c', FIXTURES, workbench().folder], { cwd: path.join(root, 'python') });
  });

  test('what the machine does not have is said before a run starts, which then waits for a word', async () => {
    await train('huge');
    const told = await workbench().notification(
      /Training from pairs\.jsonl was not started\. memory: about .*would fit/,
    );
    await workbench().screenshot('trl-not-started');
    await told.getByRole('button', { name: 'Show Preflight' }).click();
    await workbench().editorTab('Preflight of pairs.jsonl').waitFor();
    for (const line of ['ok    environment:', 'FAIL  memory: about', 'ok    disk:', 'ok    port:']) {
      await workbench().page.locator('.view-line', { hasText: line }).first().waitFor();
    }
    await workbench().screenshot('trl-not-started-preflight');
    expect((await store().list()).runs).toEqual([]);
    const again = await workbench().notification(/was not started\. memory/);
    await again.getByRole('button', { name: 'Start Anyway' }).click();
    await shown(/huge, .*finished/);
    await workbench().runCommand('View: Close All Editors');
    await workbench().clearNotifications();
  });

  test('a run that is stopped from the side bar writes a checkpoint first', async () => {
    await train('first');
    await shown(/first, .*running · [1-9]\d* %/);
    await workbench().chooseFromMenu(workbench().treeItem(/first, .*running/), 'Stop Run');
    await shown(/first, .*stopped/);
    await workbench().screenshot('trl-stopped');
    const folder = await folderOf('first');
    const events = lines(folder.eventsFile);
    expect(events.slice(-2).map(({ kind }) => kind)).toEqual(['checkpoint', 'status']);
    const { step, path: checkpoint } = events.at(-2)!;
    expect(step).toBeLessThan(STEPS);
    expect(existsSync(path.join(folder.path, checkpoint!, 'trainer_state.json'))).toBe(true);
    await workbench().clearNotifications();
  });

  test('it goes on from there to its end, and a second one waits until then', async () => {
    await workbench().runCommandAndPick('Reward Studio: Resume Run', 'first');
    await shown(/first, .*running/);
    await train('second');
    await shown(/second, .*queued/);
    await workbench().screenshot('trl-queued');
    await shown(/first, .*finished/);
    await shown(/second, .*finished/);
    await workbench().screenshot('trl-resumed-and-queued');
    const [first, second] = [await folderOf('first'), await folderOf('second')];
    const steps = (attempt: number) =>
      lines(first.eventsFile)
        .filter((event) => event.attempt === attempt && event.values?.['train/loss'] !== undefined)
        .map(({ step }) => step!);
    expect(steps(2)[0]).toBe(steps(1).at(-1)! + 1);
    expect([...steps(1), ...steps(2)]).toEqual(Array.from({ length: STEPS }, (_, at) => at + 1));
    const ended = lines(first.eventsFile).at(-1)!;
    const launched = lines(second.controlFile).find(({ kind }) => kind === 'launched')!;
    expect(ended).toMatchObject({ status: 'finished', attempt: 2 });
    expect(Date.parse(launched.time)).toBeGreaterThanOrEqual(Date.parse(ended.time));
    await workbench().clearNotifications();
  });

  test('a judge that has learned no verdict grades nothing: what it wrote is shown', async () => {
    await train('mute');
    await shown(/mute, .*finished/);
    await workbench().runCommandAndPick('Reward Studio: Use as Grader', 'mute');
    await shown(/mute, .*grader/);
    await grade();
    const told = workbench().page.locator('.notification-list-item', { hasText: 'The judge gave no verdict' }).first();
    await told.waitFor(PATIENCE);
    expect(await told.textContent()).toMatch(/It wrote: .+ That is not a score/);
    await workbench().screenshot('trl-judge-no-verdict');
    await workbench().clearNotifications();
  });

  test('a judge that writes its verdict grades with it', async () => {
    const taught = ['train', 'teacher.rmrun.json', '--python', python!];
    await execa(process.execPath, [path.join(root, 'dist', 'cli.mjs'), ...taught], { cwd: workbench().folder });
    const { modelFolder } = await folderOf('teacher');
    const file = runFile({
      name: 'judge',
      method: 'pointwise',
      train: 'scored.jsonl',
      settings: judge,
      base_model: modelFolder,
    });
    for (const [name, text] of Object.entries(file)) writeFileSync(path.join(workbench().folder, name), text);
    await train('judge');
    await shown(/judge, .*finished/);
    await workbench().runCommandAndPick('Reward Studio: Use as Grader', 'judge');
    await shown(/judge, .*grader/);
    await grade();
    const told = workbench()
      .page.locator('.notification-list-item', { hasText: /Score 3\.0 of 4 · judge/ })
      .first();
    await told.waitFor(PATIENCE);
    await told.getByRole('button', { name: 'Show Details' }).click();
    const card = workbench()
      .page.locator('.monaco-hover:not(.hidden):visible', { hasText: /kept since/ })
      .first();
    await card.waitFor();
    expect(await card.textContent()).toMatch(/Score 3\.0 of 4 \(label 3\)/);
    await workbench().screenshot('trl-judge-graded');
  });
});
