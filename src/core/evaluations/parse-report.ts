/** Reads a report from its text. */

import { StudioError } from '../errors.ts';
import { EVALUATION_FORMAT_VERSION, type EvaluationReport, evaluationReportSchema } from './report.ts';

/** @throws StudioError 'damaged-file' for what is no report, 'unsupported-file' for one of a later version */
export function parseReport(text: string, file: string): EvaluationReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(file, 'it is not JSON');
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > EVALUATION_FORMAT_VERSION) {
    throw new StudioError(
      'unsupported-file',
      `This evaluation has format ${version}; this version of Reward Studio reads up to ${EVALUATION_FORMAT_VERSION}.`,
      { where: { file }, hint: 'Update Reward Studio, or evaluate again.' },
    );
  }
  const parsed = evaluationReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole').slice(0, 5);
  throw damaged(file, `it does not have the right fields (${fields.join(', ')})`);
}

const damaged = (file: string, detail: string): StudioError =>
  new StudioError('damaged-file', `This is not an evaluation that can be shown: ${detail}.`, {
    where: { file },
    hint: 'Evaluate again.',
  });
