/** How long a page's main thread was busy at a time, from the browser's own trace. */

import type { Page } from 'playwright-core';

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  /** Microseconds. */
  readonly dur?: number;
  /** Of that, microseconds in which the thread ran. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
}

// As text: what runs in the page is not checked against the types of Node.
export const nextFrame = (page: Page): Promise<void> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

const LEAST_MICROSECONDS = 1_000;

/** The tasks of 1 ms and more: shorter ones would only flatter the percentile. */
export function mainThreadTasks(events: readonly TraceEvent[]): TraceEvent[] {
  const renderers = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const mains = new Set(renderers.map(({ pid, tid }) => `${pid}/${tid}`));
  return events.filter(
    ({ name, ph, pid, tid, dur = 0 }) =>
      ph === 'X' && name === 'RunTask' && mains.has(`${pid}/${tid}`) && dur >= LEAST_MICROSECONDS,
  );
}

/** How long each task took in milliseconds, ascending. */
export const durationsOf = (tasks: readonly TraceEvent[]): number[] =>
  tasks.map(({ dur = 0 }) => dur / 1_000).sort((a, b) => a - b);

/** For how much of that the thread ran: what a busy machine adds is waiting, not work. */
export const workOf = (tasks: readonly TraceEvent[]): number[] =>
  tasks.map(({ tdur = 0 }) => tdur / 1_000).sort((a, b) => a - b);
