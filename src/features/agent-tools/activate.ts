/**
 * The feature "agent tools": what language models of the editor may ask, and the same as a server of the Model Context
 * Protocol. Both read only, in processes of their own, and in trusted workspaces only.
 */

import path from 'node:path';
import * as vscode from 'vscode';
import { describeError, StudioError } from '../../core/errors.ts';
import { askDatasetTask } from '../ask-dataset-task.ts';
import { abortSignalOf, requireTrust, type Studio } from '../studio.ts';

/** As package.json names the provider. */
const SERVER_ID = 'rewardStudio.tools';
/** Of the names that the editor knows; without it they are those of `AGENT_TOOLS`. */
const PREFIX = 'reward_studio_';

interface DeclaredTool {
  readonly name: string;
  readonly displayName: string;
}

export function activateAgentTools(studio: Studio): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const declared: readonly DeclaredTool[] = studio.context.extension.packageJSON.contributes.languageModelTools;
  return vscode.Disposable.from(
    changed,
    ...declared.map((tool) => vscode.lm.registerTool(tool.name, new EditorTool(studio, tool))),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.lm.registerMcpServerDefinitionProvider(SERVER_ID, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => serverDefinitions(studio),
    }),
  );
}

class EditorTool implements vscode.LanguageModelTool<object> {
  readonly #studio: Studio;
  readonly #declared: DeclaredTool;

  constructor(studio: Studio, declared: DeclaredTool) {
    this.#studio = studio;
    this.#declared = declared;
  }

  prepareInvocation(): vscode.PreparedToolInvocation {
    return { invocationMessage: `Reward Studio: ${this.#declared.displayName}` };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<object>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    try {
      requireTrust('Agents are answered in trusted workspaces only.');
      const folder = workspaceFolder();
      if (folder === undefined) {
        throw new StudioError('not-available', 'No folder is open.', { hint: 'Open the folder of the project first.' });
      }
      const { runtime } = this.#studio;
      const tool = this.#declared.name.slice(PREFIX.length);
      const task = { kind: 'agent-tool', tool, input, folder, runtime } as const;
      const answer = await askDatasetTask(runtime, task, { signal: abortSignalOf(token) });
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(answer))]);
    } catch (error) {
      // The model that asked reads it.
      throw new Error(describeError(error));
    }
  }
}

function serverDefinitions({ runtime }: Studio): vscode.McpServerDefinition[] {
  const folder = workspaceFolder();
  if (!vscode.workspace.isTrusted || folder === undefined) return [];
  const cli = path.join(path.dirname(runtime.workersFolder), 'cli.mjs');
  const env = { ELECTRON_RUN_AS_NODE: '1' };
  const args = [cli, 'mcp', '--folder', folder];
  return [new vscode.McpStdioServerDefinition('Reward Studio', runtime.nodePath, args, env, runtime.version)];
}

/** Where runs are kept. */
function workspaceFolder(): string | undefined {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath;
}
