/** One run being followed: its state, its curves, and where its samples and evaluations stand. Nothing is read twice. */

import { stat } from 'node:fs/promises';
import type { ReadEvent } from '../../core/runs/event-parser.ts';
import type { LinePlace } from '../../core/runs/json-lines-log.ts';
import { MetricHistory } from '../../core/runs/metric-history.ts';
import { RunObserver } from '../../core/runs/observe.ts';
import { SmoothedCurve } from '../../core/runs/smoothing.ts';
import { ACTIVE_STATUSES, type RunState } from '../../core/runs/state.ts';
import { RunFolder } from '../../core/runs/store.ts';
import type { EvaluationInfo } from '../../protocol/run-panel.ts';
import { FolderWatch } from './watch.ts';

/** Writers write line by line: what comes within this time is read together. */
const SETTLE_MS = 40;
/** An active run's process is looked at this often: its end writes nothing. */
const ALIVE_MS = 1_000;

/** Samples stay in the file, which may hold gigabytes of them: only their place is kept. */
export interface SamplesPlace extends LinePlace {
  readonly attempt: number;
  readonly step: number;
  readonly set: 'train' | 'validation';
  readonly count: number;
}

export class FollowedRun {
  readonly folder: RunFolder;
  readonly #onChange: () => void;
  readonly #watch: FolderWatch;
  #observer: RunObserver | undefined;
  #state: RunState | undefined;
  #events: FoldedEvents = emptyEvents();
  #reading: Promise<RunState> | undefined;
  #eventsBytes = 0;
  #settling: NodeJS.Timeout | undefined;
  #alive: NodeJS.Timeout | undefined;

  constructor(folder: string, onChange: () => void) {
    this.folder = new RunFolder(folder);
    this.#onChange = onChange;
    this.#watch = new FolderWatch(folder, ['events.jsonl', 'control.jsonl', 'trainer.log'], () => this.#touched());
  }

  /** As it was read last; reads it first where it was not. */
  async state(): Promise<RunState> {
    return this.#state ?? this.#read();
  }

  get history(): MetricHistory {
    return this.#events.history;
  }

  get samples(): readonly SamplesPlace[] {
    return this.#events.samples;
  }

  get evaluations(): readonly EvaluationInfo[] {
    return this.#events.evaluations;
  }

  /** Steps with a checkpoint, ascending. */
  get checkpoints(): readonly number[] {
    return [...this.#events.checkpoints].sort((a, b) => a - b);
  }

  /** One value for each of the metric's. */
  smoothed(metric: string, beta: number): Float64Array {
    const curve = this.history.curves.get(metric);
    if (!curve) return new Float64Array();
    let smoothed = this.#events.smoothed.get(metric);
    if (smoothed?.beta !== beta) {
      smoothed = new SmoothedCurve(beta);
      this.#events.smoothed.set(metric, smoothed);
    }
    return smoothed.of(curve);
  }

  close(): void {
    this.#watch.close();
    clearTimeout(this.#settling);
    clearTimeout(this.#alive);
  }

  #touched(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      // A reading under way may have passed the place already: another one follows it.
      const before = this.#reading?.catch(() => {}) ?? Promise.resolve();
      before.then(() => this.#read()).then(this.#onChange, this.#onChange);
    }, SETTLE_MS);
  }

  /** One reading at a time; what comes meanwhile is seen by the next. */
  #read(): Promise<RunState> {
    this.#reading ??= this.#observe()
      .catch((error) => {
        // The folder is gone, or cannot be read any more: who asks next is told so.
        this.#state = undefined;
        throw error;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  async #observe(): Promise<RunState> {
    const bytes = await sizeOf(this.folder.eventsFile);
    // A log that got shorter was replaced: what was folded of it is of another run.
    if (bytes < this.#eventsBytes) this.#observer = undefined;
    this.#eventsBytes = bytes;
    if (!this.#observer) {
      const events = emptyEvents();
      this.#events = events;
      this.#observer = new RunObserver(this.folder, await this.folder.readSpec(), (event, place) =>
        foldInto(events, event, place),
      );
    }
    const state = await this.#observer.observe();
    this.#state = state;
    clearTimeout(this.#alive);
    if (ACTIVE_STATUSES.has(state.status)) this.#alive = setTimeout(() => this.#checkAlive(state), ALIVE_MS);
    return state;
  }

  #checkAlive(before: RunState): void {
    this.#read().then((state) => {
      if (state.status !== before.status) this.#onChange();
    }, this.#onChange);
  }
}

interface FoldedEvents {
  readonly history: MetricHistory;
  readonly samples: SamplesPlace[];
  readonly evaluations: EvaluationInfo[];
  readonly checkpoints: Set<number>;
  readonly smoothed: Map<string, SmoothedCurve>;
}

const emptyEvents = (): FoldedEvents => ({
  history: new MetricHistory(),
  samples: [],
  evaluations: [],
  checkpoints: new Set(),
  smoothed: new Map(),
});

function foldInto(events: FoldedEvents, event: ReadEvent, { start, end }: LinePlace): void {
  switch (event.kind) {
    case 'metrics':
      events.history.add(event);
      break;
    case 'checkpoint':
      events.checkpoints.add(event.step);
      break;
    case 'samples': {
      const { attempt, step, set, samples } = event;
      events.samples.push({ start, end, attempt, step, set, count: samples.length });
      break;
    }
    case 'evaluation':
      events.evaluations.push({
        step: event.step,
        final: false,
        evaluation: event.evaluation,
        slices: event.slices ?? [],
      });
      break;
    case 'result':
      if (event.evaluation) {
        events.evaluations.push({ step: null, final: true, evaluation: event.evaluation, slices: [] });
      }
      break;
    default:
      break;
  }
}

export const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
