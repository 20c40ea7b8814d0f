/** Tokens that are kept in VS Code's secret storage, by the variable of the environment that programs look for them in. */

import * as vscode from 'vscode';
import { hubOf } from '../../core/datasets/remote/request.ts';
import type { Secrets } from '../../core/runs/launch-attempt.ts';

export interface KeptToken {
  readonly title: string;
  /** Its name in the secret storage. */
  readonly key: string;
  /** Who gets it. */
  readonly given: () => string;
}

export const KEPT_TOKENS = {
  HF_TOKEN: {
    title: 'Hugging Face',
    key: 'rewardStudio.huggingFaceToken',
    given: () => `sent to ${hubOf().host} alone`,
  },
  WANDB_API_KEY: {
    title: 'Weights & Biases',
    key: 'rewardStudio.wandbToken',
    given: () => 'given to trainings that ask for it alone (report_to: wandb)',
  },
} as const satisfies Record<string, KeptToken>;

export async function setToken(secrets: vscode.SecretStorage, { title, key, given }: KeptToken): Promise<void> {
  const token = await vscode.window.showInputBox({
    title: `Set ${title} Token`,
    prompt: `Kept in the secret storage of VS Code and ${given()}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^[\x21-\x7e]*$/.test(value.trim()) ? undefined : 'A token has no blanks and no special characters.',
  });
  if (!token?.trim()) return;
  await secrets.store(key, token.trim());
  void vscode.window.showInformationMessage(`The ${title} token is set.`);
}

export async function clearToken(secrets: vscode.SecretStorage, { title, key }: KeptToken): Promise<void> {
  await secrets.delete(key);
  void vscode.window.showInformationMessage(`No ${title} token is kept.`);
}

/** Those that are kept; a variable of VS Code's own environment is inherited as it is. */
export const keptSecrets =
  (secrets: vscode.SecretStorage): Secrets =>
  async (names) => {
    const known: Readonly<Record<string, KeptToken>> = KEPT_TOKENS;
    const kept = await Promise.all(
      names.map(async (name) => [name, known[name] && (await secrets.get(known[name].key))] as const),
    );
    return Object.fromEntries(kept.flatMap(([name, value]) => (value ? [[name, value]] : [])));
  };
