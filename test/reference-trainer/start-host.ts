/** Starts the host program, which starts a reference run and stays until it is killed. */

import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { ReferenceSettings } from './settings.ts';

export interface HostProcess {
  /** The run that it started; no pid where that one waits for its turn. */
  readonly run: Promise<{ readonly id: string; readonly pid: number | null }>;
  /** Resolves when the host is gone. */
  kill(): Promise<void>;
}

export function startHost(root: string, folder: string, settings: ReferenceSettings, seed = 1): HostProcess {
  const program = path.join(root, 'dist-test', 'test', 'reference-trainer', 'host.mjs');
  const host = execa(process.execPath, [program, root, folder, JSON.stringify(settings), String(seed)], {
    reject: false,
    stdin: 'ignore',
  });
  return {
    run: once(createInterface({ input: host.stdout }), 'line').then(([line]) => JSON.parse(line)),
    kill: async () => {
      host.kill('SIGKILL');
      await host;
    },
  };
}
