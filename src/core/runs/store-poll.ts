/**
 * Notices that runs came, went, or were resumed, by looking at their folders every few seconds: the system's notices of
 * files get lost now and then, and on network file systems there are none.
 */

import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RunStore } from './store.ts';

const POLL_MS = 2_000;
/** Whether a trainer is at work is looked at for the newest runs; a run of long ago is seldom resumed. */
const LOCKS_LOOKED_AT = 20;

export class StorePoll {
  readonly #stores: () => readonly RunStore[];
  readonly #onChange: () => void;
  readonly #intervalMs: number;
  #known: string | undefined;
  #wanted = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param onChange called when it looks otherwise than at the last `note`, or the last call */
  constructor(stores: () => readonly RunStore[], onChange: () => void, intervalMs = POLL_MS) {
    this.#stores = stores;
    this.#onChange = onChange;
    this.#intervalMs = intervalMs;
  }

  /** Whether it looks at all: there is no timer where nobody would see what it finds. */
  get wanted(): boolean {
    return this.#wanted;
  }

  set wanted(wanted: boolean) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    if (wanted) void this.#look();
  }

  /** Before the lists are read for other reasons: what is there now is no news. */
  async note(): Promise<void> {
    this.#known = await this.#glance();
  }

  dispose(): void {
    this.wanted = false;
  }

  async #look(): Promise<void> {
    const seen = await this.#glance();
    if (!this.#wanted) return;
    const isNews = this.#known !== undefined && seen !== this.#known;
    this.#known = seen;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), this.#intervalMs);
    if (isNews) this.#onChange();
  }

  async #glance(): Promise<string> {
    return (await Promise.all(this.#stores().map(({ runsFolder }) => glanceAt(runsFolder)))).join('\n\n');
  }
}

/** The runs of a folder by name, and which of the newest have a trainer at work. */
async function glanceAt(runsFolder: string): Promise<string> {
  const found = await readdir(runsFolder).catch(() => []);
  // Names begin with the time.
  const names = found.filter((name) => !name.startsWith('.')).sort();
  const locked = await Promise.all(
    names.slice(-LOCKS_LOOKED_AT).map((name) =>
      access(path.join(runsFolder, name, 'writer.lock')).then(
        () => name,
        () => '',
      ),
    ),
  );
  return [...names, '', ...locked].join('\n');
}
