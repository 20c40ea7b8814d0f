/**
 * Runs in the extension host: hovers over responses all over a large file. Each is asked of the provider itself, which is
 * the time that the extension takes, and of the installed package through VS Code, with the way to the window and back.
 */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { EmbeddedGrader } from '../../../src/core/graders/embedded-grader.ts';
import { GradeCache } from '../../../src/core/graders/grade-cache.ts';
import { GradeHover } from '../../../src/features/grading/hover.ts';
import type { Studio } from '../../../src/features/studio.ts';

const HOVERS = 400;
const WARM = 50;
type Ask = (document: vscode.TextDocument, at: vscode.Position) => Promise<readonly vscode.Hover[]>;

export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const model = await trainedModel(folder);
  const grader = await EmbeddedGrader.load(model, { name: 'bench', trainedAt: new Date(0).toISOString() });
  const provider = new GradeHover({} as Studio, async () => grader, new GradeCache());
  const { token } = new vscode.CancellationTokenSource();
  const itself: Ask = async (document, at) => {
    const hover = await provider.provideHover(document, at, token);
    return hover ? [hover] : [];
  };
  const throughTheEditor: Ask = async ({ uri }, at) =>
    vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at);
  const document = await vscode.workspace.openTextDocument(path.join(folder, 'large.jsonl'));
  const found = {
    itself: await times(document, itself, 0),
    throughTheEditor: await times(document, throughTheEditor, 1),
    screenful: await timeOfScreenful(document),
  };
  await writeFile(process.env.REWARD_STUDIO_HOST_RESULTS ?? '', JSON.stringify(found));
}

/** Milliseconds from an editor that has opened to the grades above the responses in it. */
async function timeOfScreenful(document: vscode.TextDocument): Promise<number> {
  await vscode.workspace
    .getConfiguration('rewardStudio')
    .update('grading.codeLens', true, vscode.ConfigurationTarget.Workspace);
  const middle = Math.floor(document.lineCount / 2);
  const selection = new vscode.Range(middle, 0, middle, 0);
  await vscode.window.showTextDocument(document, { selection });
  const since = performance.now();
  for (;;) {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const ofMiddle = lenses.filter(({ range }) => range.start.line === middle);
    if (ofMiddle.some(({ command }) => /Reward margin/.test(command?.title ?? ''))) return performance.now() - since;
  }
}

async function trainedModel(folder: string): Promise<string> {
  const extension = vscode.extensions.getExtension('reward-studio.reward-studio');
  await extension?.activate();
  const cli = path.join(extension?.extensionPath ?? '', 'dist', 'cli.mjs');
  const data = path.join(folder, 'bradley-terry', 'train.parquet');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'train', data, '--method', 'bt', '--json'], {
    cwd: folder,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  await vscode.commands.executeCommand('rewardStudio.refreshRuns');
  return path.resolve(folder, (JSON.parse(stdout) as { model: string }).model);
}

/** Milliseconds of each hover, over rows that were not hovered before; the first ones are not counted. */
async function times(document: vscode.TextDocument, ask: Ask, offset: number): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < WARM + HOVERS; index += 1) {
    const line = (index * 7_919 + offset) % (document.lineCount - 1);
    const side = index % 2 === 0 ? '"chosen":"' : '"rejected":"';
    const at = new vscode.Position(line, document.lineAt(line).text.indexOf(side) + 200);
    const since = performance.now();
    const hovers = await ask(document, at);
    const took = performance.now() - since;
    const says = hovers.flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value));
    if (!says.some((text) => /Reward margin/.test(text)))
      throw new Error(`no grade in line ${line + 1}: ${says.join()}`);
    if (index >= WARM) taken.push(took);
  }
  return taken;
}
