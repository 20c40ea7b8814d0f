/** A machine behind SSH in the workbench: added, looked at, trained on through a cut connection, and its model used here. */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPythonPackages } from '../../scripts/environments/python-packages.mjs';
import { findSshd } from '../../scripts/environments/sshd.mjs';
import { root } from '../../scripts/main.mjs';
import { Sshd } from '../ssh/sshd.ts';
import { setParameters } from './parameters.ts';
import { useWorkbench } from './use-workbench.ts';

const python = await findPythonPackages('python-trl');
/** Training loads PyTorch, which takes its time on a busy machine. */
const PATIENCE = { timeout: 180_000 };

if (!python || !findSshd()) console.log('targets: skipped, needs python-trl and sshd (npm test -- ssh makes them)');

describe.skipIf(!python || !findSshd())('a machine behind SSH', async () => {
  const sshd = await Sshd.start();
  const workbench = useWorkbench('targets', {
    workspace: path.join(root, 'examples'),
    viewport: { width: 1400, height: 900 },
    env: { REWARD_STUDIO_SSH_CONFIG: sshd.config },
  });
  const there = () => path.join(sshd.folder, 'there');
  const lastRun = () => {
    const runs = path.join(workbench().folder, '.reward-studio', 'runs');
    return path.join(runs, readdirSync(runs).at(-1)!);
  };

  beforeAll(() => {
    const make =
      'import sys; from pathlib import Path; from tests_trl.tiny_model import make_tiny_model as m; m(Path(sys.argv[1]))';
    execFileSync(python!, ['-c', make, path.join(workbench().folder, 'tiny-model')], {
      cwd: path.join(root, 'python'),
    });
  });
  afterAll(() => sshd.remove());

  test('is added from the SSH configuration, and the list says what it has', async () => {
    await workbench().activityBar('Reward Studio');
    await workbench().runCommandAndPick('Reward Studio: Add Training Target…', 'box');
    await workbench().quickInput.getByText('Add Training Target: box').first().waitFor();
    await workbench().enterText(python!);
    await workbench().quickInput.getByText('The folder there').first().waitFor();
    await workbench().enterText(there());
    await workbench().notification(/box, over SSH: SSH, Python 3\.\d+\.\d+: 1 node, .*no GPU.* Its Python can train\./);
    await workbench().clearNotifications();
    await workbench()
      .sideBar.getByRole('button', { name: /^Targets/ })
      .click();
    await workbench()
      .treeItem(/ssh:box, \d+ cores, no GPU, .* · trl ready/)
      .waitFor();
    await workbench().screenshot('targets-view');
  });

  test('trains what was started here, goes on while it cannot be reached, and the model comes back', async () => {
    await workbench().runCommandAndPick('Reward Studio: Train Reward Model', 'train.parquet');
    await workbench().pick('Bradley-Terry');
    await workbench().screenshot('targets-pick');
    await workbench().pick('PyTorch (TRL) on box');
    await workbench().pick('tiny-model');
    await setParameters(workbench(), {
      max_steps: '60',
      batch_size: '8',
      max_length: '256',
      truncation: 'left',
      save_steps: '30',
    });
    await workbench().pick('Start');
    await workbench().webview().locator('.status', { hasText: 'Running' }).waitFor(PATIENCE);
    await sshd.stop();
    await workbench()
      .webview()
      .getByText(/Not reached since .*It goes on there.*This machine cannot be reached now/)
      .waitFor();
    await workbench().screenshot('targets-not-reached');
    await sshd.restart();
    await workbench().webview().locator('.status', { hasText: 'Finished' }).waitFor(PATIENCE);
    await workbench().notification(/Trained bradley-terry-train\. Validation: pair accuracy/);
    await workbench().clearNotifications();
    await workbench().screenshot('targets-finished');
    const spec = JSON.parse(readFileSync(path.join(lastRun(), 'run.json'), 'utf8'));
    expect(spec).toMatchObject({ engine: 'trl', target: 'ssh:box' });
    const files = ['events.jsonl', 'trainer.log', 'model/grader.json'];
    for (const name of files) {
      const own = readFileSync(path.join(lastRun(), name));
      expect(own.equals(readFileSync(path.join(there(), 'runs', spec.id, name))), name).toBe(true);
    }
  });

  test('is taken from the list when the person says so', async () => {
    await workbench().chooseFromMenu(workbench().treeItem(/ssh:box/), 'Remove Target…');
    await workbench().page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect
      .poll(() =>
        workbench()
          .treeItem(/ssh:box/)
          .count(),
      )
      .toBe(0);
  });
});
