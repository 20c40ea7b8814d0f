/** What the features share: the program's own parts, the log, and one way to show an error. */

import * as vscode from 'vscode';
import { describeError, StudioError, toStudioError } from '../core/errors.ts';
import type { Runtime } from '../core/runtime.ts';

export interface Studio {
  readonly context: vscode.ExtensionContext;
  readonly runtime: Runtime;
  readonly log: vscode.LogOutputChannel;
}

/** Shows what went wrong, in words; a cancelled command shows nothing. Details go to the log. */
export async function showError(studio: Studio, error: unknown, doing: string): Promise<void> {
  const known = toStudioError(error);
  if (known?.code === 'cancelled') return;
  studio.log.error(`${doing}: ${describeError(error)}`);
  if (!known && error instanceof Error && error.stack) studio.log.debug(error.stack);
  const showLog = 'Show Log';
  const choice = await vscode.window.showErrorMessage(`${doing}: ${describeError(error)}`, showLog);
  if (choice === showLog) studio.log.show();
}

/** Registers a command whose failures are shown instead of lost. */
export function registerCommand<A extends unknown[]>(
  studio: Studio,
  id: string,
  doing: string,
  run: (...args: A) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: A) => {
    try {
      return await run(...args);
    } catch (error) {
      void showError(studio, error, doing);
      return undefined;
    }
  });
}

/** An AbortSignal that follows a cancellation token. */
export function abortSignalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

/** Fails in Restricted Mode. @param what what is done in trusted workspaces only, as one sentence */
export function requireTrust(what: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new StudioError('not-available', what, { hint: 'Trust this workspace first (Manage Workspace Trust).' });
}
