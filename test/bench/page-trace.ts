/** How long a page's main thread was busy at a time, from the browser's own trace. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../scripts/environments/chromium.mjs';

interface TraceEvent {
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

/**
 * Opens a page made of these modules and has it worked on; undefined where there is no Chromium.
 * @param contents what the page's script is bundled from
 * @param ready a selector of what is there when the page is
 */
export async function traceMainThread(
  root: string,
  contents: string,
  ready: string,
  work: (page: Page) => Promise<void>,
): Promise<TraceEvent[] | undefined> {
  const executablePath = findChromium();
  if (!executablePath) return undefined;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-trace-'));
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
  try {
    const { outputFiles } = await build({
      absWorkingDir: root,
      stdin: { contents, resolveDir: root },
      bundle: true,
      minify: true,
      write: false,
      outdir: folder,
      logLevel: 'error',
    });
    const contentOf = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
    const page = await browser.newPage({ viewport: { width: 1_400, height: 900 } });
    await page.setContent('<!DOCTYPE html><html><head></head><body></body></html>');
    await page.addStyleTag({ content: contentOf('.css') });
    await page.addScriptTag({ content: contentOf('.js') });
    await page.locator(ready).first().waitFor();
    const trace = path.join(folder, 'trace.json');
    await browser.startTracing(page, {
      path: trace,
      categories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline'],
    });
    await work(page);
    await browser.stopTracing();
    const { traceEvents } = JSON.parse(await readFile(trace, 'utf8')) as { traceEvents: TraceEvent[] };
    return mainThreadTasks(traceEvents);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

// As text: what runs in the page is not checked against the types of Node.
export const nextFrame = (page: Page): Promise<void> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

const LEAST_MICROSECONDS = 1_000;

/** The tasks of 1 ms and more: shorter ones would only flatter the percentile. */
function mainThreadTasks(events: readonly TraceEvent[]): TraceEvent[] {
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
