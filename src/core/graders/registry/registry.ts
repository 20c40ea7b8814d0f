/** The graders that there are: of the workspace's `graders.json`, and of the person's own settings. */

import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { StudioError } from '../../errors.ts';
import { hideStore } from '../../runs/store.ts';
import { writeWhole } from '../../write-whole.ts';
import type { EntryKind, GraderEntry } from './grader-entry.ts';
import { parseRegistry, REGISTRY_VERSION, type RegistryContents } from './registry-file.ts';
import { registryPath } from './registry-path.ts';

/** What is written: defaults may be left out. */
export type GraderInput = { readonly name: string; readonly kind: EntryKind } & Readonly<Record<string, unknown>>;

const FORMATTING = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };

export class RegistryFile {
  /** What relative paths in it are relative to: the folder that is open. */
  readonly folder: string;
  readonly path: string;

  constructor(folder: string) {
    this.folder = folder;
    this.path = registryPath(folder);
  }

  /** Empty where there is no such file. */
  async read(): Promise<RegistryContents> {
    const text = await this.#text();
    return text === undefined ? { graders: [], problems: [] } : parseRegistry(text, this.path);
  }

  /**
   * @throws StudioError 'invalid-grader' where there is no such grader, with what is wrong in the file, where something is
   */
  async find(name: string): Promise<GraderEntry> {
    const { graders, problems } = await this.read();
    const found = graders.find((grader) => grader.name === name);
    if (found) return found;
    if (problems[0]) throw problems[0];
    throw new StudioError('invalid-grader', `There is no grader "${name}".`, {
      where: { file: this.path },
      hint:
        graders.length === 0
          ? 'Add one first: "reward-studio graders add".'
          : `There are: ${graders.map((grader) => grader.name).join(', ')}.`,
    });
  }

  /** @throws StudioError 'already-exists', or 'invalid-grader' for what does not fit its kind */
  async add(grader: GraderInput): Promise<void> {
    const { graders } = await this.#sound();
    if (graders.some(({ name }) => name === grader.name)) {
      throw new StudioError('already-exists', `There is a grader "${grader.name}" already.`, {
        where: { file: this.path },
        hint: 'Choose another name.',
      });
    }
    await this.#change((text) =>
      applyEdits(text, modify(text, ['graders', -1], grader, { ...FORMATTING, isArrayInsertion: true })),
    );
  }

  async rename(from: string, to: string): Promise<void> {
    const { graders } = await this.#sound();
    if (graders.some(({ name }) => name === to)) {
      throw new StudioError('already-exists', `There is a grader "${to}" already.`, { where: { file: this.path } });
    }
    await this.#edit(from, (index) => [['graders', index, 'name'], to]);
  }

  async remove(name: string): Promise<void> {
    await this.#edit(name, (index) => [['graders', index], undefined]);
  }

  async #edit(name: string, edit: (index: number) => [(string | number)[], unknown]): Promise<void> {
    const { graders } = await this.#sound();
    const index = graders.findIndex((grader) => grader.name === name);
    if (index === -1) {
      throw new StudioError('invalid-grader', `There is no grader "${name}".`, { where: { file: this.path } });
    }
    await this.#change((text) => applyEdits(text, modify(text, ...edit(index), FORMATTING)));
  }

  /** A file with mistakes is for its author to correct: places in it are only known when all of it is. */
  async #sound(): Promise<RegistryContents> {
    const contents = await this.read();
    if (contents.problems[0]) throw contents.problems[0];
    return contents;
  }

  /** What would be written is read first: nothing is written that could not be used. */
  async #change(edit: (text: string) => string): Promise<void> {
    const text = edit(
      (await this.#text()) ?? `${JSON.stringify({ version: REGISTRY_VERSION, graders: [] }, null, 2)}\n`,
    );
    const { problems } = parseRegistry(text, this.path);
    if (problems[0]) throw new StudioError(problems[0].code, problems[0].message, { where: { file: this.path } });
    await mkdir(path.dirname(this.path), { recursive: true });
    await hideStore(path.dirname(this.path));
    await writeWhole(this.path, text, `${this.path}.${randomUUID()}.tmp`);
  }

  async #text(): Promise<string | undefined> {
    return readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  }
}

/** A grader with all that was left out. @throws StudioError 'invalid-grader' */
export function completeEntry(grader: GraderInput): GraderEntry {
  const { graders, problems } = parseRegistry(
    JSON.stringify({ version: REGISTRY_VERSION, graders: [grader] }),
    'grader',
  );
  const [entry] = graders;
  if (entry) return entry;
  throw new StudioError('invalid-grader', problems[0]!.message, { hint: problems[0]!.hint ?? '' });
}
