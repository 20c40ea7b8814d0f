/** The host's end of the process that follows the runs of a panel: starts it, asks it, tells when it died, ends it. */

import { createBirpc } from 'birpc';
import { reportError, StudioError } from '../../core/errors.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { Fault, Outcome } from '../../protocol/dataset-viewer.ts';
import type { FollowerEvents, FollowerFunctions } from '../../protocol/run-panel.ts';
import { CANCELLED, channelTo, STDERR_KEPT, startWorker, type Worker } from '../worker-channel.ts';

export interface FollowerListeners extends FollowerEvents {
  /** It died by itself; not called after `dispose`. `said` is the end of what it wrote to standard error. */
  onDeath(fault: Fault, said: string): void;
}

export class FollowerProcess {
  readonly #child: Worker;
  readonly #rpc: ReturnType<typeof connect>;
  #ended: Fault | undefined;

  constructor(runtime: Runtime, folders: readonly string[], listeners: FollowerListeners) {
    // Points of curves are typed arrays.
    this.#child = startWorker(runtime, 'follow-run', [], 'advanced');
    this.#rpc = connect(this.#child, { changed: (folder) => listeners.changed(folder) });
    let said = '';
    this.#child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-STDERR_KEPT);
    });
    void this.#child.then(({ exitCode, signal }) => {
      if (this.#ended) return;
      this.#ended = deathOf(signal ?? (exitCode === undefined ? 'not started' : `exit code ${exitCode}`));
      this.#rpc.$close();
      listeners.onDeath(this.#ended, said);
    });
    this.follow(folders);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  follow(folders: readonly string[]): void {
    // Its end is told by itself.
    if (!this.#ended) this.#rpc.follow(folders).catch(() => {});
  }

  async ask<T>(question: (follower: FollowerFunctions) => Promise<Outcome<T, Fault>>): Promise<Outcome<T, Fault>> {
    if (this.#ended) return { ok: false, fault: this.#ended };
    try {
      return await question(this.#rpc);
    } catch (error) {
      // A question sent while the process was dying fails before its end is known.
      if (!this.#ended) await this.#child;
      return { ok: false, fault: this.#ended ?? reportError(error) };
    }
  }

  /** Ends the process; what is still being asked is answered as cancelled. */
  dispose(): void {
    if (this.#ended) return;
    this.#ended = CANCELLED;
    this.#rpc.$close();
    this.#child.kill();
  }
}

function connect(child: Worker, events: FollowerEvents) {
  return createBirpc<FollowerFunctions, FollowerEvents>(events, channelTo(child));
}

function deathOf(how: string): Fault {
  return reportError(
    new StudioError('not-available', `The process that follows this run ended unexpectedly (${how}).`, {
      hint: 'The training is not touched by that. Reload to follow it again.',
    }),
  );
}
