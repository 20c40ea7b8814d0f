/** What is done with targets: one is added, looked at, removed. */

import * as vscode from 'vscode';
import { describeError } from '../../core/errors.ts';
import { describeLacks } from '../../core/python/doctor.ts';
import { contextFor, describeLook, describeNodes } from '../../core/runs/elsewhere/inspect-there.ts';
import { RunStore } from '../../core/runs/store.ts';
import { resolveRemoteTarget } from '../../core/targets/known-targets.ts';
import { askForDoctor } from '../../core/targets/remote/ask-doctor.ts';
import { writeTarget } from '../../core/targets/remote/targets-file.ts';
import { hostsOfConfig } from '../../core/targets/ssh/config-hosts.ts';
import { parseSshName } from '../../core/targets/ssh/ssh-name.ts';
import { abortSignalOf, type Studio } from '../studio.ts';
import { keptSecrets } from '../tokens/kept-tokens.ts';
import type { ListedTarget, TargetsTree } from './targets-tree.ts';

const TITLE = 'Add Training Target';
const OTHER = 'Another Host…';

/** Asks for a machine, its Python and a folder there; undefined when the person leaves. */
export async function addTarget(base: string): Promise<ListedTarget | undefined> {
  const host = await askHost();
  if (host === undefined) return undefined;
  const ask = (prompt: string, value: string) =>
    vscode.window.showInputBox({
      title: `${TITLE}: ${host}`,
      prompt,
      value,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? 'Give it a path.' : undefined),
    });
  const python = await ask('The Python there that has the packages of the engine: a program or a path', 'python3');
  if (python === undefined) return undefined;
  const folder = await ask('The folder there that holds the program, data and runs', '~/.reward-studio');
  if (folder === undefined) return undefined;
  const target = { name: `ssh:${host}`, setup: { python: python.trim(), folder: folder.trim() }, base };
  await writeTarget(base, target.name, target.setup);
  return target;
}

async function askHost(): Promise<string | undefined> {
  const hosts = await hostsOfConfig();
  if (hosts.length > 0) {
    const items = [...hosts.map((label) => ({ label, iconPath: new vscode.ThemeIcon('remote') })), { label: OTHER }];
    const placeHolder = 'A host of your SSH configuration';
    const picked = await vscode.window.showQuickPick(items, { title: TITLE, placeHolder, ignoreFocusOut: true });
    if (picked?.label !== OTHER) return picked?.label;
  }
  const given = await vscode.window.showInputBox({
    title: TITLE,
    prompt:
      'HOST, USER@HOST or USER@HOST:PORT, as ssh in a terminal takes it; keys and jump hosts are those of your SSH configuration',
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(text.trim()),
  });
  return given?.trim();
}

function problemOf(host: string): string | undefined {
  try {
    parseSshName(`ssh:${host}`);
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

async function offerToSetUp(told: string, target: ListedTarget): Promise<void> {
  const setUp = 'Set Up Python There';
  if ((await vscode.window.showWarningMessage(told, setUp)) !== setUp) return;
  await vscode.commands.executeCommand('rewardStudio.setUpTarget', target);
}

/** Reaches it, and shows what it has in the list. @throws StudioError */
export async function lookAtTarget(studio: Studio, tree: TargetsTree, target: ListedTarget): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Looking at ${target.name}`,
    cancellable: true,
  };
  try {
    await vscode.window.withProgress(options, async (progress, token) => {
      const signal = abortSignalOf(token);
      const remote = await resolveRemoteTarget(target.name);
      const secrets = keptSecrets(studio.context.secrets);
      const { runtime } = studio;
      const context = await contextFor(target.name, remote, { store: new RunStore(target.base), runtime, secrets });
      progress.report({ message: 'connecting' });
      const looked = await remote.look(context, signal);
      const seen = describeLook(looked);
      const doctor = await askForDoctor((verb, args) => remote.ask(context, verb, args, signal));
      const lacks = describeLacks(doctor, 'trl');
      const about = `${describeNodes(looked)} · trl ${lacks === undefined ? 'ready' : 'not ready'}`;
      tree.showSeen(target, { about, canTrain: lacks === undefined });
      studio.log.info(
        `${target.name}: ${seen} ${lacks === undefined ? 'The engine trl is ready.' : `It lacks ${lacks}.`}`,
      );
      const told = `${remote.title}: ${seen} ${lacks === undefined ? 'Its Python can train.' : `Its Python cannot train yet: it lacks ${lacks}.`}`;
      if (lacks === undefined) void vscode.window.showInformationMessage(told);
      else void offerToSetUp(told, target);
    });
  } catch (error) {
    tree.showSeen(target, { failure: describeError(error) });
    throw error;
  }
}

/** Makes an environment there, and sets the target up with it. @throws StudioError; 'cancelled' when the person cancels */
export async function setUpPythonThere(studio: Studio, target: ListedTarget): Promise<ListedTarget | undefined> {
  const make = 'Make Environment';
  const detail =
    'The packages of the engine trl are installed there from its package index: PyTorch and others, several GB, in a folder of this program. Environments of yours are left as they are.';
  const question = `Make a Python environment on ${target.name}?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, make)) !== make) return undefined;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Python environment on ${target.name}`,
    cancellable: true,
  };
  const python = await vscode.window.withProgress(options, async (progress, token) => {
    const remote = await resolveRemoteTarget(target.name);
    const { runtime } = studio;
    const secrets = keptSecrets(studio.context.secrets);
    const context = await contextFor(target.name, remote, { store: new RunStore(target.base), runtime, secrets });
    const onLine = (line: string) => {
      studio.log.info(`${target.name}: ${line}`);
      progress.report({ message: line.slice(0, 80) });
    };
    return remote.makeEnvironment?.(context, 'trl', { onLine, signal: abortSignalOf(token) });
  });
  if (python === undefined) return undefined;
  const setup = { ...target.setup, python };
  await writeTarget(target.base, target.name, setup);
  return { ...target, setup };
}

export async function removeTarget({ name, base }: ListedTarget): Promise<void> {
  const remove = 'Remove';
  const detail = 'It is taken from the list. Nothing is deleted there, and runs that go on there go on.';
  const asked = await vscode.window.showWarningMessage(`Remove the target ${name}?`, { modal: true, detail }, remove);
  if (asked === remove) await writeTarget(base, name, undefined);
}
