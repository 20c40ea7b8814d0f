/** The registry as VS Code has it: `graders.json` of every folder that is open, and the person's settings. */

import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type StudioError, toStudioError } from '../../core/errors.ts';
import type { GraderInput } from '../../core/graders/registry/registry.ts';
import type { RegistryContents } from '../../core/graders/registry/registry-file.ts';
import { registryPath } from '../../core/graders/registry/registry-path.ts';
import type { RegisteredGrader } from './listed-grader.ts';

const EMPTY = { graders: [], problems: [] };
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
    if (folder !== undefined) await (await registryOf(folder)).add(grader);
    else await changeSettings((graders) => [...graders, grader]);
    await this.refresh();
  }

  async rename({ entry, folder }: RegisteredGrader, name: string): Promise<void> {
    if (folder !== undefined) await (await registryOf(folder)).rename(entry.name, name);
    else {
      await changeSettings((graders) => graders.map((each) => (each.name === entry.name ? { ...each, name } : each)));
    }
    await this.refresh();
  }

  async remove({ entry, folder }: RegisteredGrader): Promise<void> {
    if (folder !== undefined) await (await registryOf(folder)).remove(entry.name);
    else await changeSettings((graders) => graders.filter(({ name }) => name !== entry.name));
    await this.refresh();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #read(): Promise<void> {
    const settings = await readSettings();
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

// Loaded where there is something to read: most windows open on no registry.
const registryFiles = () => import('../../core/graders/registry/registry-file.ts');

async function registryOf(folder: string) {
  const { RegistryFile } = await import('../../core/graders/registry/registry.ts');
  return new RegistryFile(folder);
}

async function readSettings(): Promise<Pick<RegistryContents, 'graders' | 'problems'>> {
  const written = settingsNow();
  return written.length === 0 ? EMPTY : (await registryFiles()).parseEntries(written, SETTING_NAME);
}

async function readFolder(folder: string) {
  try {
    if (await isMissing(registryPath(folder))) return EMPTY;
    const { graders, problems } = await (await registryOf(folder)).read();
    return { graders: graders.map((entry): RegisteredGrader => ({ source: 'workspace', entry, folder })), problems };
  } catch (error) {
    const problem = toStudioError(error);
    if (!problem) throw error;
    return { graders: [], problems: [problem] };
  }
}

const isMissing = (file: string): Promise<boolean> =>
  access(file).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

/** A workspace cannot set them: they are the person's. */
const settingsNow = (): readonly GraderInput[] => {
  const found = vscode.workspace.getConfiguration('rewardStudio').get<unknown>(SETTING);
  return Array.isArray(found) ? (found as GraderInput[]) : [];
};

async function changeSettings(change: (graders: readonly GraderInput[]) => readonly GraderInput[]): Promise<void> {
  const graders = change(settingsNow());
  const [problem] = (await registryFiles()).parseEntries(graders, SETTING_NAME).problems;
  if (problem) throw problem;
  await vscode.workspace.getConfiguration('rewardStudio').update(SETTING, graders, vscode.ConfigurationTarget.Global);
}
