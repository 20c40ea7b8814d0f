/** An output file that appears under its final name only when it is complete. */

import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError, toStudioError } from '../../errors.ts';

export class OutputFile {
  readonly path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #force: boolean;
  #open = true;

  private constructor(file: string, temporary: string, handle: FileHandle, force: boolean) {
    this.path = file;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#force = force;
  }

  /**
   * Creates the folder where it is missing and starts a temporary file in it.
   * @throws StudioError 'already-exists' unless `force`, 'permission-denied', 'disk-full'
   */
  static async create(file: string, force: boolean): Promise<OutputFile> {
    if (!force) await refuseExisting(file);
    const folder = path.dirname(file);
    const temporary = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
    return actionable(file, async () => {
      await mkdir(folder, { recursive: true });
      return new OutputFile(file, temporary, await open(temporary, 'wx'), force);
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    await actionable(this.path, async () => {
      for (let written = 0; written < bytes.byteLength; ) {
        written += (await this.#handle.write(bytes, written)).bytesWritten;
      }
    });
  }

  /** Everything is on disk, under the temporary name: from here on only `commit` or `discard` is left. */
  async finish(): Promise<void> {
    await actionable(this.path, async () => {
      await this.#handle.sync();
      await this.#close();
    });
  }

  async commit(): Promise<void> {
    if (!this.#force) await refuseExisting(this.path);
    await actionable(this.path, () => rename(this.#temporary, this.path));
  }

  /** Removes what was written; does nothing after `commit`. */
  async discard(): Promise<void> {
    await this.#close().catch(() => {});
    await rm(this.#temporary, { force: true });
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#handle.close();
  }
}

/** @throws StudioError 'already-exists' */
export async function refuseExisting(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return;
  throw new StudioError('already-exists', 'The file already exists.', {
    where: { file },
    hint: 'Choose another folder, or replace it with --force.',
  });
}

/** System errors as ones a person can act on, about the file that is being written. */
export async function actionable<T>(file: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const known = toStudioError(error);
    if (!known) throw error;
    const hint = known.hint === undefined ? {} : { hint: known.hint };
    throw new StudioError(known.code, known.message, { where: { file }, cause: error, ...hint });
  }
}
