/** Asks a worker process about a dataset, so that reading never holds up the extension host. */

import { execa } from 'execa';
import { StudioError } from '../../core/errors.ts';
import type { PreparationAnswer, PreparationRequest, PreparationResults } from '../../core/runs/preparation.ts';
import { type Runtime, workerCommand } from '../../core/runtime.ts';

export async function askPreparation<K extends PreparationRequest['kind']>(
  runtime: Runtime,
  request: Extract<PreparationRequest, { kind: K }>,
  signal: AbortSignal,
): Promise<PreparationResults[K]> {
  const { file, args, env } = workerCommand(runtime, 'prepare-run', []);
  const result = await execa(file, args, {
    env,
    input: JSON.stringify(request),
    cancelSignal: signal,
    reject: false,
    maxBuffer: 16 * 1024 * 1024,
  });
  if (result.isCanceled) throw new StudioError('cancelled', 'Cancelled.');
  const answer = parseAnswer<PreparationResults[K]>(result.stdout);
  if (!answer) {
    throw new StudioError('damaged-file', 'The process that reads the dataset ended without an answer.', {
      hint: 'The extension log has what it said last.',
      cause: result.stderr,
    });
  }
  if ('value' in answer) return answer.value;
  const { code, message, where, hint } = answer.error;
  if (code === 'internal') throw new Error(message);
  throw new StudioError(code, message, { where, ...(hint === undefined ? {} : { hint }) });
}

function parseAnswer<T>(text: string): PreparationAnswer<T> | undefined {
  try {
    return JSON.parse(text) as PreparationAnswer<T>;
  } catch {
    return undefined;
  }
}
