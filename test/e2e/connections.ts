/** What the extension connects to while a workbench is used: its part of the extension host, and the programs it starts. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/main.mjs';

export interface Connection {
  /** `extension host`, or the program: `dist/workers/read-dataset.mjs`. */
  readonly who: string;
  readonly what: 'connects' | 'looks up' | 'sends to';
  readonly host: string;
}

/** Works from `options` of a workbench, which brings an extension that watches. */
export class RecordedConnections {
  readonly #file = path.join(mkdtempSync(path.join(os.tmpdir(), 'reward-studio-connections-')), 'connections.jsonl');
  readonly options = {
    others: [path.join(root, 'test', 'e2e', 'connection-recorder')],
    env: { CONNECTIONS_LOG: this.#file },
  };

  remove(): void {
    rmSync(path.dirname(this.#file), { recursive: true, force: true });
  }

  /** The programs that were watched. */
  watched(): Set<string> {
    return new Set(this.#lines().map(({ who }) => who));
  }

  all(): Connection[] {
    return this.#lines().filter((line): line is Connection => line.what !== 'starts');
  }

  #lines(): { readonly who: string; readonly what: string; readonly host: string }[] {
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}
