/** Keys of endpoints in VS Code's encrypted storage, each for one origin: whoever writes another address gets no key. */

import * as vscode from 'vscode';
import { StudioError } from '../../core/errors.ts';
import type { EndpointEntry, GraderEntry } from '../../core/graders/registry/grader-entry.ts';
import type { Keys } from '../../core/graders/registry/open-registered.ts';

export class GraderKeys implements Keys {
  readonly #secrets: vscode.SecretStorage;
  readonly onDidChange: vscode.Event<unknown>;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
    this.onDidChange = secrets.onDidChange;
  }

  async get(name: string, origin: string): Promise<string | undefined> {
    return this.#secrets.get(slot(name, origin));
  }

  async set(name: string, origin: string, value: string): Promise<void> {
    await this.#secrets.store(slot(name, origin), value);
  }

  howToSet(): string {
    return 'Set it with "Reward Studio: Set Key".';
  }
}

const slot = (name: string, origin: string): string => `rewardStudio.graderKey\n${name}\n${origin}`;

export const namesKey = (entry: GraderEntry): entry is EndpointEntry & { readonly key: string } =>
  'url' in entry && entry.key !== undefined;

/** Undefined where the person leaves; empty where there is to be none. */
export async function askForKey(title: string, origin: string, optional: boolean): Promise<string | undefined> {
  const value = await vscode.window.showInputBox({
    title,
    prompt: `Kept in the secret storage of VS Code and sent to ${origin} alone${optional ? '. Empty for none' : ''}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\x21-\x7e]*$/.test(text.trim()) ? undefined : 'A key has no blanks and no special characters.',
  });
  return value?.trim();
}

/** @throws StudioError 'usage' for a grader that names no key */
export async function setKey(entry: GraderEntry, keys: GraderKeys): Promise<void> {
  if (!namesKey(entry)) {
    throw new StudioError('usage', `The grader "${entry.name}" names no key.`, {
      hint: 'Give it one in graders.json: "key": "name-of-the-key".',
    });
  }
  const { origin } = new URL(entry.url);
  const value = await askForKey(`Set Key "${entry.key}"`, origin, false);
  if (!value) return;
  await keys.set(entry.key, origin, value);
  void vscode.window.showInformationMessage(`The key "${entry.key}" for ${origin} is set.`);
}
