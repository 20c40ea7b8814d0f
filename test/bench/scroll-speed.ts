/**
 * Scrolling the grid in Chromium: ten million rows, wheel and thumb, and how long the page's main thread was busy at a time,
 * from the browser's own trace (top-level tasks of the renderer's main thread).
 */

import type { BenchRow } from './embedded-accuracy.ts';
import { durationsOf, nextFrame, traceMainThread, workOf } from './page-trace.ts';

const WHEEL_TURNS = 300;
const WHEEL_PIXELS = 120;
const THUMB_DRAGS = 40;
const MOST_MILLISECONDS = 16;

export async function scrollSpeedBench(root: string): Promise<BenchRow[]> {
  const what = 'scrolling ten million rows in Chromium: tasks of the main thread, p95';
  const contents = `import './webview/dataset/style.css'; import './webview/bench/ten-million-rows.ts';`;
  const tasks = await traceMainThread(root, contents, '.grid-row .cell', async (page) => {
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
  });
  if (!tasks) return [{ what, value: 'not measured: there is no Chromium', target: '', met: undefined }];
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
}

const percentile95 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
