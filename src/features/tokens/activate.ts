/** The feature "tokens": what is kept for the hub and for Weights & Biases. */

import * as vscode from 'vscode';
import { registerCommand, type Studio } from '../studio.ts';
import { clearToken, KEPT_TOKENS, type KeptToken, setToken } from './kept-tokens.ts';

export function activateTokens(studio: Studio): vscode.Disposable {
  const { secrets } = studio.context;
  const commands = (name: string, token: KeptToken) => [
    registerCommand(studio, `rewardStudio.set${name}Token`, `Set ${token.title} Token`, () => setToken(secrets, token)),
    registerCommand(studio, `rewardStudio.clear${name}Token`, `Clear ${token.title} Token`, () =>
      clearToken(secrets, token),
    ),
  ];
  return vscode.Disposable.from(
    ...commands('Hub', KEPT_TOKENS.HF_TOKEN),
    ...commands('Wandb', KEPT_TOKENS.WANDB_API_KEY),
  );
}
