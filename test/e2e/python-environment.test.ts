/** "Set Up Python Environment", from a Python that lacks everything to one that is ready, without a network. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPython } from '../../scripts/environments/python.mjs';
import { root } from '../../scripts/main.mjs';
import { pinnedPackages, writeTinyWheels } from '../tiny-wheels.ts';
import { useWorkbench } from './use-workbench.ts';

const python = findPython();
const wheels = path.join(mkdtempSync(path.join(os.tmpdir(), 'reward-studio-wheels-')), 'wheels');
/** Making an environment takes its time on a busy machine. */
const PATIENCE = { timeout: 120_000 };
const COMMAND = 'Reward Studio: Set Up Python Environment';

describe.skipIf(!python)('an environment for Python', () => {
  const workbench = useWorkbench('python-environment', {
    machineSettings: { 'rewardStudio.python.wheelFolder': wheels },
    // pip would otherwise prefer real packages that lie elsewhere on this machine; and there is no uv.
    env: { PIP_FIND_LINKS: '', PATH: `${path.dirname(python!)}${path.delimiter}/usr/bin${path.delimiter}/bin` },
    viewport: { width: 1300, height: 850 },
  });
  const home = () => path.dirname(path.dirname(workbench().folder));
  /** Names of the environments that were made, and of what stays beside them. */
  const made = (): string[] => {
    const storage = readdirSync(home(), { recursive: true, encoding: 'utf8' }).find((name) =>
      /globalStorage[\\/][^\\/]*reward-studio[^\\/]*[\\/]python$/.test(name),
    );
    return storage === undefined ? [] : readdirSync(path.join(home(), storage));
  };
  const progress = () =>
    workbench().page.locator('.notifications-toasts .notification-list-item', {
      hasText: 'Making a Python environment',
    });

  beforeAll(() => {
    execFileSync(python!, ['-m', 'venv', '--without-pip', path.join(workbench().folder, '.venv')]);
  });
  afterAll(() => rmSync(path.dirname(wheels), { recursive: true, force: true }));

  test('what each Python has can be read', async () => {
    await workbench().runCommand(COMMAND);
    await workbench().quickInput.getByText('Show What Each Has').waitFor(PATIENCE);
    await workbench().screenshot('python-list');
    await workbench().pick('Show What Each Has');
    const report = workbench().page.locator('.view-line');
    await report
      .filter({ hasText: /\.venv\/bin\/python/ })
      .first()
      .waitFor();
    await report
      .filter({ hasText: /torch\s[\d.]+,\swhich\scomputes/ })
      .first()
      .waitFor();
    await workbench().screenshot('python-report');
  });

  test('one that lacks packages is told with what it lacks; nothing is changed without a word', async () => {
    const before = readdirSync(path.join(workbench().folder, '.venv'), { recursive: true }).sort();
    await workbench().runCommand(COMMAND);
    await workbench().quickInput.getByText('workspace', { exact: true }).first().click(PATIENCE);
    const dialog = workbench().page.locator('.monaco-dialog-box');
    await dialog.getByText(/cannot train yet/).waitFor();
    expect(await dialog.textContent()).toMatch(/trl [\d.]+, which trains/);
    await workbench().screenshot('python-lacks');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(readdirSync(path.join(workbench().folder, '.venv'), { recursive: true }).sort()).toEqual(before);
  });

  test('a folder of wheels that is not there is said, with the setting to correct', async () => {
    await workbench().runCommand(COMMAND);
    await workbench().quickInput.getByText('Make a New Environment').click(PATIENCE);
    await workbench().notification(/The folder of wheels is not there.*rewardStudio\.python\.wheelFolder/);
    await workbench().screenshot('python-no-wheels');
    await workbench().clearNotifications();
  });

  test('making one shows what is done, and leaves nothing where it is cancelled', async () => {
    const requirements = readFileSync(path.join(root, 'python', 'requirements', 'trl.txt'), 'utf8');
    writeTinyWheels(python!, wheels, pinnedPackages(requirements));
    await workbench().runCommand(COMMAND);
    await workbench().quickInput.getByText('Make a New Environment').click(PATIENCE);
    await progress().getByText('making the environment').waitFor();
    await workbench().screenshot('python-progress');
    await progress().getByRole('button', { name: 'Cancel' }).click();
    await progress().waitFor({ state: 'hidden' });
    await expect.poll(made).toEqual([]);
  });

  test('made to its end it is ready, and the log has what the tools said', async () => {
    await workbench().runCommand(COMMAND);
    await workbench().quickInput.getByText('Make a New Environment').click(PATIENCE);
    const ready = workbench()
      .page.locator('.notifications-toasts .notification-list-item', { hasText: /Python is ready to train/ })
      .first();
    await ready.waitFor(PATIENCE);
    await workbench().screenshot('python-ready');
    expect(made()).toEqual([expect.stringMatching(/^trl-3\.\d+-[0-9a-f]{8}$/)]);
    await ready.getByRole('button', { name: 'Show Log' }).click();
    await workbench()
      .page.locator('.part.panel .view-line', { hasText: /Python\sfor\straining/ })
      .first()
      .waitFor();
    await workbench().screenshot('python-log');
    expect(existsSync(path.join(workbench().folder, '.venv', 'pyvenv.cfg'))).toBe(true);
  });
});
