/** The prompts that a model was trained on, by their hashes: is what it is measured on new to it? */

import { HashTable } from '../datasets/checks/hash-table.ts';
import { hashPrompt, TextHash } from '../datasets/checks/text-hash.ts';
import { fingerprintDataset } from '../datasets/fingerprint.ts';
import type { ColumnMap } from '../datasets/formats/binding.ts';
import { openDataset } from '../datasets/open.ts';
import { readRecords } from '../datasets/read-records.ts';
import { chooseFormat, recognise } from '../datasets/recognise.ts';
import { type Message, promptOf } from '../datasets/records.ts';
import { describeError, toStudioError } from '../errors.ts';
import type { MethodId } from '../methods/method.ts';
import type { Overlap } from './report.ts';

/** A file that a model was trained on, or validated while it was. */
export interface TrainingFile {
  readonly path: string;
  readonly role: 'train' | 'validation';
  readonly fingerprint: string;
}

export interface TrainingData {
  readonly files: readonly TrainingFile[];
  readonly method: MethodId;
  readonly map: ColumnMap;
}

const REPORT_EVERY = 1_000;

export class TrainingPrompts {
  readonly #files: Overlap['files'] = [];
  readonly #known = new HashTable();
  readonly #graded = new HashTable();
  readonly #shared = new HashTable();
  readonly #hash = new TextHash();
  #rows = 0;

  /** Reads the prompts of all files that can be read; of one that cannot, the reason is kept. */
  static async read(
    { files, method, map }: TrainingData,
    signal: AbortSignal | undefined,
    onShare: (share: number) => void,
  ): Promise<TrainingPrompts> {
    const prompts = new TrainingPrompts();
    for (const [at, file] of files.entries()) {
      await prompts.#add(file, { method, map, signal, onShare: (share) => onShare((at + share) / files.length) });
    }
    return prompts;
  }

  /** Whether a model knows this prompt; undefined where there is no prompt. Counts it. */
  see(prompt: readonly Message[]): boolean | undefined {
    if (prompt.length === 0) return undefined;
    const { low, high } = hashPrompt(prompt, this.#hash);
    const known = this.#known.get(low, high) !== undefined;
    this.#graded.add(low, high, 0);
    if (!known) return false;
    this.#shared.add(low, high, 0);
    this.#rows++;
    return true;
  }

  get overlap(): Overlap {
    return {
      files: this.#files,
      shared_prompts: this.#shared.size,
      prompts: this.#graded.size,
      rows: this.#rows,
    };
  }

  async #add(
    { path, role, fingerprint }: TrainingFile,
    options: {
      readonly method: MethodId;
      readonly map: ColumnMap;
      readonly signal: AbortSignal | undefined;
      readonly onShare: (share: number) => void;
    },
  ): Promise<void> {
    const { method, map, signal, onShare } = options;
    try {
      const dataset = await openDataset(path, signal);
      try {
        const same = (await fingerprintDataset(dataset, signal)) === fingerprint;
        const format = chooseFormat(await recognise(dataset, { method, map, signal }), method);
        for await (const { row, record } of readRecords(dataset, format, { signal })) {
          if (row % REPORT_EVERY === 0) onShare(row / dataset.rowCount);
          const prompt = record ? promptOf(record) : [];
          if (prompt.length === 0) continue;
          hashPrompt(prompt, this.#hash);
          this.#known.add(this.#hash.low, this.#hash.high, 0);
        }
        this.#files.push({ path, role, state: same ? 'same' : 'changed', message: null });
      } finally {
        await dataset.close();
      }
    } catch (error) {
      const known = toStudioError(error);
      if (!known || known.code === 'cancelled') throw error;
      this.#files.push({ path, role, state: 'unreadable', message: describeError(known) });
    }
  }
}
