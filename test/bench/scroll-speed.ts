/**
 * Scrolling the grid in Chromium: ten million rows, wheel and thumb, and how long the page's main thread was busy at a time,
 * from the browser's own trace (top-level tasks of the renderer's main thread).
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../scripts/environments/chromium.mjs';
import type { BenchRow } from './embedded-accuracy.ts';
import { durationsOf, mainThreadTasks, nextFrame, type TraceEvent, workOf } from './page-trace.ts';

const WHEEL_TURNS = 300;
const WHEEL_PIXELS = 120;
const THUMB_DRAGS = 40;
const MOST_MILLISECONDS = 16;

export async function scrollSpeedBench(root: string): Promise<BenchRow[]> {
  const what = 'scrolling ten million rows in Chromium: tasks of the main thread, p95';
  const executablePath = findChromium();
  if (!executablePath) return [{ what, value: 'not measured: there is no Chromium', target: '', met: undefined }];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reward-studio-scroll-'));
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
  try {
    const { outputFiles } = await build({
      absWorkingDir: root,
      stdin: {
        contents: `import './webview/dataset/style.css'; import './webview/bench/ten-million-rows.ts';`,
        resolveDir: root,
      },
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
    await page.locator('.grid-row .cell').first().waitFor();
    const trace = path.join(folder, 'trace.json');
    await browser.startTracing(page, {
      path: trace,
      categories: ['toplevel', 'disabled-by-default-devtools.timeline', 'devtools.timeline'],
    });
    const box = await page.locator('.grid').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 400, (box?.y ?? 0) + 400);
    for (let turn = 0; turn < WHEEL_TURNS; turn++) {
      await page.mouse.wheel(0, turn % 50 < 40 ? WHEEL_PIXELS : -WHEEL_PIXELS);
      await nextFrame(page);
    }
    for (let drag = 0; drag < THUMB_DRAGS; drag++) {
      await page.locator('.grid').evaluate(
        (grid, share) => {
          grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
        },
        (drag * 0.37) % 1,
      );
      await nextFrame(page);
    }
    await browser.stopTracing();
    const { traceEvents } = JSON.parse(await readFile(trace, 'utf8')) as { traceEvents: TraceEvent[] };
    const tasks = mainThreadTasks(traceEvents);
    const durations = durationsOf(tasks);
    const p95 = percentile95(durations);
    const most = durations.at(-1) ?? Number.NaN;
    const worked = percentile95(workOf(tasks));
    return [
      {
        what,
        value: `${p95.toFixed(1)} ms (CPU time alone ${worked.toFixed(1)} ms; longest ${most.toFixed(1)} ms of ${tasks.length} tasks of 1 ms and more)`,
        target: `<= ${MOST_MILLISECONDS} ms`,
        met: p95 <= MOST_MILLISECONDS,
      },
    ];
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const percentile95 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
