/** Why a grading does not begin, or does not go on. */

import { stat } from 'node:fs/promises';
import type { Dataset } from '../datasets/dataset.ts';
import { errorFromReport, StudioError } from '../errors.ts';
import type { GradedRows } from './graded-rows.ts';
import type { GradingSpec, GradingSummary } from './grading-store.ts';
import type { FileGrader } from './open-for-grading.ts';

/** What makes the kept grades those of another grading, in words. */
export function differenceOf(before: GradingSpec, now: GradingSpec): string | undefined {
  if (before.input !== now.input) return `it is of ${before.input}`;
  if (before.fingerprint !== now.fingerprint) return 'the file has changed since';
  if (before.grader.identity !== now.grader.identity)
    return `it is by ${before.grader.name}, another grader or another training`;
  if (JSON.stringify(before.reading) !== JSON.stringify(now.reading)) return `it read the rows as ${before.title}`;
  return before.seed === now.seed ? undefined : `its seed is ${before.seed}`;
}

/** @throws StudioError where a grader that only compares is given single responses */
export function refuseOneForTwo({ grader }: FileGrader, { kind, title }: GradedRows, file: string): void {
  if (kind !== 'response' || grader.scale !== 'preference-a-b-tie' || grader.kind === 'embedded') return;
  throw new StudioError('usage', `"${grader.name}" compares two responses, and each row holds one (${title}).`, {
    where: { file },
    hint: 'Choose a grader that scores one response.',
  });
}

export async function stampOf({ files }: Dataset): Promise<string> {
  const stamps = await Promise.all(files.map(({ path: file }) => stat(file)));
  return stamps.map(({ size, mtimeMs }) => `${size} ${mtimeMs}`).join('\n');
}

export const changed = (file: string): StudioError =>
  new StudioError('not-available', 'The file has changed while it was graded.', {
    where: { file },
    hint: 'Grade it again.',
  });

export function keepsFailing(
  { code, message }: { readonly code: string; readonly message: string },
  rows: number,
): Error {
  if (code === 'internal') return errorFromReport({ code, message, where: {} });
  const told = `The grader failed on ${rows} rows in a row. ${message}`;
  return new StudioError(code as StudioError['code'], told, {
    hint: 'What was graded before is kept: once the grader answers, the same grading goes on from there.',
  });
}

export function nothingGraded(spec: GradingSpec, problem: GradingSummary['problems'][number] | undefined): StudioError {
  const place = problem?.first.row == null ? '' : ` in row ${problem.first.row}`;
  return new StudioError('no-rows', `None of the ${spec.rows.toLocaleString('en')} rows could be graded.`, {
    where: { file: spec.input },
    hint: problem ? `The first problem${place}: ${problem.first.message}` : 'Choose a file that holds rows.',
  });
}
