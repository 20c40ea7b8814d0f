/** Asks a verb of our Python package for its answer: one JSON object on its standard output. */

import { execa } from 'execa';
import type * as z from 'zod';
import { type ErrorReport, errorFromReport, StudioError } from '../errors.ts';
import type { WorkerCommand } from '../runtime.ts';

/** Of what a Python program says before it ends, the last lines tell what was wrong. */
const SAID_LINES = 4;

/**
 * @throws StudioError what it reports, or 'trainer-died' with its last words where it answers nothing that can be read
 */
export async function askPython<T>(
  { file, args, env }: WorkerCommand,
  schema: z.ZodType<T>,
  signal?: AbortSignal,
): Promise<T> {
  const result = await execa(file, args, {
    env,
    reject: false,
    stdin: 'ignore',
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    forceKillAfterDelay: 2_000,
  });
  if (result.isCanceled) throw new StudioError('cancelled', 'Cancelled.');
  const answer = jsonOf(result.stdout.trim().split('\n').at(-1) ?? '');
  const reported = (answer as { error?: ErrorReport } | undefined)?.error;
  if (result.failed && reported) throw errorFromReport({ ...reported, where: reported.where ?? {} });
  const parsed = schema.safeParse(answer);
  if (parsed.success && !result.failed) return parsed.data;
  const said = result.stderr.trim().split('\n').slice(-SAID_LINES).join('\n');
  throw new StudioError('trainer-died', `Python did not answer${said ? `. It said:\n${said}` : '.'}`, {
    where: { file },
    hint: 'Choose another interpreter with "Set Up Python Environment".',
    cause: result.cause,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
