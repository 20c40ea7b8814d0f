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
    return {
      packageFolder,
      interpreter: this.#named ?? this.#context.globalState.get<string>(CHOICE_KEY),
      useVllm: settings().get('python.useVllm', true),
    };
  }

  /** A folder of wheels that environments are made of, in place of the package index. */
  get wheels(): string | undefined {
    return setting('wheelFolder');
  }

  /** What the setting names goes before all else: it is changed where another one is chosen. */
  async choose(interpreter: string): Promise<void> {
    if (this.#named !== undefined && this.#named !== interpreter) {
      await settings().update('python.interpreter', interpreter, vscode.ConfigurationTarget.Global);
    }
    await this.#context.globalState.update(CHOICE_KEY, interpreter);
  }

  /** Best first. Only looks at files. */
  async find(): Promise<Interpreter[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return findInterpreters({
      chosen: this.runtime.interpreter,
      editorChoice: await choiceOfPythonExtension(),
      workspaceFolders: folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
      ownFolder: this.ownFolder,
      env: process.env,
    });
  }

  /** A workspace cannot name it: the setting is the machine's. */
  get #named(): string | undefined {
    return setting('interpreter');
  }
}

const settings = () => vscode.workspace.getConfiguration('rewardStudio');

const setting = (name: 'interpreter' | 'wheelFolder'): string | undefined =>
  settings().get<string>(`python.${name}`)?.trim() || undefined;

/** One that fails to start has no say here; VS Code tells of it. */
async function choiceOfPythonExtension(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>('ms-python.python');
  const exported = await extension?.activate().then(
    (found) => found,
    () => undefined,
  );
  return exported?.environments?.getActiveEnvironmentPath?.().path;
}
