/** Tells when files of a folder grow: by the system's notices where they come, by looking often where they do not. */

import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';

/** Between two looks where the system tells by itself, as a check on it; and where it does not. */
const CHECK_MS = 1_000;
const POLL_MS = 200;

export class FolderWatch {
  readonly #folder: string;
  readonly #files: readonly string[];
  readonly #onChange: () => void;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sizes = '';
  /** The system told of something since the last look. */
  #told = false;
  /** It did not tell of a change that a look saw: a network file system, most likely. */
  #silent = false;
  #closed = false;

  constructor(folder: string, files: readonly string[], onChange: () => void) {
    this.#folder = folder;
    this.#files = files;
    this.#onChange = onChange;
    this.#watch();
    void this.#look(true);
  }

  close(): void {
    this.#closed = true;
    this.#watcher?.close();
    clearTimeout(this.#timer);
  }

  #watch(): void {
    try {
      this.#watcher = watch(this.#folder, (_, name) => {
        if (name !== null && !this.#files.includes(name)) return;
        this.#told = true;
        this.#onChange();
      });
      this.#watcher.on('error', () => {
        this.#silent = true;
      });
    } catch {
      this.#silent = true;
    }
  }

  async #look(first = false): Promise<void> {
    const sizes = (await Promise.all(this.#files.map((file) => versionOf(path.join(this.#folder, file))))).join(' ');
    if (this.#closed) return;
    if (sizes !== this.#sizes && !first) {
      if (!this.#told) this.#silent = true;
      this.#onChange();
    }
    this.#sizes = sizes;
    this.#told = false;
    this.#timer = setTimeout(() => void this.#look(), this.#silent ? POLL_MS : CHECK_MS);
  }
}

const versionOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ size, mtimeMs, ino }) => `${ino}:${size}:${mtimeMs}`,
    () => 'none',
  );
