/** The checks in words: how far they are, what they found, which did not run. */

import type { CheckFinding, CheckOutcome, CheckProgress } from '../../src/protocol/dataset-checks.ts';
import { bytes, count, counted } from './text.ts';

/** A speed measured over less than this jumps about. */
const SPEED_KNOWN_MS = 1_000;
const SECOND_MS = 1_000;
const MINUTE_S = 60;

/**
 * `checking rows: 120,000 of 600,000 · 62.1 MB/s · 8 s left`; speed and time once they are known.
 * @param elapsedMs since the phase began
 */
export function describeProgress(progress: CheckProgress, elapsedMs: number): string {
  const { phase, rows, totalRows, bytes: size } = progress;
  const parts = [`${phase}: ${count(rows)} of ${count(totalRows)}`];
  const share = totalRows === 0 ? 0 : rows / totalRows;
  if (share > 0 && elapsedMs >= SPEED_KNOWN_MS) {
    const seconds = elapsedMs / SECOND_MS;
    if (size !== undefined) parts.push(`${bytes((size * share) / seconds)}/s`);
    if (share < 1) parts.push(`${duration((seconds * (1 - share)) / share)} left`);
  }
  return parts.join(' · ');
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  return whole < MINUTE_S ? `${whole} s` : `${Math.floor(whole / MINUTE_S)} min ${whole % MINUTE_S} s`;
}

/** `2 errors, 1 warning, 11 passed`. */
export function tallyText({ findings, passed }: Pick<CheckOutcome, 'findings' | 'passed'>): string {
  const of = (severity: CheckFinding['severity']) => findings.filter((found) => found.severity === severity).length;
  const parts = [
    [of('error'), 'error', 'errors'],
    [of('warning'), 'warning', 'warnings'],
    [of('info'), 'info', 'infos'],
    [passed.length, 'passed', 'passed'],
  ] as const;
  return parts.flatMap(([number, one, many]) => (number === 0 ? [] : counted(number, one, many))).join(', ');
}

/** What the checks are called in one line, by their id. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  'near-duplicates': 'near-duplicates',
  contamination: 'benchmark overlap',
  truncation: 'cut at max length',
  'split-leakage': 'split overlap',
};

/** `Not run: near-duplicates, benchmark overlap`. */
export function notRunText(notRun: readonly { readonly id: string; readonly title: string }[]): string {
  if (notRun.length === 0) return 'All checks ran.';
  return `Not run: ${notRun.map(({ id, title }) => SHORT_NAMES[id] ?? title).join(', ')}`;
}
