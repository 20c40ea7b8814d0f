/** Graders of the finished runs of a store, each opened once; what opening them started ends with them. */

import path from 'node:path';
import { StudioError } from '../errors.ts';
import { isGradable } from '../graders/gradable.ts';
import type { Grader } from '../graders/grader.ts';
import type { ServeOptions } from '../graders/local-model/served-model.ts';
import { openGrader } from '../graders/open-grader.ts';
import { RunObserver } from '../runs/observe.ts';
import type { RunState } from '../runs/state.ts';
import type { RunStore } from '../runs/store.ts';
import type { Runtime } from '../runtime.ts';

export interface RunGradersOptions {
  readonly runtime: () => Runtime;
  /** How transformers are served on this machine; without it their runs are refused. */
  readonly serve?: ServeOptions | undefined;
}

export class RunGraders {
  readonly #store: RunStore;
  readonly #options: RunGradersOptions;
  readonly #opened = new Map<string, Promise<Grader>>();

  constructor(store: RunStore, options: RunGradersOptions) {
    this.#store = store;
    this.#options = options;
  }

  /**
   * @param reference id or name of a run; the newest that can grade when undefined
   * @throws StudioError 'run-not-found', 'invalid-model', 'not-available'
   */
  async of(reference: string | undefined): Promise<Grader> {
    const state = reference === undefined ? await this.#newest() : await this.#named(reference);
    const model = path.join(state.folder, state.fold.result!.model);
    const trainedAt = state.fold.updatedAt ?? state.spec.created_at;
    const key = `${model}\n${trainedAt}`;
    const known = this.#opened.get(key);
    if (known) return known;
    const opened = openGrader(
      { file: model, name: state.spec.name, trainedAt, runFolder: state.folder },
      { runtime: this.#options.runtime(), serve: this.#options.serve ?? {} },
    );
    this.#opened.set(key, opened);
    // One that cannot be opened is tried again when it is asked for again.
    opened.catch(() => this.#opened.delete(key));
    return opened;
  }

  dispose(): void {
    for (const opened of this.#opened.values()) {
      opened.then(
        (grader) => grader.dispose(),
        () => {},
      );
    }
    this.#opened.clear();
  }

  async #named(reference: string): Promise<RunState> {
    const { folder, spec } = await this.#store.find(reference);
    const state = await new RunObserver(folder, spec).observe();
    if (!isGradable(state)) {
      throw new StudioError('invalid-model', `This run cannot grade: it is ${state.status}.`, {
        where: { file: folder.path },
        hint: 'Name a finished run of Bradley-Terry, pointwise or pairwise.',
      });
    }
    if (!this.#isAllowed(state)) {
      throw new StudioError(
        'not-available',
        'The model of this run has to be served by Python, which is not allowed here.',
        {
          where: { file: folder.path },
          hint: 'Name a run of the embedded engine, or allow served models (reward-studio mcp --serve).',
        },
      );
    }
    return state;
  }

  async #newest(): Promise<RunState> {
    const { runs } = await this.#store.list();
    for (const { folder, spec } of runs) {
      const state = await new RunObserver(folder, spec).observe();
      if (isGradable(state) && this.#isAllowed(state)) return state;
    }
    throw new StudioError('not-available', 'There is no finished run whose model can grade.', {
      hint: 'Train one first.',
    });
  }

  #isAllowed = ({ spec }: RunState): boolean => spec.engine === 'embedded' || this.#options.serve !== undefined;
}
