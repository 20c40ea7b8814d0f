/**
 * What verl prints, as it comes out of a terminal or of Ray: `(TaskRunner pid=1234) step:12 - actor/lr:1e-06 - ...`
 * among progress bars, warnings and tracebacks.
 */

import { stripVTControlCharacters } from 'node:util';
import { type ForeignLog, type ForeignMetrics, metricsOf } from './foreign-log.ts';

/** Ray names the process in front of its line, and says behind it how often it came from others. */
const RAY_PREFIX = /^\((?:[^()]*\bpid=\d+[^()]*)\)\s/;
const RAY_REPEATS = /\s*\[repeated \d+x across cluster\].*$/;
const STEP = /^step:(\d+) - (.*)$/;
const PROGRESS = /^(?:Training Progress|Training|Epoch \d+\/\d+):\s+\d+%\|[^|]*\|\s*(\d+)\/(\d+) \[/;
/** Only this bar counts the steps of the whole training. */
const WHOLE_TRAINING = /^Training/;
const FINAL = /^(?:'|")?Final validation metrics/;
const ERROR = /^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Killed)\b.*$/;
/** numpy 2 names the type of its numbers when they are printed. */
const NUMBER = /^(?:np\.\w+\()?(-?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|nan))\)?$/i;

export const hasVerlStep = (text: string): boolean => stepLine(plainLine(text)) !== undefined;

export async function readVerlConsole(lines: AsyncIterable<string>): Promise<ForeignLog> {
  const entries: ForeignMetrics[] = [];
  let totalSteps: number | undefined;
  let done: number | undefined;
  let traceback = false;
  let error: string | undefined;
  let final = false;
  for await (const raw of lines) {
    // A progress bar writes over itself on one line.
    for (const part of raw.split('\r')) {
      const text = plainLine(part);
      const step = stepLine(text);
      if (step) {
        const metrics = metricsOf({ ...step, totalSteps });
        if (metrics) entries.push(metrics);
        // What went on after an error was no end.
        traceback = false;
        error = undefined;
        continue;
      }
      const progress = PROGRESS.exec(text);
      if (progress && WHOLE_TRAINING.test(text)) {
        done = Number(progress[1]);
        totalSteps = Number(progress[2]) || undefined;
      } else if (FINAL.test(text)) final = true;
      else if (text.startsWith('Traceback (most recent call last)')) traceback = true;
      else if (traceback && ERROR.test(text)) error = text;
    }
  }
  const last = Math.max(done ?? 0, entries.at(-1)?.metrics.step ?? 0);
  const finished = final || (totalSteps !== undefined && last >= totalSteps);
  return {
    format: 'verl-console',
    entries,
    ending:
      error !== undefined
        ? { status: 'failed', message: error }
        : finished
          ? { status: 'finished', message: `${last} steps` }
          : undefined,
    warnings: [],
  };
}

const plainLine = (text: string): string =>
  stripVTControlCharacters(text).replace(RAY_PREFIX, '').replace(RAY_REPEATS, '').trimEnd();

/** Names may hold colons and spaces: the value follows the last colon of its part. */
function stepLine(text: string): { step: number; values: [string, number][] } | undefined {
  const match = STEP.exec(text);
  if (!match?.[2]) return undefined;
  const values = match[2].split(' - ').flatMap((part): [string, number][] => {
    const colon = part.lastIndexOf(':');
    const number = colon < 1 ? undefined : consoleNumber(part.slice(colon + 1).trim());
    return number === undefined ? [] : [[part.slice(0, colon), number]];
  });
  return values.length === 0 ? undefined : { step: Number(match[1]), values };
}

function consoleNumber(text: string): number | undefined {
  const [, digits] = NUMBER.exec(text) ?? [];
  switch (digits?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'nan':
      return Number.NaN;
    case 'inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return Number(digits);
  }
}
