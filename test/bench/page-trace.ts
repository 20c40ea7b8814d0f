/** How long a page's main thread was busy at a time, from the browser's own trace. */

import type { Page } from 'playwright-core';

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string };
}

// As text: what runs in the page is not checked against the types of Node.
export const nextFrame = (page: Page): Promise<void> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

/** Milliseconds of each task of 1 ms and more, ascending: shorter ones would only flatter the percentile. */
export function mainThreadTasks(events: readonly TraceEvent[]): number[] {
  const renderers = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const mains = new Set(renderers.map(({ pid, tid }) => `${pid}/${tid}`));
  return events
    .filter(({ name, ph, pid, tid }) => ph === 'X' && name === 'RunTask' && mains.has(`${pid}/${tid}`))
    .map(({ dur = 0 }) => dur / 1_000)
    .filter((milliseconds) => milliseconds >= 1)
    .sort((a, b) => a - b);
}
