/** Runs on disk: one folder each under `.reward-studio/runs`. Whoever opens the folder sees the same runs. */

import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../errors.ts';
import type { RunSpec } from './spec.ts';

export const STORE_FOLDER = '.reward-studio';

/** The files of one run. */
export class RunFolder {
  readonly path: string;

  constructor(folder: string) {
    this.path = folder;
  }

  get specFile(): string {
    return path.join(this.path, 'run.json');
  }
  get eventsFile(): string {
    return path.join(this.path, 'events.jsonl');
  }
  get controlFile(): string {
    return path.join(this.path, 'control.jsonl');
  }
  get logFile(): string {
    return path.join(this.path, 'trainer.log');
  }
  /** What the connector of a run elsewhere prints. */
  get connectionLogFile(): string {
    return path.join(this.path, 'connection.log');
  }
  get modelFolder(): string {
    return path.join(this.path, 'model');
  }

  /** @throws StudioError 'run-not-found' where the folder is no longer there */
  async requireThere(): Promise<void> {
    await access(this.path).catch((cause: unknown) => {
      throw new StudioError('run-not-found', 'The folder of this run has been deleted.', {
        where: { file: this.path },
        hint: 'Where its trainer still runs, it fails when it next makes a file there.',
        cause,
      });
    });
  }

  async readSpec(): Promise<RunSpec> {
    const text = await readFile(this.specFile, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
      await this.requireThere();
      throw new StudioError('run-not-found', 'This run has no run.json that can be read.', {
        where: { file: this.specFile },
        hint: 'The folder may be a leftover: delete it, or restore the file.',
        cause: error,
      });
    });
    // Late: who only names folders of runs needs no schema.
    const { parseRunSpec } = await import('./spec.ts');
    return parseRunSpec(text, this.specFile);
  }
}

export interface StoreListing {
  /** Newest first. */
  readonly runs: readonly { readonly folder: RunFolder; readonly spec: RunSpec }[];
  /** Folders that hold no readable run, with the reason. */
  readonly problems: readonly { readonly folder: string; readonly error: unknown }[];
}

export class RunStore {
  /** The workspace folder (or working directory) that owns the runs. */
  readonly base: string;
  readonly runsFolder: string;

  constructor(base: string) {
    this.base = base;
    this.runsFolder = path.join(base, STORE_FOLDER, 'runs');
  }

  /** The store whose runs are in this folder, as the folder of a run tells. */
  static at(runsFolder: string): RunStore {
    return new RunStore(path.resolve(runsFolder, '..', '..'));
  }

  /** Writes a new run's folder and its immutable run.json. The store hides itself from git and from search. */
  async create(draft: Omit<RunSpec, 'id' | 'version' | 'created_at'>): Promise<{ folder: RunFolder; spec: RunSpec }> {
    const now = new Date();
    const spec: RunSpec = { version: 1, id: newRunId(now, draft.name), created_at: now.toISOString(), ...draft };
    await mkdir(this.runsFolder, { recursive: true });
    await hideStore(path.dirname(this.runsFolder));
    const folder = new RunFolder(path.join(this.runsFolder, spec.id));
    // It appears whole: who watches the store learns of a folder, and not always of what is then written into it.
    const unnamed = new RunFolder(path.join(this.runsFolder, `.${spec.id}.tmp`));
    await mkdir(unnamed.path);
    try {
      await writeFile(unnamed.specFile, `${JSON.stringify(spec, null, 2)}\n`, { flag: 'wx' });
      await rename(unnamed.path, folder.path);
    } catch (error) {
      await rm(unnamed.path, { recursive: true, force: true });
      throw error;
    }
    return { folder, spec };
  }

  async list(): Promise<StoreListing> {
    const names = await readdir(this.runsFolder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const runs: { folder: RunFolder; spec: RunSpec }[] = [];
    const problems: { folder: string; error: unknown }[] = [];
    for (const name of names.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))) {
      const folder = new RunFolder(path.join(this.runsFolder, name.name));
      try {
        runs.push({ folder, spec: await folder.readSpec() });
      } catch (error) {
        problems.push({ folder: folder.path, error });
      }
    }
    runs.sort((a, b) => (a.spec.id < b.spec.id ? 1 : -1));
    return { runs, problems };
  }

  /** The run with this id, an unambiguous start of an id, or a name that only one run has. */
  async find(idOrName: string): Promise<{ folder: RunFolder; spec: RunSpec }> {
    const { runs } = await this.list();
    const exact = runs.filter((run) => run.spec.id === idOrName);
    const close = runs.filter((run) => run.spec.id.startsWith(idOrName) || run.spec.name === idOrName);
    const matches = exact.length === 1 ? exact : close;
    if (matches.length === 1 && matches[0]) return matches[0];
    if (matches.length === 0) {
      throw new StudioError('run-not-found', `There is no run "${idOrName}".`, {
        where: { file: this.runsFolder },
        hint: '"reward-studio runs list" shows the runs here.',
      });
    }
    throw new StudioError('run-not-found', `"${idOrName}" could be any of ${matches.length} runs.`, {
      where: { file: this.runsFolder },
      hint: `Name one by its id: ${matches.map((run) => run.spec.id).join(', ')}.`,
    });
  }
}

/** Runs are not for git; the lists of graders and of targets are. */
export const STORE_GITIGNORE = '*\n!graders.json\n!targets.json\n';
/** What versions before wrote; what a person has written stays. */
const EARLIER_GITIGNORES: ReadonlySet<string> = new Set(['*\n', '*\n!graders.json\n']);

/** Hides the store from git and from search. */
export async function hideStore(storeFolder: string): Promise<void> {
  const gitignore = path.join(storeFolder, '.gitignore');
  const there = await readFile(gitignore, 'utf8').catch(() => undefined);
  if (there !== undefined && EARLIER_GITIGNORES.has(there)) await writeFile(gitignore, STORE_GITIGNORE);
  for (const [name, text] of [
    ['.gitignore', STORE_GITIGNORE],
    ['.ignore', '*\n'],
  ] as const) {
    await writeFile(path.join(storeFolder, name), text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Sorts by time: `20260102-030405-support-pairs-1a2b`. */
function newRunId(now: Date, name: string): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return [stamp, slug, randomBytes(2).toString('hex')].filter((part) => part !== '').join('-');
}
