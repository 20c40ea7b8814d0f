/** Which Python trains and serves: what the setting names, else what was set up last on this machine. */

import path from 'node:path';
import * as vscode from 'vscode';
import { findInterpreters, type Interpreter } from '../../core/python/interpreters.ts';
import type { PythonRuntime } from '../../core/runtime.ts';

const CHOICE_KEY = 'rewardStudio.python';

/** What the Python extension says of itself, as far as it is asked. */
interface PythonExtension {
  readonly environments?: { getActiveEnvironmentPath?(): { readonly path: string } };
}

export class PythonChoice {
  readonly #context: vscode.ExtensionContext;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  /** The environments that this program makes. */
  get ownFolder(): string {
    return path.join(this.#context.globalStorageUri.fsPath, 'python');
  }

  get runtime(): PythonRuntime {
    const packageFolder = path.join(this.#context.extensionPath, 'dist', 'python');
    return { packageFolder, interpreter: this.#named ?? this.#context.globalState.get<string>(CHOICE_KEY) };
  }

  async choose(interpreter: string): Promise<void> {
    await this.#context.globalState.update(CHOICE_KEY, interpreter);
  }

  /** Best first. Only looks at files. */
  find(): Promise<Interpreter[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const { exports } = vscode.extensions.getExtension<PythonExtension>('ms-python.python') ?? {};
    return findInterpreters({
      chosen: this.runtime.interpreter,
      editorChoice: exports?.environments?.getActiveEnvironmentPath?.().path,
      workspaceFolders: folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
      ownFolder: this.ownFolder,
      env: process.env,
    });
  }

  /** A workspace cannot name it: the setting is the machine's. */
  get #named(): string | undefined {
    return vscode.workspace.getConfiguration('rewardStudio').get<string>('python.interpreter')?.trim() || undefined;
  }
}
