/** The registry as VS Code has it: `graders.json` of every folder that is open, and the person's settings. */

import * as vscode from 'vscode';
import { type StudioError, toStudioError } from '../../core/errors.ts';
import { type GraderInput, RegistryFile } from '../../core/graders/registry/registry.ts';
import { parseEntries } from '../../core/graders/registry/registry-file.ts';
import type { RegisteredGrader } from './listed-grader.ts';

const SETTING = 'graders';
/** As mistakes in the settings are told. */
const SETTING_NAME = `rewardStudio.${SETTING}`;

export class RegisteredGraders implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: readonly vscode.Disposable[];
  #graders: readonly RegisteredGrader[] = [];
  #problems: readonly StudioError[] = [];
  #reading: Promise<void> | undefined;

  readonly onDidChange = this.#changed.event;

  constructor() {
    const refresh = () => void this.refresh();
    const watcher = vscode.workspace.createFileSystemWatcher('**/.reward-studio/graders.json');
    this.#subscriptions = [
      this.#changed,
      watcher,
      watcher.onDidChange(refresh),
      watcher.onDidCreate(refresh),
      watcher.onDidDelete(refresh),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTING_NAME)) refresh();
      }),
    ];
  }

  get graders(): readonly RegisteredGrader[] {
    return this.#graders;
  }

  /** What cannot be used of what is written. */
  get problems(): readonly StudioError[] {
    return this.#problems;
  }

  /** Read once; later changes come by themselves. */
  ready(): Promise<void> {
    return this.#reading ?? this.refresh();
  }

  refresh(): Promise<void> {
    this.#reading = this.#read();
    return this.#reading;
  }

  /** @param folder where it is written to; undefined for the settings */
  async add(grader: GraderInput, folder: string | undefined): Promise<void> {
    if (folder !== undefined) await new RegistryFile(folder).add(grader);
    else await changeSettings((graders) => [...graders, grader]);
    await this.refresh();
  }

  async rename({ entry, folder }: RegisteredGrader, name: string): Promise<void> {
    if (folder !== undefined) await new RegistryFile(folder).rename(entry.name, name);
    else {
      await changeSettings((graders) => graders.map((each) => (each.name === entry.name ? { ...each, name } : each)));
    }
    await this.refresh();
  }

  async remove({ entry, folder }: RegisteredGrader): Promise<void> {
    if (folder !== undefined) await new RegistryFile(folder).remove(entry.name);
    else await changeSettings((graders) => graders.filter(({ name }) => name !== entry.name));
    await this.refresh();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #read(): Promise<void> {
    const settings = parseEntries(settingsNow(), SETTING_NAME);
    const own = settings.graders.map((entry): RegisteredGrader => ({ source: 'user', entry, folder: undefined }));
    const files = await Promise.all(foldersToRead().map(readFolder));
    this.#graders = [...files.flatMap(({ graders }) => graders), ...own.filter(mayBeUsed)];
    this.#problems = [...files.flatMap(({ problems }) => problems), ...settings.problems];
    this.#changed.fire();
  }
}

/** In Restricted Mode nothing leaves the machine and nothing is started, and what a workspace names is not loaded. */
const mayBeUsed = ({ entry }: RegisteredGrader): boolean => vscode.workspace.isTrusted || entry.kind === 'embedded';

const foldersToRead = (): string[] =>
  vscode.workspace.isTrusted
    ? (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath)
    : [];

async function readFolder(folder: string) {
  try {
    const { graders, problems } = await new RegistryFile(folder).read();
    return { graders: graders.map((entry): RegisteredGrader => ({ source: 'workspace', entry, folder })), problems };
  } catch (error) {
    const problem = toStudioError(error);
    if (!problem) throw error;
    return { graders: [], problems: [problem] };
  }
}

/** A workspace cannot set them: they are the person's. */
const settingsNow = (): readonly GraderInput[] => {
  const found = vscode.workspace.getConfiguration('rewardStudio').get<unknown>(SETTING);
  return Array.isArray(found) ? (found as GraderInput[]) : [];
};

async function changeSettings(change: (graders: readonly GraderInput[]) => readonly GraderInput[]): Promise<void> {
  const graders = change(settingsNow());
  const [problem] = parseEntries(graders, SETTING_NAME).problems;
  if (problem) throw problem;
  await vscode.workspace.getConfiguration('rewardStudio').update(SETTING, graders, vscode.ConfigurationTarget.Global);
}
