/** Rows for the tests of checks: clean by default, so that a test shows only what it spoils. */

import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type CheckOptions,
  type CheckReport,
  type CheckRun,
  runChecks,
} from '../../../../src/core/datasets/checks/check-dataset.ts';
import type { Message } from '../../../../src/core/datasets/records.ts';
import type { MethodId } from '../../../../src/core/methods/method.ts';
import { withDataset, writeJsonl } from '../files.ts';

let files = 0;

/** Writes rows into a file of their own and checks it; `after` is appended as it is. */
export function runner(folder: () => string) {
  return async (
    method: MethodId,
    rows: readonly unknown[],
    options: CheckOptions = {},
    after?: string,
  ): Promise<CheckRun> => {
    const file = await writeJsonl(path.join(folder(), `rows${files++}.jsonl`), rows);
    if (after !== undefined) await appendFile(file, after);
    return withDataset(file, (dataset) => runChecks(dataset, method, options));
  };
}

export function checker(folder: () => string) {
  const run = runner(folder);
  return async (...args: Parameters<typeof run>): Promise<CheckReport> => (await run(...args)).report;
}

export function finding(report: CheckReport, id: string) {
  return report.findings.find((found) => found.id === id);
}

/** In half of them the longer response is the better one. */
export const pair = (n: number) => ({
  prompt: `question ${n}`,
  chosen: `good ${n}${n % 2 ? ' long' : ''}`,
  rejected: `poor ${n}${n % 2 ? '' : ' long'}`,
});
export const pairs = (count: number) => Array.from({ length: count }, (_, n) => pair(n));

export const comparison = (n: number, preferred: string) => ({
  prompt: `question ${n}`,
  response_a: `first ${n}`,
  response_b: `other ${n}`,
  preferred,
});

/** One row for every letter: `A`, `B`, or `t` for a tie. */
export const comparisons = (labels: string) =>
  [...labels].map((label, n) => comparison(n, label === 't' ? 'tie' : label));

export const scored = (n: number, score: unknown) => ({ query: `question ${n}`, response: `answer ${n}`, score });

export const user = (content: string): Message => ({ role: 'user', content });
export const assistant = (content: string): Message => ({ role: 'assistant', content });
export const system = (content: string): Message => ({ role: 'system', content });
